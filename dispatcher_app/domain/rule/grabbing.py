"""The grab pool: told in rings, wanted by several, won by one; and what nobody is found for."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from dispatcher_app.domain import life, mode, pool
from dispatcher_app.domain.act import Act, Change, Rejected, World
from dispatcher_app.domain.command import (
    AwardGrab,
    ClosePool,
    GrabOrder,
    LeaveToDesk,
    PoolOrder,
    WidenPool,
)  # fmt: skip
from dispatcher_app.domain.matching import Need, unfit
from dispatcher_app.domain.order import Grab, Order, Pool, Told
from dispatcher_app.domain.region import Policy
from dispatcher_app.domain.rule.dispatching import freed, own, place, remembered, taken
from dispatcher_app.domain.rule.facts import changed_meanwhile, coded, in_region, may, policy_of, stepped
from dispatcher_app.domain.rule.standing import needs_of
from dispatcher_app.domain.technician import Technician

TOLD_MOST = 500


def pool_order(command: PoolOrder, act: Act, world: World, now: int) -> Change:
    """Those of the first ring are told; the clock of the rings runs from now."""
    order = in_region(world, Order, command.order, "order", act.region)
    may(order, "pool", act)
    policy = policy_of(world)
    told = fit(world, order, command.told, act.region, now)
    if not told:
        raise Rejected("nobody_to_tell", "told")
    ring, last = max(each.ring for each in told), max(0, len(policy.grab_rings_m) - 1)
    ring = min(ring, last)
    made = Pool(
        ring=ring,
        since=now,
        told=told,
        widens_at=widens_at(policy, ring, now),
        closes_at=now + policy.grab_ring_s * 1000 * (last - ring + 1),
    )
    after = replace(order, pool=made, mode="grab", offer=remembered(order))
    after = stepped(after, act, "pool", "offered", **said(policy, ring, told))
    return Change(after=(after,), undo=ClosePool(order=order.id, since=now))


def widen(command: WidenPool, act: Act, world: World, now: int) -> Change:
    """Nobody has wanted it in this ring: those of the next one are told too."""
    order = in_region(world, Order, command.order, "order", act.region)
    may(order, "widen", act)
    running = pool_of(order)
    due = running.widens_at
    if running.ring != command.from_ring or due is None or due > now or running.decides_at is not None:
        raise Rejected("grab_running", None)
    policy, known = policy_of(world), {each.technician for each in running.told}
    new = [each for each in command.told if each.technician not in known]
    told = fit(world, order, new, act.region, now)
    ring = running.ring + 1
    made = replace(running, ring=ring, told=(*running.told, *told), widens_at=widens_at(policy, ring, due))
    after = stepped(replace(order, pool=made), act, "widen", **said(policy, ring, told))
    return Change(after=(after,))


def grab(command: GrabOrder, act: Act, world: World, now: int) -> Change:
    """He wants it, and could come: the first who says so begins the collection time."""
    order = in_region(world, Order, command.order, "order", act.region)
    own(act, command.technician)
    told = pool.told_of(order, command.technician)
    if told is None:
        raise unheard(order, command.technician, act)
    life.require(order.status, "grab", act.actor, act.region)
    running = pool_of(order)
    if any(each.technician == command.technician for each in running.grabs):
        raise Rejected("grabbed_already", None)
    if (running.closes_at if running.decides_at is None else running.decides_at) < now:
        raise Rejected("grab_over", None)
    technician = in_region(world, Technician, command.technician, "technician", act.region)
    place(world, act, replace(order, technician=technician.id), now, command.start)
    policy = policy_of(world)
    points = pool.score(technician, told.distance_m, policy.grab_rings_m).total
    wish = Grab(
        technician=technician.id, at=now, start=command.start, distance_m=told.distance_m, score=points
    )
    decides_at = running.decides_at or now + policy.grab_collect_s * 1000
    made = replace(running, grabs=(*running.grabs, wish), decides_at=decides_at)
    after = stepped(replace(order, pool=made), act, "grab", technician=technician.id, start=command.start)
    return Change(after=(after,))


def award(command: AwardGrab, act: Act, world: World, now: int) -> Change:
    """The best of those who want it and can still come has it; the others are told in what he was ahead."""
    order = in_region(world, Order, command.order, "order", act.region)
    may(order, "award", act)
    running = pool_of(order)
    if running.decides_at != command.decides_at or command.decides_at > now:
        raise Rejected("grab_running", None)
    wishes, passed = pool.ranked(running.grabs), list[dict[str, str]]()
    for at, wish in enumerate(wishes):
        target = taken(order, technician=wish.technician, offer=remembered(order))
        try:
            plan = place(world, act, target, now, wish.start)
        except Rejected:
            passed.append({"technician": wish.technician, "why": "not_free"})
            continue
        best = score_of(world, wish)
        passed += (
            {"technician": each.technician, "why": pool.why_lost(best, score_of(world, each))}
            for each in wishes[at + 1 :]
        )
        after = stepped(
            replace(target, planned_on=plan.day.date), act, "award", "accepted",
            technician=wish.technician, start=wish.start, wishes=len(wishes), lost=passed,
        )  # fmt: skip
        days = {day.id: day for day in (*freed(world, order, now), plan.day)}
        return Change(after=(after, *days.values()), warnings=plan.warnings)
    # Nobody of them can come any more: the others may still want it, as long as the rings last.
    kept = replace(running, grabs=(), decides_at=None)
    after = stepped(replace(order, pool=kept), act, "award", wishes=len(wishes), lost=passed)
    return Change(after=(after,))


def close(command: ClosePool, act: Act, world: World, now: int) -> Change:
    """Nobody has wanted it in all rings, or the desk takes it back."""
    order = in_region(world, Order, command.order, "order", act.region)
    may(order, "close_pool", act)
    running = pool_of(order)
    if act.actor.kind == "system":
        if running.since != command.since or running.decides_at is not None or running.closes_at > now:
            raise Rejected("grab_running", None)
        after = stepped(order, act, "close_pool", "pending", reason="nobody_wanted")
        return Change(after=(after,))
    # A desk that has put it there a moment ago knows another `since` than the server; what counts is that he saw it.
    begun = next((step.at for step in reversed(order.steps) if step.action == "pool"), 0)
    if begun > act.at:
        raise changed_meanwhile(order, "since", frozenset({"pool"}), status=order.status)
    after = stepped(replace(order, mode="direct"), act, "close_pool", "pending")
    return Change(after=(after,), undo=PoolOrder(order=order.id, told=running.told))


def leave(command: LeaveToDesk, act: Act, world: World, now: int) -> Change:
    """The system has found nobody: said once, until somebody does something about the order."""
    order = in_region(world, Order, command.order, "order", act.region)
    may(order, "leave", act)
    if mode.is_left(order):
        raise Rejected("is_so_already", None)
    after = stepped(order, act, "leave", mode=command.mode, reason=coded(command.reason, "reason"))
    return Change(after=(after,))


def pool_of(order: Order) -> Pool:
    """The running pool; raises Rejected where the order is offered to one, or to nobody."""
    if order.pool is None:
        raise Rejected("not_in_pool", None)
    return order.pool


def fit(world: World, order: Order, told: Iterable[Told], region: str, now: int) -> tuple[Told, ...]:
    """Those of them who may be told: online, fit by all that does not hang on the hour, not asked before."""
    need, passed = needs_of(world, order), pool.refusers(order)
    found: dict[str, Told] = {}
    for each in told:
        technician = in_region(world, Technician, each.technician, "told", region)
        if each.technician not in passed and reachable(technician, need, now) and each.distance_m >= 0:
            found.setdefault(each.technician, each)
    if len(found) > TOLD_MOST:
        raise Rejected("too_many", "told", limit=TOLD_MOST)
    return tuple(sorted(found.values(), key=lambda each: (each.ring, each.distance_m, each.technician)))


def reachable(technician: Technician, need: Need, now: int) -> bool:
    """Whether he may see the order at all: whoever lacks skill, brand, certificate, area or status never does."""
    return technician.status == "online" and not unfit(technician, need, now)


def widens_at(policy: Policy, ring: int, since: int) -> int | None:
    """When the ring after this one is told (UTC ms), None where it is the last one."""
    return since + policy.grab_ring_s * 1000 if ring < len(policy.grab_rings_m) - 1 else None


def said(policy: Policy, ring: int, told: Iterable[Told]) -> dict[str, Any]:
    """What the order's story keeps of a ring: how wide it is and who was told."""
    radius = policy.grab_rings_m[ring] if ring < len(policy.grab_rings_m) else 0
    names = [each.technician for each in told]
    return {"ring": ring, "radius_m": radius, "told": names, "count": len(names)}


def score_of(world: World, wish: Grab) -> pool.Score:
    """The parts of a wish's points."""
    technician = world.get(Technician, wish.technician)
    rings = policy_of(world).grab_rings_m
    return (
        pool.score(technician, wish.distance_m, rings)
        if technician
        else pool.Score(near=0, rating=0, credit=0)
    )


def unheard(order: Order, technician: str, act: Act) -> Rejected:
    """Why somebody who is not told now can't have it; whoever was never told hears nothing of the order."""
    if act.actor.kind == "technician" and not was_told(order, technician):
        return Rejected("not_found", "order", kind="order", id=order.id)
    if act.actor.kind == "technician":
        return lost(order, technician)
    refused = life.refusal(order.status, "grab", act.actor, act.region)
    return refused or Rejected(
        "not_told" if order.pool else "not_in_pool", "technician", technician=technician
    )


def lost(order: Order, technician: str) -> Rejected:
    """Why an order that a technician was told of is not his: in words that name no one and no figure."""
    match lost_by(order, technician):
        case "nearer":
            return Rejected("lost_to_nearer")
        case "better_rated":
            return Rejected("lost_to_better_rated")
        case "more_credit":
            return Rejected("lost_to_more_credit")
        case "earlier":
            return Rejected("lost_to_earlier")
        case "not_free":
            return Rejected("lost_not_free")
    return Rejected("order_gone")


def was_told(order: Order, technician: str) -> bool:
    """Whether a technician was told of an order while it was in the pool."""
    told = (step.params.get("told", ()) for step in order.steps if step.action in ("pool", "widen"))
    return any(technician in each for each in told)


def lost_by(order: Order, technician: str) -> str | None:
    """In what the winner was ahead of a technician who wanted the order the last time, None where he did not."""
    last = next((step for step in reversed(order.steps) if step.action == "award"), None)
    lost = last.params.get("lost", ()) if last is not None else ()
    return next((each["why"] for each in lost if each["technician"] == technician), None)
