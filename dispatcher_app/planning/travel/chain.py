"""Several sources asked in turn: what one doesn't know or gets wrong, the next is asked; the estimate knows all."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from dispatcher_app.domain.act import Broken
from dispatcher_app.domain.day import TravelSource
from dispatcher_app.domain.place import Point
from dispatcher_app.planning.travel.answer import SOURCES, Routes, Travel
from dispatcher_app.planning.travel.estimate import Ground, estimated_route
from dispatcher_app.planning.travel.places import Places, Points, places, straight_m

FASTEST_KMH = 150.0
SLOWEST_KMH = 3.0
SLACK_S = 2_700
"""Nobody gets there faster than that as the crow flies, nor slower than on foot and three quarters of an hour more:
bridges are far apart, but not that far."""
ODD_PART = 0.1
"""A source of whose drives more than that part can't be true is not asked again for a while; else only those are."""
NOTHING_M = 300.0
"""Over less than that even no time at all is believed."""


class Unanswered(Exception):
    """A source has no answer this time; the note says why."""

    def __init__(self, note: Broken) -> None:
        super().__init__(note.code)
        self.note = note


@dataclass(frozen=True, slots=True)
class Partial:
    """What a source knows: seconds door to door, nan where it knows nothing; what it must say about them."""

    seconds: NDArray[np.float64]
    error_percent: int
    notes: tuple[Broken, ...] = ()


def said_of(seconds: NDArray[np.float64], by: Broken) -> tuple[Broken, ...]:
    """What to say of a source's times: who says so, and for how many drives it knows no way."""
    unknown = int(np.isnan(seconds).sum())
    missing = (Broken("travel_cut_off", {"count": unknown}),) if unknown else ()
    return missing if unknown == seconds.size else (by, *missing)


class Source(Protocol):
    """Somebody who knows how long drives take. `precise` ones are asked for the last few candidates only."""

    @property
    def name(self) -> TravelSource: ...
    @property
    def precise(self) -> bool: ...

    def matrix(self, origins: Places, targets: Places, at: int, ground: Ground) -> Partial:
        """Drives from every origin to every target at a moment (UTC ms); raises Unanswered."""

    def routes(self, origin: Point, target: Point, at: int, ground: Ground, wanted: int) -> Routes:
        """Up to so many ways, the quickest first; raises Unanswered."""

    def distrust(self) -> Broken:
        """It said what can't be: the note about it. Whoever does so too often is not asked for a while."""


def unbelievable(seconds: NDArray[np.float64], metres: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Which times can't be true for that distance (metres, straight); what is not known is neither."""
    with np.errstate(invalid="ignore"):
        fast = (metres > NOTHING_M) & (seconds < metres * 3.6 / FASTEST_KMH)
        slow = seconds > metres * 3.6 / SLOWEST_KMH + SLACK_S
        return fast | slow | (seconds < 0)


def matrix_by(
    sources: Sequence[Source], origins: Points, targets: Points, at: int, ground: Ground, *, precise: bool
) -> Travel:
    """Drives from every origin to every target that begin about `at` (UTC ms), each from the first who knows."""
    a, b = places(origins), places(targets)
    estimate = ground.travel(a, b, at)
    if not estimate.seconds.size or not sources:
        return estimate
    metres = estimate.metres.astype(np.float64)
    seconds = np.full(metres.shape, np.nan)
    said_by = np.zeros(metres.shape, np.int8)
    notes: list[Broken] = []
    error = 0
    for source in sources:
        if source.precise and not precise:
            continue
        unknown = np.isnan(seconds)
        rows, columns = np.flatnonzero(unknown.any(axis=1)), np.flatnonzero(unknown.any(axis=0))
        if not len(rows):
            break
        here = np.ix_(rows, columns)
        try:
            found = source.matrix(some(a, rows), some(b, columns), at, ground)
        except Unanswered as error_:
            notes.append(error_.note)
            continue
        wrong = unbelievable(found.seconds, metres[here])
        if wrong.any():
            lied = wrong.sum() > ODD_PART * np.isfinite(found.seconds).sum()
            notes.append(source.distrust() if lied else Broken("travel_unfit", {"provider": source.name}))
        known = np.isfinite(found.seconds) & ~wrong & unknown[here]
        seconds[here] = np.where(known, found.seconds, seconds[here])
        said_by[here] = np.where(known, SOURCES.index(source.name), said_by[here])
        notes.extend(found.notes)
        error = max(error, found.error_percent) if known.any() else error
    unknown = np.isnan(seconds)
    if unknown.any():
        seconds[unknown] = estimate.seconds[unknown]
        error = max(error, estimate.error_percent)
        notes.extend(estimate.notes)
    used = np.unique(said_by)
    return Travel(
        np.rint(seconds).astype(np.int64),
        estimate.metres,
        # Where several have spoken, the whole is no surer than what is estimated in it.
        source=SOURCES[int(used[0])],
        notes=tuple(notes),
        error_percent=error,
        sources=said_by if len(used) > 1 else None,
    )


def some(whole: Places, wanted: NDArray[np.intp]) -> Places:
    """These places only; all of them are the same object, which remembers what was found about them."""
    return whole if len(wanted) == len(whole) else whole.some(wanted)


def routes_by(
    sources: Sequence[Source], origin: Point, target: Point, at: int, ground: Ground, *, wanted: int
) -> Routes:
    """The ways from one place to another by the first who knows one, the quickest first."""
    notes: list[Broken] = []
    metres = straight_m(Places((origin,)), Places((target,)))
    for source in sources:
        try:
            found = source.routes(origin, target, at, ground, wanted)
        except Unanswered as error:
            notes.append(error.note)
            continue
        seconds = np.array([[route.seconds for route in found.routes]], np.float64)
        believed = ~unbelievable(seconds, np.broadcast_to(metres, seconds.shape))[0]
        if not believed.all():
            notes.append(source.distrust())
        kept = tuple(route for route, true in zip(found.routes, believed, strict=True) if true)
        if kept:
            ranked = sorted(kept, key=lambda route: route.seconds)[:wanted]
            return Routes(tuple(ranked), (*notes, *found.notes))
        notes.extend(found.notes)
    estimated = estimated_route(origin, target, ground, at)
    return Routes(estimated.routes, (*notes, *estimated.notes))
