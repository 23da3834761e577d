"""What technicians ask of the desk about their working time: leave, other hours; answered there, or overtaken by time."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Literal

from dispatcher_app.domain.technician import Span

Asked = Literal["leave", "hours"]
Answer = Literal["open", "approved", "declined", "withdrawn"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ShiftRequest:
    """One wish: away from `start` to `end` (UTC ms), or other `hours` on a local `date` (none of them: a day off).

    It lapses at `expires_at` by itself; `answer` says why it was declined.
    """

    id: str
    asked: Asked
    start: int
    end: int
    date: str = ""
    hours: tuple[Span, ...] = ()
    reason: str
    at: int
    expires_at: int
    state: Answer = "open"
    answered_by: str = ""
    answered_at: int | None = None
    answer: str = ""

    def waits(self, now: int) -> bool:
        """Whether somebody has still to answer it."""
        return self.state == "open" and now < self.expires_at

    def lapsed(self, now: int) -> bool:
        """Whether its time has run out before anybody answered."""
        return self.state == "open" and now >= self.expires_at


@dataclass(frozen=True, slots=True, kw_only=True)
class ShiftRequests:
    """All that one technician has asked lately, the oldest first; its id is his."""

    kind: ClassVar[str] = "shift_requests"
    id: str
    region: str
    version: int = 0
    asked: tuple[ShiftRequest, ...] = ()

    def find(self, id: str) -> ShiftRequest | None:
        """The request of that id."""
        return next((each for each in self.asked if each.id == id), None)

    def waiting(self, now: int) -> tuple[ShiftRequest, ...]:
        """Those that somebody has still to answer."""
        return tuple(each for each in self.asked if each.waits(now))
