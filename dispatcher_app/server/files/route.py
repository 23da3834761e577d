"""The HTTP face of uploads: tus 1.0 (core, creation, termination, expiration), and what became of a file."""

from __future__ import annotations

import asyncio
import base64
import binascii
import logging
from datetime import UTC, datetime
from email.utils import format_datetime
from typing import Any, Final

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from dispatcher_app import codec
from dispatcher_app.domain.act import Rejected
from dispatcher_app.domain.media import VIDEO_LIMIT
from dispatcher_app.server.answer import answer
from dispatcher_app.server.files import finish, portrait, serve, take
from dispatcher_app.server.files.store import NoFile, StoreAway
from dispatcher_app.server.files.take import Elsewhere, NoRoom, OtherOffset, Silent, Wanted
from dispatcher_app.server.request import node_of, seat_of
from dispatcher_app.server.store.upload import Upload

log = logging.getLogger(__name__)

VERSION: Final = "1.0.0"
BYTES: Final = "application/offset+octet-stream"
WAIT_S: Final = 20.0
"""How long the last bytes' sender is kept waiting for what became of the file."""


class OtherVersion(Exception):
    """The sender speaks another tus."""


async def uploads(request: Request) -> Response:
    """POST /uploads: expect a file; OPTIONS: what is understood."""
    seat = await seat_of(request)
    if request.method == "OPTIONS":
        return tus(204, {
            "tus-version": VERSION, "tus-extension": "creation,expiration,termination",
            "tus-max-size": str(VIDEO_LIMIT),
        })  # fmt: skip
    check_version(request)
    length = request.headers.get("upload-length", "")
    if not length.isascii() or not length.isdecimal() or len(length) > 15:
        raise Rejected("invalid", "Upload-Length", detail="a number of bytes")
    wanted = wanted_of(request.headers.get("upload-metadata", ""))
    node = node_of(request)
    made = await take.begin(node, seat.actor, wanted, int(length))
    return tus(201, {**about(made, await take.offset_of(node, made)), "location": f"/uploads/{made.id}"})


async def one(request: Request) -> Response:
    """HEAD, PATCH, DELETE, GET /uploads/{id}."""
    seat, node = await seat_of(request), node_of(request)
    found = await take.of(node, seat.actor, request.path_params["id"])
    if request.method == "GET":
        return await state(request, found)
    check_version(request)
    if request.method == "DELETE":
        await take.give_up(node, found)
        return tus(204)
    if request.method == "HEAD":
        await take.quiet(node, found.id)
        return tus(410 if found.state == "refused" else 200, about(found, await take.offset_of(node, found)))
    return await patch(request, found)


async def patch(request: Request, found: Upload) -> Response:
    """PATCH: the next bytes; after the last ones, what became of the file."""
    node = node_of(request)
    if request.headers.get("content-type", "") != BYTES:
        return tus(415)
    offset = request.headers.get("upload-offset", "")
    if not offset.isascii() or not offset.isdecimal() or len(offset) > 15:
        raise Rejected("invalid", "Upload-Offset", detail="a number of bytes")
    if found.state != "open" and int(offset) != found.size:
        raise OtherOffset(found.size)
    if found.state == "open":
        reached = await take.receive(node, found, int(offset), request.stream())
        if reached < found.size:
            return tus(204, about(found, reached))
    await settled(request, found.id, WAIT_S)
    found = await take.of(node, (await seat_of(request)).actor, found.id)
    if found.refusal is not None:
        return answer(msgspec.Raw(found.refusal.encode()), 422)
    return tus(204, {**about(found, found.size), "upload-complete": "?1" if found.state == "done" else "?0"})


async def state(request: Request, found: Upload) -> Response:
    """GET: how it stands; with `wait` (seconds) not before it is finished, if that is soon."""
    node, seat = node_of(request), await seat_of(request)
    wait = request.query_params.get("wait", "0")
    if found.state == "whole":
        await settled(request, found.id, min(float(wait), WAIT_S) if wait.isdecimal() else 0.0)
        found = await take.of(node, seat.actor, found.id)
    return answer({
        "id": found.id, "state": found.state, "offset": await take.offset_of(node, found), "size": found.size,
        "refusal": msgspec.Raw(found.refusal.encode()) if found.refusal else None,
    })  # fmt: skip


async def settled(request: Request, id: str, wait_s: float) -> None:
    """Have it finished, and wait for that a while; it goes on whoever leaves."""
    await asyncio.wait({finish.begin(node_of(request), id)}, timeout=wait_s)


def wanted_of(header: str) -> Wanted:
    """What `Upload-Metadata` says; raises Rejected naming what does not fit."""
    said: dict[str, Any] = {}
    for pair in filter(None, (each.strip() for each in header.split(","))):
        key, _, value = pair.partition(" ")
        try:
            said[key] = base64.b64decode(value, validate=True).decode()
        except (binascii.Error, ValueError):
            raise Rejected("invalid", f"Upload-Metadata.{key[:40]}", detail="base64") from None
    if "\0" in "".join(said.values()):
        raise Rejected("text_invalid", "Upload-Metadata")
    try:
        return msgspec.convert(said, Wanted, strict=False)
    except msgspec.ValidationError as error:
        raise codec.unfit(error) from None


def check_version(request: Request) -> None:
    """Raises OtherVersion for a sender of another tus; one that says nothing is taken as it is."""
    if request.headers.get("tus-resumable", VERSION) != VERSION:
        raise OtherVersion


def about(found: Upload, offset: int) -> dict[str, str]:
    """How far an upload is."""
    expires = format_datetime(datetime.fromtimestamp(found.expires_at / 1000, UTC), usegmt=True)
    return {"upload-offset": str(offset), "upload-length": str(found.size), "upload-expires": expires}


def tus(status: int, headers: dict[str, str] | None = None) -> Response:
    """An answer without a body."""
    return Response(
        status_code=status, headers={"tus-resumable": VERSION, "cache-control": "no-store", **(headers or {})}
    )


async def other_offset(request: Request, error: Exception) -> Response:
    """The sender is told where we are."""
    assert isinstance(error, OtherOffset)
    return tus(409, {"upload-offset": str(error.offset)})


async def no_room(request: Request, error: Exception) -> Response:
    """The disk is full; the sender keeps the file and tries again."""
    return answer({"error": "disk_full"}, 507)


async def elsewhere(request: Request, error: Exception) -> Response:
    """Another node has the first bytes; behind the balancer the next try may reach it."""
    return answer({"error": "unavailable", "reason": "busy"}, 503)


async def other_version(request: Request, error: Exception) -> Response:
    """Which tus we speak."""
    return tus(412, {"tus-version": VERSION})


async def silent(request: Request, error: Exception) -> Response:
    """The sender said nothing for too long, or has begun anew elsewhere."""
    return answer({"error": "gone"}, 408)


async def missing(request: Request, error: Exception) -> Response:
    """The store has lost a file; `admin verify` names it."""
    log.error("file missing", extra={"path": request.url.path})
    return answer({"error": "file_missing"}, 404)


async def store_away(request: Request, error: Exception) -> Response:
    """The store does not answer; nothing is lost."""
    assert isinstance(error, StoreAway)
    log.warning("store away", extra={"error": str(error)})
    return answer({"error": "unavailable", "reason": error.reason}, 503)


ROUTES = [
    Route("/uploads", uploads, methods=["POST", "OPTIONS"]),
    Route("/uploads/{id}", one, methods=["GET", "HEAD", "PATCH", "DELETE"]),
    Route("/portraits/{technician}", portrait.one, methods=["GET", "PUT"]),
    Route("/orders/{order}/attachments", serve.of_order),
    Route("/attachments/{id}", serve.view),
    Route("/attachments/{id}/thumb", serve.thumb),
    Route("/attachments/{id}/original", serve.original),
    Route("/attachments/{id}/facts", serve.facts),
]
HANDLERS: dict[Any, Any] = {
    OtherOffset: other_offset,
    NoRoom: no_room,
    Elsewhere: elsewhere,
    OtherVersion: other_version,
    Silent: silent,
    NoFile: missing,
    StoreAway: store_away,
}
