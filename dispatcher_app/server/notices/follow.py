"""Following the log: every act becomes the notices it takes, once, whoever committed it and whatever falls over."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

from dispatcher_app import clock, codec
from dispatcher_app.domain.day import Day, day_id
from dispatcher_app.domain.entity import PLATFORM
from dispatcher_app.domain.order import Order
from dispatcher_app.server.executor import Executor
from dispatcher_app.server.notices.news import SILENT, News, news
from dispatcher_app.server.store import notice as store
from dispatcher_app.server.store import record
from dispatcher_app.server.store.database import Cursor, Database
from dispatcher_app.server.store.notice import Kept, Told

PAGE = 200
"""Acts turned into notices in one transaction of the writer."""


async def follow(database: Database, executor: Executor, *, public: bool) -> int:
    """Make the notices of everything that is new in the logs; returns how many acts were read."""

    def waiting() -> list[tuple[str, int, int]]:
        with database.reading() as cursor:
            return store.behind(cursor, PLATFORM)

    read = 0
    for log, at, head in await asyncio.to_thread(waiting):
        while at < head:
            upto = min(head, at + PAGE)
            if not await asyncio.wrap_future(executor.run(part(log, at, upto, public))):
                break
            read += upto - at
            at = upto
    return read


def part(log: str, at: int, upto: int, public: bool) -> Callable[[Cursor], bool]:
    """The writer's work for a part of a log; it gives False where another node is at it."""

    def work(cursor: Cursor) -> bool:
        if not store.advance(cursor, log, at, upto):
            return False
        for told in store.told(cursor, log, at, upto, SILENT):
            tell(cursor, told, clock.now_ms(), public)
        return True

    return work


def tell(cursor: Cursor, told: Told, now: int, public: bool) -> None:
    """Keep the notices of one act; an undoing one corrects whatever its former act has told."""
    silent: set[tuple[str, str]] = set()
    former: dict[tuple[str, str, str], str] = {}
    if told.undoes is not None:
        silent = set(store.withdraw(cursor, told.undoes))
        former = {
            (each.order, each.party, each.recipient): each.what for each in store.of_act(cursor, told.undoes)
        }
    for before, body in told.orders:
        after = order_of(body)
        found = news(told.actor, order_of(before) if before is not None else None, after, now)
        due = [each for each in found if public or each.what != "message"]
        heard = {(each.party, each.recipient) for each in due}
        due += [
            News(party, recipient, "status")
            for order, party, recipient in former
            if order == after.id and (party, recipient) not in heard
        ]
        store.add(
            cursor,
            [
                kept(cursor, told, part, after, each, now, former.get((after.id, each.party, each.recipient)))
                for part, each in enumerate(due)
                if (each.party, each.recipient) not in silent
                or (after.id, each.party, each.recipient) in former
            ],
        )


def order_of(body: str) -> Order:
    """An order as the log has it."""
    found = codec.entity("order", body)
    assert isinstance(found, Order)
    return found


def kept(
    cursor: Cursor, told: Told, part: int, order: Order, each: News, now: int, corrects: str | None
) -> Kept:
    """A notice to be sent; its id is the same whoever makes it."""
    id = clock.derived_id("notice", told.act, order.id, each.party, each.recipient, each.what)
    return Kept(
        id=id, region=order.region, order=order.id, act=told.act, seq=told.seq, part=part,
        party=each.party, recipient=each.recipient, what=each.what, corrects=corrects,
        params=with_arrival(cursor, each.params), next_at=now, at=now,
    )  # fmt: skip


def with_arrival(cursor: Cursor, params: dict[str, Any]) -> dict[str, Any]:
    """What is said of a departure with the time of arrival as it is planned: by the stop, else by the window."""
    on = params.get("day")
    if "day" not in params:
        return params
    rest = {name: value for name, value in params.items() if name != "day"}
    day = record.load(cursor, "day", day_id(params["technician"], on)) if on else None
    stop = day.stop_of(params["order"]) if isinstance(day, Day) else None
    rest.pop("order", None)
    arrival = stop.start if stop is not None else params.get("from")
    return {**rest, "eta": arrival} if arrival is not None else rest
