"""A desk in a process of its own, to be killed or starved; it says each act once that is safe."""

from __future__ import annotations

import asyncio
import resource
from multiprocessing.connection import Connection
from pathlib import Path

from dispatcher_app.client.api import Place
from dispatcher_app.client.session import Session, open_session
from dispatcher_app.domain.act import Rejected
from tests.client.town import WANG, booking, fresh


async def opened(folder: Path, key: bytes, url: str, token: str | None) -> Session:
    async def there() -> Place:
        return Place(url)

    return await open_session(folder, WANG, key, there, token, seat="A3")


def work(folder: Path, key: bytes, url: str, token: str | None, heard: Connection) -> None:
    """Book without end."""

    async def story() -> None:
        session = await opened(folder, key, url, token)
        while True:
            act = session.submit(booking(fresh()))
            await act.saved
            heard.send([act.act])

    asyncio.run(story())


def starve(folder: Path, key: bytes, limit: int, heard: Connection) -> None:
    """Book until the disk takes no more; then once again after there is room."""

    async def story() -> None:
        session = await opened(folder, key, "http://127.0.0.1:9", None)
        resource.setrlimit(resource.RLIMIT_FSIZE, (limit, resource.RLIM_INFINITY))
        safe, code = [], ""
        while not code:
            act = session.submit(booking(fresh()))
            try:
                await act.saved
                safe.append(act.act)
            except Rejected as rejected:
                code = rejected.code
        outcome = await act.outcome
        shown = session.is_pending("order", act.command.order)
        heard.send((code, safe, str(outcome), shown, session.link.reason))
        resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
        again = session.submit(booking(fresh()))
        await again.saved
        heard.send([*safe, again.act])
        await session.close()

    asyncio.run(story())
