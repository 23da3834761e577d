"""Promises at the desk: the plan's place sent with one key, a broken one mended, a visit pinned, consequences told."""

from __future__ import annotations

import asyncio

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel

from dispatcher_app.client.replica.ask import OrderQuery
from dispatcher_app.domain.day import Day
from dispatcher_app.domain.order import Order, Window
from dispatcher_app.planning.ghost import ghost
from tests.ui.window_desk import City, orders_of, part, press, until
from ui.models.planned import planned, tentative
from ui.order.appointment import AppointmentForm
from ui.window.main import MainWindow

SHIFT = Qt.KeyboardModifier.ShiftModifier


def in_hand(window: MainWindow) -> Order:
    order = window.inspector.order
    assert order is not None
    return order


async def with_tentative(window: MainWindow) -> Order:
    """A pending order that the planner has put somewhere."""
    found: list[str] = []

    async def look() -> None:
        for id in await orders_of(window.session):
            order = window.session.get(Order, id)
            if order is not None and tentative(window.session, order) is not None:
                found.append(id)
                return

    while not found:
        await look()
        await asyncio.sleep(0.05)
    window.look_at(found[0])
    return in_hand(window)


async def test_a_pending_order_is_sent_as_the_planner_has_it(
    planned_city: City, loop: asyncio.AbstractEventLoop
) -> None:
    async with planned_city.window() as window:
        order = await with_tentative(window)
        place = tentative(window.session, order)
        assert place is not None
        await until(lambda: "未派出" in part(window, "fact_planned").text())
        assert part(window, "do_dispatch_planned").isVisible()
        press(Qt.Key.Key_F3, SHIFT)
        assert in_hand(window).status == "accepted"
        assert in_hand(window).technician == place[0].technician
        stop = planned(window.session, in_hand(window))
        assert stop is not None
        assert (stop[1].start, stop[1].state) == (place[1].start, "confirmed")
        assert not window.deck["dispatch_planned"].isEnabled()


async def test_a_planned_visit_is_pinned_and_let_go(
    planned_city: City, loop: asyncio.AbstractEventLoop
) -> None:
    async with planned_city.window() as window:
        order = await with_tentative(window)
        press(Qt.Key.Key_F7, SHIFT)
        await until(lambda: part(window, "visit_pinned").isVisible())
        place = planned(window.session, in_hand(window))
        assert place is not None
        assert place[1].pinned
        await until(lambda: window.deck["pin_visit"].text() == "取消固定")
        await until(lambda: window.session.link.waiting == 0)
        press(Qt.Key.Key_F7, SHIFT)
        await until(lambda: not part(window, "visit_pinned").isVisible())
        assert in_hand(window).id == order.id


async def with_broken(window: MainWindow) -> Order:
    """An order whose promise can't be kept: its window is over, or nobody is left."""
    query = OrderQuery(view="no_show", today="2026-01-01")
    while not await window.session.order_keys(query):
        await asyncio.sleep(0.05)
    for _key, id in await window.session.order_keys(query):
        window.look_at(id)
        if in_hand(window).status == "pending":
            return in_hand(window)
    raise AssertionError("no broken promise")


async def test_a_broken_promise_says_why_and_the_first_key_opens_the_change_with_that_window_kept(
    planned_city: City, loop: asyncio.AbstractEventLoop
) -> None:
    async with planned_city.window() as window:
        order = await with_broken(window)
        unkept = window.inspector.unkept
        await until(unkept.isVisible)
        assert "无法履约" in unkept.banner.accessibleName()
        await until(lambda: any(row.value.kind == "window" for row in unkept.ways.shown))
        press(Qt.Key.Key_F4, SHIFT)
        assert unkept.ways.hasFocus()
        first = unkept.ways.shown[0]
        press(Qt.Key.Key_1)
        form = part(window, "form_change_appointment")
        assert isinstance(form, AppointmentForm)
        await until(lambda: form.chosen == first.value.window)
        await until(lambda: form.holding.until is not None)
        assert "为来电者保留" in part(form, "hour_kept").text()
        form.consent.setChecked(True)
        form.submit()
        await until(lambda: in_hand(window).window == first.value.window)
        assert isinstance(first.value.window, Window)
        await until(lambda: in_hand(window).unkept is None)
        await until(lambda: not unkept.isVisible())
        assert in_hand(window).id == order.id
        assert in_hand(window).tentative


async def test_the_ranking_tells_what_comes_of_sending_somebody(
    planned_city: City, loop: asyncio.AbstractEventLoop
) -> None:
    async with planned_city.window() as window:
        order = await with_tentative(window)
        await until(lambda: window.inspector.ranked.answered)
        effect: QLabel = part(window, "consequence")
        await until(lambda: bool(effect.text()))
        assert effect.text().startswith("派他的影响")
        drag = await window.session.drag(order.id)
        place = tentative(window.session, order)
        assert place is not None
        found = ghost(drag, place[0].technician, place[1].start)
        assert found.broken == ()
        assert window.session.get(Day, place[0].id) is not None
