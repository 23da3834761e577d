"""Photos and videos from a desk: kept, sent, gone on with after anything, shown, and gone with the log-out."""

import asyncio
import hashlib
import stat
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from dispatcher_app import clock
from dispatcher_app.client.api import Offline
from dispatcher_app.client.api import Place as Address
from dispatcher_app.client.outbox.seal import new_key
from dispatcher_app.client.session import Session, Unsent, Upload, open_session
from dispatcher_app.domain import command as c
from dispatcher_app.domain.act import Rejected
from dispatcher_app.domain.order import Order
from dispatcher_app.domain.talk import Attachment
from tests.client.conftest import Run, run
from tests.client.wait import link, until
from tests.server import picture
from tests.server.city import STAFF, Place, book
from tests.server.desk import log_in
from tests.server.process import Server

__all__ = ["run"]

KEY = new_key()
NOWHERE = "http://127.0.0.1:9"


@dataclass
class Town:
    """A server that comes and goes, and the desks that look for it."""

    place: Place
    launch: Callable[..., Server]
    folder: Path
    server: Server | None = None
    tokens: dict[str, str] = field(default_factory=dict)
    heard: list[Upload] = field(default_factory=list)

    def open(self) -> None:
        self.server = self.launch(self.place)
        for user in ("wangfang", "lina"):
            if user not in self.tokens:
                self.tokens[user] = log_in(self.server.url, user).json()["token"]

    def kill(self) -> None:
        assert self.server is not None
        self.server.kill()
        self.server = None

    async def locate(self) -> Address:
        return Address(self.server.url if self.server is not None else NOWHERE)

    async def desk(self, user: str = "wangfang") -> Session:
        staff = next(each for each in STAFF if each.id == user)
        folder = self.folder / user
        folder.mkdir(exist_ok=True)
        session = await open_session(folder, staff, KEY, self.locate, self.tokens[user])
        session.subscribe(uploads=self.heard.append)
        return session


@pytest.fixture
def town(sqlite: Place, launch: Callable[..., Server], tmp_path: Path) -> Town:
    """A company with a server that runs."""
    made = Town(sqlite, launch, tmp_path)
    made.open()
    return made


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    """A photo as it lies on somebody's computer, misnamed as such photos are."""
    file = tmp_path / "现场.png"
    file.write_bytes(picture.photo(width=1600, height=1200))
    return file


async def order_on(session: Session) -> str:
    """A new order that both sides know."""
    order = clock.new_id()
    submission = session.submit(book(order=order))
    await submission.outcome
    await until(
        session, lambda: session.get(Order, order) is not None and not session.is_pending("order", order)
    )
    return order


async def settled(session: Session, holds: Callable[[], bool]) -> None:
    """Wait for what a desk's uploads or its replica show."""
    woken = asyncio.Event()
    stop = session.subscribe(
        changed=lambda _: woken.set(), uploads=lambda _: woken.set(), link=lambda _: woken.set()
    )
    try:
        while not holds():
            woken.clear()
            await woken.wait()
    finally:
        stop()


async def test_a_photo_of_one_desk_is_seen_on_the_other_and_stays_seen_without_a_server(
    town: Town, photo: Path
) -> None:
    wang, lina = await town.desk(), await town.desk("lina")
    await link(wang, "online")
    order = await order_on(wang)
    upload = wang.upload(order, photo, "fault", 0)
    assert (upload.media, upload.name, upload.state) == ("image/jpeg", "现场.png", "copying")
    original = photo.read_bytes()
    await settled(
        wang, lambda: (wang.uploads != [] and wang.uploads[0].state != "copying") or not wang.uploads
    )
    photo.unlink()
    await settled(lina, lambda: lina.get(Attachment, upload.id) is not None)
    assert [each.id for each in await lina.attachments_of(order)] == [upload.id]
    await settled(wang, lambda: not wang.uploads)
    states = [each.state for each in town.heard if each.id == upload.id]
    assert list(dict.fromkeys(states)) == ["copying", "waiting", "sending", "checking", "done"]
    assert not list((town.folder / "wangfang" / "uploads").iterdir())
    found = lina.get(Attachment, upload.id)
    assert found is not None
    one, two = await asyncio.gather(lina.picture(upload.id), lina.picture(upload.id))
    assert one == two
    assert hashlib.sha256(one.read_bytes()).hexdigest() == found.sha256
    assert one.suffix == ".jpg"
    assert stat.S_IMODE(one.stat().st_mode) == 0o600
    thumb = await lina.picture(upload.id, "thumb")
    assert thumb.stat().st_size < one.stat().st_size
    with pytest.raises(Rejected, match="required"):
        await lina.picture(upload.id, "original")
    opened = await lina.picture(upload.id, "original", "客户投诉")
    assert opened.read_bytes() == original
    with pytest.raises(Rejected, match="not_allowed"):
        await wang.picture(upload.id, "original", "看看")
    town.kill()
    await link(lina, "offline")
    assert await lina.picture(upload.id) == one
    with pytest.raises(Offline):
        await wang.picture(upload.id)
    await lina.close()
    assert not opened.exists()
    assert one.exists()
    lina = await town.desk("lina")
    await lina.log_out()
    assert not one.parent.exists()
    await wang.close()


async def test_a_video_goes_on_after_the_server_was_killed_and_the_desk_was_closed(
    town: Town, tmp_path: Path
) -> None:
    file = tmp_path / "film.mp4"
    file.write_bytes(picture.film(24_000_000))

    wang = await town.desk()
    await link(wang, "online")
    order = await order_on(wang)
    upload = wang.upload(order, file, "before")
    await settled(wang, lambda: any(each.sent > 4_000_000 for each in wang.uploads))
    town.kill()
    await settled(wang, lambda: wang.uploads[0].state == "waiting")
    kept = list((town.folder / "wangfang" / "uploads").iterdir())
    assert all(stat.S_IMODE(each.stat().st_mode) == 0o600 for each in kept)
    await wang.close()
    wang = await town.desk()
    assert [(each.id, each.state) for each in wang.uploads] == [(upload.id, "waiting")]
    town.heard.clear()
    town.open()
    wang.reconnect()
    await settled(wang, lambda: wang.get(Attachment, upload.id) is not None)
    found = wang.get(Attachment, upload.id)
    assert found is not None
    assert found.original_sha256 == hashlib.sha256(file.read_bytes()).hexdigest()
    assert next(each.sent for each in town.heard if each.state == "sending") > 0
    await wang.close()


async def test_a_photo_of_an_order_that_the_server_does_not_know_yet_waits_for_it(
    town: Town, photo: Path
) -> None:
    wang = await town.desk()
    await link(wang, "online")
    town.kill()
    await link(wang, "offline")
    order = clock.new_id()
    wang.submit(book(order=order))
    upload = wang.upload(order, photo, "fault")
    await settled(wang, lambda: wang.uploads[0].state == "waiting")
    with pytest.raises(Unsent) as unsent:
        await wang.log_out()
    assert unsent.value.count == 2
    town.open()
    wang.reconnect()
    await settled(wang, lambda: wang.get(Attachment, upload.id) is not None)
    await settled(wang, lambda: not wang.uploads)
    await wang.log_out()


async def test_what_the_server_refuses_rests_with_its_reason_until_somebody_decides(
    town: Town, tmp_path: Path
) -> None:
    wang = await town.desk()
    await link(wang, "online")
    order = await order_on(wang)
    file = tmp_path / "half.jpg"
    file.write_bytes(picture.photo()[:-3000])
    upload = wang.upload(order, file, "fault")
    await settled(wang, lambda: bool(wang.parked))
    parked = wang.parked[0]
    assert (parked.act, parked.state, parked.reason, parked.name) == (
        upload.id, "parked", "picture_unreadable", "half.jpg",
    )  # fmt: skip
    await settled(wang, lambda: wang.link.attention == 1)
    await wang.close()
    wang = await town.desk()
    assert [each.reason for each in wang.parked] == ["picture_unreadable"]
    town.heard.clear()
    wang.retry(upload.id)
    await settled(wang, lambda: any(each.state == "sending" for each in town.heard) and bool(wang.parked))
    wang.discard(upload.id)
    assert wang.uploads == []
    await wang.close()
    assert not list((town.folder / "wangfang" / "uploads").iterdir())


async def test_what_can_be_seen_to_be_wrong_is_said_at_once(town: Town, tmp_path: Path) -> None:
    wang = await town.desk()
    for name, data, size, code in (
        ("nothing.jpg", b"", 0, "upload_empty"),
        ("page.jpg", b"<html>", 6, "upload_type"),
        ("long.jpg", b"\xff\xd8\xff", 31 << 20, "upload_too_large"),
        ("long.mp4", b"\0\0\0\x18ftypisom", 201 << 20, "upload_too_large"),
    ):
        file = tmp_path / name
        with file.open("wb") as made:
            made.write(data)
            made.truncate(size)
        with pytest.raises(Rejected, match=code):
            wang.upload("any", file, "fault")
    for path in (tmp_path / "missing.jpg", tmp_path):
        with pytest.raises(Rejected, match="file_unreadable"):
            wang.upload("any", path, "fault")
    assert wang.uploads == []
    await wang.close()


async def test_an_upload_can_be_given_up_on_its_way(town: Town, tmp_path: Path) -> None:
    file = tmp_path / "film.mp4"
    file.write_bytes(picture.film(40_000_000))

    wang = await town.desk()
    await link(wang, "online")
    order = await order_on(wang)
    upload = wang.upload(order, file, "before")
    await settled(wang, lambda: any(each.sent > 1_000_000 for each in wang.uploads))
    wang.cancel_upload(upload.id)
    assert wang.uploads == []
    assert town.heard[-1].reason == "cancelled"
    small = tmp_path / "next.jpg"
    small.write_bytes(picture.photo())
    following = wang.upload(order, small, "fault")
    await settled(wang, lambda: wang.get(Attachment, following.id) is not None and not wang.uploads)
    await wang.close()
    assert wang.get(Attachment, upload.id) is None
    assert not list((town.folder / "wangfang" / "uploads").iterdir())
    assert not list((town.place.data / "uploads").glob(f"{upload.id}*"))


def test_a_photo_that_was_removed_leaves_the_desks_that_had_seen_it(
    town: Town, photo: Path, run: Run
) -> None:
    async def story() -> None:
        wang, lina = await town.desk(), await town.desk("lina")
        await link(wang, "online")
        await link(lina, "online")
        order = await order_on(wang)
        upload = wang.upload(order, photo, "fault")
        await settled(wang, lambda: wang.get(Attachment, upload.id) is not None)
        seen = await wang.picture(upload.id)
        await settled(lina, lambda: lina.get(Attachment, upload.id) is not None)
        outcome: Any = await lina.submit(
            c.RemoveAttachment(attachment=upload.id, reason="wrong_order")
        ).outcome
        assert outcome.reply is not None

        def removed() -> bool:
            found = wang.get(Attachment, upload.id)
            return found is not None and found.removed is not None

        await settled(wang, removed)
        with pytest.raises(Rejected, match="not_found"):
            await wang.picture(upload.id)
        assert not seen.exists()
        await wang.close()
        await lina.close()

    run(story())
