"""A technician who does not come: three complete plans to choose from, one act, one undo, calls that are ticked off."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from dispatcher_app.domain.calendar import DAY_MS, local_date, working
from dispatcher_app.domain.day import Day, day_id
from dispatcher_app.domain.order import Window
from dispatcher_app.domain.technician import Technician
from dispatcher_app.planning.proposal import Call
from tests.ui.plan_desk import dispatched, ended, hour, places, stage, tomorrow
from tests.ui.window_desk import City, orders_of, part, press, until
from ui.plan.away import AbsenceForm
from ui.plan.call import Due, taken_up

if TYPE_CHECKING:
    from dispatcher_app.client.session import Session
    from ui.window.main import MainWindow

pytestmark = pytest.mark.timeout(400)


def form_of(window: MainWindow, technician: str) -> AbsenceForm:
    """The screen about a technician, opened from the list of technicians."""
    window.deck["roster"].trigger()
    assert window.roster.choose(technician)
    window.deck["replan_absence"].trigger()
    form = window.planning.absence.form
    assert isinstance(form, AbsenceForm)
    return form


def own(session: Session, technician: str, date: str) -> list[str]:
    """The visits in his plan of a date."""
    day = session.get(Day, day_id(technician, date))
    return [stop.order for stop in day.stops] if day is not None else []


async def test_three_ways_by_key_one_act_and_one_undo(office: City, loop: asyncio.AbstractEventLoop) -> None:
    async with office.window() as window:
        session, date = window.session, tomorrow(window.session)
        technician, orders = await dispatched(session, 2, date)
        before = places(session, date)
        form = form_of(window, technician.id)
        assert technician.name in part(window, "absence_who").text()
        form.set_span(hour(session, date, 0), hour(session, date, 24))
        assert "单" in part(window, "absence_hit").text()
        panel = window.planning.absence
        press(Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
        assert panel.busy, panel.banner.accessibleName()
        await ended(panel)
        assert stage(panel) == "found", panel.banner.accessibleName()
        assert panel.run is not None
        assert [each.choice for each in panel.run.proposals] == [
            "least_late", "least_driving", "fewest_calls",
        ]  # fmt: skip
        press(Qt.Key.Key_3)
        assert panel.chosen is panel.run.proposals[2]
        press(Qt.Key.Key_2)
        assert panel.chosen is panel.run.proposals[1]
        assert part(panel, "plan_choice_2").hasFocus()
        assert not [each for each in own(session, technician.id, date) if each not in before]
        press(Qt.Key.Key_Return)
        await ended(panel)
        assert stage(panel) == "published", panel.banner.accessibleName()
        await until(lambda: not set(orders) & set(own(session, technician.id, date)))
        away = session.get(Technician, technician.id)
        assert away is not None
        assert away.leaves[-1].reason == "病假"
        window.deck["undo"].trigger()
        await until(lambda: places(session, date) == before)
        back = session.get(Technician, technician.id)
        assert back is not None
        assert back.leaves == technician.leaves


async def test_calls_are_ticked_off_by_space_and_survive_the_window(
    office: City, loop: asyncio.AbstractEventLoop
) -> None:
    async with office.window() as window:
        session = window.session
        panel = window.planning.absence
        window.deck["roster"].trigger()
        assert window.roster.choose(session.all(Technician)[0].id)
        window.deck["replan_absence"].trigger()
        orders = (await orders_of(session))[:2]
        calls = [
            Call(order=orders[at], reason="late", minutes=20 + at, window=today(session)) for at in range(2)
        ]
        panel.show_due([Due(each) for each in calls])
        panel.calls.setFocus()
        press(Qt.Key.Key_Space)
        assert [each.made for each in panel.calls.due] == [True, False]
        assert [each.made for each in taken_up(session.drafts()["absence_panel"])] == [True, False]
        assert "1" in panel.tabs.tabText(0)
        part(panel, "plan_change").click()
        assert window.inspector.order_id == orders[1]
        await until(lambda: window.findChild(QWidget, "form_change_appointment") is not None)
        assert not panel.isHidden()
        panel.calls.setFocus()
        press(Qt.Key.Key_Space)
        assert panel.calls.left == 0
        assert "absence_panel" not in session.drafts()


async def test_what_makes_no_sense_is_said_in_plain_words(
    office: City, loop: asyncio.AbstractEventLoop
) -> None:
    async with office.window() as window:
        session, panel = window.session, window.planning.absence
        date = tomorrow(session, 9)
        people = session.all(Technician)
        free = next(
            each
            for each in people
            if working(each, date, session.timezone) and not own(session, each.id, date)
        )
        form = form_of(window, free.id)
        form.set_span(session.now() - DAY_MS, session.now() - DAY_MS // 2)
        panel.begin()
        assert "已经过去" in panel.banner.accessibleName()
        form.set_span(session.now(), session.now() + 20 * DAY_MS)
        panel.begin()
        assert "一次最多改派 14 天" in panel.banner.accessibleName()
        form.set_span(hour(session, date, 0), hour(session, date, 24))
        panel.begin()
        assert "没有上门安排" in panel.banner.accessibleName()
        dates = [tomorrow(session, each) for each in range(1, 14)]
        off = next(
            (each, day) for each in people for day in dates if not working(each, day, session.timezone)
        )
        form = form_of(window, off[0].id)
        form.set_span(hour(session, off[1], 0), hour(session, off[1], 24))
        panel.begin()
        assert "没有排班" in panel.banner.accessibleName()
        assert stage(panel) == "asking"


def today(session: Session) -> Window:
    """A promised window."""
    date = local_date(session.now(), session.timezone)
    return Window(hour(session, date, 9), hour(session, date, 11))
