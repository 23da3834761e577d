"""The order inspector: everything about one order, live, with its questions asked inside it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QEvent, Qt, QTimer, Signal
from PySide6.QtGui import QAction, QKeyEvent
from PySide6.QtWidgets import QFrame, QScrollArea, QStackedWidget, QToolButton, QVBoxLayout, QWidget

from dispatcher_app.client.state import Changed
from dispatcher_app.domain.command import AcceptOrder
from dispatcher_app.domain.order import Order
from dispatcher_app.rows import OrderRow
from dispatcher_app.text import t
from ui import name, theme
from ui.actions import BY_ID, Deck
from ui.controls.empty import EmptyState
from ui.controls.section import label
from ui.order.address import AddressForm
from ui.order.appointment import AppointmentForm
from ui.order.cancel import CancelForm, ReopenForm
from ui.order.change import ChangeForm
from ui.order.customer import CustomerForm
from ui.order.detail import Appointment, People, Price
from ui.order.form import Form
from ui.order.head import Head
from ui.order.old import OldOrder
from ui.order.ranking import RankedTechnicians
from ui.order.timeline import Timeline
from ui.submit import submit

if TYPE_CHECKING:
    from dispatcher_app.client.session import Session

FORMS: Final[dict[str, Callable[[Session, Order], Form]]] = {
    "change_appointment": AppointmentForm,
    "change_order": ChangeForm,
    "cancel": CancelForm,
    "reopen": ReopenForm,
    "correct_customer": CustomerForm,
    "add_address": AddressForm,
}
"""The questions that an action asks inside the inspector."""

_KINDS: Final = frozenset(
    {"order", "customer", "address", "day", "technician", "note", "item", "policy", "staff"}
)
_RANKED: Final = frozenset({"pending", "offered", "accepted"})


class Inspector(QFrame):
    """Emits `candidate_chosen` (technician or "", start or None), `closed` (put the drawer away) and
    `pick_wanted` with the form that asks for a point of the map."""

    candidate_chosen = Signal(str, object)
    closed = Signal()
    stepped_back = Signal()
    pick_wanted = Signal(object)

    def __init__(self, session: Session, deck: Deck, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session, self._deck = session, deck
        self.order_id: str | None = None
        self._forms: dict[tuple[str, str], Form] = {}
        self._open: Form | None = None
        self.setObjectName("inspector")
        self.head = Head(session, deck)
        self._refusal = label("", "error", wrap=True)
        self._refusal.setObjectName("order_error")
        self._refusal.hide()
        self._form_place = QVBoxLayout()
        self.appointment = Appointment(session)
        self.ranked = RankedTechnicians(session)
        self.people = People(session)
        for id in ("correct_customer", "add_address"):
            self.people.add_tool(_link(deck[id]))
        self.price = Price(session)
        self.timeline = Timeline(session)
        self.old = OldOrder(session)
        self._scroll = QScrollArea()
        self._pages = QStackedWidget()
        self._empty = EmptyState(
            t("No order chosen"), t("Choose one in the queue, or press F2 for a new booking."), "order"
        )
        self._lay_out()
        self.head.closed.connect(self.closed)
        self.ranked.candidate_chosen.connect(self.candidate_chosen)
        self._soon = QTimer(self, singleShot=True, interval=0)
        self._soon.timeout.connect(self.refresh)
        stop = session.subscribe(changed=self._on_changed)
        self.destroyed.connect(lambda: stop())

    # ------------------------------------------------------------ what the window asks
    def show_order(self, id: str | None) -> None:
        """Look at another order; a question that is open is kept for the one before."""
        if id != self.order_id:
            self._put_away()
            self.say("")
            self._scroll.verticalScrollBar().setValue(0)
        self.order_id = id
        self.refresh()

    def show_found(self, row: OrderRow) -> None:
        """Look at an order that was found on the server, whether it is on this computer or not."""
        self.show_order(row.id)
        if self.order is None:
            self._pages.setCurrentWidget(self.old)
            self.old.show_row(row)

    @property
    def order(self) -> Order | None:
        """The order as it stands now."""
        return self._session.get(Order, self.order_id) if self.order_id else None

    def refresh(self) -> None:
        """Show the order as it stands now."""
        order = self.order
        if order is None:
            if self._pages.currentWidget() is self.old and self.order_id == self.old.id:
                return
            if self.order_id:
                self._empty.say(
                    t("This order is not on this computer"), t("It was closed long ago; the server has it.")
                )
            self._pages.setCurrentWidget(self._empty)
            return
        self._pages.setCurrentIndex(1)
        ranked = order.status in _RANKED and BY_ID["assign"].refused(self._deck.scene) is None
        offered = order.status == "offered" and BY_ID["accept"].refused(self._deck.scene) is None
        self.ranked.setVisible(ranked or offered)
        self.head.show_order(order)
        self.appointment.show_order(order)
        self.people.setVisible(not name.masked(self._session))
        self.people.show_order(order)
        self.timeline.field.setVisible(self._deck["note"].isVisible())
        self.price.show_order(order)
        self.timeline.show_order(order)
        if ranked or offered:
            self.ranked.show_order(order)
        if self._open is not None:
            self._open.show_order(order)

    def start(self, action: str) -> None:
        """Begin an action that asks something first."""
        order = self.order
        if order is None:
            return
        if action == "assign":
            if self.ranked.has_focus():
                self.ranked.assign_chosen()
            else:
                self._scroll.ensureWidgetVisible(self.ranked)
                self.ranked.take_focus()
        elif action == "accept":
            technician = order.offer.technician if order.offer else ""
            start = self.ranked.best_start(technician) or self._next_start(order)
            submit(
                self._session,
                AcceptOrder(order=order.id, technician=technician, start=start),
                lambda said, _why: self.say(said),
            )
        elif action == "note":
            # With the last entries below it: whoever adds a note looks at what is there.
            field, body = self.timeline.field, self._scroll.widget()
            last = field.mapTo(body, field.rect().bottomLeft()) if body else field.pos()
            self._scroll.ensureVisible(last.x(), last.y(), 0, theme.current().px(200))
            self.timeline.field.setFocus(Qt.FocusReason.ShortcutFocusReason)
        elif action == "reveal":
            self._scroll.ensureWidgetVisible(self.people.phone)
            self.people.phone.ask()
        elif action in FORMS:
            self._ask(action, order)

    def say(self, refusal: str) -> None:
        """Say beside the buttons why something can't be done; empty says nothing."""
        self._refusal.setText(refusal)
        self._refusal.setVisible(bool(refusal))

    @property
    def unsaved(self) -> bool:
        """Whether something was typed or chosen here that no order has yet."""
        return self.timeline.unsaved or any(form.touched for form in self._forms.values())

    def step_back(self) -> bool:
        """Put the open question away; False where there is none."""
        if self._open is None:
            return False
        self._put_away()
        return True

    # ------------------------------------------------------------ questions
    def _ask(self, action: str, order: Order) -> None:
        self.say("")
        self._put_away()
        key = (action, order.id)
        if key not in self._forms:
            form = FORMS[action](self._session, order)
            form.setObjectName(f"form_{action}")
            form.left.connect(lambda: self._on_left(key))
            form.pick_wanted.connect(lambda: self.pick_wanted.emit(form))
            self._forms[key] = form
            self._form_place.addWidget(form)
        self._open = self._forms[key]
        self._open.show_order(order)
        self._open.show()
        self._scroll.verticalScrollBar().setValue(0)
        self._open.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def _on_left(self, key: tuple[str, str]) -> None:
        form = self._forms[key]
        if form.isVisible() and form.answered:
            del self._forms[key]
            form.deleteLater()
        self._put_away()
        self.stepped_back.emit()

    def _put_away(self) -> None:
        if self._open is not None:
            self._open.hide()
            self._open = None

    def _next_start(self, order: Order) -> int:
        window, now = order.window, self._session.now()
        return max(window.start, now) if window else now

    # ------------------------------------------------------------ events
    def _on_changed(self, changed: Changed) -> None:
        if self.order_id and (changed.everything or not _KINDS.isdisjoint(changed.ids)):
            self._soon.start()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self._put_away()
            self.stepped_back.emit()
        else:
            super().keyPressEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        if event.type() is QEvent.Type.PaletteChange:
            self._soon.start()
        super().changeEvent(event)

    def _lay_out(self) -> None:
        look = theme.current()
        body = QFrame()
        body.setProperty("panel", "plain")
        column = QVBoxLayout(body)
        column.setContentsMargins(look.space(3), look.space(2), look.space(3), look.space(3))
        column.setSpacing(look.space(3))
        column.addLayout(self._form_place)
        for part in (self.appointment, self.ranked, self.people, self.price, self.timeline):
            column.addWidget(part)
        column.addStretch(1)
        self._scroll.setWidget(body)
        self._scroll.setWidgetResizable(True)
        self._scroll.setFrameShape(QFrame.Shape.NoFrame)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        page = QWidget()
        whole = QVBoxLayout(page)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addWidget(self.head)
        self._refusal.setContentsMargins(look.space(3), 0, look.space(3), look.space(2))
        whole.addWidget(self._refusal)
        line = QFrame()
        line.setFrameShape(QFrame.Shape.HLine)
        whole.addWidget(line)
        whole.addWidget(self._scroll, 1)
        self._pages.addWidget(self._empty)
        self._pages.addWidget(page)
        self._pages.addWidget(self.old)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(self._pages)
        self.setAccessibleName(t("Order details"))


def _link(action: QAction) -> QToolButton:
    button = QToolButton()
    button.setDefaultAction(action)
    button.setVisible(action.isVisible())
    button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextOnly)
    button.setObjectName(f"do_{action.objectName()}")
    return button
