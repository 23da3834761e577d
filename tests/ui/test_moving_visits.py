"""Moving visits in the window: the actions from wherever one is, the menu, and a promise that moves with the visit."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMenu

from dispatcher_app.client.session import Session
from dispatcher_app.domain.command import AssignTechnician
from dispatcher_app.domain.order import Order, Window
from dispatcher_app.domain.technician import Technician
from tests.ui.drag_desk import short_ones, two
from tests.ui.plan_desk import hour, tomorrow
from tests.ui.window_desk import City, part, press, shown, until
from ui.models.planned import planned
from ui.order.appointment import AppointmentForm
from ui.window.main import MainWindow


@asynccontextmanager
async def desk(city: City) -> AsyncIterator[tuple[MainWindow, Technician, Technician, list[str]]]:
    """The window, two technicians, and two visits of tomorrow of the first one, at nine and at eleven."""
    async with city.sitting("wangfang") as session:
        date = tomorrow(session)
        orders = await short_ones(session, 2, date)
        li, wang = await two(session, city, orders[0])
        for order, at in zip(orders, (9, 11), strict=True):
            await session.submit(
                AssignTechnician(order=order, technician=li.id, start=hour(session, date, at))
            ).outcome
        async with shown(session, city.folder) as window:
            yield window, li, wang, orders


def place(session: Session, order: str) -> tuple[str, int]:
    """Where an order stands in the plan."""
    found = session.get(Order, order)
    assert found is not None
    stands = planned(session, found)
    assert stands is not None
    return stands[0].technician, stands[1].start


async def test_a_visit_looked_at_anywhere_is_moved_by_a_key_and_the_board_shows_it(
    city: City, loop: asyncio.AbstractEventLoop
) -> None:
    async with desk(city) as (window, li, _wang, orders):
        session, date = window.session, tomorrow(window.session)
        window.look_at(orders[0])
        window.deck["visit_later"].trigger()
        assert place(session, orders[0]) == (li.id, hour(session, date, 9.25))
        assert window.tabs.currentWidget() is window.scheduling.board
        await until(lambda: window.scheduling.board.schedule.find(orders[0]))
        window.deck["undo"].trigger()
        await until(lambda: place(session, orders[0]) == (li.id, hour(session, date, 9)))


async def test_the_customers_consent_moves_promise_and_visit_in_one_step(
    city: City, loop: asyncio.AbstractEventLoop
) -> None:
    async with desk(city) as (window, _li, wang, orders):
        session, date = window.session, tomorrow(window.session)
        board = window.scheduling.board
        window.deck["board"].trigger()
        board.dates.go(date)
        await until(lambda: board.schedule.ready and board.schedule.find(orders[0]))
        moving = board.moving
        assert moving is not None
        start = hour(session, date, 17.5)
        moving.assign([orders[0]], wang.id, start)
        assert moving.ask.asks
        part(moving.ask, "board_go").click()
        form = window.findChild(AppointmentForm)
        assert form is not None
        await until(lambda: form.choice.offered is not None)
        wanted = form.choice.window_meant()
        assert wanted is not None
        assert wanted.start <= start <= wanted.end
        part(form, "form_go").click()
        assert place(session, orders[0])[1] != start  # not without the word of the customer
        form.consent.setChecked(True)
        part(form, "form_go").click()
        await until(lambda: place(session, orders[0]) == (wang.id, start))
        order = session.get(Order, orders[0])
        assert order is not None
        assert order.window == wanted
        assert isinstance(order.window, Window)
        await until(lambda: not session.is_pending("order", orders[0]))
        window.deck["undo"].trigger()
        await until(lambda: place(session, orders[0])[1] == hour(session, date, 9))


async def test_the_menu_of_a_visit_offers_what_can_be_done_with_it(
    city: City, loop: asyncio.AbstractEventLoop
) -> None:
    async with desk(city) as (window, _li, _wang, orders):
        board = window.scheduling.board
        window.deck["board"].trigger()
        board.dates.go(tomorrow(window.session))
        await until(lambda: board.schedule.ready and board.schedule.find(orders[0]))
        view = board.view
        view.reveal(board.schedule.find(orders[0])[0])
        view.customContextMenuRequested.emit(
            view.viewport().mapTo(view, view.rect_of(board.schedule.find(orders[0])[0]).center())
        )
        menu = view.findChild(QMenu)
        assert menu is not None
        offered = {action.objectName() for action in menu.actions()}
        assert {"visit_later", "move_visits", "take_visit", "unassign", "pin_visit"} <= offered
        assert "swap_visits" not in offered
        menu.close()


async def test_an_order_taken_from_the_queue_is_carried_on_the_board(
    city: City, loop: asyncio.AbstractEventLoop
) -> None:
    async with desk(city) as (window, _li, _wang, orders):
        window.look_at(orders[1])
        window.deck["take_visit"].trigger()
        moving = window.scheduling.board.moving
        assert moving is not None
        assert len(moving.hand.taken) == 1
        assert window.scheduling.board.view.hasFocus()
        press(Qt.Key.Key_Escape)
        assert not moving.hand.full
        assert window.isVisible()
