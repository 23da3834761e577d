"""Two desks and one hour: what one keeps for its caller, the other sees and can't have."""

from __future__ import annotations

import asyncio
from dataclasses import replace

from PySide6.QtCore import Qt

from dispatcher_app.client.state import DoneAct
from dispatcher_app.clock import new_id
from dispatcher_app.domain.command import name_of
from dispatcher_app.domain.day import Day
from dispatcher_app.domain.order import Order
from dispatcher_app.domain.place import Point
from tests.ui.window_desk import City, press, until
from ui.window.main import MainWindow

SOMEWHERE = Point(121.5, 31.22)


async def at_the_windows(window: MainWindow, phone: str) -> None:
    """A call of somebody unknown about an air conditioner, up to the windows."""
    window.deck["book"].trigger()
    form, column = window.booking.form, window.booking.column
    form.change(phone=phone, name="Li Ming")
    await until(lambda: form.candidates is not None)
    item = next(each for each in form.items if "空调" in each.name)
    window.booking.start_with(item.id, item.faults[0].id)
    column.where.point_at(SOMEWHERE)
    await until(lambda: form.offered is not None)
    column.go(column.step("when"))


async def test_what_one_desk_keeps_the_other_sees_and_its_booking_takes(
    city: City, loop: asyncio.AbstractEventLoop
) -> None:
    async with city.window() as window, city.sitting("lina") as colleague:
        await at_the_windows(window, "19912345001")
        form = window.booking.form
        press(Qt.Key.Key_1)
        await until(lambda: form.promise.holding.until is not None and not form.promise.holding.asking)
        day, order = form.draft.held, form.draft.order
        await until(
            lambda: (there := colleague.get(Day, day)) is not None and there.hold_of(order) is not None
        )
        lines, place = form.promise._asked[:2]
        theirs = await colleague.windows(lines, place[0], place[1], "normal")
        assert any(each.held for each in theirs.windows)
        last = window.session.undoable()  # what somebody has done before stays what would be taken back
        assert last is None or "hold-window" not in {
            each.command if isinstance(each, DoneAct) else name_of(each) for each in last.commands
        }
        window.booking.book()
        await until(lambda: window.session.get(Order, order) is not None)
        await until(lambda: window.session.link.waiting == 0)
        made = window.session.get(Order, order)
        assert made is not None
        assert (made.tentative, made.provisional) == (day, False)
        await until(
            lambda: (there := colleague.get(Day, day)) is not None and there.stop_of(order) is not None
        )


async def test_an_hour_snatched_away_is_replaced_and_said(
    city: City, loop: asyncio.AbstractEventLoop
) -> None:
    async with city.window() as window, city.sitting("lina") as colleague:
        await at_the_windows(window, "19912345002")
        form = window.booking.form
        assert form.offered is not None
        before = form.offered.best[0]
        found = next(each for each in form.offered.windows if each.start == before.start)
        assert found.technician is not None
        assert found.at is not None
        form.change(window_start=found.start, window_end=found.end)
        wanted = form.promise._hour(found.technician, found.at)
        form.change(window_start=None, window_end=None)
        assert wanted is not None
        # The colleague's act reaches the server before this desk hears of it.
        other = colleague.submit(replace(wanted, order=new_id(), helpers=found.helpers))
        await other.outcome
        press(Qt.Key.Key_1)
        await until(lambda: form.promise.holding.until is not None and not form.promise.holding.asking)
        stop = form.promise.holding.stop
        assert stop is not None
        assert (form.promise.holding.day, stop.start) != (found.technician, found.at)
        assert form.draft.window_start is not None
        window.booking.park()
