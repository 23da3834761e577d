"""Two at one order: each sees the other, one works on it, another takes over by the rule; a lost desk holds nothing."""

from __future__ import annotations

import asyncio

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from dispatcher_app.client.session import Accepted, Session
from dispatcher_app.domain.command import UrgeOrder
from tests.ui.board_desk import bar_of, board, visits
from tests.ui.window_desk import City, booking_like, orders_of, part, until
from ui.board import said
from ui.window.main import MainWindow


async def booked(session: Session) -> str:
    """An order of the test's own."""
    made = booking_like(session, (await orders_of(session))[0])
    assert isinstance(await session.submit(made).outcome, Accepted)
    return made.order


def begins(window: MainWindow, order: str) -> None:
    """Somebody opens the form that cancels an order, and types a reason."""
    window.look_at(order)
    window.deck["cancel"].trigger()


async def test_who_looks_at_an_order_and_who_edits_it_stands_in_the_head_of_the_others(
    city: City, loop: asyncio.AbstractEventLoop
) -> None:
    async with city.window() as window, city.sitting("lina") as other:
        order = await booked(window.session)
        window.look_at(order)
        watchers = part(window, "watchers")
        other.presences.be_at(order, "looking")
        await until(lambda: watchers.text() == "李娜 正在看")
        other.presences.be_at(order, "editing")
        await until(lambda: watchers.text() == "李娜 正在改")
        assert watchers.isVisible()
        await until(lambda: [each.staff for each in other.presences.at(order)] == ["wangfang"])
        other.presences.be_at("", "looking")
        await until(lambda: not watchers.text())
        assert not watchers.isVisible()


async def test_a_form_says_who_works_on_the_order_and_is_taken_over_by_a_supervisor_with_a_reason(
    city: City, loop: asyncio.AbstractEventLoop
) -> None:
    async with city.window() as first, city.window("chenjing") as second:
        order = await booked(first.session)
        await until(lambda: second.session.is_pending("order", order) is False)
        begins(first, order)
        await until(lambda: order in first.session.presences.claims)
        form = part(first, "form_cancel")
        begins(second, order)
        await until(lambda: second.inspector.in_hand.banner.isVisible())
        assert "王芳" in second.inspector.in_hand.banner.accessibleName()
        take, reason = part(second, "claim_take"), part(second, "claim_reason")
        assert not take.isEnabled()
        # A claim is advice: what the rules allow is done all the same.
        assert isinstance(await second.session.submit(UrgeOrder(order=order)).outcome, Accepted)
        QTest.keyClicks(reason, "complaint, mine now")
        QTest.mouseClick(take, Qt.MouseButton.LeftButton)
        await until(lambda: not second.inspector.in_hand.banner.isVisible())
        await until(lambda: first.inspector.in_hand.banner.isVisible())
        said = first.inspector.in_hand.banner.accessibleName()
        assert "陈静" in said
        assert "complaint, mine now" in said
        assert part(first, "form_cancel") is form
        assert form.isVisible()
        QTest.mouseClick(part(first, "claim_look"), Qt.MouseButton.LeftButton)
        assert not form.isVisible()
        second.inspector.step_back()
        await until(lambda: order not in first.session.presences.claims)


async def test_a_desk_that_is_left_holds_nothing(city: City, loop: asyncio.AbstractEventLoop) -> None:
    async with city.sitting("wangfang") as one:
        order = await booked(one)
        async with city.sitting("lina") as other:
            assert (await other.presences.claim(order)) is not None
            await until(lambda: one.presences.claim_of(order) is not None)
        await until(lambda: one.presences.claim_of(order) is None)
        held = await one.presences.claim(order)
        assert held is not None
        assert held.desk == one.presences.desk


async def test_the_state_of_the_seat_is_told_and_is_not_the_connection(
    city: City, loop: asyncio.AbstractEventLoop
) -> None:
    async with city.window() as window, city.sitting("lina") as other:
        seat = part(window, "seat_state")
        assert seat.text() == "就绪"
        part(window, "seat_break").trigger()
        assert seat.text() == "小休"
        desk = window.session.presences.desk
        await until(lambda: desk in other.presences.others and other.presences.others[desk].state == "break")
        assert window.session.link.state == "online"


async def test_an_order_that_somebody_else_has_open_is_marked_on_the_board(
    city: City, loop: asyncio.AbstractEventLoop
) -> None:
    async with board(city) as panel, city.sitting("lina") as other:
        _technician, (order, _second) = await visits(panel)
        other.presences.be_at(order, "looking")
        await until(lambda: bar_of(panel, order).watched == "looking")
        assert "李娜 正在看" in said.bar(panel.schedule, bar_of(panel, order))
        panel.view.reveal(bar_of(panel, order))
        other.presences.be_at(order, "editing")
        await until(lambda: bar_of(panel, order).watched == "editing")
        other.presences.be_at("", "looking")
        await until(lambda: bar_of(panel, order).watched is None)


async def test_whoever_moves_a_visit_on_the_board_works_on_its_order(
    city: City, loop: asyncio.AbstractEventLoop
) -> None:
    async with city.window() as window, city.sitting("lina") as other:
        panel = window.scheduling.board
        await until(lambda: panel.schedule.ready and panel.view.fitted)
        _technician, (order, _second) = await visits(panel)
        window.look_at(order)
        window.deck["take_visit"].trigger()
        await until(lambda: [each.doing for each in other.presences.at(order)] == ["editing"])
        assert other.presences.claim_of(order) is not None
        QTest.keyClick(panel.view, Qt.Key.Key_Escape)
        await until(lambda: [each.doing for each in other.presences.at(order)] == ["looking"])
        await until(lambda: other.presences.claim_of(order) is None)
