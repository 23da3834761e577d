"""What becomes of a whole file: looked at, stored, sealed, and made an attachment; each step may come twice."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator

from dispatcher_app import clock, codec
from dispatcher_app.domain.act import Act, Actor, Rejected
from dispatcher_app.domain.command import AddAttachment
from dispatcher_app.domain.region import Region, Staff
from dispatcher_app.server.answer import refusal_of
from dispatcher_app.server.auth import actor_of
from dispatcher_app.server.files import seal
from dispatcher_app.server.files.look import Job
from dispatcher_app.server.files.media import Looked
from dispatcher_app.server.files.store import PLACES, StoreAway, pieces
from dispatcher_app.server.files.take import asked, exists, on_disk, written
from dispatcher_app.server.node import Node
from dispatcher_app.server.store import record, upload
from dispatcher_app.server.store.database import Cursor, Unavailable
from dispatcher_app.server.store.upload import AttachmentFile, Upload

log = logging.getLogger(__name__)

REMEMBERED_MS = 7 * 86_400_000
"""How long a sender may ask what became of his file."""


def begin(node: Node, id: str) -> asyncio.Task[None]:
    """Have a whole file finished, once at a time."""
    tasks = node.archive.finishing
    if id not in tasks:
        task = tasks[id] = asyncio.create_task(finish(node, id), name=f"finish {id}")
        task.add_done_callback(lambda done: on_done(node, id, done))
    return tasks[id]


def on_done(node: Node, id: str, done: asyncio.Task[None]) -> None:
    """A fault of ours is told here: nobody else waits for this work."""
    node.archive.finishing.pop(id, None)
    if not done.cancelled() and (error := done.exception()) is not None:
        log.error("unexpected fault of an upload", extra={"upload": id}, exc_info=error)


async def finish(node: Node, id: str) -> None:
    """Make an attachment of a whole file, or refuse it; where the store or the database is away it stays whole."""
    found = await asked(node, lambda cursor: upload.found(cursor, id))
    if found is None or found.state != "whole":
        return
    try:
        if not await asked(node, lambda cursor: exists(cursor, id)):
            if not node.archive.part(id).exists():
                if node.database.postgresql:
                    return  # another node has it
                raise Rejected("upload_lost")
            async with node.archive.hands:
                await taken_over(node, found)
    except Rejected as rejected:
        if not await asked(node, lambda cursor: exists(cursor, id)):
            await refuse(node, found, rejected)
            return
    except (StoreAway, Unavailable, OSError) as error:
        log.warning("upload postponed", extra={"upload": id, "error": str(error)})
        return
    until = clock.now_ms() + REMEMBERED_MS
    await written(node, lambda cursor: upload.set_state(cursor, id, "done", until))
    await on_disk(node, node.archive.sweep, id)


async def taken_over(node: Node, found: Upload) -> None:
    """Look, store, act; raises Rejected, StoreAway, Unavailable."""
    archive = node.archive
    timezone, actor = await asked(
        node, lambda cursor: (zone(cursor, found), actor_named(cursor, found.actor))
    )
    view, thumb = archive.made(found.id, "view"), archive.made(found.id, "thumb")
    looked = await archive.lab.look(
        Job(str(archive.part(found.id)), found.media, str(view), str(thumb), timezone, found.sha256)
    )
    await put_all(node, found, looked)
    await written(node, lambda cursor: upload.keep_file(cursor, file_of(found, looked)))
    command = AddAttachment(
        order=found.order_id, attachment=found.id, line=found.line, purpose=found.purpose,  # type: ignore[arg-type]
        media=looked.media, size=looked.size, sha256=looked.sha256, original_sha256=looked.original_sha256,
        original_size=looked.original_size, width=looked.width, height=looked.height, taken_at=looked.taken_at,
        has_position=looked.lon is not None,
    )  # fmt: skip
    act = Act(
        id=clock.derived_id("upload", found.id), actor=actor, at=found.created_at, command=command,
        region=found.region,
    )  # fmt: skip
    await asyncio.wrap_future(node.executor.submit(act))


async def put_all(node: Node, found: Upload, looked: Looked) -> None:
    """What everybody may see, its small copy, and the original under lock where it says more."""
    archive, store, id = node.archive, node.archive.store, found.id
    part = archive.part(id)
    if looked.thumb_sha256 is not None:
        thumb = archive.made(id, "thumb")
        await store.put(f"thumb/{id}", pieces(thumb), thumb.stat().st_size)
    if looked.sealed:
        locked: AsyncIterator[bytes] = seal.sealed(node.vault, id, pieces(part))
        await store.put(f"sealed/{id}", locked, seal.sealed_size(looked.original_size))
    await store.put(f"view/{id}", pieces(archive.made(id, "view") if looked.sealed else part), looked.size)


async def refuse(node: Node, found: Upload, rejected: Rejected) -> None:
    """Nothing of the file stays; its sender can read why."""
    for place in PLACES:
        await node.archive.store.delete(f"{place}/{found.id}")
    words = codec.encode(refusal_of(rejected)).decode()
    until = clock.now_ms() + REMEMBERED_MS

    def note(cursor: Cursor) -> None:
        upload.drop_file(cursor, found.id)
        upload.set_state(cursor, found.id, "refused", until, words)

    await written(node, note)
    await on_disk(node, node.archive.sweep, found.id)


def file_of(found: Upload, looked: Looked) -> AttachmentFile:
    """What is kept beside the attachment."""
    return AttachmentFile(
        id=found.id, region=found.region, order_id=found.order_id, name=found.name,
        original_media=looked.original_media, sealed=int(looked.sealed), thumb_sha256=looked.thumb_sha256,
        taken_at=looked.taken_at, device=looked.device, lon=looked.lon, lat=looked.lat, stored_at=clock.now_ms(),
    )  # fmt: skip


def zone(cursor: Cursor, found: Upload) -> str:
    """The time zone of the order's region."""
    region = record.load(cursor, "region", found.region)
    return region.timezone if isinstance(region, Region) else "UTC"


def actor_named(cursor: Cursor, name: str) -> Actor:
    """Who the log calls so, with the roles and regions of this moment."""
    kind, _, id = name.partition(":")
    if kind != "staff":
        return Actor(kind=kind, id=id)  # type: ignore[arg-type]
    staff = record.load(cursor, "staff", id)
    return actor_of(staff) if isinstance(staff, Staff) else Actor(kind="staff", id=id)


async def finish_all(node: Node) -> None:
    """Whatever is whole and waits: after a crash, or because the store was away."""
    for each in await asked(node, lambda cursor: upload.in_state(cursor, "whole")):
        begin(node, each.id)
