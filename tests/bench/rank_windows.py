"""Who could go, which windows can be promised, what a drop would do: milliseconds, by estimate, by road and over HTTP."""

from __future__ import annotations

import json
import random
import tempfile
import time
from collections.abc import Callable, Iterable
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import httpx
import numpy as np

from dispatcher_app import clock
from dispatcher_app.domain.act import SYSTEM, Act
from dispatcher_app.domain.calendar import HOUR_MS, MINUTE_MS, local_date, midnight, next_date
from dispatcher_app.domain.catalogue import Fault, Item
from dispatcher_app.domain.day import Day, Stop, day_id
from dispatcher_app.domain.entity import Entity
from dispatcher_app.domain.matching import need_of
from dispatcher_app.domain.order import Line, Order, Quote, Visit, Window
from dispatcher_app.domain.place import Point
from dispatcher_app.domain.rating import from_stars
from dispatcher_app.domain.region import Policy, Region
from dispatcher_app.domain.technician import Shift, Technician
from dispatcher_app.planning.ghost import dragged, ghost
from dispatcher_app.planning.plan import Plan
from dispatcher_app.planning.rank import ranked
from dispatcher_app.planning.road.city import save
from dispatcher_app.planning.road.graph import Graph, made
from dispatcher_app.planning.road.read import read_ways
from dispatcher_app.planning.road.shortest import order_of
from dispatcher_app.planning.road.source import Roads
from dispatcher_app.planning.travel import Ground, TravelOf
from dispatcher_app.planning.travel.chain import matrix_by
from dispatcher_app.planning.windows import dates_of, offered
from dispatcher_app.server.executor import Executor
from dispatcher_app.server.node import prepared
from dispatcher_app.server.serve import sqlite_url
from dispatcher_app.server.store import record
from dispatcher_app.server.store.database import Cursor
from tests.bench import company
from tests.bench.figure import percentile
from tests.bench.travel import real

TIMEZONE = "Asia/Shanghai"
NOW = midnight("2026-11-23", TIMEZONE) + 9 * HOUR_MS + 7 * MINUTE_MS
STOPS = 20
SHARE = 0.4
"""So many of all technicians have the skill that is asked for."""
POLICY, REGION = (
    Policy(daily_limit=30),
    Region(id="sh", name="sh", centre=Point(116.40, 39.91), timezone=TIMEZONE),
)
ITEM = Item(
    id="i", category="c", name="i", name_en="i", skill="ac", faults=(Fault(id="f", name="f", name_en="f", minutes=20),)
)  # fmt: skip
Somewhere = Callable[[random.Random], Point]


def anywhere(dice: random.Random) -> Point:
    """A place in the box of a city."""
    return Point(116.40 + dice.uniform(-0.2, 0.2), 39.91 + dice.uniform(-0.15, 0.15)).coarse()


def beside(graph: Graph) -> Somewhere:
    """Places near the roads of a city, as coarse as orders hold them."""

    def somewhere(dice: random.Random) -> Point:
        lon, lat = graph.line[dice.randrange(len(graph.line))].tolist()
        return Point(lon + dice.gauss(0, 0.0005), lat + dice.gauss(0, 0.0005)).coarse()

    return somewhere


def crew(count: int, dice: random.Random, somewhere: Somewhere) -> list[Technician]:
    """Technicians with long shifts, some of them with the skill."""
    shifts = tuple(Shift(weekday, 8 * 60, 22 * 60) for weekday in range(7))
    return [
        Technician(
            id=f"t{each}", region="sh", name=f"t{each}", status="online", home=somewhere(dice), shifts=shifts,
            skills=("ac",) if dice.random() < SHARE else ("water",), daily_limit=30,
            figures=from_stars(dice.uniform(3, 5)), credit=dice.randint(40, 100),
        )
        for each in range(count)
    ]  # fmt: skip


def day(technician: str, date: str, dice: random.Random, somewhere: Somewhere) -> Day:
    """A full day: twenty visits, every third of them only planned, with time to drive between most of them."""
    begin = midnight(date, TIMEZONE) + 8 * HOUR_MS
    starts = [begin + number * 42 * MINUTE_MS for number in range(STOPS)]
    visits = tuple(
        Stop(order=clock.new_id(), visit=1, start=start, end=start + 12 * MINUTE_MS, point=somewhere(dice),
             travel_s=900, state="tentative" if number % 3 == 0 else "confirmed")
        for number, start in enumerate(starts)
    )  # fmt: skip
    return Day(id=day_id(technician, date), region="sh", technician=technician, date=date, stops=visits)


def plan_of(
    people: list[Technician], dates: Iterable[str], dice: random.Random, somewhere: Somewhere
) -> Plan:
    """The arrays of all days; the entities are let go, as a server does."""
    plan = Plan(TIMEZONE, dates, people)
    for date in plan.sheets:
        for each in people:
            plan.put_day(day(each.id, date, dice, somewhere))
    return plan


def order(point: Point) -> Order:
    """An order that is promised for the afternoon."""
    return Order(
        id="o", region="sh", number="1", since=NOW, created_at=NOW, customer="c", address="a", district="d",
        point=point, lines=(Line(item="i", fault="f", minutes=20, labour=8000),),
        quote=Quote(lines=(), total=0, if_declined=0, currency="CNY"),
        visits=(Visit(window=Window(NOW + 4 * HOUR_MS, NOW + 6 * HOUR_MS)),),
    )  # fmt: skip


def timed(name: str, call: Callable[[], object], times: int = 40) -> dict[str, float]:
    """Wall time at the median and the 95th percentile, and the processor's own: others may be busy on it."""
    call()
    spent, own = [], []
    for _ in range(times):
        begin, busy = time.perf_counter(), time.process_time()
        call()
        own.append((time.process_time() - busy) * 1000)
        spent.append((time.perf_counter() - begin) * 1000)
    return {
        f"{name}_p50_ms": round(percentile(spent, 0.5), 2),
        f"{name}_p95_ms": round(percentile(spent, 0.95), 2),
        f"{name}_cpu_ms": round(percentile(own, 0.5), 2),
    }


def megabytes(plan: Plan) -> float:
    """What the arrays and ids of a plan take, and the table of its places."""
    total = plan.spots.degrees.nbytes + 200 * len(plan.spots.numbers)
    for sheet in plan.sheets.values():
        arrays = (getattr(sheet, name) for name in sheet.__slots__)
        total += sum(each.nbytes for each in arrays if isinstance(each, np.ndarray))
        total += sum(len(each) + 49 for each in sheet.ids)
    return round(total / 2**20, 1)


def questions(
    label: str, people: int, somewhere: Somewhere, travel: TravelOf | None, times: int
) -> dict[str, float]:
    """The three questions to a plan of two weeks."""
    dice = random.Random(7)
    crew_ = crew(people, dice, somewhere)
    plan = plan_of(crew_, dates_of(POLICY, REGION, NOW), dice, somewhere)
    positions = {each.id: (somewhere(dice), NOW) for each in crew_}
    wanted = order(somewhere(dice))
    need = need_of(wanted, [ITEM])
    rank = partial(ranked, plan, wanted, need, positions, POLICY, REGION, NOW, travel=travel)
    windows = partial(offered, plan, need, "normal", [], POLICY, REGION, NOW, positions, travel=travel)
    drag = dragged(plan, wanted, need, POLICY, NOW, {}, positions, travel)
    found = {
        **timed(f"rank_{label}", rank, times),
        **timed(f"windows_{label}", windows, times),
        **timed(f"ghost_{label}", lambda: ghost(drag, "t3", NOW + 4 * HOUR_MS), times),
    }
    return {**found, f"plan_{label}_mb": megabytes(plan)}


def measure(people: int = 200, times: int = 40) -> dict[str, Any]:
    """All figures; those by road need the extract of a real city."""
    found: dict[str, Any] = questions("200", people, anywhere, None, times)
    large = questions("2000", people * 10, anywhere, None, max(5, times // 4))
    found |= {key: value for key, value in large.items() if not key.startswith("ghost")}
    file = real() / "beijing_sparsetaxi.osm.pbf"
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder)
        somewhere: Somewhere = anywhere
        if file.exists():
            graph, figures = made(read_ways(file, lambda step, percent: None))
            save(data / "cities", "beijing", graph, order_of(graph), figures, file.name, 0)
            somewhere = beside(graph)
            roads = Roads(data / "cities")
            for city in roads.cities:
                city.wait()
            ground = Ground(POLICY, TIMEZONE)

            def travel(origins: Any, targets: Any, at: int) -> Any:
                return matrix_by([roads], origins, targets, at, ground, precise=False)

            found |= questions("200_road", people, somewhere, travel, times)
            roads.close()
        found |= over_http(data, people, somewhere, times)
    return found


def over_http(data: Path, people: int, somewhere: Somewhere, times: int) -> dict[str, float]:
    """The same two questions to a server of its own, with its database, its roads and JSON."""
    dice = random.Random(7)
    company.found(data, technicians=1)
    wanted = company.booking(dice)
    here = somewhere(dice)
    assert wanted.new_address is not None
    start = midnight(next_date(local_date(clock.now_ms(), TIMEZONE)), TIMEZONE) + 13 * HOUR_MS
    wanted = replace(
        wanted,
        new_address=replace(wanted.new_address, point=here),
        window=Window(start, start + 2 * HOUR_MS),
    )
    fill(data, crew(people, dice, somewhere), dice, somewhere, wanted)
    asked = {
        "region": "sh", "lines": [{"item": "i0", "fault": "f"}], "district": "d0",
        "point": {"lon": here.lon, "lat": here.lat},
    }  # fmt: skip
    with company.serving(data) as served, httpx.Client(base_url=served.url, headers=served.headers) as client:

        def rank() -> None:
            answer = client.get("/rank", params={"order": wanted.order}, timeout=60).raise_for_status().json()
            assert len(answer["eligible"]) + len(answer["excluded"]) == people

        def windows() -> None:
            answer = client.post("/windows", json=asked, timeout=60).raise_for_status().json()
            assert any(each["left"] for each in answer["windows"])

        return {**timed("http_rank", rank, times), **timed("http_windows", windows, times)}


def fill(
    data: Path, people: list[Technician], dice: random.Random, somewhere: Somewhere, wanted: object
) -> None:
    """Full plans of two weeks straight into the database, and one order by a command."""
    database, vault = prepared(sqlite_url(data), data / "secret.key")
    executor = Executor(database, vault, lambda messages: None)
    today = local_date(clock.now_ms(), TIMEZONE)
    dates = [next_date(today, each) for each in range(15)]
    plans = [day(each.id, date, dice, somewhere) for each in people for date in dates]
    # An hour of work needs more than the gaps of a full day.
    looser = [
        replace(each, stops=tuple(stop for stop in each.stops if dice.random() < 0.7)) for each in plans
    ]
    executor.run(partial(stored, entities=[*people, *looser])).result(300)
    act = Act(id=clock.new_id(), actor=SYSTEM, at=clock.now_ms(), command=wanted, region="sh")
    executor.submit(act).result(60)
    executor.close()
    database.close()


def stored(cursor: Cursor, entities: Iterable[Entity]) -> None:
    """Entities as if one act had made them."""
    writes = record.Writes()
    seq = record.heads(cursor, ["sh"], lock=True)["sh"] + 1
    for each in entities:
        writes.put(each, seq)
    writes.heads["sh"] = seq
    writes.flush(cursor)


if __name__ == "__main__":
    print(json.dumps(measure(), indent=1))
