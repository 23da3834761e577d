"""The company of the server's tests with a few orders, and three people of it already logged in."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import pytest

from dispatcher_app.server import hub
from dispatcher_app.server.auth import Auth
from tests.machine.doing import order_id
from tests.server.city import PASSWORD, Place, assign, book, open_gate, seed

USERS = ("wangfang", "lina", "chen")


@dataclass(frozen=True)
class Template:
    """A data folder to be copied, and the tokens that count in it."""

    data: Path
    tokens: tuple[str, ...]


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> Template:
    """The company in a folder of its own."""
    data = tmp_path_factory.mktemp("machine") / "data"
    data.mkdir()
    place = Place(f"sqlite:///{data / 'dispatcher.db'}", data)
    seed(place)
    with closing(open_gate(place)) as gate:
        for number in range(3):
            gate.do(book(number, order=order_id(number), note="按门铃"))
        gate.do(assign(order_id(0)))
        auth = Auth(gate.database, gate.executor)
        tokens = tuple(auth.log_in(user, PASSWORD, "test", "127.0.0.1")[0] for user in USERS)
    return Template(data, tokens)


@pytest.fixture(autouse=True)
def brisk(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Heartbeats come fast, and connections broken on purpose are not reported."""
    monkeypatch.setattr(hub, "HEARTBEAT_S", 0.2)
    uvicorn = logging.getLogger("uvicorn.error")
    level = uvicorn.level
    uvicorn.setLevel(logging.CRITICAL + 1)
    yield
    uvicorn.setLevel(level)
