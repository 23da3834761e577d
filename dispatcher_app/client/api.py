"""Talking to the server; the only place that knows HTTP."""

from __future__ import annotations

import asyncio
import base64
import contextlib
import ssl
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import msgspec

from dispatcher_app import codec
from dispatcher_app.domain.act import Rejected
from dispatcher_app.domain.region import Staff

STREAM_SILENCE_S = 15.0
"""Three heartbeats missed: the stream is dead however open it looks."""
ANSWER_S = 10.0
SENDING_S = 60.0
"""How long the line may be silent while a file goes over it; the server takes its time to look at one."""
FILE_CHUNK = 1 << 18


class Offline(Exception):
    """No answer: the server is not there, or not now; `reason` is a code."""

    reason = "no_answer"


class NotLoggedIn(Exception):
    """The token has expired or was taken back."""


class WrongLogin(Exception):
    """Name or password is wrong; `retry_after_s` where too many have been tried."""

    def __init__(self, retry_after_s: float | None = None) -> None:
        super().__init__("too_many_tries" if retry_after_s is not None else "wrong_login")
        self.retry_after_s = retry_after_s


@dataclass(frozen=True, slots=True)
class Place:
    """Where a server is, with the token that a child process wants besides the user's own."""

    url: str
    local: str | None = None


class LoggedIn(msgspec.Struct, frozen=True):
    """The answer to a log-in."""

    token: str
    expires_at: int
    staff: Staff
    time: int
    protocol: int
    log_id: str


class Me(msgspec.Struct, frozen=True):
    """Who the server takes us for, and what it speaks."""

    staff: Staff
    time: int
    protocol: int
    log_id: str
    logs: list[str] = []


class Heads(msgspec.Struct, frozen=True):
    """How far the logs are, and the server's clock."""

    heads: dict[str, int]
    log_id: str
    time: int
    protocol: int


class Positions(msgspec.Struct, frozen=True):
    """Where technicians were seen: id, longitude, latitude, accuracy in metres, UTC ms."""

    positions: list[tuple[str, float, float, float, int]]


@dataclass(frozen=True, slots=True)
class Answer:
    """A status and a body, whatever they mean; `offset` is how many bytes of an upload the server has."""

    status: int
    body: bytes
    retry_after_s: float | None = None
    offset: int | None = None


class Api:
    """A connection to one server on behalf of one token."""

    def __init__(self, place: Place, token: str | None, trust: ssl.SSLContext | bool = True) -> None:
        headers = {"X-Dispatcher-Local": place.local} if place.local else {}
        if token is not None:
            headers["Authorization"] = f"Bearer {token}"
        timeout = httpx.Timeout(ANSWER_S, connect=5.0)
        # A proxy has no business between the desktop and its own child process.
        own = place.local is not None or httpx.URL(place.url).host in ("127.0.0.1", "::1", "localhost")
        # Reading what the system trusts takes a while; a plain connection has no use for it.
        verify = trust if place.url.startswith("https:") else False
        self._http = httpx.AsyncClient(
            base_url=place.url, headers=headers, timeout=timeout, verify=verify, trust_env=not own
        )
        self._live = httpx.AsyncClient(
            base_url=place.url,
            headers=headers,
            timeout=httpx.Timeout(ANSWER_S, read=STREAM_SILENCE_S),
            verify=verify,
            trust_env=not own,
        )

    async def close(self) -> None:
        """Hang up."""
        await self._http.aclose()
        await self._live.aclose()

    async def ask(
        self, method: str, path: str, body: Any = None, params: Mapping[str, Any] | None = None,
        timeout_s: float | None = None,
    ) -> Answer:  # fmt: skip
        """Any answer at all; raises Offline where there is none, NotLoggedIn where the token is refused."""
        content = None if body is None else codec.encode(body)
        timeout = httpx.USE_CLIENT_DEFAULT if timeout_s is None else httpx.Timeout(timeout_s)
        try:
            found = await self._http.request(
                method, path, content=content, params=params, timeout=timeout,
                headers={"Content-Type": "application/json"} if content else None,
            )  # fmt: skip
        except (httpx.TransportError, httpx.InvalidURL) as error:
            raise Offline(str(error) or type(error).__name__) from error
        if found.status_code == 401 and path != "/login":
            raise unwelcome(found.content)
        return Answer(found.status_code, found.content, seconds(found.headers.get("Retry-After")))

    async def read(self, method: str, path: str, type_: Any, body: Any = None, timeout_s: float | None = None,
                   **params: Any) -> Any:  # fmt: skip
        """A successful answer decoded; raises Offline for any other but a refusal, which it raises as Rejected."""
        answer = await self.ask(
            method, path, body, {key: value for key, value in params.items() if value is not None}, timeout_s
        )
        if answer.status == 200:
            try:
                return codec.decode(answer.body, type_)
            except msgspec.DecodeError as error:
                raise Offline(f"{path}: {error}") from error
        if (refusal := refusal_of(answer)) is not None:
            raise Rejected(refusal.rejected, refusal.field, **refusal.params)
        raise Offline(f"{path}: {answer.status}")

    async def log_in(self, user: str, password: str, device: str) -> LoggedIn:
        """A token for name and password; raises WrongLogin."""
        answer = await self.ask("POST", "/login", {"user": user, "password": password, "device": device})
        if answer.status == 200:
            return codec.decode(answer.body, LoggedIn)
        if answer.status == 401:
            raise WrongLogin
        if answer.status == 429:
            raise WrongLogin(answer.retry_after_s or retry_after(answer.body))
        raise Offline(f"/login: {answer.status}")

    async def log_out(self) -> None:
        """Take the token back."""
        with contextlib.suppress(NotLoggedIn):
            await self.ask("POST", "/logout")

    async def me(self) -> Me:
        """Who we are to the server."""
        found: Me = await self.read("GET", "/me", Me)
        return found

    async def positions(self) -> Positions:
        """Where all technicians were last seen."""
        found: Positions = await self.read("GET", "/positions", Positions)
        return found

    async def changes(self, log: str, after: int, limit: int = 2000, *, first: bool = False) -> bytes:
        """A page of what has changed in a log; on every page of a first start without what is long over."""
        answer = await self.ask(
            "GET",
            "/changes",
            params={"log": log, "after": after, "limit": limit, "first": int(first)},
            timeout_s=60.0,
        )
        if answer.status != 200:
            raise Offline(f"/changes: {answer.status}")
        return answer.body

    async def command(self, name: str, submitted: codec.Submitted) -> Answer:
        """The server's answer to an act."""
        return await self.ask("POST", f"/commands/{name}", submitted)

    async def announce(self, said: Mapping[str, str], size: int) -> Answer:
        """Tell the server of a file that will come; the same again is the same upload."""
        words = ",".join(f"{key} {base64.b64encode(value.encode()).decode()}" for key, value in said.items())
        headers = {"Tus-Resumable": "1.0.0", "Upload-Length": str(size), "Upload-Metadata": words}
        return await self._send("POST", "/uploads", headers)

    async def send_bytes(self, upload: str, chunks: AsyncIterator[bytes], offset: int, size: int) -> Answer:
        """Send an upload's bytes from `offset` to its end, never all of them in memory."""
        headers = {
            "Tus-Resumable": "1.0.0", "Upload-Offset": str(offset), "Content-Length": str(size - offset),
            "Content-Type": "application/offset+octet-stream",
        }  # fmt: skip
        return await self._send("PATCH", f"/uploads/{upload}", headers, chunks)

    async def _send(
        self, method: str, path: str, headers: Mapping[str, str],
        content: AsyncIterator[bytes] | bytes | None = None,
    ) -> Answer:
        timeout = httpx.Timeout(SENDING_S, connect=5.0)
        try:
            found = await self._http.request(method, path, headers=headers, content=content, timeout=timeout)
        except httpx.TransportError as error:
            raise Offline(str(error) or type(error).__name__) from error
        if found.status_code == 401:
            raise unwelcome(found.content)
        offset = found.headers.get("Upload-Offset", "")
        return Answer(found.status_code, found.content, offset=int(offset) if offset.isdigit() else None)

    async def send_portrait(self, technician: str, media: str, data: bytes) -> Answer:
        """Send a technician's picture, whole."""
        return await self._send("PUT", f"/portraits/{technician}", {"Content-Type": media}, data)

    async def send_file(self, path: str, file: Path) -> Answer:
        """Send a file as it is, whole; raises OSError where it can't be read."""
        data = await asyncio.to_thread(file.read_bytes)
        return await self._send("POST", path, {"Content-Type": "application/octet-stream"}, data)

    async def fetch(self, path: str, params: Mapping[str, str], keep: Callable[[bytes], object]) -> None:
        """A file, handed to `keep` piece by piece in a thread; raises Rejected, Offline, NotLoggedIn."""
        try:
            timeout = httpx.Timeout(ANSWER_S, read=SENDING_S)
            async with self._http.stream("GET", path, params=params, timeout=timeout) as answer:
                if answer.status_code == 200:
                    async for chunk in answer.aiter_bytes(FILE_CHUNK):
                        await asyncio.to_thread(keep, chunk)
                    return
                body = await answer.aread()
        except (httpx.TransportError, httpx.StreamError) as error:
            raise Offline(str(error) or type(error).__name__) from error
        if answer.status_code == 401:
            raise unwelcome(body)
        if (refusal := refusal_of(Answer(answer.status_code, body))) is not None:
            raise Rejected(refusal.rejected, refusal.field, **refusal.params)
        if b"file_missing" in body:
            raise Rejected("file_missing")
        raise Offline(f"{path}: {answer.status_code}")

    @asynccontextmanager
    async def stream(self, logs: Sequence[str]) -> AsyncIterator[AsyncIterator[tuple[str, bytes]]]:
        """The stream's events; raises Offline when it breaks or falls silent, NotLoggedIn."""
        told: AsyncGenerator[tuple[str, bytes], None] | None = None
        try:
            async with self._live.stream(
                "GET", "/stream", params={"logs": ",".join(logs)}, headers={"Accept": "text/event-stream"}
            ) as answer:
                if answer.status_code == 401:
                    raise unwelcome(await answer.aread())
                if answer.status_code != 200:
                    raise Offline(f"/stream: {answer.status_code}")
                yield (told := events(answer.aiter_bytes()))
        except (httpx.TransportError, httpx.StreamError) as error:
            raise Offline(str(error) or type(error).__name__) from error
        finally:
            # Whoever stopped reading in the middle has left it open. Once the answer is closed it ends at once;
            # later there may be no loop in which it could.
            if told is not None:
                await told.aclose()


async def events(chunks: AsyncIterator[bytes]) -> AsyncGenerator[tuple[str, bytes], None]:
    """Server-sent events as (name, data); comments are skipped."""
    rest = b""
    async for chunk in chunks:
        *blocks, rest = (rest + chunk).replace(b"\r\n", b"\n").split(b"\n\n")
        for block in blocks:
            name, data = "message", b""
            for line in block.split(b"\n"):
                if line.startswith(b"event:"):
                    name = line[6:].strip().decode()
                elif line.startswith(b"data:"):
                    data += line[5:].strip()
            if data:
                yield name, data


def unwelcome(body: bytes) -> NotLoggedIn | Offline:
    """Why a server does not know us: the token is worth nothing, or it is not the child process we took it for."""
    return Offline("another server") if b"not_local" in body else NotLoggedIn()


def refusal_of(answer: Answer) -> codec.Refusal | None:
    """The refusal in an answer, None where it is some other failure."""
    if answer.status not in (403, 404, 409, 422):
        return None
    try:
        return codec.decode(answer.body, codec.Refusal)
    except msgspec.DecodeError:
        return None


def retry_after(body: bytes) -> float:
    """How long a busy server asks to wait, in seconds."""
    try:
        return float(msgspec.json.decode(body)["retry_after_s"])
    except (msgspec.DecodeError, KeyError, TypeError, ValueError):
        return 1.0


def seconds(header: str | None) -> float | None:
    """A Retry-After header in seconds, None where it says none."""
    return float(header) if header is not None and header.isdigit() else None


async def trust_of(url: str) -> ssl.SSLContext | bool:
    """Whom to trust for an address; reading all authorities takes long and is done beside the loop."""
    if not url.startswith("https"):
        return False
    return await asyncio.to_thread(ssl.create_default_context)
