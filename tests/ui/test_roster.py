"""Shifts and leave: typed as people write them, kept while somebody types, with the visits that a leave hits."""

from __future__ import annotations

import asyncio

import pytest

from dispatcher_app.domain.day import Day, day_id, serves
from dispatcher_app.domain.technician import Technician
from tests.ui.window_desk import City, part, until
from ui.models.counts import today
from ui.models.pattern import NotATime, parse, written


@pytest.mark.parametrize(
    ("typed", "spans"),
    [
        ("8-12 13:30-18", [(480, 720), (810, 1080)]),
        ("08:00–18:00", [(480, 1080)]),
        ("8：00至17：30", [(480, 1050)]),
        ("  ", []),
        ("9-12，14-24", [(540, 720), (840, 1440)]),
    ],
)
def test_working_times_are_read_as_people_write_them(typed: str, spans: list[tuple[int, int]]) -> None:
    assert parse(typed) == spans
    assert parse(written(spans)) == spans


@pytest.mark.parametrize("typed", ["morning", "18-8", "8-25", "8-12 x", "22-6", "22-0", "9-9", "8-12 11-13"])
def test_what_is_no_working_time_is_said(typed: str) -> None:
    with pytest.raises(NotATime):
        parse(typed)


def test_a_shift_over_midnight_is_said_as_the_two_that_can_be_written() -> None:
    with pytest.raises(NotATime, match=r"22:00–24:00.*00:00–06:30"):
        parse("22-6:30")
    assert [parse(each) for each in ("22-24", "0-6:30")] == [[(1320, 1440)], [(0, 390)]]


def test_shifts_are_saved_and_a_wrong_one_is_marked(city: City, loop: asyncio.AbstractEventLoop) -> None:
    async def story() -> None:
        async with city.window() as window:
            window.deck["roster"].trigger()
            chosen = window.session.all(Technician)[0]
            assert window.roster.choose(chosen.id)
            window.deck["shifts"].trigger()
            monday = part(window, "shift_0")
            assert monday.hasFocus()
            monday.setText("8-25")
            monday.textEdited.emit("8-25")
            part(window, "save_shifts").click()
            assert monday.property("invalid") == "true"
            monday.setText("7-11 12-16")
            part(window, "save_shifts").click()

            def mondays() -> list[tuple[int, int]]:
                now = window.session.get(Technician, chosen.id)
                return [(each.start, each.end) for each in now.shifts if each.weekday == 0] if now else []

            assert mondays() == [(420, 660), (720, 960)]
            await until(lambda: window.session.link.waiting == 0)
            assert monday.text() == "07:00–11:00 12:00–16:00"

    loop.run_until_complete(story())


async def test_a_leave_names_the_visits_that_it_hits(city: City, loop: asyncio.AbstractEventLoop) -> None:
    async with city.window() as window:
        session = window.session
        date = today(session)
        days = (session.get(Day, day_id(each.id, date)) for each in session.all(Technician))
        day = next(day for day in days if day is not None and any(map(serves, day.stops)))
        still = [stop for stop in day.stops if serves(stop)]  # what is over already is hit by nothing
        window.deck["roster"].trigger()
        assert window.roster.choose(day.technician)
        window.deck["leave"].trigger()
        leave = window.roster.detail.leave
        leave.set_span(still[0].start, still[-1].end)
        leave.reason.setText("生病")
        part(window, "add_leave").click()
        hits = part(window, "leave_hits")
        await until(lambda: f"{len(still)} 单" in hits.text())
        technician = session.get(Technician, day.technician)
        assert technician is not None
        assert technician.leaves[-1].reason == "生病"
