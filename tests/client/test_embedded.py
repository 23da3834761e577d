"""This computer's own server: one desk starts it, others join, and whoever is left takes over."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from pathlib import Path

import pytest

from dispatcher_app.client.api import Api, NotLoggedIn, Offline, Place
from dispatcher_app.client.credential import Keychain
from dispatcher_app.client.embedded import Broken, Embedded, taken
from dispatcher_app.client.login import WrongLogin, enter
from dispatcher_app.client.profile import Settings
from dispatcher_app.domain.order import Order
from dispatcher_app.planning.rank import Ranking
from tests.client.test_credential import Memory
from tests.client.wait import link


async def test_a_second_desk_joins_and_goes_on_when_the_first_is_gone(tmp_path: Path) -> None:
    first, second = Embedded(tmp_path), Embedded(tmp_path)
    place = await first.locate()
    assert await second.locate() == place
    assert await first.locate() == place
    await first.close()
    taken_over = await second.locate()
    assert taken_over.url != place.url
    api = Api(taken_over, "nobody", trust=False)
    with pytest.raises(NotLoggedIn):
        await api.me()
    await api.close()
    api = Api(Place(taken_over.url, "not the local token"), "nobody", trust=False)
    with pytest.raises(Offline):
        await api.me()
    await api.close()
    await second.close()


async def test_a_server_that_was_starting_when_its_desk_closed_is_ended_too(tmp_path: Path) -> None:
    server = Embedded(tmp_path)
    starting = asyncio.create_task(server.locate())
    while not (tmp_path / "server.err").exists():
        await asyncio.sleep(0.01)
    await server.close()
    with pytest.raises(Offline):
        await starting
    assert not taken(tmp_path)


@pytest.mark.skipif(sys.platform == "win32", reason="kills with a POSIX signal")
async def test_three_quick_deaths_are_said_and_end_it(tmp_path: Path) -> None:
    server = Embedded(tmp_path)
    for _ in range(3):
        await server.locate()
        kill(server)
    with pytest.raises(Broken) as broken:
        await server.locate()
    assert broken.value.reason == "server_keeps_dying"
    await server.close()


def judged(ranked: Ranking) -> set[str]:
    """Everybody whom a ranking speaks of."""
    return {each.technician for each in ranked.eligible} | {each.technician for each in ranked.excluded}


def kill(server: Embedded) -> None:
    child = server._child
    assert child is not None
    os.kill(child.pid, signal.SIGKILL)
    child.wait()


async def test_a_database_that_cannot_be_opened_is_said(tmp_path: Path) -> None:
    (tmp_path / "dispatcher.db").write_bytes(b"no database" * 100)
    server = Embedded(tmp_path)
    with pytest.raises(Broken):
        await server.locate()
    await server.close()


async def test_logging_in_to_the_practice_city_and_going_on_without_any_server(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DISPATCHER_HOME", str(tmp_path))

    chain = Keychain(Memory())
    entrance = await enter(settings=Settings(), chain=chain)
    people = {each.user: each for each in await entrance.accounts()}
    dispatcher = next(each for each in people.values() if "dispatcher" in each.roles)
    with pytest.raises(WrongLogin):
        await entrance.log_in(dispatcher.user, "wrong")
    session = await entrance.log_in(dispatcher.user, dispatcher.password)
    await link(session, "online")
    orders = {each.id for each in session.all(Order)}
    assert len(orders) >= 100
    some = next(iter(orders))
    ranked = await session.rank(some)
    assert ranked.order == some
    assert await session.history("order", some)
    await entrance.close()

    entrance = await enter(settings=Settings(), chain=chain)
    entrance.embedded = Embedded(tmp_path / "not" / "there")
    again = await entrance.resume()
    assert again is not None
    assert {each.id for each in again.all(Order)} == orders
    offline = await again.rank(some)
    assert judged(offline) == judged(ranked)
    await entrance.close()
    entrance = await enter(settings=Settings(), chain=Keychain(None))
    assert await entrance.resume() is None
    await entrance.close()
