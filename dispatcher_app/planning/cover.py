"""The technicians' own areas as columns: whose holds a place is one pass over all corners."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from dispatcher_app.domain.area import Ring
from dispatcher_app.domain.place import Point

Flags = NDArray[np.bool_]


@dataclass(slots=True, eq=False)
class Cover:
    """Outlines by row; their sides are laid end to end the first time somebody asks."""

    rings: dict[int, Ring] = field(default_factory=dict)
    _sides: NDArray[np.float64] | None = None
    _begin: NDArray[np.intp] = field(default_factory=lambda: np.zeros(0, np.intp))
    _rows: NDArray[np.intp] = field(default_factory=lambda: np.zeros(0, np.intp))

    def put(self, row: int, ring: Ring) -> None:
        """The outline of a row, none for an empty one."""
        if self.rings.get(row, ()) == ring:
            return
        self.rings.pop(row, None)
        if ring:
            self.rings[row] = ring
        self._sides = None

    def holding(self, point: Point, count: int) -> Flags:
        """Which of the first `count` rows have an outline with this place in it (`inside` of the domain)."""
        held = np.zeros(count, np.bool_)
        if not self.rings:
            return held
        if self._sides is None:
            self._lay()
        assert self._sides is not None
        lon, lat, to_lon, to_lat = self._sides
        level = (lat > point.lat) != (to_lat > point.lat)
        rise = np.where(level, to_lat - lat, 1.0)
        crossed = level & (point.lon < lon + (to_lon - lon) * (point.lat - lat) / rise)
        odd = np.add.reduceat(crossed, self._begin, dtype=np.int64) % 2 == 1
        held[self._rows[odd]] = True
        return held

    def _lay(self) -> None:
        rings = list(self.rings.values())
        corners = np.array([(each.lon, each.lat) for ring in rings for each in ring]).T
        onward = np.array([(each.lon, each.lat) for ring in rings for each in (*ring[1:], ring[0])]).T
        lengths = np.array([len(ring) for ring in rings])
        self._sides = np.concatenate([corners, onward])
        self._begin = np.concatenate([[0], np.cumsum(lengths)[:-1]]).astype(np.intp)
        self._rows = np.array(list(self.rings), np.intp)
