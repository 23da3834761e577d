"""Makes up field days of a big city: as many as one likes, each known by its size and seed."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from tests.bench.plan.day import Day

HOUR_S = 3600
WEST, EAST, SOUTH, NORTH = 116.15, 116.61, 39.79, 40.10  # Beijing inside about its sixth ring
METRES_A_DEGREE = 6_371_000 * np.pi / 180
DETOUR = 1.4
METRES_A_SECOND = 7.5  # 27 km/h
PARKING_S = 120
SKILLS, BRANDS = 8, 6
PENALTIES_S = (2 * HOUR_S, 4 * HOUR_S, 12 * HOUR_S)


def make_day(orders: int, technicians: int, seed: int) -> Day:
    """A day with that many orders and technicians; the same three numbers always make the same day.

    Orders take 30 to 90 minutes, three in five have a window of two hours, one in ten is urgent. A
    technician knows three to six of eight skills and two to four of six brands, and works 8:00 to 17:30
    (four in five) or 10:00 to 19:30, with 45 minutes off that begin between 11:30 and 13:00.
    """
    dice = np.random.default_rng([orders, technicians, seed])
    begins = HOUR_S * (8 + 2 * dice.integers(0, 5, orders))
    free = dice.random(orders) >= 0.6
    knows = _some(dice, technicians, SKILLS, 3, 6)
    serves = _some(dice, technicians, BRANDS, 2, 4)
    allowed = knows[:, dice.integers(0, SKILLS, orders)] & serves[:, dice.integers(0, BRANDS, orders)]
    late_shift = dice.random(technicians) >= 0.8
    return Day(
        travel=_travel(dice, orders + technicians),
        service=dice.choice([1800, 2700, 3600, 5400], orders, p=[0.3, 0.3, 0.3, 0.1]).astype(np.int64),
        earliest=np.where(free, 8 * HOUR_S, begins),
        latest=np.where(free, 18 * HOUR_S, begins + 2 * HOUR_S),
        penalty=dice.choice(PENALTIES_S, orders, p=[0.6, 0.3, 0.1]).astype(np.int64),
        allowed=allowed,
        shift_start=np.where(late_shift, 10 * HOUR_S, 8 * HOUR_S),
        shift_end=np.where(late_shift, 39 * HOUR_S // 2, 35 * HOUR_S // 2),
        break_earliest=23 * HOUR_S // 2,
        break_latest=13 * HOUR_S,
        break_length=3 * HOUR_S // 4,
    )


def _travel(dice: np.random.Generator, places: int) -> NDArray[np.int32]:
    """Seconds between places strewn over the city: detour, speed, and two minutes to park."""
    east = dice.uniform(WEST, EAST, places) * METRES_A_DEGREE * np.cos(np.radians((SOUTH + NORTH) / 2))
    north = dice.uniform(SOUTH, NORTH, places) * METRES_A_DEGREE
    travel = np.empty((places, places), np.int32)
    for place in range(places):
        metres = np.hypot(east - east[place], north - north[place]) * DETOUR
        travel[place] = np.rint(metres / METRES_A_SECOND) + PARKING_S
    np.fill_diagonal(travel, 0)
    return travel


def _some(dice: np.random.Generator, people: int, kinds: int, least: int, most: int) -> NDArray[np.bool_]:
    """For each person which of the kinds: between least and most of them."""
    rank = dice.random((people, kinds)).argsort(axis=1).argsort(axis=1)
    answer: NDArray[np.bool_] = rank < dice.integers(least, most + 1, (people, 1))
    return answer
