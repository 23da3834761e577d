"""Taking a device in, by keyboard only; nothing typed is ever lost."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QShowEvent
from PySide6.QtWidgets import (
    QApplication,
    QFrame,
    QHBoxLayout,
    QPushButton,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from dispatcher_app.client.state import Outcome, Refused, Submission
from dispatcher_app.domain.act import Rejected
from dispatcher_app.domain.order import Order
from dispatcher_app.text import t
from ui import name, notify, theme
from ui.booking.draft import Draft, to_data
from ui.booking.form import Form
from ui.booking.price import Price
from ui.booking.tray import Tray, short
from ui.controls.field import Field
from ui.controls.section import label
from ui.counter import receiving
from ui.counter.column import Column
from ui.counter.received import Received
from ui.order.uploading import send_files

if TYPE_CHECKING:
    from dispatcher_app.client.session import Session

PATIENCE_MS: Final = 1500
"""So long the server may take before the temporary number is said instead."""
_CTRL: Final = Qt.KeyboardModifier.ControlModifier
_ALT: Final = Qt.KeyboardModifier.AltModifier
_NONE: Final = Qt.KeyboardModifier.NoModifier
_ENTERS: Final = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


class DropOff(QFrame):
    """The column of one owner at a time. Emits `received` and `order_wanted` with an order, `print_wanted` likewise."""

    received = Signal(str)
    order_wanted = Signal(str)
    print_wanted = Signal(str)
    left = Signal()

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self._sent: tuple[Draft, Submission] | None = None
        self.form = Form(session, self, "workshop")
        self.column = Column(self.form)
        self.done = Received()
        self._tray = Tray()
        self._patience = QTimer(self, singleShot=True, interval=PATIENCE_MS)
        self._build()
        self._wire()

    def start(self) -> None:
        """Begin with the next owner; what was begun is kept, an empty one used again."""
        if self._sent is not None or not self.form.draft.empty:
            self._take(Draft(service="workshop"))
        self._pages.setCurrentIndex(0)
        self.column.go(self.column.steps[0])

    def stand_at(self, store: str) -> None:
        """Take in at this store; a shelf of another one is not meant any more."""
        self.form.at_store = store
        self.form.change(shelf=self._shelf(self.form.draft))
        self.column.shelf.ask()

    def go_on(self) -> None:
        """Take the one in hand, or the one begun last, up where it was left."""
        if self._sent is None and self.form.draft.empty and (kept := self.form.parked()):
            self.resume(kept[-1].id)
        elif self._sent is None:
            self._enter(self.form.draft.step)
        else:
            self.start()

    def resume(self, id: str) -> None:
        """Take a kept one up where it was left."""
        found = next((each for each in self.form.parked() if each.id == id), None)
        if found is None:
            self.start()
            return
        if found.id != self.form.draft.id or self._sent is not None:
            self._take(found)
        self._pages.setCurrentIndex(0)
        self._enter(found.step)

    def park(self) -> None:
        """Keep what is typed, as it is."""
        self.form.flush()

    def receive(self) -> None:
        """Take it in; what is missing is said beside its field, and the focus goes there."""
        step = self.column.active
        if not step.settle():
            self.column.go(step)
        elif self.column.caller.ambiguous:
            self.column.go(self.column.caller)
        elif (lack := receiving.missing(self.form)) is not None:
            self._refuse(*lack)
        else:
            self._submit()

    def _submit(self) -> None:
        try:
            made = self._session.submit(receiving.command(self.form))
        except Rejected as rejected:
            where = receiving.STEP_OF_FIELD.get(rejected.field or "")
            self._refuse(where, name.refusal(self._session, rejected))
            return
        draft = self.form.draft
        self.form.forget()
        self._sent = (draft, made)
        send_files(self._session, draft.order, [Path(each) for each in draft.photos], "custody")
        self._show_tray()
        self._pages.setCurrentWidget(self.done)
        self._show_done()
        self.done.setFocus()
        self._patience.start()
        self.form.errands.run(_answer(made), lambda outcome: self._on_answer(draft, outcome))
        self.received.emit(draft.order)

    # ------------------------------------------------------------ keys
    def event(self, event: QEvent) -> bool:
        # Said before a shortcut of the window would take the key.
        overrides = isinstance(event, QKeyEvent) and event.type() is QEvent.Type.ShortcutOverride
        if overrides and isinstance(event, QKeyEvent) and self._action(event) is not None:
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

    def focusNextPrevChild(self, _following: bool) -> bool:
        return False  # Tab is handled below; what hides while it has the focus must not push it elsewhere

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QKeyEvent) and event.type() is QEvent.Type.KeyPress:
            if isinstance(watched, Field) and watched.composing:
                return False
            action = self._action(event) if event.modifiers() & (_ALT | _CTRL) else None
            tab = {Qt.Key.Key_Tab: self._advance, Qt.Key.Key_Backtab: self.column.go_back}.get(
                Qt.Key(event.key())
            )
            if (action := action or (None if event.modifiers() & _CTRL else tab)) is not None:
                action()
                return True
        return super().eventFilter(watched, event)

    def showEvent(self, event: QShowEvent) -> None:
        self._watch()
        super().showEvent(event)

    def _watch(self) -> None:
        """Hear of the keys of every field, also of boxes that came since; once each, however often it is asked."""
        for widget in self.findChildren(QWidget):
            if widget.focusPolicy() & Qt.FocusPolicy.ClickFocus:
                widget.installEventFilter(self)

    def _action(self, event: QKeyEvent) -> Callable[[], object] | None:
        key = Qt.Key.Key_Return if event.key() in _ENTERS else Qt.Key(event.key())
        held = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        return (self._done_keys if self._sent is not None else self._form_keys).get((key, held))

    # ------------------------------------------------------------ moving
    def _advance(self) -> None:
        if self._button.hasFocus():
            self.receive()
            return
        step = self.column.active
        step.say(None)
        if step.commit():
            self.column.go_on(step)

    def _back(self) -> None:
        if self._button.hasFocus():
            self.column.go(self.column.active)
        elif not self.column.go_back():
            self.park()
            self.left.emit()

    def _enter(self, step: str) -> None:
        known = next((each for each in self.column.steps if each.name == step), self.column.steps[0])
        self.column.go(known if known.applies() else self.column.steps[0])

    def _open_known(self) -> None:
        if rows := self.form.open_orders:
            self._land_on(rows[0].id)

    def _land_on(self, order: str) -> None:
        if all(not line.said for line in self.form.draft.lines):
            self.form.forget()  # nothing but a number that is known anyway
            self._take(Draft(service="workshop"))
        self.order_wanted.emit(order)

    def _take(self, draft: Draft) -> None:
        self._sent = None
        self._patience.stop()
        for step in self.column.steps:
            step.say(None)
        self._problem.hide()
        self.form.take(replace(draft, shelf=self._shelf(draft)))
        self._show_tray()

    def _shelf(self, draft: Draft) -> str:
        """Where it is put, if that is a shelf of this store."""
        store = self.form.store
        return draft.shelf if store is not None and draft.shelf in store.shelves else ""

    def _refuse(self, where: str | None, said: str) -> None:
        step = self.column.step(where) if where else None
        if step is None or not step.applies():
            self._problem.setText(said)
            self._problem.show()
            return
        self.column.go(step)
        step.say(said)

    # ------------------------------------------------------------ what came of it
    def _on_answer(self, draft: Draft, outcome: Outcome) -> None:
        here = self._sent is not None and self._sent[0].id == draft.id
        if not isinstance(outcome, Refused):
            if here:
                self._show_done()
            return
        said = name.refusal(self._session, outcome.refusal)
        self._session.put_draft(draft.id, to_data(draft))
        if here:
            self._take(draft)
            self._pages.setCurrentIndex(0)
            self._refuse(receiving.STEP_OF_FIELD.get(outcome.refusal.field or ""), said)
        else:
            show = notify.Offer(t("Show it"), lambda: self.resume(draft.id))
            notify.warning(t("A drop-off was refused: {reason}", reason=said), show)

    def _show_done(self) -> None:
        if self._sent is None:
            return
        draft, made = self._sent
        if (order := self._session.get(Order, draft.order)) is not None:
            waiting = not made.outcome.done()
            self.done.show_order(order, waiting=waiting, offline=waiting and self.form.offline)

    def _print(self) -> None:
        if self._sent is not None:
            self.print_wanted.emit(self._sent[0].order)

    def _on_focus(self, _before: QWidget | None, now: QWidget | None) -> None:
        if now is not None and self.isAncestorOf(now) and (step := self.column.owner(now)) is not None:
            self.column.activate(step)

    def _on_changed(self, touched: frozenset[str]) -> None:
        self._problem.hide()
        if "lines" in touched:
            self._watch()
        if touched & {"id", "name", "phone", "lines", "customer"}:
            self._show_tray()

    def _show_tray(self) -> None:
        drafts = {each.id: each for each in self.form.parked()}
        if self._sent is None:
            drafts[self.form.draft.id] = self.form.draft
        shown = sorted(drafts.values(), key=lambda each: each.id)
        self._tray.show_drafts([(each.id, short(self._session, each)) for each in shown], self.form.draft.id)

    # ------------------------------------------------------------ construction
    def _build(self) -> None:
        look = theme.current()
        self.setObjectName("drop_off_form")
        self.setProperty("panel", "surface")
        self.setAccessibleName(t("Take a device in"))
        head = QHBoxLayout()
        head.setContentsMargins(look.space(4), look.space(2), look.space(4), 0)
        head.addWidget(label(t("Take a device in"), "title"), 1)
        head.addWidget(label(t("F2 books a visit"), "small"))
        self._button = QPushButton(t("Receive##button") + "  Ctrl+⏎")
        self._button.setObjectName("receive")
        self._button.setProperty("kind", "primary")
        self._button.setAutoDefault(False)
        self._problem = label("", "error", wrap=True)
        self._problem.hide()
        foot = QVBoxLayout()
        foot.setContentsMargins(look.space(4), look.space(2), look.space(4), look.space(3))
        foot.setSpacing(look.space(2))
        keys = label(t("Enter next · Esc back · Space ticks · Ctrl+J photos"), "small", wrap=True)
        for part in (Price(self.form), self._problem, self._button, keys):
            foot.addWidget(part)
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.column, 1)
        column.addLayout(foot)
        self._pages = QStackedWidget()
        self._pages.addWidget(page)
        self._pages.addWidget(self.done)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(look.space(1))
        whole.addLayout(head)
        whole.addWidget(self._tray)
        whole.addWidget(self._pages, 1)
        self.setMinimumWidth(look.px(360))

    def _wire(self) -> None:
        self._form_keys: dict[tuple[Qt.Key, Qt.KeyboardModifier], Callable[[], object]] = {
            (Qt.Key.Key_Return, _NONE): self._advance,
            (Qt.Key.Key_Return, _CTRL): self.receive,
            (Qt.Key.Key_Escape, _NONE): self._back,
            (Qt.Key.Key_F6, _NONE): self.start,
            (Qt.Key.Key_J, _CTRL): self.column.photos.choose,
            (Qt.Key.Key_O, _ALT): self._open_known,
        }
        self._done_keys: dict[tuple[Qt.Key, Qt.KeyboardModifier], Callable[[], object]] = {
            (Qt.Key.Key_Return, _NONE): self._print,
            (Qt.Key.Key_P, _CTRL): self._print,
            (Qt.Key.Key_Escape, _NONE): self.start,
            (Qt.Key.Key_F6, _NONE): self.start,
        }
        self.column.ended.connect(self._button.setFocus)
        self.column.caller.order_wanted.connect(self._land_on)
        self._button.clicked.connect(self.receive)
        self.done.print_wanted.connect(self._print)
        self.done.renewed.connect(self.start)
        self._tray.switched.connect(self.resume)
        self._patience.timeout.connect(self._show_done)
        self.form.changed.connect(self._on_changed)
        app = QApplication.instance()
        if isinstance(app, QApplication):
            app.focusChanged.connect(self._on_focus)
        self._show_tray()


async def _answer(made: Submission) -> Outcome:
    return await made.outcome
