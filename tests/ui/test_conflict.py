"""Offline, and what comes of it: said in the bar, never lost, decided by a person."""

from __future__ import annotations

import asyncio

from dispatcher_app.client.api import Offline, Place
from dispatcher_app.client.outbox.seal import new_key
from dispatcher_app.client.session import Session, open_session
from dispatcher_app.clock import new_id
from dispatcher_app.domain.command import AddNote, CancelOrder
from dispatcher_app.domain.order import Order
from tests.ui.window_desk import City, orders_of, part, shown, until
from ui.strip import ExceptionStrip


async def nowhere() -> Place:
    raise Offline("pulled out")


async def offline_desk(city: City, user: str, seat: str) -> tuple[Session, bytes]:
    """A desk that was online and then lost its server."""
    folder = city.folder / seat
    folder.mkdir(parents=True)
    key = new_key()
    async with city.sitting(user, folder, key) as session:
        assert await orders_of(session)
        staff = session.staff
    return await open_session(folder, staff, key, nowhere, "no token"), key


async def test_offline_is_said_in_the_bar_with_what_waits(
    city: City, loop: asyncio.AbstractEventLoop
) -> None:
    session, _key = await offline_desk(city, "lina", new_id())
    try:
        async with shown(session, city.folder) as window:
            state = part(window, "link_state")
            await until(lambda: "起离线" in state.text())
            order = (await orders_of(session))[0]
            for words in ("一", "二", "三"):
                session.submit(AddNote(order=order, text=words))
            await until(lambda: "3 条待同步" in state.text())
            window.look_at(order)
            assert session.is_pending("order", order)
            assert window.queue.model.rowCount() > 20
    finally:
        await session.close()


async def test_an_act_done_offline_meets_a_colleagues_and_is_decided_on_its_card(
    city: City, loop: asyncio.AbstractEventLoop
) -> None:
    seat = new_id()
    session, key = await offline_desk(city, "wangfang", seat)
    order = (await orders_of(session))[-1]
    session.submit(CancelOrder(order=order, reason="duplicate", side="platform"))
    await until(lambda: session.link.waiting == 1)
    await session.close()
    async with city.sitting("lina") as colleague:
        colleague.submit(CancelOrder(order=order, reason="not_needed", side="customer"))
        await until(lambda: colleague.link.waiting == 0)
    async with (
        city.sitting("wangfang", city.folder / seat, key) as back,
        shown(back, city.folder) as window,
    ):
        await until(lambda: window.attention.count == 1)
        strip = window.findChild(ExceptionStrip)
        assert strip is not None
        assert strip.count("attention") == 1
        window.attention.open()
        card = part(window, "conflict_card")
        assert "取消" in card.accessibleName()
        part(card, "conflict_keep_theirs").click()
        await until(lambda: not back.parked and window.attention.count == 0)
        assert window.inspector.order_id == order
        stands = back.get(Order, order)
        assert stands is not None
        assert stands.cancellation is not None
        assert stands.cancellation.reason == "not_needed"
