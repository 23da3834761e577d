"""The practice city's technicians look at their phones: without them nobody would answer an offer there."""

from __future__ import annotations

import asyncio
import logging

from dispatcher_app import clock
from dispatcher_app.domain.act import Act, Rejected
from dispatcher_app.domain.command import AcceptOrder
from dispatcher_app.server import ask
from dispatcher_app.server.node import Node
from dispatcher_app.server.store import awaiting

log = logging.getLogger(__name__)

EVERY_S = 2.0


async def answer(node: Node, since: int) -> None:
    """The city's technicians answer what they are asked after a moment (UTC ms): what is asked before it, waits.

    Whoever sits down in the city finds the offers it was made with, and answers those on their behalf.
    """
    from dispatcher_app.simulator import answer as phones
    from dispatcher_app.simulator.quarter import REGION

    def due() -> list[Act]:
        made = []
        with node.database.reading() as cursor:
            figures, now = ask.policy(cursor), clock.now_ms()
            orders = [each for each in awaiting.offered_now(cursor, REGION) if each.steps[-1].at > since]
            for question in (one for each in orders for one in phones.asked(each, figures)):
                order, who = question.order, question.technician
                command = phones.said(question, question.start or now, now)
                if command is None:
                    continue
                if question.start is None and isinstance(command, AcceptOrder):
                    found = ask.ranking(
                        cursor, order.id, [order.region], plans=node.plans, travels=node.travels
                    ).eligible
                    start = next((each.start for each in found if each.technician == who), None)
                    command = phones.said(question, start, now)
                if command is not None:
                    id = clock.derived_id("practice answer", order.id, who, str(question.since))
                    actor = phones.speaker(who, order.region)
                    made.append(Act(id=id, actor=actor, at=now, command=command, region=order.region))
        return made

    for act in await asyncio.to_thread(due):
        try:
            await asyncio.wrap_future(node.executor.submit(act))
        except Rejected as rejected:
            log.info("practice answer refused", extra={"act": act.id, "code": rejected.code})
