"""The calendar: who works when, what of it is taken, what more fits; hours, leave and holidays are changed there."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import replace
from datetime import date as calendar_date
from itertools import pairwise

import numpy as np
import pytest
from PySide6.QtCore import QItemSelection, QItemSelectionModel, QModelIndex, Qt
from PySide6.QtTest import QAbstractItemModelTester, QTest

from dispatcher_app.client.embedded import Embedded
from dispatcher_app.domain.calendar import MINUTE_MS, local_date, midnight, next_date, working
from dispatcher_app.domain.command import AddLeave, SaveTechnician, SetShiftException, SetTechnicianStatus
from dispatcher_app.domain.day import Day
from dispatcher_app.domain.holiday import HolidayYear
from dispatcher_app.domain.matching import live_stops
from dispatcher_app.domain.region import Policy
from dispatcher_app.domain.technician import ShiftException, Technician, TechnicianStatus
from tests.ui.calendar_desk import calendar, counted, fitting, people, sent
from tests.ui.plan_desk import hour, tomorrow
from tests.ui.window_desk import City, orders_of, part, press, until
from ui.calendar.heat import LEFT, SKILL
from ui.calendar.model import LOAD, SLOT, CalendarModel
from ui.calendar.panel import CalendarPanel
from ui.calendar.period import Period
from ui.calendar.row import GROUPS, rows

CONTROL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[City]:
    """A city of its own: its hours and leaves are changed here."""
    folder = tmp_path_factory.mktemp("calendar")
    made = City(Embedded(folder / "server", practice=True), folder / "desks")
    yield made
    asyncio.run(made.server.close())


def choose(panel: CalendarPanel, technicians: list[str], dates: list[str]) -> None:
    """Select the dates of these technicians, as Shift and the mouse do."""
    chosen = QItemSelection()
    for id in technicians:
        for date in dates:
            place = panel.model.place_of(id, date)
            assert place is not None, (id, date)
            index = panel.model.index(*place)
            chosen.select(index, index)
    first = panel.model.place_of(technicians[0], dates[0])
    assert first is not None
    panel.grid.setCurrentIndex(panel.model.index(*first))
    panel.grid.selectionModel().select(chosen, QItemSelectionModel.SelectionFlag.ClearAndSelect)


async def chosen(panel: CalendarPanel, technicians: list[str], dates: list[str]) -> None:
    """The same, until the forms are about them."""
    choose(panel, technicians, dates)
    wanted = panel.grid.selected()
    await until(lambda: panel.side.hours._chosen == wanted)


def spans(technician: Technician, date: str, zone: str) -> list[tuple[int, int]]:
    begin = midnight(date, zone)
    return [((a - begin) // MINUTE_MS, (b - begin) // MINUTE_MS) for a, b in working(technician, date, zone)]


# ---------------------------------------------------------------- what is shown
def test_a_week_shows_everybodys_time_and_what_plans_take_of_it(
    office: City, loop: asyncio.AbstractEventLoop
) -> None:
    async def story() -> None:
        async with office.window() as window:
            session, zone = window.session, window.session.timezone
            panel = await calendar(window)
            model = panel.model
            assert [each.key for each in model.rows] == [each.id for each in people(session)]
            assert [each.date for each in model.slots] == list(
                Period("week", local_date(session.now(), zone)).dates
            )

            def wrong() -> list[str]:
                """The cells that say something else than shifts and plans; those just changed are counted anew."""
                found, plans = [], {day.id: day for day in session.all(Day)}
                for at, row in enumerate(model.rows):
                    technician = session.get(Technician, row.key)
                    assert technician is not None
                    for column, slot in enumerate(model.slots):
                        load = model.index(at, column).data(LOAD)
                        day = plans.get(f"{row.key}:{slot.date}")
                        stops = live_stops(day, session.now()) if day is not None else ()
                        busy = sum((stop.end - stop.start) // MINUTE_MS for stop in stops)
                        told = (load.shift, load.visits, load.load + len(stops) >= busy)
                        worked = sum(end - start for start, end in spans(technician, slot.date, zone))
                        if told != (worked, len(stops), True):
                            found.append(f"{row.key} {slot.date}")
                return found

            await until(lambda: not wrong())
            assert sum(bool(day.stops) for day in session.all(Day) if day.date in panel.bar.period.dates) > 5

    loop.run_until_complete(story())


async def test_views_and_groups_go_by_keys_and_the_same_date_stays_in_hand(
    office: City, loop: asyncio.AbstractEventLoop
) -> None:
    async with office.window() as window:
        panel = await calendar(window)
        today = local_date(window.session.now(), window.session.timezone)
        who = people(window.session)[3].id
        wanted = next_date(panel.bar.period.dates[0], 2)
        assert panel.go_to(who, wanted)
        press(Qt.Key.Key_5, CONTROL | Qt.KeyboardModifier.AltModifier)
        assert panel.bar.period.view == "month"
        selected = panel.grid.selected()
        assert (selected.technician, selected.date) == (who, wanted)
        press(Qt.Key.Key_PageDown, CONTROL | Qt.KeyboardModifier.AltModifier)
        assert panel.bar.period == Period("month", wanted).step(1)
        assert panel.bar.today.isEnabled() != (today in panel.bar.period.dates)
        press(Qt.Key.Key_Home, CONTROL | Qt.KeyboardModifier.AltModifier)
        assert today in panel.bar.period.dates
        press(Qt.Key.Key_8, CONTROL | Qt.KeyboardModifier.AltModifier)
        assert panel.bar.group == "team"
        teams = sorted({each.team for each in people(window.session)})
        assert [each.title for each in panel.model.rows] == teams
        panel.grid.setCurrentIndex(panel.model.index(0, 0))
        panel.grid.setFocus()
        press(Qt.Key.Key_Return)
        members = [each.id for each in people(window.session) if each.team == teams[0]]
        assert [each.key for each in panel.model.rows[1 : 1 + len(members)]] == members
        press(Qt.Key.Key_Minus)
        assert [each.title for each in panel.model.rows] == teams


async def test_rows_of_teams_districts_and_all_add_up_to_those_of_technicians(
    office: City, loop: asyncio.AbstractEventLoop
) -> None:
    async with office.window() as window:
        panel = await calendar(window)
        everybody = people(window.session)
        for slot in panel.model.slots:
            sums = set()
            for group in GROUPS:
                shown = rows(window.session, everybody, group, ())
                cells = [each for row in shown if (each := panel.figures.load(slot, row.people)) is not None]
                sums.add((
                    sum(each.work for each in cells), sum(each.load for each in cells),
                    sum(each.visits for each in cells),
                ))  # fmt: skip
            assert len(sums) == 1


async def test_a_month_of_all_together_stands_in_weeks_and_opens_a_day(
    office: City, loop: asyncio.AbstractEventLoop
) -> None:
    async with office.window() as window:
        panel = await calendar(window, "month")
        panel.bar.show_group("all")
        await counted(panel)
        assert panel.model.in_weeks
        assert panel.model.columnCount() == 7
        dates = [
            panel.model.slot_at(row, column) for row in range(panel.model.rowCount()) for column in range(7)
        ]
        assert [each.date for each in dates if each is not None] == list(panel.bar.period.dates)
        for at, slot in enumerate(dates):
            assert slot is None or calendar_date.fromisoformat(slot.date).weekday() == at % 7
        wanted = panel.bar.period.dates[14]
        assert panel.grid.go_to("all:", wanted)
        panel.grid.setFocus()
        press(Qt.Key.Key_Return)
        assert panel.bar.period == Period("day", wanted)
        await counted(panel)
        assert all(slot.part for slot in panel.model.slots)


async def test_the_models_keep_to_what_qt_asks_of_them(office: City, loop: asyncio.AbstractEventLoop) -> None:
    async with office.window() as window:
        panel = await calendar(window)
        mode = QAbstractItemModelTester.FailureReportingMode.Fatal
        testers = [QAbstractItemModelTester(each, mode) for each in (panel.model, panel.heat_model)]
        for view in ("month", "day", "week"):
            window.deck[f"calendar_{view}"].trigger()
            for _ in range(4):
                window.deck["calendar_group"].trigger()
                for row in panel.model.rows[:1]:
                    panel._on_folded(row.key)
            panel.bar.search.setText("李")
            await until(
                lambda: panel.bar.wanted.text == "李" and len(panel._people) < len(people(window.session))
            )
            panel.bar.clear()
            await counted(panel)
        assert len(testers) == 2
        assert isinstance(panel.model, CalendarModel)


async def test_free_windows_by_skill_are_those_that_planning_counts_and_name_who_has_room(
    office: City, loop: asyncio.AbstractEventLoop
) -> None:
    async with office.window() as window:
        panel = await calendar(window)
        # Two weeks ahead, where nothing is going on.
        panel.bar.step(2)
        await counted(panel)
        found = await window.session.availability(panel.model.slots)
        heat = panel.heat_model
        assert set(heat.skills) == {skill for each in people(window.session) for skill in each.skills}
        column = len(panel.model.slots) - 1
        for row in range(heat.rowCount()):
            index = heat.index(row, column)
            free = int(np.sum(found.free[index.data(SKILL)][:, column]))
            assert index.data(LEFT) == max(0, free - int(found.waiting[index.data(SKILL)][column]))
        panel.heat.setFocus()
        panel.heat.setCurrentIndex(heat.index(0, column))
        await until(lambda: panel.side.what.people.count() > 0)
        names = {each.id: each.name for each in people(window.session)}
        listed = {
            panel.side.what.people.item(at).data(Qt.ItemDataRole.UserRole)
            for at in range(panel.side.what.people.count())
        }
        skill = heat.skills[0]
        able = {id for row, id in enumerate(found.people) if found.free[skill][row, column]}
        assert listed == able <= set(names)


def test_what_others_change_comes_by_itself_and_moves_neither_caret_nor_scroll(
    office: City, loop: asyncio.AbstractEventLoop
) -> None:
    async def story() -> None:
        async with office.window() as window, office.sitting("lina") as colleague:
            panel = await calendar(window)
            session = window.session
            chosen_one, other = people(session)[20], people(session)[5]
            date = tomorrow(session)
            assert panel.go_to(chosen_one.id, date)
            panel.grid.setFocus()
            scrolled = panel.grid.verticalScrollBar().value()
            assert scrolled > 0
            caret = panel.grid.currentIndex()
            place = panel.model.place_of(other.id, date)
            assert place is not None
            for hours in ((600, 720), (480, 1200), (540, 555)):
                exception, worked = ShiftException(date, *hours), hours[1] - hours[0]
                await colleague.submit(SetShiftException(technician=other.id, exception=exception)).outcome

                def told(worked: int = worked) -> bool:
                    return bool(panel.model.index(*place).data(LOAD).shift == worked)

                await until(told)
            back = SetShiftException(
                technician=other.id, exception=ShiftException(date), back_to_pattern=True
            )
            await colleague.submit(back).outcome
            assert panel.grid.currentIndex() == caret
            assert panel.grid.verticalScrollBar().value() == scrolled
            assert panel.grid.hasFocus()

    loop.run_until_complete(story())


async def test_going_online_is_no_reason_to_count_anew(office: City, loop: asyncio.AbstractEventLoop) -> None:
    async with office.window() as window:
        panel = await calendar(window)
        one = people(window.session)[0]
        states: tuple[TechnicianStatus, ...] = (
            ("busy", "online") if one.status != "busy" else ("online", "busy")
        )
        for state in states:
            now = window.session.get(Technician, one.id)
            assert now is not None
            command = SetTechnicianStatus(technician=one.id, from_status=now.status, status=state)
            await window.session.submit(command).outcome
            assert not panel.figures._otherwise({one.id})


async def test_a_team_that_nobody_is_in_any_more_is_filtered_no_more(
    office: City, loop: asyncio.AbstractEventLoop
) -> None:
    async with office.window("chenjing") as window:
        session = window.session
        panel = await calendar(window)
        one = people(session)[7]

        async def join(team: str) -> None:
            now = session.get(Technician, one.id)
            assert now is not None
            await session.submit(SaveTechnician(technician=replace(now, team=team))).outcome

        await join("临时组")
        await until(lambda: "临时组" in [code for code, _ in panel.bar.team._options])
        panel.bar.team._take("临时组")
        assert [each.key for each in panel.model.rows] == [one.id]
        await join(one.team)
        await until(lambda: panel.bar.team.code is None and len(panel.model.rows) == len(people(session)))


async def test_a_year_without_holidays_is_said_and_entered_by_an_administrator(
    office: City, loop: asyncio.AbstractEventLoop
) -> None:
    async with office.window("admin") as window:
        session = window.session
        panel = await calendar(window, "month")
        year = str(int(panel.bar.period.date[:4]) + 2)
        assert panel.banner.isHidden()
        panel.bar.show_view("month", f"{year}-05-10")
        await counted(panel)
        assert year in panel.banner.accessibleName()
        await chosen(panel, [people(session)[0].id], [f"{year}-05-01", f"{year}-05-02"])
        panel.side.go("holiday")
        part(window, "calendar_holiday_kind").setCurrentIndex(0)
        part(window, "calendar_holiday_save").click()
        assert part(window, "calendar_holiday_name").property("invalid") == "true"
        part(window, "calendar_holiday_name").setText("劳动节")
        part(window, "calendar_holiday_save").click()
        made = session.get(HolidayYear, year)
        assert made is not None
        assert [(each.date, each.kind, each.name) for each in made.days] == [
            (f"{year}-05-01", "holiday", "劳动节"), (f"{year}-05-02", "holiday", "劳动节"),
        ]  # fmt: skip
        await until(lambda: panel.banner.isHidden())
        part(window, "calendar_holiday_kind").setCurrentIndex(2)
        part(window, "calendar_holiday_save").click()
        left = session.get(HolidayYear, year)
        assert left is not None
        assert left.days == ()
    async with office.window("wangfang") as window:
        panel = await calendar(window)
        assert not part(window, "calendar_holiday_save").isEnabled()


# ---------------------------------------------------------------- what is changed
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


async def test_view_and_grouping_come_back_tomorrow(office: City, loop: asyncio.AbstractEventLoop) -> None:
    async with office.window() as window:
        panel = await calendar(window, "month")
        panel.bar.show_group("district")
        kept = panel.state()
        other = CalendarPanel(window.session, read_only=True)
        other.restore(kept)
        assert (other.bar.period.view, other.bar.group) == ("month", "district")
        other.restore({"view": "year", "group": 7})
        assert (other.bar.period.view, other.bar.group) == ("month", "district")
        assert other.side.count() == 1
        other.deleteLater()
        policy = window.session.get(Policy, "policy") or Policy()
        slots = Period("day", tomorrow(window.session)).slots(policy, window.session.timezone)
        assert all(one.end == other_.start for one, other_ in pairwise(slots))
        assert isinstance(panel.grid.currentIndex(), QModelIndex)
        assert panel.grid.currentIndex().data(SLOT) is not None
