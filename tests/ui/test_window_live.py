"""The main window in the practice city, by keys, with a colleague at a second desk."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QApplication, QLabel, QWidget

from dispatcher_app import text
from dispatcher_app.client.state import Accepted
from dispatcher_app.domain.command import AssignTechnician, UnassignTechnician
from dispatcher_app.domain.order import Order
from dispatcher_app.text import has_cjk
from tests.ui.window_desk import City, booking_like, orders_of, part, press, until
from ui.palette import DISABLED_REASON
from ui.window.main import MainWindow

CTRL = Qt.KeyboardModifier.ControlModifier
ALT = Qt.KeyboardModifier.AltModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier


def order_in_hand(window: MainWindow) -> Order:
    order = window.inspector.order
    assert order is not None
    return order


def another(window: MainWindow, before: str | None) -> bool:
    return window.inspector.order_id != before


async def choose(window: MainWindow, row: int) -> str:
    """The caret on a row of the queue, by keys."""
    window.queue.table.setFocus()
    window.queue.table.setCurrentIndex(window.queue.model.index(row, 0))
    id = window.queue.table.current_id()
    assert id is not None
    assert window.inspector.order_id == id
    return id


async def test_the_row_and_the_caret_stay_while_two_hundred_orders_come_in(
    city: City, loop: asyncio.AbstractEventLoop
) -> None:
    async with city.window() as window, city.sitting("lina") as colleague:
        last = window.queue.model.rowCount() - 1
        chosen = await choose(window, last - 5)
        table = window.queue.table
        table.scrollTo(window.queue.model.index(last, 0), table.ScrollHint.PositionAtBottom)
        row = window.queue.model.row_of(chosen)
        before = table.rowViewportPosition(row)
        press(Qt.Key.Key_N, CTRL | SHIFT)
        note = part(window, "note_field")
        note.setText("客户说下午在家")
        note.setCursorPosition(3)
        known = window.queue.model.rowCount()
        like = (await orders_of(colleague))[0]
        for _ in range(200):
            # What is urgent comes in far above what is seen.
            colleague.submit(replace(booking_like(colleague, like), urgency="emergency"))
        await until(lambda: window.queue.model.rowCount() == known + 200)
        assert table.current_id() == chosen
        assert table.rowViewportPosition(window.queue.model.row_of(chosen)) == before
        assert (note.text(), note.cursorPosition()) == ("客户说下午在家", 3)
        assert note.hasFocus()
        pill = part(window, "queue_pill_above")
        await until(lambda: "200" in pill.text() and pill.isVisible())
        pill.click()
        await until(lambda: "200" not in pill.text())


async def test_f3_and_enter_assign_and_undo_takes_it_back(
    city: City, loop: asyncio.AbstractEventLoop
) -> None:
    async with city.window() as window:
        for row in range(window.queue.model.rowCount()):
            chosen = await choose(window, row)
            await until(lambda: window.inspector.ranked.answered)
            if window.inspector.ranked.list.model().rowCount():
                break
        press(Qt.Key.Key_F3)
        assert part(window, "candidates").hasFocus()
        press(Qt.Key.Key_Return)
        assert order_in_hand(window).status == "accepted"
        assert window.inspector.order_id == chosen
        await until(lambda: window.queue.model.row_of(chosen) < 0)
        assert window.inspector.order_id == chosen  # the row has left the view, the order stays in sight
        assert order_in_hand(window).number.rpartition("-")[2] in part(window, "undo").text()
        press(Qt.Key.Key_Z, CTRL | ALT)
        await until(lambda: order_in_hand(window).status == "pending")
        await until(lambda: window.queue.model.row_of(chosen) >= 0)


async def test_an_appointment_moves_only_with_consent_and_the_reason_is_said_in_the_form(
    city: City, loop: asyncio.AbstractEventLoop
) -> None:
    async with city.window() as window:
        await choose(window, 3)
        before = order_in_hand(window).window
        press(Qt.Key.Key_F4)
        form = part(window, "form_change_appointment")
        await until(lambda: form.windows.count() > 2)
        while form.chosen in (before, None):
            press(Qt.Key.Key_Down)
        press(Qt.Key.Key_Return, CTRL)
        assert part(form, "form_error").isVisible()
        assert order_in_hand(window).window == before
        part(form, "consent").setChecked(True)
        press(Qt.Key.Key_Return, CTRL)
        await until(lambda: order_in_hand(window).window != before)


async def test_escape_leaves_a_question_and_comes_back_to_what_was_typed(
    city: City, loop: asyncio.AbstractEventLoop
) -> None:
    async with city.window() as window:
        await choose(window, 2)
        press(Qt.Key.Key_X, CTRL | SHIFT)
        form = part(window, "form_cancel")
        form.reason.setCurrentIndex(4)
        press(Qt.Key.Key_Escape)
        assert not form.isVisible()
        assert window.queue.table.hasFocus()
        press(Qt.Key.Key_X, CTRL | SHIFT)
        assert part(window, "form_cancel").reason.currentIndex() == 4
        press(Qt.Key.Key_Return, CTRL)
        await until(lambda: order_in_hand(window).status == "cancelled")


async def test_letters_are_no_commands(city: City, loop: asyncio.AbstractEventLoop) -> None:
    async with city.window() as window:
        chosen = await choose(window, 1)
        before = window.session.get(Order, chosen)
        for key in (Qt.Key.Key_A, Qt.Key.Key_C, Qt.Key.Key_X, Qt.Key.Key_1, Qt.Key.Key_Space):
            press(key)
        assert window.queue.table.current_id() == chosen
        assert window.session.get(Order, chosen) == before
        assert window.session.link.waiting == 0


async def test_search_finds_in_all_orders_and_escape_brings_the_view_back(
    city: City, loop: asyncio.AbstractEventLoop
) -> None:
    async with city.window() as window:
        wanted = (await orders_of(window.session, "all"))[-1]
        row = window.session.order_row(wanted)
        assert row is not None
        press(Qt.Key.Key_F, CTRL)
        window.topbar.search.setText(row.number)
        await until(lambda: window.queue.model.row_of(wanted) == 0 and window.queue.model.rowCount() == 1)
        window.topbar.search.setText("没有这样的订单")
        await until(lambda: window.queue.model.rowCount() == 0)
        ask = part(window, "search_server")
        assert ask.isVisible()
        ask.click()
        await until(lambda: not ask.isVisible())
        press(Qt.Key.Key_Escape)
        await until(lambda: window.queue.model.rowCount() > 1)
        assert window.queue.query.view == "pending"


async def test_f8_goes_from_one_exception_to_the_next(city: City, loop: asyncio.AbstractEventLoop) -> None:
    async with city.window() as window:
        seen = []
        for _ in range(3):
            before = window.inspector.order_id
            press(Qt.Key.Key_F8)
            await until(partial(another, window, before))
            seen.append(window.inspector.order_id)
        assert len(set(seen)) == 3
        await until(lambda: window.queue.table.current_id() == seen[-1])


async def test_two_desks_assign_at_once_and_one_gets_a_card_with_who_and_when(
    city: City, loop: asyncio.AbstractEventLoop
) -> None:
    async with city.window() as window, city.sitting("lina") as colleague:
        session = window.session
        for order in await orders_of(session):
            found = (await session.rank(order)).eligible
            if len(found) > 1:
                break
        theirs = colleague.submit(
            AssignTechnician(order=order, technician=found[0].technician, start=found[0].start)
        )
        ours = session.submit(
            AssignTechnician(order=order, technician=found[1].technician, start=found[1].start)
        )
        outcomes = await asyncio.gather(theirs.outcome, ours.outcome)
        loser, winner = (colleague, session) if isinstance(outcomes[1], Accepted) else (session, colleague)
        await until(lambda: loser.parked)
        if loser is session:
            await until(window.attention.isVisible)
            card = part(window, "conflict_card")
            assert winner.staff.name in card.accessibleName()
            focus = QApplication.focusWidget()
            assert focus is None or not window.attention.isAncestorOf(focus)
            part(card, "conflict_take_over").click()
            await until(lambda: not session.parked)
            await until(
                lambda: (session.get(Order, order) or order_in_hand(window)).technician == found[1].technician
            )
        else:
            act = loser.parked[0]
            loser.discard(act.act)
            await until(lambda: not loser.parked)


async def test_the_counter_books_but_does_not_assign_and_hears_why(
    city: City, loop: asyncio.AbstractEventLoop
) -> None:
    async with city.window("zhaomin") as window:
        await choose(window, 0)
        assert window.deck["book"].isEnabled()
        assign = window.deck["assign"]
        assert not assign.isEnabled()
        assert "主管" in assign.property(DISABLED_REASON)
        assert not window.inspector.ranked.isVisible()


async def test_the_wall_reads_only(city: City, loop: asyncio.AbstractEventLoop) -> None:
    async with city.window("wall") as window:
        await choose(window, 0)
        doing = [action for action in window.deck.of("order") if action.isEnabled()]
        assert [action.objectName() for action in doing] == ["copy_number"]
        assert not window.deck["book"].isEnabled()


async def test_english_windows_hold_no_chinese_but_names(city: City, loop: asyncio.AbstractEventLoop) -> None:
    text.use("en")
    async with city.window() as window:
        said_of_people = {window.deck[id] for id in ("undo", "redo")}
        actions = [each.text() for each in window.findChildren(QAction) if each not in said_of_people]
        assert [said for said in actions if has_cjk(said)] == ["中文 / English"]
        labels = [label.text() for label in window.topbar.findChildren(QLabel)]
        assert not [said for said in labels if has_cjk(said)]


async def test_at_a_small_size_the_order_is_a_drawer_and_eighteen_rows_are_seen(
    city: City, loop: asyncio.AbstractEventLoop
) -> None:
    async with city.window(size=(1366, 768)) as window:
        assert window.drawer
        assert not window.inspector.isVisible()
        table = window.queue.table
        assert table.viewport().height() // table.rowHeight(0) >= 18
        await choose(window, 0)
        press(Qt.Key.Key_Return)
        assert window.inspector.isVisible()
        press(Qt.Key.Key_Escape)
        assert not window.inspector.isVisible()
        assert table.hasFocus()


async def test_unassigning_somebody_who_is_not_there_is_said_beside_the_buttons(
    city: City, loop: asyncio.AbstractEventLoop
) -> None:
    async with city.window() as window:
        chosen = await choose(window, 0)
        window.deck.submitted.emit("unassign", UnassignTechnician(order=chosen, from_technician="nobody"))
        said: QWidget = part(window, "order_error")
        assert said.isVisible()
