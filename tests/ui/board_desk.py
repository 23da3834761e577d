"""What tests of the board share: a board of its own, or the window's, with visits of tomorrow on it."""

from __future__ import annotations

from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from dispatcher_app.domain.command import AssignTechnician
from dispatcher_app.domain.technician import Technician
from tests.ui.plan_desk import promised, tomorrow
from tests.ui.window_desk import City, remove, until
from ui.board.panel import BoardPanel

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from dispatcher_app.client.session import Session
    from ui.board.bar import Bar
    from ui.board.view import BoardView


@asynccontextmanager
async def board(city: City, size: tuple[int, int] = (1400, 800)) -> AsyncIterator[BoardPanel]:
    """A board on today, with everything painted."""
    async with city.sitting("wangfang") as session, shown(session, size) as panel:
        yield panel


@asynccontextmanager
async def shown(session: Session, size: tuple[int, int] = (1400, 800)) -> AsyncIterator[BoardPanel]:
    """The same on a session that is there already."""
    QApplication.setQuitOnLastWindowClosed(False)
    panel = BoardPanel(session)
    panel.resize(*size)
    panel.show()
    try:
        await until(lambda: panel.schedule.ready and panel.view.fitted)
        yield panel
    finally:
        panel.close()
        remove(panel)


async def visits(panel: BoardPanel, count: int = 2, days: int = 1) -> tuple[Technician, list[str]]:
    """Somebody with so many visits on a day ahead, and the board on that day: the first one on which anybody can go."""
    session = panel.schedule.session
    for ahead in range(days, days + 7):
        date = tomorrow(session, ahead)
        orders = await promised(session, count, date)
        technician = await sent(session, orders, date)
        if technician is not None:
            break
    assert technician is not None
    panel.dates.go(date)
    await until(lambda: panel.schedule.ready and all(panel.schedule.find(order) for order in orders))
    return technician, orders


async def sent(session: Session, orders: list[str], date: str) -> Technician | None:
    """Give all these orders to one technician, None where nobody can go to all of them."""
    who = ""
    for order in orders:
        eligible = [
            each for each in (await session.rank(order, date)).eligible if who in ("", each.technician)
        ]
        if not eligible:
            return None
        who = eligible[0].technician
        command = AssignTechnician(order=order, technician=who, start=eligible[0].start)
        await session.submit(command).outcome
    return session.get(Technician, who)


def bar_of(panel: BoardPanel, order: str) -> Bar:
    """The only bar of an order."""
    (found,) = panel.schedule.find(order)
    return found


def click(view: BoardView, where: QPoint, *, double: bool = False) -> None:
    """The left button on a place of the board."""
    if double:
        QTest.mouseDClick(view.viewport(), Qt.MouseButton.LeftButton, pos=where)
    else:
        QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=where)


def middle(view: BoardView, bar: Bar) -> QPoint:
    """The middle of what is seen of a bar."""
    return view.rect_of(bar).intersected(view.body()).center()


__all__ = ["City", "bar_of", "board", "click", "middle", "shown", "until", "visits"]
