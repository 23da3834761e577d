"""Many places as arrays, with what each source of travel times has already found out about them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from dispatcher_app.domain.place import EARTH_RADIUS_M, Point


class Places(Sequence[Point]):
    """Points that are asked about more than once: arrays are made, and roads looked for, only the first time."""

    def __init__(self, points: Sequence[Point] | NDArray[np.float64]) -> None:
        if not isinstance(points, np.ndarray):
            flat = [coordinate for point in points for coordinate in (point.lon, point.lat)]
            points = np.array(flat, dtype=np.float64).reshape(-1, 2)
        self.degrees: NDArray[np.float64] = points
        """Rows of (lon, lat); half a million places are no half million objects."""
        lon, lat = np.radians(points[:, 0]), np.radians(points[:, 1])
        self.on_sphere: NDArray[np.float64] = np.stack(
            [np.cos(lat) * np.cos(lon), np.cos(lat) * np.sin(lon), np.sin(lat)]
        )
        """The same as columns on the unit sphere: distances without sines and cosines."""
        self.found: dict[str, Any] = {}
        """What a source has found for these places, by the source's own key."""
        self.parts: tuple[tuple[Places, NDArray[np.intp]], ...] = ()
        """Of which places (by number) these were put together: what was found about those holds here too."""

    def __getitem__(self, index: Any) -> Any:
        if isinstance(index, slice):
            return [Point(lon, lat) for lon, lat in self.degrees[index].tolist()]
        return Point(*self.degrees[index].tolist())

    def __len__(self) -> int:
        return len(self.degrees)

    def some(self, numbers: NDArray[np.intp]) -> Places:
        """These places only; what was found about them need not be found again."""
        made = Places(self.degrees[numbers])
        made.parts = ((self, numbers),)
        return made

    def with_more(self, more: Places) -> Places:
        """These places and then those, as one."""
        made = Places(np.concatenate([self.degrees, more.degrees]))
        made.parts = tuple((each, np.arange(len(each))) for each in (self, more))
        self.parts = more.parts = ()
        return made


Points: TypeAlias = Sequence[Point]
"""Places in a question: any sequence of points, best `Places` where the same ones are asked about again."""


def places(points: Points) -> Places:
    """The points as arrays."""
    return points if isinstance(points, Places) else Places(points)


def straight_m(origins: Places, targets: Places) -> NDArray[np.float64]:
    """Great-circle metres from every origin (row) to every target (column): by the chord, as exact as the haversine."""
    a, b = origins.on_sphere[:, :, None], targets.on_sphere[:, None, :]
    half = np.square(a[0] - b[0])
    for axis in (1, 2):
        half += np.square(a[axis] - b[axis])
    np.sqrt(half, out=half)
    half *= 0.5
    metres: NDArray[np.float64] = 2 * EARTH_RADIUS_M * np.arcsin(np.minimum(1.0, half, out=half), out=half)
    return metres
