"""The hour that a caller is offered is kept for him while he is on the phone."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from dispatcher_app.domain.command import BookOrder, HoldWindow, ReleaseHold
from dispatcher_app.domain.day import Day
from dispatcher_app.domain.order import Order
from tests.ui.booking_desk import HOUR, Desk, until, zhang
from tests.ui.booking_person import ALT, CTRL, ENTER, SHIFT, Person, known, opened

KEPT_MS = 300_000


@pytest.fixture
def desk() -> Desk:
    made = Desk()
    zhang(made)
    return made


@pytest.fixture
def person(desk: Desk, loop: asyncio.AbstractEventLoop, qtbot: QtBot) -> Iterator[Person]:
    made = opened(desk.session, qtbot)
    yield Person(made)
    made.hide()  # while the loop is there: nobody asks for windows any more


async def keeping(person: Person) -> None:
    """The first window offered to a known caller is chosen, and its hour is kept."""
    await known(person, "when")
    person.press(Qt.Key.Key_1)
    await until(lambda: person.panel.form.promise.holding.until)


def held(desk: Desk, order: str) -> list[str]:
    """Who is held for an order, by the plans."""
    return [day.technician for day in desk.all(Day) if day.hold_of(order) is not None]


def test_choosing_a_window_keeps_its_hour_and_booking_takes_it(
    desk: Desk, person: Person, loop: asyncio.AbstractEventLoop
) -> None:
    form = person.panel.form

    async def call() -> None:
        await keeping(person)
        assert "5:00" in form.promise.holding.said()
        assert form.draft.held
        person.press(ENTER, CTRL)
        await until(lambda: person.panel.done.number)

    loop.run_until_complete(call())
    (hold,) = desk.holds
    assert isinstance(hold, HoldWindow)
    (command,) = desk.submitted
    assert isinstance(command, BookOrder)
    assert (hold.order, hold.window) == (command.order, command.window)
    assert command.held == f"{hold.technician}:2026-11-24"
    made = desk.get(Order, command.order)
    assert made.tentative == command.held
    assert not made.provisional
    assert held(desk, command.order) == []


def test_another_window_gives_the_hour_before_back(
    desk: Desk, person: Person, loop: asyncio.AbstractEventLoop
) -> None:
    form = person.panel.form

    async def call() -> None:
        await keeping(person)
        person.press(Qt.Key.Key_Backtab, SHIFT)
        assert person.at("when")
        person.press(Qt.Key.Key_2)
        await until(lambda: len(desk.holds) == 2 and not form.promise.holding.asking)

    loop.run_until_complete(call())
    assert desk.holds[1].window != desk.holds[0].window
    assert len(held(desk, form.draft.order)) == 1
    assert form.promise.holding.stop is not None
    assert form.promise.holding.stop.start == desk.holds[1].start


def test_calling_back_gives_the_hour_back(
    desk: Desk, person: Person, loop: asyncio.AbstractEventLoop
) -> None:
    form = person.panel.form

    async def call() -> None:
        await keeping(person)
        person.press(Qt.Key.Key_Backtab, SHIFT)
        person.press(Qt.Key.Key_0)

    loop.run_until_complete(call())
    assert isinstance(desk.holds[-1], ReleaseHold)
    assert held(desk, form.draft.order) == []
    assert form.draft.held == ""
    assert form.promise.holding.said() == ""


def test_an_hour_that_a_colleague_took_is_replaced_by_the_next_best_and_that_is_said(
    desk: Desk, person: Person, loop: asyncio.AbstractEventLoop
) -> None:
    form = person.panel.form

    async def call() -> None:
        await known(person, "when")
        assert form.offered is not None
        best = form.offered.best[0]
        desk.snatched = 1
        for each in ("t0", "t1", "t2"):  # a colleague keeps everybody in the first window
            desk.keep(each, best.start, best.end)
        person.press(Qt.Key.Key_1)
        await until(lambda: form.promise.notice)
        await until(lambda: form.promise.holding.until)
        assert form.draft.window_start != best.start

    loop.run_until_complete(call())
    assert "刚被同事约走" in form.promise.notice
    assert form.draft.window_start is not None
    assert len(held(desk, form.draft.order)) == 1


def test_an_hour_that_runs_out_is_kept_again_while_the_form_is_open(
    desk: Desk, person: Person, loop: asyncio.AbstractEventLoop
) -> None:
    form = person.panel.form

    async def call() -> None:
        await keeping(person)
        desk.later_ms = KEPT_MS - 1000
        await until(lambda: len(desk.holds) == 2 and not form.promise.holding.asking)
        assert "已续留" in form.promise.holding.said()

    loop.run_until_complete(call())
    assert desk.holds[1].start == desk.holds[0].start


def test_a_parked_draft_keeps_its_hour_until_it_runs_out_and_says_so_when_it_comes_back(
    desk: Desk, person: Person, loop: asyncio.AbstractEventLoop
) -> None:
    panel, form = person.panel, person.panel.form

    async def call() -> None:
        await keeping(person)
        order = form.draft.order
        person.press(Qt.Key.Key_F2)
        assert form.draft.order != order
        assert form.promise.holding.said() == ""
        assert len(held(desk, order)) == 1
        person.press(Qt.Key.Key_1, ALT)
        assert form.draft.order == order
        assert form.promise.holding.until is not None
        assert "还在为来电者保留" in form.promise.notice
        person.press(Qt.Key.Key_F2)
        desk.later_ms = KEPT_MS + 1000
        panel.switch(0)
        assert form.draft.order == order
        assert "已经到期" in form.promise.notice
        await until(lambda: form.promise.holding.until)

    loop.run_until_complete(call())
    assert len(desk.holds) == 2


def test_offline_nothing_is_held_and_the_window_is_provisional(
    desk: Desk, person: Person, loop: asyncio.AbstractEventLoop
) -> None:
    async def call() -> None:
        await known(person, "when")
        desk.go("offline")
        person.press(Qt.Key.Key_1)
        person.press(ENTER, CTRL)
        await until(lambda: person.panel.done.number)

    loop.run_until_complete(call())
    assert desk.holds == []
    assert desk.submitted[0].provisional
    assert desk.submitted[0].held == ""


def test_what_a_colleague_keeps_is_shown_as_it_comes(
    desk: Desk, person: Person, loop: asyncio.AbstractEventLoop
) -> None:
    form = person.panel.form

    async def call() -> None:
        await known(person, "when")
        assert form.offered is not None
        first = form.offered.windows[0]
        desk.keep("t0", first.start - HOUR, first.end + HOUR)
        desk.tell("day")
        await until(lambda: form.offered is not None and form.offered.windows[0].held == 1)
        person.press(Qt.Key.Key_4)
        words = person.panel.findChild(QLabel, "window_words")
        assert words is not None
        assert "同事保留中 1 位 4:3" in words.text()

    loop.run_until_complete(call())
