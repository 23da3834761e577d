"""What this desk has done and can take back, the last first; a bulk action is taken back as a whole."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from dispatcher_app.client.state import Undoable

KEPT = 50


@dataclass(slots=True)
class Done:
    """An act that can be undone, and by which command."""

    act: str
    batch: str | None
    command: Any
    undo: Any | None
    at: int


class UndoStack:
    """The acts of this run of the desk."""

    def __init__(self) -> None:
        self._done: list[Done] = []

    def push(self, done: Done) -> None:
        """Something was done."""
        self._done.append(done)
        del self._done[:-KEPT]

    def learn(self, act: str, undo: Any | None) -> None:
        """The server has said what undoes the act."""
        for done in self._done:
            if done.act == act:
                done.undo = undo

    def drop(self, act: str) -> None:
        """The act did not happen."""
        self._done = [done for done in self._done if done.act != act]

    def last(self) -> list[Done]:
        """The last action that can be undone, its acts in reverse order; empty where there is none."""
        able = [done for done in self._done if done.undo is not None]
        if not able:
            return []
        last = able[-1]
        if last.batch is None:
            return [last]
        return [done for done in reversed(able) if done.batch == last.batch]

    def undoable(self) -> Undoable | None:
        """The same for a menu."""
        found = self.last()
        if not found:
            return None
        later = self._done[self._done.index(found[0]) + 1 :]
        return Undoable(
            tuple(done.act for done in found),
            tuple(done.command for done in found),
            found[0].at,
            tuple(done.command for done in later),
        )
