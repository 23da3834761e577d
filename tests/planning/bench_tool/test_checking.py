"""The checkers of the planning tools, against plans that are right or wrong by hand and against trying everything."""

from dataclasses import replace
from itertools import permutations
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.bench.plan.check_day import check_day, late
from tests.bench.plan.check_vrptw import check_vrptw
from tests.bench.plan.day import Day
from tests.bench.plan.make_day import make_day
from tests.bench.plan.vrptw import Vrptw, read_vrptw

HOUR_S = 3600


@pytest.fixture
def day() -> Day:
    """Three orders of an hour, one technician who may do two of them; ten minutes between any two places."""
    travel = np.full((4, 4), 600, np.int32)
    np.fill_diagonal(travel, 0)
    return Day(
        travel=travel,
        service=np.full(3, HOUR_S),
        earliest=np.array([8, 12, 8]) * HOUR_S,
        latest=np.array([10, 14, 18]) * HOUR_S,
        penalty=np.array([2, 4, 12]) * HOUR_S,
        allowed=np.array([[True, True, False]]),
        shift_start=np.array([8 * HOUR_S]),
        shift_end=np.array([17 * HOUR_S]),
        break_earliest=12 * HOUR_S,
        break_latest=13 * HOUR_S,
        break_length=HOUR_S // 2,
    )


def test_a_right_plan_costs_its_travel_and_what_it_leaves_out(day: Day) -> None:
    verdict = check_day(day, [[0, 1]])
    assert verdict.broken == ()
    assert verdict.travel_h == pytest.approx(0.5)
    assert verdict.objective_h == pytest.approx(12.5)
    assert verdict.unserved == 1


def test_an_empty_plan_breaks_nothing_and_needs_no_break(day: Day) -> None:
    verdict = check_day(replace(day, shift_end=np.array([8 * HOUR_S])), [[]])
    assert (verdict.broken, verdict.travel_h, verdict.objective_h) == ((), 0, 18)


@pytest.mark.parametrize(
    ("routes", "said"),
    [
        ([[1, 0]], "technician 0 is late at order 0"),
        ([[2]], "technician 0 may not do order 2"),
        ([[0, 0]], "order 0 is planned twice"),
        ([[0, 7]], "technician 0 visits an order 7 that does not exist"),
        ([[0], [1]], "2 routes for 1 technicians"),
        ([], "0 routes for 1 technicians"),
    ],
)
def test_a_broken_rule_is_named(day: Day, routes: list[list[int]], said: str) -> None:
    assert said in check_day(day, routes).broken


def test_a_shift_that_ends_too_early_or_has_no_room_for_the_break_is_named(day: Day) -> None:
    # 12:00 visit, 13:00 break, 13:30 leave, 13:40 home.
    exact = replace(day, shift_end=np.array([13 * HOUR_S + 2400]))
    assert check_day(exact, [[1]]).broken == ()
    short = replace(day, shift_end=np.array([13 * HOUR_S + 2399]))
    assert check_day(short, [[1]]).broken == ("technician 0 is not home at the end of the shift",)
    late_start = replace(day, shift_start=np.array([13 * HOUR_S + 1]))
    assert check_day(late_start, [[1]]).broken == ("technician 0 has no break",)


def late_by_trying(day: Day, technician: int, route: list[int]) -> bool:
    """Put the break before each drive in turn and walk along the route."""
    home = day.orders + technician
    for position in range(len(route) + 1):
        now, here, fits = int(day.shift_start[technician]), home, True
        for index, stop in enumerate([*route, home]):
            if index == position:
                now = max(now, day.break_earliest)
                fits = fits and now <= day.break_latest
                now += day.break_length
            now += int(day.travel[here, stop])
            if stop != home:
                now = max(now, int(day.earliest[stop]))
                fits = fits and now <= day.latest[stop]
                now += int(day.service[stop])
            here = stop
        if fits and now <= day.shift_end[technician]:
            return False
    return True


@settings(max_examples=150, deadline=None)
@given(seed=st.integers(0, 10_000), length=st.integers(1, 7), data=st.data())
def test_lateness_is_what_trying_every_place_for_the_break_finds(
    seed: int, length: int, data: st.DataObject
) -> None:
    day = make_day(12, 2, seed)
    route = data.draw(st.permutations(range(12)))[:length]
    for technician in (0, 1):
        for tried in (route, sorted(route, key=lambda order: int(day.earliest[order]))):
            assert bool(late(day, technician, tried)) == late_by_trying(day, technician, tried)


@pytest.fixture
def instance(tmp_path: Path) -> Vrptw:
    """A depot and three customers on a line, ten apart; two vehicles that carry 15."""
    rows = "0 0 0 0 0 200 0\n1 10 0 5 0 50 10\n2 20 0 5 0 50 10\n3 30 0 10 60 90 10\n"
    path = tmp_path / "line.txt"
    path.write_text(f"LINE\nVEHICLE\nNUMBER CAPACITY\n2 15\nCUSTOMER\nCUST NO. X Y D R D S\n{rows}", "utf-8")
    return read_vrptw(path)


def test_right_routes_have_their_distance(instance: Vrptw) -> None:
    verdict = check_vrptw(instance, [[1, 2], [3], []])
    assert (verdict.distance, verdict.vehicles, verdict.broken) == (100.0, 2, ())


@pytest.mark.parametrize(
    ("routes", "said"),
    [
        ([[1, 2, 3]], "route 0 carries more than 15"),
        ([[1], [2], [3]], "3 vehicles, there are 2"),
        ([[1, 2]], "1 customers are not visited, 3 is the first"),
        ([[1, 2], [3, 1]], "customer 1 is visited twice"),
        ([[1, 2], [3, 4]], "there is no customer 4"),
        ([[3, 1], [2]], "route 0 is late at customer 1"),
    ],
)
def test_a_broken_rule_of_routing_is_named(instance: Vrptw, routes: list[list[int]], said: str) -> None:
    assert said in check_vrptw(instance, routes).broken


def test_coming_back_after_the_depot_has_closed_is_named(instance: Vrptw) -> None:
    closing = replace(instance, latest=np.array([990, 500, 500, 900]))
    assert "route 1 is late at the depot" in check_vrptw(closing, [[1, 2], [3]]).broken


def test_no_order_of_the_same_stops_is_judged_shorter_than_the_shortest(instance: Vrptw) -> None:
    wide = replace(instance, capacity=100, latest=np.full(4, 10_000), earliest=np.zeros(4, int))
    assert min(check_vrptw(wide, [list(route)]).distance for route in permutations((1, 2, 3))) == 60.0


def test_days_are_the_same_for_the_same_numbers_and_unlike_for_others() -> None:
    one, same, other = make_day(50, 8, 3), make_day(50, 8, 3), make_day(50, 8, 4)
    assert np.array_equal(one.travel, same.travel)
    assert np.array_equal(one.allowed, same.allowed)
    assert not np.array_equal(one.travel, other.travel)


def test_days_are_like_a_city_that_was_measured() -> None:
    day = make_day(2000, 300, 1)
    assert day.allowed.mean() == pytest.approx(4.5 / 8 * 3 / 6, abs=0.03)
    assert (day.latest - day.earliest == 2 * HOUR_S).mean() == pytest.approx(0.6, abs=0.05)
    assert (day.penalty == 12 * HOUR_S).mean() == pytest.approx(0.1, abs=0.03)
    assert day.service.mean() == pytest.approx(2970, rel=0.05)
    assert 2200 < day.travel[day.travel > 0].mean() < 4000
    assert (day.travel == day.travel.T).all()
