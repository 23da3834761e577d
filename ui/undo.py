"""Taking back what was done last, and saying in words what that would be."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from dispatcher_app.domain.act import Rejected
from dispatcher_app.text import t
from ui import name, notify
from ui.actions import Deck
from ui.deed import deed
from ui.footbar import FootBar
from ui.submit import follow

if TYPE_CHECKING:
    from dispatcher_app.client.session import Session
    from dispatcher_app.client.state import Submission


class Undo:
    """Says itself in the action and in the foot bar."""

    def __init__(self, session: Session, deck: Deck, footbar: FootBar) -> None:
        self._session, self._action, self._footbar = session, deck["undo"], footbar

    def say(self) -> None:
        """Name what would be taken back now."""
        undoable = self._session.undoable()
        words = self._deeds(undoable.commands) if undoable else ""
        if undoable and undoable.staying:  # or it would seem to take back what was done last
            words = t("{words} (keeps {what})", words=words, what=self._deeds(undoable.staying[::-1], 1))
        self._action.setText(t("Undo: {what}", what=words) if words else t("Undo last"))
        self._footbar.show_undo(t("Undo: {what}   Ctrl+Alt+Z", what=words) if words else "")

    def take_back(self) -> Submission | None:
        """Take back what was done last; None where it can't be, which is said."""
        try:
            undoing = self._session.undo_last()
        except Rejected as rejected:
            notify.warning(name.refusal(self._session, rejected))
            return None
        follow(self._session, undoing)
        return undoing

    def _deeds(self, commands: Sequence[Any], named: int = 2) -> str:
        """The first of some commands in words, and how many more there are."""
        words = t(", ").join(deed(self._session, command) for command in commands[:named])
        more = len(commands) - named
        return t("{words} and {n} more", words=words, n=more) if more > 0 else words
