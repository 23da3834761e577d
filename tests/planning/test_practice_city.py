"""The practice city: accepted by the same rules, the same for the same seed, alive at any hour."""

from __future__ import annotations

from collections import Counter
from functools import cache
from itertools import combinations
from typing import Any

import pytest

from dispatcher_app import codec
from dispatcher_app.domain.act import Actor
from dispatcher_app.domain.calendar import DAY_MS, HOUR_MS, local_date, next_date
from dispatcher_app.domain.customer import Address, Compound, Customer
from dispatcher_app.domain.day import Day
from dispatcher_app.domain.order import STATUSES, WORKSHOP, Order
from dispatcher_app.domain.place import Point, distance_m
from dispatcher_app.domain.pricing import owed
from dispatcher_app.domain.region import Policy, Region, Staff
from dispatcher_app.domain.talk import Attachment, Review
from dispatcher_app.domain.technician import Technician
from dispatcher_app.domain.van import Van
from dispatcher_app.simulator import city
from dispatcher_app.simulator.rehearsal import Rehearsal
from dispatcher_app.simulator.shot import Shot, drawn
from tests.domain.trade import MIDNIGHT, TIMEZONE

HOURS = (0, 3.5, 7, 9.25, 13, 18.9, 21, 23.99)


@cache
def acts(hour: float, seed: int = 1) -> tuple[tuple[Actor, Any, int], ...]:
    given: list[tuple[Actor, Any, int]] = []
    city.build(lambda actor, command, at: given.append((actor, command, at)), seed, now_at(hour))
    return tuple(given)


def now_at(hour: float) -> int:
    return MIDNIGHT + round(hour * HOUR_MS)


@cache
def built(hour: float) -> Rehearsal:
    world = Rehearsal(city.REGION)
    for actor, command, at in acts(hour):
        # The real world decides a few seconds later than the rehearsal did.
        world.do(actor, command, at, now_at(hour) + 3_000)
    return world


@pytest.mark.parametrize("hour", HOURS)
def test_every_act_is_accepted_at_any_hour(hour: float) -> None:
    world = built(hour)
    orders = world.all(Order)
    states = Counter(order.status for order in orders)
    assert 150 <= len(orders) <= 185
    assert states["accepted"] >= 70
    assert states["pending"] >= 25
    assert states["cancelled"] >= 8
    assert sum(order.urged > 0 for order in orders) >= 3
    assert any(order.rebooked for order in orders)
    assert any(order.window is None for order in orders)
    assert all(at <= now_at(hour) for _, _, at in acts(hour))


@pytest.mark.parametrize("hour", HOURS)
def test_every_point_of_an_order_s_life_is_there_at_any_hour(hour: float) -> None:
    world, now = built(hour), now_at(hour)
    orders = world.all(Order)
    states = Counter(order.status for order in orders)
    assert set(states) == set(STATUSES)
    assert states["completed"] >= 12
    assert states["en_route"] >= 2
    home = [order for order in orders if order.service == "home"]
    at_work = [order for order in home if order.status == "in_progress"]
    assert any(each.proposed for each in at_work)
    assert any(line.state == "done" for each in at_work for line in each.lines)
    assert any(each.checks for each in at_work)
    assert any(one.state == "accepted" for each in at_work for one in each.revisions)
    assert {flag for each in orders for flag in each.flags} >= {"quote_over", "quote_dropped", "arrived_away"}
    finished = [order for order in home if order.status == "finished"]
    assert any(each.confirmed_at is None for each in finished)
    assert any(each.confirmed_at is not None and each.paid < owed(each) for each in finished)
    held = [order.hold for order in home if order.hold is not None]
    assert {each.reason for each in held} == {"parts_missing", "customer_absent"}
    assert any(each.parts for each in held)
    assert any(each.next_contact < local_date(now, TIMEZONE) for each in held)
    assert any(order.cancellation and order.cancellation.reason == "customer_absent" for order in orders)
    assert any(order.transfer for order in orders)
    assert any(order.warranty for order in orders)
    (again,) = [order for order in orders if order.return_of]
    assert any(again.id in order.returns for order in orders)


@pytest.mark.parametrize("hour", HOURS)
def test_people_have_written_and_judged_and_photographed(hour: float) -> None:
    world = built(hour)
    orders = {order.id: order for order in world.all(Order)}
    assert sum(bool(order.talk and order.talk.staff) for order in orders.values()) >= 3
    assert any(order.talk and not order.talk.staff for order in orders.values())
    reviews = world.all(Review)
    assert {each.stars for each in reviews} == {3, 4, 5}
    assert any(each.reply for each in reviews)
    assert len({each.text for each in reviews}) >= 8
    photos = world.all(Attachment)
    assert 12 <= len(photos) <= 25
    assert {each.purpose for each in photos} >= {"before", "after", "absent", "arrival", "quote", "custody"}
    assert len(world.all(Van)) >= 35


@pytest.mark.parametrize("hour", HOURS)
def test_a_store_keeps_devices_in_every_state_and_one_that_nobody_has_fetched_for_a_month(
    hour: float,
) -> None:
    world = built(hour)
    region = world.get(Region, city.REGION)
    assert region is not None
    (store,) = region.stores
    devices = [order for order in world.all(Order) if order.device is not None]
    assert {each.status for each in devices} == WORKSHOP
    shelves = [each.device.shelf for each in devices if each.device and each.status != "handed_back"]
    assert set(shelves) <= set(store.shelves)
    due = now_at(hour) - Policy().unclaimed_days * DAY_MS
    (forgotten,) = [each for each in devices if each.device and (each.device.ready_at or due + 1) <= due]
    assert forgotten.device is not None
    assert forgotten.device.reminded == 3


def test_no_drawn_photo_is_empty_and_the_same_one_is_the_same() -> None:
    scenes = ("before", "after", "parts", "door", "device", "plate")
    made = [drawn(Shot(scene, "Fridge", "1122-0001")) for scene in scenes]  # type: ignore[arg-type]
    assert len(set(made)) == len(scenes)
    assert made == [drawn(Shot(scene, "Fridge", "1122-0001")) for scene in scenes]  # type: ignore[arg-type]
    assert all(5_000 < len(each) < 200_000 for each in made)


def test_technicians_have_portraits_that_nobody_confuses_and_cases_to_tell() -> None:
    world, hung = Rehearsal(city.REGION), dict[str, bytes]()

    def hang(id: str, data: bytes) -> str:
        hung[id] = data
        return id

    def do(actor: Actor, command: Any, at: int) -> None:
        world.do(actor, command, at, now_at(13))

    city.build(do, 1, now_at(13), hang=hang)
    people = world.all(Technician)
    assert [each.name for each in people if each.portrait is None] == [people[-1].name]
    assert {each.portrait for each in people[:-1]} == set(hung)
    assert len(set(hung.values())) == len(hung)
    assert all(each.startswith(b"\xff\xd8\xff") and len(each) < 40_000 for each in hung.values())
    today = local_date(now_at(13), TIMEZONE)
    assert all(2 <= (each.years(today) or 0) <= 30 for each in people)
    assert all(len(set(each.cases)) >= 2 for each in people)


@pytest.mark.parametrize("hour", HOURS)
def test_nobody_is_planned_twice_and_every_plan_belongs_to_an_order(hour: float) -> None:
    world = built(hour)
    now, today = now_at(hour), local_date(now_at(hour), TIMEZONE)
    orders = {order.id: order for order in world.all(Order)}
    for day in world.all(Day):
        for one, other in combinations(day.stops, 2):
            assert one.end <= other.start or other.end <= one.start
        for stop in day.stops:
            order = orders[stop.order]
            if stop.state == "confirmed":
                assert day.technician in (order.technician, *order.helpers)
                assert stop.start >= now
                assert today <= day.date <= next_date(today, 6)
            elif stop.state == "locked":
                assert day.technician in (order.technician, *order.helpers)
                assert next_date(today, -1) <= day.date <= next_date(today)
            else:
                assert stop.end <= now
        assert day.date >= next_date(today, -14)


def test_the_same_seed_makes_the_same_city_and_another_one_another() -> None:
    first = [(actor, codec.encode(command), at) for actor, command, at in acts(13)]
    acts.cache_clear()
    assert [(actor, codec.encode(command), at) for actor, command, at in acts(13)] == first
    assert [(actor, codec.encode(command), at) for actor, command, at in acts(13, seed=2)] != first


def test_city_has_its_desks_districts_and_people() -> None:
    world = built(9.25)
    region = world.get(Region, city.REGION)
    assert region is not None
    assert (region.name, region.timezone, len(region.districts)) == ("上海", TIMEZONE, 8)
    assert {each.id for each in world.all(Staff)} == {
        "admin",
        "chenjing",
        "wangfang",
        "lina",
        "zhaomin",
        "zhouxia",
        "linyue",
        "tangli",
        "wall",
    }
    assert len(world.all(Technician)) == 40
    assert len({each.name for each in world.all(Technician)}) == 40
    assert len(world.all(Compound)) >= 300
    centres = {each.id: each.centre for each in region.districts}
    for compound in world.all(Compound):
        assert distance_m(compound.point, centres[compound.district]) < 5_000
    assert len(world.all(Customer)) < len(world.all(Order))
    assert any(address.has_door_code for address in world.all(Address))


def test_phone_numbers_are_from_a_range_that_nobody_has() -> None:
    numbers = [secret.value for secret in built(13).secrets if secret.field == "phone"]
    assert numbers
    assert all(number.startswith("+861600") for number in numbers)


def test_only_technicians_at_work_are_seen_and_near_their_city() -> None:
    now = now_at(13)
    people = {each.id: each for each in built(13).all(Technician)}
    seen = city.positions(1, now)
    assert 20 <= len(seen) <= 40
    for id, lon, lat, accuracy, at in seen:
        assert people[id].status != "offline"
        assert 121 < lon < 122
        assert 31 < lat < 31.6
        assert accuracy > 0
        assert at <= now
    assert city.positions(1, now) == seen


def test_whoever_works_on_an_order_is_seen_at_its_door() -> None:
    now = now_at(13)
    known = city.build(lambda *_: None, 1, now)
    working = {order.technician: order for order in built(13).all(Order) if order.status == "in_progress"}
    seen = {id: Point(lon, lat) for id, lon, lat, _, _ in city.positions(1, now, known)}
    assert set(working) <= set(known)
    for id, order in working.items():
        assert id is not None
        address = built(13).get(Address, order.address)
        assert address is not None
        assert distance_m(seen[id], address.point) < 100


@pytest.mark.parametrize("hour", HOURS)
def test_somebody_is_always_on_the_road(hour: float) -> None:
    assert city.positions(1, now_at(hour))
