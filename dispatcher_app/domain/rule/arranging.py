"""What a visit takes besides a technician: a second one, or that another order is over first."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from dispatcher_app.domain.act import Act, Broken, Change, Rejected, World
from dispatcher_app.domain.catalogue import CREW_MOST
from dispatcher_app.domain.command import ArrangeVisit
from dispatcher_app.domain.entity import Entity
from dispatcher_app.domain.matching import out_of_turn
from dispatcher_app.domain.order import After, Order
from dispatcher_app.domain.rule.dispatching import freed, place, written
from dispatcher_app.domain.rule.facts import changed_meanwhile, crew_of, day_of, in_region, may, stepped
from dispatcher_app.domain.rule.sequence import waiting
from dispatcher_app.domain.rule.standing import needs_of, shared, stop_of


def arrange(command: ArrangeVisit, act: Act, world: World, now: int) -> Change:
    """A second technician, or none any more; another order first, or none. What was only planned is planned anew."""
    order = in_region(world, Order, command.order, "order", act.region)
    may(order, "arrange", act)
    if (order.crew, order.after) != (command.from_crew, command.from_after):
        raise changed_meanwhile(order, "crew", frozenset({"arrange", "change_order"}), crew=order.crew)
    if (order.crew, order.after) == (command.crew, command.after):
        raise Rejected("is_so_already", None)
    least = crew_of(world, order.lines)
    if not least <= command.crew <= CREW_MOST:
        raise Rejected("crew_invalid", "crew", least=least, most=CREW_MOST)
    after, waits = waiting(world, replace(order, crew=command.crew), command.after)
    others: list[Entity] = [*waits]
    after = stepped(after, act, "arrange", **said(world, order, command.crew, command.after))
    undo = ArrangeVisit(
        order=order.id, from_crew=command.crew, crew=order.crew, from_after=command.after, after=order.after,
        helpers=order.helpers or None,
    )  # fmt: skip
    stop = stop_of(world, order)
    if stop is None or order.technician is None or order.planned_on is None:
        days = freed(world, order, now)
        return Change(after=(replace(after, tentative=""), *others, *days), undo=undo)
    coming = order.helpers[: command.crew - 1] if command.helpers is None else command.helpers
    after = replace(after, helpers=coming)
    if set(coming) - set(order.helpers):
        plan = place(world, act, after, now)
        return Change(after=(after, *others, plan.day), undo=undo, warnings=plan.warnings)
    if coming != order.helpers:
        day = day_of(world, order.technician, order.region, order.planned_on)
        others = [*others, written(world, day.with_stop(shared(stop, order.technician, coming)), now)]
    warnings = out_of_turn(needs_of(world, after), stop.start, stop.end)
    if after.missing:
        warnings.append(Broken("needs_helper", {"n": after.missing}))
    return Change(after=(after, *others), undo=undo, warnings=tuple(warnings))


def said(world: World, order: Order, crew: int, after: After | None) -> dict[str, Any]:
    """What the order's story keeps: how many come, and the number of the order that is first."""
    first = world.get(Order, after.order) if after is not None else None
    told: dict[str, Any] = {"crew": crew} if crew != order.crew else {}
    if after != order.after:
        told |= {"number": first.number if first else "", "minutes": after.pause if after else 0}
    return told
