"""Closing a session at any moment: what was done is kept, nobody waits for ever, nothing is left behind."""

from __future__ import annotations

import asyncio
import gc
import sys
import warnings
from collections.abc import Iterator
from pathlib import Path
from types import AsyncGeneratorType
from typing import Any

import pytest

from dispatcher_app.client.session import OrderQuery
from dispatcher_app.domain.order import Order
from tests.client.conftest import Run
from tests.client.stand_in import StandIn
from tests.client.town import booking, desk, fresh
from tests.client.wait import link


@pytest.fixture
def unheard() -> Iterator[list[str]]:
    """What Python says of coroutines and generators that nobody ended."""
    said: list[str] = []
    before = sys.unraisablehook
    sys.unraisablehook = lambda told: said.append(f"{told.object!r}: {told.exc_value!r}")
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        yield said
        gc.collect()
    sys.unraisablehook = before


def test_an_act_of_the_last_moment_is_there_at_the_next_start(
    tmp_path: Path, run: Run, unheard: list[str]
) -> None:
    async def story() -> None:
        async with StandIn().running() as server:
            session, order = await desk(tmp_path, server), fresh()
            await link(session, "online")
            session.submit(booking(order))
            await session.close()
            again = await desk(tmp_path, server)
            assert again.get(Order, order) is not None
            await again.close()

    run(story())
    gc.collect()
    assert unheard == []


def test_whoever_asks_a_closed_session_hears_nothing_and_breaks_nothing(
    tmp_path: Path, run: Run, unheard: list[str]
) -> None:
    async def story() -> None:
        async with StandIn().running() as server:
            session = await desk(tmp_path, server)
            await link(session, "online")
            await session.close()
            assert session.get(Order, "o1") is None
            session.put_draft("d1", {"phone": "139"})
            with pytest.raises(asyncio.CancelledError):
                await session.order_keys(OrderQuery())

    run(story())
    gc.collect()
    assert unheard == []


def test_a_server_that_logs_a_desk_out_leaves_no_stream_open(
    tmp_path: Path, run: Run, unheard: list[str]
) -> None:
    left: list[Any] = []

    async def story() -> None:
        async with StandIn().running() as server:
            session = await desk(tmp_path, server)
            await link(session, "online")
            server.tell("logout", b"{}")
            await link(session, "logged_out")
            await session.close()
            left.extend(each for each in gc.get_objects() if is_open(each))

    run(story())
    assert left == []
    assert unheard == []


def is_open(each: object) -> bool:
    """Whether it is a generator of the connection that has not come to its end."""
    if not isinstance(each, AsyncGeneratorType) or each.ag_frame is None:
        return False
    return any(part in each.ag_code.co_filename for part in ("httpx", "httpcore", "api.py"))
