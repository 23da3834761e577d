"""What the screen of plans says of a search, of what it found, and of what came of publishing it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dispatcher_app.domain.act import Rejected
from dispatcher_app.planning.proposal import PlanRun, Proposal
from dispatcher_app.text import t
from ui import format, name
from ui.plan.left import Left, others
from ui.plan.publish import Published

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dispatcher_app.client.session import Session


def summary(session: Session, run: PlanRun, chosen: Proposal) -> str:
    """What was searched and when, and how driving times were known."""
    notes = name.sentences(session, chosen.notes)
    travel = notes or t("Driving times: {whence}", whence=_source(chosen.source))
    return t("; ").join((_searched(session, run), travel))


def _searched(session: Session, run: PlanRun) -> str:
    timezone = name.timezone(session)
    begun, away = format.clock(run.begun_at, timezone), run.absence
    if away is None:
        date = name.said(session, {"date": run.dates[0]})["date"]
        return t("{date}, searched at {time}", date=date, time=begun)
    span = format.window(away.start, away.end, session.now(), timezone)
    who = name.technician(session, away.technician)
    return t(
        "{name} away {span} ({reason}), searched at {time}",
        name=who,
        span=span,
        reason=away.reason,
        time=begun,
    )


def _source(code: str) -> str:
    match code:
        case "estimate":
            return t("estimated from straight lines##travel")
        case "road":
            return t("by the road map##travel")
        case _:
            return t("by {provider}##travel", provider=name.provider(code))


def failure(session: Session, run: PlanRun) -> str:
    """Why a search came to nothing: the sentence of a refusal's code, else what the machine said."""
    why = name.refusal(session, Rejected(run.detail)) if run.detail.isidentifier() else run.detail
    return t("No plan was found ({detail}). The plan in force stays as it is.", detail=why)


def published(session: Session, answer: Published, left: Sequence[Left]) -> str:
    """What is in force now, and how much of it is not."""
    said = [
        t(
            "Published: {n} visits moved. Ctrl+Alt+Z takes it all back.",
            n=format.count(answer.moves - len(left)),
        )
    ]
    skipped = sum(each.skipped for each in left)
    if skipped:
        said.append(
            t(
                "{n} were changed by somebody since the search and stay as they are; search again for those.",
                n=format.count(skipped),
            )
        )
    if refused := len(left) - skipped:
        said.append(t("{n} would break a rule by now and stay as they were.", n=format.count(refused)))
    if rest := others(session, answer.warnings):
        said.append(rest)
    return " ".join(said)
