"""A desk for benchmarks: Qt and asyncio on one loop, a session on a company's server."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any, TypeVar

import httpx

from dispatcher_app import codec
from dispatcher_app.client.api import Place
from dispatcher_app.client.outbox.seal import new_key
from dispatcher_app.client.session import Session, open_session
from dispatcher_app.client.state import Link
from dispatcher_app.domain.region import Staff
from tests.bench.company import Served

T = TypeVar("T")


def run(work: Callable[[], Coroutine[Any, Any, T]]) -> T:
    """Run it on Qt's loop, with an application dressed as it is at a desk."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    from PySide6.QtWidgets import QApplication

    from ui import theme
    from ui.loop import event_loop

    app = QApplication.instance() or QApplication([])
    assert isinstance(app, QApplication)
    app.setQuitOnLastWindowClosed(False)
    theme.apply(app, "light")
    loop = event_loop(app)
    asyncio.set_event_loop(loop)
    with loop:
        made: T = loop.run_until_complete(work())
    return made


async def sit_down(folder: Path, served: Served) -> Session:
    """A session of the benchmark's dispatcher, online and caught up."""
    async with httpx.AsyncClient() as client:
        answer = await client.get(f"{served.url}/me", headers=served.headers)
    staff = codec.decode(codec.encode(answer.json()["staff"]), Staff)

    async def there() -> Place:
        return Place(served.url)

    folder.mkdir(parents=True, exist_ok=True)
    session = await open_session(folder, staff, new_key(), there, served.token)
    await online(session)
    return session


async def online(session: Session) -> None:
    """Wait until the replica has caught up."""
    caught_up = asyncio.Event()

    def look(link: Link) -> None:
        if link.state == "online":
            caught_up.set()

    stop = session.subscribe(link=look)
    look(session.link)
    await asyncio.wait_for(caught_up.wait(), 300)
    stop()
