"""A technician's card opens where his name stands, with his picture."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel

from dispatcher_app.client.replica.ask import OrderQuery
from dispatcher_app.domain.order import Order
from dispatcher_app.domain.technician import Technician
from tests.ui.window_desk import City, orders_of, until


@pytest.fixture(autouse=True)
def at_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DISPATCHER_HOME", str(tmp_path))


async def test_the_card_opens_beside_the_name_in_the_order(
    city: City, loop: asyncio.AbstractEventLoop
) -> None:
    async with city.window() as window:
        query = OrderQuery(statuses=frozenset({"accepted"}))
        known = [window.session.get(Order, id) for _key, id in await window.session.order_keys(query)]
        order = next(each for each in known if each is not None and each.service == "home")
        window.look_at(order.id)
        who = window.inspector.appointment.who
        await until(who.isVisible)
        who.click()
        assert who.card.isVisible()
        technician = window.session.get(Technician, order.technician or "")
        assert technician is not None
        assert technician.name in {each.text() for each in who.card.findChildren(QLabel)}
        if technician.portrait:
            await until(lambda: not who.card.card.portrait.picture.isNull())
        QTest.keyClick(who.card, Qt.Key.Key_Escape)
        assert not who.card.isVisible()


async def test_where_nobody_goes_there_is_no_card(city: City, loop: asyncio.AbstractEventLoop) -> None:
    async with city.window() as window:
        pending = (await orders_of(window.session))[0]
        window.look_at(pending)
        await until(lambda: window.inspector.order_id == pending)
        assert not window.inspector.appointment.who.isVisible()
