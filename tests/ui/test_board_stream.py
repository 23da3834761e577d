"""While others change a hundred things a second: what a person looks at, types and drags stays where it is."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import AsyncExitStack
from random import Random

from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractSlider

from dispatcher_app.client.session import Session
from dispatcher_app.domain.act import Rejected
from dispatcher_app.domain.command import AddNote, UrgeOrder
from dispatcher_app.domain.order import Order
from dispatcher_app.domain.technician import Technician
from tests.ui.drag_desk import Desk, dragging_desk
from tests.ui.window_desk import City, booking_like, orders_of, shown, until

EVENTS = 250
"""So many things others do while the test types, and as many while it drags."""


async def stream(session: Session, orders: list[str], dice: Random) -> None:
    """Do one thing after the other, as quickly as the server answers, until one is stopped."""
    while True:
        order = dice.choice(orders)
        choice = dice.random()
        try:
            if choice < 0.5:
                made = session.submit(AddNote(order=order, text="催单电话又打来了"))
            elif choice < 0.8:
                made = session.submit(UrgeOrder(order=order))
            else:
                made = session.submit(booking_like(session, order))
        except Rejected:
            await asyncio.sleep(0)
            continue
        await made.outcome


def counted(session: Session) -> Callable[[], int]:
    """How many changes of orders have been told from now on."""
    heard = [0]

    def on_changed(changed: object) -> None:
        heard[0] += len(getattr(changed, "ids", {}).get("order", ()))

    session.subscribe(changed=on_changed)
    return lambda: heard[0]


async def test_nothing_that_others_do_moves_what_one_types_or_looks_at(
    city: City, loop: asyncio.AbstractEventLoop
) -> None:
    async with AsyncExitStack() as stack:
        session = await stack.enter_async_context(city.sitting("wangfang"))
        others = [await stack.enter_async_context(city.sitting(user)) for user in ("lina", "chenjing")]
        window = await stack.enter_async_context(shown(session, city.folder))
        orders = [id for id in await orders_of(session, "open") if session.get(Order, id)]
        for other in others:
            await until(lambda other=other: all(other.get(Order, id) for id in orders[:40]))  # type: ignore[misc]
        window.deck["board"].trigger()
        board = window.scheduling.board
        await until(lambda: board.schedule.ready and board.view.fitted)
        bars = [bar for each in session.all(Technician) for bar in board.schedule.bars(each.id)]
        board.view.go_to(bars[len(bars) // 2])
        board.view.horizontalScrollBar().triggerAction(QAbstractSlider.SliderAction.SliderSingleStepAdd)
        search = window.topbar.search
        search.setFocus()
        tasks = [
            asyncio.create_task(stream(other, orders[:40], Random(at))) for at, other in enumerate(others)
        ]
        heard = counted(session)
        view = board.view
        stood = (view.horizontalScrollBar().value(), view.verticalScrollBar().value(), view.current_bar())
        assert stood[2] is not None
        typed = ""
        try:
            for letter in "0123456789" * 3:
                due = heard() + EVENTS // 30
                QTest.keyClicks(search, letter)
                typed += letter
                await until(lambda due=due: heard() >= due)  # type: ignore[misc]
                assert search.hasFocus()
                assert (search.text(), search.cursorPosition()) == (typed, len(typed))
                current = view.current_bar()
                assert current is not None
                assert (view.horizontalScrollBar().value(), view.verticalScrollBar().value(), current.key) == (
                    stood[0], stood[1], stood[2].key,
                )  # fmt: skip
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)


async def test_nothing_that_others_do_moves_what_one_drags(
    city: City, loop: asyncio.AbstractEventLoop
) -> None:
    async with dragging_desk(city) as desk, city.sitting("lina") as one, city.sitting("chenjing") as two:
        view, order = desk.view, desk.orders[0]
        orders = [id for id in await orders_of(desk.session, "open") if id not in desk.orders][:40]
        for other in (one, two):
            await until(lambda other=other: all(other.get(Order, id) for id in orders))  # type: ignore[misc]
        goal = await desk.drag(order, desk.wang, 13)
        tasks = [
            asyncio.create_task(stream(other, orders, Random(at))) for at, other in enumerate((one, two))
        ]
        heard, dice = counted(desk.session), Random(5)
        try:
            for _ in range(25):
                due = heard() + EVENTS // 25
                quarter = dice.randrange(0, 12)
                at = QPoint(goal.x() + view.x_of(quarter * 900_000) - view.x_of(0), goal.y())
                desk.lead(at)
                stood = state(desk, order)
                assert desk.moving.hand.place == (desk.wang.id, desk.at(13) + quarter * 900_000)
                await until(lambda due=due: heard() >= due)  # type: ignore[misc]
                assert state(desk, order) == stood
                assert desk.moving.hand.reckoned
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
        place = desk.moving.hand.place
        assert place is not None
        desk.release(at)
        assert desk.bar(order).start == place[1]
        await desk.settled(order)
        assert desk.bar(order).start == place[1]
        assert desk.order(order).technician == desk.wang.id


def state(desk: Desk, order: str) -> tuple[object, ...]:
    """Where everything is that must stay: scroll, caret, choice, the visit itself, and the place it is held over."""
    view = desk.view
    current = view.current_bar()
    return (
        view.horizontalScrollBar().value(),
        view.verticalScrollBar().value(),
        current.key if current else None,
        desk.moving.several.orders,
        desk.moving.hand.place,
        view.rect_of(desk.bar(order)),
        view.viewport().cursor().shape() is Qt.CursorShape.ForbiddenCursor,
    )
