"""Keeping the plan: every promise gets its place within a second, or is named as one that can't be kept.

One node of several does it. What a person decides goes before: a place that the planner had found may be taken at
any moment, and is found anew.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from dispatcher_app import clock, codec
from dispatcher_app.domain.act import SYSTEM, Act, Rejected
from dispatcher_app.domain.calendar import local_date
from dispatcher_app.domain.command import MarkPromises, Move, PromiseMark, PublishPlan, RouteDay
from dispatcher_app.domain.day import Day, day_id
from dispatcher_app.domain.entity import PLATFORM
from dispatcher_app.domain.place import Point, distance_m
from dispatcher_app.domain.region import Region
from dispatcher_app.domain.technician import Technician
from dispatcher_app.planning.daily import Daily, daily
from dispatcher_app.planning.moves import moves_of
from dispatcher_app.planning.problem import Plan
from dispatcher_app.planning.watch import Threat, threats
from dispatcher_app.server.node import Node
from dispatcher_app.server.planner.book import Book, Promise
from dispatcher_app.server.planner.hand import Hand, NoPlan
from dispatcher_app.server.planner.place import moves_into_gaps
from dispatcher_app.server.store import record

log = logging.getLogger(__name__)

EVERY_S = 0.25
JOB = "plan"
"""Its lease, one a region: one node of several keeps its plan."""
LOOK_AGAIN_MS = 15_000
"""Without any news the clock alone makes visits late: so often it is looked."""
AT_ONCE = 48
"""So many promises are put into gaps in one go."""
PART = 12
"""So many of them in one act: people's acts come in between."""
BUSY_A_S = 200
"""When so many acts a second come in, people wait for their answers: it is looked less often, and nothing is improved."""
BUSY_MS = 800
"""So often it is looked then: still within the second that a promise may wait for its place."""
BUSY_AT_ONCE = 16
"""So many promises are put into gaps in one go then; the others as soon as it is quieter."""
SEARCH_S = 0.6
"""So long the improver looks for a place that a simple insertion has not found."""
FORGOTTEN_MS = 3_600_000
"""After so long it is not remembered any more where no place was found."""
TRY_AGAIN_MS = 10_000
"""A promise without a place is tried again that soon at the earliest, and only where something has changed."""
NEWER_S = 30.0
"""After the improver was lost promises are placed one by one for so long, before another one is begun."""
SIZE_MOST = 3000
"""More visits and technicians of a date are planned around one place at a time: drives between all are too many."""
CREW = 300
"""So many technicians are looked at then."""
MARKS = 200
"""So many promises are marked in one act: a long list is told in pieces, and people's acts come in between."""


@dataclass(frozen=True, slots=True)
class Tried:
    """A place was looked for: as things stood, at that moment (UTC ms).

    `reason` says why none was found, "" where one was.
    """

    stand: tuple[int, int]
    at: int
    reason: str


@dataclass(slots=True)
class Keeping:
    """What a node remembers of the regions whose plan it keeps; forgotten when it stops, which costs one look."""

    hand: Hand = field(default_factory=Hand)
    better: Hand = field(default_factory=Hand)
    books: dict[str, Book] = field(default_factory=dict)
    looked_at: dict[str, int] = field(default_factory=dict)
    tried: dict[str, Tried] = field(default_factory=dict)
    improved: dict[str, tuple[int, int | None]] = field(default_factory=dict)
    busy: frozenset[str] = frozenset()
    behind: frozenset[str] = frozenset()
    no_hand_until: int = 0
    warming: asyncio.Task[None] | None = None

    def hand_ready(self, now: int) -> bool:
        """Whether the improver answers at once; one that has to be compiled first is begun, and nobody waits for it."""
        if self.hand.warm:
            return True
        if now >= self.no_hand_until and (self.warming is None or self.warming.done()):
            self.warming = asyncio.create_task(self._warm())
        return False

    async def _warm(self) -> None:
        try:
            await self.hand.begin()
        except NoPlan as error:
            log.warning("no improver", extra={"error": str(error)})
            self.no_hand_until = clock.now_ms() + round(NEWER_S * 1000)

    async def close(self) -> None:
        """End the processes."""
        if self.warming is not None:
            self.warming.cancel()
            await asyncio.gather(self.warming, return_exceptions=True)
        await self.hand.close()
        await self.better.close()


async def keep(node: Node, keeping: Keeping) -> None:
    """Look at every region in which something has happened."""
    now = clock.now_ms()
    regions = [log for log in node.hub.heads if log != PLATFORM]
    for region in regions:
        if not await node.leases.held(JOB, region):
            keeping.books.pop(region, None)
            continue
        book = keeping.books.get(region)
        news = book is None or node.hub.heads[region] > book.head
        news = news or node.hub.heads.get(PLATFORM, 0) != (book.platform if book else -1)
        since = now - keeping.looked_at.get(region, 0)
        if book is not None:
            busy = node.hub.heads[region] - book.head > BUSY_A_S * since / 1000
            keeping.busy = keeping.busy | {region} if busy else keeping.busy - {region}
            if busy and since < BUSY_MS:
                continue
        if news or region in keeping.behind or since > LOOK_AGAIN_MS:
            keeping.looked_at[region] = now
            await tend(node, keeping, region)


async def tend(node: Node, keeping: Keeping, region: str) -> None:
    """Give every promise of a region its place, and name those that have none."""
    now = clock.now_ms()
    seen = await asyncio.to_thread(look, node, keeping, region, now)
    if seen is None:
        return
    nowhere = await place_all(node, keeping, seen.book, seen.homeless, now)
    if not node.leases.still(JOB, region):
        # Another node's now: what this one could not write was not tried.
        for each in seen.homeless:
            keeping.tried.pop(each.order, None)
        return
    marks = await asyncio.to_thread(marks_of, seen.book, seen.broken, nowhere, now)
    for at in range(0, len(marks), MARKS):
        await submit(node, region, MarkPromises(marks=tuple(marks[at : at + MARKS])))


@dataclass(frozen=True, slots=True)
class Seen:
    """A region as it was looked at: dispatched visits that break their promise, promises that need a place."""

    book: Book
    broken: list[Threat]
    homeless: list[Promise]


def look(node: Node, keeping: Keeping, region: str, now: int) -> Seen | None:
    """What has to be done in a region; None where there is no such region."""
    book = refreshed(node, keeping, region, now)
    if book is None:
        return None
    keeping.tried = {id: each for id, each in keeping.tried.items() if now - each.at < FORGOTTEN_MS}
    found = broken_in(book, now)
    homeless = {each.order: each for each in book.homeless(now)}
    for threat in found:
        promise = book.promises.get(threat.order)
        if not threat.told and promise is not None and promise.window.end > now:
            homeless.setdefault(promise.order, promise)
    for promise in book.promises.values():
        why = book.amiss(promise)
        if why is not None and promise.technician is not None:
            found.append(Threat(order=promise.order, reason=why))
        elif why is not None and promise.window.end > now:
            homeless.setdefault(promise.order, promise)
    return Seen(book, [each for each in found if each.told], list(homeless.values()))


def refreshed(node: Node, keeping: Keeping, region: str, now: int) -> Book | None:
    """The region as it is now, None where there is no such region."""
    with node.database.reading() as cursor:
        if region not in keeping.books:
            found = record.load(cursor, "region", region)
            if not isinstance(found, Region):
                return None
            keeping.books[region] = Book(region=found)
        book = keeping.books[region]
        book.refresh(cursor, now)
    return book


def broken_in(book: Book, now: int) -> list[Threat]:
    """The promises that break in any plan; what is not of today breaks by what somebody does, not by the clock."""
    if now - book.judged_at > LOOK_AGAIN_MS:
        book.judged_at, book.threats, looked_at = now, {}, list(book.days)
    else:
        today = local_date(now, book.region.timezone)
        looked_at = [id for id, day in book.days.items() if day.date <= today or id in book.touched]
    for id in (*looked_at, *(book.touched - book.days.keys())):
        book.threats.pop(id, None)
        if (day := book.days.get(id)) is not None and (broken := tuple(threats_in(book, day, now))):
            book.threats[id] = broken
    book.touched.clear()
    return [threat for broken in book.threats.values() for threat in broken]


def threats_in(book: Book, day: Day, now: int) -> Iterable[Threat]:
    """The promises that break in one plan."""
    technician = book.technicians.get(day.technician)
    if technician is None:
        return ()
    here = {stop.order: each for stop in day.stops if (each := book.promises.get(stop.order)) is not None}
    windows = {order: each.window for order, each in here.items()}
    needs = {order: each.need for order, each in here.items()}
    return threats(day, technician, windows, needs, book.region.timezone, now)


async def place_all(
    node: Node, keeping: Keeping, book: Book, homeless: list[Promise], now: int
) -> dict[str, str]:
    """Find these promises a place; returns those that have none, by order, with the reason."""
    nowhere: dict[str, str] = {}
    due: list[Promise] = []
    for each in homeless:
        tried = keeping.tried.get(each.order)
        if tried is None or (not tried.reason and book.stop_of(each) is None):
            pass  # a place that was found and is taken by now is found anew at once
        elif tried.stand == book.stand or now - tried.at < TRY_AGAIN_MS:
            nowhere[each.order] = tried.reason or "no_room"
            continue
        due.append(each)
    # The others have their turn in the next go; what was said of them stands until then.
    most = BUSY_AT_ONCE if book.region.id in keeping.busy else AT_ONCE
    now_due, later = due[:most], due[most:]
    said = {
        each.order: tried.reason for each in later if (tried := keeping.tried.get(each.order)) is not None
    }
    nowhere |= {order: reason for order, reason in said.items() if reason}
    region = frozenset((book.region.id,))
    keeping.behind = keeping.behind | region if later else keeping.behind - region
    unplaced = await place_simply(node, book, now_due)
    keeping.tried |= {each.order: Tried(book.stand, now, "") for each in now_due}
    rest = [each for each in now_due if each.order in unplaced]
    for date in dict.fromkeys(each.date for each in rest):
        here = [each for each in rest if each.date == date]
        if keeping.hand_ready(now):
            left = await place_on(node, keeping, book, date, here, now)
        else:
            left = {each.order: "no_room" for each in here}
        keeping.tried |= {order: Tried(book.stand, now, reason) for order, reason in left.items()}
        nowhere.update(left)
    return nowhere


async def place_simply(node: Node, book: Book, promises: list[Promise]) -> frozenset[str]:
    """Put promises where they fit without moving anybody; returns those for which there is no such place."""
    if not promises:
        return frozenset()
    moves, nowhere = await asyncio.to_thread(moves_into_gaps, node, book, promises)
    placed: set[str] = set()
    for at in range(0, len(moves), PART):
        placed |= await publish(node, book, moves[at : at + PART], "placed")
    return nowhere | {each.order for each in moves}.difference(placed)


async def place_on(
    node: Node, keeping: Keeping, book: Book, date: str, promises: list[Promise], now: int
) -> dict[str, str]:
    """Find promises of a date that fit in no gap a place: nobody told of anything is moved, what is only planned may be.

    Returns why those have none for which there is none; what is not looked at in this go is in the next one.
    """
    promises = await asyncio.to_thread(around, book, date, promises, now)
    day = await asyncio.to_thread(day_of, node, book, date, now, [each.order for each in promises])
    asked = {each.order for each in promises}
    routes = [list(route) for route in day.routes]
    try:
        plan = await keeping.hand.improve(day.problem, routes, 0)
        if not asked <= served_by(day, plan) | set(day.left_out):
            # A neighbour moves only where that makes room for somebody who has none.
            plan = await keeping.hand.improve(day.problem, routes, SEARCH_S)
    except NoPlan as error:
        log.warning("no place searched for", extra={"region": book.region.id, "error": str(error)})
        keeping.no_hand_until = now + round(NEWER_S * 1000)
        return dict.fromkeys(asked, "no_room")
    served = served_by(day, plan)
    left = {
        order: day.left_out[order].code if order in day.left_out else why_nowhere(day, order)
        for order in asked - served
    }
    if asked & served:
        moves = await asyncio.to_thread(moves_of, day, plan)
        # Where the gate has refused it, or where it stays, it is not tried four times a second.
        placed = await publish(node, book, moves, "placed") if moves else frozenset()
        left |= dict.fromkeys((asked & served) - placed, "no_room")
    return left


def served_by(day: Daily, plan: Plan) -> set[str]:
    """The orders that have a place."""
    return {day.tasks[index].order for route in plan.routes for index in route}


def around(book: Book, date: str, promises: list[Promise], now: int) -> list[Promise]:
    """Those that are planned together: all, or on a date too large for one go those nearest to the first."""
    if not too_large(book, date, now):
        return promises
    centre = promises[0].need.point
    return sorted(promises, key=lambda each: distance_m(centre, each.need.point))[: CREW // 3]


def too_large(book: Book, date: str, now: int) -> bool:
    """Whether a date has too many visits and technicians to know the drives between all of them."""
    stops = sum(len(day.stops) for day in book.of_date(date).values())
    return max(stops, len(book.wanted_on(date, now))) + 2 * len(book.technicians) > SIZE_MOST


def day_of(node: Node, book: Book, date: str, now: int, asked: Sequence[str] = ()) -> Daily:
    """A date of the region as a problem; of one that is too large the part around what is asked for."""
    technicians, days, wanted = list(book.technicians.values()), book.of_date(date), book.wanted_on(date, now)
    if too_large(book, date, now) and wanted:
        first = next((each for each in wanted if each.order in asked), wanted[now % len(wanted)])
        technicians = nearest(technicians, first.need.point)
        days = {id: day for each in technicians if (day := days.get(id := day_id(each.id, date))) is not None}
        theirs = {stop.order for day in days.values() for stop in day.stops} | set(asked)
        wanted = [each for each in wanted if each.order in theirs]
    return daily(
        date,
        technicians,
        days,
        wanted,
        book.policy,
        book.region.timezone,
        now,
        node.travels.on(book.ground),
    )


def nearest(technicians: list[Technician], centre: Point) -> list[Technician]:
    """The technicians who live nearest to a place."""
    return sorted(technicians, key=lambda each: distance_m(centre, each.home))[:CREW]


def why_nowhere(day: Daily, order: str) -> str:
    """Why a promise has no place, as a code."""
    index = next((at for at, task in enumerate(day.tasks) if task.order == order), None)
    if index is None or not day.rows:
        return "nobody_works"
    return "no_room" if day.problem.allowed[:, index].any() else "nobody_fit"


async def publish(node: Node, book: Book, moves: tuple[Move, ...], reason: str) -> frozenset[str]:
    """Write the planner's moves; returns the orders that the gate has not refused.

    Those that somebody was faster with are left out by the gate: the next look shows how they stand.
    """
    reply = await submit(node, book.region.id, PublishPlan(moves=moves, reason=reason))
    if reply is None:
        outrun = node.hub.heads.get(book.region.id, 0) > book.head
        return frozenset(each.order for each in moves if outrun)
    refused = {each["params"]["order"] for each in reply.warnings if each["code"] == "move_refused"}
    return frozenset(each.order for each in moves) - refused


def marks_of(book: Book, found: Iterable[Threat], nowhere: Mapping[str, str], now: int) -> list[PromiseMark]:
    """What to say on the orders: which promises can't be kept, and which can be again."""
    wanted: dict[str, tuple[str, int | None]] = {each.order: (each.reason, each.minutes) for each in found}
    wanted |= {order: (reason, None) for order, reason in nowhere.items()}
    wanted |= {each.order: ("window_passed", None) for each in missed(book, now)}
    marks = []
    for order, promise in book.promises.items():
        reason, minutes = wanted.get(order, (None, None))
        stands = (promise.unkept.reason, promise.unkept.minutes) if promise.unkept else (None, None)
        # Minutes that only grow by the clock are not news every quarter of a minute.
        same = stands[0] == reason and abs((stands[1] or 0) - (minutes or 0)) < 5
        if not same:
            marks.append(PromiseMark(order=order, reason=reason, minutes=minutes))
    return marks


def missed(book: Book, now: int) -> Iterator[Promise]:
    """The promises whose hour is over without anybody there: nobody was sent, or he never left on a day that is over."""
    for each in book.promises.values():
        never_left = each.status == "accepted" and each.day not in book.days
        if each.window.end <= now and (each.technician is None or never_left):
            yield each


async def submit(
    node: Node, region: str, command: MarkPromises | PublishPlan | RouteDay
) -> codec.Reply | None:
    """An act of the system; None where it was refused. One that comes too late is told in the log of this process."""
    if not await node.leases.held(JOB, region):
        return None
    act = Act(id=clock.new_id(), actor=SYSTEM, at=clock.now_ms(), command=command, region=region)
    try:
        return await asyncio.wrap_future(node.executor.submit(act))
    except Rejected as rejected:
        log.info("planner refused", extra={"act": type(command).__name__, "code": rejected.code})
        return None
