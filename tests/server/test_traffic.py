"""What a node learns about driving by itself: from trips that were driven, and from sources that fail."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from dispatcher_app.domain import command as c
from dispatcher_app.domain.act import SYSTEM, Rejected
from dispatcher_app.domain.calendar import HOUR_MS, MINUTE_MS
from dispatcher_app.domain.day import Day, Stop
from dispatcher_app.domain.order import Arrival, Order, Quote, Visit
from dispatcher_app.domain.place import Point
from dispatcher_app.domain.region import Region
from dispatcher_app.domain.traffic import HOURS, Pace, Traffic
from dispatcher_app.planning.road.city import BrokenCity
from dispatcher_app.planning.travel.calibrate import Trip
from dispatcher_app.server.city import main as keep_cities
from dispatcher_app.server.node import Node, open_node
from dispatcher_app.server.store import record
from dispatcher_app.server.traffic import Watch, driven, learn, traffic_of, watch
from dispatcher_app.server.travels import Setting, Travels, ground_of
from tests.planning.road.roadmap import grid
from tests.server.city import Gate, Place, actor_of

BEGUN = 1_764_550_800_000
HOME = Point(121.40, 31.20)
SPOTS = (Point(121.45, 31.22), Point(121.47, 31.25), Point(121.50, 31.21))
QUOTE = Quote(lines=(), total=0, if_declined=0, currency="CNY")


def order(number: int, departed: float, arrived: float, ended: float, **visit: Any) -> Order:
    """An order that was driven to, in hours after the day's begin."""
    at = [round(BEGUN + hours * HOUR_MS) for hours in (departed, arrived, ended)]
    made = Visit(technician="t1", departed_at=at[0], arrival=Arrival(at=at[1]), ended_at=at[2])
    return Order(
        id=f"o{number}", region="sh", number=str(number), since=0, created_at=0, customer="c", address="a",
        district="d", point=SPOTS[number], lines=(), quote=QUOTE, visits=(replace(made, **visit),),
    )  # fmt: skip


def trips(*orders: Order, home: Point | None = HOME) -> list[Trip]:
    stops = tuple(
        Stop(order=each.id, visit=1, start=BEGUN, end=BEGUN, point=each.point, state="done")
        for each in orders
    )
    day = Day(id="t1:2025-12-01", region="sh", technician="t1", date="2025-12-01", stops=stops)
    return list(driven(day, {each.id: each for each in orders}, home))


def test_trips_lead_from_home_to_the_first_visit_and_from_each_to_the_next() -> None:
    found = trips(order(1, 2.1, 2.5, 3.0), order(0, 0.0, 0.5, 2.0), order(2, 3.0, 3.25, 5.0))
    assert [(each.origin, each.target, each.seconds) for each in found] == [
        (HOME, SPOTS[0], 1800), (SPOTS[0], SPOTS[1], 1440), (SPOTS[1], SPOTS[2], 900),
    ]  # fmt: skip


def test_who_has_long_finished_may_have_left_from_anywhere() -> None:
    found = trips(order(0, 0.0, 0.5, 1.0), order(1, 4.0, 4.5, 5.0), order(2, 5.0, 5.5, 6.0))
    assert [each.target for each in found] == [SPOTS[0], SPOTS[2]]


def test_an_arrival_far_from_the_door_and_a_visit_nobody_drove_to_are_no_trips() -> None:
    odd = Arrival(at=BEGUN + HOUR_MS, exception="gps_off")
    found = trips(
        order(0, 0.0, 0.5, 1.0, arrival=odd), order(1, 1.0, 1.5, 2.0, departed_at=None),
        order(2, 2.0, 2.5, 3.0, technician="t2"),
    )  # fmt: skip
    assert found == []


def test_without_a_known_home_the_first_drive_says_nothing() -> None:
    found = trips(order(0, 0.0, 0.5, 1.0), order(1, 1.0, 1.5, 2.0), home=None)
    assert [each.origin for each in found] == [SPOTS[0]]


@pytest.fixture
def loop() -> Iterator[asyncio.AbstractEventLoop]:
    made = asyncio.new_event_loop()
    yield made
    made.close()


@pytest.fixture
def node(sqlite: Place, loop: asyncio.AbstractEventLoop) -> Iterator[Node]:
    made = open_node(sqlite.url, sqlite.data / "secret.key", loop)
    yield made
    made.close()


def known(node: Node) -> Traffic:
    with node.database.reading() as cursor:
        return traffic_of(cursor, "sh")


def test_a_night_without_trips_writes_nothing(node: Node, loop: asyncio.AbstractEventLoop) -> None:
    assert loop.run_until_complete(learn(node)) == 0
    assert known(node).version == 0


def test_a_broken_city_comes_into_data_health_once_and_leaves_it_when_it_is_mended(
    node: Node, sqlite: Place, loop: asyncio.AbstractEventLoop
) -> None:
    file = grid(4, 4).file(sqlite.data / "town.osm.pbf")
    words = ["import", str(file), "--data", str(sqlite.data)]
    assert keep_cities(words) == 0
    for arrays in (sqlite.data / "cities").glob("*.npz"):
        arrays.write_bytes(b"broken")
    node.travels.close()
    node.travels = Travels(Setting(order=("road",)), sqlite.data)
    seen_twice(node, loop)
    seen_twice(node, loop)
    assert [each.code for each in known(node).troubles] == ["city_file_broken", "health_travel_uncovered"]
    assert known(node).version == 1, "it is said once"
    assert keep_cities(words) == 0
    node.travels.refresh()
    seen_twice(node, loop)
    assert [each.code for each in known(node).troubles] == ["health_travel_uncovered"]


def seen_twice(node: Node, loop: asyncio.AbstractEventLoop) -> None:
    """A node looks at its sources twice, the cities being open or known to be broken."""
    for source in node.travels.sources():
        for city in getattr(source, "cities", ()):
            with contextlib.suppress(BrokenCity):
                city.wait()
    memory = Watch()
    for _ in range(2):
        loop.run_until_complete(watch(node, memory))


def test_only_the_system_says_what_traffic_is_like(gate: Gate) -> None:
    seen = Traffic(id="sh", region="sh", observed_at=5, estimate=Pace(longer=(1.5,) * HOURS, trips=99))
    for person in ("lina", "wangfang"):
        with pytest.raises(Rejected) as refused:
            gate.do(c.SaveTraffic(traffic=seen), actor=actor_of(person))
        assert refused.value.code == "not_allowed"


def test_travel_times_of_a_region_stand_on_what_was_observed_there(gate: Gate) -> None:
    seen = Traffic(id="sh", region="sh", observed_at=5, estimate=Pace(longer=(1.5,) * HOURS, trips=99))
    gate.do(c.SaveTraffic(traffic=seen), actor=SYSTEM)
    with pytest.raises(Rejected) as refused:
        gate.do(c.SaveTraffic(traffic=seen), actor=SYSTEM)
    assert refused.value.code == "edited_meanwhile"
    with gate.database.reading() as cursor:
        region = record.load(cursor, "region", "sh")
        assert isinstance(region, Region)
        ground = ground_of(cursor, region)
    assert ground.traffic is not None
    assert ground.traffic.version == 1
    found = ground.travel([HOME], [SPOTS[0]], BEGUN + 10 * MINUTE_MS)
    assert found.note.code == "travel_observed"
