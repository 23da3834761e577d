"""Sending a technician's picture: small, so whole and at once, with no rest in the outbox."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Final

from dispatcher_app.client.api import Api, NotLoggedIn, Offline, refusal_of
from dispatcher_app.domain.act import Rejected
from dispatcher_app.domain.media import HEAD, PHOTOS, signed

LIMIT: Final = 10 << 20
"""The largest that the server takes, in bytes."""


async def send_portrait(api: Api | None, technician: str, path: Path) -> None:
    """Another picture of a technician; raises Rejected for what is no photo or too large, Offline."""
    if api is None:
        raise Offline("not connected")
    data = await asyncio.to_thread(read, path)
    try:
        answer = await api.send_portrait(technician, signed(data[:HEAD]), data)
    except NotLoggedIn as error:
        raise Offline("logged out") from error
    if (refusal := refusal_of(answer)) is not None:
        raise Rejected(refusal.rejected, refusal.field, **refusal.params)
    if answer.status != 200:
        raise Offline(f"portrait: {answer.status}")


def read(path: Path) -> bytes:
    """The file's bytes; raises Rejected where it is no photo, too large or cannot be read."""
    try:
        if path.stat().st_size > LIMIT:
            raise Rejected("upload_too_large", None, limit_mb=LIMIT >> 20)
        data = path.read_bytes()
    except OSError as error:
        raise Rejected("file_unreadable", None, name=path.name) from error
    if signed(data[:HEAD]) not in PHOTOS:
        raise Rejected("upload_type", "type", type=path.suffix)
    return data
