"""The board: what lies under the mouse, what a click chooses, and that nothing moves while somebody looks."""

from __future__ import annotations

import asyncio
from dataclasses import replace

from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from dispatcher_app.clock import new_id
from dispatcher_app.domain.command import PinVisit, SaveTechnician, UnassignTechnician
from tests.ui.board_desk import City, bar_of, board, click, middle, shown, until, visits
from tests.ui.plan_desk import promised, tomorrow
from ui.board.view import BoardView


def turn(view: BoardView, where: QPoint, notches: int, keys: Qt.KeyboardModifier) -> None:
    event = QWheelEvent(
        QPointF(where), QPointF(view.viewport().mapToGlobal(where)), QPoint(), QPoint(0, 120 * notches),
        Qt.MouseButton.NoButton, keys, Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip
    QApplication.sendEvent(view.viewport(), event)


async def test_every_visit_in_sight_lies_where_the_board_says(
    city: City, loop: asyncio.AbstractEventLoop
) -> None:
    async with board(city) as panel:
        await visits(panel)
        view = panel.view
        found = [bar for bar in view.bars_in_sight() if view.body().contains(view.rect_of(bar))]
        assert found
        for bar in found:
            hit = view.bar_at(view.rect_of(bar).center())
            assert hit is not None
            assert hit.order == bar.order
            assert view.row_at(view.rect_of(bar).center()) == bar.technician
            assert abs(view.moment_at(view.rect_of(bar).topLeft()) - bar.start) < 60_000
        nowhere = QPoint(view.body().right(), view.body().top() + 1)
        assert view.bar_at(nowhere) is None or view.rect_of(view.bar_at(nowhere)).contains(nowhere)  # type: ignore[arg-type]


async def test_zooming_keeps_the_moment_under_the_mouse(city: City, loop: asyncio.AbstractEventLoop) -> None:
    async with board(city) as panel:
        view = panel.view
        where = view.body().center() + QPoint(120, 0)
        at, wide = view.moment_at(where), view.axis.hour_px
        for notches in (2, 3, -1):
            turn(view, where, notches, Qt.KeyboardModifier.ControlModifier)
            assert abs(view.moment_at(where) - at) < 2 * 3_600_000 / view.axis.hour_px
        assert view.axis.hour_px > wide
        view.setFocus()
        QTest.keyClick(view, Qt.Key.Key_Minus)
        assert view.axis.hour_px < wide * 1.25**4


async def test_a_click_chooses_a_visit_or_a_technician_and_a_double_click_opens_it(
    city: City, loop: asyncio.AbstractEventLoop
) -> None:
    async with board(city) as panel:
        technician, orders = await visits(panel)
        view = panel.view
        told: list[tuple[str, str]] = []
        for name in ("order_chosen", "order_opened", "technician_chosen", "technician_opened"):
            getattr(panel, name).connect(lambda id, name=name: told.append((name, id)))
        bar = bar_of(panel, orders[0])
        view.reveal(bar)
        click(view, middle(view, bar))
        assert told[-1] == ("order_chosen", orders[0])
        assert view.current_bar() == bar
        assert technician.name in view.accessibleDescription()
        click(view, middle(view, bar), double=True)
        assert told[-1] == ("order_opened", orders[0])
        y = view.y_of(technician.id)
        assert y is not None
        click(view, QPoint(60, y + 10))
        assert told[-1] == ("technician_chosen", technician.id) or view.current_technician() == technician.id
        click(view, QPoint(60, y + 10), double=True)
        assert told[-1] == ("technician_opened", technician.id)


async def test_what_another_desk_does_appears_by_itself_and_only_its_row_is_painted_anew(
    city: City, loop: asyncio.AbstractEventLoop
) -> None:
    async with board(city) as panel, city.sitting("wangfang") as other:
        technician, orders = await visits(panel, days=2)
        touched: list[frozenset[str]] = []
        panel.schedule.touched.connect(touched.append)
        await other.submit(PinVisit(order=orders[0], pinned=True)).outcome
        await until(lambda: bar_of(panel, orders[0]).pinned)
        assert {id for ids in touched for id in ids} == {technician.id}


async def test_what_is_done_here_is_painted_at_once_and_marked_until_the_server_has_said_so(
    city: City, loop: asyncio.AbstractEventLoop
) -> None:
    async with board(city) as panel:
        technician, orders = await visits(panel, days=3)
        sent = panel.schedule.session.submit(PinVisit(order=orders[0], pinned=True))
        panel.schedule.look_again([orders[0]], [technician.id])
        bar = bar_of(panel, orders[0])
        assert bar.pinned
        assert bar.pending
        await sent.outcome
        await until(lambda: not bar_of(panel, orders[0]).pending)
        assert bar_of(panel, orders[0]).pinned


async def test_an_older_answer_of_the_local_copy_takes_nothing_back_that_was_just_done(
    city: City, loop: asyncio.AbstractEventLoop
) -> None:
    async with board(city) as panel:
        technician, orders = await visits(panel, days=9)
        seen: list[bool] = []
        panel.schedule.loaded.connect(lambda: seen.append(bar_of(panel, orders[0]).pinned))
        panel.schedule.touched.connect(lambda _who: seen.append(bar_of(panel, orders[0]).pinned))
        panel.schedule.reload()  # on its way while something is done
        sent = panel.schedule.session.submit(PinVisit(order=orders[0], pinned=True))
        panel.schedule.look_again([orders[0]], [technician.id])
        await sent.outcome
        await until(lambda: not bar_of(panel, orders[0]).pending)
        assert len(seen) > 1
        assert all(seen)


async def test_whoever_loses_his_technician_waits_in_the_lanes_and_comes_back_from_there(
    city: City, loop: asyncio.AbstractEventLoop
) -> None:
    async with board(city) as panel:
        technician, orders = await visits(panel, days=4)
        before = sum(len(lane) for lane in panel.schedule.lanes)
        command = UnassignTechnician(order=orders[0], from_technician=technician.id)
        session = panel.schedule.session
        await session.submit(command).outcome
        await until(lambda: bar_of(panel, orders[0]).technician == "")
        assert sum(len(lane) for lane in panel.schedule.lanes) == before + 1
        assert bar_of(panel, orders[0]).state == "waiting"
        session.undo_last()
        await until(lambda: bar_of(panel, orders[0]).technician == technician.id)
        assert sum(len(lane) for lane in panel.schedule.lanes) == before


async def test_somebody_new_in_the_list_moves_no_row_that_is_looked_at(
    city: City, loop: asyncio.AbstractEventLoop
) -> None:
    async with board(city, (1200, 400)) as panel, city.sitting("chenjing") as other:
        view = panel.view
        down = view.verticalScrollBar()
        down.setValue(down.maximum() // 2)
        first = view.row_at(QPoint(10, view.body().top() + 1))
        assert first is not None
        y = view.y_of(first)
        known = panel.schedule.technicians[first]
        made = replace(known, id=new_id(), version=0, name="阿一", phone_mask="", portrait=None)
        other.submit(SaveTechnician(technician=made, phone="13900001111"))
        await until(lambda: panel.schedule.row_of(made.id) >= 0)
        assert panel.schedule.row_of(made.id) < panel.schedule.row_of(first)
        assert view.y_of(first) == y


def test_an_order_chosen_elsewhere_is_scrolled_to_only_if_it_is_out_of_sight_and_nobody_drags(
    city: City, loop: asyncio.AbstractEventLoop
) -> None:
    async def story() -> None:
        async with board(city, (1200, 400)) as panel:
            technician, orders = await visits(panel, days=5)
            view = panel.view
            down = view.verticalScrollBar()

            def far() -> int:
                return (
                    down.maximum()
                    if panel.schedule.row_of(technician.id) < len(panel.schedule.rows) / 2
                    else 0
                )

            down.setValue(far())
            view.held = True
            view.show_order(orders[0])
            assert down.value() == far()
            view.held = False
            view.show_order(orders[1])
            view.show_order(orders[0])
            assert view.body().contains(view.rect_of(bar_of(panel, orders[0])))
            assert view.body().contains(view.rect_of(bar_of(panel, orders[1])))
            here = down.value(), view.horizontalScrollBar().value()
            view.show_order(orders[1])
            assert (down.value(), view.horizontalScrollBar().value()) == here

    loop.run_until_complete(story())


async def test_groups_fold_by_a_click_and_filters_keep_what_was_chosen(
    city: City, loop: asyncio.AbstractEventLoop
) -> None:
    async with board(city) as panel:
        view, schedule = panel.view, panel.schedule
        everybody = len(schedule.rows)
        panel.choosing.restore("district", "name")
        group = schedule.rows[0]
        assert group.technician == ""
        assert len([row for row in schedule.rows if row.technician]) == everybody
        click(view, QPoint(40, view.body().top() + 5))
        assert schedule.rows[0].folded
        assert schedule.rows[1].technician == ""
        click(view, QPoint(40, view.body().top() + 5))
        somebody = schedule.rows[1].technician
        view.go_to_row(somebody)
        panel.choosing.search.setText("nobody of that name")
        await until(lambda: not schedule.rows)
        panel.choosing.search.clear()
        await until(lambda: schedule.row_of(somebody) >= 0)
        assert view.current_technician() == somebody


async def test_the_lanes_fold_and_open_by_their_title(city: City, loop: asyncio.AbstractEventLoop) -> None:
    async with board(city) as panel:
        view = panel.view
        top = view.body().top()
        title = QPoint(40, view.lanes_body().top() - 5)
        click(view, title)
        assert not view.lanes_shown
        assert view.body().top() < top
        click(view, title)
        assert view.body().top() == top


async def test_lanes_take_no_more_room_than_there_are_and_rows_stay_when_another_order_comes(
    city: City, loop: asyncio.AbstractEventLoop
) -> None:
    async with board(city) as panel:
        view = panel.view
        date = tomorrow(panel.schedule.session, 12)
        panel.dates.go(date)
        await until(lambda: panel.schedule.ready and panel.schedule.dates == (date,))
        top = view.body().top()
        lanes = min(max(len(panel.schedule.lanes), 1), view.lanes_rows)
        assert view.lanes_body().height() == lanes * view.layout_.lane
        (order,) = await promised(panel.schedule.session, 1, date)
        await until(lambda: panel.schedule.find(order))
        assert view.body().top() == top


async def test_three_days_stand_side_by_side_and_each_begins_at_its_midnight(
    city: City, loop: asyncio.AbstractEventLoop
) -> None:
    async with board(city) as panel:
        technician, orders = await visits(panel, days=6)
        date = panel.dates.first
        panel.dates.go(panel.schedule.dates[0])
        panel.dates.step(-1)
        panel.dates.toggle_days()
        await until(lambda: panel.schedule.ready and panel.schedule.find(orders[0]))
        assert panel.schedule.dates[1] == date
        assert bar_of(panel, orders[0]).technician == technician.id
        assert len(panel.view.axis.dates) == 3


async def test_without_anybody_who_fits_the_board_says_what_to_do(
    city: City, loop: asyncio.AbstractEventLoop
) -> None:
    async with city.sitting("wangfang") as session, shown(session) as panel:
        panel.choosing.search.setText("zzzz")
        await until(lambda: not panel.view.isVisible())
        panel.choosing.clear()
        await until(lambda: panel.view.isVisible())
