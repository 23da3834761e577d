"""What was told about an order, asked of a real server by a desk."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path

import pytest

from dispatcher_app.client.api import Place as Address
from dispatcher_app.client.session import Offline, ToldNotice, open_session
from dispatcher_app.domain.act import Rejected
from tests.client.stand_in import StandIn
from tests.client.town import desk
from tests.client.wait import link
from tests.server.city import STAFF, Place, book
from tests.server.conftest import launch, seeded, sqlite
from tests.server.desk import log_in
from tests.server.process import Server

__all__ = ["launch", "seeded", "sqlite"]

KEY = bytes(range(32))


async def test_a_desk_reads_what_was_told_and_has_it_sent_again(
    sqlite: Place, launch: Callable[..., Server], tmp_path: Path
) -> None:
    server = launch(sqlite)
    token = log_in(server.url, "wangfang").json()["token"]

    async def there() -> Address:
        return Address(server.url)

    session = await open_session(tmp_path / "desk", STAFF[0], KEY, there, token)
    await link(session, "online")
    await session.submit(book(order="o-told-1")).outcome
    told: list[ToldNotice] = []
    while not told or told[-1].state != "sent":
        told = await session.notices_of("o-told-1")
        await asyncio.sleep(0)
    (first,) = told
    assert (first.party, first.recipient, first.what) == ("customer", "c-o-told-1", "booked")
    assert first.provider == "journal"
    again = await session.send_notice_again(first.id)
    assert again.id != first.id
    assert len(await session.notices_of("o-told-1")) == 2
    with pytest.raises(Rejected):
        await session.send_notice_again("nothing")
    await session.close()


async def test_without_a_server_nobody_knows_what_was_told(tmp_path: Path) -> None:
    async with StandIn().running() as server:
        session = await desk(tmp_path, server)
        await link(session, "online")
        await session.close()
    with pytest.raises(Offline):
        await session.notices_of("o1")
