"""What was done from here and can be taken back, and what was taken back and can be done again, the last first.

A bulk action is taken back as a whole. The server adds what the same person did before, and at other desks.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from dispatcher_app import codec
from dispatcher_app.client.state import DoneAct, Undoable
from dispatcher_app.domain.act import Rejected

KEPT = 50


@dataclass(slots=True)
class Done:
    """An act that can be taken back, and by which command; `of` is the act that it took back or did again."""

    act: str
    batch: str | None
    command: Any
    undo: Any | None
    at: int
    of: str = ""


class UndoStack:
    """The acts of this run of the desk, and those of the same person that the server knows of."""

    def __init__(self) -> None:
        self._done: list[Done] = []
        self._undone: list[Done] = []

    def push(self, done: Done) -> None:
        """Something new was done: what was taken back before stays so."""
        self._undone.clear()
        self._keep(self._done, done)

    def took_back(self, done: Done) -> None:
        """Something is taken back and can be done again."""
        self._keep(self._undone, done)

    def did_again(self, done: Done) -> None:
        """Something taken back is done again."""
        self._keep(self._done, done)

    def _keep(self, line: list[Done], done: Done) -> None:
        line.append(done)
        del line[:-KEPT]

    def learn(self, act: str, undo: Any | None) -> None:
        """The server has said what undoes the act."""
        for done in (*self._done, *self._undone):
            if done.act == act:
                done.undo = undo

    def drop(self, act: str) -> None:
        """The act did not happen, or is taken back."""
        self._done = [done for done in self._done if done.act != act]
        self._undone = [done for done in self._undone if done.act != act]

    def fill(self, told: Iterable[DoneAct], actor: str) -> None:
        """What the server knows of this person's acts, the newest first; what is still on its way stays as it is."""
        here = {done.act: done for done in (*self._done, *self._undone)}
        answered, busy = set[str](), {done.of for done in here.values()}
        done_, undone = list[Done](), list[Done]()
        for each in told:
            answered.update(each.chain)
            if each.last in busy:  # we have gone on with it already
                answered.difference_update(done.act for done in here.values() if done.of == each.last)
                continue
            # A desk draws its ids by time; what a practice city did in somebody's name has ids of another kind.
            if each.act[14:15] != "7" or not each.able or (each.undone and each.last_by != actor):
                continue
            line = undone if each.undone else done_
            if (found := here.get(each.last)) is not None:
                line.append(found)
            elif (undo := undo_of(each.undo)) is not None:
                line.append(Done(each.last, each.batch, each, undo, each.last_at or each.at))
        self._done = merged(self._done, done_, answered)
        self._undone = merged(self._undone, undone, answered)
        newest = max((done.at for done in self._done if not done.of), default=0)
        self._undone = [done for done in self._undone if done.at >= newest]

    def knows(self, acts: Iterable[str]) -> bool:
        """Whether one of these acts could be taken back from here."""
        known = {done.act for done in (*self._done, *self._undone)}
        return not known.isdisjoint(acts)

    def last(self, *, redo: bool = False) -> list[Done]:
        """The last action that can be undone, its acts in reverse order; empty where there is none.

        With `redo` the last one taken back that can be done again.
        """
        able = [done for done in (self._undone if redo else self._done) if done.undo is not None]
        if not able:
            return []
        last = able[-1]
        if last.batch is None:
            return [last]
        return [done for done in reversed(able) if done.batch == last.batch]

    def undoable(self, *, redo: bool = False) -> Undoable | None:
        """The same for a menu."""
        found = self.last(redo=redo)
        if not found:
            return None
        later = [] if redo else self._done[self._done.index(found[0]) + 1 :]
        return Undoable(
            tuple(done.act for done in found),
            tuple(done.command for done in found),
            found[0].at,
            tuple(done.command for done in later),
        )


def merged(here: Iterable[Done], told: Iterable[Done], answered: set[str]) -> list[Done]:
    """What the server tells, and what it has not heard of yet, in the order in which it was done."""
    found = {done.act: done for done in here if done.act not in answered}
    found |= {done.act: done for done in told}
    return sorted(found.values(), key=lambda done: (done.at, done.act))[-KEPT:]


def undo_of(named: codec.Named | None) -> Any | None:
    """What undoes an act, None where nothing does or this version does not know the command."""
    if named is None:
        return None
    try:
        return codec.command(named.name, named.body)
    except (Rejected, KeyError):
        return None
