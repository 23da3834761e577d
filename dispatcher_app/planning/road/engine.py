"""One prepared city as a source of travel times: its own thread, because the quick engine lives and dies with one."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import CancelledError, Future, ThreadPoolExecutor
from concurrent.futures import TimeoutError as TookTooLong
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from dispatcher_app.planning.road.city import Page, load
from dispatcher_app.planning.road.drive import (
    Roads,
    Stand,
    Way,
    drives,
    put,
    roads_of,
    shortest_of,
    stand,
    way,
)
from dispatcher_app.planning.road.shortest import Shortest, contraction_installed
from dispatcher_app.planning.road.snap import Snapped, joined
from dispatcher_app.planning.road.speed import Slice
from dispatcher_app.planning.travel.places import Places

T = TypeVar("T")

PATIENCE_S = 20.0
"""So long a piece of a question may take, those waiting before it included."""


class Busy(Exception):
    """The city has no answer yet: it is still being opened, or too many ask at once."""


@dataclass(frozen=True, slots=True)
class Drives:
    """Seconds from every origin (row) to every target (column), inf where there is no way.

    `off` and `cut` count places without a road near, and drives between parts that no road connects.
    """

    seconds: NDArray[np.float64]
    off: int
    cut: int


@dataclass(frozen=True, slots=True)
class _Open:
    roads: Roads
    shortest: dict[Slice, Shortest]


class City:
    """A city that answers from any thread; raises BrokenCity at the first question if its file was broken."""

    def __init__(self, folder: Path, page: Page, *, quick: bool | None = None) -> None:
        self.page = page
        self._quick = contraction_installed() if quick is None else quick
        self._thread = ThreadPoolExecutor(1, thread_name_prefix=f"city-{page.name}")
        self._open: Future[_Open] = self._thread.submit(self._load, folder)

    def _load(self, folder: Path) -> _Open:
        graph, order = load(folder, self.page)
        roads = roads_of(graph)
        return _Open(roads, shortest_of(graph, order, roads.costs, quick=self._quick))

    @property
    def ready(self) -> bool:
        """Whether it can answer at once."""
        return self._open.done()

    def wait(self, timeout_s: float = PATIENCE_S) -> None:
        """Until it is open; raises BrokenCity, Busy."""
        self._opened(timeout_s)

    def _opened(self, timeout_s: float) -> _Open:
        try:
            return self._open.result(timeout_s)
        except (TookTooLong, CancelledError):
            raise Busy(self.page.name) from None

    def covers(self, places: Places) -> NDArray[np.bool_]:
        """Which places are inside the city's box."""
        west, south, east, north = self.page.box
        lon, lat = places.degrees.T
        inside: NDArray[np.bool_] = (west <= lon) & (lon <= east) & (south <= lat) & (lat <= north)
        return inside

    def off(self, places: Places) -> NDArray[np.bool_]:
        """Which places have no road of this city near; raises Busy, BrokenCity."""
        missing: NDArray[np.bool_] = self._at(self._opened(0.0), places).edge < 0
        return missing

    def drives(self, origins: Places, targets: Places, slice: Slice) -> Drives:
        """Drives between all of them; raises Busy, BrokenCity."""
        opened = self._opened(0.0)
        a, b = self._stand(opened, origins, slice), self._stand(opened, targets, slice)
        ms = drives(opened.roads, opened.shortest[slice], slice, a, b, self._run)
        cut = int(np.isinf(ms[np.ix_(a.usable, b.usable)]).sum())
        return Drives(ms / 1000.0, len(origins) + len(targets) - len(a.usable) - len(b.usable), cut)

    def way(self, origin: Places, target: Places, slice: Slice) -> Way | None:
        """The quickest way between two places; raises Busy, BrokenCity."""
        opened = self._opened(0.0)
        a, b = self._stand(opened, origin, slice), self._stand(opened, target, slice)
        return self._run(lambda: way(opened.roads, opened.shortest[slice], slice, a, b))

    def _stand(self, opened: _Open, places: Places, slice: Slice) -> Stand:
        """Where places stand, looked for once for all questions about the same `Places`."""
        key = f"{self.page.arrays}/{slice}"
        found = places.found.get(key)
        if not isinstance(found, Stand):
            found = places.found[key] = stand(opened.roads, self._at(opened, places), slice)
        return found

    def _at(self, opened: _Open, places: Places) -> Snapped:
        at = places.found.get(self.page.arrays)
        if not isinstance(at, Snapped):
            if places.parts:
                at = joined([(self._at(opened, each), numbers) for each, numbers in places.parts])
            else:
                at = put(opened.roads, places.degrees)
            places.found[self.page.arrays] = at
        return at

    def _run(self, work: Callable[[], T]) -> T:
        try:
            asked = self._thread.submit(work)
        except RuntimeError:
            raise Busy(self.page.name) from None
        try:
            return asked.result(PATIENCE_S)
        except TookTooLong:
            asked.cancel()
            raise Busy(self.page.name) from None

    def close(self) -> None:
        """End the thread; questions in line are answered no more."""
        self._thread.submit(self._forget)
        self._thread.shutdown(wait=True, cancel_futures=False)

    def _forget(self) -> None:
        """Let go of the engine in the thread that made it."""
        self._open = Future()
        self._open.cancel()
