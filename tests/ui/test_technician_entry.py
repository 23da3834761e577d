"""Somebody new in the roster: entered by keyboard, sent to the first order; corrected beside a colleague."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from pathlib import Path
from typing import cast

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QInputMethodEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QCheckBox, QComboBox, QWidget

from dispatcher_app.client.session import Session
from dispatcher_app.domain.catalogue import Item
from dispatcher_app.domain.command import SaveTechnician, SetTechnicianStatus
from dispatcher_app.domain.order import Order
from dispatcher_app.domain.technician import Technician, TechnicianStatus
from tests.ui.booking_person import Person
from tests.ui.test_founding import Computer, first_order, typed
from tests.ui.window_desk import City, part, press, shown, until
from ui import name
from ui.controls.ticks import Ticks
from ui.palette import DISABLED_REASON
from ui.roster.entry import EntryForm
from ui.window.main import MainWindow

CTRL = Qt.KeyboardModifier.ControlModifier
ALT = Qt.KeyboardModifier.AltModifier
ENTER = Qt.Key.Key_Return


def say(words: str) -> None:
    """What an input method hands over."""
    focused = QApplication.focusWidget()
    assert focused is not None
    event = QInputMethodEvent()
    event.setCommitString(words)
    QApplication.sendEvent(focused, event)


def within(field: QWidget) -> bool:
    focused = QApplication.focusWidget()
    return focused is not None and (focused is field or field.isAncestorOf(focused))


def tick(word: str) -> None:
    """Walk to a box by the arrows and tick it."""
    seen: set[QWidget | None] = set()
    while (focused := cast(QCheckBox, QApplication.focusWidget())).text() != word:
        assert focused not in seen
        seen.add(focused)
        press(Qt.Key.Key_Right)
    press(Qt.Key.Key_Space)


def entry(window: MainWindow) -> EntryForm:
    form = window.roster.shelf.currentWidget()
    assert isinstance(form, EntryForm)
    return form


def edited(window: MainWindow, id: str) -> EntryForm:
    """The form about a technician, opened by keys."""
    window.deck["roster"].trigger()
    assert window.roster.choose(id)
    press(Qt.Key.Key_E, CTRL | ALT)
    return entry(window)


def somebody(session: Session, at: int) -> Technician:
    return sorted(session.all(Technician), key=lambda each: each.id)[at]


async def test_a_company_without_technicians_says_so_and_sends_its_first_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, loop: asyncio.AbstractEventLoop
) -> None:
    monkeypatch.setenv("DISPATCHER_HOME", str(tmp_path))
    computer = Computer()

    login = await computer.founding()
    for words in ("杭州", "陈老板", "chen", "a good password", "a good password"):
        typed(words)
    await until(lambda: computer.entered)
    session = computer.entered[0]
    await until(lambda: session.link.state == "online" and session.region is not None)
    async with shown(session, tmp_path, rows=False) as window:
        press(Qt.Key.Key_F2)
        await first_order(Person(window.booking))
        order = session.all(Order)[0]
        window.look_at(order.id)
        ranked = window.inspector.ranked
        await until(lambda: "还没有师傅" in ranked.said)
        press(Qt.Key.Key_3, CTRL)
        assert window.roster.none.isVisible()
        press(Qt.Key.Key_N, CTRL | ALT)
        enter_by_keys(window, session, order)
        await until(lambda: window.roster.model.rowCount() == 1 and session.link.waiting == 0)
        assert not window.roster.none.isVisible()
        assert window.roster.table.hasFocus()
        press(Qt.Key.Key_1, CTRL | ALT)
        await until(lambda: session.all(Technician)[0].status == "online")
        await until(lambda: part(window, "candidates").model().rowCount() == 1)
        press(Qt.Key.Key_F3)
        press(ENTER)
        assert session.all(Order)[0].technician == session.all(Technician)[0].id
        await until(lambda: session.link.waiting == 0)
    await computer.leave(login)


def enter_by_keys(window: MainWindow, session: Session, order: Order) -> None:
    form = entry(window)
    item = session.get(Item, order.lines[0].item)
    assert item is not None
    lacks = part(form, "entry_lacks")
    assert lacks.isVisible()
    assert within(form.name)
    say("李师傅")
    press(ENTER)
    assert within(form.phone)
    say("13912345679")
    press(ENTER)
    tick(name.skill(item.skill))
    while not within(form.certificates):
        press(ENTER)
    for certificate in item.certificates:
        press(Qt.Key.Key_Space)
        assert isinstance(QApplication.focusWidget(), QComboBox)
        say(certificate)
        while not form.certificates.more.hasFocus():
            press(ENTER)
    press(ENTER)
    assert within(form.home)
    press(ENTER, CTRL)


async def test_what_is_wrong_is_said_beside_its_field_and_nothing_is_lost(
    city: City, loop: asyncio.AbstractEventLoop
) -> None:
    async with city.window("chenjing") as window:
        known = len(window.session.all(Technician))
        press(Qt.Key.Key_N, CTRL | ALT)
        form = entry(window)
        press(ENTER, CTRL)
        assert part(form, "wrong_name").isVisible()
        assert within(form.name)
        say("钱师傅")
        form.phone.setText("12345")
        press(ENTER, CTRL)
        assert part(form, "wrong_phone").isVisible()
        assert not part(form, "wrong_name").isVisible()
        form.phone.setText("138****8000")
        press(ENTER, CTRL)
        assert "打码" in part(form, "wrong_phone").text()
        form.phone.clear()
        form.week.fields[2].setText("8-25")
        press(ENTER, CTRL)
        assert part(form, "wrong_shifts").isVisible()
        assert form.week.fields[2].hasFocus()
        press(Qt.Key.Key_Escape)
        assert window.roster.shelf.currentWidget() is window.roster.detail
        press(Qt.Key.Key_N, CTRL | ALT)
        assert entry(window) is form
        assert form.name.text() == "钱师傅"
        assert len(window.session.all(Technician)) == known


async def test_somebody_whom_planning_would_never_see_is_said_before_he_is_saved(
    city: City, loop: asyncio.AbstractEventLoop
) -> None:
    async with city.window("chenjing") as window:
        form = edited(window, somebody(window.session, 2).id)
        lacks = part(form, "entry_lacks")
        assert not lacks.isVisible()
        for field in form.week.fields:
            field.clear()
        form.week.edited.emit()
        await until(lambda: "班次" in lacks.text())
        form.skills.tick(())
        form.skills.changed.emit()
        await until(lambda: "技能" in lacks.text())
        assert lacks.isVisible()


async def test_a_correction_keeps_what_a_colleague_did_to_others_of_his_fields(
    city: City, loop: asyncio.AbstractEventLoop
) -> None:
    async with city.window("chenjing") as window, city.sitting("wangfang") as colleague:
        before = somebody(window.session, 5)
        form = edited(window, before.id)
        assert before.phone_mask in form.phone.placeholderText()
        assert form.phone.text() == ""
        other: TechnicianStatus = "busy" if before.status != "busy" else "online"
        colleague.submit(SetTechnicianStatus(technician=before.id, from_status=before.status, status=other))
        await until(lambda: somebody(window.session, 5).status == other)
        form.name.selectAll()
        say("改名师傅")
        press(ENTER, CTRL)
        await until(lambda: somebody(colleague, 5).name == "改名师傅")
        now = somebody(colleague, 5)
        assert (now.status, now.phone_mask) == (other, before.phone_mask)
        assert (now.shifts, now.skills) == (before.shifts, before.skills)


async def test_a_team_is_entered_found_in_the_list_and_offered_to_the_next_one(
    city: City, loop: asyncio.AbstractEventLoop
) -> None:
    async with city.window("chenjing") as window:
        one, other = somebody(window.session, 9), somebody(window.session, 10)
        form = edited(window, one.id)
        assert form.team.text() == one.team
        form.team.setText("  夜班组 ")
        press(ENTER, CTRL)
        assert somebody(window.session, 9).team == "夜班组"
        await until(lambda: window.session.link.waiting == 0)
        window.roster.search.setText("夜班")
        await until(lambda: window.roster.table.model().rowCount() == 1)
        window.roster.search.clear()
        await until(lambda: window.roster.table.model().rowCount() > 1)
        words = edited(window, other.id).team.completer().model()
        assert "夜班组" in [words.index(row, 0).data() for row in range(words.rowCount())]
        window.deck["undo"].trigger()
        await until(lambda: somebody(window.session, 9).team == one.team)


async def test_where_a_colleague_changed_the_same_it_is_said_and_the_second_time_holds(
    city: City, loop: asyncio.AbstractEventLoop
) -> None:
    async with city.window("chenjing") as window, city.sitting("chenjing") as colleague:
        form = edited(window, somebody(window.session, 6).id)
        known = somebody(colleague, 6)
        colleague.submit(SaveTechnician(technician=replace(known, name="同事改的", daily_limit=3)))
        await until(lambda: somebody(window.session, 6).name == "同事改的")
        form.name.selectAll()
        say("我改的")
        press(ENTER, CTRL)
        assert part(form, "wrong_name").isVisible()
        assert somebody(window.session, 6).name == "同事改的"
        assert form.limit.value() == 3
        press(ENTER, CTRL)
        await until(lambda: somebody(colleague, 6).name == "我改的")
        assert somebody(colleague, 6).daily_limit == 3


async def test_who_may_not_enter_technicians_sees_why(city: City, loop: asyncio.AbstractEventLoop) -> None:
    async with city.window("wangfang") as window:
        for id in ("new_technician", "edit_technician"):
            action = window.deck[id]
            assert action.isVisible()
            assert not action.isEnabled()
            assert "主管" in action.property(DISABLED_REASON)


async def test_a_point_of_the_map_comes_back_to_the_form_that_asked(
    city: City, loop: asyncio.AbstractEventLoop
) -> None:
    async with city.window("chenjing") as window:
        press(Qt.Key.Key_N, CTRL | ALT)
        form = entry(window)
        part(form, "entry_pick").click()
        window.map.view.place_picked.emit(121.45, 31.2)
        assert window.tabs.currentWidget() is window.roster
        assert within(form.home)
        assert (form.home.read().lon, form.home.read().lat) == (121.45, 31.2)


def test_boxes_are_one_stop_for_tab_and_keep_their_ticks() -> None:
    ticks = Ticks("技能")
    words = {"gas": "燃气具", "lock": "门锁", "phone": "手机"}
    ticks.offer(words)
    ticks.tick(("lock",))
    ticks.resize(ticks.minimumSizeHint())
    ticks.show()
    assert ticks.ticked == ("lock",)
    stops = [box for box in ticks.findChildren(QCheckBox) if box.focusPolicy() & Qt.FocusPolicy.TabFocus]
    assert [box.text() for box in stops] == ["门锁"]
    stops[0].setFocus()
    QTest.keyClick(stops[0], Qt.Key.Key_Home)
    ticks.offer({**words, "printer": "打印机"})
    assert ticks.ticked == ("lock",)
    ticks.close()
