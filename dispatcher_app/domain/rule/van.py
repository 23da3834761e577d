"""Vans: parts issued from the store, brought back, and fitted."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from dispatcher_app.domain import role
from dispatcher_app.domain.act import Act, Broken, Change, Rejected, World, need
from dispatcher_app.domain.catalogue import Part
from dispatcher_app.domain.command import IssueParts, ReturnParts
from dispatcher_app.domain.order import Order
from dispatcher_app.domain.rule.facts import in_region
from dispatcher_app.domain.technician import Technician
from dispatcher_app.domain.van import Stocked, Van

QUANTITY_LIMIT = 999


@dataclass(frozen=True, slots=True)
class Fitted:
    """The van after the parts of an order have gone from it (none where none has), and what must be said about it."""

    vans: tuple[Van, ...] = ()
    warnings: tuple[Broken, ...] = ()


def issue(command: IssueParts, act: Act, world: World, now: int) -> Change:
    """Parts from the store into the van (领料)."""
    van = van_asked(command, act, world)
    for each in command.parts:
        if need(world, Part, each.part, "parts").retired:
            raise Rejected("part_retired", "parts", part=each.part)
    undo = ReturnParts(technician=van.id, parts=command.parts)
    return Change(after=(moved(van, command.parts, 1),), undo=undo)


def bring_back(command: ReturnParts, act: Act, world: World, now: int) -> Change:
    """Parts from the van back into the store (退料), no more than there are."""
    van = van_asked(command, act, world)
    for each in command.parts:
        if each.quantity > van.quantity(each.part):
            raise Rejected("van_has_fewer", "parts", part=each.part, left=max(0, van.quantity(each.part)))
    undo = IssueParts(technician=van.id, parts=command.parts)
    return Change(after=(moved(van, command.parts, -1),), undo=undo)


def van_asked(command: IssueParts | ReturnParts, act: Act, world: World) -> Van:
    """The van that a command is about; raises Rejected for the wrong role and for rows that make no sense."""
    role.require(act.actor, role.ISSUES, act.region)
    technician = in_region(world, Technician, command.technician, "technician", act.region)
    if not command.parts:
        raise Rejected("required", "parts")
    if len({each.part for each in command.parts}) < len(command.parts):
        raise Rejected("part_doubled", "parts")
    if not all(1 <= each.quantity <= QUANTITY_LIMIT for each in command.parts):
        raise Rejected("part_quantity_invalid", "parts", limit=QUANTITY_LIMIT)
    return van_of(world, technician.id, act.region)


def van_of(world: World, technician: str, region: str) -> Van:
    """The technician's van, an empty one where he has had nothing yet."""
    return world.get(Van, technician) or Van(id=technician, region=region)


def moved(van: Van, parts: Iterable[Stocked], sign: int) -> Van:
    """The van with these parts more (1) or fewer (-1)."""
    for each in parts:
        van = replace(van, stock=van.moved(each.part, sign * each.quantity))
    return van


def fitted(world: World, order: Order) -> Fitted:
    """The van of the order's technician without the new parts of the lines that are done.

    Stock may fall below nothing: then more was fitted than was ever issued, which is said and shown until somebody
    has counted, and never stops a technician from finishing.
    """
    parts = [
        Stocked(each.part, each.quantity)
        for each in order.parts
        if not each.used and order.lines[each.line].state == "done"
    ]
    technician = order.visit.technician or order.technician
    if not parts or technician is None:
        return Fitted()
    van = moved(van_of(world, technician, order.region), parts, -1)
    short = sorted({each.part for each in parts if van.quantity(each.part) < 0})
    return Fitted((van,), tuple(Broken("van_short", {"part": part}) for part in short))
