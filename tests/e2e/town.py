"""A central server with the practice city, and desks of their own computers at it."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from dispatcher_app.client import profile
from dispatcher_app.client.profile import Profile, Settings
from dispatcher_app.text import t
from tests.e2e.relay import Relay
from tests.server.city import Place
from tests.server.process import start
from ui.demo.desk import Desk, Unseen
from ui.demo.story import log_in, look_at


@dataclass(frozen=True, slots=True)
class Town:
    """王芳 at desk A, 李娜 at desk B behind a wire that can be cut."""

    a: Desk
    b: Desk
    wire: Relay


@asynccontextmanager
async def town(folder: Path) -> AsyncIterator[Town]:
    """Both desks logged in, their queues there."""
    data = folder / "server"
    async with AsyncExitStack() as stack:
        url = f"sqlite:///{data / 'dispatcher.db'}"
        server = await asyncio.to_thread(start, Place(url, data), "--practice")
        stack.callback(server.stop)
        wire = Relay(urlsplit(server.url).port or 0)
        await stack.enter_async_context(wire.running())
        a, b = desk("A", folder / "a", server.url), desk("B", folder / "b", wire.url)
        for each in (a, b):
            stack.push_async_callback(each.end)
            await each.start()
        await log_in(a, "wangfang", "王芳")
        await log_in(b, "lina", "李娜")
        try:
            yield Town(a, b, wire)
        except BaseException:
            for each in (a, b):
                with contextlib.suppress(Unseen):
                    await each.shoot(folder / f"failed-{each.name}.png")
            raise


def desk(name: str, home: Path, url: str) -> Desk:
    """A desk whose chosen server is a central one; the board is open at first, so no map is started."""
    central = Profile(id="town", name="town", url=url)
    profile.save(Settings().with_profile(central), home)
    return Desk(name, home)


async def assignable(desk: Desk, wanted: int) -> list[str]:
    """The numbers of the first waiting orders for which enough technicians are free.

    Each of them will be given to somebody, who is not free for the next one any more; and two must be left for the last.
    """
    found: list[str] = []
    for row in await desk.see("queue_table"):
        number = row.split(" | ")[0]
        await look_at(desk, number)
        await desk.wait("inspector", t("Looking for who is free…"), gone=True)
        if len(await desk.see("candidates")) > wanted:
            found.append(number)
        if len(found) == wanted:
            return found
    raise AssertionError(f"only {found} can be assigned")


async def candidates(desk: Desk, number: str) -> list[str]:
    """Look at an order and at who could go; their names, the best first."""
    await look_at(desk, number)
    await desk.press("F3")
    await desk.wait("focus", "candidates")
    return [row.split(" | ")[0] for row in await desk.see("candidates")]


async def settled(desk: Desk) -> None:
    """The server has answered everything that was done here."""
    await desk.wait("link_state", t("Connected"))
    await desk.wait("link_state", t("{n} being saved", n=""), gone=True)
    await desk.wait("link_state", t("{n} to sync", n=""), gone=True)
