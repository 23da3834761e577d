"""The grab pool at the desk: told, grabbed for somebody, taken back, won; and who is next after an offer."""

from __future__ import annotations

import asyncio
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QTreeWidgetItem

from dispatcher_app.domain.order import Order
from tests.ui.window_desk import City, orders_of, part, press, until
from ui.window.main import MainWindow

CTRL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
ALT = Qt.KeyboardModifier.AltModifier


def in_hand(window: MainWindow) -> Order:
    order = window.inspector.order
    assert order is not None
    return order


def told(window: MainWindow) -> list[QTreeWidgetItem]:
    tree = part(window, "pool_told")
    heads: list[Any] = [tree.topLevelItem(at) for at in range(tree.topLevelItemCount())]
    return [head.child(at) for head in heads for at in range(head.childCount())]


async def put_one_in_the_pool(window: MainWindow, least: int) -> Order:
    """An order in the pool of which at least so many were told."""
    for id in await orders_of(window.session):
        window.look_at(id)
        await until(lambda: window.inspector.ranked.answered)
        if in_hand(window).status != "pending" or window.inspector.ranked.list.model().rowCount() < least:
            continue
        window.deck["pool"].trigger()
        error = part(window, "order_error")
        await until(lambda: in_hand(window).pool is not None or bool(error.text()))  # noqa: B023
        if (pool := in_hand(window).pool) is None:
            continue
        await until(lambda: len(told(window)) == len(in_hand(window).pool.told))  # type: ignore[union-attr]
        if len(pool.told) >= least:
            return in_hand(window)
        window.deck["withdraw"].trigger()
    raise AssertionError("nobody is near anything")


async def test_an_order_goes_into_the_pool_is_grabbed_for_two_and_the_nearer_one_gets_it(
    city: City, loop: asyncio.AbstractEventLoop
) -> None:
    async with city.window() as window:
        order = await put_one_in_the_pool(window, 2)
        assert window.inspector.asked.isVisible()
        assert not window.inspector.ranked.isVisible()
        assert "km" in part(window, "asked_countdown").accessibleName()
        assert not window.deck["accept"].isEnabled()
        for item in told(window)[:2]:
            assert item.text(0)
            part(window, "pool_told").setCurrentItem(item)
            assert window.deck["grab"].isEnabled()
            window.deck["grab"].trigger()
        pool = in_hand(window).pool
        assert pool is not None
        assert len(pool.grabs) == 2
        await until(lambda: in_hand(window).status == "accepted")
        winner = in_hand(window).technician
        assert winner in {each.technician for each in order.pool.told}  # type: ignore[union-attr]
        assert not window.inspector.asked.isVisible()
        await until(lambda: any("抢到" in each.text for each in window.inspector.timeline.events()))


async def test_the_desk_takes_a_pool_back_and_undo_tells_them_again(
    city: City, loop: asyncio.AbstractEventLoop
) -> None:
    async with city.window() as window:
        order = await put_one_in_the_pool(window, 1)
        press(Qt.Key.Key_W, CTRL | SHIFT)
        assert in_hand(window).status == "pending"
        await until(lambda: window.session.link.waiting == 0)
        press(Qt.Key.Key_Z, CTRL | ALT)
        await until(lambda: in_hand(window).pool is not None)
        assert in_hand(window).id == order.id
        window.deck["withdraw"].trigger()


async def test_after_an_offer_the_next_in_line_is_named(city: City, loop: asyncio.AbstractEventLoop) -> None:
    async with city.window() as window:
        for id in await orders_of(window.session):
            window.look_at(id)
            await until(lambda: window.inspector.ranked.answered)
            if window.inspector.ranked.list.model().rowCount() > 1:
                break
        press(Qt.Key.Key_F3)
        press(Qt.Key.Key_1, CTRL | ALT)  # he says that he is there
        press(Qt.Key.Key_O, CTRL | SHIFT)
        assert in_hand(window).status == "offered"
        line = part(window, "next_in_line")
        await until(lambda: line.isVisible() and bool(line.text()))
        assert not part(window, "pool_told").isVisible()
        window.deck["withdraw"].trigger()
        assert in_hand(window).status == "pending"
