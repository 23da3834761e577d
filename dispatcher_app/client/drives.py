"""Drives to visits in the hand as the server knows them: asked for once, when they are taken."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from dispatcher_app.client import travel
from dispatcher_app.client.api import Api, Offline
from dispatcher_app.domain.act import Rejected
from dispatcher_app.domain.calendar import HOUR_MS
from dispatcher_app.planning.handful import Handful
from dispatcher_app.planning.spots import Degrees, place_of, sound
from dispatcher_app.planning.travel import Places, Points, Travel, TravelOf
from dispatcher_app.planning.travel.answer import SOURCES
from dispatcher_app.planning.travel.places import places

PATIENCE_S = 0.6
"""So long a hand waits for better drives than the desk's own."""
PLACES_MOST, DRIVES_MOST = 5_000, 100_000
"""A server answers no more than that at once."""


@dataclass(frozen=True, slots=True)
class Known:
    """Drives between places of the plans (rows) and visits in the hand (columns), there and `back`.

    What the server was not asked about is estimated, and said to be.
    """

    rows: Mapping[Degrees, int]
    columns: Mapping[Degrees, int]
    there: Travel
    back: Travel
    estimate: TravelOf

    def of(self, origins: Points, targets: Points, at: int) -> Travel:
        """The same question as always: drives from every origin to every target about a moment (UTC ms)."""
        estimated = self.estimate(origins, targets, at)
        for asked, rows, columns in (
            (self.there, numbers(origins, self.rows), numbers(targets, self.columns)),
            (self.back, numbers(origins, self.columns), numbers(targets, self.rows)),
        ):
            known = (rows >= 0)[:, None] & (columns >= 0)[None, :]
            if known.any():
                return mixed(asked, estimated, known, np.ix_(rows, columns))
        return estimated


def numbers(points: Points, known: Mapping[Degrees, int]) -> NDArray[np.intp]:
    """The number of each place in a table, -1 where it is not in it."""
    return np.array([known.get((lon, lat), -1) for lon, lat in places(points).degrees.tolist()], np.intp)


def mixed(
    asked: Travel, estimated: Travel, known: NDArray[np.bool_], cells: tuple[NDArray[np.intp], ...]
) -> Travel:
    """What was asked, and the estimate elsewhere; the whole is no surer than what is estimated in it."""
    own = (
        np.full(asked.seconds.shape, SOURCES.index(asked.source), np.int8)
        if asked.sources is None
        else asked.sources
    )
    sources = np.where(known, own[cells], SOURCES.index("estimate")).astype(np.int8)
    used = np.unique(sources)
    whole = bool(known.all())
    return Travel(
        np.where(known, asked.seconds[cells], estimated.seconds),
        estimated.metres,
        SOURCES[int(used[0])],
        asked.notes
        if whole
        else (*asked.notes, *(each for each in estimated.notes if each not in asked.notes)),
        asked.error_percent if whole else max(asked.error_percent, estimated.error_percent),
        sources if len(used) > 1 else None,
    )


async def by_server(api: Api | None, region: str, hand: Handful, now: int) -> Handful:
    """The hand with the drives that the server knows; without it, or where it takes too long, with the desk's own."""
    first = next(iter(hand.drags.values()))
    plan = first.plan
    visits = dict.fromkeys(
        place_of(each.need.point) for each in hand.drags.values() if sound(each.need.point)
    )
    standing = first.seen.places() if first.seen is not None else ()
    spots = dict.fromkeys(
        [*map(tuple, plan.spots.degrees[: plan.spots.size].tolist()), *map(place_of, standing)]
    )
    spots.pop((0.0, 0.0), None)
    if api is None or not visits or len(spots) > PLACES_MOST or len(spots) * len(visits) > DRIVES_MOST:
        return hand
    noon = min((sheet.midnight for sheet in plan.sheets.values()), default=now) + 12 * HOUR_MS
    # Arrays, not thousands of points: this is asked in the loop that paints.
    origins, targets = (Places(np.array([*some])) for some in (spots, visits))
    try:
        there, back = await travel.travel(
            api, region, origins, targets, max(now, noon), patience_s=PATIENCE_S
        )
    except (Offline, Rejected):
        return hand
    rows, columns = ({each: at for at, each in enumerate(some)} for some in (spots, visits))
    drags = {}
    for order, drag in hand.drags.items():
        asked = Known(rows, columns, there, back, drag.travel).of
        seen = replace(drag.seen, travel=asked) if drag.seen is not None else None
        drags[order] = replace(drag, travel=asked, seen=seen)
    return Handful(drags, hand.days, hand.windows)
