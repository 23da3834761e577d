"""The one place of the backend that speaks HTTP to others."""

from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import Coroutine, Mapping, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from typing import Any, TypeVar

import httpx

ANSWER_LIMIT = 64 * 1024
MAP_LIMIT = 8 * 1024 * 1024
"""A route with all its points and its traffic takes megabytes."""
AT_ONCE = 4
"""So many questions are on their way to a provider together."""

T = TypeVar("T")


class Unreachable(Exception):
    """No whole answer came in time."""


@dataclass(frozen=True, slots=True)
class Answered:
    """What the other side said; `body` is None where it is no JSON object."""

    status: int
    body: dict[str, Any] | None


@dataclass(frozen=True, slots=True)
class Whole:
    """An answer as it came, for whoever checks a signature over its bytes; header names in small letters."""

    status: int
    headers: Mapping[str, str]
    body: bytes


class Exchange:
    """Sends requests to one server as they are and gives answers as they are; each ends in time."""

    def __init__(self, timeout_s: float) -> None:
        self._timeout_s = timeout_s
        self._http = httpx.AsyncClient(timeout=timeout_s, follow_redirects=False)

    async def send(
        self, method: str, url: str, body: bytes, headers: Mapping[str, str], limit: int = ANSWER_LIMIT
    ) -> Whole:
        """The whole answer of at most so many bytes; raises Unreachable."""
        try:
            async with asyncio.timeout(self._timeout_s):
                async with self._http.stream(method, url, content=body, headers=headers) as answer:
                    read = bytearray()
                    async for part in answer.aiter_bytes():
                        read += part
                        if len(read) > limit:
                            raise Unreachable("TooLong")
                    return Whole(answer.status_code, {name.lower(): value for name, value in answer.headers.items()},
                                 bytes(read))  # fmt: skip
        except TimeoutError:
            raise Unreachable("Timeout") from None
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            # Only the kind of error: its words may hold the address with what it asks.
            raise Unreachable(type(error).__name__) from None

    async def close(self) -> None:
        """Let go of the connections."""
        await self._http.aclose()


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
                return Answered(answer.status_code, await json_of(answer, ANSWER_LIMIT))
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            # Only the kind of error: its words may hold the address with its keys.
            raise Unreachable(type(error).__name__) from None

    async def close(self) -> None:
        """Let go of the connections."""
        await self._http.aclose()


class Lookup:
    """Asks one address questions from any thread; every question ends in time, however slowly it is answered."""

    def __init__(self, url: str, timeout_s: float) -> None:
        self._url = url.rstrip("/")
        self._timeout_s = timeout_s
        self._lock = threading.Lock()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread: threading.Thread | None = None
        self._http: httpx.AsyncClient | None = None

    def get_all(self, questions: Sequence[tuple[str, Mapping[str, str]]]) -> list[Answered]:
        """The answers to paths with their parameters, in that order; raises Unreachable if one of them fails."""
        return self._run(self._all(questions)).result()

    def _run(self, work: Coroutine[Any, Any, T]) -> Future[T]:
        with self._lock:
            if self._loop is None:
                self._loop = asyncio.new_event_loop()
                self._thread = threading.Thread(target=self._loop.run_forever, name="lookup", daemon=True)
                self._thread.start()
            return asyncio.run_coroutine_threadsafe(work, self._loop)

    async def _all(self, questions: Sequence[tuple[str, Mapping[str, str]]]) -> list[Answered]:
        if self._http is None:
            self._http = httpx.AsyncClient(timeout=self._timeout_s, follow_redirects=False)
        gate = asyncio.Semaphore(AT_ONCE)
        try:
            # The client's own limit is for each piece of an answer: one that drips would never end.
            async with asyncio.timeout(self._timeout_s), asyncio.TaskGroup() as group:
                asked = [group.create_task(self._one(gate, self._http, *each)) for each in questions]
        except TimeoutError:
            raise Unreachable("Timeout") from None
        except ExceptionGroup as failed:
            raise Unreachable(str(failed.exceptions[0])) from None
        return [each.result() for each in asked]

    async def _one(
        self, gate: asyncio.Semaphore, http: httpx.AsyncClient, path: str, params: Mapping[str, str]
    ) -> Answered:
        try:
            async with gate, http.stream("GET", self._url + path, params=params) as answer:
                return Answered(answer.status_code, await json_of(answer, MAP_LIMIT))
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            # Only the kind of error: its words may hold the address with its keys.
            raise Unreachable(type(error).__name__) from None

    def close(self) -> None:
        """Let go of the connections and the thread."""
        with self._lock:
            loop, thread, self._loop = self._loop, self._thread, None
        if loop is None or thread is None:
            return
        asyncio.run_coroutine_threadsafe(self._gone(), loop).result()
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()

    async def _gone(self) -> None:
        if self._http is not None:
            await self._http.aclose()
            self._http = None


async def json_of(answer: httpx.Response, limit: int) -> dict[str, Any] | None:
    """The JSON object of an answer of bearable size."""
    read = bytearray()
    async for part in answer.aiter_bytes():
        read += part
        if len(read) > limit:
            return None
    try:
        found = json.loads(read, parse_constant=no_number)
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None


def no_number(said: str) -> float:
    """NaN and infinities are no JSON."""
    raise ValueError(said)
