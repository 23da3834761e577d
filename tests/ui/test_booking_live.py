"""A call through the real session and a real server: booked, found again by its number, and kept offline."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from dispatcher_app.client.api import Api, Offline, Place
from dispatcher_app.client.embedded import Embedded
from dispatcher_app.client.login import Accounts
from dispatcher_app.client.outbox.seal import new_key
from dispatcher_app.client.session import Session, open_session
from dispatcher_app.client.sync import Locate
from dispatcher_app.domain.order import Order
from tests.ui.booking_desk import until
from tests.ui.booking_person import CTRL, ENTER, Person
from ui.booking.panel import BookingPanel


async def entered(folder: Path, embedded: Embedded, locate: Locate) -> Session:
    """A dispatcher of the practice city at a desk."""
    place = await embedded.locate()
    api = Api(place, None)
    accounts: Accounts = await api.read("GET", "/practice", Accounts)
    chosen = next(each for each in accounts.accounts if "dispatcher" in each.roles)
    found = await api.log_in(chosen.user, chosen.password, "test")
    await api.close()
    folder.mkdir(parents=True)
    session = await open_session(folder, found.staff, new_key(), locate, found.token)
    await until(lambda: session.link.state == "online")
    await until(lambda: session.region)
    return session


async def panel_in(window: QWidget, session: Session) -> Person:
    panel = BookingPanel(session)
    QVBoxLayout(window).addWidget(panel)
    window.resize(400, 720)
    window.show()
    window.activateWindow()
    await until(window.isActiveWindow)
    panel.start()
    return Person(panel)


async def new_customer(person: Person, phone: str) -> str:
    """A whole call of somebody unknown; returns the order's number."""
    panel = person.panel
    person.type(phone)
    await until(lambda: panel.form.candidates is not None)
    person.press(ENTER)
    person.type("Li Ming")
    person.press(ENTER)
    person.type("kt")
    person.press(ENTER)
    if person.at("brand"):
        person.press(ENTER)
    person.press(ENTER)
    assert person.at("where")
    person.commit("没有人知道的小区")
    await until(lambda: panel.column.where.answered)
    person.press(Qt.Key.Key_Down)
    person.press(ENTER)
    for _ in ("building", "unit", "entry"):
        person.press(ENTER)
    assert person.at("when")
    await until(lambda: panel.form.offered)
    person.press(Qt.Key.Key_1)
    person.press(ENTER, CTRL)
    await until(lambda: panel.done.number)
    return panel.done.number


def test_a_call_is_booked_found_again_and_kept_offline(
    tmp_path: Path, loop: asyncio.AbstractEventLoop, qtbot: QtBot
) -> None:
    embedded = Embedded(tmp_path / "server", practice=True)
    cut = asyncio.Event()
    window = QWidget()
    qtbot.addWidget(window)

    async def there() -> Place:
        if cut.is_set():
            raise Offline
        return await embedded.locate()

    async def story() -> None:
        session = await entered(tmp_path / "desk", embedded, there)
        try:
            await calls(session)
        finally:
            await session.close()
            await embedded.close()

    async def calls(session: Session) -> None:
        person = await panel_in(window, session)
        panel = person.panel
        first = await new_customer(person, "19912345678")
        made = [row for row in await session.search_server(first) if row.number == first]
        assert len(made) == 1
        assert session.get(Order, made[0].id) is not None
        assert session.drafts() == {}

        person.press(Qt.Key.Key_F2)
        person.type("19912345678")
        await until(lambda: panel.form.open_orders)
        assert [row.number for row in panel.form.open_orders] == [first]
        assert panel.form.customer is not None
        assert panel.form.customer.name == "Li Ming"
        panel.park()

        cut.set()
        await embedded.close()
        await until(lambda: session.link.state == "offline")
        panel.start()
        second = await new_customer(person, "19912345679")
        assert second != first
        waiting = session.get(Order, panel.form.draft.order)
        assert waiting is not None
        assert waiting.provisional
        assert waiting.temporary_number == second
        panel.park()
        panel.form.errands.forget()

    run(loop, story())


def run(loop: asyncio.AbstractEventLoop, story: Coroutine[Any, Any, None]) -> None:
    loop.run_until_complete(asyncio.wait_for(story, 60))
