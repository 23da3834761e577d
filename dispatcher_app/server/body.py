"""What is sent to the server: whole, not too large, and nothing in it that no database can hold."""

from __future__ import annotations

import re
from typing import Any

import msgspec
from starlette.requests import Request

from dispatcher_app.domain.act import Rejected

BODY_LIMIT = 256 * 1024
SUSPECT = re.compile(rb"\\u0000|\d{16,}")
"""What a body must hold before it can hold anything that no database takes."""
LARGEST = 2**53
"""The largest whole number that every program reading JSON agrees on."""


class TooLarge(Exception):
    """The body is larger than anything a desk sends."""


async def body_of(request: Request, limit: int = BODY_LIMIT) -> bytes:
    """The whole body of JSON; raises TooLarge as soon as it is known to be."""
    body = await bytes_of(request, limit)
    if SUSPECT.search(body):
        storable(msgspec.json.decode(body), ())
    return body


async def bytes_of(request: Request, limit: int) -> bytes:
    """The whole body, whatever it holds; raises TooLarge as soon as it is known to be."""
    if int(request.headers.get("content-length") or 0) > limit:
        raise TooLarge
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > limit:
            raise TooLarge
    return bytes(body)


def storable(value: Any, path: tuple[str, ...]) -> None:
    """Raises Rejected naming the field that holds a NUL character or a number beyond 2^53."""
    if isinstance(value, str):
        if "\0" in value:
            raise Rejected("text_invalid", ".".join(path))
    elif isinstance(value, int):
        if abs(value) > LARGEST:
            raise Rejected("invalid", ".".join(path), detail="a number beyond 2^53")
    elif isinstance(value, dict):
        for key, each in value.items():
            storable(each, path if key == "command" and not path else (*path, key))
    elif isinstance(value, list):
        for each in value:
            storable(each, path)
