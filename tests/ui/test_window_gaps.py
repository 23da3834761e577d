"""Parked bookings from anywhere, orders that only the server has, and room for each of them in a small window."""

from __future__ import annotations

import asyncio

from PySide6.QtCore import Qt

from dispatcher_app.client.replica.ask import OrderQuery
from dispatcher_app.client.session import Session
from dispatcher_app.clock import new_id
from dispatcher_app.domain.calendar import DAY_MS
from dispatcher_app.domain.command import BookedLine, ImportOrder, NewAddress, NewCustomer
from dispatcher_app.domain.order import Order
from tests.ui.window_desk import City, part, press, until

ALT = Qt.KeyboardModifier.AltModifier
LEAST_ROWS = 18


async def an_order_closed_long_ago(session: Session) -> Order:
    """Imported, and closed before a desk that starts now would fetch it."""
    known = await session.order_keys(OrderQuery(view="all"))
    like = session.get(Order, known[0][1])
    assert like is not None
    closed = session.now() - 60 * DAY_MS
    command = ImportOrder(
        order=new_id(),
        external_id=new_id(),
        source="旧系统",
        new_customer=NewCustomer(id=new_id(), name="顾先生", phone="13900008888"),
        new_address=NewAddress(id=new_id(), district=like.district, compound="旧日花园", point=like.point),
        line=BookedLine(item=like.lines[0].item),
        created_at=closed - DAY_MS,
        closed_at=closed,
    )
    await session.submit(command).outcome
    made = session.get(Order, command.order)
    assert made is not None
    return made


async def test_a_parked_booking_is_taken_up_by_its_key_from_anywhere(
    city: City, loop: asyncio.AbstractEventLoop
) -> None:
    async with city.window() as window:
        press(Qt.Key.Key_1, ALT)
        assert not window.booking.isVisible()  # nothing is parked yet
        press(Qt.Key.Key_F2)
        window.booking.form.change(phone="13912345678", name="第一位")
        press(Qt.Key.Key_F2)
        window.booking.form.change(phone="13812345678", name="第二位")
        window.booking.park()
        assert window.queue.table.hasFocus()
        press(Qt.Key.Key_2, ALT)
        assert window.booking.isVisible()
        assert window.booking.form.draft.name == "第二位"
        window.queue.table.setFocus()
        press(Qt.Key.Key_1, ALT)
        assert window.booking.form.draft.name == "第一位"


async def test_an_order_that_only_the_server_has_is_read_with_its_history(
    city: City, loop: asyncio.AbstractEventLoop
) -> None:
    async with city.sitting("chenjing") as importer:
        old = await an_order_closed_long_ago(importer)
    async with city.window() as window:
        assert window.session.get(Order, old.id) is None
        window.topbar.search.setText(old.number)
        ask = part(window, "search_server")
        await until(lambda: ask.isVisible() and window.queue.query.text == old.number)
        ask.click()
        found = part(window, "found_on_server")
        await until(lambda: found.count() == 1)
        found.setFocus()
        press(Qt.Key.Key_Return)
        page = window.inspector.old
        await until(page.timeline.isVisible)
        assert part(page, "old_number").text() == old.number
        assert any("旧系统" in event.text for event in page.timeline.events())
        assert not page.timeline.field.isVisible()
        assert not window.deck["cancel"].isEnabled()


async def test_a_small_window_shows_eighteen_rows_and_the_booking_over_nothing(
    city: City, loop: asyncio.AbstractEventLoop
) -> None:
    async with city.window(size=(1366, 768)) as window:
        table = window.queue.table
        await until(lambda: table.viewport().height() > 0)
        assert table.viewport().height() // table.rowHeight(0) >= LEAST_ROWS
        table.setCurrentIndex(window.queue.model.index(0, 0))
        press(Qt.Key.Key_Return)
        assert window.inspector.isVisible()
        press(Qt.Key.Key_F2)
        assert window.booking.isVisible()
        assert not window.inspector.isVisible()
        assert not window.tabs.isVisible()
