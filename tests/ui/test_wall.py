"""The wall: what it tells, whom it never names, how its pages turn, and that it says when it is no longer live."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING

import keyring
import pytest
from PySide6.QtCore import QEvent, QObject, QRect, QSettings, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from dispatcher_app import text
from dispatcher_app.client.session import Session
from dispatcher_app.client.tally import by_hour
from dispatcher_app.domain.calendar import HOUR_MS
from dispatcher_app.domain.customer import Address, Customer, Note
from dispatcher_app.domain.technician import Technician
from tests.ui.test_login import Memory
from tests.ui.window_desk import City, Severed, booking_like, orders_of, until
from ui.app import Desktop, settings_file
from ui.models.counts import EXCEPTIONS
from ui.wall import setting
from ui.wall.drift import PIXELS, Drift
from ui.wall.legend import Legend
from ui.wall.rotation import PAGES, Rotation
from ui.wall.size import TEXT_MM, scale_of
from ui.wall.wall import Wall

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ui.wall.window import WallWindow


@pytest.fixture
def kept(tmp_path: Path) -> QSettings:
    return QSettings(str(tmp_path / "wall.ini"), QSettings.Format.IniFormat)


@pytest.fixture(autouse=True)
def no_engine(monkeypatch: pytest.MonkeyPatch) -> None:
    """The web engine has tests of its own; here it would only make a window anew while others are looked at."""
    monkeypatch.setattr("ui.map.view.MapView.start", lambda self: None)


async def hung(session: Session, kept: QSettings, *, leaves: bool = False) -> Wall:
    """A wall on one screen, with the day in it."""
    kept.setValue("wall/one_screen", True)
    kept.setValue("wall/look", "light")
    wall = Wall(session, kept, leaves=leaves)
    wall.show()
    await until(lambda: wall.news.tally is not None and wall.news.counts and wall.windows[0].map.said())
    return wall


def pressed(
    window: WallWindow, key: Qt.Key, modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier
) -> None:
    QTest.keyClick(window, key, modifiers)


def everything_said(window: QWidget) -> Iterator[str]:
    """All words of a window: those it paints, and those a screen reader or the pointer is told."""
    for part in (window, *window.findChildren(QWidget)):
        yield from (part.accessibleName(), part.accessibleDescription(), part.toolTip(), part.windowTitle())
        if (said := getattr(part, "said", None)) is not None:
            found = said()
            yield from [found] if isinstance(found, str) else found


async def test_nobody_is_named_on_any_page_even_where_the_person_may_see_names(
    loop: asyncio.AbstractEventLoop, city: City, kept: QSettings
) -> None:
    async with city.sitting("wangfang") as session:
        wall = await hung(session, kept)
        window = wall.windows[0]
        said = "\n".join(everything_said(window))
        await until(lambda: wall.news.pressing)
        said += "\n".join(everything_said(window))
        rows = (await session.order_rows(await orders_of(session, "open"))).values()
        names = {row.name for row in rows} | {row.compound for row in rows}
        names |= {each.name for each in session.all(Technician)}
        phones = {each.phone_mask for each in session.all(Technician)}
        assert len(names) > 20
        assert not [each for each in names | phones if each and each in said]
        assert any(each.number in said for each in rows)
        wall.close()


async def test_a_wall_account_is_sent_nothing_personal_and_still_fills_all_pages(
    loop: asyncio.AbstractEventLoop, city: City, kept: QSettings
) -> None:
    async with city.sitting("wall") as session:
        wall = await hung(session, kept)
        for type_ in (Customer, Address, Note):
            assert session.all(type_) == []
        tally = wall.news.tally
        assert tally is not None
        assert sum(tally.open.values()) > 0
        assert sum(tally.booked) > 0
        assert tally.people > 0
        assert {each.team for each in tally.teams}
        for window in wall.windows:
            assert all(page.accessibleName() for page in window.pages.values())
        wall.close()


async def test_the_wall_counts_what_the_strip_of_a_desk_counts(
    loop: asyncio.AbstractEventLoop, city: City, kept: QSettings
) -> None:
    async with city.window("wangfang") as window:
        wall = await hung(window.session, kept, leaves=True)
        await until(
            lambda: all(wall.news.counts.get(kind) == window.strip.count(kind) for kind in EXCEPTIONS)
        )
        wall.close()


async def test_a_new_order_is_counted_on_the_wall_by_itself(
    loop: asyncio.AbstractEventLoop, city: City, kept: QSettings
) -> None:
    async with city.sitting("wall") as session, city.sitting("lina") as colleague:
        wall = await hung(session, kept)
        before = wall.news.tally
        assert before is not None
        colleague.submit(booking_like(colleague, (await orders_of(colleague))[0]))
        await until(lambda: wall.news.tally and sum(wall.news.tally.booked) > sum(before.booked))
        wall.close()


async def test_keys_choose_pages_and_stop_them_from_turning(
    loop: asyncio.AbstractEventLoop, city: City, kept: QSettings
) -> None:
    async with city.sitting("wall") as session:
        wall = await hung(session, kept)
        window = wall.windows[0]
        for key, page in zip(
            (Qt.Key.Key_3, Qt.Key.Key_1, Qt.Key.Key_4, Qt.Key.Key_2),
            ("board", "map", "figures", "alerts"),
            strict=True,
        ):
            pressed(window, key)
            assert window.page == page
            assert window.pages[page].isVisible()
        await until(lambda: wall.rotation.paused)
        pressed(window, Qt.Key.Key_Space)
        await until(lambda: not wall.rotation.paused)
        pressed(window, Qt.Key.Key_Right)
        assert window.page == "board"
        left: list[str] = []
        wall.left.connect(lambda: left.append("left"))
        wall.quit_wanted.connect(lambda: left.append("quit"))
        pressed(window, Qt.Key.Key_Escape)
        assert left == []  # there is no desk behind a wall by itself
        pressed(window, Qt.Key.Key_Q, Qt.KeyboardModifier.ControlModifier)
        assert left == ["quit"]
        wall.close()


async def test_pages_turn_by_themselves_and_each_screen_has_its_own(
    loop: asyncio.AbstractEventLoop,
) -> None:
    home = QObject()
    alone = Rotation(1, 1, home)
    seen = [alone.page()]
    alone.turned.connect(lambda: seen.append(alone.page()))
    alone._timer.setInterval(1)
    await until(lambda: len(seen) > len(PAGES))
    assert tuple(seen[: len(PAGES) + 1]) == (*PAGES, PAGES[0])
    alone.pause(True)
    two = Rotation(1000, 2, home)
    assert (two.page(0), two.page(1)) == PAGES[:2]
    two.step(1)
    assert (two.page(0), two.page(1)) == PAGES[2:]
    assert Rotation(1000, 4, home).still


async def test_a_map_that_somebody_moved_stays_until_it_is_let_go(
    loop: asyncio.AbstractEventLoop, city: City, kept: QSettings
) -> None:
    async with city.sitting("wall") as session:
        wall = await hung(session, kept)
        window = wall.windows[0]
        pressed(window, Qt.Key.Key_1)
        window.map.view._bridge.moved.emit(121.4, 31.2, 12.0, True)
        window.foot._hint.stop()
        await until(lambda: window.map.held)
        assert text.t("Map held: F lets go##wall") in window.foot.said()
        pressed(window, Qt.Key.Key_F)
        await until(lambda: not window.map.held)
        window.map.view._bridge.moved.emit(121.4, 31.2, 12.0, True)
        window.map._release.setInterval(1)
        window.map._release.start()
        await until(lambda: not window.map.held)
        wall.close()


async def test_a_wall_without_a_connection_says_since_when_nothing_is_new(
    loop: asyncio.AbstractEventLoop, tmp_path: Path, kept: QSettings
) -> None:
    server = Severed(tmp_path / "server", practice=True)
    own = City(server, tmp_path / "desks")
    async with own.sitting("wall") as session:
        wall = await hung(session, kept)
        stale = wall.windows[0].stale
        assert not stale.isVisible()
        await server.sever()
        await until(stale.isVisible)
        assert stale.said()
        assert stale.accessibleName() == stale.said()
        wall.close()


@pytest.mark.parametrize(("width", "height"), [(1366, 768), (1920, 1080), (3840, 2160)])
def test_type_is_read_from_five_metres_on_a_wall_and_fits_on_a_desk(width: int, height: int) -> None:
    wall = scale_of(width, height, 55)
    assert wall.text_mm >= TEXT_MM - 0.5
    assert wall.readable
    small = scale_of(width, height, 24)
    assert not small.readable
    assert small.unit * 16 <= height


def test_the_whole_picture_moves_a_little_and_keeps_its_size() -> None:
    home = QObject()
    drift, screen = Drift(home), QRect(0, 0, 1920, 1080)
    places = []
    for _ in range(9):
        places.append(drift.place(screen))
        drift.step()
    assert len({(place.x(), place.y()) for place in places}) == 9
    assert {place.size().toTuple() for place in places} == {(1920 - 2 * PIXELS, 1080 - 2 * PIXELS)}
    assert all(screen.contains(place) for place in places)


def test_it_is_dark_at_night_unless_one_look_is_wanted(kept: QSettings) -> None:
    usual = setting.read(kept)
    assert [usual.mode(hour) for hour in (3, 7, 12, 19, 23)] == ["dark", "light", "light", "dark", "dark"]
    kept.setValue("wall/look", "dark")
    kept.setValue("wall/page_s", "nonsense")
    told = setting.read(kept)
    assert told.mode(12) == "dark"
    assert told.page_s == usual.page_s


def test_figures_of_hours_count_each_moment_once() -> None:
    counted = by_hour([0, HOUR_MS - 1, HOUR_MS, 23 * HOUR_MS], 0)
    assert (counted[0], counted[1], counted[23], sum(counted)) == (2, 1, 1, 4)


async def test_a_key_opens_the_wall_beside_a_desk_and_esc_leaves_it(
    loop: asyncio.AbstractEventLoop, city: City
) -> None:
    async with city.window("wangfang") as window:
        QTest.keyClick(window, Qt.Key.Key_F11, Qt.KeyboardModifier.ControlModifier)
        wall = window.panorama.wall
        assert wall is not None
        assert all(each.isVisible() for each in wall.windows)
        await until(lambda: wall.news.counts)
        pressed(wall.windows[0], Qt.Key.Key_Escape)
        await until(lambda: window.panorama.wall is None)
        await until(window.isActiveWindow)


async def test_whoever_logs_in_to_the_wall_gets_the_wall_and_no_desk(
    loop: asyncio.AbstractEventLoop, qapp: QApplication, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DISPATCHER_HOME", str(tmp_path))
    kept, own = keyring.get_keyring(), Memory()
    keyring.set_keyring(own)
    desktop = Desktop(qapp, settings_file(), wall=True)
    living = asyncio.ensure_future(desktop.live())
    await until(lambda: desktop.login is not None and desktop.login.findChild(QObject, "account_wangfang"))
    desktop.login.findChild(QObject, "account_wangfang").click()  # type: ignore[union-attr]
    await until(lambda: desktop.wall is not None and desktop.wall.news.tally is not None)
    wall = desktop.wall
    assert wall is not None
    assert (desktop.window, desktop.login) == (None, None)
    pressed(wall.windows[0], Qt.Key.Key_Q, Qt.KeyboardModifier.ControlModifier)
    await living
    assert wall.windows == []
    remove_later(desktop)
    keyring.set_keyring(kept)


async def test_what_the_marks_mean_stands_below_the_map_with_how_many_there_are(
    loop: asyncio.AbstractEventLoop, city: City, kept: QSettings
) -> None:
    async with city.sitting("wall") as session:
        wall = await hung(session, kept)
        page = wall.windows[0].map
        await until(lambda: page.view.shown("order"))
        legend = page.findChild(Legend)
        assert legend is not None
        counts = [int(each.rpartition(" ")[2]) for each in legend.said()]
        assert sum(counts) == len(page.view.shown("order")) + len(page.view.shown("technician"))
        wall.close()


def remove_later(owner: QObject) -> None:
    """Take it away with everything that it has begun."""
    owner.deleteLater()
    QApplication.sendPostedEvents(owner, QEvent.Type.DeferredDelete)
