"""Taking files in: the bytes as they come, straight to the disk, going on after any cut (tus 1.0)."""

from __future__ import annotations

import asyncio
import errno
import os
import re
import shutil
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any, BinaryIO, Final, TypeVar, get_args

import msgspec

from dispatcher_app import clock
from dispatcher_app.domain.act import Act, Actor, Rejected
from dispatcher_app.domain.command import AddAttachment
from dispatcher_app.domain.decide import decide
from dispatcher_app.domain.media import check_size
from dispatcher_app.domain.order import Order
from dispatcher_app.domain.talk import Attachment, Purpose
from dispatcher_app.server.files import media
from dispatcher_app.server.node import Node
from dispatcher_app.server.store import record, upload
from dispatcher_app.server.store.database import Cursor
from dispatcher_app.server.store.upload import Upload
from dispatcher_app.server.world import Transaction

T = TypeVar("T")

BUFFER: Final = 1 << 18
SYNC_EVERY: Final = 8 << 20
SILENCE_S: Final = 60.0
"""How long a sender may say nothing before the connection is given up."""
EXPIRES_MS: Final = 24 * 3_600_000
"""How long an upload that does not go on is kept."""
PERSON_FILES: Final = 100
PERSON_BYTES: Final = 4 << 30
"""What one person may have under way."""
RESERVE: Final = 256 << 20
"""Room that the disk keeps for the database."""
ID: Final = re.compile(r"[0-9a-f][0-9a-f-]{30,34}[0-9a-f]")


class NoRoom(Exception):
    """The disk is full."""


class Elsewhere(Exception):
    """What has come in so far lies on another node."""


class Silent(Exception):
    """The sender said nothing for too long, or has begun anew on another connection."""


class OtherOffset(Exception):
    """The sender goes on somewhere else than where we are; `offset` is where we are."""

    def __init__(self, offset: int) -> None:
        super().__init__(offset)
        self.offset = offset


class Wanted(msgspec.Struct, kw_only=True):
    """What a sender says about a file before its first byte; the type is claimed, not yet believed."""

    order: str
    purpose: Purpose
    type: str
    name: str = ""
    line: int | None = None
    sha256: str | None = None
    id: str | None = None


async def on_disk(node: Node, work: Callable[..., T], *values: Any) -> T:
    """Work for the disk, on the threads that are there for it; raises NoRoom.

    Whoever is cancelled meanwhile still waits for its end: nothing else may touch the file before.
    """
    doing = asyncio.get_running_loop().run_in_executor(node.archive.disk, work, *values)
    try:
        return await asyncio.shield(doing)
    except asyncio.CancelledError:
        await asyncio.wait({doing})
        raise
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
            raise NoRoom from error
        raise


async def asked(node: Node, work: Callable[[Cursor], T]) -> T:
    """A question to the database."""

    def run() -> T:
        with node.database.reading() as cursor:
            return work(cursor)

    return await asyncio.to_thread(run)


async def written(node: Node, work: Callable[[Cursor], T]) -> T:
    """Something for the writer."""
    return await asyncio.wrap_future(node.executor.run(work))


async def begin(node: Node, actor: Actor, wanted: Wanted, size: int) -> Upload:
    """Expect a file; the same again is the same upload. Raises Rejected, NoRoom."""
    claimed = media.named(wanted.type)
    check_size(claimed, size)
    id = wanted.id or clock.new_id()
    if not ID.fullmatch(id):
        raise Rejected("invalid", "id", detail="a UUID")
    if wanted.sha256 is not None and not re.fullmatch(r"[0-9a-f]{64}", wanted.sha256):
        raise Rejected("invalid", "sha256", detail="64 hexadecimal digits")
    now = clock.now_ms()

    def check(cursor: Cursor) -> Upload:
        if (known := upload.found(cursor, id)) is not None:
            if (known.actor, known.order_id, known.size) != (actor.name, wanted.order, size):
                raise Rejected("exists", "id")
            if known.state != "refused":
                return known
        order = record.load(cursor, "order", wanted.order)
        if not isinstance(order, Order) or (actor.kind == "staff" and order.region not in actor.regions):
            raise Rejected("not_found", "order", kind="order", id=wanted.order)
        made = Upload(
            id=id, region=order.region, order_id=order.id, line=wanted.line, purpose=wanted.purpose,
            name=plain(wanted.name), media=claimed, size=size, sha256=wanted.sha256, actor=actor.name,
            created_at=now, expires_at=now + EXPIRES_MS,
        )  # fmt: skip
        # The rule is asked now and once more at the end: nobody sends 200 MB to hear that it may not be.
        decide(Transaction(cursor, {}, {order.region: 0}, node.vault), rehearsed(made, actor), now)
        count, bytes_ = upload.under_way(cursor, actor.name)
        if count >= PERSON_FILES or bytes_ + size > PERSON_BYTES:
            raise Rejected("uploads_many", None, limit=PERSON_FILES)
        return made

    made = await asked(node, check)
    if made.created_at == now:
        if shutil.disk_usage(node.archive.folder).free < 2 * size + RESERVE:
            raise NoRoom
        await on_disk(node, touch, node.archive.part(id))
        await written(node, lambda cursor: begin_anew(cursor, made))
    return made


def begin_anew(cursor: Cursor, made: Upload) -> None:
    """Expect a file, also one that was refused before; what is on its way stays as it is."""
    if (known := upload.found(cursor, made.id)) is not None and known.state == "refused":
        upload.drop(cursor, made.id)
    upload.begin(cursor, made)


def rehearsed(made: Upload, actor: Actor) -> Act:
    """The act that will be, with figures that stand for those not known yet."""
    assert made.purpose in get_args(Purpose)
    command = AddAttachment(
        order=made.order_id, attachment=made.id, line=made.line, purpose=made.purpose,  # type: ignore[arg-type]
        media=made.media, size=made.size, sha256="-", original_sha256="-", original_size=made.size,
    )  # fmt: skip
    return Act(id=made.id, actor=actor, at=made.created_at, command=command, region=made.region)


async def of(node: Node, actor: Actor, id: str) -> Upload:
    """The actor's own upload; raises Rejected for another's or none."""
    found = await asked(node, lambda cursor: upload.found(cursor, id)) if ID.fullmatch(id) else None
    if found is None or found.actor != actor.name:
        raise Rejected("not_found", "id", kind="upload", id=id[:64])
    return found


async def offset_of(node: Node, found: Upload) -> int:
    """How many bytes have come in; raises Elsewhere, Rejected where they were lost."""
    if found.state != "open":
        return found.size
    part = node.archive.part(found.id)
    if not part.exists():
        if node.database.postgresql:
            raise Elsewhere
        await written(node, lambda cursor: upload.drop(cursor, found.id))
        raise Rejected("not_found", "id", kind="upload", id=found.id)
    return min(part.stat().st_size, found.size)


async def quiet(node: Node, id: str) -> None:
    """End a request that still brings bytes: whoever asks anew has lost that connection."""
    if (former := node.archive.taking.get(id)) is not None:
        former.cancel()
        await asyncio.wait({former})


async def receive(node: Node, found: Upload, offset: int, chunks: AsyncIterator[bytes]) -> int:
    """Append what comes, until it ends or all is there; returns the offset then. Raises OtherOffset, NoRoom.

    Whatever came before a cut is kept.
    """
    await quiet(node, found.id)
    if (present := await offset_of(node, found)) != offset:
        raise OtherOffset(present)
    task = asyncio.create_task(appended(node, node.archive.part(found.id), offset, found.size, chunks))
    node.archive.taking[found.id] = task
    try:
        reached = await task
    except asyncio.CancelledError:
        if task.cancelled():
            raise Silent from None
        task.cancel()
        await asyncio.wait({task})
        raise
    finally:
        if node.archive.taking.get(found.id) is task:
            del node.archive.taking[found.id]
    until = clock.now_ms() + EXPIRES_MS
    if reached == found.size:
        await written(node, lambda cursor: upload.set_state(cursor, found.id, "whole", until))
    else:
        await written(node, lambda cursor: upload.prolong(cursor, found.id, until))
    return reached


async def appended(node: Node, part: Path, offset: int, size: int, chunks: AsyncIterator[bytes]) -> int:
    """The bytes on the disk, a piece at a time; raises Rejected for more than was announced."""
    opened = await on_disk(node, open_part, part, offset)
    buffer, unsynced = bytearray(), 0
    try:
        while (chunk := await following(chunks)) is not None:
            if offset + len(buffer) + len(chunk) > size:
                raise Rejected("upload_longer", None)
            buffer += chunk
            if len(buffer) >= BUFFER:
                piece, buffer = buffer, bytearray()
                await on_disk(node, write, opened, piece)
                offset += len(piece)
                unsynced += len(piece)
            if unsynced >= SYNC_EVERY:
                await on_disk(node, os.fsync, opened.fileno())
                unsynced = 0
    finally:
        # Also after a cut: these bytes need not come a second time.
        await on_disk(node, finish_part, opened, bytes(buffer))
    return offset + len(buffer)


async def following(chunks: AsyncIterator[bytes]) -> bytes | None:
    """The next bytes, None after the last; raises Silent."""
    try:
        async with asyncio.timeout(SILENCE_S):
            return await anext(chunks, None)
    except TimeoutError:
        raise Silent from None


def touch(part: Path) -> None:
    """An empty file that only its owner may read."""
    os.close(os.open(part, os.O_WRONLY | os.O_CREAT, 0o600))


def open_part(part: Path, offset: int) -> BinaryIO:
    """The file so far, cut to where we go on."""
    opened = part.open("r+b", buffering=0)
    opened.truncate(offset)
    opened.seek(offset)
    return opened


def write(opened: BinaryIO, piece: bytes | bytearray) -> None:
    """All of it: the system may take a part only."""
    left = memoryview(piece)
    while left:
        left = left[opened.write(left) :]


def finish_part(opened: BinaryIO, rest: bytes) -> None:
    """Write the rest and let go of the file."""
    try:
        write(opened, rest)
        os.fsync(opened.fileno())
    finally:
        opened.close()


async def give_up(node: Node, found: Upload) -> None:
    """The sender does not want it any more; raises Rejected where it is too late."""
    await quiet(node, found.id)
    if found.state in ("whole", "done"):
        raise Rejected("upload_finished", None)
    await written(node, lambda cursor: upload.drop(cursor, found.id))
    await on_disk(node, node.archive.sweep, found.id)


def plain(name: str) -> str:
    """A file's own name, without folders and what no screen can show."""
    last = re.split(r"[/\\]", name)[-1]
    return "".join(char for char in last if char.isprintable()).strip()[:120]


def exists(cursor: Cursor, id: str) -> bool:
    """Whether the upload has become an attachment."""
    return isinstance(record.load(cursor, "attachment", id), Attachment)
