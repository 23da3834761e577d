"""Prices as administrators keep them: a draft, its difference, its flaws, publishing, workbooks, trying a price."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from pathlib import Path
from typing import Any

from openpyxl import load_workbook
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication

from dispatcher_app.clock import new_id
from dispatcher_app.domain.book import PriceBook
from dispatcher_app.domain.command import BookedLine
from dispatcher_app.domain.edition import Series
from dispatcher_app.domain.order import Order
from tests.ui.admin_desk import new_draft
from tests.ui.window_desk import City, booking_like, orders_of, part, press, until
from ui.admin.book import BookEditor
from ui.admin.file import BookFiles

ITEM, FAULT = "wall-ac", "not-cooling"


def row_of(editor: BookEditor, item: str = ITEM, fault: str = FAULT) -> int:
    rows = editor.sheets["labour"].model.rows
    return next(at for at, row in enumerate(rows) if (row.item, row.fault) == (item, fault))


def type_price(editor: BookEditor, typed: str) -> Any:
    model = editor.sheets["labour"].model
    index = model.index(row_of(editor), 2)
    model.setData(index, typed)
    editor.examine()
    return index


def test_a_price_is_drafted_compared_published_and_booked_with(
    office: City, loop: asyncio.AbstractEventLoop
) -> None:
    async def story() -> None:
        async with office.sitting("wangfang") as desk, office.window("admin") as window:
            editor = new_draft(window)
            former = editor.sheets["labour"].model.rows[row_of(editor)].price
            type_price(editor, "488")
            differences = editor.changes.rows
            assert [each.after for each in differences] == ["488.00"]
            assert differences[0].before == f"{former / 100:.2f}"
            assert editor.unsaved
            editor.start.now.setChecked(True)
            assert editor.publish()
            id = editor.draft.read.id

            def published() -> bool:
                book = window.session.get(PriceBook, id)
                series = window.session.get(Series, "prices")
                return book is not None and book.state == "published" and series is not None

            await until(published)
            await until(lambda: (found := desk.get(PriceBook, id)) is not None and found.state == "published")
            order = (await orders_of(desk))[0]
            line = BookedLine(item=ITEM, fault=FAULT)
            made = desk.submit(replace(booking_like(desk, order), lines=(line,)))
            booked = made.command.order
            await until(lambda: (found := desk.get(Order, booked)) is not None and found.quote.book == id)
            found = desk.get(Order, booked)
            assert found is not None
            assert found.lines[0].labour == 48800

    loop.run_until_complete(story())


async def test_a_draft_with_nonsense_is_not_published_and_its_rows_are_named(
    office: City, loop: asyncio.AbstractEventLoop
) -> None:
    async with office.window("admin") as window:
        editor = new_draft(window)
        bands = editor.sheets["bands"].model
        bands.setData(bands.index(0, 0), "30")
        type_price(editor, "")
        editor.start.now.setChecked(True)
        assert not editor.publish()
        assert editor.tabs.currentWidget() is part(editor, "book_flaws")
        said = [row[2] for row in editor.wrong.rows]
        assert any("上门费第 2 行" in each for each in said), said
        assert any("挂式空调" in each for each in said)
        missing = next(at for at, row in enumerate(editor.wrong.rows) if "挂式空调" in row[2])
        editor.jump(missing)
        assert editor.sheets["labour"].grid.currentIndex().row() == row_of(editor)
        assert window.session.get(PriceBook, editor.draft.read.id).state == "draft"  # type: ignore[union-attr]


async def test_what_is_no_amount_stays_marked_and_is_not_saved(
    office: City, loop: asyncio.AbstractEventLoop
) -> None:
    async with office.window("admin") as window:
        editor = new_draft(window)
        index = type_price(editor, "about a hundred")
        assert index.data() == "about a hundred"
        assert not editor.save()
        assert "about" not in part(editor, "book_error").text()
        assert f"第 {row_of(editor) + 1} 行" in part(editor, "book_error").text()
        assert editor.sheets["labour"].grid.currentIndex() == index
        type_price(editor, "128")
        assert editor.save()
        await until(lambda: window.session.link.waiting == 0)
        book = window.session.get(PriceBook, editor.draft.read.id)
        assert book is not None
        assert book.labour_by_fault[ITEM, FAULT].price == 12800


async def test_enter_moves_on_and_several_cells_are_pasted(
    office: City, loop: asyncio.AbstractEventLoop
) -> None:
    async with office.window("admin") as window:
        editor = new_draft(window)
        grid = editor.sheets["labour"].grid
        grid.go_to(0, 2)
        press(Qt.Key.Key_Return)
        assert grid.currentIndex().column() == 3
        for figure in (Qt.Key.Key_9, Qt.Key.Key_7, Qt.Key.Key_Return):
            press(figure)
        assert editor.sheets["labour"].model.rows[0].cost == 9700
        assert grid.currentIndex().column() == 5
        press(Qt.Key.Key_Return)
        assert (grid.currentIndex().row(), grid.currentIndex().column()) == (1, 2)
        grid.go_to(0, 2)
        QGuiApplication.clipboard().setText("101\t51\n102.50\t52\n")
        press(Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
        rows = editor.sheets["labour"].model.rows
        assert [(row.price, row.cost) for row in rows[:2]] == [(10100, 5100), (10250, 5200)]


async def test_typing_survives_another_page_and_another_version(
    office: City, loop: asyncio.AbstractEventLoop
) -> None:
    async with office.window("admin") as window:
        editor = new_draft(window)
        type_price(editor, "333")
        window.administration.open("templates")
        window.administration.leave()
        window.administration.open("prices")
        page = window.administration.panel.page("prices")
        page.open(next(row.id for row in page.list._rows if row.id != f"book:{editor.draft.read.id}"))
        page.open(f"book:{editor.draft.read.id}")
        assert page.form is editor
        assert editor.sheets["labour"].model.rows[row_of(editor)].price == 33300
        assert editor.unsaved
        assert page.unsaved


async def test_a_workbook_goes_out_and_comes_back_with_its_bad_rows_named(
    office: City, loop: asyncio.AbstractEventLoop, tmp_path: Path
) -> None:
    async with office.window("admin") as window:
        editor = new_draft(window)
        files = editor.findChild(BookFiles)
        assert isinstance(files, BookFiles)
        path = tmp_path / "价目表.xlsx"
        assert await files.write_out(path) == ""
        book = load_workbook(path)
        sheet = book["故障"]
        titles = [cell.value for cell in sheet[1]]
        price = titles.index("工时费") + 1
        good = next(row for row in range(2, 400) if sheet.cell(row, 1).value == ITEM)
        sheet.cell(good, price, 77)
        sheet.cell(2, price, "贵")
        book.save(path)
        await files.bring_in(path)
        await until(lambda: editor.bad.rowCount() > 0)
        assert [(row[0], row[1], row[2]) for row in editor.bad.rows] == [("故障", "2", "工时费")]
        item, fault = sheet.cell(good, 1).value, sheet.cell(good, 2).value
        changed = editor.sheets["labour"].model.rows[row_of(editor, str(item), str(fault))]
        assert changed.price == 7700
        assert editor.unsaved


async def test_a_price_is_explained_by_the_draft_beside_the_one_in_force(
    office: City, loop: asyncio.AbstractEventLoop
) -> None:
    async with office.window("admin") as window:
        editor = new_draft(window)
        type_price(editor, "999")
        assert editor.save()
        window.administration.open("explainer", ITEM)
        explainer = window.administration.panel.page("explainer")
        explainer.fault.setCurrentIndex(explainer.fault.findData(FAULT))
        explainer.second.setCurrentIndex(explainer.second.findData(editor.draft.read.id))
        explainer.answer()
        total = next(row for row in explainer.amounts.model.rows if row.total)
        assert total.second == "¥999.00"
        assert total.first != total.second
        assert any("检测费" in row.what for row in explainer.others.model.rows)
        explainer.coupon.setText(new_id())
        explainer.answer()
        assert part(window, "explainer_error").text()
        assert explainer.amounts.model.rowCount() > 0
