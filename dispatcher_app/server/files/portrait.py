"""Technicians' pictures: one each, looked at and made anew like every photo, shown to their region and customers."""

from __future__ import annotations

import asyncio
import re
from typing import Any, Final

from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from dispatcher_app import clock
from dispatcher_app.domain import role
from dispatcher_app.domain.act import Act, Rejected
from dispatcher_app.domain.command import SetPortrait
from dispatcher_app.domain.media import PHOTOS
from dispatcher_app.domain.technician import Technician
from dispatcher_app.server.answer import answer
from dispatcher_app.server.body import TooLarge, bytes_of
from dispatcher_app.server.files import media
from dispatcher_app.server.files.digest import sha256_of
from dispatcher_app.server.files.look import Job
from dispatcher_app.server.files.serve import HEADERS
from dispatcher_app.server.files.store import PORTRAITS, NoFile, pieces
from dispatcher_app.server.files.take import on_disk
from dispatcher_app.server.node import Node
from dispatcher_app.server.request import node_of, read, seat_of
from dispatcher_app.server.store import record

LIMIT: Final = 10 << 20
"""The largest portrait, in bytes."""
_HASH: Final = re.compile(r"-([0-9a-f]{64})$")


def named(id: str, sha256: str) -> str:
    """A portrait's name: it ends with the hash of its file, so that damage shows without a record of its own."""
    return f"{id}-{sha256}"


def hash_of(name: str) -> str | None:
    """The hash that a portrait's name ends with, None for one that was named before names had it."""
    found = _HASH.search(name)
    return found.group(1) if found else None


async def one(request: Request) -> Response:
    """GET /portraits/{technician}: his picture; PUT: another one, a photo as the body and its type beside it."""
    seat = await seat_of(request)
    found: Any = await read(
        request, lambda cursor: record.load(cursor, "technician", request.path_params["technician"])
    )
    if not isinstance(found, Technician) or found.region not in seat.actor.regions:
        raise Rejected(
            "not_found", "technician", kind="technician", id=request.path_params["technician"][:64]
        )
    if request.method == "GET":
        return await shown(node_of(request), found)
    role.require(seat.actor, role.ENTERS_TECHNICIANS, found.region)
    claimed = media.named(request.headers.get("content-type", ""))
    if claimed not in PHOTOS:
        raise Rejected("upload_type", "type", type=claimed)
    try:
        data = await bytes_of(request, LIMIT)
    except TooLarge:
        raise Rejected("upload_too_large", None, limit_mb=LIMIT >> 20) from None
    name = await kept(node_of(request), data, claimed)
    act = Act(
        id=clock.new_id(), actor=seat.actor, at=clock.now_ms(), region=found.region,
        command=SetPortrait(technician=found.id, portrait=name),
    )  # fmt: skip
    node = node_of(request)
    await asyncio.wrap_future(node.executor.submit(act))
    if found.portrait is not None:
        await node.archive.store.delete(f"{PORTRAITS}/{found.portrait}")
    return answer({"portrait": name})


async def kept(node: Node, data: bytes, claimed: str) -> str:
    """The name of a photo that was looked at and stored small; raises Rejected, NoRoom, StoreAway."""
    archive, id = node.archive, clock.new_id()
    try:
        await on_disk(node, archive.part(id).write_bytes, data)
        view, thumb = archive.made(id, "view"), archive.made(id, "thumb")
        await archive.lab.look(Job(str(archive.part(id)), claimed, str(view), str(thumb), "UTC"))
        name = named(id, await on_disk(node, sha256_of, thumb))
        await archive.store.put(f"{PORTRAITS}/{name}", pieces(thumb), thumb.stat().st_size)
    finally:
        await on_disk(node, archive.sweep, id)
    return name


async def shown(node: Node, technician: Technician) -> Response:
    """His picture; raises Rejected where he has none. Whoever calls this has checked who asks."""
    if technician.portrait is None:
        raise Rejected("not_found", "technician", kind="portrait", id=technician.id)
    try:
        chunks = await node.archive.store.get(f"{PORTRAITS}/{technician.portrait}")
    except NoFile:
        raise Rejected("not_found", "technician", kind="portrait", id=technician.id) from None
    return StreamingResponse(chunks, headers=dict(HEADERS), media_type="image/jpeg")
