"""Phone booking by keyboard only, beside the queue: never modal, never losing what was typed."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Final, Literal

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QHideEvent, QKeyEvent, QShowEvent
from PySide6.QtWidgets import (
    QApplication,
    QFrame,
    QHBoxLayout,
    QStackedWidget,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from dispatcher_app.domain.act import Rejected
from dispatcher_app.domain.customer import Customer
from dispatcher_app.domain.order import Order
from dispatcher_app.domain.place import Point
from dispatcher_app.text import t
from ui import icons, name, notify, theme
from ui.booking import order
from ui.booking.column import Column
from ui.booking.done import Done
from ui.booking.draft import Draft
from ui.booking.foot import Foot
from ui.booking.form import Form
from ui.booking.sending import Sending
from ui.booking.step import Step
from ui.booking.tray import KEYS, Tray, short
from ui.controls.field import Field
from ui.controls.section import label
from ui.models.place import Place

if TYPE_CHECKING:
    from dispatcher_app.client.session import Session

_CTRL: Final = Qt.KeyboardModifier.ControlModifier
_ALT: Final = Qt.KeyboardModifier.AltModifier
_SHIFT: Final = Qt.KeyboardModifier.ShiftModifier
_NONE: Final = Qt.KeyboardModifier.NoModifier


class BookingPanel(QFrame):
    """The column of one call at a time, and the drafts parked behind it."""

    booked = Signal(str)
    closed = Signal()
    open_order = Signal(str)
    pick_place_requested = Signal()

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self.form = Form(session, self)
        self.column = Column(self.form)
        self.done = Done()
        self._tray = Tray()
        self._close = QToolButton()
        self.foot = Foot(self.form)
        self._sending = Sending(session, self.form, self.done)
        self._build()
        self._wire()

    # ------------------------------------------------------------------ what the window calls

    def start(
        self, phone: str = "", source: Literal["phone", "counter"] | None = None, date: str = ""
    ) -> None:
        """Begin a new booking, the one in hand being parked; an empty one is used again. `date` is what is wished."""
        kept = source or self.form.draft.source
        if self._sending.sent is not None or not self.form.draft.empty or self.form.draft.source != kept:
            self._take(Draft(source=kept))
        self.show()
        self._pages.setCurrentIndex(0)
        if phone:
            self.form.change(phone=phone)
        if date or self.form.draft.date:
            self.form.change(date=date)
        self.column.go(self.column.steps[0])

    def start_with(self, item: str, fault: str | None, brand: str = "") -> None:
        """What is broken has been found in the catalogue: into the call in hand, else into a new booking."""
        if self._sending.sent is not None or self.isHidden():
            self.start()
        self._pages.setCurrentIndex(0)
        if self.form.draft.line.item is not None:
            self.form.add_line()
        self.form.change_line(said="", item=item, fault=fault, brand=brand)
        self.column.go(self.column.steps[0] if not self.form.draft.phone else self.column.where)

    def start_after(self, order: Order) -> None:
        """What is to be done once that order is over: a new booking for the same customer at the same door."""
        customer = self.form.session.get(Customer, order.customer)
        self._take(
            Draft(
                customer=order.customer, name=customer.name if customer else "", caller_settled=True,
                address=order.address, after=order.id,
            )
        )  # fmt: skip
        self.show()
        self._pages.setCurrentIndex(0)
        self.column.go(self.column.what)

    @property
    def place(self) -> Place | None:
        """Where the caller lives, as far as the call in hand has said."""
        draft, found = self.form.draft, self.form.place
        if found is None:
            return None
        home = self.form.address
        said = home.compound if home else draft.compound or draft.place
        return Place(
            said, found[0], found[1], approximate=bool(home and home.approximate) or draft.approximate
        )

    def resume(self, draft_id: str) -> None:
        """Take a parked draft up where it was left; one that is gone begins anew."""
        found = next((each for each in self.form.parked() if each.id == draft_id), None)
        if found is None:
            self.start()
            return
        if found.id != self.form.draft.id or self._sending.sent is not None:
            self._take(found)
        self.show()
        self._pages.setCurrentIndex(0)
        step = self.column.step(found.step)
        self.column.go(step if step.applies() else self.column.steps[0])

    def switch(self, at: int) -> None:
        """Take up the draft of that place in the tray, 0 being the oldest; nothing happens where there is none."""
        self.form.flush()
        drafts = self.form.parked()
        if at < len(drafts):
            self.resume(drafts[at].id)

    def set_place(self, lon: float, lat: float) -> None:
        """The point that was picked on the map."""
        self.column.where.point_at(Point(lon, lat))
        self.column.go(self.column.where)

    def park(self) -> None:
        """Put the draft away as it is and close."""
        self.form.flush()
        self._sending.forget()
        self.hide()
        self.closed.emit()

    # ------------------------------------------------------------------ keys

    def event(self, event: QEvent) -> bool:
        # Said before a shortcut of the window would take the key; a field in which somebody composes
        # has answered already.
        if (
            isinstance(event, QKeyEvent)
            and event.type() is QEvent.Type.ShortcutOverride
            and self._action(event) is not None
        ):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        action = self._action(event)
        if action is None:
            super().keyPressEvent(event)
        else:
            event.accept()
            action()

    def showEvent(self, event: QShowEvent) -> None:
        self.form.promise.watch(True)
        super().showEvent(event)

    def hideEvent(self, event: QHideEvent) -> None:
        self.form.promise.watch(False)
        super().hideEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        if event.type() is QEvent.Type.PaletteChange:
            self._close.setIcon(icons.icon("close", "muted"))
        super().changeEvent(event)

    def focusNextPrevChild(self, _following: bool) -> bool:
        # Tab is handled below; a list that hides while it has the focus must not push it elsewhere.
        return False

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QKeyEvent) and event.type() is QEvent.Type.KeyPress and not _composing(watched):
            action = self._action(event) if event.modifiers() & (_ALT | _CTRL) else None
            if action is not None:  # or a field would type the 1 of Alt+1
                action()
                return True
            if event.key() == Qt.Key.Key_Tab and not event.modifiers() & _CTRL:
                self._advance()
                return True
            if event.key() == Qt.Key.Key_Backtab:
                self.column.go_back()
                return True
        return super().eventFilter(watched, event)

    def _action(self, event: QKeyEvent) -> Callable[[], object] | None:
        """What a key does here, None where it is not the panel's."""
        key = Qt.Key.Key_Return if event.key() == Qt.Key.Key_Enter else Qt.Key(event.key())
        held = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        if held == _ALT and Qt.Key.Key_1 <= key < Qt.Key.Key_1 + KEYS:
            return lambda: self.switch(key - Qt.Key.Key_1)
        return (self._done_keys if self._sending.sent is not None else self._form_keys).get((key, held))

    def _build(self) -> None:
        look = theme.current()
        self.setProperty("panel", "surface")
        self.setAccessibleName(t("New booking"))
        self._close.setAccessibleName(t("Park and close"))
        self._close.setToolTip(t("Park and close (Shift+Esc)"))
        self._close.setIcon(icons.icon("close", "muted"))
        self._close.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        head = QHBoxLayout()
        head.setContentsMargins(look.space(4), look.space(2), look.space(2), 0)
        head.addWidget(label(t("New booking"), "title"), 1)
        head.addWidget(self._close)
        form = QWidget()
        column = QVBoxLayout(form)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.column, 1)
        column.addWidget(self.foot)
        self._pages = QStackedWidget()
        self._pages.addWidget(form)
        self._pages.addWidget(self.done)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(look.space(1))
        whole.addLayout(head)
        whole.addWidget(self._tray)
        whole.addWidget(self._pages, 1)
        self.setMinimumWidth(look.px(340))

    def _wire(self) -> None:
        self._form_keys: dict[tuple[Qt.Key, Qt.KeyboardModifier], Callable[[], object]] = {
            (Qt.Key.Key_Return, _NONE): self._advance,
            (Qt.Key.Key_Return, _SHIFT): lambda: self._advance(more=True),
            (Qt.Key.Key_Return, _CTRL): self.book,
            (Qt.Key.Key_Escape, _NONE): self._back,
            (Qt.Key.Key_Escape, _SHIFT): self.park,
            (Qt.Key.Key_F2, _NONE): self.start,
            (Qt.Key.Key_L, _CTRL): self._another_line,
            (Qt.Key.Key_M, _CTRL): self._model,
            (Qt.Key.Key_P, _CTRL): self._pick,
            (Qt.Key.Key_U, _CTRL): self._coupon,
            (Qt.Key.Key_O, _ALT): self._open_known,
        }
        self._done_keys: dict[tuple[Qt.Key, Qt.KeyboardModifier], Callable[[], object]] = {
            (Qt.Key.Key_Return, _NONE): self._open_booked,
            (Qt.Key.Key_Escape, _NONE): self.park,
            (Qt.Key.Key_Escape, _SHIFT): self.park,
            (Qt.Key.Key_F2, _NONE): self.start,
        }
        for widget in self.findChildren(QWidget):
            if widget.focusPolicy() & Qt.FocusPolicy.TabFocus:
                widget.installEventFilter(self)
        self.column.ended.connect(self.foot.button.setFocus)
        self.column.caller.order_wanted.connect(self._land_on)
        self.foot.pressed.connect(self.book)
        self._close.clicked.connect(self.park)
        self._tray.switched.connect(self.resume)
        self.done.opened.connect(self._open_booked)
        self.done.renewed.connect(self.start)
        self._sending.refused.connect(self._on_refused)
        self.form.changed.connect(self._on_changed)
        app = QApplication.instance()
        if isinstance(app, QApplication):
            app.focusChanged.connect(self._on_focus)
        self._show_tray()

    # ------------------------------------------------------------------ moving

    def _advance(self, *, more: bool = False) -> None:
        if self.foot.button.hasFocus():
            self.book()
            return
        step = self.column.active
        step.say(None)
        if step.commit(more=more):
            self.column.go_on(step)
        elif more and not step.problem:
            self.column.go(self.column.what)

    def _back(self) -> None:
        if self.foot.button.hasFocus():
            self.column.go(self.column.active)
        elif not self.column.go_back():
            self.park()

    def _another_line(self) -> None:
        if self.column.what.settle() and self.form.add_line():
            self.column.model.wanted = False
        self.column.go(self.column.what)

    def _model(self) -> None:
        self.column.model.wanted = True
        if self.column.model.applies():
            self.column.go(self.column.model)

    def _coupon(self) -> None:
        self.column.coupon.wanted = True
        self.column.go(self.column.coupon)

    def _pick(self) -> None:
        self.column.go(self.column.where)
        self.pick_place_requested.emit()

    def _take(self, draft: Draft) -> None:
        self._sending.forget()
        for step in self.column.steps:
            step.say(None)
        self.foot.say(None)
        self.column.model.wanted = self.column.coupon.wanted = False
        self.form.take(draft)

    def _land_on(self, order_id: str) -> None:
        if all(not line.said for line in self.form.draft.lines):
            self.form.discard()  # nothing but a number that is known anyway
            self._take(Draft())
        self.park()
        self.open_order.emit(order_id)

    def _open_known(self) -> None:
        if rows := self.form.open_orders:
            self._land_on(rows[0].id)

    def _on_focus(self, _before: QWidget | None, now: QWidget | None) -> None:
        if now is None or not self.isAncestorOf(now):
            return
        step = self.column.owner(now)
        if step is not None:
            self.column.activate(step)

    def _on_changed(self, touched: frozenset[str]) -> None:
        self.foot.say(None)
        if touched & {"id", "name", "phone", "lines", "customer"}:
            self._show_tray()

    def _show_tray(self) -> None:
        drafts = {each.id: each for each in self.form.parked()}
        if self._sending.sent is None:
            drafts[self.form.draft.id] = self.form.draft
        shown = sorted(drafts.values(), key=lambda each: each.id)
        self._tray.show_drafts([(each.id, short(self._session, each)) for each in shown], self.form.draft.id)

    # ------------------------------------------------------------------ booking

    def book(self) -> None:
        """Book what is in the column; what is missing is said beside its field, and the focus goes there."""
        step = self.column.active
        if not step.settle():
            self.column.go(step)
            return
        if self.column.caller.ambiguous:
            self.column.go(self.column.caller)
            return
        if not self.column.safety.read:
            self.column.go(self.column.safety)
            return
        if (lack := order.missing(self.form.draft)) is not None:
            self._refuse(*lack)
            return
        self._submit()

    def _submit(self) -> None:
        draft = self.form.draft
        if draft.line.item is None and len(draft.lines) > 1:
            self.form.drop_line()
        try:
            made = self._sending.submit()
        except Rejected as rejected:
            self._say_refused(rejected)
            return
        self._show_tray()
        self._pages.setCurrentWidget(self.done)
        self.done.setFocus()
        self.booked.emit(made)

    def _on_refused(self, draft: Draft, refusal: Rejected) -> None:
        sent = self._sending.sent
        if sent is not None and sent.draft.id == draft.id:
            self._take(draft)
            self._pages.setCurrentIndex(0)
            self._say_refused(refusal)
        else:
            said = name.refusal(self._session, refusal)
            show = notify.Offer(t("Show it"), lambda: self.resume(draft.id))
            notify.warning(t("A booking was refused: {reason}", reason=said), show)

    def _open_booked(self) -> None:
        if self._sending.sent is not None:
            order_id = self._sending.sent.draft.order
            self._take(Draft())
            self.hide()
            self.closed.emit()
            self.open_order.emit(order_id)

    def _say_refused(self, refusal: Rejected) -> None:
        self._refuse(order.STEP_OF_FIELD.get(refusal.field or ""), name.refusal(self._session, refusal))

    def _refuse(self, where: str | None, said: str) -> None:
        """Say it beside the field it is about, or above the button where it is about none."""
        step: Step | None = self.column.step(where) if where else None
        if step is None or not step.applies():
            self.foot.say(said)
            return
        self.column.go(step)
        step.say(said)


def _composing(widget: QObject) -> bool:
    return isinstance(widget, Field) and widget.composing
