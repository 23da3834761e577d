"""Sitting down: practice accounts, wrong words, no server, and going on where one stopped."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

import keyring.backend
import pytest
from PySide6.QtCore import QObject

from dispatcher_app.client import profile
from dispatcher_app.client.credential import Keychain
from dispatcher_app.client.login import Entrance, enter
from dispatcher_app.client.profile import Profile, Settings
from dispatcher_app.client.session import Session
from tests.ui.window_desk import City, part, remove, until
from ui.login.window import LoginWindow

Way = Callable[[Profile], Coroutine[Any, Any, Entrance]]


class Memory(keyring.backend.KeyringBackend):
    """A keyring in memory."""

    priority = 5

    def __init__(self) -> None:
        self.kept: dict[tuple[str, str], str] = {}

    def get_password(self, service: str, username: str) -> str | None:
        return self.kept.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self.kept[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        self.kept.pop((service, username), None)


@pytest.fixture
def way(city: City, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Way:
    """The way to the practice city from a computer of its own."""
    monkeypatch.setenv("DISPATCHER_HOME", str(tmp_path))
    chain = Keychain(Memory())

    async def open_way(chosen: Profile) -> Entrance:
        made = await enter(chosen, Settings(), chain)
        if made.embedded is not None:
            made.embedded = city.server
        return made

    return open_way


async def left(login: LoginWindow, session: Session | None = None) -> None:
    if session is not None:
        await session.close()
    assert login.entrance is not None
    login.entrance.desk.release()
    remove(login)


async def test_a_person_of_the_practice_city_sits_down_with_one_click(
    way: Way, loop: asyncio.AbstractEventLoop
) -> None:
    login = LoginWindow(Settings(), way)
    entered: list[Session] = []
    login.entered.connect(entered.append)
    await until(lambda: login.findChild(QObject, "account_wangfang"))
    part(login, "account_wangfang").click()
    await until(lambda: entered)
    assert entered[0].staff.name == "王芳"
    await left(login, entered[0])


async def test_a_wrong_password_is_said_and_the_name_stays(way: Way, loop: asyncio.AbstractEventLoop) -> None:
    login = LoginWindow(Settings(), way)
    login.show()
    await until(lambda: login.findChild(QObject, "account_wangfang"))
    login.user.setText("wangfang")
    login.password.setText("not this one")
    login.go.click()
    await until(lambda: part(login, "login_error").text())
    assert part(login, "login_error").text() == "用户名或密码错误。"
    assert login.user.text() == "wangfang"
    await left(login)


async def test_a_server_that_is_not_there_is_said(way: Way, loop: asyncio.AbstractEventLoop) -> None:
    nowhere = Settings().with_profile(Profile(id="nowhere", name="nowhere", url="http://127.0.0.1:9"))
    login = LoginWindow(nowhere, way)
    await until(lambda: login.entrance is not None)
    login.log_in("wangfang", "practice")
    await until(lambda: "连不上" in part(login, "login_error").text())
    await left(login)


async def test_an_address_in_the_open_is_refused_beside_the_field(
    way: Way, loop: asyncio.AbstractEventLoop
) -> None:
    login = LoginWindow(Settings(), way)
    login.show()
    await until(lambda: login.entrance is not None)
    login.profiles.setCurrentIndex(login.profiles.count() - 1)
    assert login.address.isVisible()
    login.address.setText("http://dispatch.example.com")
    login.address.returnPressed.emit()
    assert login.address.property("invalid") == "true"
    await left(login)


async def test_whoever_was_logged_in_goes_on_without_the_server(
    way: Way, loop: asyncio.AbstractEventLoop
) -> None:
    first = await way(Settings().profile)
    session = await first.log_in("lina", "practice")
    await until(lambda: session.link.state == "online")
    await session.close()
    first.desk.release()
    login = LoginWindow(Settings(), way)
    login.show()
    entered: list[Session] = []
    login.entered.connect(entered.append)
    offline = part(login, "login_offline")
    await until(offline.isVisible)
    assert "李娜" in offline.text()
    offline.click()
    await until(lambda: entered)
    assert entered[0].staff.id == "lina"
    await left(login, entered[0])
    assert profile.home().exists()
