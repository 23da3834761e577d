"""Orders given back and passed on (转单): the technician asks, another agrees in time, or a supervisor decides."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from dispatcher_app.domain import life, role
from dispatcher_app.domain.act import Act, Change, Rejected, World
from dispatcher_app.domain.calendar import MINUTE_MS
from dispatcher_app.domain.command import (
    AnswerTransfer,
    AskTransfer,
    AssignTechnician,
    DropOrder,
    ExpireTransfer,
    ForceTransfer,
)  # fmt: skip
from dispatcher_app.domain.matching import unfit
from dispatcher_app.domain.order import Order, Transfer
from dispatcher_app.domain.rule.dispatching import ASSIGNING, freed, own, place, remembered, taken
from dispatcher_app.domain.rule.facts import (  # fmt: skip
    changed_meanwhile,
    coded,
    in_region,
    may,
    policy_of,
    stepped,
)
from dispatcher_app.domain.rule.standing import needs_of, stop_of
from dispatcher_app.domain.technician import Technician

ASKING = ASSIGNING | {"ask_transfer", "expire_transfer", "depart"}


def standing(order: Order, technician: str) -> None:
    """Raises Rejected where another technician has the order by now."""
    if order.technician != technician:
        raise changed_meanwhile(
            order, "technician", ASSIGNING, technician=order.technician, status=order.status
        )


def running(order: Order, to: str) -> Transfer:
    """The request to that technician; raises Rejected where it has been answered, ended or goes to another."""
    if order.transfer is None or order.transfer.to != to:
        raise changed_meanwhile(order, "to", ASKING, technician=order.technician, status=order.status)
    return order.transfer


def drop(command: DropOrder, act: Act, world: World, now: int) -> Change:
    """He gives it back before he has departed; the hour is free, somebody else must be found."""
    order = in_region(world, Order, command.order, "order", act.region)
    may(order, "drop", act)
    standing(order, command.technician)
    own(act, command.technician)
    reason = coded(command.reason, "reason")
    stop = stop_of(world, order)
    after = stepped(order, act, "drop", "pending", technician=command.technician, reason=reason)
    after = taken(after, technician=None, planned_on=None, transfer=None, offer=remembered(order))
    undo = None
    if stop is not None:
        undo = AssignTechnician(
            order=order.id, technician=command.technician, start=stop.start, pinned=stop.pinned,
            helpers=order.helpers,
        )  # fmt: skip
    return Change(after=(after, *freed(world, order, now)), undo=undo)


def ask(command: AskTransfer, act: Act, world: World, now: int) -> Change:
    """He asks another, who could do it, to take the order; it stays his until that one has agreed."""
    order = in_region(world, Order, command.order, "order", act.region)
    may(order, "ask_transfer", act)
    standing(order, command.from_technician)
    own(act, command.from_technician)
    if command.to == command.from_technician:
        raise Rejected("same_technician", "to")
    if order.transfer is not None and order.transfer.expires_at > now:
        raise Rejected("transfer_open", "to", technician=order.transfer.to)
    other = in_region(world, Technician, command.to, "to", act.region)
    stop = stop_of(world, order)
    if broken := unfit(other, needs_of(world, order), stop.start if stop else now):
        raise Rejected(
            "technician_unfit", "to", technician=other.id, overridable=False,
            broken=[{"code": each.code, "params": each.params} for each in broken],
        )  # fmt: skip
    reason = coded(command.reason, "reason")
    expires_at = now + policy_of(world).transfer_expires * MINUTE_MS
    asked = Transfer(to=other.id, reason=reason, asked_at=act.at, expires_at=expires_at)
    after = replace(order, transfer=asked, transfers=order.transfers + 1)
    after = stepped(
        after, act, "ask_transfer", None, technician=other.id, reason=reason, **{"from": order.technician}
    )
    return Change(after=(after,), undo=AnswerTransfer(order=order.id, to=other.id, agreed=False))


def answer(command: AnswerTransfer, act: Act, world: World, now: int) -> Change:
    """The other agrees, and the order is his with its promises, or he does not; who asked may take it back."""
    order = in_region(world, Order, command.order, "order", act.region)
    life.require(order.status, "answer_transfer", act.actor, act.region)
    asked = running(order, command.to)
    speakers = (command.to,) if command.agreed else (command.to, order.technician)
    if act.actor.kind == "technician" and act.actor.id not in speakers:
        raise Rejected("not_allowed", "to", action="answer_transfer", needs=sorted(role.DISPATCHES))
    if not command.agreed:
        after = stepped(
            replace(order, transfer=None), act, "answer_transfer", technician=command.to, agreed=False
        )
        return Change(after=(after,))
    if asked.expires_at <= now:
        raise Rejected("transfer_expired", None, technician=command.to)
    return passed(order, command.to, command.start, act, world, now, "answer_transfer", agreed=True)


def force(command: ForceTransfer, act: Act, world: World, now: int) -> Change:
    """A supervisor gives it to another, with a reason; the hard rules hold all the same."""
    order = in_region(world, Order, command.order, "order", act.region)
    may(order, "force_transfer", act)
    standing(order, command.from_technician)
    if command.to == command.from_technician:
        raise Rejected("same_technician", "to")
    reason = coded(command.reason, "reason")
    return passed(order, command.to, command.start, act, world, now, "force_transfer", reason=reason)


def passed(
    order: Order, to: str, start: int | None, act: Act, world: World, now: int, action: str, **params: Any
) -> Change:
    """The order with another technician, at the same start where none is said; the former one's hour is free."""
    former = stop_of(world, order)
    if start is None:
        start = former.start if former else now
    # Whoever comes along still does, with him; one who takes it over needs another one.
    helpers = tuple(each for each in order.helpers if each != to)
    target = taken(order, technician=to, helpers=helpers, planned_on=None, transfer=None)
    plan = place(world, act, target, now, start)
    released = {day.id: day for day in freed(world, order, now)} | {plan.day.id: plan.day}
    after = replace(target, planned_on=plan.day.date, offer=remembered(order))
    after = stepped(
        after, act, action, "accepted", technician=to, start=start, **{"from": order.technician}, **params
    )
    undo = None
    if former is not None and order.technician is not None:
        undo = AssignTechnician(
            order=order.id, technician=order.technician, from_technician=to, start=former.start,
            pinned=former.pinned, helpers=order.helpers,
        )  # fmt: skip
    return Change(after=(after, *released.values()), undo=undo, warnings=plan.warnings)


def expire(command: ExpireTransfer, act: Act, world: World, now: int) -> Change:
    """Nobody has answered in time, if it still is the same request: the order stays with whoever has it."""
    order = in_region(world, Order, command.order, "order", act.region)
    if act.actor.kind != "system":
        raise Rejected("not_allowed", None, action="expire_transfer", needs=["system"])
    may(order, "expire_transfer", act)
    asked = running(order, command.to)
    if asked.expires_at != command.expires_at or asked.expires_at > now:
        raise Rejected("transfer_running", None)
    after = stepped(replace(order, transfer=None), act, "expire_transfer", technician=command.to)
    return Change(after=(after,))
