"""What holds after every command, whatever people do in whatever order."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from itertools import combinations
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dispatcher_app import codec
from dispatcher_app.domain.act import SYSTEM, Actor, Change, Rejected
from dispatcher_app.domain.calendar import next_date
from dispatcher_app.domain.command import (
    AcceptOrder,
    AddLeave,
    AddNote,
    AssignTechnician,
    BookedLine,
    BookOrder,
    CancelOrder,
    ChangeAppointment,
    ChangeCustomer,
    ChangeOrder,
    DeclineOrder,
    ExpireOffer,
    NewCustomer,
    OfferOrder,
    RemoveLeave,
    ReopenOrder,
    SetShiftException,
    SetTechnicianStatus,
    UnassignTechnician,
    UrgeOrder,
    WithdrawOffer,
)  # fmt: skip
from dispatcher_app.domain.customer import Address, Customer, Note
from dispatcher_app.domain.day import Day, Stop, day_id
from dispatcher_app.domain.order import CLOSED, PLANNED, WORKSHOP, Order, Window
from dispatcher_app.domain.pricing import owed
from dispatcher_app.domain.region import Policy
from dispatcher_app.domain.rule.planning import PROMISED
from dispatcher_app.domain.rule.together import plain
from dispatcher_app.domain.technician import ShiftException
from dispatcher_app.domain.timer import alarm, due
from dispatcher_app.simulator.rehearsal import Rehearsal
from tests.domain import trade
from tests.domain.trade import DISPATCHER, NOW, SUPERVISOR, hour

ORDERS = ("o1", "o2", "o3", "o4")
TECHNICIANS = ("li", "wang", "zhao")
# What may stand in no order and in no plan, whichever way it is encoded.
PERSONAL = (
    "张丽华",
    "13800138000",
    "138****8000",
    "平安新村",
    "3号楼",
    "502室",
    "2580#",
    "大黑狗",
    "再催一下",
)

orders = st.sampled_from((*ORDERS[:3] * 4, "o4"))
technicians = st.sampled_from((*TECHNICIANS * 5, "ghost"))
hours = st.integers(16, 42).map(lambda half: hour(half / 2)) | st.integers(40, 44).map(hour)
windows = st.none() | hours.map(lambda start: Window(start, start + 2 * 3_600_000))
lines = st.sampled_from(
    (
        (BookedLine(item="fridge", fault="ice"),),
        (BookedLine(item="tap", quantity=3),),
        (BookedLine(item="air"),),
        (),
    )
)
actors = st.sampled_from(
    (*(DISPATCHER, SUPERVISOR, SUPERVISOR) * 3, trade.COUNTER, SYSTEM, Actor(kind="technician", id="li"))
)


def booking(order: str, window: Window | None, chosen: tuple[BookedLine, ...]) -> BookOrder:
    return trade.booking(order, window=window, lines=chosen)


wishes = st.one_of(
    st.builds(booking, orders, windows, lines),
    st.builds(
        AssignTechnician,
        order=orders, technician=technicians, start=hours, override_reason=st.none() | st.just("客户坚持"),
    ),
    st.builds(AssignTechnician, order=orders, technician=technicians, start=hours),
    st.builds(AssignTechnician, order=orders, technician=technicians, start=hours),
    st.builds(UnassignTechnician, order=orders, from_technician=technicians),
    st.builds(OfferOrder, order=orders, technician=technicians),
    st.builds(OfferOrder, order=orders, technician=technicians),
    st.builds(AcceptOrder, order=orders, technician=technicians, start=hours),
    st.builds(AcceptOrder, order=orders, technician=technicians, start=hours),
    st.builds(AcceptOrder, order=orders, technician=technicians, start=hours),
    st.builds(DeclineOrder, order=orders, technician=technicians),
    st.builds(WithdrawOffer, order=orders, from_technician=technicians),
    st.builds(ExpireOffer, order=orders, technician=technicians, expires_at=st.just(NOW + 180_000)),
    st.builds(CancelOrder, order=orders, reason=st.just("x"), side=st.sampled_from(("customer", "platform"))),
    st.builds(ReopenOrder, order=orders, window=windows, technician=st.none() | technicians, start=st.none() | hours),
    st.builds(
        ChangeAppointment,
        order=orders, from_window=windows, window=windows, side=st.just("customer"), reason=st.just("x"),
        consent=st.booleans(), technician=st.none() | technicians, start=st.none() | hours,
    ),
    st.builds(
        ChangeOrder, order=orders, from_version=st.integers(0, 5), lines=lines,
        urgency=st.sampled_from(("normal", "same_day", "emergency")),
    ),
    st.builds(AddNote, order=orders, text=st.just("再催一下,张丽华 13800138000")),
    st.builds(UrgeOrder, order=orders),
    st.builds(
        SetTechnicianStatus, technician=technicians, from_status=st.sampled_from(("online", "busy", "offline")),
        status=st.sampled_from(("online", "busy", "offline")),
    ),
    st.builds(
        SetShiftException, technician=technicians, back_to_pattern=st.booleans(),
        exception=st.just(ShiftException(trade.DATE, 600, 900)),
    ),
    st.builds(AddLeave, technician=technicians, leave=st.just("l"), start=hours, end=hours, reason=st.just("年假")),
    st.builds(RemoveLeave, technician=technicians, leave=st.just("l")),
    st.builds(ChangeCustomer, customer=st.just("c-o1"), from_version=st.integers(0, 3), name=st.just("张丽华")),
    st.just("undo the last step"),
    st.just("undo the last step"),
)  # fmt: skip


def fitting(world: Rehearsal, command: Any, exact: bool) -> Any:
    """The command as somebody would give it who sees the order as it stands (or as it stood before)."""
    order = world.get(Order, getattr(command, "order", ""))
    if order is None or not exact:
        return command
    if isinstance(command, AssignTechnician):
        return replace(command, from_technician=order.technician)
    if isinstance(command, UnassignTechnician):
        return replace(command, from_technician=order.technician or "li")
    if isinstance(command, AcceptOrder | DeclineOrder) and order.offer:
        return replace(command, technician=order.offer.technician)
    if isinstance(command, WithdrawOffer) and order.offer:
        return replace(command, from_technician=order.offer.technician)
    if isinstance(command, ChangeAppointment):
        return replace(command, from_window=order.window)
    if isinstance(command, ExpireOffer) and order.offer:
        return replace(command, technician=order.offer.technician, expires_at=order.offer.expires_at)
    if isinstance(command, ChangeOrder):
        return replace(command, from_version=order.version)
    return command


def check(world: Rehearsal, overridden: set[str]) -> None:
    """The invariants of orders and plans."""
    found = {each.id: each for each in world.all(Order)}
    for day in world.all(Day):
        assert day.id == day_id(day.technician, day.date)
        assert list(day.stops) == sorted(day.stops, key=lambda each: (each.start, each.order, each.visit))
        for one, other in combinations((stop for stop in day.stops if stop.state != "done"), 2):
            if one.order != other.order and one.start < other.end and other.start < one.end:
                assert {one.order, other.order} & overridden, (one, other)
    check_stops(world, found)
    for order in found.values():
        check_order(order, found)


def check_stops(world: Rehearsal, found: dict[str, Order]) -> None:
    """A stop serves an order that is to be driven to or worked on, or tells of a visit that is over."""
    stops = check_together([(day, stop) for day in world.all(Day) for stop in day.stops])
    standing = [(day, stop) for day, stop in stops if stop.state in ("confirmed", "locked")]
    assert max(Counter(stop.order for _, stop in standing).values(), default=0) <= 1
    for day, stop in standing:
        order = found[stop.order]
        assert (order.technician, order.planned_on) == (day.technician, day.date)
        assert order.helpers == stop.helpers
        if order.status != "in_progress":
            assert stop.end - stop.start == order.minutes_left * 60_000
        elif order.visit.number == 1:
            assert stop.end - stop.start == order.minutes * 60_000
        assert stop.visit == order.visit.number
        assert (stop.state == "locked") == (order.status in ("en_route", "in_progress"))
    for day, stop in stops:
        if stop.state == "done":
            visit = found[stop.order].visits[stop.visit - 1]
            assert (visit.technician, visit.ended_at is not None) == (day.technician, True)
            assert visit.helpers == stop.helpers
            assert stop.end <= (visit.ended_at or 0)
    # A visit that nobody ended for days is somebody's to look after; it keeps its technician from none of today's.
    locked = [day for day, stop in standing if stop.state == "locked"]
    for one, other in combinations(locked, 2):
        assert one.technician != other.technician or next_date(min(one.date, other.date)) < max(
            one.date, other.date
        )
    check_places(stops, found)
    planned = {stop.order for _, stop in standing}
    assert planned == {order.id for order in found.values() if order.status in PLANNED}


def check_together(stops: list[tuple[Day, Stop]]) -> list[tuple[Day, Stop]]:
    """Whoever comes along has the same stop in his plan; returns the stops of those who lead."""
    plans = {(day.technician, day.date): {plain(stop) for stop in day.stops} for day, _ in stops}
    for day, stop in stops:
        if stop.together:
            assert len(set(stop.together)) == len(stop.together) == 2
            assert day.technician in stop.together
            assert all(plain(stop) in plans[each, day.date] for each in stop.together), stop
    return [(day, stop) for day, stop in stops if not stop.together or stop.together[0] == day.technician]


def check_places(stops: list[tuple[Day, Stop]], found: dict[str, Order]) -> None:
    """A tentative stop is the only one of an order that nobody was sent to; a held hour names who holds it."""
    tentative = [(day, stop) for day, stop in stops if stop.state == "tentative"]
    assert max(Counter(stop.order for _, stop in tentative).values(), default=0) <= 1
    for day, stop in tentative:
        order = found[stop.order]
        assert (order.status in ("pending", "offered"), order.technician, order.tentative) == (
            True,
            None,
            day.id,
        )
        assert order.window is not None
        assert stop.end - stop.start == order.minutes_left * 60_000
        assert (stop.visit, stop.expires_at, stop.held_by) == (order.visit.number, None, "")
    for _, stop in stops:
        assert (stop.state == "held") == (stop.expires_at is not None) == bool(stop.held_by)
        assert not (stop.state == "held" and stop.pinned)


def check_order(order: Order, found: dict[str, Order]) -> None:
    """What holds of one order in whatever status."""
    status, home = order.status, order.service == "home"
    assert home == (status not in WORKSHOP) == bool(order.address)
    if home:
        assert (order.technician is None) == (status in ("pending", "offered", "cancelled"))
        assert (status == "cancelled") == (order.cancellation is not None)
    assert (order.planned_on is not None) == (status in PLANNED)
    # Offered is either to one, or to all in the pool.
    one = bool(order.offer and order.offer.technician)
    assert (status == "offered") == (one or order.pool is not None)
    assert not (one and order.pool)
    assert (status in CLOSED) == (order.closed_at is not None)
    assert not order.tentative or status in ("pending", "offered")
    assert order.unkept is None or (status in PROMISED and order.window is not None)
    assert (status == "on_hold") == (order.hold is not None)
    assert order.transfer is None or (status == "accepted" and order.transfer.to != order.technician)
    assert order.quote.total == sum(line.amount for line in order.quote.lines)
    assert [each.number for each in order.visits] == list(range(1, len(order.visits) + 1))
    assert all(each.outcome and each.ended_at for each in order.visits[:-1])
    over = ("on_hold", "finished", "completed", "ready", "handed_back")
    assert (order.visit.outcome is not None) == (status in over) or status == "cancelled"
    assert (status == "in_progress") <= (order.visit.arrival is not None)
    assert [each.number for each in order.revisions] == list(range(1, len(order.revisions) + 1))
    assert all(each.state != "proposed" for each in order.revisions[:-1])
    assert order.proposed is None or status in ("in_progress", "quoted", "repairing")
    assert (status == "completed") <= (order.confirmed_at is not None and order.paid >= owed(order))
    assert (status == "handed_back") <= (order.paid >= owed(order))
    assert (status in ("finished", "completed", "handed_back")) <= (order.result is not None)
    assert order.paid >= 0
    assert order.return_of is None or (order.id in found[order.return_of].returns) == (status != "cancelled")
    assert order.steps[0].action == ("book" if home else "receive")
    assert due(order, Policy(), trade.TIMEZONE) is None or status not in CLOSED
    # What a closed order still waits for is that its share is let go, and not while somebody complains.
    releasing = order.share == "frozen" and order.complaint is None
    assert alarm(order, Policy()) is None or status not in CLOSED or releasing


def check_change(change: Change, former: dict[tuple[str, str], Any], region: str) -> None:
    """What every change keeps: one log, versions, and nothing personal outside of the personal kinds."""
    assert len({(each.kind, each.id) for each in change.after}) == len(change.after)
    for entity in change.after:
        assert entity.region == region
        known = former.get((entity.kind, entity.id))
        assert entity.version == (known.version if known else 0)
        body = codec.encode(entity).decode()
        if isinstance(entity, Order | Day):
            assert not [word for word in PERSONAL if word in body.replace(entity.id, "")]
        if isinstance(entity, Customer | Address):
            assert not [word for word in ("13800138000", "502室", "2580#") if word in body]
        assert codec.entity(entity.kind, body) == entity
    for secret in change.secrets:
        assert secret.value not in repr(secret)
    if change.undo is not None:
        sent = codec.named(change.undo)
        assert codec.command(sent.name, sent.body) == change.undo


@settings(max_examples=200, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    st.lists(st.tuples(wishes, actors, st.integers(0, 9), st.integers(0, 60_000)), min_size=30, max_size=60)
)
def test_orders_and_plans_agree_whatever_people_do(steps: list[tuple[Any, Actor, int, int]]) -> None:
    world = trade.company()
    for id in ORDERS[:3]:
        trade.booked(world, id)
    overridden: set[str] = set()
    undo = None
    now = NOW
    for wish, actor, stale, later in steps:
        now += later
        command = undo if isinstance(wish, str) else fitting(world, wish, stale > 0)
        if command is None:
            continue
        if isinstance(command, ExpireOffer):
            actor = SYSTEM
        then = dict(world.entities)
        try:
            change = world.do(actor, command, now, undoes="x" if isinstance(wish, str) else None)
        except Rejected:
            assert world.entities == then
            continue
        undo = change.undo
        check_change(change, then, world.region)
        if isinstance(command, AssignTechnician) and command.override_reason and actor != DISPATCHER:
            overridden.add(command.order)
        check(world, overridden)


@given(
    name=st.text(max_size=90),
    phone=st.text("0123456789+-*() 壹a", max_size=20),
    unit=st.text("甲乙丙丁戊", max_size=10) | st.text(max_size=3),
    note=st.text(max_size=30),
)
@settings(max_examples=150, deadline=None)
def test_any_words_of_a_caller_are_kept_apart_or_refused(name: str, phone: str, unit: str, note: str) -> None:
    world = trade.company()
    made = trade.booking(
        new_customer=NewCustomer(id="c", name=name, phone=phone),
        new_address=trade.address(unit=unit),
        note=note,
    )
    try:
        change = world.do(DISPATCHER, made, NOW)
    except Rejected:
        return
    for entity in change.after:
        body = codec.encode(entity).decode()
        for secret in change.secrets:
            assert len(secret.value) < 4 or secret.value not in body
        if isinstance(entity, Note):
            assert entity.text == note.strip()


TWICE = (
    trade.booking("o9"),
    trade.assign("o1", "li"),
    UnassignTechnician(order="o2", from_technician="wang"),
    AcceptOrder(order="o3", technician="zhao", start=hour(10)),
    DeclineOrder(order="o3", technician="zhao"),
    WithdrawOffer(order="o3", from_technician="zhao"),
    CancelOrder(order="o1", reason="x", side="customer"),
    ChangeAppointment(
        order="o1", from_window=trade.window(14, 16), window=trade.window(16, 18), side="customer", reason="x",
        consent=True,
    ),
    ChangeOrder(order="o1", from_version=1, lines=(BookedLine(item="tap"),), urgency="normal"),
    OfferOrder(order="o1", technician="li"),
    SetTechnicianStatus(technician="li", from_status="online", status="busy"),
    AddLeave(technician="li", leave="l", start=hour(10), end=hour(11), reason="x"),
    ChangeCustomer(customer="c-o1", from_version=1, name="李"),
)  # fmt: skip


@pytest.mark.parametrize("command", TWICE, ids=lambda each: type(each).__name__)
def test_giving_a_command_again_as_a_new_act_is_refused(command: Any) -> None:
    world = trade.company()
    for id in ("o1", "o2", "o3"):
        trade.booked(world, id)
    world.do(DISPATCHER, trade.assign("o2", "wang"), NOW)
    world.do(DISPATCHER, OfferOrder(order="o3", technician="zhao"), NOW)
    world.do(DISPATCHER, command, NOW)
    then = dict(world.entities)
    with pytest.raises(Rejected):
        world.do(DISPATCHER, command, NOW)
    assert world.entities == then
