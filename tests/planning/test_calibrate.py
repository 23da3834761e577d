"""What trips teach: hour by hour, without believing any single one."""

from __future__ import annotations

import random

import pytest

from dispatcher_app.domain.place import Point
from dispatcher_app.domain.region import Policy
from dispatcher_app.domain.traffic import HOURS, Pace, Traffic, hour_of_week
from dispatcher_app.planning.road.speed import slice_of
from dispatcher_app.planning.travel import Ground
from dispatcher_app.planning.travel.calibrate import FEWEST, LEAST, MOST, pace

PARKING = 120
MONDAY_MS = 1_764_518_400_000  # 2025-12-01, midnight in Shanghai
HOUR_MS = 3_600_000


def trips(longer: dict[int, float], each: int, noise: float = 0.2) -> list[tuple[int, float, float]]:
    dice = random.Random(3)
    return [
        (hour, PARKING + reckoned * factor * dice.lognormvariate(0, noise), PARKING + reckoned)
        for hour, factor in longer.items()
        for reckoned in (dice.uniform(300, 2400) for _ in range(each))
    ]


def test_the_rush_hour_of_this_city_is_learnt() -> None:
    known = {
        hour: 1.8 if hour % 24 == 8 and hour < 120 else 1.1 for hour in range(HOURS) if 6 <= hour % 24 < 22
    }
    found = pace(trips(known, 12), PARKING)
    assert found.trips == len(known) * 12
    assert found.at(8) == pytest.approx(1.8, rel=0.15)
    assert found.at(5 * 24 + 8) == pytest.approx(1.1, rel=0.15)
    assert found.at(3) == pytest.approx(1.1, rel=0.15), "an hour without trips is like the whole week"
    assert 5 <= found.error_percent <= 50


def test_a_forgotten_tap_does_no_harm() -> None:
    honest = trips(dict.fromkeys(range(9, 18), 1.2), 20)
    slips = [(10, 9000.0, 900.0), (11, 5.0, 900.0), (12, -60.0, 900.0), (13, 1e9, 900.0)]
    assert pace(honest + slips, PARKING).at(10) == pytest.approx(pace(honest, PARKING).at(10), rel=0.05)


def test_one_odd_trip_moves_its_hour_a_little() -> None:
    honest = trips(dict.fromkeys(range(9, 18), 1.0), 20, noise=0.0)
    odd = [(30, PARKING + 3000.0, PARKING + 1000.0)]
    assert pace(honest + odd, PARKING).at(30) < 1.5


def test_few_trips_teach_nothing() -> None:
    few = trips({10: 2.0}, FEWEST - 1, noise=0.0)
    assert pace(few, PARKING) == Pace(trips=FEWEST - 1)
    assert pace([], PARKING).at(10) == 1.0


def test_factors_stay_within_reason() -> None:
    for factor in (LEAST / 1.5, MOST * 1.5):
        found = pace(trips({10: factor}, 100, noise=0.0), PARKING)
        assert LEAST <= min(found.longer) <= max(found.longer) <= MOST


def test_the_estimate_follows_the_hour_where_the_region_is() -> None:
    longer = tuple(2.0 if hour % 24 == 8 else 1.0 for hour in range(HOURS))
    traffic = Traffic(id="sh", region="sh", estimate=Pace(longer=longer, trips=500, error_percent=31))
    ground = Ground(policy=Policy(), traffic=traffic)
    a, b = [Point(121.40, 31.20)], [Point(121.50, 31.20)]
    rush = ground.travel(a, b, MONDAY_MS + 8 * HOUR_MS)
    noon = ground.travel(a, b, MONDAY_MS + 12 * HOUR_MS)
    parking = Policy().parking_s
    assert int(rush.seconds[0, 0]) - parking == pytest.approx(2 * (int(noon.seconds[0, 0]) - parking), abs=2)
    assert (rush.note.code, rush.note.params, rush.error_percent) == ("travel_observed", {"trips": 500}, 31)
    assert Ground().travel(a, b, 0).note.code == "travel_estimated"


def test_hours_are_counted_from_monday_where_the_region_is() -> None:
    assert hour_of_week(MONDAY_MS, "Asia/Shanghai") == 0
    assert hour_of_week(MONDAY_MS - 1, "Asia/Shanghai") == 167
    assert hour_of_week(MONDAY_MS, "UTC") == 6 * 24 + 16
    assert hour_of_week(MONDAY_MS + 30 * 60_000, "Asia/Kolkata") == 6 * 24 + 22


def test_the_hours_of_a_week_have_their_slice() -> None:
    found = [slice_of(hour) for hour in (3, 8, 12, 18, 23, 5 * 24 + 8)]
    assert found == ["night", "peak", "day", "peak", "night", "day"]
