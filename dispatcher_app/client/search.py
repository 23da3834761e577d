"""Searches for a plan, which the server makes: begun, asked how far they are, told that it is enough."""

from __future__ import annotations

import msgspec

from dispatcher_app.client.api import Api, NotLoggedIn, Offline, refusal_of
from dispatcher_app.client.question import asked
from dispatcher_app.domain.act import Rejected
from dispatcher_app.domain.command import Absence
from dispatcher_app.planning.proposal import PlanRun

BEGIN_S = 15.0
"""So long somebody waits for a search to begin, or to say how far it is, on a busy machine."""


class Sought(msgspec.Struct, frozen=True, kw_only=True):
    """What to search: a date's plan, or ways to go on without a technician. `dispatched`: told ones may be re-sent."""

    region: str
    date: str = ""
    seconds: float = 30.0
    dispatched: bool = False
    absence: Absence | None = None


class Told(msgspec.Struct, frozen=True):
    """How a search stands."""

    run: PlanRun


async def begin(api: Api | None, sought: Sought) -> PlanRun:
    """Begin a search; raises Offline, or Rejected for what can't be searched."""
    found: Told = await asked(api, "POST", "/plan/runs", Told, sought, BEGIN_S)
    return found.run


async def told(api: Api | None, id: str) -> PlanRun:
    """How far a search is, and what it has found; raises Offline, Rejected."""
    found: Told = await asked(api, "GET", f"/plan/runs/{id}", Told, timeout_s=BEGIN_S)
    return found.run


async def stop(api: Api | None, id: str) -> None:
    """The best plan so far will do; raises Offline, Rejected."""
    if api is None:
        raise Offline("not connected")
    try:
        answer = await api.ask("POST", f"/plan/runs/{id}/stop", timeout_s=BEGIN_S)
    except NotLoggedIn as error:
        raise Offline("logged out") from error
    if (refusal := refusal_of(answer)) is not None:
        raise Rejected(refusal.rejected, refusal.field, **refusal.params)
    if answer.status != 204:
        raise Offline(f"stop: {answer.status}")
