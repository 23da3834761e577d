"""The replay's window: the desk's own panels on a past minute, moved by keys, unmistakable, and nothing to act with."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QColor, QPixmap
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from dispatcher_app.domain.command import UrgeOrder
from dispatcher_app.domain.order import Order
from tests.ui.plan_desk import promised, tomorrow
from tests.ui.window_desk import City, until
from ui.paper.block import Pair, Words
from ui.window.minute import blocks, stacked
from ui.window.replaying import ReplayWindow

if TYPE_CHECKING:
    from ui.window.main import MainWindow

SUPERVISOR = "chenjing"


async def opened(window: MainWindow) -> ReplayWindow:
    """The replay, with the day in it."""
    window.deck["replay"].trigger()
    shown = window.replaying.shown
    assert shown is not None
    await until(lambda: shown.room is not None and shown.room.session.moment > 0)
    return shown


async def closed(window: MainWindow, shown: ReplayWindow) -> None:
    """Close it, and wait until nothing of the day is left."""
    assert shown.room is not None
    folder = shown.room.session._past.path.parent
    shown.close()
    await until(lambda: not folder.exists() and window.replaying.shown is None)


async def gone_to(shown: ReplayWindow, at: int) -> None:
    """Show a moment."""
    shown.bar.choose(at)
    await stands_at(shown, at)


async def stands_at(shown: ReplayWindow, at: int) -> None:
    """It shows that moment."""
    room = shown.room
    assert room is not None
    await until(lambda: room.session.now() == at)


async def test_a_supervisor_steps_through_a_minute_and_sees_the_order_before_and_after(
    loop: asyncio.AbstractEventLoop, city: City
) -> None:
    async with city.window(SUPERVISOR) as window:
        session = window.session
        (order,) = await promised(session, 1, tomorrow(session))
        booked = session.now()
        await asyncio.sleep(0.05)
        await session.submit(UrgeOrder(order=order)).outcome
        await asyncio.sleep(0.05)
        shown = await opened(window)
        room = shown.room
        assert room is not None
        await gone_to(shown, shown.room.session.head.end if shown.room else 0)
        await until(lambda: room.queue.model.row_of(order) >= 0)
        found = room.session.get(Order, order)
        assert found is not None
        assert found.urged == 1
        await gone_to(shown, booked + 10)
        before = room.session.get(Order, order)
        assert before is not None
        assert before.urged == 0
        await gone_to(shown, shown.bar._begin)
        await until(lambda: room.queue.model.row_of(order) < 0)
        assert room.session.get(Order, order) is None
        await closed(window, shown)


async def test_it_can_be_taken_for_nothing_else_and_offers_nothing_to_do(
    loop: asyncio.AbstractEventLoop, city: City
) -> None:
    async with city.window(SUPERVISOR) as window:
        shown = await opened(window)
        room = shown.room
        assert room is not None
        await until(lambda: "只读" in shown.banner.accessibleName())
        assert room.session.head.date in shown.banner.accessibleName()
        assert room.board.moving is None
        assert room.map.assigning is None
        assert not room.queue.table.carries
        assert not any(mark.isHidden() for mark in room.marks)
        assert all(mark.testAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents) for mark in room.marks)
        assert not shown.actions()
        picture = shown.grab().toImage()
        edge = picture.pixelColor(1, picture.height() // 2)
        middle = picture.pixelColor(picture.width() // 2, 40)
        assert edge != middle
        await closed(window, shown)


async def test_keys_move_by_a_minute_by_five_and_play(loop: asyncio.AbstractEventLoop, city: City) -> None:
    async with city.window(SUPERVISOR) as window:
        shown = await opened(window)
        room = shown.room
        assert room is not None
        await until(shown.isActiveWindow)
        await gone_to(shown, shown.bar._end - 40 * 60_000)
        shown.bar.step(0)
        whole = shown.bar._moment
        for key, change, minutes in (
            (Qt.Key.Key_Left, Qt.KeyboardModifier.AltModifier, -1),
            (Qt.Key.Key_Right, Qt.KeyboardModifier.AltModifier | Qt.KeyboardModifier.ShiftModifier, 4),
        ):
            focused = QApplication.focusWidget()
            assert focused is not None
            QTest.keyClick(focused, key, change)
            await stands_at(shown, whole + minutes * 60_000)
        shown.bar.slider.setFocus()
        QTest.keyClick(shown.bar.slider, Qt.Key.Key_Left)
        await until(lambda: room.session.now() == whole + 3 * 60_000)
        shown.bar.speed.setCurrentIndex(shown.bar.speed.count() - 1)
        QTest.keyClick(shown.bar.slider, Qt.Key.Key_Space, Qt.KeyboardModifier.ControlModifier)
        assert shown.bar.play.isChecked()
        await until(lambda: room.session.now() > whole + 4 * 60_000)
        QTest.keyClick(shown.bar.slider, Qt.Key.Key_Space, Qt.KeyboardModifier.ControlModifier)
        assert not shown.bar.play.isChecked()
        await closed(window, shown)


async def test_a_step_of_an_order_leads_to_its_minute(loop: asyncio.AbstractEventLoop, city: City) -> None:
    async with city.window(SUPERVISOR) as window:
        session = window.session
        (order,) = await promised(session, 1, tomorrow(session))
        await session.submit(UrgeOrder(order=order)).outcome
        window.look_at(order)
        window.deck["replay_order"].trigger()
        shown = window.replaying.shown
        assert shown is not None
        await until(lambda: shown.room is not None and shown.room.story.steps.count() == 2)
        room = shown.room
        assert room is not None
        first = room.story.steps.item(0)
        room.story.steps.itemActivated.emit(first)
        await until(lambda: (found := room.session.get(Order, order)) is not None and found.urged == 0)
        await closed(window, shown)


async def test_the_report_tells_the_order_and_hides_who_else_is_on_the_board(
    loop: asyncio.AbstractEventLoop, city: City, tmp_path: Path
) -> None:
    async with city.window(SUPERVISOR) as window:
        session = window.session
        (order,) = await promised(session, 1, tomorrow(session))
        shown = await opened(window)
        room = shown.room
        assert room is not None
        await gone_to(shown, room.session.head.end)
        room.show_order(order)
        await until(lambda: room.story.steps.count() > 0)
        made: list[Path] = []
        shown.open = made.append  # type: ignore[method-assign, assignment]
        room.story.report.click()
        assert made[0].read_bytes().startswith(b"%PDF")
        made[0].unlink()
        found = room.session.get(Order, order)
        assert found is not None
        told = blocks(room.session, found, room.told(), None)
        said = [each.text for each in told if isinstance(each, Words)]
        assert found.number in said[0]
        assert any(isinstance(each, Pair) and room.session.head.date in each.value for each in told)
        await closed(window, shown)


def test_other_visits_are_black_in_the_picture(qapp: QApplication) -> None:
    shown = QPixmap(200, 100)
    shown.fill(QColor("white"))
    made = stacked(shown, (QRect(0, 0, 200, 10), QRect(0, 50, 200, 20)), [QRect(100, 50, 40, 20)])
    assert made.height() == 30
    assert made.pixelColor(QPoint(120, 20)) == QColor("black")
    assert made.pixelColor(QPoint(20, 20)) == QColor("white")


@pytest.mark.parametrize("user", ["wangfang"])
async def test_a_dispatcher_is_not_offered_it(loop: asyncio.AbstractEventLoop, city: City, user: str) -> None:
    async with city.window(user) as window:
        assert not window.deck["replay"].isVisible()
        assert not window.deck["replay"].isEnabled()
