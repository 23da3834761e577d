"""The places of a plan, each with a number; what a source of travel times has found out about them is kept."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from math import isfinite

import numpy as np
from numpy.typing import NDArray

from dispatcher_app.domain.place import Point
from dispatcher_app.planning.travel import Places

FRESH = 64
"""So many new places are asked about apart before all are put together."""


Degrees = tuple[float, float]
"""Longitude and latitude."""
LOST: Degrees = (0.0, 0.0)
"""Stands for whatever has no coordinates."""


def no_degrees() -> NDArray[np.float64]:
    """Room for a few places."""
    return np.zeros((FRESH, 2))


@dataclass(slots=True, eq=False)
class Spots:
    """Places that are only ever added, each once: most settled in one block, the newest in a small one beside it."""

    size: int = 0
    degrees: NDArray[np.float64] = field(default_factory=no_degrees)
    numbers: dict[Degrees, int] = field(default_factory=dict)
    _settled: Places | None = None
    _fresh: Places | None = None

    def add(self, places: Sequence[Degrees]) -> list[int]:
        """The numbers of these places, new ones for those that were not there."""
        known = self.numbers
        fresh = [each for each in dict.fromkeys(places) if each not in known]
        if fresh:
            first, self.size = self.size, self.size + len(fresh)
            if self.size > len(self.degrees):
                room = np.zeros((max(self.size, 2 * len(self.degrees)), 2))
                room[:first] = self.degrees[:first]
                self.degrees = room
            self.degrees[first : self.size] = fresh
            known.update(zip(fresh, range(first, self.size), strict=True))
            self._fresh = None
        return [known[each] for each in places]

    def point(self, number: int) -> Point:
        """The place of that number."""
        return Point(*self.degrees[number].tolist())

    def blocks(self) -> list[Places]:
        """All places in the order of their numbers, in as few blocks as may be."""
        settled = 0 if self._settled is None else len(self._settled)
        if self._fresh is None and self.size > settled:
            self._fresh = Places(self.degrees[settled : self.size])
        if self._fresh is not None and len(self._fresh) > FRESH:
            self._settled = self._fresh if self._settled is None else self._settled.with_more(self._fresh)
            self._fresh = None
        return [block for block in (self._settled, self._fresh) if block is not None]

    def lost(self) -> NDArray[np.bool_]:
        """Which places had no sound coordinates."""
        degrees = self.degrees[: self.size]
        lost: NDArray[np.bool_] = (degrees[:, 0] == LOST[0]) & (degrees[:, 1] == LOST[1])
        return lost


def place_of(point: Point) -> Degrees:
    """A point as it is numbered."""
    return (point.lon, point.lat) if sound(point) else LOST


def sound(point: Point) -> bool:
    """Whether that can be a place on this earth; nothing was ever repaired at 0, 0."""
    return (
        isfinite(point.lon)
        and isfinite(point.lat)
        and abs(point.lon) <= 180
        and abs(point.lat) <= 90
        and (point.lon, point.lat) != LOST
    )
