"""A proposal becomes the plan in force: one act, whose outcome is told only once the server has spoken."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from dispatcher_app.client.state import Accepted, Refused
from dispatcher_app.domain.act import Rejected
from dispatcher_app.domain.command import PublishPlan
from dispatcher_app.planning.proposal import PlanRun, Proposal
from ui import name

if TYPE_CHECKING:
    from dispatcher_app.client.session import Session


@dataclass(frozen=True, slots=True)
class Published:
    """What was published and what the server remarked about it."""

    moves: int
    warnings: tuple[dict[str, Any], ...]


async def publish(session: Session, run: PlanRun, chosen: Proposal, reason: str) -> Published | str:
    """Publish a proposal; the sentence of the refusal where a rule says no."""
    command = PublishPlan(moves=chosen.moves, reason=reason, absence=run.absence)
    try:
        made = session.submit(command)
        await made.saved
    except Rejected as rejected:
        return name.refusal(session, rejected)
    match await made.outcome:
        case Accepted(reply):
            return Published(len(chosen.moves), tuple(reply.warnings))
        case Refused(refusal):
            return name.refusal(session, refusal)
        case parked:
            return name.reason(parked.reason)
