"""Orders called off before anybody has come, and taken up again."""

from __future__ import annotations

from dataclasses import replace

from dispatcher_app.domain import role
from dispatcher_app.domain.act import Act, Change, Rejected, World
from dispatcher_app.domain.calendar import MINUTE_MS
from dispatcher_app.domain.command import CancelOrder, ReopenOrder
from dispatcher_app.domain.order import Cancellation, Order, Visit
from dispatcher_app.domain.pricing import cancel_fee, moved_by_us
from dispatcher_app.domain.rule.booking import assigned, checked_window
from dispatcher_app.domain.rule.dispatching import freed, remembered, taken
from dispatcher_app.domain.rule.facts import coded, in_region, may, policy_of, stepped
from dispatcher_app.domain.rule.refunding import refunds_of
from dispatcher_app.domain.rule.requoting import requoted
from dispatcher_app.domain.rule.standing import stop_of


def cancel(command: CancelOrder, act: Act, world: World, now: int) -> Change:
    """The fee follows from the moment of the act and from whose side the reason is on."""
    order = in_region(world, Order, command.order, "order", act.region)
    may(order, "cancel", act)
    reason = coded(command.reason, "reason")
    if act.actor.kind == "customer" and command.side != "customer":
        raise Rejected("not_allowed", "side", needs=sorted(role.DISPATCHES))
    fee = cancel_fee(
        policy_of(world),
        departed=order.status == "en_route",
        accepted=order.technician is not None,
        ours=command.side != "customer" or moved_by_us(order),
        created_at=order.created_at,
        window=order.window,
        at=act.at,
    )
    after = stepped(order, act, "cancel", "cancelled", reason=reason, side=command.side, fee=fee)
    after = taken(
        after,
        closed_at=act.at,
        technician=None,
        planned_on=None,
        transfer=None,
        offer=remembered(order),
        cancellation=Cancellation(reason=reason, side=command.side, fee=fee, from_status=order.status),
    )
    if order.status == "en_route":
        after = after.with_visit(outcome="cancelled", ended_at=act.at)
    stop = stop_of(world, order)
    undo = ReopenOrder(
        order=order.id, window=order.window, technician=order.technician, start=stop.start if stop else None,
        helpers=order.helpers,
    )  # fmt: skip
    return Change(after=(after, *freed(world, order, now), *linked(world, after)), undo=undo)


def linked(world: World, order: Order) -> tuple[Order, ...]:
    """The first order of a return visit, naming it while it stands and not once it is cancelled."""
    first = world.get(Order, order.return_of) if order.return_of is not None else None
    if first is None:
        return ()
    others = tuple(id for id in first.returns if id != order.id)
    return (replace(first, returns=others if order.status == "cancelled" else (*others, order.id)),)


def reopen(command: ReopenOrder, act: Act, world: World, now: int) -> Change:
    """Within a day; the fee is reversed, and the former technician comes back where he is still free."""
    order = in_region(world, Order, command.order, "order", act.region)
    may(order, "reopen", act)
    policy = policy_of(world)
    if any(each.counts and each.what == "refund" for each in refunds_of(world, order)):
        # He has it back, or will, whoever bears it: taken up again the order would seem paid with it.
        raise Rejected("refunded_since", None)
    if order.closed_at is not None and act.at - order.closed_at > policy.reopen_within * MINUTE_MS:
        raise Rejected("reopen_too_late", None, hours=policy.reopen_within // 60)
    checked_window(command.window, now, policy.horizon_days)
    # Somebody had been on his way: what comes now is another visit, that one stays as it was.
    visit = order.visit if order.visit.outcome is None else Visit(number=order.visit.number + 1)
    kept = order.visits if visit.number > order.visit.number else order.visits[:-1]
    after = replace(order, visits=(*kept, replace(visit, window=command.window)))
    after = stepped(after, act, "reopen", "pending")
    after, dropped = requoted(world, after)
    after = replace(after, closed_at=None, cancellation=None)
    undo = CancelOrder(order=order.id, reason="undo", side="platform")
    first = linked(world, after)
    if command.technician is None or command.start is None:
        return Change(after=(after, *first), undo=undo, warnings=dropped)
    after, plan = assigned(world, act, after, command.technician, command.start, now, command.helpers)
    return Change(after=(after, plan.day, *first), undo=undo, warnings=(*dropped, *plan.warnings))
