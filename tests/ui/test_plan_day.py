"""The plan of the day at the desk: searched with its progress, compared, published as one, taken back as one."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt

from dispatcher_app.domain.command import AssignTechnician, Move
from dispatcher_app.domain.order import Order, Window
from dispatcher_app.planning.figures import Figures
from dispatcher_app.planning.proposal import Call, PlanRun, Proposal
from tests.ui.plan_desk import ended, places, promised, stage, tomorrow
from tests.ui.window_desk import City, part, press, until
from ui.plan import figure
from ui.plan.call import Due, kept, taken_up

if TYPE_CHECKING:
    from ui.plan.panel import PlanPanel
    from ui.window.main import MainWindow

pytestmark = pytest.mark.timeout(400)


def asked(window: MainWindow, date: str, seconds: int = 10) -> PlanPanel:
    """The screen with what is to be searched chosen."""
    window.deck["plan_day"].trigger()
    chosen, length = part(window.planning.day, "plan_date"), part(window.planning.day, "plan_seconds")
    chosen.setCurrentIndex(chosen.findData(date))
    length.setCurrentIndex(length.findData(seconds))
    return window.planning.day


async def test_a_plan_is_searched_by_keyboard_published_in_one_step_and_taken_back_in_one(
    office: City, loop: asyncio.AbstractEventLoop
) -> None:
    async with office.window() as window:
        session, date = window.session, tomorrow(window.session)
        orders = await promised(session, 3, date)
        before = places(session, date)
        panel = asked(window, date)
        assert part(panel, "plan_date").hasFocus()
        assert window.queue.isHidden()
        press(Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
        assert panel.busy
        await until(lambda: (panel.run is not None and panel.run.gone_s > 0) or not panel.busy, 300)
        assert not panel.running.isHidden()
        await ended(panel)
        assert stage(panel) == "found", panel.banner.accessibleName()
        assert panel.chosen is not None
        moved = {move.order: move for move in panel.chosen.moves}
        assert set(orders) <= set(moved)
        assert panel.moves.model.rowCount() == len(moved)
        assert places(session, date) == before
        assert part(panel, "plan_publish").hasFocus()
        press(Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
        assert panel.busy
        await ended(panel)
        assert "已发布" in panel.banner.accessibleName()
        await until(lambda: set(orders) <= set(places(session, date)))
        assert places(session, date)[orders[0]][:2] == (
            moved[orders[0]].technician,
            moved[orders[0]].start,
        )
        await until(lambda: "发布排单计划" in window.deck["undo"].text())
        window.deck["undo"].trigger()
        await until(lambda: places(session, date) == before)
        await until(lambda: "已撤销发布" in panel.banner.accessibleName())
        assert stage(panel) == "asking"


async def test_a_search_is_stopped_and_gives_the_best_so_far(
    office: City, loop: asyncio.AbstractEventLoop
) -> None:
    async with office.window() as window:
        date = tomorrow(window.session)
        await promised(window.session, 4, date)
        panel = asked(window, date, 60)
        part(panel, "plan_resend").setChecked(True)
        panel.begin()
        await until(lambda: panel.run is not None and panel.run.objective_s is not None, 300)
        assert "正在计算" in part(panel, "plan_progress").text()
        assert part(panel, "plan_stop").hasFocus()
        part(panel, "plan_stop").click()
        await ended(panel)
        assert stage(panel) == "found"
        assert panel.run is not None
        assert panel.run.gone_s < panel.run.seconds


async def test_what_a_colleague_changed_meanwhile_is_left_alone_and_named(
    office: City, loop: asyncio.AbstractEventLoop
) -> None:
    async with office.window() as window:
        session, date = window.session, tomorrow(window.session)
        first, second = await promised(session, 2, date)
        panel = asked(window, date)
        panel.begin()
        await ended(panel)
        fit = (await session.rank(first, date)).eligible[0]
        given = AssignTechnician(order=first, technician=fit.technician, start=fit.start)
        await session.submit(given).outcome
        panel.publish()
        await ended(panel)
        assert stage(panel) == "published"
        left = {each.order: each for each in panel.left.model.rows}
        assert left[first].skipped
        # Where the colleague's visit has taken its place, that is the reason given.
        assert second not in left or any(each.params.get("order") == first for each in left[second].why)
        assert "重新计算" in panel.banner.accessibleName()
        assert panel.tabs.isTabVisible(panel.tabs.indexOf(panel.left))
        found = session.get(Order, first)
        assert found is not None
        assert found.technician == fit.technician
        part(panel, "plan_again").click()
        assert part(panel, "plan_date").hasFocus()


async def test_without_a_server_nothing_is_searched_or_published_and_that_is_said(
    office: City, loop: asyncio.AbstractEventLoop
) -> None:
    async with office.window() as window:
        panel = asked(window, tomorrow(window.session))
        window.session.on_connection(None)
        panel.begin()
        await ended(panel)
        assert "连不上服务器" in panel.banner.accessibleName()
        assert stage(panel) == "asking"


def run_with(*proposals: Proposal, state: str = "done") -> PlanRun:
    return PlanRun(
        id="r", region="sh", kind="day", by="staff:w", begun_at=0, dates=("2026-01-01",), seconds=10,
        state=state, proposals=proposals,  # type: ignore[arg-type]
    )  # fmt: skip


async def test_a_search_that_died_with_its_server_leaves_everything_as_it_is(
    office: City, loop: asyncio.AbstractEventLoop
) -> None:
    async with office.window() as window:
        panel = asked(window, tomorrow(window.session))
        panel.on_ended(run_with(state="lost"))
        assert "计算中断" in panel.banner.accessibleName()
        assert "保持不变" in panel.banner.accessibleName()
        assert stage(panel) == "asking"
        panel.on_ended(replace(run_with(state="failed"), detail="not_found"))
        assert "没有算出方案" in panel.banner.accessibleName()


async def test_a_thousand_moves_are_a_list_to_look_through_and_enter_opens_an_order(
    office: City, loop: asyncio.AbstractEventLoop
) -> None:
    async with office.window() as window:
        panel = asked(window, tomorrow(window.session))
        known = window.session.all(Order)[0].id if window.session.all(Order) else ""
        moves = tuple(Move(order=f"o{at}", technician="t", start=at) for at in range(1, 1000))
        found = Proposal(choice="best", before=Figures(), after=Figures(), moves=(*moves, Move(order=known)))
        panel.on_ended(run_with(found))
        panel.tabs.setCurrentWidget(panel.moves)
        assert panel.moves.model.rowCount() == 1000
        panel.moves.grid.go_to(0)
        press(Qt.Key.Key_Return)
        assert window.inspector.order_id == known
        assert window.queue.isHidden()
        window.deck["queue"].trigger()
        assert not window.queue.isHidden()


def test_what_differs_is_said_in_words_and_colour() -> None:
    before, after = (
        Figures(travel_s=7200, late_minutes=0),
        Figures(travel_s=3600, late_minutes=20, late_visits=2),
    )
    proposal = Proposal(choice="best", before=before, after=after, moves=())
    said = {each.code: figure.compared(each, proposal) for each in figure.FIGURES}
    assert (said["travel"].figure, said["travel"].differs) == ("1 小时 0 分", "少 1 小时 0 分")
    assert said["travel"].hue == "green"
    assert (said["late"].figure, said["late"].differs, said["late"].hue) == (
        "20 分钟（2 单）",
        "多 20 分钟",
        "red",
    )
    assert said["overtime"].differs == "不变"


def test_calls_that_are_not_made_yet_are_kept() -> None:
    calls = [Due(Call(order="a", reason="late", minutes=5, window=Window(1, 2)), made=True)]
    assert taken_up(kept(calls)) == tuple(calls)
    assert taken_up({"of": "another version"}) == ()
