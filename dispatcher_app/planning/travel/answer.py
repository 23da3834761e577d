"""What a question about driving is answered with: times, who says so, how far he can be trusted."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal, TypeAlias, get_args

import numpy as np
from numpy.typing import NDArray

from dispatcher_app.domain.act import Broken
from dispatcher_app.domain.day import TravelSource
from dispatcher_app.domain.place import Point
from dispatcher_app.planning.travel.places import Points

SOURCES: tuple[TravelSource, ...] = get_args(TravelSource)
"""Who can say how long a drive takes, in the order of the numbers in `Travel.sources`."""

ERROR_PERCENT: dict[TravelSource, int] = {"estimate": 50, "road": 35, "osrm": 35, "amap": 20}
"""By how much nine in ten drives are missed at most, where nobody has measured it here.

The estimate's was measured (34 to 53 % against road times in five cities); the others know the roads but not the
lights and the traffic, or (amap) the traffic of this moment. Calibration replaces them by what was observed.
"""


def estimate_note() -> Broken:
    """How far an estimate can be trusted: straight line, average speed, no traffic."""
    return Broken("travel_estimated")


@dataclass(frozen=True, slots=True)
class Travel:
    """Drives from each origin (row) to each target (column): seconds door to door, metres straight.

    `sources` numbers who says so for each cell (`SOURCES`), None where `source` says all of them;
    `error_percent` is what nine in ten drives are missed by at most; `notes` tell what fell back and why.
    """

    seconds: NDArray[np.int64]
    metres: NDArray[np.int64]
    source: TravelSource = "estimate"
    notes: tuple[Broken, ...] = field(default_factory=lambda: (estimate_note(),))
    error_percent: int = ERROR_PERCENT["estimate"]
    sources: NDArray[np.int8] | None = None

    @property
    def note(self) -> Broken:
        """The first of the notes; the estimate's where there is none."""
        return self.notes[0] if self.notes else estimate_note()

    def source_at(self, row: int, column: int) -> TravelSource:
        """Who says how long that drive takes."""
        return self.source if self.sources is None else SOURCES[self.sources[row, column]]


TravelOf: TypeAlias = Callable[[Points, Points, int], Travel]
"""The question itself: drives from every origin to every target that begin about that moment (UTC ms)."""

Flow = Literal["unknown", "smooth", "slow", "jam", "blocked"]


@dataclass(frozen=True, slots=True)
class Stretch:
    """The traffic on a part of a route's line: from point `first` to point `last`."""

    first: int
    last: int
    flow: Flow


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """One way to drive: seconds door to door, metres driven, the line in WGS-84, traffic where it is known."""

    seconds: int
    metres: int
    line: tuple[Point, ...]
    source: TravelSource
    error_percent: int
    lights: int | None = None
    stretches: tuple[Stretch, ...] = ()


@dataclass(frozen=True, slots=True)
class Routes:
    """The ways between two places, the quickest first, and what must be said about them."""

    routes: tuple[Route, ...]
    notes: tuple[Broken, ...] = ()
