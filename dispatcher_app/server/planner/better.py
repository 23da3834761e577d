"""Making a plan better in the background: dates that have changed, where it is worth it, under nobody's eyes."""

from __future__ import annotations

import asyncio
import logging

from dispatcher_app import clock
from dispatcher_app.planning.daily import Daily
from dispatcher_app.planning.figures import figures
from dispatcher_app.planning.moves import moves_of
from dispatcher_app.server.node import Node
from dispatcher_app.server.planner.book import Book
from dispatcher_app.server.planner.hand import NoPlan
from dispatcher_app.server.planner.keep import Keeping, day_of, publish
from dispatcher_app.server.store import run as kept

log = logging.getLogger(__name__)

EVERY_S = 5.0
SECONDS = 3.0
"""How long a date is improved in the background at a time."""
LOOKED_AT_MS = 300_000
"""So long after a search a person may still publish what it found: the plan is not improved in the background then."""


async def better(node: Node, keeping: Keeping) -> None:
    """Improve the next date that has changed, without touching what is dispatched, pinned or held."""
    for book, date, stamp in await asyncio.to_thread(worth_improving, keeping, clock.now_ms()):
        now = clock.now_ms()
        if await asyncio.to_thread(looked_at, node, book.region.id, now):
            continue
        keeping.improved[f"{book.region.id}:{date}"] = (now, stamp)
        day = await asyncio.to_thread(day_of, node, book, date, now)
        if sum(not task.fixed for task in day.tasks) >= 2:
            await improve(node, keeping, book, day)
            return


def worth_improving(keeping: Keeping, now: int) -> list[tuple[Book, str, int]]:
    """The dates that are others than when they were improved last, longest ago first; with what tells that."""
    found = []
    for book in [each for each in keeping.books.values() if each.region.id not in keeping.busy]:
        for date in book.dates(now):
            at, stood = keeping.improved.get(f"{book.region.id}:{date}", (0, None))
            if now - at >= book.policy.publish_every_s * 1000 and (stamp := book.stamp(date)) != stood:
                found.append((at, date, book, stamp))
    return [(book, date, stamp) for _, date, book, stamp in sorted(found, key=lambda each: each[:2])]


def looked_at(node: Node, region: str, now: int) -> bool:
    """Whether somebody may still look at a plan that was searched for him: moved under his eyes, it is worth nothing."""
    with node.database.reading() as cursor:
        return kept.searched_since(cursor, region, now - LOOKED_AT_MS)


async def improve(node: Node, keeping: Keeping, book: Book, day: Daily) -> None:
    """Publish a better plan of a date where the gain is worth it."""
    try:
        plan = await keeping.better.improve(day.problem, [list(route) for route in day.routes], SECONDS)
    except NoPlan as error:
        log.warning("no better plan", extra={"region": book.region.id, "error": str(error)})
        return
    before, after = figures(day, day.routes), figures(day, plan.routes)
    gain = before.travel_s - after.travel_s
    if after.unserved < before.unserved or (
        after.unserved == before.unserved and gain >= book.policy.publish_gain_s
    ):
        if await asyncio.to_thread(looked_at, node, book.region.id, clock.now_ms()):
            return
        moves = await asyncio.to_thread(moves_of, day, plan)
        await publish(node, book, moves, "improved")
        log.info(
            "plan improved",
            extra={"region": book.region.id, "date": day.date, "saved_s": gain, "moves": len(moves)},
        )
