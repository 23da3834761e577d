"""Visits dragged on the board by mouse, on a real desk: what is told before, what happens then, and the way back."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator

import pytest
import shiboken6
from PySide6.QtCore import QMimeData, QObject, QPoint, QPointF, Qt
from PySide6.QtGui import QDrag, QDragEnterEvent, QDragLeaveEvent, QDragMoveEvent, QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from dispatcher_app.domain.command import AssignTechnician
from dispatcher_app.domain.order import Order
from tests.ui.drag_desk import Desk, dragging_desk, short_ones
from tests.ui.window_desk import City, part, until
from ui import dragging, name, notify
from ui.notify import Notice

pytestmark = pytest.mark.usefixtures("loop")


@pytest.fixture
def told(qapp: QApplication) -> Iterator[list[Notice]]:
    """What was said to the person."""
    said: list[Notice] = []
    notify.notifier().posted.connect(said.append)
    owner = QObject()
    notify.notifier().attach(owner, lambda _notice: None)
    yield said
    notify.notifier().posted.disconnect(said.append)
    shiboken6.delete(owner)  # or whoever speaks later would be heard by nobody


async def test_a_visit_dragged_to_another_row_and_hour_is_sent_there_and_comes_back_by_undo(
    city: City, loop: asyncio.AbstractEventLoop, told: list[Notice]
) -> None:
    async with dragging_desk(city) as desk:
        order = desk.orders[0]
        goal = await desk.drag(order, desk.wang, 14)
        desk.release(goal)
        assert desk.place(order) == (desk.wang.id, 14)  # shown at once, before the server has spoken
        assert desk.bar(order).pending
        await until(lambda: not desk.bar(order).pending)
        assert desk.order(order).technician == desk.wang.id
        assert not desk.view.held
        undo = next(each.offer for each in told if each.offer is not None)
        undo.run()
        await until(lambda: desk.place(order) == (desk.li.id, 9) and not desk.bar(order).pending)


async def test_escape_puts_a_dragged_visit_back_and_nothing_has_happened(
    city: City, loop: asyncio.AbstractEventLoop
) -> None:
    async with dragging_desk(city) as desk:
        order, steps = desk.orders[0], len(desk.order(desk.orders[0]).steps)
        goal = await desk.drag(order, desk.wang, 14)
        desk.key(Qt.Key.Key_Escape)
        assert not desk.moving.hand.full
        desk.release(goal)
        assert desk.place(order) == (desk.li.id, 9)
        assert len(desk.order(order).steps) == steps


async def test_a_hard_rule_shows_its_reason_and_refuses_the_drop(
    city: City, loop: asyncio.AbstractEventLoop, told: list[Notice]
) -> None:
    async with dragging_desk(city) as desk:
        order = desk.orders[0]
        goal = await desk.drag(order, desk.li, 10.75)  # over the second one, which begins at eleven
        assert [each.code for each in desk.moving.hand.broken] == ["overlap"]
        assert desk.view.viewport().cursor().shape() is Qt.CursorShape.ForbiddenCursor
        assert any(line.token == "red" for line in desk.moving.ghosts.lines())
        desk.release(goal)
        assert desk.place(order) == (desk.li.id, 9)
        assert not desk.moving.ask.asks
        assert [each.kind for each in told] == ["warning"]


async def test_a_supervisor_is_asked_for_the_reason_in_a_line_and_it_stays_with_the_order(
    city: City, loop: asyncio.AbstractEventLoop
) -> None:
    async with dragging_desk(city, "chenjing") as desk:
        order = desk.orders[0]
        goal = await desk.drag(order, desk.li, 10.75)
        assert desk.view.viewport().cursor().shape() is not Qt.CursorShape.ForbiddenCursor
        desk.release(goal)
        ask = desk.moving.ask
        assert ask.asks
        assert desk.place(order) == (desk.li.id, 9)
        ask.reason.setText("同一个小区")
        ask.reason.returnPressed.emit()
        assert desk.place(order) == (desk.li.id, 10.75)
        await until(lambda: not desk.bar(order).pending)
        step = desk.order(order).steps[-1]
        assert (step.params["override"], step.params["despite"][0]) == (True, "overlap")
        notes = await desk.session.notes_of(order)
        assert [note.text for note in notes][-1] == "同一个小区"


async def test_leaving_the_question_leaves_the_visit_where_it_was(
    city: City, loop: asyncio.AbstractEventLoop
) -> None:
    async with dragging_desk(city, "chenjing") as desk:
        order = desk.orders[0]
        goal = await desk.drag(order, desk.li, 10.75)
        desk.release(goal)
        held = desk.moving.hand.place
        desk.lead(goal + QPoint(80, 0), desk.spot(desk.wang, desk.at(15)))
        assert desk.moving.hand.place == held  # what is asked about does not move under the question
        desk.moving.ask.step_back()
        assert not desk.moving.hand.full
        assert desk.place(order) == (desk.li.id, 9)


async def test_a_move_out_of_the_promised_window_is_never_silent(
    city: City, loop: asyncio.AbstractEventLoop
) -> None:
    async with dragging_desk(city) as desk:
        order = desk.orders[0]
        wanted: list[tuple[object, ...]] = []
        desk.moving.change_wanted.connect(lambda *asked: wanted.append(asked))
        for answer in ("board_go", "board_also"):
            desk.release(await desk.drag(order, desk.wang, 17.5))
            assert desk.moving.ask.asks
            assert desk.place(order) == (desk.li.id, 9)
            part(desk.moving.ask, answer).click()
        (asked,) = wanted
        assert (asked[0], asked[2]) == (order, (desk.wang.id, desk.at(17.5)))
        assert desk.place(order) == (desk.wang.id, 17.5)
        await until(lambda: not desk.bar(order).pending)
        assert "outside_window" in desk.order(order).steps[-1].params["despite"]


async def test_an_order_dragged_from_the_lanes_is_sent_and_one_dragged_into_them_is_taken_off(
    city: City, loop: asyncio.AbstractEventLoop
) -> None:
    async with dragging_desk(city) as desk:
        order = desk.orders[2]
        assert desk.bar(order).technician == ""
        desk.view.reveal(desk.bar(order))
        desk.release(await desk.drag(order, desk.wang, 13))
        assert desk.place(order) == (desk.wang.id, 13)
        await until(lambda: not desk.bar(order).pending)
        grip, lanes = desk.grip(order), desk.view.lanes_body().center()
        desk.press(grip)
        desk.lead(grip + QPoint(20, 0), lanes)
        assert desk.moving.hand.off
        desk.release(lanes)
        assert desk.place(order) is None
        await until(lambda: desk.order(order).status == "pending" and not desk.bar(order).pending)


async def test_orders_from_another_panel_drop_on_the_board_and_go_away_when_led_out(
    city: City, loop: asyncio.AbstractEventLoop
) -> None:
    async with dragging_desk(city, waiting=2) as desk:
        mime = dragging.mime_of(desk.orders[2:])
        where = desk.spot(desk.wang, desk.at(13))
        assert enter(desk, mime, where)
        await until(lambda: desk.moving.hand.reckoned)
        QApplication.sendEvent(desk.view.viewport(), QDragLeaveEvent())
        assert not desk.moving.hand.full
        assert enter(desk, mime, where)
        await until(lambda: desk.moving.hand.reckoned)
        sent = desk.moving.hand.places
        assert {technician for technician, _ in sent.values()} == {desk.wang.id}
        drop(desk, mime, where)
        await until(lambda: all(desk.place(order) for order in desk.orders[2:]))
        starts = sorted(start for _, start in sent.values())
        assert sorted(desk.bar(order).start for order in desk.orders[2:]) == starts
        assert starts[1] - starts[0] >= desk.bar(desk.orders[2]).end - desk.bar(desk.orders[2]).start


def enter(desk: Desk, mime: QMimeData, where: QPoint) -> bool:
    """A drag comes over the board."""
    event = QDragEnterEvent(
        where, Qt.DropAction.MoveAction, mime, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    )
    QApplication.sendEvent(desk.view.viewport(), event)
    if not event.isAccepted():
        return False
    onward = QDragMoveEvent(
        where, Qt.DropAction.MoveAction, mime, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    )
    QApplication.sendEvent(desk.view.viewport(), onward)
    return True


def drop(desk: Desk, mime: QMimeData, where: QPoint) -> None:
    """The drag is let go of."""
    event = QDropEvent(
        QPointF(where),
        Qt.DropAction.MoveAction,
        mime,
        Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
    )
    QApplication.sendEvent(desk.view.viewport(), event)


async def test_what_is_no_order_is_not_taken(city: City, loop: asyncio.AbstractEventLoop) -> None:
    async with dragging_desk(city, sent=1, waiting=0) as desk:
        mime = QMimeData()
        mime.setText("https://example.invalid")
        assert dragging.orders_in(mime) == ()
        assert not enter(desk, mime, desk.spot(desk.wang, desk.at(13)))
        assert not desk.moving.hand.full


async def test_at_the_edge_the_board_comes_along_while_something_is_dragged(
    city: City, loop: asyncio.AbstractEventLoop
) -> None:
    async with dragging_desk(city) as desk:
        desk.view.zoom(4.0, desk.view.x_of(desk.at(9.5)))
        await desk.drag(desk.orders[0], desk.li, 9.25)
        across = desk.view.horizontalScrollBar()
        before, start = across.value(), desk.moving.hand.place
        desk.lead(QPoint(desk.view.body().right() - 4, desk.spot(desk.li, desk.at(9)).y()))
        await until(lambda: across.value() > before + 100)
        place = desk.moving.hand.place
        assert place is not None
        assert start is not None
        assert place[1] > start[1]
        desk.key(Qt.Key.Key_Escape)


async def test_what_a_colleague_does_meanwhile_is_not_overwritten_unseen(
    city: City, loop: asyncio.AbstractEventLoop, told: list[Notice]
) -> None:
    async with dragging_desk(city) as desk, city.sitting("lina") as other:
        order = desk.orders[0]
        await until(
            lambda: (found := other.get(type(desk.order(order)), order)) is not None and found.technician
        )
        await desk.drag(order, desk.wang, 14)
        moved = AssignTechnician(
            order=order, technician=desk.li.id, from_technician=desk.li.id, start=desk.at(15)
        )
        await other.submit(moved).outcome
        await until(lambda: desk.place(order) == (desk.li.id, 15))
        assert desk.moving.hand.place == (desk.wang.id, desk.at(14))
        desk.moving.drop()
        assert desk.place(order) == (desk.li.id, 15)
        assert told[-1].kind == "warning"


async def test_a_colleagues_visit_where_one_drags_is_seen_by_the_ghost_at_once(
    city: City, loop: asyncio.AbstractEventLoop
) -> None:
    async with dragging_desk(city) as desk, city.sitting("lina") as other:
        order, waiting = desk.orders[0], desk.orders[2]
        await until(lambda: other.get(Order, waiting) is not None)
        await desk.drag(order, desk.wang, 14)
        assert desk.moving.hand.broken == ()
        given = AssignTechnician(order=waiting, technician=desk.wang.id, start=desk.at(14))
        await other.submit(given).outcome
        await until(lambda: [each.code for each in desk.moving.hand.broken] == ["overlap"])
        desk.key(Qt.Key.Key_Escape)


async def test_a_row_of_the_queue_is_dragged_out_with_its_order(
    city: City, loop: asyncio.AbstractEventLoop, monkeypatch: pytest.MonkeyPatch
) -> None:
    carried: list[tuple[str, ...]] = []

    def let_go(drag: QDrag, _action: Qt.DropAction) -> Qt.DropAction:
        carried.append(dragging.orders_in(drag.mimeData()))
        return Qt.DropAction.IgnoreAction

    monkeypatch.setattr(QDrag, "exec", let_go)

    async with city.window() as window:
        table = window.queue.table
        where = table.visualRect(table.model().index(2, 0)).center()
        QTest.mousePress(table.viewport(), Qt.MouseButton.LeftButton, pos=where)
        QTest.mouseMove(table.viewport(), where + QPoint(40, 5))
        assert carried == [(window.queue.model.id_at(2),)]
        QTest.mouseRelease(table.viewport(), Qt.MouseButton.LeftButton, pos=where)
        assert table.currentIndex().row() == 2


async def test_several_chosen_with_the_mouse_are_dragged_together(
    city: City, loop: asyncio.AbstractEventLoop
) -> None:
    async with dragging_desk(city, sent=2, waiting=0) as desk:
        for order in desk.orders:
            desk.press(desk.grip(order), Qt.KeyboardModifier.ControlModifier)
            desk.release(desk.grip(order))
        assert desk.moving.several.orders == tuple(desk.orders)
        desk.release(await desk.drag(desk.orders[0], desk.wang, 9.5))
        assert [desk.place(each) for each in desk.orders] == [(desk.wang.id, 9.5), (desk.wang.id, 11.5)]
        await desk.settled()
        assert {desk.order(each).technician for each in desk.orders} == {desk.wang.id}


async def test_whom_a_drop_would_make_late_is_named_before(
    city: City, loop: asyncio.AbstractEventLoop
) -> None:
    async with dragging_desk(city, sent=1, waiting=1) as desk:
        (tight,) = await short_ones(desk.session, 1, desk.date, 11)
        given = AssignTechnician(order=tight, technician=desk.wang.id, start=desk.at(11))
        await desk.session.submit(given).outcome
        await until(lambda: desk.place(tight) == (desk.wang.id, 11))
        # An hour's work from ten, and the drive after it: the next one begins after what was promised.
        order = desk.orders[0]
        await desk.drag(order, desk.wang, 10 + (60 - desk.order(order).minutes_left) / 60)
        await until(lambda: [each.order for each in desk.moving.hand.found[order].unkept] == [tight])
        shifted = desk.moving.hand.found[order].shifted
        assert [each.order for each in shifted] == [tight]
        red = [line.text for line in desk.moving.ghosts.lines() if line.token == "red"]
        assert red
        assert name.short_order(desk.session, tight) in red[0]
        assert str(shifted[0].minutes) in red[0]
        picture = desk.view.viewport().grab().toImage()
        desk.key(Qt.Key.Key_Escape)
        assert desk.view.viewport().grab().toImage() != picture


async def test_a_visit_of_two_taken_at_the_row_of_whoever_comes_along_moves_with_both(
    city: City, loop: asyncio.AbstractEventLoop
) -> None:
    async with dragging_desk(city, sent=1, waiting=0) as desk:
        order = desk.orders[0]
        together = AssignTechnician(
            order=order,
            technician=desk.li.id,
            from_technician=desk.li.id,
            start=desk.at(9),
            helpers=(desk.wang.id,),
        )
        await desk.session.submit(together).outcome
        await until(lambda: any(bar.order == order for bar in desk.view.schedule.bars(desk.wang.id)))
        (bar,) = [bar for bar in desk.view.schedule.bars(desk.wang.id) if bar.order == order]
        grip = desk.view.rect_of(bar).center()
        desk.press(grip)
        onward = desk.view.x_of(desk.at(10)) - desk.view.x_of(desk.at(9))
        desk.lead(grip + QPoint(20, 0), grip + QPoint(onward, 0))
        assert desk.moving.hand.place == (desk.li.id, desk.at(10))
        desk.release(grip + QPoint(onward, 0))
        await until(lambda: desk.order(order).steps[-1].params.get("start") == desk.at(10))
        assert (desk.order(order).technician, desk.order(order).helpers) == (desk.li.id, (desk.wang.id,))
