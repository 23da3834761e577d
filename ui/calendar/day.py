"""What a calendar says of one technician's date besides figures: his hours, leave, other hours, what he asks for."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from dispatcher_app.domain.request import ShiftRequests
from dispatcher_app.domain.technician import Leave, Technician
from dispatcher_app.planning.capacity import Slot
from dispatcher_app.text import t
from ui import format
from ui.models.pattern import written

if TYPE_CHECKING:
    from dispatcher_app.client.session import Session


@dataclass(frozen=True, slots=True)
class DayWord:
    """His hours as they are written, the leave of that time, whether the hours are other than the pattern's.

    `asked` counts requests about it that wait for an answer.
    """

    hours: str
    leave: Leave | None
    other: bool
    asked: int

    @property
    def off(self) -> bool:
        """Whether he does not work then."""
        return not self.hours


def day_word(session: Session, technician: Technician, slot: Slot) -> DayWord:
    """A technician in a slot."""
    leave = next(
        (each for each in technician.leaves if each.start < slot.end and slot.start < each.end), None
    )
    other = any(each.date == slot.date for each in technician.exceptions)
    return DayWord(hours(technician, slot.date), leave, other, asked(session, technician.id, slot))


def hours(technician: Technician, day: str) -> str:
    """When he works on a local date: "08:00–12:00 13:30–18:00"; empty on a day off."""
    exception = next((each for each in technician.exceptions if each.date == day), None)
    if exception is not None:
        return written(exception.hours)
    weekday = date.fromisoformat(day).weekday()
    return written(sorted((each.start, each.end) for each in technician.shifts if each.weekday == weekday))


def brief(word: str) -> str:
    """Hours in little room: "9–18", "8:30–12 13–17"."""
    return re.sub(r"\b0?(\d{1,2}):(\d{2})", lambda at: at[1] if at[2] == "00" else f"{at[1]}:{at[2]}", word)


def asked(session: Session, technician: str, slot: Slot) -> int:
    """How many of his requests about that time wait for an answer."""
    found = session.get(ShiftRequests, technician)
    if found is None:
        return 0
    return sum(each.start < slot.end and slot.start < each.end for each in found.waiting(session.now()))


def pattern_words(technician: Technician) -> str:
    """His weekly pattern in one line, days with the same hours together: "Mon–Fri 09:00–18:00"."""
    days = [
        written((each.start, each.end) for each in technician.shifts if each.weekday == weekday)
        for weekday in range(7)
    ]
    parts, first = [], 0
    for at in range(1, 8):
        if at == 7 or days[at] != days[first]:
            if days[first]:
                span = format.weekday(first) + (f"–{format.weekday(at - 1)}" if at - 1 > first else "")
                parts.append(f"{span} {days[first]}")
            first = at
    return t("; ").join(parts) or t("no shifts##calendar")
