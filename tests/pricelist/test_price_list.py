"""Catalogue and prices as a workbook: what is written is read back, and nonsense is named cell by cell."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, time
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dispatcher_app.catalogue_file import first_catalogue
from dispatcher_app.domain.act import SYSTEM
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
from dispatcher_app.domain.catalogue import Category, Part
from dispatcher_app.domain.difference import difference
from dispatcher_app.intake.row import TableError
from dispatcher_app.pricelist.layout import LAYOUTS
from dispatcher_app.pricelist.take import Taken, take
from dispatcher_app.pricelist.write import Contents, workbook
from tests.domain import trade
from tests.domain.trade import BOOK, FRIDGE, NOW, TAP

COLD = replace(
    FRIDGE,
    category="jd",
    certificates=("制冷与空调作业",),
    materials="included",
    materials_note="=含氟",
    tools=("压力表", "真空泵"),
    warranty_days=90,
    crew=2,
    faults=(
        replace(FRIDGE.faults[0], parts=("belt",), words=("不冷", "不制冷"), method="加氟\n检漏"),
        FRIDGE.faults[1],
    ),
)
WATER = replace(TAP, category="jd", retired=True)
CONTENTS = Contents(
    categories=(Category(id="jd", name="家电", name_en="Appliances", rank=2),),
    items=(COLD, WATER),
    parts=(Part(id="belt", name="皮带", items=("fridge",), unit="条", warranty_days=30),),
    book=PriceBook(
        id="prices-1",
        name="价目表",
        state="published",
        starts_at=0,
        labour=(
            LabourPrice(item="fridge", fault="warm", price=12050, cost=7001,
                        competitors=(Competitor(source="隔壁老王", price=11000, seen_on="2026-11-01"),)),
            LabourPrice(item="fridge", fault="ice", price=10000),
            LabourPrice(item="tap", fault="drip", price=1),
        ),
        parts=(PartPrice(part="belt", price=1999, cost=800),),
        bands=(Band(up_to_m=2_500, fee=1500), Band(up_to_m=None, fee=1500, per_km=120)),
        times=(
            *BOOK.times,
            TimeRule(id="ny", kind="holiday", name="节日", name_en="Holiday", days=("holiday", "weekend"), percent=-5,
                     first_date="2026-12-31", last_date="2027-01-03", from_minute=0, to_minute=1440),
        ),
        packages=(
            Package(id="both", name="套餐", price=18800, last_date="2026-12-31",
                    lines=(PackageLine(item="fridge", fault="warm", quantity=2), PackageLine(item="tap", fault="drip"))),
        ),
        coupons=(Coupon(code="007", name="新客", amount=2000, percent=5, minimum=9900, items=("tap",)),),
    ),
)  # fmt: skip


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "prices.xlsx"
    path.write_bytes(workbook(CONTENTS))
    return path


def edited(path: Path, edit: Callable[[Any], object], here: Contents = CONTENTS) -> Taken:
    """The workbook taken after somebody has worked on it."""
    book = openpyxl.load_workbook(path)
    edit(book)
    book.save(path)
    return take(path, here, "prices-2")


def bad(taken: Taken) -> list[tuple[str, int, str, str]]:
    return [(each.sheet, each.row, each.column, each.rule.code) for each in taken.bad]


@pytest.mark.parametrize("language", ["zh_CN", "en"])
def test_what_is_written_is_read_back_without_a_difference(language: Any, tmp_path: Path) -> None:
    path = tmp_path / "prices.xlsx"
    path.write_bytes(workbook(CONTENTS, language))
    taken = take(path, CONTENTS, "prices-2")
    assert (taken.bad, taken.categories, taken.items, taken.parts) == ((), (), (), ())
    assert difference(CONTENTS.book, taken.draft) == ()
    assert (taken.draft.state, taken.draft.id, taken.draft.version) == ("draft", "prices-2", 0)


def test_an_empty_company_takes_all_of_it_over(file: Path) -> None:
    taken = take(file, Contents(book=PriceBook(id="x")), "prices-1")
    assert (taken.bad, taken.categories, taken.items, taken.parts) == (
        (), CONTENTS.categories, CONTENTS.items, CONTENTS.parts,
    )  # fmt: skip
    assert difference(CONTENTS.book, taken.draft) == ()


def test_the_shipped_catalogue_goes_through_a_workbook_whole(tmp_path: Path) -> None:
    shipped = first_catalogue()
    assert shipped.book is not None
    path = tmp_path / "prices.xlsx"
    path.write_bytes(
        workbook(
            Contents(
                categories=shipped.categories, items=shipped.items, parts=shipped.parts, book=shipped.book
            )
        )
    )
    taken = take(path, Contents(book=PriceBook(id="x", currency=shipped.book.currency)), "prices-1")
    assert taken.bad == ()
    assert difference(shipped.book, taken.draft) == ()
    assert [each.id for each in taken.items] == [each.id for each in shipped.items]


def test_what_it_asks_for_is_accepted_by_the_rules_and_leaves_the_published_book_alone(file: Path) -> None:
    world = trade.company()

    def dearer(book: Any) -> None:
        book["故障"].cell(2, 6).value = "¥ 1,234.50 元"
        book["项目"].cell(2, 3).value = "冷柜"

    here = Contents(items=tuple(world.all(type(FRIDGE))), book=BOOK)
    taken = edited(file, dearer, here)
    for command in taken.commands():
        world.do(SYSTEM, command, NOW)
    draft = world.get(PriceBook, "prices-2")
    assert draft is not None
    assert draft.labour_by_fault["fridge", "warm"].price == 123450
    assert world.get(PriceBook, "prices-1") == replace(
        BOOK, state="published", starts_at=0, published_by="system:dispatcher", version=2
    )
    assert next(item.name for item in world.all(type(FRIDGE)) if item.id == "fridge") == "冷柜"


@pytest.mark.parametrize(
    ("sheet", "column", "value", "code"),
    [
        ("故障", 6, "便宜", "cell_money"),
        ("故障", 6, "12.345", "cell_money"),
        ("故障", 6, 19.999, "cell_money"),
        ("故障", 6, "1e9", "cell_money"),
        ("故障", 6, float(10**12), "cell_money"),
        ("故障", 6, True, "cell_money"),
        ("故障", 6, "=1+1", "cell_formula"),
        ("故障", 6, datetime(2026, 1, 1), "cell_money"),  # noqa: DTZ001
        ("故障", 5, "一小时", "cell_number"),
        ("故障", 5, 1.5, "cell_number"),
        ("故障", 5, None, "cell_missing"),
        ("故障", 3, "长" * 2001, "cell_text"),
        ("项目", 8, "也许", "cell_choice"),
        ("时段", 6, "25:00", "cell_time"),
        ("时段", 6, "晚上", "cell_time"),
        ("时段", 8, "2026-02-30", "cell_date"),
        ("时段", 2, "随便", "cell_choice"),
        ("时段", 5, "星期八", "cell_choice"),
        ("套餐", 4, "冰箱", "cell_package"),
        ("上门费", 3, "免费", "cell_money"),
    ],
)
def test_nonsense_is_named_by_sheet_row_and_column_and_changes_nothing(
    file: Path, sheet: str, column: int, value: object, code: str
) -> None:
    def spoil(book: Any) -> None:
        book[sheet].cell(2, column).value = value

    taken = edited(file, spoil)
    title = next(each for each in LAYOUTS if each.zh == sheet).columns[column - 1].zh
    assert bad(taken) == [(sheet, 2, title, code)]
    assert (taken.items, taken.parts) == ((), ())
    assert difference(CONTENTS.book, taken.draft) == ()


def test_cells_are_read_as_people_write_them(file: Path) -> None:
    def write(book: Any) -> None:
        times = book["时段"]
        times.cell(2, 6).value, times.cell(2, 7).value = time(21, 30), "7\uff1a00"
        times.cell(3, 8).value, times.cell(3, 9).value = "2026年12月1日", datetime(2027, 1, 5)  # noqa: DTZ001
        times.cell(3, 10).value = "20%"
        book["项目"].cell(2, 2).value = "家电"
        book["套餐"].cell(2, 4).value = "冰箱/不制冷x3\uff1b水龙头/滴水"
        book["配件"].cell(2, 4).value = "冰箱\uff0c水龙头"

    taken = edited(file, write)
    assert taken.bad == ()
    night, holiday = taken.draft.times
    assert (night.from_minute, night.to_minute) == (21 * 60 + 30, 7 * 60)
    assert (holiday.first_date, holiday.last_date, holiday.percent) == ("2026-12-01", "2027-01-05", 20)
    assert taken.draft.packages[0].lines[0] == PackageLine(item="fridge", fault="warm", quantity=3)
    assert taken.parts[0].items == ("fridge", "tap")
    assert taken.items == ()


def test_what_does_not_join_or_does_not_exist_is_named(file: Path) -> None:
    book = openpyxl.load_workbook(file)
    book["上门费"].cell(3, 1).value = 3
    book["故障"].append(["moon", "x", "x", None, 10])
    book["配件"].append(["belt", "又一条皮带"])
    book["套餐"].append(["p2", "套餐", None, "fridge/none", 10])
    book["同行价格"].append(["tap", "none", "x", 10, "2026-01-01"])
    book.create_sheet("促销")
    book["类别"].cell(1, 5).value = "心情"
    book.save(file)
    taken = take(file, CONTENTS, "prices-2")
    assert {(sheet, code) for sheet, _row, _column, code in bad(taken)} == {
        ("促销", "sheet_unknown"), ("类别", "column_unknown"), ("上门费", "band_gap"), ("故障", "row_unknown"),
        ("配件", "row_twice"), ("套餐", "row_unknown"), ("同行价格", "row_unknown"),
    }  # fmt: skip


def test_a_sheet_without_a_needed_column_is_left_out(file: Path) -> None:
    taken = edited(file, lambda book: book["故障"].delete_cols(5))
    assert bad(taken) == [("故障", 1, "时长(分钟)", "column_missing")]
    assert (taken.items, difference(CONTENTS.book, taken.draft)) == ((), ())


def test_merged_cells_are_named_and_their_rows_left_as_they_were(file: Path) -> None:
    taken = edited(file, lambda book: book["故障"].merge_cells("A2:A3"))
    assert [(row, code) for _sheet, row, _column, code in bad(taken)] == [
        (2, "cell_merged"),
        (3, "cell_merged"),
    ]
    assert taken.items == ()
    assert difference(CONTENTS.book, taken.draft) == ()


def test_a_row_taken_out_of_an_items_faults_takes_fault_and_price_out(file: Path) -> None:
    taken = edited(file, lambda book: book["故障"].delete_rows(3))
    assert [fault.id for fault in taken.items[0].faults] == ["warm"]
    assert [(each.sheet, each.key) for each in difference(CONTENTS.book, taken.draft)] == [
        ("labour", ("fridge", "ice"))
    ]


def test_ten_thousand_rows_are_read_and_more_than_enough_are_not(file: Path) -> None:
    def many(book: Any) -> None:
        for number in range(10_000):
            book["配件"].append([f"p{number}", f"配件{number}", None, "fridge", None, "个", 12.5])

    taken = edited(file, many)
    assert (len(taken.parts), len(taken.draft.parts), taken.bad) == (10_000, 10_001, ())

    def too_many(book: Any) -> None:
        book["配件"].cell(20_500, 1).value = "x"

    taken = edited(file, too_many)
    assert "rows_too_many" in {code for *_, code in bad(taken)}


def test_macros_are_neither_run_nor_kept(file: Path) -> None:
    with zipfile.ZipFile(file, "a") as archive:
        archive.writestr("xl/vbaProject.bin", b"\xd0\xcf\x11\xe0 Auto_Open")
    taken = take(file, CONTENTS, "prices-2")
    assert taken.bad == ()


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04", b"a,b\n1,2\n", b"\xd0\xcf\x11\xe0" + b"\0" * 600])
def test_what_is_no_workbook_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "x.xlsx"
    path.write_bytes(content)
    with pytest.raises(TableError):
        take(path, CONTENTS, "prices-2")


def test_a_workbook_of_something_else_is_refused(tmp_path: Path) -> None:
    book, out = openpyxl.Workbook(), io.BytesIO()
    book.save(out)
    path = tmp_path / "x.xlsx"
    path.write_bytes(out.getvalue())
    with pytest.raises(TableError) as refused:
        take(path, CONTENTS, "prices-2")
    assert refused.value.code == "empty_workbook"


cells = st.one_of(
    st.none(), st.booleans(), st.integers(-(10**18), 10**18), st.floats(allow_nan=False, allow_infinity=False),
    st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=30),
)  # fmt: skip


@settings(max_examples=30, deadline=None)
@given(
    st.lists(st.tuples(st.sampled_from(LAYOUTS), st.integers(2, 5), st.integers(1, 12), cells), max_size=8)
)
def test_whatever_is_typed_into_it_never_breaks_the_reading(
    tmp_path_factory: pytest.TempPathFactory, typed: list[tuple[Any, int, int, Any]]
) -> None:
    path = tmp_path_factory.mktemp("typed") / "prices.xlsx"
    path.write_bytes(workbook(CONTENTS))

    def type_in(book: Any) -> None:
        for layout, row, column, value in typed:
            book[layout.zh].cell(row, column).value = value

    taken = edited(path, type_in)
    assert taken.draft.state == "draft"
    for each in taken.bad:
        assert each.sheet
        assert each.rule.code
