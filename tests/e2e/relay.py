"""A wire between a desk and its server that can be held, cut and mended."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Self

_CHUNK = 1 << 16


class Relay:
    """Passes everything on to a port of this computer."""

    def __init__(self, port: int) -> None:
        self._target = port
        self._open = asyncio.Event()
        self._open.set()
        self._connected = True
        self._writers: set[asyncio.StreamWriter] = set()
        self.url = ""

    @asynccontextmanager
    async def running(self) -> AsyncIterator[Self]:
        """The wire, for as long as the block lasts."""
        server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        self.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        try:
            yield self
        finally:
            server.close()
            self.cut()
            await server.wait_closed()

    def hold(self) -> None:
        """Let nothing through, without anybody noticing yet."""
        self._open.clear()

    def release(self) -> None:
        """Let through what waited, and all that follows."""
        self._open.set()

    def cut(self) -> None:
        """Break every connection and let nobody make another."""
        self._connected = False
        self._open.set()
        for writer in list(self._writers):
            writer.close()

    def mend(self) -> None:
        """Let everybody connect again."""
        self._connected = True

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if not self._connected:
            writer.close()
            return
        there, away = await asyncio.open_connection("127.0.0.1", self._target)
        self._writers |= {writer, away}
        try:
            await asyncio.gather(self._pass(reader, away), self._pass(there, writer))
        finally:
            self._writers -= {writer, away}

    async def _pass(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(OSError):
            while chunk := await reader.read(_CHUNK):
                await self._open.wait()
                writer.write(chunk)
                await writer.drain()
        writer.close()
