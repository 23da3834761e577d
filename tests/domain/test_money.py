"""What things cost: door fee bands, surcharges, inspection, packages and coupons, cancelling, what is owed."""

from __future__ import annotations

from dataclasses import replace
from math import cos, radians
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dispatcher_app.domain.act import Rejected
from dispatcher_app.domain.book import Band, Coupon, LabourPrice, Package, PackageLine, PriceBook, TimeRule
from dispatcher_app.domain.catalogue import Item
from dispatcher_app.domain.explain import explain
from dispatcher_app.domain.flaw import flaws
from dispatcher_app.domain.holiday import HolidayYear, SpecialDay
from dispatcher_app.domain.order import (
    Cancellation,
    Line,
    Order,
    PartLine,
    Quote,
    Result,
    Urgency,
    Visit,
    Window,
)
from dispatcher_app.domain.place import Point
from dispatcher_app.domain.pricing import (
    Tariff,
    Wanted,
    cancel_fee,
    door_fee,
    minutes_of,
    owed,
    priced_line,
    quote,
)
from dispatcher_app.domain.region import Policy, Region
from dispatcher_app.domain.surcharge import half_up
from tests.domain.trade import AIR, BOOK, CENTRE, FRIDGE, NOW, TAP, hour, window

REGION = Region(id="sh", name="上海", centre=CENTRE)
POLICY = Policy(version=7)
CHEAP = replace(BOOK, labour=(LabourPrice(item="tap", fault="drip", price=1000),))


def tariff(book: PriceBook = BOOK, region: Region = REGION, *years: HolidayYear) -> Tariff:
    return Tariff(book=book, region=region, detour=1.4, years={each.id: each for each in years})


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
    assert door_fee(BOOK.bands, metres) == fee


def test_a_band_may_cost_by_the_kilometre_from_where_it_begins() -> None:
    bands = (Band(up_to_m=3_000, fee=1000, per_km=100), Band(up_to_m=None, fee=1500, per_km=200))
    assert [door_fee(bands, metres) for metres in (0, 1, 3_000, 3_001, 5_000)] == [
        1000,
        1100,
        1300,
        1700,
        1900,
    ]
    assert door_fee((), 9_000) == 0


def east(metres: float) -> Point:
    return Point(CENTRE.lon + metres / (111_194.93 * cos(radians(CENTRE.lat))), CENTRE.lat)


def wanted(*items: Item, quantity: int = 1, book: PriceBook = BOOK, **other: Any) -> Wanted:
    lines = tuple(priced_line(item, item.faults[0].id, "", "", quantity, book) for item in items)
    return Wanted(**{"lines": lines, "point": CENTRE, "at": NOW, **other})


def priced(*items: Item, book: PriceBook = BOOK, region: Region = REGION, **other: Any) -> Quote:
    years = other.pop("years", ())
    return quote(wanted(*items, book=book, **other), tariff(book, region, *years))


def amounts(made: Quote) -> list[tuple[str, int]]:
    return [(line.what, line.amount) for line in made.lines]


def test_quote_is_itemised_and_adds_up() -> None:
    made = priced(FRIDGE, TAP, urgency="emergency", window=window(20, 22), quantity=2)
    assert amounts(made) == [
        ("labour", 24000),
        ("labour", 14000),
        ("door_fee", 0),
        ("urgency", 5000),
        ("night", 3000),
    ]
    assert (made.total, made.currency, made.book, made.policy_version) == (46000, "CNY", "prices-1", 0)


def test_parts_are_priced_as_quoted_each_with_its_quantity() -> None:
    parts = (PartLine(part="pcb", quantity=2, price=8800), PartLine(part="belt", price=1500, used=True))
    made = priced(FRIDGE, parts=parts)
    assert amounts(made)[1:3] == [("parts", 17600), ("parts", 1500)]
    assert made.lines[1].params == {"part": "pcb", "quantity": 2, "each": 8800, "used": False}
    assert made.total == 12000 + 17600 + 1500


def test_door_fee_is_waived_when_repaired_and_due_when_declined() -> None:
    near = priced(TAP)
    assert (near.total, near.if_declined, near.door_fee) == (7000, 2100, 2000)
    assert priced(TAP, book=CHEAP).if_declined == 2000
    far = priced(TAP, book=CHEAP, point=east(20_300))
    assert (far.if_declined, far.door_fee) == (3000 + 14 * 150, 3000 + 14 * 150)


def test_inspection_fee_is_rounded_half_up_and_capped() -> None:
    odd = replace(BOOK, labour=(LabourPrice(item="tap", fault="drip", price=8885),))
    assert priced(TAP, book=odd).if_declined == 2666
    assert priced(FRIDGE, FRIDGE).if_declined == 5000


def test_what_declining_costs_is_what_was_told_at_booking() -> None:
    told = priced(TAP)
    dear = quote(wanted(FRIDGE, AIR, point=east(30_000), told=told), tariff())
    assert (dear.if_declined, dear.door_fee) == (told.if_declined, told.door_fee)


def test_nobody_comes_to_the_door_of_a_workshop_order() -> None:
    made = priced(FRIDGE, service="workshop", point=east(30_000))
    assert amounts(made) == [("labour", 12000)]
    assert (made.door_fee, made.if_declined) == (0, 3600)


def test_a_return_visit_costs_only_what_the_warranty_does_not_cover() -> None:
    free = Line(item="fridge", fault="warm", minutes=60, labour=0)
    under = Wanted(
        lines=(free,), point=CENTRE, at=NOW, return_of="o1", urgency="emergency", window=window(22, 23)
    )
    made = quote(under, tariff())
    assert amounts(made) == [("warranty", 0)]
    assert (made.total, made.if_declined, made.door_fee) == (0, 0, 0)
    more = quote(replace(under, lines=(free, *wanted(TAP).lines)), tariff())
    assert amounts(more)[:2] == [("warranty", 0), ("labour", 7000)]
    assert more.total == 7000 + 5000 + 3000


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
    assert priced(TAP, window=at).total == 7000 + surcharge


def test_night_is_the_regions_own() -> None:
    helsinki = replace(REGION, timezone="Europe/Helsinki")
    noon_in_shanghai = Window(hour(12), hour(14))
    assert priced(TAP, region=helsinki, window=noon_in_shanghai).total == 10000


def holiday_book(**changes: Any) -> PriceBook:
    rule = TimeRule(id="h", kind="holiday", name="节日", days=("holiday",), percent=25)
    return replace(BOOK, times=(*BOOK.times, replace(rule, **changes)))


YEAR = HolidayYear(
    id="2026",
    days=(
        SpecialDay(date="2026-11-23", kind="holiday", name="店庆"),
        SpecialDay(date="2026-11-28", kind="workday", name="调休"),
    ),
)


def on(day: int, of_day: float) -> Window:
    """A window of two hours on a day of the week that begins with the tests' Monday."""
    return window(24 * day + of_day, 24 * day + of_day + 2)


def test_holiday_costs_more_until_midnight_and_the_night_comes_on_top() -> None:
    book = holiday_book()
    assert amounts(priced(TAP, book=book, window=on(0, 12), years=(YEAR,)))[2:] == [("holiday", 1750)]
    assert amounts(priced(TAP, book=book, window=on(0, 23.9), years=(YEAR,)))[2:] == [
        ("night", 3000),
        ("holiday", 1750),
    ]
    assert amounts(priced(TAP, book=book, window=on(1, 0), years=(YEAR,)))[2:] == [("night", 3000)]


@pytest.mark.parametrize(
    ("day", "kind", "dear"),
    [
        (5, "weekend", False),
        (6, "weekend", True),
        (5, "workday", True),
        (4, "workday", True),
        (0, "workday", False),
    ],
)
def test_make_up_days_are_working_days_and_sundays_are_not(day: int, kind: str, dear: bool) -> None:
    made = priced(TAP, book=holiday_book(days=(kind,)), window=on(day, 12), years=(YEAR,))
    assert (made.total > 7000) is dear


def test_without_the_years_holidays_weekdays_decide_and_the_price_says_so() -> None:
    made = priced(TAP, book=holiday_book(), window=on(0, 12))
    assert (made.total, made.warnings) == (7000, ("holidays_unknown",))
    assert priced(TAP, book=holiday_book(days=("weekend",)), window=on(5, 12)).total == 8750
    assert priced(TAP, window=on(0, 12)).warnings == ()
    assert priced(TAP, book=holiday_book()).warnings == ()


def test_period_holds_from_its_first_to_its_last_date_and_may_reduce() -> None:
    summer = TimeRule(
        id="s", kind="period", name="淡季", first_date="2026-11-24", last_date="2026-11-25", percent=-30
    )
    book = replace(BOOK, times=(summer,))
    totals = [priced(TAP, book=book, window=on(day, 12)).total for day in range(4)]
    assert totals == [7000, 4900, 4900, 7000]
    twice = replace(book, times=(replace(summer, percent=-80), replace(summer, id="t", percent=-80)))
    assert priced(TAP, book=twice, window=on(1, 12)).total == 0


def test_line_without_a_known_fault_takes_the_longest() -> None:
    line = priced_line(FRIDGE, None, "", "", 1, BOOK)
    assert (line.minutes, line.labour) == (90, 10000)
    assert minutes_of(replace(FRIDGE, faults=()), None) == 60


def test_a_fault_without_a_price_says_so() -> None:
    empty = replace(BOOK, labour=())
    made = priced(TAP, book=empty)
    assert (made.total, made.warnings) == (0, ("no_price",))
    free = replace(BOOK, labour=(LabourPrice(item="tap", fault="drip", price=0),))
    assert priced(TAP, book=free).warnings == ()


def test_nearest_service_point_counts() -> None:
    region = replace(REGION, service_points=(east(30_000), east(1_000)))
    made = priced(TAP, region=region)
    assert made.lines[1].params == {"fee": 2000, "distance_m": 1400}


BOTH = Package(
    id="both", name="厨房套餐", price=15000,
    lines=(PackageLine(item="fridge", fault="warm"), PackageLine(item="tap", fault="drip")),
)  # fmt: skip
TEN = Coupon(code="TEN", name="九折", percent=10)


def offering(package: Package | None = None, coupon: Coupon | None = None) -> PriceBook:
    return replace(BOOK, packages=(package,) if package else (), coupons=(coupon,) if coupon else ())


def test_package_has_its_own_price_for_what_it_contains_and_nothing_else() -> None:
    book = offering(BOTH)
    assert amounts(priced(FRIDGE, TAP, book=book, package="both"))[-1] == ("package", -4000)
    assert priced(FRIDGE, TAP, AIR, book=book, package="both").total == 15000 + 18000
    assert priced(FRIDGE, TAP, book=offering(replace(BOTH, price=99900)), package="both").total == 19000


def test_coupon_takes_its_percent_off_labour_and_its_sum_off_the_total_but_never_more() -> None:
    assert priced(TAP, book=offering(coupon=TEN), coupon=" ten ").total == 6300
    assert priced(TAP, book=offering(coupon=TEN), coupon="ten").coupon == "TEN"
    huge = Coupon(code="H", name="大额", amount=999_900)
    assert priced(TAP, book=offering(coupon=huge), coupon="H").total == 0
    taps = replace(huge, items=("tap",))
    assert priced(TAP, FRIDGE, book=offering(coupon=taps), coupon="H").total == 12000
    both = replace(offering(BOTH, huge), coupons=(huge,))
    assert priced(FRIDGE, TAP, book=both, package="both", coupon="H").total == 0
    assert priced(TAP, discount=800).total == 6200


@pytest.mark.parametrize(
    ("package", "coupon", "asked", "code"),
    [
        (None, None, {"coupon": "X"}, "coupon_unknown"),
        (None, None, {"package": "X"}, "package_unknown"),
        (None, replace(TEN, last_date="2026-11-22"), {"coupon": "TEN"}, "coupon_over"),
        (None, replace(TEN, first_date="2026-11-24"), {"coupon": "TEN"}, "coupon_over"),
        (None, replace(TEN, minimum=7001), {"coupon": "TEN"}, "coupon_minimum"),
        (None, replace(TEN, items=("fridge",)), {"coupon": "TEN"}, "coupon_items"),
        (BOTH, None, {"package": "both"}, "package_incomplete"),
        (replace(BOTH, last_date="2026-11-22"), None, {"package": "both"}, "package_over"),
    ],
)
def test_what_is_not_good_for_the_order_is_refused(
    package: Package | None, coupon: Coupon | None, asked: dict[str, Any], code: str
) -> None:
    with pytest.raises(Rejected, match=code):
        priced(TAP, book=offering(package, coupon), **asked)


def test_every_rule_is_explained_whether_it_applies_or_not() -> None:
    book = replace(holiday_book(), packages=(BOTH,), coupons=(TEN,))
    asked = wanted(TAP, window=on(0, 12), book=book)
    found = explain(asked, tariff(book, REGION, YEAR))
    assert found.quote == quote(asked, tariff(book, REGION, YEAR))
    assert [(each.what, each.reason) for each in found.not_applied] == [
        ("inspection_fee", "only_when_declined"),
        ("urgency", "other_urgency"),
        ("urgency", "other_urgency"),
        ("night", "other_hour"),
        ("package", "package_incomplete"),
        ("coupon", "not_asked"),
    ]
    nowhere = explain(replace(asked, window=None), tariff(book))
    assert {each.reason for each in nowhere.not_applied if each.what in ("night", "holiday")} == {"no_window"}


# ---------------------------------------------------------------------- what holds always

bands = st.lists(
    st.tuples(st.integers(1, 20_000), st.integers(0, 3_000), st.integers(0, 500)), min_size=1, max_size=5
)
windows = st.one_of(st.none(), st.integers(-30 * 24, 30 * 24).map(lambda each: window(each, each + 2)))
percents = st.integers(-100, 300)


def rising(steps: list[tuple[int, int, int]]) -> tuple[Band, ...]:
    """Bands that an administrator may publish: each begins where the one before ends, and no cheaper."""
    made, begin, reached = [], 0, 0
    for number, (length, more, per_km) in enumerate(steps, start=1):
        end = None if number == len(steps) else begin + length
        made.append(Band(up_to_m=end, fee=reached + more, per_km=per_km))
        reached += more + -(-length // 1000) * per_km
        begin += length
    return tuple(made)


@given(bands, st.floats(0, 100_000), st.floats(0, 100_000))
def test_farther_is_never_cheaper(steps: list[tuple[int, int, int]], one: float, other: float) -> None:
    made = rising(steps)
    book = replace(BOOK, bands=made)
    assert flaws(book, (FRIDGE, AIR, TAP), (), {"sh": "CNY"}) == ()
    near, far = sorted((one, other))
    assert door_fee(made, near) <= door_fee(made, far)
    assert (
        priced(TAP, book=book, point=east(near)).if_declined
        <= priced(TAP, book=book, point=east(far)).if_declined
    )


@given(
    st.lists(st.tuples(st.integers(0, 99_999), st.integers(1, 9)), min_size=1, max_size=4),
    st.lists(st.tuples(st.integers(0, 9_999), st.integers(1, 9)), max_size=3),
    st.sampled_from(("normal", "same_day", "emergency")),
    windows,
    percents,
    st.integers(0, 100),
    st.integers(0, 50_000),
)
def test_a_total_is_the_sum_of_its_lines_in_one_currency_and_never_below_nothing(
    labour: list[tuple[int, int]],
    fitted: list[tuple[int, int]],
    urgency: Urgency,
    at: Window | None,
    percent: int,
    off: int,
    discount: int,
) -> None:
    rule = TimeRule(id="p", kind="period", name="旺季", percent=percent)
    coupon = Coupon(code="C", name="券", percent=off, amount=500)
    book = replace(BOOK, times=(*BOOK.times, rule), coupons=(coupon,))
    lines = tuple(Line(item="tap", fault="drip", quantity=n, minutes=1, labour=each) for each, n in labour)
    parts = tuple(PartLine(part="p", price=each, quantity=n) for each, n in fitted)
    made = quote(
        Wanted(lines=lines, parts=parts, point=CENTRE, urgency=urgency, window=at, at=NOW, coupon="C",
               discount=discount),
        tariff(book),
    )  # fmt: skip
    assert made.total == sum(line.amount for line in made.lines) >= 0
    assert made.currency == book.currency
    work = sum(price * n for price, n in labour)
    for line in made.lines:
        assert isinstance(line.amount, int)
        if line.what == "period":
            # Rounded once, at the line: never more than half a minor unit away from what it is exactly.
            assert abs(line.amount * 100 - max(work * percent, -work * 100)) <= 50


@given(st.integers(0, 10**9), st.integers(-100, 300))
def test_halves_are_rounded_up_once(amount: int, percent: int) -> None:
    exact = amount * percent
    rounded = half_up(amount, percent) * 100
    assert -50 < rounded - exact <= 50


@given(st.integers(0, 24 * 60 - 1), st.integers(0, 24 * 60 - 1), st.integers(0, 24 * 60 - 1))
def test_a_rule_over_midnight_and_its_complement_share_no_minute(begin: int, end: int, minute: int) -> None:
    if begin == end:
        return
    one = TimeRule(id="a", kind="night", name="a", from_minute=begin, to_minute=end, amount=100)
    other = replace(one, id="b", from_minute=end, to_minute=begin)
    book = replace(BOOK, times=(one, other))
    at = Window(hour(0) + minute * 60_000, hour(0) + minute * 60_000 + 1)
    assert priced(TAP, book=book, window=at).total == 7100


# ---------------------------------------------------------------------- cancelling, and what is owed

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
        ({"window": window(8, 9)}, 1000),
        ({"window": window(7, 8.9)}, 0),
        ({"window": window(7, 8.9), "departed": True}, 0),
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


def finished(result: Result | None, **changes: Any) -> Order:
    made = Order(
        id="o", region="sh", number="1", since=NOW, created_at=NOW, customer="c", address="a", district="d",
        point=CENTRE, lines=wanted(TAP).lines, visits=(Visit(),), quote=priced(TAP), result=result,
    )  # fmt: skip
    return replace(made, **changes)


@pytest.mark.parametrize(
    ("result", "due"),
    [(None, 7000), ("repaired", 7000), ("declined", 2100), ("no_fault", 2000), ("not_repairable", 2000)],
)
def test_what_is_owed_follows_what_came_of_it(result: Result | None, due: int) -> None:
    assert owed(finished(result)) == due
    assert owed(finished(result, return_of="first")) == 0


def test_a_cancelled_order_owes_its_fee() -> None:
    gone = Cancellation(reason="x", side="customer", fee=1000, from_status="accepted")
    assert owed(finished(None, status="cancelled", cancellation=gone)) == 1000
    assert owed(finished(None, status="cancelled")) == 0
