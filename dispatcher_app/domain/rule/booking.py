"""Booking, changing, cancelling and reopening orders."""

from __future__ import annotations

from dataclasses import replace

from dispatcher_app.domain import life, role
from dispatcher_app.domain.act import Act, Broken, Change, Rejected, Secret, World
from dispatcher_app.domain.calendar import DAY_MS, MINUTE_MS, local_date
from dispatcher_app.domain.command import (
    BookedLine,
    BookOrder,
    CancelOrder,
    ChangeAppointment,
    ChangeOrder,
    ImportOrder,
    NewAddress,
    NewCustomer,
    ReopenOrder,
    UrgeOrder,
)  # fmt: skip
from dispatcher_app.domain.customer import (
    Address,
    Compound,
    Customer,
    normal_phone,
    phone_mask,
    unit_mask,
)
from dispatcher_app.domain.entity import Entity
from dispatcher_app.domain.order import Cancellation, Line, Order, Visit, Window
from dispatcher_app.domain.pricing import Wanted, cancel_fee, moved_by_us, quote
from dispatcher_app.domain.rule.dispatching import Placed, freed, place, remembered, stop_of
from dispatcher_app.domain.rule.facts import (
    changed_meanwhile,
    coded,
    in_region,
    may,
    policy_of,
    priced,
    region_of,
    required_text,
    stepped,
    tariff,
    text,
)  # fmt: skip
from dispatcher_app.domain.rule.requoting import repriced, requote, requoted
from dispatcher_app.domain.rule.talking import note_made
from dispatcher_app.domain.technician import Technician


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
    """A home with unit and door code kept apart."""
    if world.get(Address, new.id) is not None:
        raise Rejected("exists", "new_address")
    if not (-180 <= new.point.lon <= 180 and -90 <= new.point.lat <= 90):
        raise Rejected("place_invalid", "new_address.point")
    if "*" in new.unit or "*" in new.door_code:
        raise Rejected("masked_value", "new_address")
    unit = text(new.unit, "new_address.unit", 60)
    code = text(new.door_code, "new_address.door_code", 60)
    made = Address(
        id=new.id,
        region=region,
        customer=customer,
        district=new.district,
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


def checked_span(window: Window) -> None:
    """Raises Rejected for a window that is backwards or longer than a day."""
    if window.end <= window.start or window.end - window.start > DAY_MS:
        raise Rejected("window_invalid", "window")


def checked_window(window: Window | None, now: int, horizon_days: int) -> None:
    """Raises Rejected for a window that is over, backwards or beyond the horizon."""
    if window is None:
        return
    checked_span(window)
    if window.end <= now:
        raise Rejected("window_over", "window")
    if window.start > now + (horizon_days + 1) * DAY_MS:
        raise Rejected("window_too_far", "window", days=horizon_days)


def book(command: BookOrder, act: Act, world: World, now: int) -> Change:
    """A booking never bounces for want of a window: without one it is stored without a promise, to be called back."""
    role.require(act.actor, role.BOOKS, act.region)
    if world.get(Order, command.order) is not None:
        raise Rejected("exists", "order")
    policy, region = policy_of(world), region_of(world, act.region)
    source = coded(command.source, "source")
    checked_window(command.window, now, policy.horizon_days)
    after: list[Entity] = []
    secrets: tuple[Secret, ...] = ()
    if (command.customer is None) == (command.new_customer is None):
        raise Rejected("required", "customer")
    if (command.address is None) == (command.new_address is None):
        raise Rejected("required", "address")
    if command.new_customer is not None:
        required_text(command.new_customer.phone, "new_customer.phone", 40)
        customer, secrets = customer_made(world, command.new_customer, act.region)
    else:
        assert command.customer is not None
        customer = in_region(world, Customer, command.customer, "customer", act.region)
    if command.new_address is not None:
        checked_district(world, command.new_address, act.region)
        address, more = address_made(world, command.new_address, customer.id, act.region)
        secrets += more
        after.append(address)
        customer = replace(customer, addresses=(*customer.addresses, address.id))
        after.append(customer)
    else:
        assert command.address is not None
        address = in_region(world, Address, command.address, "address", act.region)
        if address.customer != customer.id:
            raise Rejected("not_found", "address", kind="address", id=address.id)
    if command.requested_technician is not None:
        in_region(world, Technician, command.requested_technician, "requested_technician", act.region)
    prices = tariff(world, act.region, act.at, command.window)
    lines = priced(world, command.lines, prices.book)
    price = quote(
        Wanted(
            lines=lines,
            point=address.point,
            urgency=command.urgency,
            window=command.window,
            at=act.at,
            coupon=command.coupon,
            package=command.package,
        ),
        prices,
    )
    order = Order(
        id=command.order,
        region=act.region,
        number=world.number(act.region, local_date(act.at, region.timezone), command.temporary_number),
        temporary_number=command.temporary_number,
        since=act.at,
        created_at=act.at,
        source=source,
        urgency=command.urgency,
        customer=customer.id,
        address=address.id,
        district=address.district,
        point=address.point.coarse(),
        approximate=address.approximate,
        lines=lines,
        visits=(Visit(window=command.window),),
        quote=price,
        provisional=command.provisional,
        requested_technician=command.requested_technician,
    )
    order = stepped(order, act, "book", source=source)
    if note := text(command.note, "note"):
        after.append(note_made(order, note, act))
        order = replace(order, notes=1)
    warnings: tuple[Broken, ...] = (Broken("no_promise"),) if command.window is None else ()
    if "no_price" in price.warnings:
        warnings = (*warnings, Broken("no_price"))
    undo = CancelOrder(order=order.id, reason="undo", side="platform")
    return Change(after=(order, *after), undo=undo, secrets=secrets, warnings=warnings)


def import_order(command: ImportOrder, act: Act, world: World, now: int) -> Change:
    """An order taken over as it stands elsewhere; the same one twice is one."""
    role.require(act.actor, role.OVERRIDES | role.ADMINISTERS, act.region)
    if world.get(Order, command.order) is not None:
        raise Rejected("exists", "order")
    if abs(command.created_at - now) > 40 * 366 * DAY_MS:
        raise Rejected("time_invalid", "created_at")
    if command.window is not None:
        checked_span(command.window)
        if abs(command.window.start - command.created_at) > 400 * DAY_MS:
            raise Rejected("window_invalid", "window")
    if command.closed_at is not None and command.closed_at < command.created_at:
        raise Rejected("closed_before_created", "closed_at")
    region = region_of(world, act.region)
    source = required_text(command.source, "source", 80)
    external_id = text(command.external_id, "external_id", 120)
    secrets: tuple[Secret, ...] = ()
    if world.get(Customer, command.new_customer.id) is not None:
        customer = in_region(world, Customer, command.new_customer.id, "new_customer", act.region)
    else:
        customer, secrets = customer_made(world, command.new_customer, act.region)
    address, more = address_made(world, command.new_address, customer.id, act.region)
    customer = replace(customer, addresses=(*customer.addresses, address.id))
    prices = tariff(world, act.region, act.at, command.window)
    lines = priced(world, (command.line,), prices.book)
    wanted = Wanted(
        lines=lines, point=address.point, urgency=command.urgency, window=command.window, at=act.at
    )
    closed = command.closed_at
    order = Order(
        id=command.order,
        region=act.region,
        number=world.number(act.region, local_date(command.created_at, region.timezone), None),
        status="pending" if closed is None else "completed",
        since=command.created_at if closed is None else closed,
        created_at=command.created_at,
        closed_at=closed,
        source=source,
        external_id=external_id,
        urgency=command.urgency,
        customer=customer.id,
        address=address.id,
        district=address.district,
        point=address.point.coarse(),
        approximate=address.approximate,
        lines=lines,
        visits=(Visit(window=command.window),),
        quote=quote(wanted, prices),
    )
    order = stepped(order, act, "import", source=source, external_id=external_id)
    after: tuple[Entity, ...] = (customer, address)
    if note := text(command.note, "note"):
        after = (*after, note_made(order, note, act))
        order = replace(order, notes=1)
    known = Compound(
        id=f"{address.region}:{address.district}:{address.compound}",
        region=act.region, name=address.compound, district=address.district, point=address.point,
    )  # fmt: skip
    if not address.approximate and world.get(Compound, known.id) is None:
        after = (*after, known)
    return Change(after=(order, *after), secrets=(*secrets, *more))


def change_order(command: ChangeOrder, act: Act, world: World, now: int) -> Change:
    """Other lines or urgency; the price is quoted anew and the plan keeps its start."""
    order = in_region(world, Order, command.order, "order", act.region)
    may(order, "change_order", act)
    if order.version != command.from_version:
        raise changed_meanwhile(order, "from_version", frozenset(), version=order.version)
    if any(line.state != "open" for line in order.lines) or any(
        each.state == "accepted" for each in order.revisions
    ):
        raise Rejected("work_begun", "lines")
    if command.requested_technician is not None:
        in_region(world, Technician, command.requested_technician, "requested_technician", act.region)
    lines, prices = repriced(world, order, command.lines, act.at)
    price, dropped = requote(world, replace(order, lines=lines, urgency=command.urgency), prices)
    after = replace(order, lines=lines, urgency=command.urgency, quote=price,
                    requested_technician=command.requested_technician)  # fmt: skip
    after = stepped(after, act, "change_order", total=price.total, from_total=order.quote.total)
    undo = ChangeOrder(
        order=order.id,
        from_version=order.version + 1,
        lines=tuple(booked(line) for line in order.lines),
        urgency=order.urgency,
        requested_technician=order.requested_technician,
    )
    plan = place(world, act, after, now) if after.technician else None
    if plan is None:
        return Change(after=(after,), undo=undo, warnings=dropped)
    return Change(after=(after, plan.day), undo=undo, warnings=(*dropped, *plan.warnings))


def change_appointment(command: ChangeAppointment, act: Act, world: World, now: int) -> Change:
    """Only the customer's consent moves a promise; an accepted order is planned anew."""
    order = in_region(world, Order, command.order, "order", act.region)
    may(order, "change_appointment", act)
    if order.window != command.from_window:
        raise changed_meanwhile(
            order, "window", frozenset({"book", "change_appointment"}), window=order.window
        )
    if command.window is not None and not command.consent:
        raise Rejected("consent_missing", "consent")
    checked_window(command.window, now, policy_of(world).horizon_days)
    reason = coded(command.reason, "reason")
    after, dropped = requoted(world, order.with_window(command.window))
    after = replace(
        after,
        rebooked=order.rebooked + (1 if act.undoes is None else -1 if order.rebooked else 0),
        provisional=command.provisional,
    )
    after = stepped(after, act, "change_appointment", "pending", side=command.side, reason=reason)
    after = replace(after, technician=None, planned_on=None, transfer=None, offer=remembered(order))
    stop = stop_of(world, order)
    undo = ChangeAppointment(
        order=order.id,
        from_window=command.window,
        window=order.window,
        side="platform",
        reason="undo",
        consent=True,
        provisional=order.provisional,
        technician=order.technician,
        start=stop.start if stop else None,
    )
    released = {day.id: day for day in freed(world, order)}
    if command.technician is None or command.start is None:
        return Change(after=(after, *released.values()), undo=undo, warnings=dropped)
    after, plan = assigned(world, act, after, command.technician, command.start, now)
    released[plan.day.id] = plan.day
    return Change(after=(after, *released.values()), undo=undo, warnings=(*dropped, *plan.warnings))


def assigned(
    world: World, act: Act, order: Order, technician: str, start: int, now: int
) -> tuple[Order, Placed]:
    """A pending order given to a technician in the same act that makes it pending."""
    life.require("pending", "assign", act.actor, act.region)
    after = stepped(order, act, "assign", "accepted", technician=technician, start=start)
    plan = place(world, act, replace(after, technician=technician), now, start)
    return replace(after, technician=technician, planned_on=plan.day.date), plan


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
    after = replace(
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
        order=order.id, window=order.window, technician=order.technician, start=stop.start if stop else None
    )
    return Change(after=(after, *freed(world, order), *linked(world, after)), undo=undo)


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
    after, plan = assigned(world, act, after, command.technician, command.start, now)
    return Change(after=(after, plan.day, *first), undo=undo, warnings=(*dropped, *plan.warnings))


def urge(command: UrgeOrder, act: Act, world: World, now: int) -> Change:
    """The customer asks again (催单): counted, and the order rises in the queue."""
    order = in_region(world, Order, command.order, "order", act.region)
    may(order, "urge", act)
    after = replace(order, urged=order.urged + 1, urged_at=act.at)
    return Change(after=(stepped(after, act, "urge", count=after.urged),))


def booked(line: Line) -> BookedLine:
    """A line as it would be booked again."""
    return BookedLine(
        item=line.item, fault=line.fault, brand=line.brand, model=line.model, quantity=line.quantity
    )
