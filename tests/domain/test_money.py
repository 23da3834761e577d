"""What things cost: door fee bands, surcharges, inspection, cancelling."""

from __future__ import annotations

from dataclasses import replace
from math import cos, radians

import pytest

from dispatcher_app.domain.catalogue import Fault, Item
from dispatcher_app.domain.order import Quote, Urgency, Window
from dispatcher_app.domain.place import Point
from dispatcher_app.domain.pricing import cancel_fee, door_fee, priced_line, quote
from dispatcher_app.domain.region import Policy, Region
from tests.domain.trade import CENTRE, FRIDGE, TAP, hour, window

REGION = Region(id="sh", name="上海", centre=CENTRE)
POLICY = Policy(version=7)


@pytest.mark.parametrize(
    ("metres", "fee"),
    [
        (0, 2000),
        (5_000, 2000),
        (5_000.1, 3000),
        (15_000, 3000),
        (15_000.1, 3150),
        (16_000, 3150),
        (16_001, 3300),
        (40_000, 6750),
    ],
)
def test_door_fee_follows_the_distance(metres: float, fee: int) -> None:
    assert door_fee(POLICY, metres) == fee


def east(metres: float) -> Point:
    return Point(CENTRE.lon + metres / (111_194.93 * cos(radians(CENTRE.lat))), CENTRE.lat)


def priced(
    *items: Item,
    point: Point = CENTRE,
    urgency: Urgency = "normal",
    at: Window | None = None,
    quantity: int = 1,
) -> Quote:
    lines = tuple(priced_line(item, item.faults[0].id, "", "", quantity) for item in items)
    return quote(lines, point, urgency, at, POLICY, REGION)


def test_quote_is_itemised_and_adds_up() -> None:
    made = priced(FRIDGE, TAP, urgency="emergency", at=window(20, 22), quantity=2)
    assert [(line.what, line.amount) for line in made.lines] == [
        ("labour", 24000),
        ("labour", 14000),
        ("door_fee", 0),
        ("urgency", 5000),
        ("night", 3000),
    ]
    assert (made.total, made.currency, made.policy_version) == (46000, "CNY", 7)


def test_door_fee_is_waived_when_repaired_and_due_when_declined() -> None:
    near = priced(TAP)
    assert (near.total, near.if_declined) == (7000, 2100)
    cheap = replace(TAP, faults=(Fault(id="d", name="", name_en="", minutes=10, labour=1000),))
    assert priced(cheap).if_declined == 2000
    assert priced(cheap, point=east(20_300)).if_declined == 3000 + 14 * 150


def test_inspection_fee_is_rounded_half_up_and_capped() -> None:
    odd = replace(TAP, faults=(Fault(id="d", name="", name_en="", minutes=10, labour=8885),))
    assert priced(odd).if_declined == 2666
    assert priced(FRIDGE, FRIDGE).if_declined == 5000


@pytest.mark.parametrize(
    ("at", "surcharge"),
    [
        (window(18, 20), 0),
        (window(19.98, 22), 0),
        (window(20, 22), 3000),
        (window(23, 24), 3000),
        (window(0, 2), 3000),
        (window(6.98, 8), 3000),
        (window(7, 9), 0),
        (None, 0),
    ],
)
def test_night_begins_at_eight_and_ends_at_seven(at: Window | None, surcharge: int) -> None:
    assert priced(TAP, at=at).total == 7000 + surcharge


def test_night_is_the_regions_own() -> None:
    helsinki = replace(REGION, timezone="Europe/Helsinki")
    line = priced_line(TAP, "drip", "", "", 1)
    noon_in_shanghai = Window(hour(12), hour(14))
    assert quote((line,), CENTRE, "normal", noon_in_shanghai, POLICY, helsinki).total == 10000


def test_line_without_a_known_fault_takes_the_longest() -> None:
    line = priced_line(FRIDGE, None, "", "", 1)
    assert (line.minutes, line.labour) == (90, 10000)
    assert priced_line(replace(FRIDGE, faults=()), None, "", "", 1).minutes == 60


def test_nearest_service_point_counts() -> None:
    region = replace(REGION, service_points=(east(30_000), east(1_000)))
    line = priced_line(TAP, "drip", "", "", 1)
    made = quote((line,), CENTRE, "normal", None, POLICY, region)
    assert made.lines[1].params == {"fee": 2000, "distance_m": 1400}


BOOKED = hour(8)


@pytest.mark.parametrize(
    ("changes", "fee"),
    [
        ({}, 1000),
        ({"ours": True}, 0),
        ({"accepted": False}, 0),
        ({"at": BOOKED + 15 * 60_000}, 0),
        ({"at": BOOKED + 15 * 60_000 + 1}, 1000),
        ({"departed": True}, 3000),
        ({"departed": True, "ours": True}, 0),
        ({"window": None}, 0),
        ({"window": None, "departed": True}, 3000),
        ({"window": window(11, 13)}, 1000),
        ({"window": Window(hour(11) + 1, hour(13))}, 0),
        ({"window": window(8, 10)}, 1000),
    ],
)
def test_cancelling_costs_by_the_moment_and_the_side(changes: dict[str, object], fee: int) -> None:
    facts: dict[str, object] = {
        "departed": False,
        "accepted": True,
        "ours": False,
        "created_at": BOOKED,
        "window": window(10, 12),
        "at": hour(9),
    }
    assert cancel_fee(POLICY, **{**facts, **changes}) == fee  # type: ignore[arg-type]
