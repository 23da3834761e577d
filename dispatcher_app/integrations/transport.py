"""The one place of the backend that speaks HTTP to others."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import httpx

ANSWER_LIMIT = 64 * 1024


class Unreachable(Exception):
    """No whole answer came in time."""


@dataclass(frozen=True, slots=True)
class Answered:
    """What the other side said; `body` is None where it is no JSON object."""

    status: int
    body: dict[str, Any] | None


class Transport:
    """Posts JSON to one address, over kept connections."""

    def __init__(self, url: str, timeout_s: float) -> None:
        self._url = url
        # Redirects are not followed: a signed body goes where the administrator said, and nowhere else.
        self._http = httpx.AsyncClient(timeout=timeout_s, follow_redirects=False)

    async def post(self, body: bytes, headers: Mapping[str, str]) -> Answered:
        """The answer to a body; raises Unreachable."""
        sent = {"content-type": "application/json", **headers}
        try:
            async with self._http.stream("POST", self._url, content=body, headers=sent) as answer:
                return Answered(answer.status_code, await json_of(answer))
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            # Only the kind of error: its words may hold the address with its keys.
            raise Unreachable(type(error).__name__) from None

    async def close(self) -> None:
        """Let go of the connections."""
        await self._http.aclose()


async def json_of(answer: httpx.Response) -> dict[str, Any] | None:
    """The JSON object of an answer of bearable size."""
    read = b""
    async for part in answer.aiter_bytes():
        read += part
        if len(read) > ANSWER_LIMIT:
            return None
    try:
        found = json.loads(read)
    except ValueError:
        return None
    return found if isinstance(found, dict) else None
