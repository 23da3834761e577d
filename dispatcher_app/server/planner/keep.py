"""Keeping the plan: every promise gets its place within a second, or is named as one that can't be kept.

One node of several does it. What a person decides goes before: a place that the planner had found may be taken at
any moment, and is found anew.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from dispatcher_app import clock
from dispatcher_app.domain.act import SYSTEM, Act, Rejected
from dispatcher_app.domain.calendar import local_date
from dispatcher_app.domain.command import MarkPromises, Move, PromiseMark, PublishPlan, RouteDay
from dispatcher_app.domain.day import Day
from dispatcher_app.domain.entity import PLATFORM
from dispatcher_app.domain.order import Window
from dispatcher_app.domain.region import Region
from dispatcher_app.planning.choose import calm
from dispatcher_app.planning.daily import Daily, daily, figures, moves_of
from dispatcher_app.planning.problem import Plan
from dispatcher_app.planning.rank import Eligible
from dispatcher_app.planning.watch import Threat, threats
from dispatcher_app.server import ask
from dispatcher_app.server.node import Node
from dispatcher_app.server.planner.book import Book, Promise
from dispatcher_app.server.planner.hand import Hand, NoPlan
from dispatcher_app.server.store import plan as kept
from dispatcher_app.server.store import record

log = logging.getLogger(__name__)

EVERY_S = 0.25
LEADER = 7_302_613
"""The advisory lock that makes one node of several keep the plan."""
LOOK_AGAIN_MS = 15_000
"""Without any news the clock alone makes visits late: so often it is looked."""
SINGLY = 3
"""So many new promises of a date are put into gaps one by one; more are planned together."""
SEARCH_S = 0.6
"""So long the improver looks for a place that a simple insertion has not found."""
BETTER_EVERY_S = 5.0
BETTER_S = 3.0
"""How long a date is improved in the background at a time."""
TRY_AGAIN_MS = 10_000
"""A promise without a place is tried again that soon at the earliest, and only where something has changed."""
LOOKED_AT_MS = 300_000
"""So long after a search a person may still publish what it found: the plan is not improved in the background then."""


@dataclass(frozen=True, slots=True)
class Tried:
    """No place was found: as the log stood at that number, at that moment (UTC ms), for that reason."""

    head: int
    at: int
    reason: str


@dataclass(slots=True)
class Keeping:
    """What a node remembers of the regions whose plan it keeps; forgotten when it stops, which costs one look."""

    hand: Hand = field(default_factory=Hand)
    better: Hand = field(default_factory=Hand)
    books: dict[str, Book] = field(default_factory=dict)
    looked_at: dict[str, int] = field(default_factory=dict)
    hopeless: dict[str, Tried] = field(default_factory=dict)
    improved: dict[str, tuple[int, int]] = field(default_factory=dict)

    async def close(self) -> None:
        """End the processes."""
        await self.hand.close()
        await self.better.close()


async def keep(node: Node, keeping: Keeping) -> None:
    """Look at every region in which something has happened."""
    now = clock.now_ms()
    regions = [log for log in node.hub.heads if log != PLATFORM]
    for region in regions:
        book = keeping.books.get(region)
        news = book is None or node.hub.heads[region] > book.head
        news = news or node.hub.heads.get(PLATFORM, 0) != (book.platform if book else -1)
        if news or now - keeping.looked_at.get(region, 0) > LOOK_AGAIN_MS:
            keeping.looked_at[region] = now
            await tend(node, keeping, region)


async def tend(node: Node, keeping: Keeping, region: str) -> None:
    """Give every promise of a region its place, and name those that have none."""
    now = clock.now_ms()
    book = await asyncio.to_thread(refreshed, node, keeping, region, now)
    if book is None:
        return
    windows = book.windows()
    found = [each for day in book.days.values() for each in threats_in(book, day, windows, now)]
    lost = {each.order for each in found if not each.told}
    homeless = [*book.homeless(now), *(book.promises[order] for order in lost if order in book.promises)]
    nowhere = await place_all(node, keeping, book, homeless, now)
    await mark(node, book, [each for each in found if each.told], nowhere, now)


def refreshed(node: Node, keeping: Keeping, region: str, now: int) -> Book | None:
    """The region as it is now, None where another node keeps its plan or there is no such region."""
    with node.database.reading() as cursor:
        if cursor.postgresql and cursor.one("SELECT pg_try_advisory_xact_lock(?)", (LEADER,)) == (False,):
            return None
        if region not in keeping.books:
            found = record.load(cursor, "region", region)
            if not isinstance(found, Region):
                return None
            keeping.books[region] = Book(region=found)
        book = keeping.books[region]
        book.refresh(cursor, now)
    return book


def threats_in(book: Book, day: Day, windows: Mapping[str, Window], now: int) -> Iterable[Threat]:
    """The promises that break in one plan."""
    technician = book.technicians.get(day.technician)
    return threats(day, technician, windows, now) if technician is not None else ()


async def place_all(
    node: Node, keeping: Keeping, book: Book, homeless: list[Promise], now: int
) -> dict[str, str]:
    """Find these promises a place; returns those that have none, by order, with the reason."""
    nowhere: dict[str, str] = {}
    by_date: dict[str, list[Promise]] = {}
    for each in homeless:
        tried = keeping.hopeless.get(each.order)
        if tried is not None and (tried.head == book.head or now - tried.at < TRY_AGAIN_MS):
            nowhere[each.order] = tried.reason
        else:
            by_date.setdefault(local_date(each.window.start, book.region.timezone), []).append(each)
    for date, promises in by_date.items():
        left = await place_on(node, keeping, book, date, promises, now)
        # Also one that has a place now: where the gate has refused it, it is not tried four times a second.
        for each in promises:
            keeping.hopeless[each.order] = Tried(book.head, now, left.get(each.order, "no_room"))
        nowhere.update(left)
    return nowhere


async def place_on(
    node: Node, keeping: Keeping, book: Book, date: str, promises: list[Promise], now: int
) -> dict[str, str]:
    """Find promises of a date a place: nobody told of anything is moved, what is only planned may be."""
    if len(promises) <= SINGLY:
        promises = [each for each in promises if not await placed_simply(node, book, each, now)]
        if not promises:
            return {}
    day = await asyncio.to_thread(day_of, node, book, date, now)
    asked = {each.order for each in promises}
    routes = [list(route) for route in day.routes]
    try:
        plan = await keeping.hand.improve(day.problem, routes, 0)
        if not asked <= served_by(day, plan) | set(day.left_out):
            # A neighbour moves only where that makes room for somebody who has none.
            plan = await keeping.hand.improve(day.problem, routes, SEARCH_S)
    except NoPlan as error:
        log.warning("no place searched for", extra={"region": book.region.id, "error": str(error)})
        return {}
    served = served_by(day, plan)
    moves = await asyncio.to_thread(moves_of, day, plan)
    if moves and asked & served:
        await publish(node, book, moves, "placed")
    reasons = {order: flaw.code for order, flaw in day.left_out.items()}
    return {order: reasons.get(order) or why_nowhere(day, order) for order in asked - served}


async def placed_simply(node: Node, book: Book, promise: Promise, now: int) -> bool:
    """Put one promise where it fits without moving anybody; whether there was such a place."""

    def found() -> Eligible | None:
        with node.database.reading() as cursor:
            ranking = ask.ranking(cursor, promise.order, [book.region.id])
        return next(
            (each for each in ranking.eligible if fits(each, promise) and calm(each) and not each.displaces),
            None,
        )

    try:
        place = await asyncio.to_thread(found)
    except Rejected as rejected:
        log.info("no ranking for a promise", extra={"order": promise.order, "code": rejected.code})
        return False
    if place is None:
        return False
    stop = book.stop_of(promise)
    move = Move(
        order=promise.order,
        from_technician=promise.day.partition(":")[0] if stop else None,
        from_start=stop.start if stop else None,
        technician=place.technician,
        start=place.start,
        travel_s=place.drive_s,
        why="placed",
    )
    return await submit(node, book.region.id, PublishPlan(moves=(move,), reason="placed"))


def fits(place: Eligible, promise: Promise) -> bool:
    """Whether a place keeps the promised window."""
    return promise.window.start <= place.start <= promise.window.end


def served_by(day: Daily, plan: Plan) -> set[str]:
    """The orders that have a place."""
    return {day.tasks[index].order for route in plan.routes for index in route}


def day_of(node: Node, book: Book, date: str, now: int) -> Daily:
    """A date of the region as a problem."""
    return daily(
        date,
        book.technicians.values(),
        book.of_date(date),
        book.wanted_on(date, now),
        book.policy,
        book.region.timezone,
        now,
        node.travels.on(book.ground),
    )


def why_nowhere(day: Daily, order: str) -> str:
    """Why a promise has no place, as a code."""
    index = next((at for at, task in enumerate(day.tasks) if task.order == order), None)
    if index is None or not day.rows:
        return "nobody_works"
    return "no_room" if day.problem.allowed[:, index].any() else "nobody_fit"


async def publish(node: Node, book: Book, moves: tuple[Move, ...], reason: str) -> None:
    """Write the planner's moves; those that somebody was faster with are left out by the gate."""
    command = PublishPlan(moves=moves, reason=reason)
    await submit(node, book.region.id, command)


async def mark(node: Node, book: Book, found: list[Threat], nowhere: dict[str, str], now: int) -> None:
    """Say on the orders which promises can't be kept, and which can be again."""
    wanted = {each.order: (each.reason, each.minutes) for each in found}
    wanted |= {order: (reason, None) for order, reason in nowhere.items()}
    wanted |= {
        each.order: ("window_passed", None)
        for each in book.promises.values()
        if each.technician is None and each.window.end <= now
    }
    marks = []
    for order, promise in book.promises.items():
        reason, minutes = wanted.get(order, (None, None))
        stands = (promise.unkept.reason, promise.unkept.minutes) if promise.unkept else (None, None)
        # Minutes that only grow by the clock are not news every quarter of a minute.
        same = stands[0] == reason and abs((stands[1] or 0) - (minutes or 0)) < 5
        if not same:
            marks.append(PromiseMark(order=order, reason=reason, minutes=minutes))
    if marks:
        await submit(node, book.region.id, MarkPromises(marks=tuple(marks)))


async def submit(node: Node, region: str, command: MarkPromises | PublishPlan | RouteDay) -> bool:
    """An act of the system; whether it was done. One that comes too late is told in the log of this process."""
    act = Act(id=clock.new_id(), actor=SYSTEM, at=clock.now_ms(), command=command, region=region)
    try:
        await asyncio.wrap_future(node.executor.submit(act))
    except Rejected as rejected:
        log.info("planner refused", extra={"act": type(command).__name__, "code": rejected.code})
        return False
    return True


async def better(node: Node, keeping: Keeping) -> None:
    """Improve the next date that has changed, without touching what is dispatched, pinned or held."""
    now = clock.now_ms()
    for book in list(keeping.books.values()):
        for date in sorted({each.date for each in book.days.values()}):
            key = f"{book.region.id}:{date}"
            at, head = keeping.improved.get(key, (0, -1))
            if head == book.head or now - at < book.policy.publish_every_s * 1000:
                continue
            if await asyncio.to_thread(looked_at, node, book.region.id, now):
                break
            keeping.improved[key] = (now, book.head)
            day = await asyncio.to_thread(day_of, node, book, date, now)
            free = sum(not task.fixed for task in day.tasks)
            if free < 2:
                continue
            await improve(node, keeping, book, day)
            return


def looked_at(node: Node, region: str, now: int) -> bool:
    """Whether somebody may still look at a plan that was searched for him: moved under his eyes, it is worth nothing."""
    with node.database.reading() as cursor:
        return kept.searched_since(cursor, region, now - LOOKED_AT_MS)


async def improve(node: Node, keeping: Keeping, book: Book, day: Daily) -> None:
    """Publish a better plan of a date where the gain is worth it."""
    try:
        plan = await keeping.better.improve(day.problem, [list(route) for route in day.routes], BETTER_S)
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
