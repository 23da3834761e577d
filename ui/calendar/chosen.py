"""What is chosen in a calendar: who, and which dates; the cell in hand is what is told about."""

from __future__ import annotations

from dataclasses import dataclass

from dispatcher_app.planning.capacity import Slot
from ui.calendar.row import Row


@dataclass(frozen=True, slots=True)
class Chosen:
    """The cell in hand, and all technicians and dates that are selected; `skill` where it is one of free windows."""

    row: Row | None = None
    slot: Slot | None = None
    technicians: tuple[str, ...] = ()
    dates: tuple[str, ...] = ()
    skill: str = ""

    @property
    def technician(self) -> str | None:
        """The only technician who is chosen."""
        return self.technicians[0] if len(self.technicians) == 1 else None

    @property
    def date(self) -> str | None:
        """The date in hand."""
        return self.slot.date if self.slot is not None else None
