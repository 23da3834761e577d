"""The board's time axis: moments as pixels and back, and the quarters of an hour that things snap to."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

from dispatcher_app.domain.calendar import HOUR_MS, MINUTE_MS, local_date, midnight, next_date

SNAP_MS: Final = 15 * MINUTE_MS
LEAST_PX: Final = 8.0
MOST_PX: Final = 480.0
"""Pixels of an hour (at 100 %), fully zoomed out and in."""
_STEPS: Final = ((6 * HOUR_MS, 0.0), (3 * HOUR_MS, 12.0), (2 * HOUR_MS, 20.0), (HOUR_MS, 36.0), (HOUR_MS // 2, 96.0),
                 (SNAP_MS, 200.0))  # fmt: skip


@dataclass(frozen=True, slots=True)
class Axis:
    """The local days `dates` laid out from `begin` to `end` (UTC ms), an hour being `hour_px` wide."""

    dates: tuple[str, ...]
    timezone: str
    begin: int
    end: int
    hour_px: float

    @property
    def width(self) -> int:
        """The whole of it in pixels."""
        return round(self.x(self.end))

    def x(self, at: int) -> float:
        """Where a moment lies, in pixels from the beginning."""
        return (at - self.begin) * self.hour_px / HOUR_MS

    def moment(self, x: float) -> int:
        """The moment at a place."""
        return self.begin + round(x * HOUR_MS / self.hour_px)

    def snapped(self, at: int) -> int:
        """The nearest quarter of an hour by the clocks of the place."""
        day = midnight(local_date(at, self.timezone), self.timezone)
        return day + round((at - day) / SNAP_MS) * SNAP_MS

    def ticks(self) -> list[int]:
        """Moments that are written above the board: as many as there is room for."""
        step = next(step for step, least in reversed(_STEPS) if self.hour_px >= least)
        found: list[int] = []
        for date in self.dates:
            begin, end = midnight(date, self.timezone), midnight(next_date(date), self.timezone)
            found += range(begin, end, step)
        return found

    def zoomed(self, factor: float) -> Axis:
        """The same days, wider or narrower."""
        return replace(self, hour_px=min(MOST_PX, max(LEAST_PX, self.hour_px * factor)))


def axis(first: str, days: int, timezone: str, hour_px: float) -> Axis:
    """So many local days from `first` on."""
    dates = tuple(next_date(first, each) for each in range(days))
    begin, end = midnight(first, timezone), midnight(next_date(first, days), timezone)
    return Axis(dates, timezone, begin, end, hour_px)
