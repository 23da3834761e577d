"""An order that only the server has is read with its photos."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from dispatcher_app.client.replica.ask import OrderQuery
from dispatcher_app.domain.order import Order
from dispatcher_app.domain.talk import Attachment
from tests.ui.window_desk import City, remove, until
from ui.order.old import OldOrder
from ui.order.thumb import Thumb


@pytest.fixture(autouse=True)
def at_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DISPATCHER_HOME", str(tmp_path))


async def test_an_old_order_shows_its_photos_and_opens_them(
    city: City, loop: asyncio.AbstractEventLoop, qtbot: QtBot
) -> None:
    async with city.sitting("wangfang") as session:
        completed = OrderQuery(statuses=frozenset({"completed"}))
        known = [session.get(Order, id) for _key, id in await session.order_keys(completed)]
        order = next(each for each in known if each is not None and each.attachments > 1)
        row = (await session.order_rows([order.id]))[order.id]
        old = OldOrder(session)
        old.show()
        old.show_row(row)
        await until(lambda: old.gallery.photos)
        assert len(old.gallery.photos) == order.attachments
        thumbs = old.findChildren(Thumb)
        await until(lambda: all(each.arrived for each in thumbs))
        opened: list[tuple[Sequence[Attachment], str]] = []
        old.opened.connect(lambda photos, id: opened.append((photos, id)))
        thumbs[-1].click()
        assert opened == [(old.gallery.photos, thumbs[-1].photo.id)]
        other = next(each for each in known if each is not None and not each.attachments)
        old.show_row((await session.order_rows([other.id]))[other.id])
        assert not old.gallery.photos
        remove(old)
