"""What stands in the plan besides dispatched visits: hours held for callers, pins, broken promises, better drives."""

from __future__ import annotations

from dataclasses import replace

from dispatcher_app.domain import role
from dispatcher_app.domain.act import Act, Change, Rejected, World, need
from dispatcher_app.domain.calendar import MINUTE_MS, local_date
from dispatcher_app.domain.command import HoldWindow, MarkPromises, PinVisit, ReleaseHold, RouteDay
from dispatcher_app.domain.customer import Customer
from dispatcher_app.domain.day import Day, Stop
from dispatcher_app.domain.entity import Entity
from dispatcher_app.domain.matching import NEVER, Need, made_room, tight_travel, unfit, unfree
from dispatcher_app.domain.order import CLOSED, Order, Status, Unkept
from dispatcher_app.domain.rule.booking import checked_window
from dispatcher_app.domain.rule.dispatching import written
from dispatcher_app.domain.rule.draft import DRIVE_MOST_S
from dispatcher_app.domain.rule.facts import (
    changed_meanwhile,
    coded,
    crew_of,
    day_of,
    in_region,
    items_of,
    may,
    policy_of,
    price_book,
    priced,
    quietly,
    region_of,
    stepped,
)  # fmt: skip
from dispatcher_app.domain.rule.standing import opens_after, shared, span_left, standing
from dispatcher_app.domain.technician import Technician

PROMISED: frozenset[Status] = frozenset({"pending", "offered", "accepted", "en_route"})
"""Somebody is still to come at the promised hour."""
MARKS_MOST = 20_000
ID_MOST = 400
"""Nobody can be booked under a longer id than that."""


def hold(command: HoldWindow, act: Act, world: World, now: int) -> Change:
    """The hour is this caller's for a while: who may come is asked as if he were sent, and nobody else is sent then."""
    role.require(act.actor, role.BOOKS, act.region)
    if not (1 <= len(command.order) <= ID_MOST and command.order.isprintable()):
        raise Rejected("invalid", "order", detail=f"id: 1 to {ID_MOST} printable characters")
    policy, timezone = policy_of(world), region_of(world, act.region).timezone
    checked_window(command.window, now, policy.horizon_days)
    if not command.window.start <= command.start <= command.window.end or command.start < now:
        raise Rejected("start_outside_window", "start")
    if not (-180 <= command.point.lon <= 180 and -90 <= command.point.lat <= 90):
        raise Rejected("place_invalid", "point")
    technician = in_region(world, Technician, command.technician, "technician", act.region)
    order = world.get(Order, command.order)
    if order is not None and (order.region != act.region or order.status in CLOSED):
        raise Rejected("exists", "order")
    wanted = asked_for(command, order, act, world)
    start, date = command.start, local_date(command.start, timezone)
    day = day_of(world, technician.id, act.region, date).without_hold(command.order)
    if (missing := wanted.crew - 1 - len(command.helpers)) > 0:
        raise Rejected("helper_missing", "helpers", n=missing)
    if len({technician.id, *command.helpers}) <= len(command.helpers):
        raise Rejected("crew_same", "helpers")
    helpers = [in_region(world, Technician, each, "helpers", act.region) for each in command.helpers]
    for each in (technician, *helpers):
        his = day if each is technician else day_of(world, each.id, act.region, date)
        broken = (
            *unfit(each, wanted, start),
            *unfree(each, his, wanted, start, now, policy, timezone),
        )
        if broken:
            raise Rejected(
                "technician_unfit", "technician", technician=each.id, overridable=False,
                broken=[{"code": one.code, "params": one.params} for one in broken],
            )  # fmt: skip
    stop = Stop(
        order=command.order, visit=order.visit.number if order else 1, start=start,
        end=start + wanted.minutes * MINUTE_MS, point=command.point.coarse(), state="held",
        expires_at=now + policy.hold_s * 1000, held_by=act.actor.name,
    )  # fmt: skip
    stop = shared(stop, technician.id, command.helpers)
    plan = made_room(day, technician, wanted, start, now, policy).with_stop(stop)
    days = [written(world, plan, now)]
    if command.from_day not in ("", day.id):
        former = in_region(world, Day, command.from_day, "from_day", act.region)
        days.append(written(world, former.without_hold(command.order), now))
    return Change(after=tuple(days), warnings=tuple(tight_travel(day, wanted, start, now, policy)))


def asked_for(command: HoldWindow, order: Order | None, act: Act, world: World) -> Need:
    """What the visit that is held for would ask of a technician."""
    lines = priced(world, command.lines, price_book(world, act.region, act.at))
    items = items_of(world, (line.item for line in lines))
    blocked = need(world, Customer, order.customer, "order").blocked_technicians if order else ()
    opens, closes = span_left(world, order) if order else (opens_after(world, command.after, act.region), NEVER)
    return Need(
        order=command.order,
        skills=frozenset(item.skill for item in items),
        certificates=frozenset(name for item in items for name in item.certificates),
        brands=frozenset(line.brand for line in lines if line.brand),
        district=command.district,
        point=command.point.coarse(),
        minutes=sum(line.minutes * line.quantity for line in lines),
        blocked=frozenset(blocked),
        crew=max(crew_of(world, lines), order.crew if order else 1),
        opens=opens,
        closes=closes,
    )


def release(command: ReleaseHold, act: Act, world: World, now: int) -> Change:
    """The hour is anybody's again; a supervisor may say so of a colleague's."""
    role.require(act.actor, role.BOOKS, act.region)
    day = in_region(world, Day, command.day, "day", act.region)
    held = day.hold_of(command.order)
    if held is None:
        raise Rejected("hold_gone", None)
    if held.held_by != act.actor.name and not role.holds(act.actor, role.OVERRIDES):
        raise Rejected("not_allowed", "order", action="release_hold", needs=sorted(role.OVERRIDES))
    return Change(after=(written(world, day.without_hold(command.order), now),))


def pin(command: PinVisit, act: Act, world: World, now: int) -> Change:
    """No planner moves this visit any more, or one may again; people still do."""
    order = in_region(world, Order, command.order, "order", act.region)
    may(order, "pin", act)
    found = standing(world, order)
    if found is None:
        raise Rejected("not_planned", None)
    day, stop = found
    if stop.pinned == command.pinned:
        raise changed_meanwhile(order, "pinned", frozenset({"pin"}), pinned=stop.pinned)
    plan = written(world, day.with_stop(replace(stop, pinned=command.pinned)), now)
    after = stepped(order, act, "pin", pinned=command.pinned)
    return Change(after=(after, plan), undo=PinVisit(order=order.id, pinned=stop.pinned))


def mark_promises(command: MarkPromises, act: Act, world: World, now: int) -> Change:
    """Promises that can't be kept, and those that can again; what has been served or called off since is left out."""
    if act.actor.kind != "system":
        raise Rejected("not_allowed", None, action="mark_promises", needs=["system"])
    if len(command.marks) > MARKS_MOST:
        raise Rejected("too_many", "marks", limit=MARKS_MOST)
    after: dict[str, Entity] = {}
    for mark in command.marks:
        order = world.get(Order, mark.order)
        if order is None or order.region != act.region:
            continue
        unkept = None
        if mark.reason is not None:
            if order.status not in PROMISED or order.window is None:
                continue
            since = order.unkept.since if order.unkept else act.at
            unkept = Unkept(reason=coded(mark.reason, "reason"), since=since, minutes=mark.minutes)
        if unkept == order.unkept:
            continue
        if unkept is not None and order.unkept is None:
            order = stepped(order, act, "unkept", reason=unkept.reason)
        after[order.id] = quietly(order, unkept=unkept)
    if not after:
        raise Rejected("nothing_new", "marks")
    return Change(after=tuple(after.values()))


def route_day(command: RouteDay, act: Act, world: World, now: int) -> Change:
    """Driving times as somebody who knows the roads says, for the plan as he saw it."""
    if act.actor.kind != "system":
        raise Rejected("not_allowed", None, action="route_day", needs=["system"])
    day = in_region(world, Day, command.day, "day", act.region)
    if day.version != command.from_version:
        raise Rejected("edited_meanwhile", "from_version", version=day.version)
    legs = {leg.order: leg for leg in command.legs}
    if any(not 0 <= leg.travel_s <= DRIVE_MOST_S for leg in legs.values()):
        raise Rejected("time_invalid", "legs")
    stops = tuple(
        replace(stop, travel_s=leg.travel_s, source=leg.source)
        if (leg := legs.get(stop.order)) is not None and stop.state not in ("done", "held") else stop
        for stop in day.stops
    )  # fmt: skip
    if stops == day.stops:
        raise Rejected("nothing_new", "legs")
    return Change(after=(replace(day, stops=stops),))
