"""The board in the window: one selection with the queue, as wide as wanted, and the same again tomorrow."""

from __future__ import annotations

import asyncio

from PySide6.QtCore import QPoint, QSettings, Qt
from PySide6.QtWidgets import QWidget

from dispatcher_app.clock import new_id
from tests.ui.board_desk import bar_of, click, middle, visits
from tests.ui.window_desk import City, part, press, remove, until
from ui.window.main import MainWindow, build_window


def on_board(window: MainWindow, order: str) -> bool:
    return window.scheduling.board.view.marked[0] == order


async def ready(window: MainWindow) -> None:
    board = window.scheduling.board
    await until(lambda: board.schedule.ready and board.view.fitted)


async def test_the_board_is_the_first_thing_in_the_middle_and_has_a_key(
    city: City, loop: asyncio.AbstractEventLoop
) -> None:
    async with city.window() as window:
        assert window.tabs.widget(0) is window.scheduling.board
        window.tabs.setCurrentWidget(window.map)
        press(Qt.Key.Key_4, Qt.KeyboardModifier.ControlModifier)
        assert window.tabs.currentWidget() is window.scheduling.board
        assert window.scheduling.board.view.hasFocus()


async def test_an_order_chosen_in_the_queue_is_marked_on_the_board_and_the_other_way_round(
    city: City, loop: asyncio.AbstractEventLoop
) -> None:
    async with city.window() as window:
        await ready(window)
        board = window.scheduling.board
        technician, orders = await visits(board, days=7)
        window.look_at(orders[0])
        await until(lambda: on_board(window, orders[0]))
        bar = bar_of(board, orders[1])
        board.view.reveal(bar)
        click(board.view, middle(board.view, bar))
        assert window.inspector.order_id == orders[1]
        assert window.map.chosen == ("order", orders[1])
        y = board.view.y_of(technician.id)
        assert y is not None
        board.view.show_technician(None)
        click(board.view, QPoint(50, y + 8))
        assert window.roster.current_id() == technician.id
        assert window.deck.scene.technician is not None
        assert window.deck.scene.technician.id == technician.id


async def test_one_key_gives_the_board_the_whole_width_and_the_queue_its_room_back(
    city: City, loop: asyncio.AbstractEventLoop
) -> None:
    async with city.window(size=(1366, 768)) as window:
        await ready(window)
        board = window.scheduling.board
        beside = board.width()
        press(Qt.Key.Key_F11)
        await until(lambda: not window.queue.isVisible() and board.width() > beside)
        assert board.wide.isChecked()
        press(Qt.Key.Key_F11)
        await until(lambda: window.queue.isVisible())
        press(Qt.Key.Key_F11)
        press(Qt.Key.Key_1, Qt.KeyboardModifier.ControlModifier)
        await until(lambda: window.queue.isVisible())
        assert not board.wide.isChecked()


async def test_days_groups_and_width_come_back_tomorrow(city: City, loop: asyncio.AbstractEventLoop) -> None:
    async with city.sitting("wangfang") as session:
        settings = QSettings(str(city.folder / f"{new_id()}.ini"), QSettings.Format.IniFormat)
        window = build_window(session, settings)
        window.show()
        await ready(window)
        board = window.scheduling.board
        press_on(board, "board_days", window)
        board.choosing.group.choose("district")
        board.choosing.ordered.emit(board.choosing.grouping, board.choosing.sorting)
        board.view.size_lanes(5)
        window.deck["only_panel"].trigger()
        window.close()
        remove(window)
        again = build_window(session, settings)
        again.show()
        await ready(again)
        board = again.scheduling.board
        assert board.dates.days == 3
        assert board.schedule.grouping == "district"
        assert board.view.lanes_rows == 5
        assert not again.queue.isVisible()
        again.close()
        remove(again)


def press_on(board: QWidget, action: str, window: MainWindow) -> None:
    window.deck[action].trigger()
    assert window.tabs.currentWidget() is board


async def test_the_days_of_the_board_have_keys_and_a_chosen_order_of_another_day_is_one_click_away(
    city: City, loop: asyncio.AbstractEventLoop
) -> None:
    async with city.window() as window:
        await ready(window)
        board = window.scheduling.board
        _technician, orders = await visits(board, days=8)
        there = board.dates.first
        press(Qt.Key.Key_PageUp, Qt.KeyboardModifier.AltModifier)
        assert board.dates.first < there
        press(Qt.Key.Key_Home, Qt.KeyboardModifier.AltModifier)
        await until(lambda: board.schedule.ready)
        window.look_at(orders[0])
        button = part(window, "board_elsewhere")
        await until(lambda: button.isVisible())
        button.click()
        await until(lambda: board.schedule.ready and board.dates.first == there)
        await until(lambda: on_board(window, orders[0]))
        assert not button.isVisible()
