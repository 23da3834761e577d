"""Real desks in the practice city: a server process, sessions, and the main window on one of them."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import shiboken6
from PySide6.QtCore import QEvent, QObject, QSettings, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from dispatcher_app.client.api import Api, Offline, Place
from dispatcher_app.client.embedded import Embedded
from dispatcher_app.client.login import Accounts
from dispatcher_app.client.outbox.seal import new_key
from dispatcher_app.client.replica.ask import OrderQuery
from dispatcher_app.client.session import Session, open_session
from dispatcher_app.clock import new_id
from dispatcher_app.domain.command import BookedLine, BookOrder
from dispatcher_app.domain.order import Order
from ui.window.main import MainWindow, build_window

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

PATIENCE_S = 30.0


async def until(condition: Callable[[], object], patience_s: float = PATIENCE_S) -> None:
    """Let everything go on until the condition holds."""

    async def held() -> None:
        while not condition():
            await asyncio.sleep(0.01)

    await asyncio.wait_for(held(), patience_s)


class Severed(Embedded):
    """A server that, once severed, is gone for good: no desk finds it or starts another one."""

    _severed = False

    async def locate(self) -> Place:
        """Where it is, until it is severed."""
        if self._severed:
            raise Offline("severed")
        return await super().locate()

    async def sever(self) -> None:
        """End it, before any desk's eyes."""
        self._severed = True
        await self.close()


@dataclass
class City:
    """A practice city's server, and the folder in which desks keep their files."""

    server: Embedded
    folder: Path

    @asynccontextmanager
    async def sitting(
        self, user: str, folder: Path | None = None, key: bytes | None = None
    ) -> AsyncIterator[Session]:
        """Somebody logged in, with the whole replica there."""
        place = await self.server.locate()
        api = Api(place, None)
        accounts: Accounts = await api.read("GET", "/practice", Accounts)
        account = next(each for each in accounts.accounts if each.user == user)
        found = await api.log_in(account.user, account.password, "test")
        await api.close()
        seat = folder or self.folder / new_id()
        seat.mkdir(parents=True, exist_ok=True)
        session = await open_session(seat, found.staff, key or new_key(), self.server.locate, found.token)
        try:
            await until(lambda: session.link.state == "online" and session.region is not None)
            yield session
        finally:
            await session.close()

    @asynccontextmanager
    async def window(
        self, user: str = "wangfang", size: tuple[int, int] = (1800, 900)
    ) -> AsyncIterator[MainWindow]:
        """The main window of somebody, with the first rows in it."""
        async with self.sitting(user) as session, shown(session, self.folder, size) as window:
            yield window


@asynccontextmanager
async def shown(
    session: Session, folder: Path, size: tuple[int, int] = (1800, 900), *, rows: bool = True
) -> AsyncIterator[MainWindow]:
    """The main window on a session; `rows` waits for the first orders in it."""
    QApplication.setQuitOnLastWindowClosed(False)  # the end of the window is not the end of the test
    settings = QSettings(str(folder / f"{new_id()}.ini"), QSettings.Format.IniFormat)
    before = standing_alone()
    window = build_window(session, settings)
    window.resize(*size)
    window.show()
    window.activateWindow()
    try:
        await until(lambda: window.isActiveWindow() and (not rows or window.queue.model.rowCount() > 0))
        yield window
    finally:
        window.close()
        remove(window)
        left = standing_alone().keys() - before.keys()
        assert not left, [standing_alone()[each] for each in left]


def standing_alone() -> dict[int, str]:
    """Widgets of ours that belong to no other one, by address: whoever closes a window must leave none behind."""
    ours = (each for each in QApplication.topLevelWidgets() if type(each).__module__.startswith("ui."))
    return {shiboken6.getCppPointer(each)[0]: repr(each) for each in ours}


def remove(widget: QWidget) -> None:
    """Take a window away now, with everything it has begun."""
    widget.deleteLater()
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    assert not shiboken6.isValid(widget)


def press(key: Qt.Key, modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    """A key where the focus is."""
    focused = QApplication.focusWidget()
    assert focused is not None
    QTest.keyClick(focused, key, modifiers)


def part(window: QWidget, name: str) -> Any:
    """The widget of that object name."""
    found = window.findChild(QObject, name)
    assert found is not None, name
    return found


async def orders_of(session: Session, view: str = "pending") -> list[str]:
    """The orders of a view, in its order."""
    query = OrderQuery(view=view, today="2026-01-01")
    return [id for _key, id in await session.order_keys(query)]


def booking_like(session: Session, order: str) -> BookOrder:
    """Another order of the same customer at the same place, without a window."""
    former = session.get(Order, order)
    assert former is not None
    line = BookedLine(item=former.lines[0].item)
    return BookOrder(order=new_id(), customer=former.customer, address=former.address, lines=(line,))


__all__ = ["City", "booking_like", "orders_of", "part", "press", "remove", "shown", "until"]
