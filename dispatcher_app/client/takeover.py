"""Taking over: the same command on top of how things stand now."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from dispatcher_app.domain import command as c
from dispatcher_app.domain.customer import Customer
from dispatcher_app.domain.order import Order
from dispatcher_app.domain.region import Region
from dispatcher_app.domain.technician import Technician

_SAVED = {
    c.SaveTechnician: "technician", c.SaveCompound: "compound", c.SaveCategory: "category", c.SaveItem: "item",
    c.SavePolicy: "policy", c.SaveRegion: "saved", c.SaveStaff: "staff",
}  # fmt: skip


def on_top(command: Any, get: Callable[[Any, str], Any]) -> Any:
    """The command naming what it replaces as it is at present; `get` reads the replica."""
    match command:
        case c.AssignTechnician():
            order: Order | None = get(Order, command.order)
            return replace(command, from_technician=order.technician, from_start=None) if order else command
        case c.UnassignTechnician():
            order = get(Order, command.order)
            return replace(command, from_technician=order.technician) if order and order.technician else command
        case c.ChangeAppointment():
            order = get(Order, command.order)
            return replace(command, from_window=order.window) if order else command
        case c.ChangeOrder():
            order = get(Order, command.order)
            return replace(command, from_version=order.version) if order else command
        case c.ChangeCustomer():
            customer: Customer | None = get(Customer, command.customer)
            return replace(command, from_version=customer.version) if customer else command
        case c.SaveDistrict():
            region: Region | None = get(Region, command.region)
            standing = [each for each in region.districts if each.id == command.district.id] if region else []
            return replace(command, former=standing[0]) if standing else command
        case c.SetShifts():
            technician: Technician | None = get(Technician, command.technician)
            return replace(command, from_version=technician.version) if technician else command
        case c.SetTechnicianStatus():
            technician = get(Technician, command.technician)
            return replace(command, from_status=technician.status) if technician else command
    if (name := _SAVED.get(type(command))) is not None:
        wanted = getattr(command, name)
        stands = get(type(wanted), wanted.id)
        return replace(command, **{name: replace(wanted, version=stands.version if stands else 0)})
    return command
