"""What a technician's phone asks about his credit: the score, what it is made of, and what he may appeal against."""

from __future__ import annotations

from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from dispatcher_app import clock
from dispatcher_app.domain.calendar import DAY_MS
from dispatcher_app.domain.money.credit import Credit, CreditStep, counted, level
from dispatcher_app.domain.region import Policy
from dispatcher_app.domain.technician import Technician
from dispatcher_app.server import ask
from dispatcher_app.server.answer import answer
from dispatcher_app.server.mine import technician_of
from dispatcher_app.server.request import read
from dispatcher_app.server.store import record
from dispatcher_app.server.store.database import Cursor


async def credit(request: Request) -> Response:
    """GET /mine/credit: his own; who has decided he is not told."""
    technician = await technician_of(request)
    return answer(await read(request, lambda cursor: shown(cursor, technician, clock.now_ms())))


def shown(cursor: Cursor, technician: Technician, now: int) -> dict[str, Any]:
    """His score, level and steps, the latest first."""
    policy = ask.policy(cursor)
    found = record.load(cursor, Credit.kind, technician.id)
    steps = found.steps if isinstance(found, Credit) else ()
    counts = {each.id for each in counted(steps, policy, now)}
    return {
        "time": now, "score": technician.credit, "level": level(technician.credit, policy),
        "start": policy.credit_start, "days": policy.credit_days, "orders": policy.credit_orders,
        "steps": [told(each, each.id in counts, policy, now) for each in reversed(steps)],
    }  # fmt: skip


def told(step: CreditStep, counts: bool, policy: Policy, now: int) -> dict[str, Any]:
    """One step; until when he may appeal against it, None where he may not."""
    appeal = step.appeal
    until = step.at + policy.credit_appeal_days * DAY_MS
    open_ = step.points < 0 and not step.void and appeal is None and step.cause != "carried_over" and now <= until
    return {
        "step": step.id, "cause": step.cause, "points": step.points, "number": step.number, "at": step.at,
        "about": step.about if step.cause == "stars" else "", "why": step.why, "counts": counts, "void": step.void,
        "appeal_until": until if open_ else None,
        "appeal": None if appeal is None else {
            "at": appeal.at, "reason": appeal.reason, "state": appeal.state, "answer": appeal.answer,
        },
    }  # fmt: skip
