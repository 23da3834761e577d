"""Panels in windows of their own, on several monitors, under a name, and there again after a restart."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, QRect, QSettings, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from dispatcher_app import text
from dispatcher_app.client.session import Session
from dispatcher_app.domain.order import Order
from tests.ui.window_desk import City, part, press, remove, standing_alone, until
from ui import notify, theme
from ui.layout.frame import Frame, fitted
from ui.layout.layout import BUILT_IN
from ui.layout.screen import Screen
from ui.layout.shell import Shell
from ui.toast import Toasts
from ui.window.main import MainWindow, build_window

LEFT = Screen("left", 0, 0, 1920, 1040)
RIGHT = Screen("right", 1920, 0, 1920, 1040)
ONE, TWO = (LEFT,), (LEFT, RIGHT)
BELOW = Screen("below", 0, 1080, 1366, 728)
NONE, SHIFT = Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.ShiftModifier
CTRL, ALT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.AltModifier
SHIFT_F11 = (Qt.Key.Key_F11, SHIFT)


class Monitors:
    """The monitors of a desk; what stands here is plugged in."""

    def __init__(self, *screens: Screen) -> None:
        self.screens: Sequence[Screen] = screens


@asynccontextmanager
async def desk(session: Session, settings: QSettings, monitors: Monitors) -> AsyncIterator[MainWindow]:
    """A main window on these monitors."""
    window = build_window(session, settings, None, lambda: monitors.screens)
    window.show()
    window.activateWindow()
    try:
        await until(lambda: window.isActiveWindow() and window.queue.model.rowCount() > 0)
        yield window
    finally:
        window.close()
        remove(window)


async def torn(window: MainWindow, panel: QWidget) -> Shell:
    """A panel in a window of its own, with the keys."""
    shell = window.layouts.panels.tear(panel)
    shell.come()
    await until(shell.isActiveWindow)
    return shell


def press_in(window: QWidget, key: Qt.Key, modifiers: Qt.KeyboardModifier = NONE) -> None:
    """A key in that window, whatever has the focus there."""
    QTest.keyClick(window, key, modifiers)


def shown_in(window: QWidget) -> list[str]:
    """What notices a window shows."""
    stack = window.findChild(Toasts, options=Qt.FindChildOption.FindDirectChildrenOnly)
    assert stack is not None
    return [toast.notice.text for toast in stack.toasts()]


def tabs_of(window: MainWindow) -> list[str]:
    return [window.tabs.tabText(at) for at in range(window.tabs.count())]


def shell_of(panel: QWidget) -> Shell:
    window = panel.window()
    assert isinstance(window, Shell)
    return window


def on(window: QWidget, screen: Screen) -> bool:
    return QRect(screen.x, screen.y, screen.width, screen.height).contains(window.geometry().center())


@pytest.fixture
def settings(tmp_path: Path) -> QSettings:
    return QSettings(str(tmp_path / "windows.ini"), QSettings.Format.IniFormat)


async def test_a_torn_off_panel_comes_back_to_its_monitor_and_place_after_a_restart(
    city: City, loop: asyncio.AbstractEventLoop, settings: QSettings
) -> None:
    monitors = Monitors(*TWO)
    place = QRect(2000, 120, 1100, 700)
    async with city.sitting("wangfang") as session:
        async with desk(session, settings, monitors) as window:
            board = window.scheduling.board
            window.deck["board"].trigger()
            press(*SHIFT_F11)
            assert on(shell_of(board), RIGHT)  # the monitor that nobody looks at yet
            assert window.tabs.indexOf(board) < 0
            shell_of(board).showNormal()
            shell_of(board).setGeometry(place)
        async with desk(session, settings, monitors) as window:
            board = window.scheduling.board
            assert shell_of(board).isVisible()
            assert shell_of(board).geometry() == place
            assert board.isVisible()


async def test_every_key_works_in_a_torn_off_window_and_acts_on_the_one_shared_selection(
    city: City, loop: asyncio.AbstractEventLoop, settings: QSettings
) -> None:
    async with city.sitting("wangfang") as session, desk(session, settings, Monitors(*TWO)) as window:
        shell = await torn(window, window.map)
        assert [each.objectName() for each in window.deck.all() if each not in shell.actions()] == []
        window.queue.table.setCurrentIndex(window.queue.model.index(2, 0))
        order = session.get(Order, window.inspector.order_id or "")
        assert order is not None
        assert window.map.chosen == ("order", order.id)
        press_in(shell, Qt.Key.Key_C, CTRL | SHIFT)
        assert QApplication.clipboard().text() == order.number
        press_in(shell, Qt.Key.Key_K, CTRL)
        palette = next(each for each in shell.findChildren(QWidget, "palette") if each.isVisible())
        assert palette.window() is shell
        press(Qt.Key.Key_Escape)
        assert not palette.isVisible()


async def test_keys_that_ask_something_bring_the_window_in_which_it_is_asked(
    city: City, loop: asyncio.AbstractEventLoop, settings: QSettings
) -> None:
    async with city.sitting("wangfang") as session, desk(session, settings, Monitors(*TWO)) as window:
        shell = await torn(window, window.map)
        window.queue.table.setCurrentIndex(window.queue.model.index(0, 0))
        for key, modifiers in ((Qt.Key.Key_N, CTRL | SHIFT), (Qt.Key.Key_F2, NONE), (Qt.Key.Key_F, CTRL)):
            shell.come()
            await until(shell.isActiveWindow)
            press_in(shell, key, modifiers)
            await until(window.isActiveWindow)
        shell.come()
        await until(shell.isActiveWindow)
        press_in(shell, Qt.Key.Key_Escape)
        await until(lambda: window.isActiveWindow() and window.queue.table.hasFocus())
        press(Qt.Key.Key_2, CTRL)
        await until(shell.isActiveWindow)
        press_in(shell, Qt.Key.Key_F11)
        await until(shell.isFullScreen)


async def test_a_panel_that_is_torn_off_or_closed_keeps_what_is_typed_in_it_and_the_caret(
    city: City, loop: asyncio.AbstractEventLoop, settings: QSettings
) -> None:
    async with city.sitting("wangfang") as session, desk(session, settings, Monitors(*TWO)) as window:
        order = tabs_of(window)
        window.deck["roster"].trigger()
        field = window.roster.search
        field.setFocus()
        QTest.keyClicks(field, "ch")
        press(*SHIFT_F11)
        shell = shell_of(window.roster)
        await until(shell.isActiveWindow)
        assert field.text() == "ch"
        assert field.hasFocus()
        QTest.keyClicks(field, "en")
        shell.close()
        assert window.tabs.currentWidget() is window.roster
        assert tabs_of(window) == order
        await until(field.hasFocus)
        assert field.text() == "chen"


async def test_windows_of_a_monitor_that_is_unplugged_come_to_one_that_is_there_and_return_with_it(
    city: City, loop: asyncio.AbstractEventLoop, settings: QSettings
) -> None:
    monitors = Monitors(*TWO)
    async with city.sitting("wangfang") as session, desk(session, settings, monitors) as window:
        shell = await torn(window, window.scheduling.board)
        shell.showNormal()
        shell.setGeometry(place := QRect(2500, 200, 1000, 600))
        window.layouts.keep()
        monitors.screens = ONE
        window.layouts.follow_screens()
        assert on(shell, LEFT)
        assert QRect(0, 0, LEFT.width, LEFT.height).contains(shell.geometry())
        assert shell.size() == place.size()
        monitors.screens = TWO
        window.layouts.follow_screens()
        assert shell.geometry() == place
        assert shell.isVisible()


async def test_what_the_desktop_moves_while_monitors_come_and_go_is_not_kept(
    city: City, loop: asyncio.AbstractEventLoop, settings: QSettings
) -> None:
    monitors = Monitors(*TWO)
    async with city.sitting("wangfang") as session, desk(session, settings, monitors) as window:
        shell = await torn(window, window.scheduling.board)
        shell.showNormal()
        shell.setGeometry(place := QRect(2500, 200, 1000, 600))
        window.layouts.keep()
        monitors.screens = ONE
        shell.setGeometry(100, 100, 1000, 600)  # as a desktop does whose monitor has gone
        window.layouts.keep()
        window.layouts.follow_screens()
        monitors.screens = TWO
        window.layouts.follow_screens()
        assert shell.geometry() == place


async def test_layouts_are_saved_chosen_renamed_and_deleted_by_keys(
    city: City, loop: asyncio.AbstractEventLoop, settings: QSettings
) -> None:
    async with city.sitting("wangfang") as session, desk(session, settings, Monitors(*TWO)) as window:
        await torn(window, window.map)
        window.activateWindow()
        press_in(window, Qt.Key.Key_F11, CTRL | ALT)
        panel = window.layouts.panel
        await until(panel.field.hasFocus)
        panel.field.insert("早班")
        press(Qt.Key.Key_Return)
        assert window.layouts.shelf.chosen == "早班"
        press_in(window, Qt.Key.Key_F11, CTRL | SHIFT)
        assert isinstance(window.map.window(), MainWindow)
        panel.list.setFocus()
        press(Qt.Key.Key_5)  # behind the four that are built in
        await until(lambda: isinstance(window.map.window(), Shell))
        window.activateWindow()
        await until(window.isActiveWindow)
        panel.field.setText("晚班")
        part(panel, "layouts_rename").click()
        assert window.layouts.shelf.names()[4:] == ["晚班"]
        assert window.layouts.shelf.chosen == "晚班"
        press_in(window, Qt.Key.Key_K, CTRL)
        for letter in (Qt.Key.Key_Q, Qt.Key.Key_B, Qt.Key.Key_Z, Qt.Key.Key_Y, Qt.Key.Key_G):
            press(letter)
        press(Qt.Key.Key_Return)
        assert isinstance(window.map.window(), MainWindow)
        assert window.layouts.shelf.chosen == "#one"
        panel.list.setCurrentRow(4)
        QTest.keyClick(panel.list, Qt.Key.Key_Delete)
        assert window.layouts.shelf.names() == list(BUILT_IN)


async def test_a_built_in_layout_that_was_changed_can_be_had_as_it_was(
    city: City, loop: asyncio.AbstractEventLoop, settings: QSettings
) -> None:
    async with city.sitting("wangfang") as session, desk(session, settings, Monitors(*TWO)) as window:
        window.deck["layouts"].trigger()
        panel = window.layouts.panel
        await torn(window, window.scheduling.board)
        panel.list.setCurrentRow(0)
        panel.over.click()
        assert window.layouts.shelf.altered("#one")
        window.deck["all_back"].trigger()
        window.layouts.use("#one")
        assert isinstance(window.scheduling.board.window(), Shell)
        panel.list.setCurrentRow(0)
        panel.away.click()
        window.layouts.use("#one")
        assert isinstance(window.scheduling.board.window(), MainWindow)


async def test_a_guest_comes_again_in_its_own_window_and_a_booking_takes_its_window_along(
    city: City, loop: asyncio.AbstractEventLoop, settings: QSettings
) -> None:
    async with city.sitting("wangfang") as session, desk(session, settings, Monitors(*TWO)) as window:
        window.deck["help"].trigger()
        help = part(window, "help_panel")
        shell = await torn(window, help)
        shell.showNormal()
        shell.setGeometry(place := QRect(2100, 90, 800, 600))
        part(help, "help_close").click()
        assert not help.isVisible()
        window.deck["help"].trigger()
        assert shell_of(help).geometry() == place
        await until(shell_of(help).isActiveWindow)
        press_in(shell_of(help), Qt.Key.Key_F2)
        await until(window.isActiveWindow)
        await torn(window, window.booking)
        assert window.booking.isVisible()
        press(Qt.Key.Key_Escape)
        assert not window.booking.window().isVisible()
        await until(window.isActiveWindow)
        press_in(window, Qt.Key.Key_F2)
        assert shell_of(window.booking).isVisible()


async def test_a_torn_off_order_is_no_drawer_and_shows_whatever_is_chosen(
    city: City, loop: asyncio.AbstractEventLoop, settings: QSettings
) -> None:
    async with city.sitting("wangfang") as session, desk(session, settings, Monitors(*TWO)) as window:
        window.showNormal()
        window.resize(1366, 768)
        await until(lambda: window.drawer)
        await torn(window, window.inspector)
        assert not window.drawer
        window.queue.table.setCurrentIndex(window.queue.model.index(1, 0))
        chosen = window.queue.table.current_id()
        assert window.inspector.order_id == chosen
        assert window.inspector.isVisible()
        shell_of(window.inspector).close()
        await until(lambda: window.drawer)
        assert window.inspector.order_id == chosen


async def test_a_torn_off_window_tells_of_the_connection_and_shows_what_is_said_to_whoever_works_in_it(
    city: City, loop: asyncio.AbstractEventLoop, settings: QSettings
) -> None:
    async with city.sitting("wangfang") as session, desk(session, settings, Monitors(*TWO)) as window:
        shell = await torn(window, window.map)
        assert part(shell, "shell_link").text() == part(window.topbar, "link_state").text() == "已连接"
        notify.info("有人来电")
        assert shown_in(shell) == ["有人来电"]
        window.activateWindow()
        await until(window.isActiveWindow)
        notify.info("另一件事")
        assert shown_in(shell) == ["有人来电"]
        window.deck["theme"].trigger()
        assert theme.current().mode == "dark"
        assert shell.palette().window().color() == window.palette().window().color()


async def test_the_main_window_takes_its_torn_off_windows_along(
    city: City, loop: asyncio.AbstractEventLoop, settings: QSettings
) -> None:
    before = standing_alone()
    async with city.sitting("wangfang") as session:
        async with desk(session, settings, Monitors(*TWO)) as window:
            shell = await torn(window, window.map)
            window.hide()
            assert not shell.isVisible()
            window.show()
            assert shell.isVisible()
        assert standing_alone().keys() == before.keys()


async def test_a_file_that_somebody_has_spoilt_gives_the_usual_window(
    city: City, loop: asyncio.AbstractEventLoop, settings: QSettings
) -> None:
    settings.setValue("layouts/now", '{"left 0,0": {"torn": {"map_panel": "near the door"}}}')
    settings.setValue("layouts/named", "[]")
    async with city.sitting("wangfang") as session, desk(session, settings, Monitors(*ONE)) as window:
        assert window.layouts.panels.shells() == []
        assert window.layouts.shelf.names() == list(BUILT_IN)


@pytest.mark.parametrize("name", BUILT_IN)
@pytest.mark.parametrize("screens", [ONE, TWO, (LEFT, RIGHT, BELOW)])
def test_every_built_in_layout_fits_the_monitors_that_are_there(
    name: str, screens: tuple[Screen, ...]
) -> None:
    layout = BUILT_IN[name](screens, "left")
    for frame in layout.torn.values():
        screen = next(each for each in screens if each.name == frame.screen)
        assert fitted(frame, screens, "left") == frame
        assert frame.x + frame.width <= screen.width
        if len(screens) > 1:
            assert frame.screen != "left"


def test_a_window_of_a_monitor_that_is_not_there_is_whole_on_another_one() -> None:
    frame = Frame("far", 900, 900, 3000, 2000, "maximized")
    assert fitted(frame, TWO, "left") == Frame("right", 0, 40, 1920, 1000)
    assert fitted(frame, ONE, "left") == Frame("left", 0, 40, 1920, 1000)


async def test_a_tab_is_torn_off_by_pulling_it_out_of_its_row(
    city: City, loop: asyncio.AbstractEventLoop, settings: QSettings
) -> None:
    async with city.sitting("wangfang") as session, desk(session, settings, Monitors(*TWO)) as window:
        bar = window.tabs.tabBar()
        at = window.tabs.indexOf(window.map)
        start = bar.tabRect(at).center()
        QTest.mousePress(bar, Qt.MouseButton.LeftButton, pos=start)
        QTest.mouseMove(bar, start + QPoint(5, 0))
        assert isinstance(window.map.window(), MainWindow)
        QTest.mouseMove(bar, start + QPoint(40, 300))
        await until(lambda: isinstance(window.map.window(), Shell))
        QTest.mouseRelease(bar, Qt.MouseButton.LeftButton, pos=start)
        assert shell_of(window.map).geometry().contains(bar.mapToGlobal(start + QPoint(40, 340)))


async def test_a_window_that_is_made_again_for_another_language_has_its_torn_off_panels_in_it(
    city: City, loop: asyncio.AbstractEventLoop, settings: QSettings
) -> None:
    monitors = Monitors(*TWO)
    async with city.sitting("wangfang") as session, desk(session, settings, monitors) as before:
        old = await torn(before, before.scheduling.board)
        old.showNormal()
        old.setGeometry(place := QRect(2100, 90, 1200, 600))
        text.use("en")
        before.keep()
        async with desk(session, settings, monitors) as window:  # as the desktop does it
            before.hide()
            assert not old.isVisible()
            shell = shell_of(window.scheduling.board)
            assert shell.isVisible()
            assert shell.geometry() == place
            assert shell.windowTitle().startswith("Board")
            assert part(shell, "shell_back").text() == "Back into the main window"


async def test_a_window_without_panels_says_how_they_come_back(
    city: City, loop: asyncio.AbstractEventLoop, settings: QSettings
) -> None:
    async with city.sitting("wangfang") as session, desk(session, settings, Monitors(*TWO)) as window:
        window.layouts.panels.tear(window.queue)
        while (tab := window.tabs.widget(0)) is not None and tab.objectName():
            window.layouts.turn(tab)
        assert window.tabs.isVisible()
        assert window.tabs.currentWidget().accessibleName().startswith("所有面板都已独立成窗")
        shell_of(window.map).close()
        assert window.tabs.currentWidget() is window.map
        assert window.map.isVisible()
        assert window.tabs.count() == 1
        window.deck["all_back"].trigger()
        assert window.layouts.panels.shells() == []
        assert window.queue.isVisible()
