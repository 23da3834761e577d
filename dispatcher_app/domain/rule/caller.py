"""Who calls and where he lives: new customers and homes, their secrets kept apart."""

from __future__ import annotations

from dispatcher_app.domain.act import Rejected, Secret, World
from dispatcher_app.domain.area import district_at
from dispatcher_app.domain.command import NewAddress, NewCustomer
from dispatcher_app.domain.customer import Address, Customer, normal_phone, phone_mask, unit_mask
from dispatcher_app.domain.rule.facts import region_of, required_text, text


def customer_made(world: World, new: NewCustomer, region: str) -> tuple[Customer, tuple[Secret, ...]]:
    """A customer with his number kept apart; without a number where an import has none."""
    if world.get(Customer, new.id) is not None:
        raise Rejected("exists", "new_customer")
    name = required_text(new.name, "new_customer.name", 80)
    if not new.phone:
        return Customer(id=new.id, region=region, name=name, phone_mask=""), ()
    phone = normal_phone(new.phone, "new_customer.phone")
    made = Customer(id=new.id, region=region, name=name, phone_mask=phone_mask(phone))
    return made, (Secret("customer", new.id, "phone", phone),)


def address_made(
    world: World, new: NewAddress, customer: str, region: str
) -> tuple[Address, tuple[Secret, ...]]:
    """A home with unit and door code kept apart, in the district whose outline holds it if its place is sure."""
    if world.get(Address, new.id) is not None:
        raise Rejected("exists", "new_address")
    if not (-180 <= new.point.lon <= 180 and -90 <= new.point.lat <= 90):
        raise Rejected("place_invalid", "new_address.point")
    if "*" in new.unit or "*" in new.door_code:
        raise Rejected("masked_value", "new_address")
    unit = text(new.unit, "new_address.unit", 60)
    code = text(new.door_code, "new_address.door_code", 60)
    drawn = None if new.approximate else district_at(region_of(world, region), new.point)
    made = Address(
        id=new.id,
        region=region,
        customer=customer,
        district=drawn or new.district,
        compound=required_text(new.compound, "new_address.compound", 200),
        building=text(new.building, "new_address.building", 60),
        unit_mask=unit_mask(unit),
        entry=new.entry,
        has_door_code=bool(code),
        point=new.point,
        approximate=new.approximate,
    )
    secrets = [
        Secret("address", new.id, field, value) for field, value in (("unit", unit), ("door_code", code))
    ]
    return made, tuple(secret for secret in secrets if secret.value)


def checked_district(world: World, new: NewAddress, region: str) -> None:
    """Raises Rejected for a district that the region has not."""
    districts = region_of(world, region).districts
    if districts and new.district not in {each.id for each in districts}:
        raise Rejected("district_unknown", "new_address.district")
