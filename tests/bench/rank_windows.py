"""How long ranking all technicians and offering all windows takes; prints figures, asserts nothing."""

from __future__ import annotations

import json
import random
import time
from collections.abc import Callable

from dispatcher_app.domain.calendar import HOUR_MS, MINUTE_MS, midnight
from dispatcher_app.domain.catalogue import Fault, Item
from dispatcher_app.domain.command import BookedLine
from dispatcher_app.domain.day import Day, Stop, day_id
from dispatcher_app.domain.order import Line, Order, Quote, Visit, Window
from dispatcher_app.domain.place import Point
from dispatcher_app.domain.rating import from_stars
from dispatcher_app.domain.region import Policy, Region
from dispatcher_app.domain.technician import Shift, Technician
from dispatcher_app.planning.promise import Promise, need_for
from dispatcher_app.planning.rank import dates_concerned, rank
from dispatcher_app.planning.windows import dates_of, windows
from tests.bench.figure import percentile

TIMEZONE = "Asia/Shanghai"
TODAY = "2026-11-23"
NOW = midnight(TODAY, TIMEZONE) + 9 * HOUR_MS + 7 * MINUTE_MS


def somewhere(dice: random.Random) -> Point:
    return Point(121.47 + dice.uniform(-0.2, 0.2), 31.23 + dice.uniform(-0.15, 0.15))


def technicians(count: int, dice: random.Random) -> list[Technician]:
    shifts = tuple(Shift(weekday, 8 * 60, 22 * 60) for weekday in range(7))
    return [
        Technician(
            id=f"t{each}", region="sh", name=f"t{each}", status="online", skills=("cold",),
            home=somewhere(dice), shifts=shifts, daily_limit=30,
            figures=from_stars(dice.uniform(3, 5)), credit=dice.randint(40, 100),
        )
        for each in range(count)
    ]  # fmt: skip


def plans(
    people: list[Technician], dates: tuple[str, ...], stops: int, dice: random.Random
) -> dict[str, Day]:
    made = {}
    for each in people:
        for date in dates:
            begin = midnight(date, TIMEZONE) + 8 * HOUR_MS
            spans = (begin + number * 42 * MINUTE_MS for number in range(stops))
            visits = tuple(
                Stop(order=f"{each.id}/{date}/{start}", visit=1, start=start, end=start + 12 * MINUTE_MS,
                     point=somewhere(dice).coarse(), travel_s=900)
                for start in spans
            )  # fmt: skip
            id = day_id(each.id, date)
            made[id] = Day(id=id, region="sh", technician=each.id, date=date, stops=visits)
    return made


def timed(name: str, call: Callable[[], object], times: int) -> dict[str, float]:
    spent = []
    for _ in range(times):
        begin = time.perf_counter()
        call()
        spent.append((time.perf_counter() - begin) * 1000)
    return {
        f"{name}_p50_ms": round(percentile(spent, 0.5), 2),
        f"{name}_p95_ms": round(percentile(spent, 0.95), 2),
    }


def measure(people: int = 200, stops: int = 20, times: int = 40) -> dict[str, float]:
    """Milliseconds at the median and the 95th percentile of `rank` and `windows`."""
    dice = random.Random(7)
    fault = Fault(id="f", name="f", name_en="f", minutes=20)
    item = Item(id="i", category="c", name="i", name_en="i", skill="cold", faults=(fault,))
    policy, region = Policy(daily_limit=30), Region(id="sh", name="sh", centre=Point(121.47, 31.23))
    quote = Quote(lines=(), total=0, if_declined=0, currency="CNY", policy_version=0)
    order = Order(
        id="o", region="sh", number="1", since=NOW, created_at=NOW, customer="c", address="a", district="d",
        point=Point(121.47, 31.23), lines=(Line(item="i", fault="f", minutes=20, labour=8000),), quote=quote,
        visits=(Visit(window=Window(NOW + 4 * HOUR_MS, NOW + 6 * HOUR_MS)),),
    )  # fmt: skip
    crew = technicians(people, dice)
    days = plans(crew, dates_concerned(order, region, NOW), stops, dice)
    positions = {each.id: (somewhere(dice), NOW) for each in crew}
    wanted = need_for((), {}, "d", order.point)
    many = plans(crew, dates_of(policy, region, NOW)[:4], stops, dice)
    need = need_for(order_lines(), {"i": item}, "d", order.point)
    promises = [Promise(wanted, Window(NOW + HOUR_MS, NOW + 3 * HOUR_MS)) for _ in range(20)]
    return {
        **timed("rank", lambda: rank(order, [item], (), crew, days, positions, policy, region, NOW), times),
        **timed(
            "windows", lambda: windows(need, "normal", crew, many, promises, policy, region, NOW), times // 4
        ),
    }


def order_lines() -> tuple[BookedLine, ...]:
    return (BookedLine(item="i", fault="f"),)


if __name__ == "__main__":
    print(json.dumps(measure(), indent=1))
