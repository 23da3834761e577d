"""Showing files to who may see them: the copy for everybody, its small one, and the sealed original."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator
from typing import Any, Final, Literal

from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from dispatcher_app import clock
from dispatcher_app.domain import role
from dispatcher_app.domain.act import Actor, Rejected
from dispatcher_app.domain.talk import Attachment
from dispatcher_app.server.answer import answer
from dispatcher_app.server.auth import Seat
from dispatcher_app.server.files import seal
from dispatcher_app.server.node import Node
from dispatcher_app.server.request import node_of, read, seat_of
from dispatcher_app.server.store import query, record, upload
from dispatcher_app.server.store.database import Cursor
from dispatcher_app.server.store.upload import AttachmentFile

What = Literal["view", "thumb"]

OPENS: Final = frozenset({"supervisor", "complaints"})
"""Who may see an original."""
RANGE: Final = re.compile(r"bytes=(\d{0,15})-(\d{0,15})")
HEADERS: Final = {
    "cache-control": "private, no-store",
    "x-content-type-options": "nosniff",
    "content-security-policy": "sandbox; default-src 'none'; img-src 'self'; media-src 'self'",
    "content-disposition": "inline",
}
"""What is shown is never kept by a proxy, never taken for a page, never run."""


async def view(request: Request) -> Response:
    """GET /attachments/{id}: what everybody of the region may see; of a video any part (Range)."""
    found, _ = await shown(request, await seat_of(request))
    return await streamed(node_of(request), found, "view", request.headers.get("range"))


async def thumb(request: Request) -> Response:
    """GET /attachments/{id}/thumb: the small copy of a photo."""
    found, file = await shown(request, await seat_of(request))
    if file.thumb_sha256 is None:
        raise Rejected("not_found", "id", kind="thumb", id=found.id)
    return await streamed(node_of(request), found, "thumb", None)


async def original(request: Request) -> Response:
    """GET /attachments/{id}/original?reason=: the sealed original, for a reason that is kept."""
    seat = await seat_of(request, now=True)
    found, file = await shown(request, seat)
    role.require(seat.actor, OPENS, found.region)
    reason = request.query_params.get("reason", "").strip()
    if len(reason) < 2:
        raise Rejected("required", "reason")
    node = node_of(request)
    await noted(node, seat.actor, found, reason)
    name = f"sealed/{found.id}" if file.sealed else f"view/{found.id}"
    chunks = await node.archive.store.get(name)
    if file.sealed:
        chunks = seal.opened(node.vault, found.id, chunks)
    headers = {**HEADERS, "content-length": str(found.original_size), "etag": f'"{found.original_sha256}"'}
    return StreamingResponse(chunks, headers=headers, media_type=file.original_media)


async def facts(request: Request) -> Response:
    """GET /attachments/{id}/facts: where, when and with what it was taken, for supervisors."""
    seat = await seat_of(request)
    found, file = await shown(request, seat)
    role.require(seat.actor, role.OVERRIDES, found.region)
    return answer({
        "lon": file.lon, "lat": file.lat, "taken_at": file.taken_at, "device": file.device, "name": file.name,
        "original_media": file.original_media, "original_size": found.original_size,
        "original_sha256": found.original_sha256,
    })  # fmt: skip


async def of_order(request: Request) -> Response:
    """GET /orders/{order}/attachments: an order's photos and videos, for desks that hold the order no more."""
    seat, order = await seat_of(request), request.path_params["order"]
    found = await read(
        request, lambda cursor: query.bodies(cursor, "attachment", upload.ids_of(cursor, order))
    )
    kept = [
        each
        for each in found
        if isinstance(each, Attachment) and each.removed is None and may_see(seat.actor, each)
    ]
    return answer({"attachments": sorted(kept, key=lambda each: (each.at, each.id))})


async def shown(request: Request, seat: Seat) -> tuple[Attachment, AttachmentFile]:
    """The attachment, if the person may see it at all; raises Rejected as if there were none."""
    id = request.path_params["id"]

    def work(cursor: Cursor) -> tuple[Any, AttachmentFile | None]:
        return record.load(cursor, "attachment", id), upload.file_of(cursor, id)

    found, file = await read(request, work)
    if not isinstance(found, Attachment) or file is None or not may_see(seat.actor, found):
        raise Rejected("not_found", "id", kind="attachment", id=id[:64])
    return found, file


def may_see(actor: Actor, found: Attachment) -> bool:
    """Whether a person at a desk sees a photo: in the own region, not on a wall, removed ones only a supervisor."""
    if found.region not in actor.regions or not role.holds(actor, role.SEES_PEOPLE):
        return False
    return found.removed is None or role.holds(actor, role.OVERRIDES)


async def noted(node: Node, actor: Actor, found: Attachment, reason: str) -> None:
    """An access record, before the first byte is given."""
    values = (
        clock.new_id(), clock.now_ms(), actor.name, "attachment", found.id, "original", reason[:200],
    )  # fmt: skip
    await asyncio.wrap_future(node.executor.run(lambda cursor: record.note_access(cursor, values)))


async def streamed(node: Node, found: Attachment, what: What, wanted: str | None) -> Response:
    """The file, or the part of it that is wanted; whoever calls this has checked who asks."""
    name, store = f"{what}/{found.id}", node.archive.store
    headers = dict(HEADERS)
    if what == "thumb":
        return StreamingResponse(await store.get(name), headers=headers, media_type="image/jpeg")
    headers |= {"accept-ranges": "bytes", "etag": f'"{found.sha256}"'}
    span = part_of(wanted, found.size)
    if span is None:
        headers["content-length"] = str(found.size)
        return StreamingResponse(await store.get(name), headers=headers, media_type=found.media)
    first, end = span
    if first >= end:
        return Response(status_code=416, headers={"content-range": f"bytes */{found.size}"})
    headers |= {"content-length": str(end - first), "content-range": f"bytes {first}-{end - 1}/{found.size}"}
    chunks: AsyncIterator[bytes] = await store.get(name, first, end)
    return StreamingResponse(chunks, 206, headers, found.media)


def part_of(wanted: str | None, size: int) -> tuple[int, int] | None:
    """First byte and the one after the last of a Range header, an empty span where it has none; None for the whole."""
    found = RANGE.fullmatch(wanted.strip()) if wanted else None
    if found is None or found.groups() == ("", ""):
        return None
    first, last = found.groups()
    if not first:
        return max(0, size - int(last)), size if int(last) else 0
    return (int(first), min(size, int(last) + 1)) if last and int(last) >= int(first) else (int(first), size)
