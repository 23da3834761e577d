"""Sending what was planned: districts first where they are new, then all orders in one request."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from dispatcher_app.client import bulk
from dispatcher_app.client.api import Offline
from dispatcher_app.client.state import Accepted
from dispatcher_app.client.worker import Worker
from dispatcher_app.domain import role
from dispatcher_app.domain.act import Rejected
from dispatcher_app.domain.command import SaveRegion
from dispatcher_app.intake import sentence
from dispatcher_app.intake.normal import BadRow
from dispatcher_app.intake.order import Plan, refusal
from dispatcher_app.text import t
from ui.intake import field
from ui.intake.table import Fate

if TYPE_CHECKING:
    from dispatcher_app.client.session import Session


@dataclass(frozen=True, slots=True)
class Sent:
    """What the server did with every order, or the sentence why nothing happened."""

    fates: tuple[Fate, ...] = ()
    imported: int = 0
    there: int = 0
    refused: tuple[BadRow, ...] = ()
    trouble: str = ""


async def send(session: Session, plan: Plan, worker: Worker) -> Sent:
    """Import a plan; whatever goes wrong is a sentence, and then no order is saved."""
    try:
        if plan.districts and role.holds(session.actor, role.ADMINISTERS):
            await _add_districts(session, plan)
        orders = [bulk.Numbered(each.act, each.command) for each in plan.orders]
        body = await worker.run(bulk.packed, orders, session.region_id, session.now())
        results = await session.import_orders(body)
    except Offline:
        return Sent(trouble=t("The server can't be reached. Import again later: no order comes in twice."))
    except bulk.TooMany:
        return Sent(
            trouble=t("These are too many orders for one go. Split the file, or import it on the server.")
        )
    except Rejected as rejected:
        return Sent(trouble=sentence.of_reason(refusal(rejected)))
    fates = [_fate(each.line, each.command.external_id, answer)
             for each, answer in zip(plan.orders, results, strict=True)]  # fmt: skip
    there = sum(answer.there for answer in results)
    refused = tuple(
        BadRow(each.line, (refusal(no),))
        for each, answer in zip(plan.orders, results, strict=True)
        if (no := answer.refusal) is not None
    )
    fates += [_there(line) for line in plan.there]
    return Sent(
        fates=tuple(sorted((*fates, *refused_fates(plan.refused)), key=lambda each: each.line)),
        imported=len(results) - there - len(refused),
        there=there,
        refused=refused,
    )


async def _add_districts(session: Session, plan: Plan) -> None:
    """Give the region its new districts; raises Rejected or Offline."""
    region = session.region
    known = {each.id for each in region.districts} if region else set()
    new = tuple(each for each in plan.districts if each.id not in known)
    if region is None or not new:
        return
    if session.link.state != "online":
        raise Offline("not connected")
    made = session.submit(SaveRegion(saved=replace(region, districts=(*region.districts, *new))))
    outcome = await made.outcome
    if not isinstance(outcome, Accepted):
        raise Rejected("edited_meanwhile", "districts")


def refused_fates(refused: Iterable[BadRow]) -> tuple[Fate, ...]:
    """The refused rows as the table shows them."""
    return tuple(
        Fate(
            row.line,
            "",
            t("refused"),
            "red",
            "error",
            " ".join(_said(each.field, sentence.of_reason(each)) for each in row.reasons),
        )
        for row in refused
    )


def _fate(line: int, number: str, answer: bulk.Result) -> Fate:
    if answer.there:
        return replace(_there(line), number=number)
    if (rejected := answer.refusal) is not None:
        why = _said(rejected.field or "", sentence.of_reason(refusal(rejected)))
        return Fate(line, number, t("refused"), "red", "error", why)
    return Fate(line, number, t("imported"), "green", "success")


def _there(line: int) -> Fate:
    return Fate(line, "", t("already here"), "grey", "info")


def _said(name: str, words: str) -> str:
    return f"{field.name(name)}: {words}" if name else words
