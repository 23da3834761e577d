"""How long drives really take in a region, hour by hour of the week, learnt from its own technicians' trips."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import lru_cache
from typing import ClassVar
from zoneinfo import ZoneInfo

from dispatcher_app.domain.act import Broken

HOURS = 168
"""The hours of a week, from Monday midnight."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """How much longer drives take than they are reckoned, by hour of the week; without any trips, as reckoned.

    `error_percent` is what nine in ten of the observed trips were missed by at most; 0 where nothing was observed.
    """

    longer: tuple[float, ...] = ()
    trips: int = 0
    error_percent: int = 0

    def at(self, hour: int) -> float:
        """The factor of an hour of the week."""
        return self.longer[hour] if len(self.longer) == HOURS else 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Traffic:
    """A region's traffic: what corrects the estimate and the road engine, and what is wrong with its sources.

    `id` is the region's. `troubles` are rules for data health: a source that doesn't answer, a city that is broken.
    """

    kind: ClassVar[str] = "traffic"
    id: str
    region: str
    version: int = 0
    observed_at: int = 0
    estimate: Pace = field(default_factory=Pace)
    road: Pace = field(default_factory=Pace)
    troubles: tuple[Broken, ...] = ()


@lru_cache(maxsize=4096)
def _hour(quarter: int, timezone: str) -> int:
    local = datetime.fromtimestamp(quarter * 900, UTC).astimezone(ZoneInfo(timezone))
    return local.weekday() * 24 + local.hour


def hour_of_week(at: int, timezone: str) -> int:
    """The hour of the week (0 is Monday midnight) of a moment (UTC ms)."""
    return _hour(at // 900_000, timezone)
