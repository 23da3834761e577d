"""Booking and importing orders, and changing what was booked."""

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
    UrgeOrder,
)  # fmt: skip
from dispatcher_app.domain.customer import (
    Address,
    Compound,
    Customer,
)
from dispatcher_app.domain.day import Day, Stop, day_id
from dispatcher_app.domain.entity import Entity, changed
from dispatcher_app.domain.matching import Need, made_room, need_of, unfit, unfree
from dispatcher_app.domain.order import Line, Order, Visit, Window
from dispatcher_app.domain.pricing import Wanted, quote
from dispatcher_app.domain.rule.caller import address_made, checked_district, customer_made
from dispatcher_app.domain.rule.dispatching import (
    Placed,
    freed,
    place,
    remembered,
    taken,
    with_helpers,
    written,
)  # fmt: skip
from dispatcher_app.domain.rule.facts import (
    changed_meanwhile,
    coded,
    crew_of,
    in_region,
    items_of,
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
from dispatcher_app.domain.rule.sequence import waiting
from dispatcher_app.domain.rule.standing import needs_of, party, span_left, stop_of
from dispatcher_app.domain.rule.talking import note_made
from dispatcher_app.domain.rule.work import by_maker
from dispatcher_app.domain.technician import Technician


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
        crew=crew_of(world, lines),
        quote=price,
        provisional=command.provisional,
        requested_technician=command.requested_technician,
    )
    order, others = waiting(world, order, command.after)
    after += others
    order = stepped(order, act, "book", source=source)
    if note := text(command.note, "note"):
        after.append(note_made(order, note, act))
        order = changed(order, notes=1)
    warnings: tuple[Broken, ...] = (Broken("no_promise"),) if command.window is None else ()
    warnings = (*by_maker(lines, local_date(act.at, region_of(world, act.region).timezone)), *warnings)
    days: tuple[Day, ...] = ()
    if command.held:
        items = items_of(world, (line.item for line in order.lines))
        wanted = need_of(order, items, customer.blocked_technicians, span_left(world, order))
        order, days, lost = kept_hour(world, order, command.held, wanted, now)
        warnings = (*warnings, *lost)
    if "no_price" in price.warnings:
        warnings = (*warnings, Broken("no_price"))
    undo = CancelOrder(order=order.id, reason="undo", side="platform")
    return Change(after=(order, *after, *days), undo=undo, secrets=secrets, warnings=warnings)


def kept_hour(
    world: World, order: Order, held: str, wanted: Need, now: int
) -> tuple[Order, tuple[Day, ...], tuple[Broken, ...]]:
    """The order with the hour that was held for it as its tentative place; without it, where that is gone by now.

    Then the promise stands all the same, to be confirmed, and that is said.
    """
    day = world.get(Day, held)
    hold = day.hold_of(order.id) if day is not None and day.region == order.region else None
    if day is None or hold is None:
        return lost_hour(order)
    plan = day.without_hold(order.id)
    window, technician = order.window, world.get(Technician, day.technician)
    if window is None:
        return order, (written(world, plan, now),), ()
    if technician is None or not window.start <= hold.start <= window.end:
        return lost_hour(order)
    if hold.expires_at is not None and hold.expires_at <= now:
        return lost_hour(order)
    policy, timezone = policy_of(world), region_of(world, order.region).timezone
    for each in party(world, plan, hold):
        who = in_region(world, Technician, each.technician, "held", order.region)
        if unfit(who, wanted, hold.start) or unfree(who, each, wanted, hold.start, now, policy, timezone):
            return lost_hour(order)
    stop = Stop(
        order=order.id, visit=order.visit.number, start=hold.start, end=hold.start + wanted.minutes * MINUTE_MS,
        point=order.point, state="tentative", together=hold.together,
    )  # fmt: skip
    plan = made_room(plan, technician, wanted, hold.start, now, policy).with_stop(stop)
    lead = hold.together[0] if hold.together else day.technician
    return replace(order, tentative=day_id(lead, day.date)), (written(world, plan, now),), ()


def lost_hour(order: Order) -> tuple[Order, tuple[Day, ...], tuple[Broken, ...]]:
    """The order promised without the hour that was held for it; nothing is lost where nothing is promised."""
    if order.window is None:
        return order, (), ()
    return replace(order, provisional=True), (), (Broken("hold_lost"),)


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
        crew=crew_of(world, lines),
        quote=quote(wanted, prices),
    )
    order = stepped(order, act, "import", source=source, external_id=external_id)
    after: tuple[Entity, ...] = (customer, address)
    if note := text(command.note, "note"):
        after = (*after, note_made(order, note, act))
        order = changed(order, notes=1)
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
    if not order.stands_as_read(command.from_version):
        raise changed_meanwhile(order, "from_version", frozenset(), version=order.version)
    if any(line.state != "open" for line in order.lines) or any(
        each.state == "accepted" for each in order.revisions
    ):
        raise Rejected("work_begun", "lines")
    if command.requested_technician is not None:
        in_region(world, Technician, command.requested_technician, "requested_technician", act.region)
    lines, prices = repriced(world, order, command.lines, act.at)
    price, dropped = requote(world, replace(order, lines=lines, urgency=command.urgency), prices)
    usual = crew_of(world, order.lines)
    # More than its items take is what somebody has said of this visit.
    crew = max(crew_of(world, lines), order.crew if order.crew > usual else 1)
    after = replace(order, lines=lines, urgency=command.urgency, quote=price, crew=crew,
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
        # Another work takes another time, or somebody else: the planner finds it a place anew.
        days = freed(world, order, now) if lines != order.lines else ()
        after = replace(after, tentative="") if days else after
        return Change(after=(after, *days), undo=undo, warnings=dropped)
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
    after = taken(after, technician=None, planned_on=None, transfer=None, offer=remembered(order))
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
        helpers=order.helpers,
    )
    released = {day.id: day for day in freed(world, order, now)}
    if command.technician is None or command.start is None:
        if command.held:
            after, days, lost = kept_hour(world, after, command.held, needs_of(world, after), now)
            released |= {day.id: day for day in days}
            dropped = (*dropped, *lost)
        return Change(after=(after, *released.values()), undo=undo, warnings=dropped)
    after, plan = assigned(world, act, after, command.technician, command.start, now, command.helpers)
    released[plan.day.id] = plan.day
    return Change(after=(after, *released.values()), undo=undo, warnings=(*dropped, *plan.warnings))


def assigned(
    world: World, act: Act, order: Order, technician: str, start: int, now: int, helpers: tuple[str, ...] = ()
) -> tuple[Order, Placed]:
    """A pending order given to a technician in the same act that makes it pending."""
    life.require("pending", "assign", act.actor, act.region)
    said = with_helpers(helpers)
    after = stepped(order, act, "assign", "accepted", technician=technician, start=start, **said)
    after = replace(after, technician=technician, helpers=helpers)
    plan = place(world, act, after, now, start)
    return replace(after, planned_on=plan.day.date), plan


def urge(command: UrgeOrder, act: Act, world: World, now: int) -> Change:
    """The customer asks again (催单): counted, and the order rises in the queue."""
    order = in_region(world, Order, command.order, "order", act.region)
    may(order, "urge", act)
    after = changed(order, urged=order.urged + 1, urged_at=act.at)
    return Change(after=(stepped(after, act, "urge", count=after.urged),))


def booked(line: Line) -> BookedLine:
    """A line as it would be booked again."""
    return BookedLine(
        item=line.item, fault=line.fault, brand=line.brand, model=line.model, quantity=line.quantity,
        maker_until=line.maker_until,
    )  # fmt: skip
