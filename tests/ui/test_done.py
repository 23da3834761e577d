"""Taking back and doing again: at any desk of the same person, after a restart, from the list and the timeline."""

from __future__ import annotations

import asyncio

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton

from dispatcher_app.client.outbox.seal import new_key
from dispatcher_app.client.session import Accepted, Session
from dispatcher_app.clock import new_id
from dispatcher_app.domain.command import AddNote, AssignTechnician, UnassignTechnician
from dispatcher_app.domain.order import Order
from dispatcher_app.domain.region import Staff
from tests.ui.window_desk import City, booking_like, orders_of, part, press, until
from ui.deed import deed
from ui.name import technician as name_of

CTRL, ALT, SHIFT = (
    Qt.KeyboardModifier.ControlModifier,
    Qt.KeyboardModifier.AltModifier,
    Qt.KeyboardModifier.ShiftModifier,
)


async def assigned(session: Session) -> tuple[str, str]:
    """An order of the test's own, given to somebody; with his name."""
    made = booking_like(session, (await orders_of(session))[0])
    assert isinstance(await session.submit(made).outcome, Accepted)
    found = await session.rank(made.order)
    best = found.eligible[0]
    command = AssignTechnician(order=made.order, technician=best.technician, start=best.start)
    answer = await session.submit(command).outcome
    assert isinstance(answer, Accepted), answer
    return made.order, name_of(session, best.technician)


def who_has(session: Session, order: str) -> str | None:
    found = session.get(Order, order)
    return found.technician if found is not None else None


async def test_what_was_done_at_one_desk_is_taken_back_and_done_again_at_another_and_after_a_restart(
    city: City, loop: asyncio.AbstractEventLoop
) -> None:
    async with city.sitting("wangfang") as one:
        order, who = await assigned(one)
        async with city.window() as window:
            there = window.session
            await until(lambda: (found := there.undoable()) and who in deed(there, found.commands[0]))
            await until(lambda: who in part(window, "undo").text())
            window.queue.table.setFocus()
            press(Qt.Key.Key_Z, CTRL | ALT)
            await until(lambda: who_has(one, order) is None)
            await until(lambda: who in part(window, "redo").text())
            press(Qt.Key.Key_Z, CTRL | ALT | SHIFT)
            await until(lambda: who_has(one, order) is not None and not window.session.link.waiting)
        # The window has gone with its desk; the first one learns that it can take the redone act back.
        await until(lambda: (found := one.undoable()) is not None and who in deed(one, found.commands[0]))
        one.reverse()
        await until(lambda: who_has(one, order) is None and not one.link.waiting)
    key, folder = new_key(), city.folder / new_id()
    async with city.sitting("wangfang", folder, key) as again:
        await until(lambda: again.undoable(redo=True) is not None)
        again.reverse(redo=True)
        await until(lambda: who_has(again, order) is not None and not again.link.waiting)


async def test_something_new_forgets_what_was_taken_back(city: City, loop: asyncio.AbstractEventLoop) -> None:
    async with city.sitting("wangfang") as one:
        order, _who = await assigned(one)
        one.reverse()
        assert one.undoable(redo=True) is not None
        await one.submit(AddNote(order=order, text="再打电话")).outcome
        assert one.undoable(redo=True) is None


async def test_the_list_says_who_did_what_and_why_it_stays_and_a_supervisor_takes_it_back(
    city: City, loop: asyncio.AbstractEventLoop
) -> None:
    async with city.sitting("lina") as colleague:
        order, who = await assigned(colleague)
        async with city.window() as window:
            window.look_at(order)
            window.queue.table.setFocus()
            press(Qt.Key.Key_U, CTRL)
            panel = part(window, "done_panel")
            QTest.mouseClick(part(window, "done_order"), Qt.MouseButton.LeftButton)
            await until(lambda: len(panel.acts) == 2)
            first = panel.list.shown[0]
            lina = window.session.get(Staff, "lina")
            assert lina is not None
            assert who in first.title
            assert first.detail == lina.name
            assert not part(window, "done_go").isEnabled()
            assert lina.name in part(window, "done_why").text()
        async with city.window("chenjing") as window:
            window.look_at(order)
            window.queue.table.setFocus()
            press(Qt.Key.Key_U, CTRL)
            panel = part(window, "done_panel")
            QTest.mouseClick(part(window, "done_order"), Qt.MouseButton.LeftButton)
            await until(lambda: len(panel.acts) == 2 and part(window, "done_go").isEnabled())
            QTest.mouseClick(part(window, "done_go"), Qt.MouseButton.LeftButton)
            await until(lambda: who_has(colleague, order) is None)
            await until(lambda: panel.acts[0].undone)


async def test_a_step_of_the_timeline_is_taken_back_beside_it_and_not_once_it_was_overtaken(
    city: City, loop: asyncio.AbstractEventLoop
) -> None:
    async with city.window() as window, city.sitting("lina") as colleague:
        order, _who = await assigned(window.session)
        window.look_at(order)
        timeline = window.inspector.timeline
        await until(lambda: timeline.findChildren(QPushButton, "undo_step"))
        link = timeline.findChildren(QPushButton, "undo_step")[0]
        link.click()
        await until(lambda: who_has(colleague, order) is None)
        await until(
            lambda: any(each.text() == "重做" for each in timeline.findChildren(QPushButton, "undo_step"))
        )
        colleague_sees = who_has(colleague, order)
        assert colleague_sees is None


async def test_why_an_overtaken_act_stays_is_told_and_nothing_else_is_lost(
    city: City, loop: asyncio.AbstractEventLoop
) -> None:
    async with city.sitting("wangfang") as one, city.sitting("lina") as other:
        order, _who = await assigned(one)
        await until(lambda: who_has(other, order) is not None)
        given = who_has(other, order)
        await other.submit(UnassignTechnician(order=order, from_technician=given or "")).outcome
        found = next(each for each in await one.done_acts(order=order) if each.command == "assign-technician")
        assert not found.able
        assert found.refusal is not None
        assert one.take_back(found).submission is None or who_has(one, order) is None
