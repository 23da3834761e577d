"""A company of one's own on this computer: from an empty home folder to the first order, by keyboard."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QInputMethodEvent
from PySide6.QtWidgets import QApplication

from dispatcher_app import text
from dispatcher_app.client import profile
from dispatcher_app.client.credential import Keychain
from dispatcher_app.client.login import Entrance, enter
from dispatcher_app.client.profile import Profile, Settings
from dispatcher_app.client.session import Session
from tests.ui.booking_person import CTRL, ENTER, Person
from tests.ui.test_login import Memory
from tests.ui.window_desk import City, part, press, remove, shown, until
from ui.login.city import cities, known, point
from ui.login.window import LoginWindow

HOME = Settings().with_profile(profile.OWN_COMPANY)
TWENTY_PLACES = 20


class Computer:
    """A computer on which nothing was ever started."""

    def __init__(self) -> None:
        self.chain, self.entered = Keychain(Memory()), list[Session]()
        self.way: Entrance | None = None

    async def enter(self, chosen: Profile) -> Entrance:
        self.way = await enter(chosen, HOME, self.chain)
        return self.way

    async def founding(self) -> LoginWindow:
        """The log-in window once it asks for the company."""
        login = LoginWindow(HOME, self.enter)
        login.entered.connect(self.entered.append)
        login.show()
        login.activateWindow()
        await until(lambda: part(login, "founding").isVisible() and login.isActiveWindow())
        return login

    async def leave(self, login: LoginWindow) -> None:
        remove(login)
        if self.way is not None:
            await self.way.close()


@pytest.fixture
def computer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Computer:
    monkeypatch.setenv("DISPATCHER_HOME", str(tmp_path))
    return Computer()


def typed(words: str) -> None:
    focused = QApplication.focusWidget()
    assert focused is not None
    event = QInputMethodEvent()
    event.setCommitString(words)
    QApplication.sendEvent(focused, event)
    press(Qt.Key.Key_Return)


async def test_a_company_is_founded_and_books_its_first_order_by_keyboard(
    computer: Computer, tmp_path: Path, loop: asyncio.AbstractEventLoop
) -> None:
    login = await computer.founding()
    assert not login.user.isVisible()
    for words in ("杭州", "陈老板", "chen", "a good password", "a good password"):
        typed(words)
    await until(lambda: computer.entered)
    session = computer.entered[0]
    assert session.staff.name == "陈老板"
    assert {"administrator", "supervisor", "dispatcher"} <= set(session.staff.roles)
    await until(lambda: session.link.state == "online" and session.region is not None)
    assert session.region is not None
    assert session.region.name == "杭州"
    assert [each.name for each in session.region.stores] == ["杭州店"]  # the counter works from the first day
    async with shown(session, tmp_path, rows=False) as window:
        press(Qt.Key.Key_F2)
        await first_order(Person(window.booking))
        await until(lambda: window.queue.model.rowCount() == 1)
    await computer.leave(login)


async def first_order(person: Person) -> None:
    panel = person.panel
    person.type("13912345678")
    await until(lambda: panel.form.candidates is not None)
    person.press(ENTER)
    person.type("Li Ming")
    person.press(ENTER)
    person.type("gskt")
    person.press(ENTER)
    for _ in range(TWENTY_PLACES):
        if person.at("where"):
            break
        person.press(ENTER)
    assert person.at("where")
    person.commit("文三路 477 号")
    await until(lambda: panel.column.where.answered)
    person.press(Qt.Key.Key_Down)
    person.press(ENTER)
    for _ in ("building", "unit", "entry"):
        person.press(ENTER)
    assert person.at("when")
    await until(lambda: panel.form.offered)
    person.press(Qt.Key.Key_0)  # nobody works here yet: the caller is called back
    person.press(ENTER, CTRL)
    await until(lambda: panel.done.number)


async def test_what_is_missing_or_wrong_is_said_and_nothing_is_founded(
    computer: Computer, loop: asyncio.AbstractEventLoop
) -> None:
    login = await computer.founding()
    error = part(login, "login_error")
    form = login.founding
    form.go.click()
    assert "城市" in error.text()
    form.city.setEditText("桃花源")
    assert form.point.isVisible()
    for field, words in zip((form.point, form.name, form.user), ("there", "陈老板", "chen"), strict=True):
        field.setText(words)
    form.password.setText("short")
    form.again.setText("shorter")
    form.go.click()
    assert "121.47" in error.text()
    form.point.setText("120.1, 30.2")
    form.go.click()
    assert "不一致" in error.text()
    form.again.setText("short")
    form.go.click()
    await until(lambda: "密码太短" in error.text())
    assert not computer.entered
    assert form.isVisible()
    await computer.leave(login)


def test_a_practice_city_has_nothing_to_found(city: City, loop: asyncio.AbstractEventLoop) -> None:
    assert Settings().profile.practice
    assert not profile.OWN_COMPANY.practice
    assert profile.server_data(profile.OWN_COMPANY) != profile.server_data(profile.THIS_COMPUTER)


def test_a_city_is_known_in_both_languages_and_a_point_may_be_typed() -> None:
    assert known("上海市") == known("shanghai") == cities()[0]
    assert known("桃花源") is None
    text.use("en")
    assert cities()[0].said == "Shanghai"
    found = point("120.1， 30.2")
    assert found is not None
    assert (found.lon, found.lat) == (120.1, 30.2)
    assert point("north") is None
    assert point("500, 30") is None


async def test_both_companies_of_this_computer_can_always_be_chosen(
    computer: Computer, loop: asyncio.AbstractEventLoop
) -> None:
    login = await computer.founding()
    offered = [login.profiles.itemText(at) for at in range(login.profiles.count())]
    assert offered[:2] == ["演示城市（本机）", "我的公司（本机）"]
    assert login.profiles.currentText() == "我的公司（本机）"
    assert login.findChild(QObject, "account_wangfang") is None
    await computer.leave(login)
