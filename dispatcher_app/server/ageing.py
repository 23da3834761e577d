"""Credit that grows old: what has been counted for long enough counts no more, whoever looks."""

from __future__ import annotations

import asyncio
import logging

from dispatcher_app import clock
from dispatcher_app.domain.act import SYSTEM, Act, Rejected
from dispatcher_app.domain.command import AgeCredit
from dispatcher_app.domain.entity import PLATFORM
from dispatcher_app.domain.money.credit import Credit
from dispatcher_app.domain.region import Policy, Region
from dispatcher_app.domain.rule.conduct import settled
from dispatcher_app.domain.technician import Technician
from dispatcher_app.server import ask
from dispatcher_app.server.node import Node
from dispatcher_app.server.store import record
from dispatcher_app.server.store.database import Cursor, Database

log = logging.getLogger(__name__)

EVERY_S = 1800.0


def due_acts(cursor: Cursor, region: str, policy: Policy, now: int) -> list[Act]:
    """What has to be counted anew in a region; whoever makes such an act makes the same one."""
    acts, people = [], {each.id: each for each in record.load_all(cursor, Technician.kind, region)}
    for credit in record.load_all(cursor, Credit.kind, region):
        technician = people.get(credit.id)
        if not isinstance(credit, Credit) or not isinstance(technician, Technician):
            continue
        if settled(credit, technician, policy, now) != (credit,):
            id = clock.derived_id("age-credit", credit.id, str(credit.version), str(policy.version))
            acts.append(
                Act(id=id, actor=SYSTEM, at=now, command=AgeCredit(technician=credit.id), region=region)
            )
    return acts


def regions(database: Database) -> list[str]:
    """Every region of the company."""
    with database.reading() as cursor:
        return [each.id for each in record.load_all(cursor, Region.kind, PLATFORM)]


def found(database: Database, region: str) -> list[Act]:
    """What is due in a region now."""
    with database.reading() as cursor:
        return due_acts(cursor, region, ask.policy(cursor), clock.now_ms())


async def age(node: Node) -> int:
    """Count anew what has changed by time or by another policy; returns how many technicians that were."""
    done = 0
    for region in await asyncio.to_thread(regions, node.database):
        for act in await asyncio.to_thread(found, node.database, region):
            try:
                await asyncio.wrap_future(node.executor.submit(act))
                done += 1
            except Rejected as rejected:
                log.info("credit stays", extra={"technician": act.command.technician, "code": rejected.code})
    return done
