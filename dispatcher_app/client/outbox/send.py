"""Sending the outbox: first in, first out, one in flight, each act until the server has answered it for good."""

from __future__ import annotations

import asyncio
import contextlib
import random
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any

import msgspec

from dispatcher_app import codec
from dispatcher_app.client.api import Answer, Api, NotLoggedIn, Offline, refusal_of
from dispatcher_app.client.outbox.box import Box
from dispatcher_app.client.outbox.entry import Entry, free_to_go
from dispatcher_app.client.state import Accepted, Outcome, Parked, Refused
from dispatcher_app.client.worker import Worker
from dispatcher_app.codec import Refusal
from dispatcher_app.domain.act import Rejected

BEAR = 5
"""So many answers that are the server's own fault, then the act rests and others go on."""
BUSY = frozenset({408, 425, 429, 502, 503, 504})

NEEDS_SERVER = Refusal("needs_server")

Heard = Callable[[Entry, Outcome], Awaitable[None]]
"""Told what became of an act before it leaves the outbox."""


@dataclass(frozen=True, slots=True)
class Unsaved:
    """An act on its way to the disk, and the one whose turn it takes."""

    entry: Entry
    settings: dict[str, str]
    saved: asyncio.Future[None]
    former: Entry | None


def delays(first_s: float = 0.05, last_s: float = 5.0) -> Iterator[float]:
    """How long to wait before trying again: doubling, and never in step with other desks."""
    step = first_s
    while True:
        yield step * random.uniform(0.5, 1.5)
        step = min(last_s, step * 2)


class Outbox:
    """The acts of this desk in their order, as the loop sees them; the file follows."""

    def __init__(self, box: Box, worker: Worker, entries: list[Entry], user: str) -> None:
        self._box, self._worker, self.user = box, worker, user
        self._entries = {entry.act: replace(entry, queued=True) for entry in entries}
        self._place = max((entry.place for entry in entries), default=0)
        self._unsaved: list[Unsaved] = []
        self._saving: set[str] = set()
        self._api: Api | None = None
        self._wake = asyncio.Event()

    def __iter__(self) -> Iterator[Entry]:
        return iter(sorted(self._entries.values(), key=lambda each: each.place))

    def get(self, act: str) -> Entry | None:
        """The act of that id while it is here."""
        return self._entries.get(act)

    def own(self) -> list[Entry]:
        """The acts of whoever is logged in."""
        return [entry for entry in self if entry.user == self.user]

    @property
    def busy(self) -> bool:
        """Whether acts wait to be sent or for their answer."""
        return any(entry.state == "waiting" for entry in self._entries.values() if entry.user == self.user)

    @property
    def saving(self) -> int:
        """How many acts are on their way to the disk."""
        return len(self._saving)

    def connect(self, api: Api | None) -> None:
        """Send through this connection from now on; None: wait."""
        self._api = api
        self._wake.set()

    def next_place(self) -> int:
        """The turn after all others."""
        self._place += 1
        return self._place

    def add(self, entry: Entry, settings: dict[str, str], instead: str | None = None) -> asyncio.Future[None]:
        """Keep an act; done once it is safe on the disk, which is before it is sent. `instead`: whose turn it takes."""
        saved: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        entry = replace(entry, queued=self._api is None)
        self._entries[entry.act] = entry
        self._saving.add(entry.act)
        if not self._unsaved:
            asyncio.get_running_loop().call_soon(self._save)
        former = self._entries.pop(instead, None) if instead is not None else None
        self._unsaved.append(Unsaved(entry, settings, saved, former))
        return saved

    def _save(self) -> None:
        """Acts submitted in one go are saved in one go."""
        unsaved, self._unsaved = self._unsaved, []
        settings = {key: value for each in unsaved for key, value in each.settings.items()}
        written = self._worker.run(self._box.save, [each.entry for each in unsaved], settings)
        written.add_done_callback(lambda done: self._on_saved(unsaved, done))

    def _on_saved(self, unsaved: list[Unsaved], done: asyncio.Future[None]) -> None:
        if done.cancelled():  # the desk closes: nobody is told that these are safe
            for each in unsaved:
                each.saved.cancel()
            return
        failed = done.exception()
        for each in unsaved:
            self._saving.discard(each.entry.act)
            if failed is None:
                each.saved.set_result(None)
                continue
            self._entries.pop(each.entry.act, None)
            if each.former is not None:
                self._entries[each.former.act] = each.former
            each.saved.set_exception(failed)
        self._wake.set()

    async def rest(self, entry: Entry, **changes: Any) -> None:
        """The act stays, in another state; a full disk only means that this is found out again after a restart."""
        changed = replace(entry, **changes)
        self._entries[entry.act] = changed
        with contextlib.suppress(Rejected):
            await self._worker.run(self._box.save, [changed])
        self._wake.set()

    async def drop(self, *acts: str) -> None:
        """These acts are done with."""
        for act in acts:
            self._entries.pop(act, None)
        with contextlib.suppress(Rejected):
            await self._worker.run(self._box.drop, acts)
        self._wake.set()

    def _next(self) -> Entry | None:
        ready = (entry for entry in free_to_go(self.own()) if entry.act not in self._saving)
        return next(ready, None)

    def _lost(self) -> Entry | None:
        """An act that would have been done now or not at all, and there is no connection."""
        waiting = (
            entry for entry in self.own() if entry.state == "waiting" and entry.act not in self._saving
        )
        return next((entry for entry in waiting if entry.fleeting), None)

    async def run(self, heard: Heard, logged_out: Callable[[Api], None]) -> None:
        """Send for ever."""
        waits = delays()
        while True:
            entry, api = self._next(), self._api
            if api is None and (lost := self._lost()) is not None:
                await heard(lost, Refused(NEEDS_SERVER))
                continue
            if entry is None or api is None:
                self._wake.clear()
                await self._wake.wait()
                continue
            try:
                answer = await api.command(entry.name, entry.submitted())
            except NotLoggedIn:
                if self._api is api:
                    self._api = None
                logged_out(api)
                continue
            except Offline:
                if entry.fleeting:
                    # Whether it was done still comes with the stream; what is sure is that nobody waits for it.
                    await heard(entry, Refused(NEEDS_SERVER))
                    continue
                self._entries[entry.act] = replace(entry, queued=True)
                await self._pause(next(waits))
                continue
            outcome = judged(answer, entry.tries)
            if outcome is None:
                tries = entry.tries + (answer.status not in BUSY)
                await self.rest(entry, tries=tries, queued=True)
                await self._pause(max(next(waits), answer.retry_after_s or 0))
                continue
            waits = delays()
            await heard(self._entries.get(entry.act, entry), outcome)

    async def _pause(self, seconds: float) -> None:
        """Wait; a new connection ends the waiting."""
        self._wake.clear()
        # Not `wait_for`: before Python 3.12 it can swallow a cancellation that comes with the waking.
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._wake.wait()


def judged(answer: Answer, tries: int) -> Outcome | None:
    """What an answer means for its act; None: try again."""
    if answer.status == 200:
        try:
            return Accepted(codec.decode(answer.body, codec.Reply))
        except msgspec.DecodeError:
            return Parked("answer_unreadable") if tries + 1 >= BEAR else None
    refusal = refusal_of(answer)
    if refusal is not None:
        return Refused(refusal)
    if answer.status in BUSY:
        return None
    if answer.status >= 500:
        return Parked(error_of(answer, "unexpected")) if tries + 1 >= BEAR else None
    return Parked(error_of(answer, f"http_{answer.status}"))


def error_of(answer: Answer, otherwise: str) -> str:
    """The code of a failure."""
    try:
        found = msgspec.json.decode(answer.body)
    except msgspec.DecodeError:
        return otherwise
    return str(found.get("error", otherwise)) if isinstance(found, dict) else otherwise
