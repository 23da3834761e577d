"""What a narrow window keeps readable, and what a wide one gives back."""

from __future__ import annotations

import asyncio

from PySide6.QtCore import Qt
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import QPushButton, QTableView, QToolButton, QWidget
from pytestqt.qtbot import QtBot

from dispatcher_app import text
from dispatcher_app.text import t
from tests.ui.legible import cut
from tests.ui.window_desk import City, part, press, until
from ui import name
from ui.models.column import COLUMNS
from ui.models.counts import VIEWS
from ui.queue.views import ViewBar
from ui.window.main import MainWindow

AT = {column.id: at for at, column in enumerate(COLUMNS)}


def width_of(table: QTableView, column: str) -> int:
    return 0 if table.isColumnHidden(AT[column]) else table.columnWidth(AT[column])


def unsaved(window: MainWindow) -> bool:
    return window.inspector.unsaved


async def narrowed(window: MainWindow, width: int) -> QTableView:
    window.resize(width, 768)
    table: QTableView = window.queue.table
    await until(lambda: window.width() == width and window.queue.model.rowCount() > 0)
    return table


async def test_a_narrow_english_queue_keeps_the_repair_and_gives_up_what_matters_less(
    city: City, loop: asyncio.AbstractEventLoop
) -> None:
    text.use("en")

    async with city.window(size=(2560, 1440)) as window:
        wide = {id: width_of(window.queue.table, id) for id in ("phone", "status")}
        table = await narrowed(window, 1366)
        metrics = QFontMetrics(table.font())
        assert width_of(table, "item") > metrics.horizontalAdvance("Electric water heater Does not heat")
        assert width_of(table, "status") < wide["status"]
        shown = sum(width_of(table, id) for id in AT)
        assert shown <= table.viewport().width()
        table = await narrowed(window, 2560)
        assert {id: width_of(table, id) for id in wide} == wide


async def test_columns_are_kept_as_the_person_left_them_not_as_a_narrow_window_shows_them(
    city: City, loop: asyncio.AbstractEventLoop
) -> None:
    text.use("en")

    async with city.window(size=(2560, 1440)) as window:
        table = await narrowed(window, 1200)
        assert width_of(table, "phone") == 0
        kept = window.queue.table.kept_columns()
        await narrowed(window, 2560)
        window.queue.table.restore_columns(kept)
        assert width_of(table, "phone") > 0


async def test_a_wide_window_with_a_booking_open_can_be_made_narrow_at_once(
    city: City, loop: asyncio.AbstractEventLoop
) -> None:
    async with city.window(size=(2560, 1440)) as window:
        press(Qt.Key.Key_F2)
        assert window.tabs.isVisible()
        await narrowed(window, 1366)
        assert window.drawer
        assert not window.tabs.isVisible()
        assert window.booking.isVisible()


async def test_a_begun_form_is_not_lost_to_another_language_without_being_asked(
    city: City, loop: asyncio.AbstractEventLoop
) -> None:
    async with city.window() as window:
        made: list[str] = []
        window.anew.connect(lambda: made.append(text.language()))
        window.queue.table.setCurrentIndex(window.queue.model.index(0, 0))
        await until(lambda: window.inspector.order is not None)
        window.deck["correct_customer"].trigger()
        assert not unsaved(window)
        press(Qt.Key.Key_X)
        assert unsaved(window)
        window.deck["language"].trigger()
        assert not made
        offers = [each for each in window.findChildren(QPushButton) if each.text() == t("Switch and lose it")]
        offers[-1].click()
        assert made == ["en"]


async def test_undo_says_what_it_leaves_and_whoever_has_an_order_is_not_offered_it_again(
    city: City, loop: asyncio.AbstractEventLoop
) -> None:
    async with city.window() as window:
        for row in range(window.queue.model.rowCount()):
            window.queue.table.setCurrentIndex(window.queue.model.index(row, 0))
            await until(lambda: window.inspector.ranked.answered)
            if window.inspector.ranked.list.model().rowCount():
                break
        press(Qt.Key.Key_F3)
        press(Qt.Key.Key_Return)
        order = window.inspector.order
        assert order is not None
        assert order.status == "accepted"
        await until(lambda: not part(window, "assign_chosen").isEnabled())
        press(Qt.Key.Key_F3)
        assert part(window, "assign_error").isVisible()
        now = window.inspector.order
        assert now is not None
        assert (now.technician, len(now.steps)) == (order.technician, len(order.steps))
        press(Qt.Key.Key_F7)
        said = part(window, "undo").text()
        spoken = order.number.rpartition("-")[2]
        assert t("urge {number}", number=spoken) in said
        assert order.technician is not None
        assert name.technician(window.session, order.technician) in said


def test_views_that_have_no_room_stand_in_the_menu_and_the_one_that_is_seen_is_always_named(
    qtbot: QtBot,
) -> None:
    text.use("en")
    whole = QWidget()
    qtbot.addWidget(whole)
    bar = ViewBar(whole)
    bar.say(dict.fromkeys(VIEWS, 1234))
    bar.resize(1600, 32)
    whole.show()
    bar.check("all")
    daily = [each for each in bar.findChildren(QToolButton) if each is not bar.more]
    assert all(each.isVisible() for each in daily)
    bar.resize(500, 32)
    qtbot.waitUntil(lambda: not all(each.isVisible() for each in daily))
    qtbot.waitUntil(lambda: cut(bar) == [])
    assert bar.more.text() == "All 1,234"
    listed = {each.text() for each in bar.more.menu().actions() if each.isVisible()}
    assert {each.text() for each in daily if not each.isVisible()} <= listed
    bar.resize(1600, 32)
    qtbot.waitUntil(lambda: all(each.isVisible() for each in daily))
    assert part(bar, "view_all").isChecked()
    assert not bar.more.isChecked()
