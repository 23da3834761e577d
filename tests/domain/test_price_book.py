"""Price books: edited as drafts, checked row by row, published from a moment on, never changed again."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dispatcher_app.domain.act import Rejected
from dispatcher_app.domain.book import (
    Band,
    Competitor,
    Coupon,
    LabourPrice,
    Package,
    PackageLine,
    PartPrice,
    PriceBook,
    TimeRule,
)
from dispatcher_app.domain.calendar import DAY_MS, HOUR_MS
from dispatcher_app.domain.catalogue import Part
from dispatcher_app.domain.command import (
    BookedLine,
    CancelOrder,
    ChangeAppointment,
    ChangeOrder,
    DiscardPriceBook,
    PublishPriceBook,
    ReopenOrder,
    SaveHolidayYear,
    SavePart,
    SavePriceBook,
    SaveRegion,
)  # fmt: skip
from dispatcher_app.domain.difference import Changed, difference, draft_of
from dispatcher_app.domain.edition import Series
from dispatcher_app.domain.flaw import Flaw, flaws
from dispatcher_app.domain.holiday import HolidayYear, SpecialDay
from dispatcher_app.domain.place import Point
from dispatcher_app.domain.region import Region
from dispatcher_app.domain.rule.facts import price_book
from dispatcher_app.simulator.rehearsal import Rehearsal
from tests.domain import trade
from tests.domain.trade import ADMINISTRATOR, AIR, BOOK, DISPATCHER, FRIDGE, NOW, TAP, window

BELT = Part(id="belt", name="皮带", items=("fridge",))
NEXT = draft_of(BOOK, "prices-2")
DEARER = replace(NEXT, labour=tuple(replace(each, price=each.price + 1000) for each in BOOK.labour))


def published(world: Rehearsal, book: PriceBook = DEARER, starts_at: int = NOW + HOUR_MS) -> None:
    world.do(ADMINISTRATOR, SavePriceBook(book=book), NOW)
    world.do(ADMINISTRATOR, PublishPriceBook(book=book.id, from_version=1, starts_at=starts_at), NOW)


def book_of(world: Rehearsal, id: str) -> PriceBook:
    found = world.get(PriceBook, id)
    assert found is not None
    return found


def test_a_published_book_holds_from_its_moment_on() -> None:
    world = trade.company()
    published(world)
    series = world.get(Series, "prices")
    assert series is not None
    assert [each.starts_at for each in series.editions] == [0, NOW + HOUR_MS]
    assert price_book(world, "sh", NOW + HOUR_MS - 1).id == "prices-1"
    assert price_book(world, "sh", NOW + HOUR_MS).id == "prices-2"
    made = book_of(world, "prices-2")
    assert (made.state, made.number, made.starts_at, made.published_by) == (
        "published", 2, NOW + HOUR_MS, "staff:administrator",
    )  # fmt: skip


def test_an_order_keeps_the_book_it_was_booked_by() -> None:
    world = trade.company()
    trade.booked(world)
    published(world, starts_at=NOW)
    world.do(DISPATCHER, trade.booking("o2"), NOW + 1)
    assert [trade.order_of(world, id).quote.total for id in ("o1", "o2")] == [12000, 13000]
    order = trade.order_of(world)
    moved = ChangeAppointment(order="o1", from_window=order.window, window=window(20, 22), side="customer",
                              reason="later", consent=True)  # fmt: skip
    world.do(DISPATCHER, moved, NOW + 2)
    assert (trade.order_of(world).quote.total, trade.order_of(world).quote.book) == (15000, "prices-1")
    lines = (BookedLine(item="fridge", fault="warm"), BookedLine(item="tap", fault="drip"))
    version = trade.order_of(world).version
    world.do(
        DISPATCHER, ChangeOrder(order="o1", from_version=version, lines=lines, urgency="normal"), NOW + 3
    )
    assert (trade.order_of(world).quote.total, trade.order_of(world).quote.book) == (22000, "prices-1")


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"starts_at": NOW - 11 * 60_000}, "starts_in_the_past"),
        ({"from_version": 2}, "edited_meanwhile"),
        ({"book": "none"}, "not_found"),
        ({"book": "prices-1"}, "edition_published"),
    ],
)
def test_publishing_out_of_time_or_turn_is_refused(changes: dict[str, Any], code: str) -> None:
    world = trade.company()
    world.do(ADMINISTRATOR, SavePriceBook(book=DEARER), NOW)
    publish = replace(PublishPriceBook(book="prices-2", from_version=1, starts_at=NOW), **changes)
    with pytest.raises(Rejected, match=code):
        world.do(ADMINISTRATOR, publish, NOW)
    with pytest.raises(Rejected, match="not_allowed"):
        world.do(DISPATCHER, publish, NOW)


def test_a_draft_is_thrown_away_and_brought_back_by_undo() -> None:
    world = trade.company()
    world.do(ADMINISTRATOR, SavePriceBook(book=DEARER), NOW)
    for actor, version, code in ((DISPATCHER, 1, "not_allowed"), (ADMINISTRATOR, 2, "edited_meanwhile")):
        with pytest.raises(Rejected, match=code):
            world.do(actor, DiscardPriceBook(book="prices-2", from_version=version), NOW)
    with pytest.raises(Rejected, match="edition_published"):
        world.do(ADMINISTRATOR, DiscardPriceBook(book="prices-1", from_version=2), NOW)
    before = book_of(world, "prices-2")
    change = world.do(ADMINISTRATOR, DiscardPriceBook(book="prices-2", from_version=1), NOW)
    assert book_of(world, "prices-2").state == "discarded"
    for command in (
        DiscardPriceBook(book="prices-2", from_version=2),
        PublishPriceBook(book="prices-2", from_version=2, starts_at=NOW + HOUR_MS),
    ):
        with pytest.raises(Rejected, match="edition_discarded"):
            world.do(ADMINISTRATOR, command, NOW)
    world.do(ADMINISTRATOR, change.undo, NOW)
    assert book_of(world, "prices-2") == replace(before, version=3)


def test_a_later_edition_must_start_later() -> None:
    world = trade.company()
    published(world)
    with pytest.raises(Rejected, match="starts_too_early"):
        published(world, replace(DEARER, id="prices-3"), NOW + HOUR_MS)


@pytest.mark.parametrize(
    ("book", "code"),
    [
        (replace(BOOK, version=2, state="draft"), "edition_published"),
        (replace(NEXT, state="published"), "edition_published"),
        (replace(NEXT, series="prices:mars"), "series_invalid"),
        (replace(NEXT, series="standard:ac"), "series_invalid"),
        (replace(NEXT, region="sh"), "other_region"),
        (replace(NEXT, version=3), "edited_meanwhile"),
    ],
)
def test_only_drafts_of_known_series_are_saved(book: PriceBook, code: str) -> None:
    world = trade.company()
    with pytest.raises(Rejected, match=code):
        world.do(ADMINISTRATOR, SavePriceBook(book=book), NOW)
    with pytest.raises(Rejected, match="not_allowed"):
        world.do(DISPATCHER, SavePriceBook(book=NEXT), NOW)


def test_a_region_may_have_prices_and_a_currency_of_its_own() -> None:
    world = trade.company()
    abroad = Region(id="hk", name="香港", currency="HKD", centre=Point(114.17, 22.3))
    world.do(ADMINISTRATOR, SaveRegion(saved=abroad), NOW)
    with pytest.raises(Rejected, match="no_prices"):
        price_book(world, "hk", NOW)
    with pytest.raises(Rejected, match="book_invalid") as refused:
        published(world)
    assert [row["code"] for row in refused.value.params["rows"]] == ["currency_differs"]
    own = replace(NEXT, id="hk-1", series="prices:hk", currency="HKD")
    published(world, own, NOW)
    assert price_book(world, "hk", NOW).currency == "HKD"
    world.do(ADMINISTRATOR, PublishPriceBook(book="prices-2", from_version=1, starts_at=NOW), NOW)
    assert price_book(world, "sh", NOW).currency == "CNY"


def test_a_book_with_a_flaw_is_refused_with_every_row_named() -> None:
    world = trade.company()
    wrong = replace(NEXT, labour=BOOK.labour[1:], bands=BOOK.bands[:1], same_day=-1)
    with pytest.raises(Rejected, match="book_invalid") as refused:
        published(world, wrong)
    assert refused.value.params["count"] == 3
    assert [(row["sheet"], row["row"], row["code"]) for row in refused.value.params["rows"]] == [
        ("fees", 1, "figure_negative"), ("labour", 0, "price_missing"), ("bands", 1, "band_end"),
    ]  # fmt: skip
    assert book_of(world, "prices-2").state == "draft"


NIGHT = BOOK.times[0]
TEN = Coupon(code="TEN", name="九折", percent=10)
BOTH = Package(id="both", name="套餐", price=1, lines=(PackageLine(item="tap", fault="drip"),))


def rows(**changes: Any) -> list[tuple[str, int, str]]:
    found = flaws(replace(BOOK, **changes), (FRIDGE, AIR, TAP), (BELT,), {"sh": "CNY"})
    assert all(isinstance(each, Flaw) for each in found)
    return [(each.sheet, each.row, each.rule.code) for each in found]


@pytest.mark.parametrize(
    ("changes", "found"),
    [
        ({}, []),
        ({"currency": "EUR"}, [("fees", 0, "currency_differs")]),
        ({"inspection_percent": 101}, [("fees", 1, "percent_range")]),
        ({"labour": (*BOOK.labour, LabourPrice(item="tap", fault="x", price=1))}, [("labour", 5, "fault_not_there")]),
        ({"labour": (*BOOK.labour, LabourPrice(item="x", fault="x", price=1))}, [("labour", 5, "fault_not_there")]),
        ({"labour": (*BOOK.labour, BOOK.labour[0])}, [("labour", 5, "listed_twice")]),
        (
            {"labour": (replace(BOOK.labour[0], price=-1), *BOOK.labour[1:])},
            [("labour", 1, "figure_negative")],
        ),
        (
            {"labour": (replace(BOOK.labour[0], competitors=(Competitor(source="a", price=1, seen_on="x"),)),
                        *BOOK.labour[1:])},
            [("labour", 1, "dates_wrong")],
        ),
        ({"parts": (PartPrice(part="x", price=1),)}, [("parts", 1, "part_not_there")]),
        ({"parts": (PartPrice(part="belt", price=1, cost=-1),)}, [("parts", 1, "figure_negative")]),
        ({"parts": (PartPrice(part="belt", price=1),) * 2}, [("parts", 2, "listed_twice")]),
        ({"bands": ()}, [("bands", 0, "bands_missing")]),
        (
            {"bands": (Band(up_to_m=9, fee=1), Band(up_to_m=9, fee=1), Band(up_to_m=None, fee=1))},
            [("bands", 2, "band_order")],
        ),
        ({"bands": (Band(up_to_m=9, fee=9), Band(up_to_m=None, fee=1))}, [("bands", 2, "band_cheaper")]),
        ({"bands": (Band(up_to_m=None, fee=9), Band(up_to_m=None, fee=9))}, [("bands", 1, "band_end")]),
        ({"bands": (Band(up_to_m=None, fee=-9),)}, [("bands", 1, "figure_negative"), ("bands", 1, "band_cheaper")]),
        ({"times": (NIGHT, replace(NIGHT, id="b", from_minute=6 * 60, to_minute=9 * 60))},
         [("times", 2, "times_overlap")]),
        ({"times": (NIGHT, replace(NIGHT, id="b", from_minute=7 * 60, to_minute=9 * 60))}, []),
        ({"times": (NIGHT, replace(NIGHT, id="b", kind="holiday"))}, []),
        ({"times": (replace(NIGHT, days=("holiday",)), replace(NIGHT, id="b", days=("workday",)))}, []),
        ({"times": (replace(NIGHT, last_date="2026-01-31"), replace(NIGHT, id="b", first_date="2026-02-01"))}, []),
        ({"times": (replace(NIGHT, last_date="2026-01-31"), replace(NIGHT, id="b", first_date="2026-01-31"))},
         [("times", 2, "times_overlap")]),
        ({"times": (replace(NIGHT, to_minute=1441),)}, [("times", 1, "time_span")]),
        ({"times": (replace(NIGHT, to_minute=NIGHT.from_minute),)}, [("times", 1, "time_span")]),
        ({"times": (replace(NIGHT, name=" ", percent=301),)},
         [("times", 1, "name_missing"), ("times", 1, "percent_range")]),
        ({"packages": (replace(BOTH, first_date="2026-02-01", last_date="2026-01-01"),)},
         [("packages", 1, "dates_backwards")]),
        ({"packages": (replace(BOTH, lines=()),)}, [("packages", 1, "package_empty")]),
        ({"packages": (replace(BOTH, lines=(PackageLine(item="tap", fault="x"),), price=-1),)},
         [("packages", 1, "figure_negative"), ("packages", 1, "fault_not_there")]),
        ({"packages": (BOTH, BOTH)}, [("packages", 2, "listed_twice")]),
        ({"coupons": (replace(TEN, percent=0),)}, [("coupons", 1, "coupon_nothing")]),
        ({"coupons": (replace(TEN, percent=101),)}, [("coupons", 1, "percent_range")]),
        ({"coupons": (TEN, replace(TEN, code="ten"))}, [("coupons", 2, "listed_twice")]),
        ({"coupons": (replace(TEN, items=("moon",)),)}, [("coupons", 1, "item_not_there")]),
        ({"coupons": (replace(TEN, first_date="2026-2-1"),)}, [("coupons", 1, "dates_wrong")]),
    ],
)  # fmt: skip
def test_every_flaw_names_its_sheet_and_row(
    changes: dict[str, Any], found: list[tuple[str, int, str]]
) -> None:
    assert rows(**changes) == found


def test_retired_items_need_no_price() -> None:
    gone = replace(TAP, retired=True)
    book = replace(BOOK, labour=tuple(each for each in BOOK.labour if each.item != "tap"))
    assert flaws(book, (FRIDGE, AIR, gone), (), {}) == ()


steps = st.tuples(st.sampled_from(("save", "publish", "copy")), st.integers(0, 3), st.integers(0, 9))


@settings(max_examples=40, deadline=None)
@given(
    st.lists(
        st.tuples(st.sampled_from(("save", "publish", "copy")), st.integers(0, 3), st.integers(0, 9)),
        max_size=12,
    )
)
def test_what_is_published_never_changes_whatever_is_tried(tried: list[tuple[str, int, int]]) -> None:
    world = trade.company()
    kept: dict[str, PriceBook] = {}
    for number, (step, which, more) in enumerate(tried):
        id = f"prices-{which + 1}"
        there = world.get(PriceBook, id)
        base = there or NEXT
        price = replace(base.labour[0], price=100 * more)
        wanted = replace(base, id=id, labour=(price, *base.labour[1:]), version=there.version if there else 0)
        try:
            if step == "publish":
                version = there.version if there else 1
                publish = PublishPriceBook(book=id, from_version=version, starts_at=NOW + number)
                world.do(ADMINISTRATOR, publish, NOW)
            else:
                draft = (
                    draft_of(wanted, f"{id}-{number}") if step == "copy" else replace(wanted, state="draft")
                )
                world.do(ADMINISTRATOR, SavePriceBook(book=draft), NOW)
        except Rejected:
            pass
        for book in world.all(PriceBook):
            if book.state == "published":
                assert kept.setdefault(book.id, book) == book


def test_two_books_are_laid_side_by_side() -> None:
    other = replace(
        DEARER,
        labour=(*DEARER.labour[:1], *BOOK.labour[1:3]),
        bands=(Band(up_to_m=None, fee=100),),
        coupons=(TEN,),
        emergency=9000,
    )
    found = difference(BOOK, other)
    assert [(each.sheet, each.key, each.fields) for each in found] == [
        ("fees", ("emergency",), ("emergency",)),
        ("labour", ("fridge", "warm"), ("price",)),
        ("labour", ("tap", "drip"), ()),
        ("bands", ("1",), ("up_to_m", "fee")),
        ("bands", ("2",), ()),
        ("bands", ("3",), ()),
        ("coupons", ("TEN",), ()),
    ]
    assert found[2] == Changed(sheet="labour", key=("tap", "drip"), before=BOOK.labour[3], after=None)
    assert difference(BOOK, draft_of(BOOK, "x")) == ()


def test_booking_with_coupon_and_package_is_priced_with_them_and_a_change_lets_them_go() -> None:
    world = trade.company()
    kitchen = replace(BOTH, lines=(PackageLine(item="fridge", fault="warm"),), price=10000)
    published(world, replace(NEXT, packages=(kitchen,), coupons=(replace(TEN, minimum=9000),)), NOW)
    at = NOW + 1
    world.do(DISPATCHER, trade.booking(package="both", coupon="ten"), at)
    order = trade.order_of(world)
    assert (order.quote.total, order.quote.package, order.quote.coupon) == (9000, "both", "TEN")
    with pytest.raises(Rejected, match="coupon_unknown"):
        world.do(DISPATCHER, trade.booking("o2", coupon="X"), at)
    tap = (BookedLine(item="tap", fault="drip"),)
    change = world.do(DISPATCHER, ChangeOrder(order="o1", from_version=1, lines=tap, urgency="normal"), at)
    order = trade.order_of(world)
    assert [each.code for each in change.warnings] == ["reduction_dropped"]
    assert (order.quote.total, order.quote.package, order.quote.coupon) == (7000, None, None)


def test_no_prices_no_booking() -> None:
    world = trade.company()
    del world.entities["series", "prices"]
    with pytest.raises(Rejected, match="no_prices"):
        trade.booked(world)


def test_parts_fit_items_that_are_there() -> None:
    world = trade.company()
    world.do(ADMINISTRATOR, SavePart(part=BELT), NOW)
    for wrong, code in (
        (replace(BELT, id="x", name=""), "required"),
        (replace(BELT, id="x", items=("moon",)), "not_found"),
        (replace(BELT, id="x", warranty_days=-1), "warranty_invalid"),
        (BELT, "edited_meanwhile"),
    ):
        with pytest.raises(Rejected, match=code):
            world.do(ADMINISTRATOR, SavePart(part=wrong), NOW)


NEW_YEAR = SpecialDay(date="2027-01-01", kind="holiday", name="元旦")


@pytest.mark.parametrize(
    ("year", "code"),
    [
        (HolidayYear(id="27"), "year_invalid"),
        (HolidayYear(id="2026", days=(NEW_YEAR,)), "holidays_wrong"),
        (HolidayYear(id="2027", days=(replace(NEW_YEAR, date="2027-02-30"),)), "holidays_wrong"),
        (HolidayYear(id="2027", days=(NEW_YEAR, NEW_YEAR)), "holidays_twice"),
        (HolidayYear(id="2027", days=(replace(NEW_YEAR, name=" "),)), "required"),
    ],
)
def test_a_year_holds_each_of_its_days_once(year: HolidayYear, code: str) -> None:
    world = trade.company()
    with pytest.raises(Rejected, match=code):
        world.do(ADMINISTRATOR, SaveHolidayYear(year=year), NOW)
    world.do(ADMINISTRATOR, SaveHolidayYear(year=HolidayYear(id="2027", days=(NEW_YEAR,))), NOW)


def test_a_holiday_saved_later_prices_what_is_booked_then() -> None:
    world = trade.company()
    rule = TimeRule(id="h", kind="holiday", name="节日", days=("holiday",), amount=5000)
    published(world, replace(NEXT, times=(rule,)), NOW)
    world.do(DISPATCHER, trade.booking(), NOW + 1)
    assert trade.order_of(world).quote.warnings == ("holidays_unknown",)
    today = SpecialDay(date=trade.DATE, kind="holiday", name="店庆")
    world.do(ADMINISTRATOR, SaveHolidayYear(year=HolidayYear(id="2026", days=(today,))), NOW + 2)
    world.do(DISPATCHER, trade.booking("o2"), NOW + 3)
    assert (trade.order_of(world, "o2").quote.total, trade.order_of(world, "o2").quote.warnings) == (
        17000,
        (),
    )
    assert trade.order_of(world).quote.total == 12000


def test_reopening_prices_by_the_book_of_the_booking() -> None:
    world = trade.company()
    trade.assigned(world)
    published(world, starts_at=NOW)
    world.do(DISPATCHER, CancelOrder(order="o1", reason="x", side="customer"), NOW + 1)
    again = window(14 + 24, 16 + 24)
    world.do(DISPATCHER, ReopenOrder(order="o1", window=again), NOW + DAY_MS // 2)
    assert trade.order_of(world).quote.book == "prices-1"
