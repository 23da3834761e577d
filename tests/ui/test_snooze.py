"""An exception that rests: gone from strip and view on every desk, listed where it rests, awake again by a key."""

from __future__ import annotations

import asyncio

from dispatcher_app.domain.alert import ALERTS, resting
from dispatcher_app.domain.command import UrgeOrder
from dispatcher_app.domain.order import Order
from tests.ui.course_desk import ready
from tests.ui.window_desk import City, orders_of, part, until


async def test_an_urged_order_rests_for_a_reason_and_comes_back(
    city: City, loop: asyncio.AbstractEventLoop
) -> None:
    async with city.window() as window, city.sitting("chenjing") as colleague:
        session = window.session
        urged = await orders_of(session, "urged")
        order = next(id for id in await orders_of(session) if id not in urged)
        session.submit(UrgeOrder(order=order))
        await until(lambda: session.link.waiting == 0)
        assert order in await orders_of(session, "urged")
        before = len(await orders_of(session, "urged"))
        await until(lambda: window.strip.count("urged") == before)
        window.look_at(order)
        await ready(window, "snooze")
        window.deck["snooze"].trigger()
        form = part(window, "form_snooze")
        kind, reason = part(form, "snooze_kind"), part(form, "snooze_reason")
        kind.setCurrentIndex(kind.findData("urged"))
        reason.setCurrentIndex(reason.findData("being_handled"))
        form.submit()
        await until(lambda: session.link.waiting == 0)
        assert order not in await orders_of(session, "urged")
        assert order in await orders_of(session, "snoozed")
        await until(lambda: window.strip.count("urged") == before - 1)
        # A colleague's desk lets it rest as well.
        await until(lambda: resting(found) if (found := colleague.get(Order, order)) else ())
        assert order in await orders_of(colleague, "snoozed")
        await ready(window, "wake")
        window.deck["wake"].trigger()
        await until(lambda: session.link.waiting == 0)
        assert order in await orders_of(session, "urged")
        assert order not in await orders_of(session, "snoozed")
        assert not window.deck["wake"].isEnabled()


async def test_what_wants_nobody_can_not_rest(city: City, loop: asyncio.AbstractEventLoop) -> None:
    async with city.window() as window:
        session = window.session
        wanted = {id for kind in ALERTS for id in await orders_of(session, kind)}
        calm = next(id for id in await orders_of(session, "open") if id not in wanted)
        window.look_at(calm)
        await until(lambda: window.inspector.order_id == calm)
        assert not window.deck["snooze"].isEnabled()
