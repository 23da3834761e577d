"""The calendar: who works when, what of it is taken, what more fits."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import date as calendar_date
from itertools import pairwise

import numpy as np
from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtTest import QAbstractItemModelTester

from dispatcher_app.domain.calendar import MINUTE_MS, local_date, next_date
from dispatcher_app.domain.command import SaveTechnician, SetShiftException, SetTechnicianStatus
from dispatcher_app.domain.day import Day
from dispatcher_app.domain.holiday import HolidayYear
from dispatcher_app.domain.matching import live_stops
from dispatcher_app.domain.region import Policy
from dispatcher_app.domain.technician import ShiftException, Technician, TechnicianStatus
from tests.ui.calendar_desk import calendar, chosen, counted, people, spans
from tests.ui.plan_desk import tomorrow
from tests.ui.window_desk import City, part, press, until
from ui.calendar.heat import LEFT, SKILL
from ui.calendar.model import LOAD, SLOT, CalendarModel
from ui.calendar.panel import CalendarPanel
from ui.calendar.period import Period
from ui.calendar.row import GROUPS, rows

CONTROL = Qt.KeyboardModifier.ControlModifier


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
