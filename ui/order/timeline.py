"""The timeline of an order and the field for one more note."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QEvent, Qt, QTimer, Signal
from PySide6.QtWidgets import QFrame, QGridLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from dispatcher_app.client.api import Offline
from dispatcher_app.client.state import DoneAct
from dispatcher_app.domain.act import Rejected
from dispatcher_app.domain.command import AddNote
from dispatcher_app.domain.customer import Note
from dispatcher_app.domain.order import Order
from dispatcher_app.text import t
from ui import format, icons, name, theme
from ui.controls.field import Field
from ui.controls.section import Section, label
from ui.limit import limit
from ui.order.step import Event, events
from ui.submit import follow, submit
from ui.task import Latest

if TYPE_CHECKING:
    from dispatcher_app.client.session import Session

_AGE_MS: Final = 30_000
_PAUSE_MS: Final = 500
"""Whoever leafs through orders does not ask the server about each."""
_FIRST: Final = 40
_ASKED: Final = 20


class Timeline(Section):
    """Newest first, the absolute time with the age beside it; a note is added by Enter.

    What can be taken back is taken back beside it, or done again; `undo_wanted` asks for the list with the reasons.
    """

    undo_wanted = Signal(str)

    def __init__(self, session: Session, parent: QWidget | None = None, *, reversible: bool = True) -> None:
        super().__init__(t("Timeline"), parent)
        self._session = session
        self._acts: dict[tuple[int, str], DoneAct] = {}
        self._acting = Latest(self)
        self._pause = QTimer(self, singleShot=True, interval=_PAUSE_MS)
        self._pause.timeout.connect(self._ask_acts)
        if reversible and not name.masked(session):
            whole = QPushButton(t("What was done"))
            whole.setObjectName("timeline_done")
            whole.setProperty("kind", "link")
            whole.clicked.connect(self._on_whole)
            self.add_tool(whole)
        self._reversible = reversible
        self._order: Order | None = None
        self._shown: list[Event] = []
        self._drafts: dict[str, str] = {}
        self._asking = Latest(self)
        self.field = Field()
        limit(self.field, "note")
        self.field.setObjectName("note_field")
        self.field.setPlaceholderText(t("Add a note, Enter saves it"))
        self.field.setAccessibleName(t("Add note"))
        self.field.returnPressed.connect(self._on_typed)
        self._error = label("", "error", wrap=True)
        self._error.hide()
        self._list = QVBoxLayout()
        self._list.setSpacing(theme.current().space(1))
        self.body.addWidget(self.field)
        self.body.addWidget(self._error)
        self.body.addLayout(self._list)
        self._age = QTimer(self, interval=_AGE_MS)
        self._age.timeout.connect(self._draw)
        self._age.start()

    def show_order(self, order: Order) -> None:
        """Show an order's story; what was typed for another one is kept for it."""
        if self._order is None or self._order.id != order.id:
            if self._order is not None:
                self._drafts[self._order.id] = self.field.text()
            self.field.setText(self._drafts.pop(order.id, ""))
            self._error.hide()
            self._acts = {}
            self._show(order, ())
        self._order = order
        if self._reversible:
            self._pause.start()
        if name.masked(self._session):
            self._show(order, ())
        else:
            self._asking.ask(self._session.notes_of(order.id), lambda notes: self._show(order, notes))

    def events(self) -> list[Event]:
        """What is told, the newest first."""
        return list(self._shown)

    def set_open(self, refused: str) -> None:
        """Whether a note may be added, and why not."""
        self.field.setEnabled(not refused)
        self.field.setToolTip(refused)

    def _on_whole(self) -> None:
        if self._order is not None:
            self.undo_wanted.emit(self._order.id)

    def _ask_acts(self) -> None:
        if self._order is not None and self.isVisible() and self._session.link.state == "online":
            self._acting.ask(self._find_acts(self._order.id), self._on_acts)

    async def _find_acts(self, order: str) -> list[DoneAct]:
        try:
            return await self._session.done_acts(order=order, limit=_ASKED)
        except (Offline, Rejected):
            return []

    def _on_acts(self, found: Sequence[DoneAct]) -> None:
        acts = {(each.at, each.actor): each for each in found if each.able and each.several == 1}
        if acts != self._acts:
            self._acts = acts
            self._draw()

    def _reverse(self, act: DoneAct) -> None:
        made = self._session.take_back(act)
        if made.refused is not None:
            self._refuse(name.refusal(self._session, made.refused), made.refused)
        if made.submission is not None:
            self._error.hide()
            follow(self._session, made.submission)
        self._pause.start()

    def _link(self, event: Event) -> QPushButton | None:
        """The way back from a step, where there is one."""
        act = self._acts.get((event.at, event.actor))
        if act is None:
            return None
        link = QPushButton(t("Redo##step") if act.undone else t("Undo##step"))
        link.setObjectName("undo_step")
        link.setProperty("kind", "link")
        link.setProperty("compact", True)
        link.setAccessibleName(f"{link.text()}: {event.text}")
        link.clicked.connect(lambda: self._reverse(act))
        return link

    def _show(self, order: Order, notes: Sequence[Note]) -> None:
        told = events(self._session, order, notes)
        if told != self._shown:
            self._shown = told
            self._draw()

    def _draw(self) -> None:
        while (item := self._list.takeAt(0)) is not None:
            if widget := item.widget():
                widget.hide()
                widget.deleteLater()
        now, timezone = self._session.now(), name.timezone(self._session)
        self.set_count(format.count(len(self._shown)) if self._shown else "")
        for event in self._shown[:_FIRST]:
            self._list.addWidget(entry_of(event, now, timezone, self._link(event)))

    @property
    def unsaved(self) -> bool:
        """Whether a note has been begun, here or on an order looked at before."""
        return any(text.strip() for text in (self.field.text(), *self._drafts.values()))

    def changeEvent(self, event: QEvent) -> None:
        if event.type() is QEvent.Type.PaletteChange:
            self._draw()
        super().changeEvent(event)

    def _on_typed(self) -> None:
        if self._order is None or not self.field.text().strip():
            return
        if submit(self._session, AddNote(order=self._order.id, text=self.field.text()), self._refuse):
            self.field.clear()
            self._error.hide()

    def _refuse(self, sentence: str, _rejected: Rejected) -> None:
        self._error.setText(sentence)
        self._error.show()


def entry_of(event: Event, now: int, timezone: str, link: QWidget | None = None) -> QWidget:
    look = theme.current()
    entry = QFrame()
    grid = QGridLayout(entry)
    grid.setContentsMargins(0, look.space(1), 0, look.space(1))
    grid.setHorizontalSpacing(look.space(2))
    grid.setVerticalSpacing(0)
    grid.setColumnStretch(1, 1)
    picture = QLabel()
    picture.setPixmap(icons.pixmap(event.icon, "accent" if event.note else "muted"))
    when = label(f"{format.moment_with_age(event.at, now, timezone)} · {event.who}", "small")
    text = label(event.text, "strong" if event.note else "", wrap=True)
    text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    grid.addWidget(picture, 0, 0, Qt.AlignmentFlag.AlignTop)
    grid.addWidget(text, 0, 1)
    grid.addWidget(when, 1, 1)
    if link is not None:
        grid.addWidget(link, 0, 2, 2, 1, Qt.AlignmentFlag.AlignTop)
    entry.setAccessibleName(f"{event.text}, {when.text()}")
    return entry
