"""The board without a mouse: walking, carrying, choosing several, and what is done to them in one act."""

from __future__ import annotations

import asyncio

import pytest
from PySide6.QtCore import Qt

from tests.ui.drag_desk import Desk, dragging_desk
from tests.ui.test_board_drag import told
from tests.ui.window_desk import City, part, until
from ui.notify import Notice

__all__ = ["told"]
CTRL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
Key = Qt.Key


def on(desk: Desk, at: int) -> str:
    """Put the keys on one of the visits."""
    desk.view.go_to(desk.bar(desk.orders[at]))
    return desk.orders[at]


def below(desk: Desk) -> str:
    """The technician on the row below the first one's."""
    rows = [row.technician for row in desk.view.schedule.rows if row.technician]
    return rows[rows.index(desk.li.id) + 1]


async def test_arrows_walk_visits_and_rows(city: City, loop: asyncio.AbstractEventLoop) -> None:
    async with dragging_desk(city, sent=3, waiting=0) as desk:
        on(desk, 0)
        chosen: list[str] = []
        desk.panel.order_chosen.connect(chosen.append)
        desk.key(Key.Key_Right)
        desk.key(Key.Key_Right)
        desk.key(Key.Key_Right)
        desk.key(Key.Key_Left)
        desk.key(Key.Key_Home)
        assert chosen == [desk.orders[1], desk.orders[2], desk.orders[1], desk.orders[0]]
        desk.key(Key.Key_Down)
        assert desk.view.current_technician() == below(desk)
        desk.key(Key.Key_Up)
        bar = desk.view.current_bar()
        assert bar is not None
        assert bar.technician == desk.li.id


async def test_space_takes_a_visit_arrows_carry_it_and_enter_puts_it_down(
    city: City, loop: asyncio.AbstractEventLoop
) -> None:
    async with dragging_desk(city) as desk:
        order = on(desk, 0)
        desk.key(Key.Key_Space)
        for _ in range(3):
            desk.key(Key.Key_Right)
        desk.key(Key.Key_Right, CTRL)
        assert desk.moving.hand.place == (desk.li.id, desk.at(10.75))
        await until(lambda: [each.code for each in desk.moving.hand.broken] == ["overlap"])
        desk.key(Key.Key_Down)
        assert desk.moving.hand.place == (below(desk), desk.at(10.75))
        desk.key(Key.Key_Up)
        desk.key(Key.Key_Left)
        desk.key(Key.Key_Left)
        desk.key(Key.Key_Left)
        await until(lambda: not desk.moving.hand.broken)
        desk.key(Key.Key_Return)
        assert desk.place(order) == (desk.li.id, 10)
        assert not desk.moving.hand.full
        await desk.settled(order)
        assert desk.order(order).steps[-1].params["from"] == desk.li.id


async def test_escape_puts_a_carried_visit_back(city: City, loop: asyncio.AbstractEventLoop) -> None:
    async with dragging_desk(city) as desk:
        order = on(desk, 0)
        desk.key(Key.Key_Space)
        desk.key(Key.Key_Right)
        desk.key(Key.Key_Escape)
        assert not desk.moving.hand.full
        assert desk.place(order) == (desk.li.id, 9)
        assert not desk.view.held


async def test_several_are_chosen_and_moved_in_one_act_with_one_undo(
    city: City, loop: asyncio.AbstractEventLoop, told: list[Notice]
) -> None:
    async with dragging_desk(city, sent=3, waiting=0) as desk:
        on(desk, 0)
        desk.key(Key.Key_Right, SHIFT)
        assert desk.moving.several.orders == tuple(desk.orders[:2])
        assert desk.view.several == frozenset(desk.orders[:2])
        desk.key(Key.Key_Space)
        desk.key(Key.Key_Right)
        desk.key(Key.Key_Right)
        desk.key(Key.Key_Return)
        assert [desk.place(each) for each in desk.orders] == [
            (desk.li.id, 9.5), (desk.li.id, 11.5), (desk.li.id, 13),
        ]  # fmt: skip
        assert not desk.moving.several.orders
        await desk.settled()
        undoable = desk.session.undoable()
        assert undoable is not None
        assert len(undoable.acts) == 1
        desk.session.undo_last()
        await until(
            lambda: [desk.place(each) for each in desk.orders[:2]] == [(desk.li.id, 9), (desk.li.id, 11)]
        )


async def test_a_swap_changes_technicians_and_hours_of_two(
    city: City, loop: asyncio.AbstractEventLoop
) -> None:
    async with dragging_desk(city, sent=2, waiting=1) as desk:
        one, other = desk.orders[0], desk.orders[2]
        desk.moving.assign([other], desk.wang.id, desk.at(15))
        assert desk.place(other) == (desk.wang.id, 15)
        desk.moving.swap([one, other])
        assert (desk.place(one), desk.place(other)) == ((desk.wang.id, 15), (desk.li.id, 9))
        await desk.settled()
        assert desk.order(one).technician == desk.wang.id


async def test_moving_by_minutes_asks_and_moves_all_chosen(
    city: City, loop: asyncio.AbstractEventLoop
) -> None:
    async with dragging_desk(city) as desk:
        desk.moving.ask_minutes(desk.orders[:2])
        assert desk.moving.ask.asks
        desk.moving.ask.minutes.setValue(45)
        part(desk.moving.ask, "board_go").click()
        assert [desk.place(each) for each in desk.orders[:2]] == [(desk.li.id, 9.75), (desk.li.id, 11.75)]


async def test_delete_takes_technicians_off_all_chosen(city: City, loop: asyncio.AbstractEventLoop) -> None:
    async with dragging_desk(city) as desk:
        on(desk, 0)
        desk.key(Key.Key_A, CTRL)
        assert set(desk.moving.several.orders) == set(desk.orders[:2])
        desk.key(Key.Key_Delete)
        await until(lambda: all(desk.order(each).status == "pending" for each in desk.orders[:2]))


async def test_a_row_that_cannot_be_moved_is_named_while_the_others_move(
    city: City, loop: asyncio.AbstractEventLoop, told: list[Notice]
) -> None:
    async with dragging_desk(city, sent=3, waiting=0) as desk:
        # The second would stand on the third, which stays.
        desk.moving.nudge(desk.orders[:2], 105)
        assert desk.place(desk.orders[1]) == (desk.li.id, 11)
        await until(lambda: any(each.kind == "warning" for each in told))


async def test_a_whole_day_goes_to_those_who_can_take_it(city: City, loop: asyncio.AbstractEventLoop) -> None:
    async with dragging_desk(city) as desk:
        desk.moving.share_day(desk.li)
        share = desk.moving.share
        assert share.isVisibleTo(desk.view)
        items = [share.list.item(row) for row in range(share.list.count())]
        next(item for item in items if item.text().startswith(desk.wang.name)).setCheckState(
            Qt.CheckState.Unchecked
        )
        mine = next(item for item in items if item.data(Qt.ItemDataRole.UserRole) == desk.wang.id)
        mine.setCheckState(Qt.CheckState.Checked)
        await until(lambda: part(share, "share_go").isEnabled())
        part(share, "share_go").click()
        assert [desk.place(each) for each in desk.orders[:2]] == [(desk.wang.id, 9), (desk.wang.id, 11)]
        await desk.settled(*desk.orders[:2])


async def test_an_order_looked_at_elsewhere_is_the_only_one_meant(
    city: City, loop: asyncio.AbstractEventLoop
) -> None:
    async with dragging_desk(city) as desk:
        on(desk, 0)
        desk.key(Key.Key_Right, SHIFT)
        desk.panel.show_order(desk.orders[2])
        assert not desk.moving.several.orders


@pytest.mark.parametrize("pinned", [True, False])
async def test_several_are_pinned_and_let_go_again(
    city: City, loop: asyncio.AbstractEventLoop, pinned: bool
) -> None:
    async with dragging_desk(city) as desk:
        desk.moving.pin(desk.orders[:2])
        await until(lambda: all(desk.bar(each).pinned for each in desk.orders[:2]))
        if not pinned:
            desk.moving.pin(desk.orders[:2])
            await until(lambda: not any(desk.bar(each).pinned for each in desk.orders[:2]))
