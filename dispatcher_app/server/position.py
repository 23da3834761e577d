"""Where technicians are: the newest position of each, written and streamed once a second."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Iterable
from functools import partial

from dispatcher_app import clock, codec
from dispatcher_app.domain.place import Point, distance_m
from dispatcher_app.domain.technician import Technician
from dispatcher_app.server.executor import Executor
from dispatcher_app.server.hub import Hub
from dispatcher_app.server.store import query, record
from dispatcher_app.server.store.database import Cursor, Database, Unavailable

EVERY_S = 1.0
AHEAD_MS = 60_000
"""A phone whose clock runs ahead further than this is not believed."""

SAVE = """
INSERT INTO position (technician, region, lon, lat, accuracy_m, at) VALUES (?, ?, ?, ?, ?, ?)
ON CONFLICT (technician) DO UPDATE SET region = excluded.region, lon = excluded.lon, lat = excluded.lat,
accuracy_m = excluded.accuracy_m, at = excluded.at WHERE excluded.at >= position.at"""

TRACK = """
INSERT INTO track (technician, at, lon, lat, accuracy_m) VALUES (?, ?, ?, ?, ?)
ON CONFLICT (technician, at) DO NOTHING"""
TRACK_MS = 60_000
"""A way is kept a point a minute, and one in between where somebody has come far meanwhile."""
TRACK_SOONEST_MS, TRACK_M = 15_000, 100.0

Fix = tuple[str, float, float, float, int]
"""technician, longitude, latitude, accuracy in metres, when (UTC ms)."""


class Positions:
    """Collects reports and passes them on in one piece a second."""

    def __init__(self, database: Database, executor: Executor, hub: Hub) -> None:
        self.database = database
        self.executor = executor
        self.hub = hub
        self._waiting: dict[str, tuple[Fix, frozenset[str] | None]] = {}
        self._regions: dict[str, str] = {}
        self._sent: dict[str, int] = {}
        self._tracked: dict[str, Fix] = {}

    def report(self, fixes: Iterable[Fix], regions: frozenset[str] | None = None) -> None:
        """Take reports about technicians of these regions (None: of all); impossible and older ones don't count."""
        latest = clock.now_ms() + AHEAD_MS
        for fix in fixes:
            technician, lon, lat, accuracy_m, at = fix
            if not (-180 <= lon <= 180 and -90 <= lat <= 90 and 0 <= accuracy_m < 1e6 and 0 < at <= latest):
                continue
            if not technician.isprintable():
                continue
            if regions is not None and self._regions.get(technician, next(iter(regions), "")) not in regions:
                continue
            known = self._waiting.get(technician)
            if known is None or known[0][4] <= at:
                self._waiting[technician] = (fix, regions)

    async def pass_on(self) -> None:
        """Write what has come in, and stream what is new since the last time."""
        fixes, self._waiting = self._waiting, {}
        if not fixes and not self.database.postgresql:
            return
        try:
            await asyncio.to_thread(
                self._learn_regions, [each for each in fixes if each not in self._regions]
            )
            known = [fix for fix, regions in fixes.values() if self._within(fix[0], regions)]
            if known:
                await asyncio.wrap_future(self.executor.run(partial(self._save, fixes=known)))
            fresh = await asyncio.to_thread(self._fresh)
        except Unavailable:
            self._waiting = {**fixes, **self._waiting}
            raise
        self._stream(fresh)

    def _within(self, technician: str, regions: frozenset[str] | None) -> bool:
        region = self._regions.get(technician)
        return region is not None and (regions is None or region in regions)

    def _learn_regions(self, unknown: list[str]) -> None:
        if unknown:
            with self.database.reading() as cursor:
                found = query.bodies(cursor, Technician.kind, unknown)
            self._regions.update({each.id: each.region for each in found})

    def _save(self, cursor: Cursor, fixes: list[Fix]) -> None:
        # Always in the same order: two nodes that write the same rows must not wait for one another.
        cursor.many(SAVE, ((fix[0], self._regions[fix[0]], *fix[1:]) for fix in sorted(fixes)))
        worth = [fix for fix in sorted(fixes) if worth_keeping(self._tracked.get(fix[0]), fix)]
        cursor.many(TRACK, ((fix[0], fix[4], *fix[1:4]) for fix in worth))
        self._tracked.update({fix[0]: fix for fix in worth})

    def _fresh(self) -> list[Fix]:
        """What this node has not streamed yet, whoever wrote it; told by each phone's own clock, never by two."""
        with self.database.reading() as cursor:
            rows = cursor.all("SELECT technician, lon, lat, accuracy_m, at, region FROM position")
        found = [row for row in rows if row[4] != self._sent.get(row[0])]
        self._regions.update({row[0]: row[5] for row in found})
        self._sent.update({row[0]: row[4] for row in found})
        return [(row[0], row[1], row[2], row[3], row[4]) for row in found]

    def _stream(self, fixes: list[Fix]) -> None:
        by_region: dict[str, list[Fix]] = defaultdict(list)
        for fix in fixes:
            by_region[self._regions[fix[0]]].append(fix)
        for region, found in by_region.items():
            self.hub.tell("positions", codec.encode({"positions": found}), [region])


def worth_keeping(former: Fix | None, fix: Fix) -> bool:
    """Whether a place says something new about the way of a technician who was last kept at `former`."""
    if former is None or fix[4] - former[4] >= TRACK_MS:
        return True
    if fix[4] - former[4] < TRACK_SOONEST_MS:
        return False
    return distance_m(Point(former[1], former[2]), Point(fix[1], fix[2])) >= TRACK_M


def technicians(cursor: Cursor, region: str) -> list[Technician]:
    """Every technician of a region."""
    return [each for each in record.load_all(cursor, "technician", region) if isinstance(each, Technician)]
