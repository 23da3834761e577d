"""Visits: one that ends, an order that rests, another visit for it, and a visit under warranty."""

from __future__ import annotations

from dataclasses import replace

from dispatcher_app.domain import life
from dispatcher_app.domain.act import Act, Broken, Change, Rejected, World, need
from dispatcher_app.domain.calendar import MINUTE_MS, is_date, local_date, midnight, next_date
from dispatcher_app.domain.catalogue import Part
from dispatcher_app.domain.command import AddVisit, CancelOrder, HoldOrder, ReturnVisit
from dispatcher_app.domain.day import Day
from dispatcher_app.domain.order import Hold, Line, Order, QuoteLine, Visit
from dispatcher_app.domain.rule.booking import assigned, checked_window
from dispatcher_app.domain.rule.dispatching import remembered, taken, written
from dispatcher_app.domain.rule.facts import (
    coded,
    crew_of,
    dated,
    day_of,
    in_region,
    may,
    policy_of,
    region_of,
    stepped,
)  # fmt: skip
from dispatcher_app.domain.rule.standing import party, stop_of
from dispatcher_app.domain.rule.talking import noted
from dispatcher_app.domain.rule.work import by_maker
from dispatcher_app.domain.technician import Technician

CONTACT_DAYS = 400


def ended(world: World, order: Order, act: Act, now: int, outcome: str) -> tuple[Order, tuple[Day, ...]]:
    """The order and its technician's plan after the visit in hand: what is left of its time is free again.

    He keeps the order (he may write about it, and is asked first when it comes back); nothing is planned any more.
    """
    after = taken(order.with_visit(outcome=outcome, ended_at=act.at), planned_on=None, transfer=None)
    if order.technician is None or order.planned_on is None:
        return after, ()
    day = day_of(world, order.technician, order.region, order.planned_on).with_done(order.id, act.at)
    return after, (written(world, day, now),)


def held(world: World, act: Act, reason: str, next_contact: str, parts: tuple[str, ...] = ()) -> Hold:
    """Why it rests and when somebody calls again; raises Rejected for a date that is over or no date."""
    today = local_date(act.at, region_of(world, act.region).timezone)
    if not is_date(next_contact):
        raise Rejected("date_invalid", "next_contact")
    if not today <= next_contact <= next_date(today, CONTACT_DAYS):
        raise Rejected("contact_unfit", "next_contact", date=next_contact)
    for part in parts:
        need(world, Part, part, "parts")
    return Hold(reason=coded(reason, "reason"), next_contact=next_contact, since=act.at, parts=parts)


def hold(command: HoldOrder, act: Act, world: World, now: int) -> Change:
    """The work rests; the technician's time is free, the order stays his until another visit is agreed."""
    order = in_region(world, Order, command.order, "order", act.region)
    may(order, "hold", act)
    if order.proposed is not None:
        raise Rejected("quote_open", None)
    resting = held(world, act, command.reason, command.next_contact, command.parts)
    stop = stop_of(world, order)
    after, days = ended(world, order, act, now, "on_hold")
    said = {"parts": list(command.parts)} if command.parts else {}
    after = stepped(after, act, "hold", "on_hold", reason=resting.reason, date=resting.next_contact, **said)
    undo = AddVisit(
        order=order.id, window=order.window, technician=order.technician, start=stop.start if stop else None,
        helpers=order.helpers,
    )  # fmt: skip
    return Change(after=(replace(after, hold=resting), *days), undo=undo)


def add_visit(command: AddVisit, act: Act, world: World, now: int) -> Change:
    """Another visit at a window agreed with the customer; with a technician and a start it is planned at once."""
    order = in_region(world, Order, command.order, "order", act.region)
    said = order.steps[-1]
    if act.undoes is not None and (said.action, said.actor) == ("hold", act.actor.name) and command.start:
        return resumed(command, order, act, world, now)
    may(order, "new_visit", act)
    if command.window is not None and not command.consent:
        raise Rejected("consent_missing", "consent")
    checked_window(command.window, now, policy_of(world).horizon_days)
    visit = Visit(number=order.visit.number + 1, window=command.window)
    after = replace(
        order,
        visits=(*order.visits, visit),
        hold=None,
        technician=None,
        offer=remembered(order),
        mode="direct",
    )
    after = stepped(after, act, "new_visit", "pending", number=visit.number)
    if command.technician is None or command.start is None:
        return Change(after=(after,))
    after, plan = assigned(world, act, after, command.technician, command.start, now, command.helpers)
    return Change(after=(after, plan.day), warnings=plan.warnings)


def resumed(command: AddVisit, order: Order, act: Act, world: World, now: int) -> Change:
    """The rest taken back by whoever said it: he is still there, and the hour is his again if nobody has got it."""
    life.require("in_progress", "hold", act.actor, act.region)
    assert order.technician is not None
    assert command.start is not None
    date = local_date(command.start, region_of(world, act.region).timezone)
    technician = in_region(world, Technician, order.technician, "technician", act.region)
    day = day_of(world, technician.id, act.region, date)
    past = next(
        stop
        for stop in day.stops
        if (stop.order, stop.visit, stop.state) == (order.id, order.visit.number, "done")
    )
    minutes = order.minutes if order.visit.number == 1 else order.minutes_left
    back = replace(past, end=max(past.end, past.start + minutes * MINUTE_MS), state="locked")
    others = tuple(stop for stop in day.stops if stop != past)
    theirs = [stop for each in party(world, day, past)[1:] for stop in each.stops if stop.order != order.id]
    hit = [
        stop
        for stop in (*others, *theirs)
        if stop.state != "done" and stop.start < back.end and back.start < stop.end
    ]
    # They stand there: what was only to be, or is held for a caller, gives way.
    if clash := next((stop for stop in hit if stop.state in ("confirmed", "locked")), None):
        broken = [
            {"code": "overlap", "params": {"order": clash.order, "start": clash.start, "end": clash.end}}
        ]
        raise Rejected(
            "technician_unfit", "technician", technician=technician.id, broken=broken, overridable=False
        )
    others = tuple(stop for stop in others if stop not in hit)
    after = stepped(order.with_visit(outcome=None, ended_at=None), act, "resume", "in_progress")
    plan = written(world, replace(day, stops=others).with_stop(back), now)
    return Change(after=(replace(after, hold=None, planned_on=date, helpers=past.helpers), plan))


def return_visit(command: ReturnVisit, act: Act, world: World, now: int) -> Change:
    """A repair that did not last (返修), within its warranty: a linked order that costs nothing."""
    first = in_region(world, Order, command.of, "of", act.region)
    may(first, "return_visit", act)
    checked_window(command.window, now, policy_of(world).horizon_days)
    order, first = again(command, first, act, world)
    order = order.with_window(command.window)
    undo = CancelOrder(order=order.id, reason="undo", side="platform")
    warnings = (Broken("no_promise"),) if command.window is None else ()
    warnings = (*by_maker(order.lines, local_date(act.at, region_of(world, act.region).timezone)), *warnings)
    order, notes = noted(order, command.note, act)
    return Change(after=(order, first, *notes), undo=undo, warnings=warnings)


def again(command: ReturnVisit, first: Order, act: Act, world: World) -> tuple[Order, Order]:
    """The order under warranty, and the first one that names it."""
    if world.get(Order, command.order) is not None:
        raise Rejected("exists", "order")
    reason = coded(command.reason, "reason")
    lines = warranted(first, command.lines, act.at, region_of(world, act.region).timezone)
    days = policy_of(world).warranty_return_days
    maker = dated(command.maker_until, "maker_until")
    lines = tuple(replace(line, warranty_days=days, maker_until=maker or line.maker_until) for line in lines)
    former = first.visit.technician or first.technician
    free = QuoteLine(what="warranty", amount=0, reason="warranty", params={"of": first.number})
    order = Order(
        id=command.order, region=act.region,
        number=world.number(act.region, local_date(act.at, region_of(world, act.region).timezone), None),
        since=act.at, created_at=act.at, source="return", customer=first.customer, address=first.address,
        district=first.district, point=first.point, approximate=first.approximate, lines=lines,
        visits=(Visit(),),
        quote=replace(first.quote, lines=(free,), total=0, if_declined=0, door_fee=0, package=None, coupon=None,
                      warnings=()),
        requested_technician=former if command.same_technician else None, return_of=first.id,
    )  # fmt: skip
    home = first.service == "home"
    order = replace(order, crew=crew_of(world, order.lines))
    order = stepped(
        order, act, "book" if home else "receive", source="return", number=first.number, reason=reason
    )
    first = stepped(
        first, act, "return_visit" if home else "return_device", number=order.number, reason=reason
    )
    return order, replace(first, returns=(*first.returns, order.id))


def warranted(first: Order, wanted: tuple[int, ...], at: int, timezone: str) -> tuple[Line, ...]:
    """The lines to be done again for nothing; raises Rejected where the warranty of one, or of all, is over.

    A customer is told a date: all of that day still counts.
    """
    until = {line: max(each.until for each in first.warranty if each.line == line)
             for line in {each.line for each in first.warranty}}  # fmt: skip
    if any(not 0 <= line < len(first.lines) for line in wanted):
        raise Rejected("not_found", "lines", kind="line", id=str(max(wanted)))
    today = midnight(local_date(at, timezone), timezone)
    chosen = sorted(set(wanted)) or sorted(line for line, end in until.items() if end >= today)
    over = [line for line in chosen if until.get(line, 0) < today]
    if over or not chosen:
        ends = [until[line] for line in over or until if line in until]
        raise Rejected(
            "warranty_over", "lines", lines=[line + 1 for line in over], until=max(ends, default=None)
        )
    return tuple(replace(first.lines[line], labour=0, state="open", excuse="") for line in chosen)
