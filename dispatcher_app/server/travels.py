"""The travel times of a node: every source that is set up, asked in turn, from any thread."""

from __future__ import annotations

from dispatcher_app.domain.place import Point
from dispatcher_app.planning.travel import (
    Ground,
    Points,
    Routes,
    Travel,
    TravelOf,
    estimated_route,
)


class Travels:
    """Who is asked how long a drive takes; without any other source the estimate serves, and says so."""

    def matrix(
        self,
        origins: Points,
        targets: Points,
        at: int,
        ground: Ground | None = None,
        *,
        precise: bool = False,
    ) -> Travel:
        """Drives from every origin to every target that begin about `at` (UTC ms).

        `precise` is for the last few candidates: sources that cost money for every drive are asked too.
        """
        return (ground or Ground()).travel(origins, targets, at)

    def on(self, ground: Ground) -> TravelOf:
        """The same question bound to a region's figures, as planning takes it."""
        return lambda origins, targets, at: self.matrix(origins, targets, at, ground)

    def route(
        self, origin: Point, target: Point, at: int, ground: Ground | None = None, *, wanted: int = 1
    ) -> Routes:
        """The ways from one place to another, the quickest first, with their lines."""
        return estimated_route(origin, target, ground or Ground(), at)

    def close(self) -> None:
        """Let go of cities and connections."""
