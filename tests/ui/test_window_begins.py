"""A window that begins: what nobody has looked at is not made yet, and stands as it was left once it is."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from PySide6.QtCore import QEvent, QObject, QSettings, Qt
from PySide6.QtWidgets import QApplication, QWidget

from dispatcher_app.client.session import Session
from dispatcher_app.domain.technician import Technician
from tests.ui.window_desk import City, press, remove, until
from ui.calendar.panel import CalendarPanel
from ui.counter.panel import CounterPanel
from ui.roster.panel import RosterPanel
from ui.window.main import MainWindow, build_window

CTRL = Qt.KeyboardModifier.ControlModifier
LATER = (CalendarPanel, RosterPanel, CounterPanel)


class Shown(QObject):
    """Writes down everything that is shown as a window of its own."""

    def __init__(self) -> None:
        super().__init__()
        self.windows: list[str] = []

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        shown = event.type() is QEvent.Type.Show and isinstance(watched, QWidget) and watched.isWindow()
        if shown and not isinstance(watched, MainWindow):
            self.windows.append(repr(watched))
        return False


def tab_of(window: MainWindow, title: str) -> int:
    """Where the tab with that title stands."""
    titles = [window.tabs.tabText(at) for at in range(window.tabs.count())]
    return next(at for at, each in enumerate(titles) if each.startswith(title))


@asynccontextmanager
async def again(session: Session, settings: QSettings) -> AsyncIterator[MainWindow]:
    """The window of another day, with nothing of its start on its way."""
    window = build_window(session, settings)
    window.show()
    await until(lambda: window.queue.model.rowCount() > 0 and window.hearing.alarm._seen is not None)
    yield window
    window.close()
    remove(window)


async def test_panels_that_nobody_has_looked_at_are_not_made(
    city: City, loop: asyncio.AbstractEventLoop
) -> None:
    async with city.window() as window:
        assert [each for each in LATER if window.findChildren(each)] == []
        titles = [window.tabs.tabText(at) for at in range(window.tabs.count())]
        window.tabs.setCurrentIndex(tab_of(window, "师傅"))
        assert window.tabs.currentWidget() is window.roster
        assert window.roster.isVisible()
        window.tabs.setCurrentIndex(tab_of(window, "日历"))
        assert window.tabs.currentWidget() is window.availability.panel
        assert [window.tabs.tabText(at) for at in range(window.tabs.count())] == titles


async def test_a_technician_looked_at_before_is_in_hand_where_technicians_are_listed_later(
    city: City, loop: asyncio.AbstractEventLoop
) -> None:
    async with city.window() as window:
        technician = window.session.all(Technician)[3]
        window.middle.choose_technician(technician.id)
        assert window.deck.scene.technician is not None
        press(Qt.Key.Key_3, CTRL)
        assert window.roster.current_id() == technician.id == window.deck.scene.technician.id


async def test_what_was_never_looked_at_is_tomorrow_as_it_was_yesterday(
    city: City, loop: asyncio.AbstractEventLoop
) -> None:
    async with city.sitting("wangfang") as session:
        settings = QSettings(str(city.folder / "begins.ini"), QSettings.Format.IniFormat)
        async with again(session, settings) as window:
            window.availability.panel.bar.show_view("day")
        async with again(session, settings) as window:
            assert not window.findChildren(CalendarPanel)
        async with again(session, settings) as window:
            assert window.availability.panel.bar.period.view == "day"


async def test_nothing_flashes_up_as_a_window_of_its_own_while_panels_are_made(
    city: City, loop: asyncio.AbstractEventLoop
) -> None:
    shown = Shown()
    app = QApplication.instance()
    assert app is not None
    app.installEventFilter(shown)
    async with city.window() as window:
        for action in (
            "roster",
            "calendar",
            "catalogue",
            "import",
            "help",
            "plan_day",
            "settings",
            "counter",
        ):
            window.deck[action].trigger()
        await until(lambda: window.reception.opened)
    app.removeEventFilter(shown)
    assert shown.windows == []
