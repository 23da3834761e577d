"""Searches for a plan that a person has asked for: told about while they run, stopped from any node."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from dataclasses import replace

import msgspec

from dispatcher_app import clock, codec
from dispatcher_app.domain import role
from dispatcher_app.domain.act import Actor, Rejected
from dispatcher_app.domain.calendar import DAY_MS, is_date, local_date, next_date
from dispatcher_app.domain.command import Absence
from dispatcher_app.domain.entity import PLATFORM
from dispatcher_app.domain.region import Region
from dispatcher_app.domain.technician import Leave, Technician
from dispatcher_app.planning import absence as away
from dispatcher_app.planning import wire
from dispatcher_app.planning.daily import Daily, Wanted, daily
from dispatcher_app.planning.problem import Plan
from dispatcher_app.planning.proposal import Choice, PlanRun, Proposal, proposal
from dispatcher_app.server.node import Node
from dispatcher_app.server.planner.book import Book
from dispatcher_app.server.planner.hand import Hand, NoPlan
from dispatcher_app.server.store import record
from dispatcher_app.server.store import run as kept
from dispatcher_app.server.store.database import Cursor

log = logging.getLogger(__name__)

TELL_S = 0.5
"""So often a search says how far it is, and looks whether it is to stop."""
SECONDS = (1.0, 300.0)
DAYS_MOST = 14
AHEAD = 60
"""So many days ahead a plan may be searched."""
LOST_MS = 15_000
"""A search that has not been told about for so long has died with its node."""


class RunAsked(msgspec.Struct, kw_only=True):
    """What to search: a date's plan, or ways to go on without a technician. `dispatched`: told ones may be re-sent."""

    region: str
    date: str = ""
    seconds: float = 20.0
    dispatched: bool = False
    absence: Absence | None = None


class Search:
    """One search in this node; ends by itself, by the stop button of any desk, or with the node."""

    def __init__(self, node: Node, hand: Hand, run: PlanRun) -> None:
        self.node, self.hand, self.run = node, hand, run
        self.stopped = False
        self._told_at = 0.0

    async def tell(self, **changes: object) -> None:
        """Keep how far it is; hear whether somebody wants it stopped."""
        self.run = replace(self.run, **changes)  # type: ignore[arg-type]
        body = codec.encode(self.run).decode()
        now = clock.now_ms()

        def keep(cursor: Cursor) -> bool:
            kept.save(cursor, self.run.id, self.run.region, self.run.by, now, body)
            found = kept.found(cursor, self.run.id)
            return found is not None and bool(found[3])

        self.stopped = await asyncio.wrap_future(self.node.executor.run(keep)) or self.stopped

    async def plan(self, day: Daily, seconds: float, routes: list[list[int]] | None, before_s: float) -> Plan:
        """Improve one date, telling about it."""
        last: list[wire.Told] = []

        def told(progress: wire.Told) -> bool:
            last[:] = [progress]
            return not self.stopped

        async def pass_on() -> None:
            while True:
                # Also without news, while another search has its turn or the compiler: it is not lost.
                progress = last[0] if last else None
                await self.tell(**(heard_of(self.run, progress, before_s) if progress else {}))
                await asyncio.sleep(TELL_S)

        telling = asyncio.create_task(pass_on())
        try:
            return await self.hand.improve(day.problem, routes, seconds, told=told)
        finally:
            telling.cancel()
            await asyncio.gather(telling, return_exceptions=True)


def heard_of(run: PlanRun, progress: wire.Told, before_s: float) -> dict[str, object]:
    """What a search tells of the improver's progress."""
    return {
        "gone_s": before_s + progress.seconds,
        "objective_s": progress.objective,
        "first_s": run.first_s if run.first_s is not None else progress.objective,
        "unserved": progress.unserved,
    }


def begin(asked: RunAsked, by: str, timezone: str, now: int) -> PlanRun:
    """The search as it begins; raises Rejected for what can't be searched."""
    low, high = SECONDS
    if not low <= asked.seconds <= high:
        raise Rejected("invalid", "seconds", detail=f"{low:g} to {high:g}")
    today = local_date(now, timezone)
    if asked.absence is None:
        if asked.date and not is_date(asked.date):
            raise Rejected("date_invalid", "date")
        dates: tuple[str, ...] = (asked.date or today,)
    else:
        start, end = max(asked.absence.start, now), asked.absence.end
        if end <= start or end - start > DAYS_MOST * DAY_MS or start > now + AHEAD * DAY_MS:
            raise Rejected("span_invalid", "absence")
        first, last = local_date(start, timezone), local_date(end - 1, timezone)
        dates = tuple(date for each in range(DAYS_MOST + 1) if (date := next_date(first, each)) <= last)
    if not today <= dates[0] <= next_date(today, AHEAD):
        raise Rejected("date_invalid", "date")
    return PlanRun(
        id=clock.new_id(), region=asked.region, kind="day" if asked.absence is None else "absence", by=by,
        begun_at=now, dates=dates, seconds=asked.seconds, absence=asked.absence,
    )  # fmt: skip


async def search(task: Search, *, dispatched: bool) -> None:
    """Search to the end; whatever happens is told, and the plan in force stays as it is."""
    try:
        now = clock.now_ms()
        book = await asyncio.to_thread(known, task.node, task.run.region, now)
        find = absence_proposals if task.run.kind == "absence" else day_proposals
        found = await find(task, book, now, dispatched)
        await task.tell(state="done", proposals=found)
    except NoPlan as error:
        await task.tell(state="failed", detail=str(error))
    except Rejected as rejected:
        await task.tell(state="failed", detail=rejected.code)


def known(node: Node, region: str, now: int) -> Book:
    """The region as it is now; raises Rejected where there is none."""
    with node.database.reading() as cursor:
        found = record.load(cursor, "region", region)
        if not isinstance(found, Region):
            raise Rejected("not_found", "region", kind="region", id=region)
        book = Book(region=found)
        book.refresh(cursor, now)
    return book


def date_of(
    node: Node,
    book: Book,
    date: str,
    now: int,
    technicians: list[Technician] | None = None,
    resend: Callable[[str], bool] = lambda _: False,
) -> Daily:
    """A date as a problem in which those dispatched visits may move that `resend` names."""
    again = {
        each.order: book.wanted(each)
        for each in book.promises.values()
        if each.technician is not None and each.status == "accepted" and resend(each.order)
    }
    days = book.of_date(date)
    here = {stop.order for day in days.values() for stop in day.stops}
    moved: dict[str, Wanted] = {order: wanted for order, wanted in again.items() if order in here}
    return daily(
        date,
        technicians if technicians is not None else book.technicians.values(),
        days,
        book.wanted_on(date, now),
        book.policy,
        book.region.timezone,
        now,
        node.travels.on(book.ground),
        resend=moved,
    )


async def day_proposals(task: Search, book: Book, now: int, dispatched: bool) -> tuple[Proposal, ...]:
    """The best plan of a date that could be found."""
    date = task.run.dates[0]
    day = await asyncio.to_thread(date_of, task.node, book, date, now, None, lambda _: dispatched)
    plan = await task.plan(day, task.run.seconds, [list(route) for route in day.routes], 0.0)
    return (await asyncio.to_thread(proposal, "best", [day], [plan], [day]),)


async def absence_proposals(task: Search, book: Book, now: int, dispatched: bool) -> tuple[Proposal, ...]:
    """Three ways to go on without a technician; told visits of his may go to others, those of others only if wanted."""
    missing = task.run.absence
    assert missing is not None
    if missing.technician not in book.technicians:
        raise Rejected("not_found", "technician", kind="technician", id=missing.technician)
    leave = Leave(missing.leave, missing.start, missing.end, missing.reason)
    people = away.on_leave(book.technicians.values(), missing.technician, leave)
    his = set(away.hit(book.days, missing.technician, leave, now))
    days = [
        await asyncio.to_thread(
            date_of, task.node, book, date, now, people, lambda order: dispatched or order in his
        )
        for date in task.run.dates
    ]
    share = max(0.5, task.run.seconds / max(1, len(days)) / 3)
    choices: tuple[Choice, ...] = ("least_late", "least_driving", "fewest_calls")
    gone, found = 0.0, []
    for choice in choices:
        aims = [away.ways(day)[choice] for day in days]
        plans = []
        for at, aim in enumerate(aims):
            plan = await task.plan(aim, share, [list(route) for route in aim.routes], gone)
            gone += share
            if choice == "least_late" and plan.unserved:
                aims[at] = away.later(aim, plan.unserved)
                plan = await task.plan(aims[at], share / 2, [list(route) for route in plan.routes], gone)
            plans.append(plan)
        found.append(await asyncio.to_thread(proposal, choice, aims, plans, days))
    # Another aim may by chance have found a plan that fewer hear of: what is said of a way must be so.
    fewest = min(found, key=lambda each: (len(each.calls), each.after.moved + each.after.resent))
    return (*found[:-1], replace(fewest, choice="fewest_calls"))


def told(cursor: Cursor, id: str, actor: Actor, now: int) -> PlanRun:
    """How far a search is; raises Rejected where there is none in his regions, or whoever asks sends nobody."""
    found = kept.found(cursor, id)
    if found is None or found[0] not in actor.regions or found[0] == PLATFORM:
        raise Rejected("not_found", "run", kind="plan_run", id=id)
    role.require(actor, role.DISPATCHES, found[0])
    run: PlanRun = codec.decode(found[4].encode(), PlanRun)
    if run.state == "searching" and now - found[2] > LOST_MS:
        return replace(run, state="lost")
    return run
