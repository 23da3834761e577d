"""Technicians' requests at the desk: made by telephone at the real server, answered in the calendar, taken back."""

from __future__ import annotations

import asyncio

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from dispatcher_app.clock import new_id
from dispatcher_app.domain.calendar import midnight, next_date
from dispatcher_app.domain.command import ApproveRequest, RequestHours, RequestLeave, WithdrawRequest
from dispatcher_app.domain.request import ShiftRequest, ShiftRequests
from dispatcher_app.domain.technician import ShiftException, Technician
from tests.ui.calendar_desk import calendar, people, says, sent
from tests.ui.plan_desk import hour, tomorrow
from tests.ui.window_desk import City, part, press, until
from ui.calendar.asked import waiting
from ui.calendar.model import WORD

pytestmark = pytest.mark.timeout(400)


async def test_a_request_counts_on_the_tab_says_whom_it_hits_and_is_approved_with_an_undo(
    office: City, loop: asyncio.AbstractEventLoop
) -> None:
    async with office.window() as window:
        session = window.session
        technician, orders, date = await sent(session, 1, 2)
        at = window.tabs.indexOf(window.availability.panel)
        assert window.tabs.tabText(at) == "日历"
        wish = RequestLeave(
            request=new_id(), technician=technician.id, start=hour(session, date, 0), end=hour(session, date, 24),
            reason="陪家人看病",
        )  # fmt: skip
        assert "seq" in await says(office, technician.id, wish)
        await until(lambda: window.tabs.tabText(at) == "日历 1")
        window.deck["calendar_requests"].trigger()
        panel, page = window.availability.panel, window.availability.panel.side.asked
        assert panel.isVisible()
        assert page.list.hasFocus()
        assert technician.name in page.list.item(0).text()
        assert "陪家人看病" in page.list.item(0).text()
        await until(lambda: page.hits.settled and orders[0] in [hit.stop.order for hit in page.hits.hits])
        page.list.itemActivated.emit(page.list.item(0))
        assert (panel.grid.selected().technician, panel.grid.selected().date) == (technician.id, date)
        assert panel.grid.currentIndex().data(WORD).asked == 1
        part(window, "calendar_approve").click()
        now = session.get(Technician, technician.id)
        assert now is not None
        assert [leave.id for leave in now.leaves][-1] == wish.request
        await until(lambda: window.tabs.tabText(at) == "日历" and session.link.waiting == 0)
        assert page.none.isVisible() or not page.isVisible()
        window.deck["undo"].trigger()
        await until(lambda: window.tabs.tabText(at) == "日历 1" and session.link.waiting == 0)
        back = session.get(Technician, technician.id)
        assert back is not None
        assert wish.request not in [leave.id for leave in back.leaves]
        withdrawn = WithdrawRequest(technician=technician.id, request=wish.request)
        assert "seq" in await says(office, technician.id, withdrawn)
        await until(lambda: window.tabs.tabText(at) == "日历")


async def test_declining_wants_a_reason_and_other_hours_are_approved_as_asked(
    office: City, loop: asyncio.AbstractEventLoop
) -> None:
    async with office.window() as window:
        session = window.session
        one, other = people(session)[0].id, people(session)[1].id
        date = tomorrow(session, 6)
        first = RequestHours(request=new_id(), technician=one, date=date, reason="上课")
        second = RequestHours(
            request=new_id(), technician=other, date=date, hours=((480, 720), (840, 1080)), reason="午睡"
        )
        for who, wish in ((one, first), (other, second)):
            assert "seq" in await says(office, who, wish)
        await until(lambda: len(waiting(session)) == 2)
        await calendar(window)
        window.deck["calendar_requests"].trigger()
        page = window.availability.panel.side.asked
        await until(lambda: page.list.count() == 2)
        page.list.setCurrentRow(next(at for at in range(2) if "上课" in page.list.item(at).text()))
        part(window, "calendar_decline").click()
        assert part(window, "calendar_request_error").isVisible()
        reason = part(window, "calendar_decline_reason")
        assert reason.hasFocus()
        assert reason.property("invalid") == "true"
        reason.setText("人手不够")
        press(Qt.Key.Key_Return)
        asked = session.get(ShiftRequests, one)
        assert asked is not None
        declined = asked.find(first.request)
        assert declined is not None
        assert (declined.state, declined.answer) == ("declined", "人手不够")
        assert page.list.count() == 1
        assert page.list.hasFocus()
        assert reason.text() == ""
        part(window, "calendar_approve").click()
        now = session.get(Technician, other)
        assert now is not None
        assert now.exceptions[-1] == ShiftException(date, 480, 720, ((840, 1080),))
        await until(lambda: session.link.waiting == 0)


async def test_a_request_answered_elsewhere_goes_by_itself_and_what_is_typed_stays(
    office: City, loop: asyncio.AbstractEventLoop
) -> None:
    async with office.window() as window, office.sitting("lina") as colleague:
        session = window.session
        who = [each.id for each in people(session)[2:4]]
        date = tomorrow(session, 7)
        wishes = [RequestHours(request=new_id(), technician=id, date=date, reason="搬家") for id in who]
        for id, wish in zip(who, wishes, strict=True):
            assert "seq" in await says(office, id, wish)
        await until(lambda: len(waiting(session)) == 2 and len(waiting(colleague)) == 2)
        window.deck["calendar_requests"].trigger()
        page = window.availability.panel.side.asked
        await until(lambda: page.list.count() == 2)
        page.list.setCurrentRow(1)
        kept = page.current
        assert kept is not None
        reason = part(window, "calendar_decline_reason")
        reason.setFocus()
        QTest.keyClicks(reason, "later")
        gone = next(each for each in wishes if each.request != kept[1].id)
        await colleague.submit(ApproveRequest(technician=gone.technician, request=gone.request)).outcome
        await until(lambda: page.list.count() == 1)
        assert page.current == kept
        assert reason.text() == "later"
        assert reason.hasFocus()
        await colleague.submit(ApproveRequest(technician=kept[0], request=kept[1].id)).outcome
        await until(lambda: page.list.count() == 0)
        assert not part(window, "calendar_approve").isEnabled()


async def test_what_lapses_first_comes_first_and_what_has_lapsed_waits_no_more(
    office: City, loop: asyncio.AbstractEventLoop
) -> None:
    async with office.sitting("wangfang") as session:
        who = people(session)[8].id
        now = session.now()
        soon, later = now + 3_600_000, midnight(next_date(tomorrow(session), 1), session.timezone)
        for start, end in ((later, later + 3_600_000), (now, soon)):
            wish = RequestLeave(request=new_id(), technician=who, start=start, end=end, reason="有事")
            assert "seq" in await says(office, who, wish)
        await until(lambda: sum(id == who for id, _ in waiting(session)) == 2)
        mine: list[ShiftRequest] = [wish for id, wish in waiting(session) if id == who]
        assert [wish.end for wish in mine] == [soon, later + 3_600_000]
        found = session.get(ShiftRequests, who)
        assert found is not None
        assert [wish.end for wish in found.waiting(soon)] == [later + 3_600_000]
