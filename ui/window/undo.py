"""Taking back what was done last or doing it again, saying in words what that would be, and the list of it all."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal

from dispatcher_app.client.state import Submission
from dispatcher_app.domain.act import Rejected
from dispatcher_app.text import t
from ui import name, notify
from ui.action.deck import Deck
from ui.deed import deed
from ui.done.panel import DonePanel
from ui.submit import follow
from ui.window.arrangement import Arrangement
from ui.window.footbar import FootBar

if TYPE_CHECKING:
    from dispatcher_app.client.session import Session


class Undo(QObject):
    """Says itself in the actions and in the foot bar.

    Emits `taking_back` with what is on its way, `turned` after it and after a redo, and what is chosen in the list.
    """

    taking_back = Signal(object)
    turned = Signal()
    order_chosen = Signal(str)
    order_opened = Signal(str)

    def __init__(self, session: Session, deck: Deck, footbar: FootBar, arranged: Arrangement) -> None:
        super().__init__(arranged.split)
        self._session, self._deck, self._footbar, self._arranged = session, deck, footbar, arranged
        self.panel = DonePanel(session)
        arranged.lodge(self.panel)
        self.panel.closed.connect(lambda: arranged.dismiss(self.panel))
        self.panel.turned.connect(self.turned)
        self.panel.order_chosen.connect(self.order_chosen)
        self.panel.order_opened.connect(self.order_opened)

    def handlers(self) -> dict[str, Callable[[], object]]:
        """The actions that are answered here."""
        return {"undo": self.reverse, "redo": lambda: self.reverse(redo=True), "done": self.open}

    def open(self, order: str | None = None) -> None:
        """Show what was done, to one order where it is named."""
        self._arranged.go_to_guest(self.panel, t("What was done##tab"))
        if order is not None:
            self.panel.show_order(order)
            self.panel.show_whose("order")

    def say(self) -> None:
        """Name what would be taken back, and what would be done again."""
        undoable, redoable = self._session.undoable(), self._session.undoable(redo=True)
        words = self._deeds(undoable.commands) if undoable else ""
        if undoable and undoable.staying:  # or it would seem to take back what was done last
            words = t("{words} (keeps {what})", words=words, what=self._deeds(undoable.staying[::-1], 1))
        again = self._deeds(redoable.commands) if redoable else ""
        self._deck["undo"].setText(t("Undo: {what}", what=words) if words else t("Undo last"))
        self._deck["redo"].setText(t("Redo: {what}", what=again) if again else t("Redo last"))
        self._footbar.show_undo(
            t("Undo: {what}   Ctrl+Alt+Z", what=words) if words else "",
            t("Redo: {what}", what=again) if again else "",
        )

    def reverse(self, *, redo: bool = False) -> None:
        """Take back what was done last, or do it again; what does not work is said, row by row."""
        try:
            rows = self._session.reverse(redo=redo)
        except Rejected as rejected:
            notify.warning(name.refusal(self._session, rejected))
            return
        made: list[Submission] = [each.submission for each in rows if each.submission is not None]
        for each in made:
            follow(self._session, each)
        refused = [
            f"{deed(self._session, each.command)}: {name.refusal(self._session, each.refused)}"
            for each in rows
            if each.refused is not None
        ]
        if len(rows) > 1 and refused:
            done = t("{n} of {all} done", n=len(made), all=len(rows))
            notify.warning("\n".join((done, *refused)))
        elif refused:
            notify.warning(refused[0])
        if made and not redo:
            self.taking_back.emit(made[-1])
        self.turned.emit()

    def _deeds(self, commands: Sequence[Any], named: int = 2) -> str:
        """The first of some commands in words, and how many more there are."""
        words = t(", ").join(deed(self._session, command) for command in commands[:named])
        more = len(commands) - named
        return t("{words} and {n} more", words=words, n=more) if more > 0 else words
