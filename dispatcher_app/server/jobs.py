"""Everything that a node does by itself as long as it runs, begun in one place."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path

from dispatcher_app import clock
from dispatcher_app.server import (
    ageing,
    alarm,
    autodispatch,
    invoices,
    job,
    phone,
    presence,
    remitting,
    repay,
    settling,
)
from dispatcher_app.server.files import clean, finish
from dispatcher_app.server.lease import RENEW_S, once
from dispatcher_app.server.node import Node
from dispatcher_app.server.notices import work as telling
from dispatcher_app.server.pay import collect, fetch
from dispatcher_app.server.planner import better, keep, legs
from dispatcher_app.server.planner.keep import Keeping
from dispatcher_app.server.position import EVERY_S
from dispatcher_app.server.traffic import WATCH_S, Watch, learn, watch

Work = Callable[[], Awaitable[object]]


def begin(node: Node, keeping: Keeping, backups: Path | None) -> list[asyncio.Task[None]]:
    """The jobs of a node; whoever begins them cancels them.

    Those with a lease are done by one node of several; the planner and whoever dispatches take theirs by themselves.
    """
    memory, tried, begun = Watch(), autodispatch.Tried(), clock.now_ms()
    asking = repay.Asking()

    def alone(name: str, work: Work) -> Work:
        return once(node.leases, name, work)

    asked = invoices.Asking()

    def issue() -> Awaitable[int]:
        return invoices.issue(node.database, node.executor, node.vault, node.invoicing, asked)

    jobs: list[tuple[float, str, Work]] = [
        (RENEW_S, "leases", node.leases.renew),
        (telling.EVERY_S, "notices", alone("notices", lambda: telling.tell(node))),
        (job.UPLOADS_S, "finish_uploads", lambda: finish.finish_all(node)),
        (job.HOUSEKEEPING_S, "clean_files", lambda: clean.clean(node)),
        (EVERY_S, "positions", node.positions.pass_on),
        (presence.EVERY_S, "presence", node.presences.pass_on),
        (job.SEATS_S, "seats", lambda: job.check_seats(node)),
        (alarm.EVERY_S, "alarms", alone("alarms", lambda: alarm.ring(node))),
        (invoices.EVERY_S, "invoices", alone("invoices", issue)),
        (ageing.EVERY_S, "credit", alone("credit", lambda: ageing.age(node))),
        (repay.EVERY_S, "refunds", alone("refunds", lambda: repay.repay_all(node, asking))),
        (collect.EVERY_S, "payments", alone("payments", lambda: fetch.collect_all(node))),
        (fetch.EVERY_S, "bills", alone("bills", lambda: fetch.fetch(node))),
        (autodispatch.EVERY_S, "dispatch", lambda: autodispatch.dispatch(node, tried)),
        (settling.EVERY_S, "settlements", lambda: settling.settle(node)),
        (remitting.EVERY_S, "payouts", lambda: remitting.remit(node)),
        (WATCH_S, "travel_sources", lambda: watch(node, memory)),
        (job.HOUSEKEEPING_S, "traffic", alone("traffic", lambda: learn(node))),
        (job.HOUSEKEEPING_S, "keep_house", lambda: job.keep_house(node, backups)),
    ]
    if node.practice:
        jobs.append((phone.EVERY_S, "phones", alone("phones", lambda: phone.answer(node, begun))))
    if node.keeps_plan:
        jobs += [
            (keep.EVERY_S, "plan", lambda: keep.keep(node, keeping)),
            (better.EVERY_S, "better_plan", lambda: better.better(node, keeping)),
            (legs.EVERY_S, "legs", lambda: legs.refine(node, keeping)),
        ]
    return [asyncio.create_task(job.every(*each)) for each in jobs]
