"""Hours, leave and orders given from the calendar: what is said before, what is saved, and the way back."""

from __future__ import annotations

import asyncio
from datetime import date as calendar_date

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from dispatcher_app.domain.calendar import midnight, next_date
from dispatcher_app.domain.command import AddLeave
from dispatcher_app.domain.day import Day
from dispatcher_app.domain.technician import Technician
from tests.ui.calendar_desk import calendar, chosen, counted, fitting, people, sent, spans
from tests.ui.plan_desk import hour, tomorrow
from tests.ui.window_desk import City, orders_of, part, press, until
from ui.calendar.period import Period

CONTROL = Qt.KeyboardModifier.ControlModifier


async def test_other_hours_of_several_technicians_and_dates_are_one_undo(
    office: City, loop: asyncio.AbstractEventLoop
) -> None:
    async with office.window() as window:
        session, zone = window.session, window.session.timezone
        panel = await calendar(window, "month")
        panel.bar.step(1)
        await counted(panel)
        who = [each.id for each in people(session)[:3]]
        dates = list(panel.bar.period.dates[9:11])
        before = [session.get(Technician, id) for id in who]
        await chosen(panel, who, dates)
        panel.side.go("hours")
        times = part(window, "calendar_times")
        times.clear()
        QTest.keyClicks(times, "8-12 14-17:30")
        press(Qt.Key.Key_Return)
        for id in who:
            now = session.get(Technician, id)
            assert now is not None
            assert [spans(now, each, zone) for each in dates] == [[(480, 720), (840, 1050)]] * 2
        await until(lambda: session.link.waiting == 0)
        window.deck["undo"].trigger()
        after = [session.get(Technician, id) for id in who]
        assert [each.exceptions for each in after if each] == [each.exceptions for each in before if each]
        await until(lambda: session.link.waiting == 0)


async def test_hours_that_make_no_sense_are_said_at_the_field_and_change_nothing(
    office: City, loop: asyncio.AbstractEventLoop
) -> None:
    async with office.window() as window:
        panel = await calendar(window, "month")
        panel.bar.step(1)
        one = people(window.session)[4]
        await chosen(panel, [one.id], [panel.bar.period.dates[20]])
        panel.side.go("hours")
        times, error = part(window, "calendar_times"), part(window, "calendar_hours_error")
        for typed in ("22-6", "18-8", "8-12 11-13", "9-9", "early", ""):
            times.clear()
            times.setFocus()
            QTest.keyClicks(times, typed)
            press(Qt.Key.Key_Return)
            assert error.isVisible(), typed
            assert error.text(), typed
            assert times.hasFocus()
            assert (times.property("invalid") == "true") == bool(typed)
            now = window.session.get(Technician, one.id)
            assert now is not None
            assert now.exceptions == one.exceptions


async def test_dates_that_are_over_are_not_changed(office: City, loop: asyncio.AbstractEventLoop) -> None:
    async with office.window() as window:
        panel = await calendar(window, "month")
        panel.bar.step(-1)
        one = people(window.session)[4]
        await chosen(panel, [one.id], [panel.bar.period.dates[3]])
        panel.side.go("hours")
        part(window, "calendar_hours_off").click()
        assert "过去" in part(window, "calendar_hours_error").text()
        now = window.session.get(Technician, one.id)
        assert now is not None
        assert now.exceptions == one.exceptions


async def test_the_weekly_pattern_of_a_technician_is_changed_and_says_whom_it_hits(
    office: City, loop: asyncio.AbstractEventLoop
) -> None:
    async with office.window() as window:
        session = window.session
        technician, orders, date = await sent(session, 1, 3)
        panel = await calendar(window)
        panel.bar.show_view("week", date)
        await counted(panel)
        await chosen(panel, [technician.id], [date])
        page = panel.side.hours
        panel.side.go("hours")
        weekday = calendar_date.fromisoformat(date).weekday()
        field = part(window, f"calendar_week_{weekday}")
        field.setText("")
        field.textEdited.emit("")
        await until(
            lambda: page.week_hits.settled and orders[0] in [hit.stop.order for hit in page.week_hits.hits]
        )
        part(window, "calendar_save_week").click()
        now = session.get(Technician, technician.id)
        assert now is not None
        assert [each for each in now.shifts if each.weekday == weekday] == []
        await until(lambda: session.link.waiting == 0)
        window.deck["undo"].trigger()
        await until(lambda: session.link.waiting == 0)


async def test_leave_says_the_visits_it_hits_before_it_is_saved_and_leads_on_to_planning_without_him(
    office: City, loop: asyncio.AbstractEventLoop
) -> None:
    async with office.window() as window:
        session = window.session
        technician, orders, date = await sent(session, 2, 2)
        panel = await calendar(window)
        panel.bar.show_view("week", date)
        await counted(panel)
        await chosen(panel, [technician.id], [date])
        panel.side.go("away")
        page = panel.side.away
        await until(lambda: page.hits.settled and len(page.hits.hits) >= 2)
        assert set(orders) <= {hit.stop.order for hit in page.hits.hits}
        assert str(len(page.hits.hits)) in part(page, "calendar_hits").text()
        now = session.get(Technician, technician.id)
        assert now is not None
        assert now.leaves == technician.leaves
        assert part(window, "calendar_away_plan").isEnabled()
        part(window, "calendar_away_plan").click()
        form = window.planning.absence.form
        assert form.technician is not None  # type: ignore[attr-defined]
        assert form.technician.id == technician.id  # type: ignore[attr-defined]
        assert form._span() == (hour(session, date, 0), hour(session, date, 24))  # type: ignore[attr-defined]


async def test_leave_is_saved_for_several_and_taken_back_together(
    office: City, loop: asyncio.AbstractEventLoop
) -> None:
    async with office.window() as window:
        session = window.session
        panel = await calendar(window, "month")
        panel.bar.step(2)
        await counted(panel)
        who = [each.id for each in people(session)[10:12]]
        dates = list(panel.bar.period.dates[4:6])
        await chosen(panel, who, dates)
        panel.side.go("away")
        reason = part(window, "calendar_away_reason")
        press(Qt.Key.Key_Return)
        assert reason.hasFocus()
        assert part(window, "calendar_away_error").isVisible()
        reason.setText("培训")
        press(Qt.Key.Key_Return)
        zone = session.timezone
        wanted = (midnight(dates[0], zone), midnight(next_date(dates[1]), zone), "培训")
        for id in who:
            now = session.get(Technician, id)
            assert now is not None
            assert wanted in [(each.start, each.end, each.reason) for each in now.leaves]
        await until(lambda: session.link.waiting == 0)
        window.deck["undo"].trigger()
        for id in who:
            now = session.get(Technician, id)
            assert now is not None
            assert wanted not in [(each.start, each.end, each.reason) for each in now.leaves]
        await until(lambda: session.link.waiting == 0)


async def test_leave_of_no_length_or_long_over_is_said_and_one_that_overlaps_is_pointed_out(
    office: City, loop: asyncio.AbstractEventLoop
) -> None:
    async with office.window() as window:
        session, date = window.session, tomorrow(window.session, 5)
        one = people(session)[15]
        panel = await calendar(window)
        panel.bar.show_view("week", date)
        await counted(panel)
        await chosen(panel, [one.id], [date])
        panel.side.go("away")
        page = panel.side.away
        page.reason.setText("x")
        page.end.setDateTime(page.start.dateTime())
        part(window, "calendar_away_save").click()
        assert "晚于" in page.error.text()
        page.start.setDateTime(page.start.dateTime().addDays(-30))
        page.end.setDateTime(page.start.dateTime().addDays(1))
        part(window, "calendar_away_save").click()
        assert page.error.text()
        now = session.get(Technician, one.id)
        assert now is not None
        assert now.leaves == one.leaves
        away = AddLeave(
            technician=one.id,
            leave="leave-calendar-1",
            start=hour(session, date, 9),
            end=hour(session, date, 12),
            reason="体检",
        )
        await session.submit(away).outcome
        await chosen(panel, [one.id], [next_date(date)])
        await chosen(panel, [one.id], [date])
        await until(lambda: "体检" in page.error.text())


def test_the_order_in_hand_is_given_to_whoever_has_room_at_its_promised_time(
    office: City, loop: asyncio.AbstractEventLoop
) -> None:
    async def story() -> None:
        async with office.window() as window:
            session = window.session
            who, command, date = await fitting(session, 4)
            await session.submit(command).outcome
            order = command.order
            window.look_at(order)
            panel = await calendar(window)
            panel.bar.show_view("week", date)
            await counted(panel)
            await chosen(panel, [who], [date])
            give = panel.side.what.give
            await until(lambda: give.isVisible())
            part(window, "calendar_give").click()

            def given() -> bool:
                day = session.get(Day, f"{who}:{date}")
                stop = day.stop_of(order) if day is not None else None
                return stop is not None and stop.state == "confirmed"

            await until(lambda: give.settled and given())
            await until(lambda: session.link.waiting == 0)
            visits = panel.side.what.visits
            await until(lambda: visits.count() > 0)
            visits.setCurrentRow(0)
            visits.itemActivated.emit(visits.item(0))
            assert window.inspector.order_id == visits.item(0).data(Qt.ItemDataRole.UserRole)

    loop.run_until_complete(story())


async def test_what_has_no_room_is_said_and_nothing_is_given(
    office: City, loop: asyncio.AbstractEventLoop
) -> None:
    async with office.window() as window:
        session = window.session
        orders = await orders_of(session)
        window.look_at(orders[0])
        panel = await calendar(window)
        far = Period("week", tomorrow(session, 30)).dates[2]
        panel.bar.show_view("week", far)
        await counted(panel)
        free = next(
            each for each in people(session) if spans(each, far, session.timezone) and not each.suspended
        )
        await chosen(panel, [free.id], [far])
        give = panel.side.what.give
        await until(lambda: give.isVisible())
        before = session.undoable()
        part(window, "calendar_give").click()
        await until(lambda: give.settled and part(window, "calendar_give_said").text())
        assert session.undoable() == before


async def test_nothing_is_changed_by_whoever_may_only_look(
    office: City, loop: asyncio.AbstractEventLoop
) -> None:
    async with office.window("zhaomin") as window:
        panel = await calendar(window)
        await chosen(panel, [people(window.session)[0].id], [tomorrow(window.session)])
        for code in (
            "calendar_times",
            "calendar_hours_save",
            "calendar_away_save",
            "calendar_away_reason",
        ):
            assert not part(window, code).isEnabled(), code
        assert not window.deck["calendar_requests"].isVisible()
