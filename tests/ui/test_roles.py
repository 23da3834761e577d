"""Each account of the practice city sees what its role allows, and nothing that would lead nowhere."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import pytest
from PySide6.QtWidgets import QLabel, QLineEdit, QWidget

from dispatcher_app.domain.customer import Customer
from dispatcher_app.domain.order import Order
from tests.ui.window_desk import City, orders_of, part, until
from ui.action.deck import ACTIONS
from ui.models.column import COLUMNS
from ui.window.main import MainWindow

DISPATCHING = {"assign", "offer", "accept", "decline", "withdraw", "unassign", "cancel", "reopen"}
BOOKING = {"book", "change_appointment", "change_order", "urge", "note", "reveal"}
STATUS = {"technician_online", "technician_busy", "technician_offline"}
KEEPING = {"shifts", "leave"}
ALLOWED = {
    "chenjing": {"import", "undo"} | DISPATCHING | BOOKING | STATUS | KEEPING,
    "wangfang": {"undo"} | DISPATCHING | BOOKING | STATUS | KEEPING,
    "zhaomin": {"undo"} | BOOKING,
    "admin": {"import", "undo"} | KEEPING,
    "wall": set[str](),
}
"""By practice account; what everybody may (help, theme, log out …) is not named."""

TOLD_APART = {"import", "undo"} | DISPATCHING | BOOKING | STATUS | KEEPING


def seen(window: MainWindow) -> set[str]:
    return {action.id for action in ACTIONS if window.deck[action.id].isVisible()}


async def looking(window: MainWindow) -> Order:
    """An order and a technician in hand."""
    window.look_at((await orders_of(window.session))[0])
    window.roster.table.setCurrentIndex(window.roster.table.model().index(0, 0))
    window.tabs.setCurrentWidget(window.roster)
    order = window.inspector.order
    assert order is not None
    return order


def texts(window: QWidget, shown: Callable[[QWidget], bool]) -> list[str]:
    return [each.text() for each in window.findChildren(QLabel) if shown(each)]


@pytest.mark.parametrize("user", ALLOWED)
async def test_a_role_sees_the_actions_it_may_ever_do(
    city: City, loop: asyncio.AbstractEventLoop, user: str
) -> None:
    async with city.window(user) as window:
        await looking(window)
        assert seen(window) & TOLD_APART == ALLOWED[user]
        buttons = {each.removeprefix("do_") for each in shown_buttons(window)}
        assert buttons <= seen(window)
        assert {"help", "map", "theme", "log_out", "quit"} <= seen(window)


def shown_buttons(window: MainWindow) -> list[str]:
    children = window.inspector.findChildren(QWidget)
    return [
        each.objectName() for each in children if each.objectName().startswith("do_") and each.isVisible()
    ]


@pytest.mark.parametrize(("user", "writes"), [("wangfang", True), ("admin", True), ("zhaomin", False)])
async def test_only_who_keeps_technicians_can_write_shifts_and_leave(
    city: City, loop: asyncio.AbstractEventLoop, user: str, writes: bool
) -> None:
    async with city.window(user) as window:
        await looking(window)
        field: QLineEdit = part(window, "shift_0")
        assert field.isReadOnly() != writes
        assert part(window, "save_shifts").isVisibleTo(window) == writes
        assert part(window, "leave_reason").isVisibleTo(window) == writes


async def test_the_counter_books_but_neither_ranks_nor_assigns(
    city: City, loop: asyncio.AbstractEventLoop
) -> None:
    async with city.window("zhaomin") as window:
        await looking(window)
        assert not window.inspector.ranked.isVisible()
        window.bookings.book()
        assert window.booking.isVisible()


async def test_a_wall_shows_no_customer_and_takes_no_word(
    city: City, loop: asyncio.AbstractEventLoop
) -> None:
    async with city.window("wall") as window, city.sitting("wangfang") as desk:
        order = await looking(window)
        table = window.queue.table
        hidden = {column.id for at, column in enumerate(COLUMNS) if table.isColumnHidden(at)}
        assert {"name", "compound", "phone"} <= hidden
        customer = desk.get(Customer, order.customer)
        assert customer is not None
        assert window.session.get(Customer, order.customer) is None
        await until(lambda: window.inspector.price.isVisible())
        told = " ".join(texts(window, lambda each: each.isVisible()))
        assert customer.name not in told
        assert "****" not in told
        assert not window.topbar.search.isVisible()
        assert not part(window, "note_field").isVisible()
        assert not window.inspector.people.isVisible()
        writable = [
            each.objectName()
            for each in window.findChildren(QLineEdit)
            if each.isVisible() and not each.isReadOnly()
        ]
        assert writable == ["roster_search"]
        window.deck["undo"].trigger()
        assert window.session.undoable() is None


async def test_a_wall_keeps_customers_unnamed_when_yesterdays_columns_come_back(
    city: City, loop: asyncio.AbstractEventLoop
) -> None:
    async with city.window("wangfang") as named:
        state = named.queue.state()
    async with city.window("wall") as window:
        window.queue.restore(state)
        shown = {column.id for at, column in enumerate(COLUMNS) if not window.queue.table.isColumnHidden(at)}
        assert not {"name", "compound", "phone"} & shown
