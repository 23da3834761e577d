"""Who goes: assign, reassign, unassign, and the offer to one technician with its countdown."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from dispatcher_app.domain import role
from dispatcher_app.domain.act import Act, Broken, Change, Rejected, World
from dispatcher_app.domain.calendar import DAY_MS, MINUTE_MS, local_date
from dispatcher_app.domain.catalogue import CREW_MOST
from dispatcher_app.domain.command import (
    AcceptOrder,
    AssignTechnician,
    DeclineOrder,
    ExpireOffer,
    OfferOrder,
    UnassignTechnician,
    WithdrawOffer,
)  # fmt: skip
from dispatcher_app.domain.day import Day, Stop
from dispatcher_app.domain.entity import changed
from dispatcher_app.domain.matching import OVERRIDABLE, made_room, routed, swept, unfit, unfree
from dispatcher_app.domain.order import Offer, Order
from dispatcher_app.domain.remark import despite, remarks
from dispatcher_app.domain.rule.facts import (
    changed_meanwhile,
    coded,
    day_of,
    in_region,
    may,
    policy_of,
    region_of,
    stepped,
    text,
)  # fmt: skip
from dispatcher_app.domain.rule.standing import needs_of, shared, stop_of, tentative_day
from dispatcher_app.domain.rule.talking import noted
from dispatcher_app.domain.technician import Technician

ASSIGNING = frozenset({
    "assign", "reassign", "unassign", "accept", "drop", "cancel", "change_appointment", "answer_transfer",
    "force_transfer", "new_visit",
})  # fmt: skip


WHY_MOST = 6


@dataclass(frozen=True, slots=True)
class Placed:
    """A technician's plan with the visit in it, and what must be said about it."""

    day: Day
    warnings: tuple[Broken, ...]


def written(world: World, day: Day, now: int) -> Day:
    """A plan as it is stored: without holds that have expired, its drives counted from the places before them."""
    technician = in_region(world, Technician, day.technician, "technician", day.region)
    return routed(swept(day, now), technician.home, policy_of(world), world.get(Day, day.id))


def freed(world: World, order: Order, now: int) -> tuple[Day, ...]:
    """The plan of the order's technician without it, and the one in which it was only to be; helpers follow."""
    days = {}
    if order.technician is not None and order.planned_on is not None:
        day = day_of(world, order.technician, order.region, order.planned_on)
        days[day.id] = day
    if (tentative := tentative_day(world, order)) is not None:
        days[tentative.id] = tentative
    return tuple(written(world, day.without(order.id), now) for day in days.values())


def place(
    world: World,
    act: Act,
    order: Order,
    now: int,
    start: int | None = None,
    override_reason: str | None = None,
    pinned: bool = False,
) -> Placed:
    """The order's technician planned for it at `start` (UTC ms; None keeps the one he has); raises Rejected.

    His helpers keep the same rules, and their plans follow his (`together`). What is only tentative there makes room;
    an hour held for a caller is lost to a supervisor's reason.
    """
    assert order.technician is not None
    technician = in_region(world, Technician, order.technician, "technician", act.region)
    if start is None:
        planned = stop_of(world, order)
        start, pinned = (planned.start, planned.pinned) if planned else (now, pinned)
    if abs(start - now) > 400 * DAY_MS:
        raise Rejected("start_invalid", "start")
    policy, timezone = policy_of(world), region_of(world, act.region).timezone
    need = needs_of(world, order)
    date = local_date(start, timezone)
    day = day_of(world, technician.id, act.region, date)
    broken = (*unfit(technician, need, start), *unfree(technician, day, need, start, now, policy, timezone))
    overriding = bool(override_reason) and role.holds(act.actor, role.OVERRIDES)
    let_go(technician, broken, "technician", overriding=overriding)
    for helper in helping(world, order, act.region):
        his = day_of(world, helper.id, act.region, date)
        found = (*unfit(helper, need, start), *unfree(helper, his, need, start, now, policy, timezone))
        let_go(helper, found, "helpers", overriding=overriding)
        broken = (*broken, *found)
    end = start + need.minutes * MINUTE_MS
    stop = Stop(
        order=order.id, visit=order.visit.number, start=start, end=end, point=order.point, pinned=pinned
    )
    stop = shared(stop, technician.id, order.helpers)
    day = made_room(day, technician, need, start, now, policy).without_hold(order.id)
    for lost in [
        each for each in day.stops if each.state == "held" and each.start < end and start < each.end
    ]:
        day = day.without_hold(lost.order)
    warnings = (*broken, *remarks(day, technician, order, need, start, now, policy, timezone))
    if (missing := order.crew - 1 - len(order.helpers)) > 0:
        warnings = (*warnings, Broken("needs_helper", {"n": missing}))
    return Placed(written(world, day.with_stop(stop), now), warnings)


def let_go(technician: Technician, broken: Iterable[Broken], field: str, *, overriding: bool) -> None:
    """Raises Rejected where he breaks a rule that nobody lets go of."""
    broken = tuple(broken)
    overridable = all(each.code in OVERRIDABLE for each in broken)
    if broken and not (overriding and overridable):
        raise Rejected(
            "technician_unfit", field, technician=technician.id, overridable=overridable,
            broken=[{"code": each.code, "params": each.params} for each in broken],
        )  # fmt: skip


def helping(world: World, order: Order, region: str) -> tuple[Technician, ...]:
    """Those who come along; raises Rejected for too many, or for one who comes already."""
    if len(order.helpers) >= CREW_MOST:
        raise Rejected("too_many", "helpers", limit=CREW_MOST - 1)
    if len({order.technician, *order.helpers}) <= len(order.helpers):
        raise Rejected("crew_same", "helpers")
    return tuple(in_region(world, Technician, each, "helpers", region) for each in order.helpers)


def taken(order: Order, *, helpers: tuple[str, ...] = (), **changes: Any) -> Order:
    """The order with what stands of it in the plan decided by a person: no tentative place, no broken promise.

    Nobody comes along but those who are said to.
    """
    return changed(order, tentative="", unkept=None, helpers=helpers, **changes)


def assign(command: AssignTechnician, act: Act, world: World, now: int) -> Change:
    """A technician for an order that has none, or instead of the one it names."""
    order = in_region(world, Order, command.order, "order", act.region)
    if order.technician != command.from_technician:
        raise changed_meanwhile(
            order, "technician", ASSIGNING, technician=order.technician, status=order.status
        )
    former = stop_of(world, order)
    if command.from_start is not None and former is not None and command.from_start != former.start:
        raise changed_meanwhile(
            order, "start", ASSIGNING, technician=order.technician, status=order.status, start=former.start
        )
    action = "assign" if order.technician is None else "reassign"
    may(order, action, act)
    reason = text(command.override_reason or "", "override_reason", 200)
    released = {day.id: day for day in freed(world, order, now)}
    target = taken(
        order, technician=command.technician, helpers=command.helpers, planned_on=None, transfer=None
    )
    plan = place(world, act, target, now, command.start, reason or None, command.pinned)
    released[plan.day.id] = plan.day
    after = stepped(
        changed(target, planned_on=plan.day.date, offer=remembered(order)), act, action, "accepted",
        technician=command.technician, start=command.start, **with_helpers(command.helpers),
        **({"from": order.technician} if order.technician else {}), **despite(plan.warnings, bool(reason)),
        **chosen_for(command.why),
    )  # fmt: skip
    undo: AssignTechnician | UnassignTechnician
    if order.technician is None or former is None:
        undo = UnassignTechnician(order=order.id, from_technician=command.technician, reason="undo")
    else:
        undo = AssignTechnician(
            order=order.id,
            technician=order.technician,
            from_technician=command.technician,
            from_start=command.start,
            start=former.start,
            pinned=former.pinned,
            helpers=order.helpers,
        )
    after, notes = noted(after, reason, act)
    return Change(after=(after, *released.values(), *notes), undo=undo, warnings=plan.warnings)


def unassign(command: UnassignTechnician, act: Act, world: World, now: int) -> Change:
    """Nobody goes any more; the hour is free again."""
    order = in_region(world, Order, command.order, "order", act.region)
    if order.technician != command.from_technician:
        raise changed_meanwhile(
            order, "technician", ASSIGNING, technician=order.technician, status=order.status
        )
    may(order, "unassign", act)
    reason = coded(command.reason, "reason") if command.reason else ""
    former = stop_of(world, order)
    after = stepped(order, act, "unassign", "pending", technician=command.from_technician, reason=reason)
    after = taken(after, technician=None, planned_on=None, transfer=None)
    undo = None
    if former is not None:
        undo = AssignTechnician(
            order=order.id, technician=command.from_technician, start=former.start, pinned=former.pinned,
            helpers=order.helpers,
        )  # fmt: skip
    return Change(after=(after, *freed(world, order, now)), undo=undo)


def offer(command: OfferOrder, act: Act, world: World, now: int) -> Change:
    """One technician is asked; the countdown runs from now."""
    order = in_region(world, Order, command.order, "order", act.region)
    may(order, "offer", act)
    technician = in_region(world, Technician, command.technician, "technician", act.region)
    broken = unfit(technician, needs_of(world, order), now)
    if technician.status == "offline":
        broken.append(Broken("offline"))
    if broken:
        raise Rejected(
            "technician_unfit", "technician", technician=technician.id, overridable=False,
            broken=[{"code": each.code, "params": each.params} for each in broken],
        )  # fmt: skip
    expires_at = now + policy_of(world).offer_countdown_s * 1000
    declined = order.offer.declined if order.offer else ()
    if act.undoes is not None and declined[-1:] == (technician.id,):
        declined = declined[:-1]
    asked = Offer(technician=technician.id, expires_at=expires_at, declined=declined)
    after = replace(order, offer=asked, mode="offer")
    after = stepped(after, act, "offer", "offered", technician=technician.id, **chosen_for(command.why))
    return Change(after=(after,), undo=WithdrawOffer(order=order.id, from_technician=technician.id))


def offered(order: Order, technician: str) -> Offer:
    """The running offer to that technician; raises Rejected where it went to another or is gone."""
    if order.pool is not None:
        raise Rejected("in_pool", None)
    if order.offer is None or order.offer.technician != technician:
        raise changed_meanwhile(order, "technician", ASSIGNING | {"offer", "decline", "expire", "withdraw"},
                                technician=order.technician, status=order.status)  # fmt: skip
    return order.offer


def accept(command: AcceptOrder, act: Act, world: World, now: int) -> Change:
    """The technician takes it, before the countdown ends and while he is still fit."""
    order = in_region(world, Order, command.order, "order", act.region)
    may(order, "accept", act)
    running = offered(order, command.technician)
    own(act, command.technician)
    if running.expires_at < now:
        raise Rejected("offer_expired", None)
    target = taken(order, technician=command.technician, offer=remembered(order))
    released = {day.id: day for day in freed(world, order, now)}
    plan = place(world, act, target, now, command.start)
    released[plan.day.id] = plan.day
    after = stepped(replace(target, planned_on=plan.day.date), act, "accept", "accepted", technician=command.technician,
                    start=command.start)  # fmt: skip
    undo = UnassignTechnician(order=order.id, from_technician=command.technician, reason="undo")
    return Change(after=(after, *released.values()), undo=undo, warnings=plan.warnings)


def remembered(order: Order, *passed: str) -> Offer | None:
    """No running offer any more, but still who has passed the order on."""
    declined = (*(order.offer.declined if order.offer else ()), *passed)
    return Offer(technician="", expires_at=0, declined=declined) if declined else None


def passed_on(order: Order, technician: str) -> Order:
    """The order without its running offer, remembering who has passed it on."""
    return replace(order, offer=remembered(order, technician))


def decline(command: DeclineOrder, act: Act, world: World, now: int) -> Change:
    """The technician passes the offer on; it costs him nothing."""
    order = in_region(world, Order, command.order, "order", act.region)
    may(order, "decline", act)
    offered(order, command.technician)
    own(act, command.technician)
    after = stepped(passed_on(order, command.technician), act, "decline", "pending", technician=command.technician,
                    reason=coded(command.reason, "reason") if command.reason else "")  # fmt: skip
    return Change(after=(after,), undo=OfferOrder(order=order.id, technician=command.technician))


def withdraw(command: WithdrawOffer, act: Act, world: World, now: int) -> Change:
    """The desk takes the offer back."""
    order = in_region(world, Order, command.order, "order", act.region)
    may(order, "withdraw", act)
    offered(order, command.from_technician)
    passed = remembered(order)
    after = replace(order, offer=passed, mode="offer" if passed else "direct")
    after = stepped(after, act, "withdraw", "pending", technician=command.from_technician)
    return Change(after=(after,), undo=OfferOrder(order=order.id, technician=command.from_technician))


def expire(command: ExpireOffer, act: Act, world: World, now: int) -> Change:
    """The countdown has run out, if it still is the same offer."""
    order = in_region(world, Order, command.order, "order", act.region)
    if act.actor.kind != "system":
        raise Rejected("not_allowed", None, action="expire", needs=["system"])
    may(order, "expire", act)
    running = offered(order, command.technician)
    if running.expires_at != command.expires_at or running.expires_at > now:
        raise Rejected("offer_running", None)
    after = stepped(
        passed_on(order, command.technician), act, "expire", "pending", technician=command.technician
    )
    return Change(after=(after,))


def chosen_for(why: tuple[str, ...]) -> dict[str, Any]:
    """What a step keeps of why somebody was chosen: codes, the weightiest first."""
    return {"why": [coded(each, "why") for each in why[:WHY_MOST]]} if why else {}


def with_helpers(helpers: tuple[str, ...]) -> dict[str, Any]:
    """What a step keeps of those who come along."""
    return {"helpers": list(helpers)} if helpers else {}


def own(act: Act, technician: str) -> None:
    """A technician speaks for himself only."""
    if act.actor.kind == "technician" and act.actor.id != technician:
        raise Rejected("not_allowed", "technician", needs=sorted(role.DISPATCHES))
