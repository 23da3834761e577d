"""Typing in the booking panel never waits, and keys belong to an input method while it composes."""

from __future__ import annotations

import asyncio

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from dispatcher_app.domain.customer import Customer
from tests.ui.booking_desk import Desk, until, zhang
from tests.ui.booking_person import ALT, CTRL, ENTER, ESCAPE, Person, known, opened
from ui.controls.picker import Entry


@pytest.fixture
def desk() -> Desk:
    made = Desk()
    zhang(made)
    return made


@pytest.fixture
def person(desk: Desk, loop: asyncio.AbstractEventLoop, qtbot: QtBot) -> Person:
    return Person(opened(desk.session, qtbot))


def text(person: Person) -> str:
    """What stands in the field with the focus."""
    assert isinstance(person.focus, Entry)
    return person.focus.text()


@pytest.mark.parametrize(
    ("key", "held"),
    [
        (ENTER, Qt.KeyboardModifier.NoModifier),
        (ENTER, CTRL),
        (ESCAPE, Qt.KeyboardModifier.NoModifier),
        (Qt.Key.Key_1, Qt.KeyboardModifier.NoModifier),
        (Qt.Key.Key_2, ALT),
        (Qt.Key.Key_Tab, Qt.KeyboardModifier.NoModifier),
        (Qt.Key.Key_Down, Qt.KeyboardModifier.NoModifier),
    ],
)
def test_while_an_input_method_composes_every_key_is_its_own(
    person: Person, loop: asyncio.AbstractEventLoop, key: Qt.Key, held: Qt.KeyboardModifier
) -> None:
    async def call() -> None:
        person.type("13812348000")
        await until(lambda: person.panel.form.customer)
        person.press(ENTER)

    loop.run_until_complete(call())
    before = person.panel.form.draft
    person.compose("kong'tiao")
    person.press(key, held)
    assert person.at("what")
    assert person.panel.form.draft == before
    assert text(person) == ""
    person.commit("空调")
    assert text(person) == "空调"
    assert person.panel.form.draft.line.said == "空调"


def test_an_answer_does_not_disturb_what_is_being_composed(
    desk: Desk, person: Person, loop: asyncio.AbstractEventLoop
) -> None:
    desk.hold()
    person.type("13900001111")
    person.press(ENTER)
    person.compose("kong")
    desk.release()
    loop.run_until_complete(until(lambda: person.panel.form.candidates is not None))
    assert person.at("what")
    assert isinstance(person.focus, Entry)
    assert person.focus.composing


def test_typing_goes_on_while_the_number_is_looked_up(
    desk: Desk, person: Person, loop: asyncio.AbstractEventLoop
) -> None:
    desk.hold()
    person.type("13812348000")
    person.press(ENTER)
    assert person.at("what")
    person.type("kt b")
    desk.release()
    loop.run_until_complete(until(lambda: person.panel.form.customer))
    assert person.at("what")
    assert text(person) == "kt b"


def test_an_answer_for_a_number_typed_over_is_dropped(
    desk: Desk, person: Person, loop: asyncio.AbstractEventLoop
) -> None:
    desk.know("13812348001", Customer(id="zhou", region="shanghai", name="周先生", phone_mask="138****8001"))
    desk.hold()
    person.type("13812348000")
    person.press(Qt.Key.Key_Backspace)
    person.type("1")
    desk.release()
    loop.run_until_complete(until(lambda: person.panel.form.customer))
    assert person.panel.form.draft.customer == "zhou"


def test_a_name_that_is_asked_late_comes_next(
    desk: Desk, person: Person, loop: asyncio.AbstractEventLoop
) -> None:
    desk.hold()
    person.type("13900001111")
    person.press(ENTER)
    person.type("slt")
    desk.release()
    loop.run_until_complete(until(lambda: person.panel.form.candidates is not None))
    person.press(ENTER)
    assert person.at("name")


def test_enter_before_the_search_has_answered_takes_the_right_place(
    desk: Desk, person: Person, loop: asyncio.AbstractEventLoop
) -> None:
    loop.run_until_complete(known(person, "where"))
    person.press(Qt.Key.Key_0)
    desk.hold()
    person.type("wtg")
    person.press(ENTER)
    assert person.at("where")
    desk.release()
    loop.run_until_complete(until(lambda: person.at("building")))
    assert person.panel.form.draft.compound == "万体馆小区"


def test_undo_in_text_is_text_undo(desk: Desk, person: Person, loop: asyncio.AbstractEventLoop) -> None:
    loop.run_until_complete(known(person))
    person.panel.column.go(person.panel.column.step("note"))
    person.type("gate")
    person.press(Qt.Key.Key_Z, CTRL)
    assert text(person) == ""
    assert person.panel.form.draft.note == ""
    assert person.panel.form.draft.line.item == "ac"
    assert desk.submitted == []


def test_every_change_is_kept_without_being_asked(
    desk: Desk, person: Person, loop: asyncio.AbstractEventLoop
) -> None:
    async def call() -> None:
        person.type("138")
        await until(lambda: desk.kept)

    loop.run_until_complete(call())
    (kept,) = desk.kept.values()
    assert kept["phone"] == "138"


def test_a_draft_of_another_version_is_left_alone(desk: Desk, person: Person) -> None:
    desk.put_draft("x", {"phone": ["no", "text"]})
    assert [each.id for each in person.panel.form.parked()] == []
    person.panel.resume("x")
    assert person.at("phone")
    assert "x" in desk.kept


def test_back_online_the_caller_is_looked_up_for_sure(
    desk: Desk, person: Person, loop: asyncio.AbstractEventLoop
) -> None:
    desk.go("offline")
    person.type("13812348000")
    loop.run_until_complete(until(lambda: person.panel.form.candidates))
    assert person.panel.form.customer is None
    desk.go("online")
    loop.run_until_complete(until(lambda: person.panel.form.customer))
    assert person.panel.form.draft.customer == "zhang"
