"""Sending photos and videos: one after the other, going on where a cut or a restart left off, until they are there."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any, Literal

import msgspec

from dispatcher_app.client.api import Answer, Api, NotLoggedIn, Offline, refusal_of
from dispatcher_app.client.outbox.send import BEAR, BUSY, delays, error_of
from dispatcher_app.client.shelf import Shelf, looked_at, pieces
from dispatcher_app.client.state import ParkedAct, Upload
from dispatcher_app.clock import new_id
from dispatcher_app.codec import Refusal
from dispatcher_app.domain.act import Rejected
from dispatcher_app.domain.talk import Purpose

FULL_S = 30.0
"""How long to wait for room on the server's disk before asking again."""


class Standing(msgspec.Struct):
    """What the server says of an upload."""

    state: Literal["open", "whole", "done", "refused"]
    refusal: Refusal | None = None


class Refused(Exception):
    """The server will not take the file; `refusal` is why."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(refusal.rejected)
        self.refusal = refusal


class Busy(Exception):
    """Not now: `reason` is a code, `fault` whether the server itself is to blame."""

    def __init__(self, reason: str, after_s: float = 0.0, *, fault: bool = False) -> None:
        super().__init__(reason)
        self.reason, self.after_s, self.fault = reason, after_s, fault


class Uploads:
    """One person's files on their way. Called in the loop's thread.

    `ready` says whether the server can know an order already; `tell` hears every step, `logged_out` of a worthless
    token.
    """

    def __init__(
        self, folder: Path, user: str, *, ready: Callable[[str], bool], tell: Callable[[Upload], None],
        now: Callable[[], int], logged_out: Callable[[Api], None],
    ) -> None:  # fmt: skip
        self._shelf, self._user, self._ready, self._tell = Shelf(folder), user, ready, tell
        self._now, self._logged_out = now, logged_out
        self._uploads: dict[str, Upload] = {}
        self._api: Api | None = None
        self._wake, self._idle = asyncio.Event(), False
        self._sending: tuple[str, asyncio.Task[None]] | None = None
        self._work: set[asyncio.Task[None]] = set()
        self._disk = asyncio.Lock()

    async def load(self) -> None:
        """Take up what waited when the desk was closed."""
        for upload in await asyncio.to_thread(self._shelf.load):
            self._uploads.setdefault(upload.id, upload)
        self.hurry()

    def own(self) -> list[Upload]:
        """What is not there yet, the oldest first; failed ones included."""
        return [each for each in self._uploads.values() if each.user == self._user and each.state != "done"]

    def resting(self) -> list[ParkedAct]:
        """What has failed and wants a decision, as acts that rest are shown."""
        return [
            ParkedAct(each.id, None, each.name, each.at, "parked", each.reason, each.refusal)
            for each in self.own()
            if each.state == "failed"
        ]

    def __contains__(self, id: str) -> bool:
        return id in self._uploads

    def connect(self, api: Api | None) -> None:
        """Send through this connection from now on; None: wait."""
        self._api = api
        self.hurry()

    def hurry(self) -> None:
        """Look again at once whether anything can be sent."""
        self._wake.set()

    def on_news(self) -> None:
        """An order may have become known to the server; whoever waits for the server goes on waiting."""
        if self._idle:
            self._wake.set()

    def add(self, order: str, path: Path, purpose: Purpose, line: int | None) -> Upload:
        """Send a file; it may be moved or deleted as soon as its copy is made. Raises Rejected."""
        media, size = looked_at(path)
        upload = Upload(
            id=new_id(), user=self._user, order=order, purpose=purpose, line=line, name=path.name[:120], media=media,
            size=size, at=self._now(),
        )  # fmt: skip
        self._put(upload)
        self._begin(self._copy(upload, path))
        return upload

    async def _copy(self, upload: Upload, path: Path) -> None:
        try:
            kept = await asyncio.to_thread(self._shelf.copy, upload, path, lambda: upload.id in self._uploads)
        except Rejected as rejected:
            self._fail(upload, rejected.code, Refusal(rejected.code, rejected.field, rejected.params))
            return
        if upload.id in self._uploads:
            self._put(kept)
            self.hurry()

    def cancel(self, id: str) -> None:
        """Give a file up; one that has just arrived stays."""
        upload = self._uploads.pop(id, None)
        if upload is None:
            return
        if self._sending is not None and self._sending[0] == id:
            self._sending[1].cancel()
        if upload.state != "done":
            self._begin(self._forget(upload))
            self._tell(replace(upload, state="failed", reason="cancelled"))

    async def _forget(self, upload: Upload) -> None:
        await self._drop(upload.id)
        if self._api is not None and upload.sent:
            with contextlib.suppress(Offline, NotLoggedIn):
                await self._api.ask("DELETE", f"/uploads/{upload.id}")

    async def _drop(self, id: str) -> None:
        """Nothing of it stays, also of what is just being noted about it."""
        async with self._disk:
            await asyncio.to_thread(self._shelf.drop, id)

    def retry(self, id: str) -> None:
        """Send one that has failed once more."""
        upload = self._uploads.get(id)
        if upload is not None and upload.state == "failed" and upload.sha256:
            self._begin(self._kept(replace(upload, state="waiting", reason="", refusal=None)))

    async def settle(self) -> None:
        """Wait for what is being copied and noted."""
        while self._work:
            await asyncio.gather(*self._work, return_exceptions=True)

    async def discard(self) -> None:
        """Leave nothing of this person's files here."""
        for upload in self.own():
            self._uploads.pop(upload.id)
            await self._drop(upload.id)
        await self.settle()

    async def run(self) -> None:
        """Send for ever."""
        waits = delays()
        tries: dict[str, int] = {}
        while True:
            upload, api = self._next(), self._api
            if upload is None or api is None:
                await self._pause(None)
                continue
            task = asyncio.create_task(self._send(api, upload))
            self._sending = upload.id, task
            try:
                await asyncio.wait({task})
                if task.cancelled():
                    continue
                task.result()
            except asyncio.CancelledError:
                task.cancel()
                await asyncio.wait({task})
                raise
            except NotLoggedIn:
                if self._api is api:
                    self._api = None
                self._say(upload.id, state="waiting")
                self._logged_out(api)
            except Refused as refused:
                self._fail(self._uploads.get(upload.id, upload), refused.refusal.rejected, refused.refusal)
            except Offline:
                self._say(upload.id, state="waiting", reason="no_answer")
                await self._pause(next(waits))
            except Busy as busy:
                tries[upload.id] = tries.get(upload.id, 0) + busy.fault
                if tries[upload.id] >= BEAR:
                    tries.pop(upload.id)
                    self._fail(self._uploads.get(upload.id, upload), busy.reason, None)
                    continue
                self._say(upload.id, state="waiting", reason=busy.reason)
                await self._pause(max(next(waits), busy.after_s))
            else:
                waits = delays()
            finally:
                self._sending = None

    def _next(self) -> Upload | None:
        ready = (each for each in self.own() if each.state == "waiting" and self._ready(each.order))
        return next(ready, None)

    async def _pause(self, seconds: float | None) -> None:
        self._wake.clear()
        self._idle = seconds is None
        # Not wait_for: below Python 3.12 it may swallow being cancelled, and the desk would never close.
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._wake.wait()

    async def _send(self, api: Api, upload: Upload) -> None:
        """One file to its end; raises Refused, Busy, Offline, NotLoggedIn."""
        said = {
            "id": upload.id, "order": upload.order, "purpose": upload.purpose, "type": upload.media,
            "name": upload.name, "sha256": upload.sha256,
        }  # fmt: skip
        if upload.line is not None:
            said["line"] = str(upload.line)
        answer = await api.announce(said, upload.size)
        refusal = refusal_of(answer)
        if refusal is not None and refusal.rejected == "exists":
            await self._arrived(upload)
            return
        if answer.offset is None or answer.status != 201:
            raise unwilling(answer)
        self._say(upload.id, state="sending", sent=answer.offset, reason="")
        chunks = pieces(
            self._shelf.file(upload.id), answer.offset, lambda sent: self._reached(upload.id, sent)
        )
        # A line that breaks leaves the file open in the middle.
        async with contextlib.aclosing(chunks):
            answer = await api.send_bytes(upload.id, chunks, answer.offset, upload.size)
        if answer.status != 204 or answer.offset != upload.size:
            raise unwilling(answer)
        self._say(upload.id, state="checking", sent=upload.size)
        while (found := await standing(api, upload.id)).state == "whole":
            continue
        if found.state == "refused":
            raise Refused(found.refusal or Refusal("upload_lost"))
        if found.state == "open":
            raise Busy("busy")
        await self._arrived(upload)

    async def _arrived(self, upload: Upload) -> None:
        await self._drop(upload.id)
        if upload.id in self._uploads:
            self._put(replace(upload, state="done", sent=upload.size, reason=""))

    def _reached(self, id: str, sent: int) -> None:
        """Told at every hundredth: more often nobody sees it."""
        upload = self._uploads.get(id)
        if upload is not None and sent * 100 // upload.size > upload.sent * 100 // upload.size:
            self._say(id, sent=sent)

    def _say(self, id: str, **changes: Any) -> None:
        if (upload := self._uploads.get(id)) is not None and (
            changed := replace(upload, **changes)
        ) != upload:
            self._put(changed)

    def _put(self, upload: Upload) -> None:
        self._uploads[upload.id] = upload
        self._tell(upload)

    def _fail(self, upload: Upload, reason: str, refusal: Refusal | None) -> None:
        if upload.id in self._uploads:
            self._begin(self._kept(replace(upload, state="failed", reason=reason, refusal=refusal)))

    async def _kept(self, upload: Upload) -> None:
        self._put(upload)
        if upload.sha256:
            async with self._disk:
                if upload.id in self._uploads:
                    with contextlib.suppress(OSError):
                        await asyncio.to_thread(self._shelf.keep, upload)
        self.hurry()

    def _begin(self, work: Any) -> None:
        task: asyncio.Task[None] = asyncio.create_task(work)
        self._work.add(task)
        task.add_done_callback(self._on_done)

    def _on_done(self, task: asyncio.Task[None]) -> None:
        self._work.discard(task)
        if not task.cancelled():
            task.result()


async def standing(api: Api, id: str) -> Standing:
    """How an upload stands, not before the server has looked at it, if that is soon; raises Offline, Busy."""
    answer = await api.ask("GET", f"/uploads/{id}", params={"wait": "20"}, timeout_s=60.0)
    if answer.status != 200:
        raise unwilling(answer)
    try:
        return msgspec.json.decode(answer.body, type=Standing)
    except msgspec.DecodeError as error:
        raise Busy("answer_unreadable", fault=True) from error


def unwilling(answer: Answer) -> Exception:
    """What any other answer than the good one means."""
    if (refusal := refusal_of(answer)) is not None:
        return (
            Busy("busy")
            if refusal.rejected == "not_found" and refusal.params.get("kind") == "upload"
            else Refused(refusal)
        )
    if answer.status == 507:
        return Busy("server_disk_full", FULL_S)
    if answer.status in BUSY or answer.status == 409:
        return Busy("busy", answer.retry_after_s or 0.0)
    return Busy(error_of(answer, "unexpected"), fault=True)
