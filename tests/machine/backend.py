"""A real server that can be killed, started again and put back to an earlier day."""

from __future__ import annotations

import asyncio
import contextlib
import shutil
import socket
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import uvicorn

from dispatcher_app import clock
from dispatcher_app.domain.act import SYSTEM, Act
from dispatcher_app.domain.command import PLATFORM_COMMANDS
from dispatcher_app.domain.entity import PLATFORM
from dispatcher_app.server.admin import put_back
from dispatcher_app.server.app import make_app
from dispatcher_app.server.auth import hash_of
from dispatcher_app.server.node import Node, open_node
from dispatcher_app.server.store.backup import back_up
from dispatcher_app.server.store.database import open_database
from tests.machine.wire import Wire
from tests.server.city import PASSWORD, Place


class Quiet(uvicorn.Server):
    """A server that leaves signals to the tests and says when it listens."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.listens = asyncio.Event()

    @contextlib.contextmanager
    def capture_signals(self) -> Any:
        yield

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self.listens.set()


@dataclass
class Backend:
    """The company's server with its database, as the wire shows it."""

    place: Place
    wire: Wire = field(default_factory=Wire)
    node: Node | None = None
    url: str = ""
    lost: set[str] = field(default_factory=set)
    backups: list[Path] = field(default_factory=list)
    _server: Quiet | None = None
    _serving: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Serve; nothing where it does already."""
        if self.node is not None:
            return
        loop = asyncio.get_running_loop()
        self.node = await asyncio.to_thread(open_node, self.place.url, self.place.data / "secret.key", loop)
        listener = socket.socket()
        listener.bind(("127.0.0.1", 0))
        config = uvicorn.Config(
            self.wire.around(make_app(self.node)),
            log_config=None,
            access_log=False,
            timeout_graceful_shutdown=2,
        )
        self._server = Quiet(config)
        self._serving = asyncio.create_task(self._server.serve(sockets=[listener]), name="uvicorn")
        await self._server.listens.wait()
        self.wire.up = True
        self.url = f"http://127.0.0.1:{listener.getsockname()[1]}"

    async def kill(self) -> None:
        """Gone from one moment to the next, as the desks see it: nothing under way gets an answer."""
        if self._server is None or self._serving is None:
            return
        self.url, self.wire.up = "", False
        for line in self.wire.lines.values():
            line.cut()
        for connection in list(self._server.server_state.connections):
            transport = getattr(connection, "transport", None)
            if transport is not None:
                transport.abort()
        if self.node is not None:
            self.node.hub.close()
        self._server.should_exit = True
        await self._serving
        self.node = self._server = self._serving = None

    async def back_up(self) -> None:
        """Keep a copy of today."""
        if self.node is not None:
            target = self.place.data / f"kept-{len(self.backups)}.db"
            self.backups.append(await asyncio.to_thread(back_up, self.node.database, target))

    async def restore(self, which: int) -> None:
        """Back to an earlier day; what was done since then is lost here."""
        if not self.backups:
            return
        await self.kill()
        # Only now is it sure that nobody is told of anything more that is going to be forgotten.
        database = open_database(self.place.url)
        with database.reading() as cursor:
            before = {id for (id,) in cursor.all("SELECT id FROM act")}
        database.close()
        file = self.backups[which % len(self.backups)]
        assert await asyncio.to_thread(put_back, file, self.place.url, self.place.data) == 0
        await self.start()
        self.lost = (self.lost | before) - self.acts().keys()

    def acts(self) -> dict[str, tuple[str, int]]:
        """Every act in the log: its log and its number there."""
        return {id: (log, seq) for id, log, seq in self.rows("SELECT id, log, seq FROM act")}

    def rows(self, statement: str) -> list[tuple[Any, ...]]:
        """Rows of the database."""
        assert self.node is not None
        with self.node.database.reading() as cursor:
            return cursor.all(statement)

    async def do(self, command: Any, region: str = "sh") -> None:
        """An act of the keeper's."""
        await self.start()
        assert self.node is not None
        region = PLATFORM if type(command) in PLATFORM_COMMANDS else region
        act = Act(id=clock.new_id(), actor=SYSTEM, at=clock.now_ms(), command=command, region=region)
        await self.node.executor.submit_here(act)

    async def log_in(self, user: str) -> str:
        """A token for that person."""
        await self.start()
        assert self.node is not None
        token, _ = await self.node.auth.log_in_apart(user, PASSWORD, "test", "127.0.0.1")
        return token

    async def revoke(self, token: str) -> None:
        """The token is worth nothing any more, as when an administrator ends it from a terminal."""
        await self.start()
        assert self.node is not None
        gone = (hash_of(token),)
        await asyncio.wrap_future(
            self.node.executor.run(lambda cursor: cursor.run("DELETE FROM token WHERE hash = ?", gone))
        )


def copied(template: Path, data: Path) -> Place:
    """A company of the test's own."""
    shutil.copytree(template, data)
    return Place(f"sqlite:///{data / 'dispatcher.db'}", data)
