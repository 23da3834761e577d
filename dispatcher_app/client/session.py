"""The desk's session: what the screens read, and the one gate through which they change anything."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable, Coroutine, Iterable, Mapping
from pathlib import Path
from typing import Any

from dispatcher_app.client.api import Api, Me, Offline
from dispatcher_app.client.asking import Asking
from dispatcher_app.client.bulletin import Bulletin
from dispatcher_app.client.deskclock import DeskClock
from dispatcher_app.client.draft import Drafts
from dispatcher_app.client.gate import Gate
from dispatcher_app.client.outbox.send import Outbox
from dispatcher_app.client.part import Parts, open_parts
from dispatcher_app.client.presence import Presences
from dispatcher_app.client.replica.ask import VIEWS, OrderQuery, SortKey, View
from dispatcher_app.client.replica.schema import is_damage
from dispatcher_app.client.replica.store import Key
from dispatcher_app.client.replica.writer import News
from dispatcher_app.client.state import (
    Accepted,
    Changed,
    Conflict,
    DoneAct,
    Effect,
    HistoryEntry,
    KnownCaller,
    Link,
    LinkState,
    Outcome,
    Parked,
    ParkedAct,
    Position,
    Refused,
    Reversed,
    Submission,
    Taken,
    ToldNotice,
    Undoable,
    Unsent,
    Upload,
)
from dispatcher_app.client.sync import Locate, Sync
from dispatcher_app.client.undo import Done, undo_of
from dispatcher_app.client.upload import Uploads
from dispatcher_app.domain.act import Change, Rejected
from dispatcher_app.domain.calendar import local_date, midnight
from dispatcher_app.domain.region import Staff
from dispatcher_app.domain.talk import Purpose

__all__ = [
    "VIEWS", "Accepted", "Changed", "Conflict", "DoneAct", "Effect", "HistoryEntry", "KnownCaller", "Link", "Offline",
    "OrderQuery", "Outcome", "Parked", "ParkedAct", "Position", "Refused", "Reversed", "Session", "SortKey",
    "Submission", "Taken", "ToldNotice", "Undoable", "Unsent", "Upload", "View", "open_session",
]  # fmt: skip


RESTART_S = 5.0
RECALLED_S = 1.0


async def open_session(
    folder: Path, staff: Staff, key: bytes, locate: Locate, token: str | None, *, seat: str = "A1",
    ended: Callable[[], None] | None = None,
) -> Session:  # fmt: skip
    """A session on what the folder holds; it connects by itself. `key` opens the outbox, `ended` is told on close."""
    parts = await open_parts(folder, staff.id, key)
    session = Session(parts, staff, seat, ended)
    await session.start(locate, token)
    return session


class Session(Asking):
    """Everything that the screens know of the world. Called in the loop's thread only."""

    def __init__(self, parts: Parts, staff: Staff, seat: str, ended: Callable[[], None] | None) -> None:
        super().__init__(parts, staff)
        self._parts, self._ended, self._writer = parts, ended, parts.writer
        self._bulletin = Bulletin(Link("connecting", self._clock.now()))
        self._outbox = Outbox(parts.box, parts.saver, parts.entries, staff.id)
        self._pending: frozenset[Key] = frozenset()
        self._sync: Sync | None = None
        self._tasks: dict[str, asyncio.Task[None]] = {}
        self._restarts: dict[str, asyncio.TimerHandle] = {}
        self._drafts = Drafts(parts, staff.id, lambda: self._bulletin.tell_link(reason="disk_full"))
        self._gate = Gate(
            actor=self.actor, region=self.region_id, seat=seat, counter=parts.counter, folder=parts.folder,
            lookup=self._lookup, outbox=self._outbox, worker=self._worker, writer=self._writer, clock=self._clock,
            bulletin=self._bulletin, on_news=self.on_news, on_fault=self.on_fault,
        )  # fmt: skip
        self._uploads = Uploads(
            parts.folder / "uploads", staff.id, ready=lambda order: not self.is_pending("order", order),
            tell=self._on_upload, now=self.now, logged_out=self._on_logged_out,
        )  # fmt: skip
        self._remembering: asyncio.Task[None] | None = None
        self._forgot = False
        self._gate.on_unreversed = self._remember
        self.presences = Presences(seat, self.now, self._bulletin.tell_presence)
        """Who else is there, and what this desk says of itself."""
        self._gate.resting_besides = lambda: len(self._uploads.resting())
        self._lookup.on_fault = lambda error: self._gate.begin(self._mend(error))

    async def start(self, locate: Locate, token: str | None) -> None:
        """Show what waits in the outbox, then begin to connect and to send."""
        acts = self._gate.readable(self._outbox.own())
        try:
            standing = await self._worker.run(self._writer.standing)
            self.on_news(await self._worker.run(self._writer.load, acts, self.now()))
        except self._writer.faults as error:
            await self.on_fault(error)
            standing = await self._worker.run(self._writer.standing)
        self._clock = self._gate.clock = DeskClock(standing.seen_at)
        reason = (
            "outbox_damaged"
            if self._parts.box.damaged
            else f"replica_{standing.fresh}"
            if standing.fresh
            else ""
        )
        self._bulletin.tell_link(since=self._clock.now(), reason=reason)
        await self._uploads.load()
        self._gate.count()
        self._sync = Sync(self, locate, token, self._worker, self._writer, self._clock)
        self._keep_running("sync", self._sync.run)
        self._keep_running("outbox", lambda: self._outbox.run(self._gate.heard, self._on_logged_out))
        self._keep_running("uploads", self._uploads.run)
        self._keep_running("presence", self.presences.run)

    def _keep_running(self, name: str, work: Callable[[], Coroutine[Any, Any, None]]) -> None:
        """A fault of ours is reported where all are, and stops neither sending nor listening for long."""
        task = asyncio.create_task(work(), name=name)
        self._tasks[name] = task

        def on_done(done: asyncio.Task[None]) -> None:
            if done.cancelled() or (error := done.exception()) is None:
                return
            loop = asyncio.get_running_loop()
            loop.call_exception_handler({"message": f"{name} stopped", "exception": error, "task": done})
            self._bulletin.tell_link(reason="unexpected")
            self._restarts[name] = loop.call_later(RESTART_S, self._keep_running, name, work)

        task.add_done_callback(on_done)

    # who and how it stands

    def seen(self) -> dict[str, int] | None:
        return super().seen() if self.link.state == "online" else None

    def reconnect(self) -> None:
        """Try to connect now."""
        if self._sync is not None:
            self._sync.hurry()

    def renew(self, token: str) -> None:
        """Logged in again as the same person: go on where the outbox stopped."""
        if self._sync is not None:
            self._sync.renew(token)

    # doing

    def is_pending(self, kind: str, id: str) -> bool:
        """Whether it has a change that the server has not answered."""
        return (kind, id) in self._pending or self._lookup.is_fresh((kind, id))

    def submit(self, command: Any, *, undoes: str | None = None, batch: str | None = None) -> Submission:
        """Do it: decided and shown at once, saved, sent; raises Rejected, and then nothing has happened."""
        return self._gate.submit(command, undoes=undoes, batch=batch)

    def preview(self, command: Any) -> Change | None:
        """What doing it now would change, with nothing done; raises Rejected, None where only the server can say."""
        return self._gate.preview(command)

    def undo_last(self) -> Submission:
        """Take back the last thing done here; raises Rejected("nothing_to_undo")."""
        return self._gate.undo_last()

    def undoable(self, *, redo: bool = False) -> Undoable | None:
        """What `reverse` would take back, or do again."""
        return self._gate.undo.undoable(redo=redo)

    def reverse(self, *, redo: bool = False) -> list[Reversed]:
        """Take the last action back, or do the last one taken back again: what became of each act; raises Rejected."""
        return self._gate.reverse(redo=redo)

    def take_back(self, act: DoneAct) -> Reversed:
        """Take any act back that can be, or do it again where it is taken back."""
        undo = undo_of(act.undo)
        if undo is None:
            return Reversed(act, None, Rejected("no_undo"))
        return self._gate.reverse_one(Done(act.last, act.batch, act, undo, act.at), redo=act.undone)

    def _remember(self) -> None:
        """Have the server say what of one's own acts can be taken back."""
        if self._remembering is None or self._remembering.done():
            self._remembering = asyncio.create_task(self._recall(), name="done")
        else:
            self._forgot = True

    async def _recall(self) -> None:
        self._forgot = True
        while self._forgot:
            self._forgot = False
            today = midnight(local_date(self.now(), self.timezone), self.timezone)
            with contextlib.suppress(Offline, Rejected):
                self._gate.undo.fill(await self.done_acts(since=today), self.actor.name)
                self._bulletin.tell_link_again()

    @property
    def parked(self) -> list[ParkedAct]:
        """Acts that want a decision."""
        return [*self._gate.resting(), *self._uploads.resting()]

    def retry(self, act: str) -> None:
        """Send a resting act once more."""
        if act in self._uploads:
            self._uploads.retry(act)
        else:
            self._gate.retry(act)

    def discard(self, act: str) -> None:
        """Give a resting act up: it stays as the server has it."""
        if act in self._uploads:
            self._uploads.cancel(act)
        else:
            self._gate.discard(act)

    def take_over(self, act: str) -> Submission:
        """Submit a refused act again, on top of how things stand now; raises Rejected."""
        return self._gate.take_over(act)

    # photos and videos

    def upload(self, order: str, path: Path, purpose: Purpose, line: int | None = None) -> Upload:
        """Send a photo or video of an order, now or as soon as there is a server; raises Rejected."""
        return self._uploads.add(order, path, purpose, line)

    @property
    def uploads(self) -> list[Upload]:
        """What is on its way or has failed, the oldest first."""
        return self._uploads.own()

    def cancel_upload(self, id: str) -> None:
        """Give one up."""
        self._uploads.cancel(id)

    def _on_upload(self, upload: Upload) -> None:
        self._gate.count()
        self._bulletin.tell_upload(upload)

    # drafts

    def drafts(self) -> dict[str, Any]:
        """Parked drafts by id."""
        return self._drafts.all()

    def put_draft(self, id: str, draft: Any) -> None:
        """Keep a draft (anything JSON can say); it survives a restart."""
        self._drafts.put(id, draft)

    def drop_draft(self, id: str) -> None:
        """The draft is no longer needed."""
        self._drafts.drop(id)

    # what the sync tells

    async def _mend(self, error: Exception) -> None:
        self._bulletin.tell_link(reason=await self.on_fault(error))
        if self._sync is not None:
            self._sync.restart()

    def on_state(self, state: LinkState, reason: str) -> None:
        """The connection stands otherwise."""
        since = self.link.since if state == self.link.state else self.now()
        self._bulletin.tell_link(state=state, since=since, reason=reason)
        if state == "online":
            self._remember()

    def on_connection(self, api: Api | None) -> None:
        """There is a connection to send through, or none."""
        self._api = api
        self._outbox.connect(api)
        self._uploads.connect(api)
        self.presences.connect(api)

    def on_news(self, news: News) -> None:
        """The replica has changed."""
        flipped = self._pending ^ news.pending
        self._pending = news.pending
        if news.visible:
            self._gate.on_visible()
        self._lookup.forget(news.changed, everything=news.everything)
        self._uploads.on_news()
        if self.actor.name in news.doers or self._gate.undo.knows(news.reversed):
            self._remember()
        self._bulletin.tell_changed(news.changed | flipped, everything=news.everything)
        if (news.everything or ("staff", self.staff.id) in news.changed) and self._sync is not None:
            stands = self.get(Staff, self.staff.id)
            if stands is not None and sees(stands) != sees(self.staff):
                self._sync.restart()

    def on_positions(self, positions: Mapping[str, Position]) -> None:
        """Technicians have moved."""
        self.positions.update(positions)
        self._bulletin.tell_positions(positions)

    def on_presence(self, data: bytes) -> None:
        """Somebody has come, gone, or opened another order."""
        self.presences.heard(data)

    async def on_me(self, me: Me) -> None:
        """Who the server says we are; other roles or regions see other things, so the replica begins anew."""
        former, self.staff = self.staff, me.staff
        self._gate.actor, self._gate.region = self.actor, self.region_id
        if sees(former) != sees(me.staff):
            await self._reset()

    async def on_fault(self, error: Exception) -> str:
        """The replica's file can't be used: thrown away where it is damaged, kept where the disk is full."""
        if is_damage(error):
            await self._reset()
            return "replica_damaged"
        with contextlib.suppress(*self._writer.faults):
            await self._worker.run(self._writer.abandon)
        return "disk_full"

    async def _reset(self) -> None:
        news = await self._worker.run(self._writer.reset, self.staff.id)
        await self._worker.run(self._reader.reopen)
        self._lookup.reopen()
        self.on_news(news)

    def _on_logged_out(self, api: Api) -> None:
        if self._sync is not None and api is self._api:
            self._sync.restart()

    # ending

    async def close(self, *, wipe: bool = False) -> None:
        """Stop; everything stays on the disk, with `wipe` nothing of the replica does."""
        await self.presences.leave()
        await self._album.close(wipe=wipe)  # while there is still a connection for what is under way
        for restart in self._restarts.values():
            restart.cancel()
        if self._remembering is not None:
            # Broken off in the middle of an answer, it would leave its connection open.
            self._forgot = False
            await asyncio.wait({self._remembering}, timeout=RECALLED_S)
            self._remembering.cancel()
            await asyncio.gather(self._remembering, return_exceptions=True)
        await ended(self._tasks.values())
        # What is just being saved is shown before the replica closes, or it would look damaged.
        await self._parts.saver.run(bool)
        await self._gate.settle()
        await self._drafts.settle()
        await self._uploads.settle()
        # A screen that still asks is told nothing; that must not be taken for a damaged file.
        self._lookup.on_fault = lambda error: None
        self._lookup.close()
        await self._worker.run(self._reader.close)
        await self._worker.run(self._writer.close, wipe=wipe)
        await self._parts.saver.run(self._parts.box.close)
        self._worker.close()
        self._parts.saver.close()
        if self._ended is not None:
            self._ended()

    def check_sent(self, *, discard_unsent: bool = False) -> None:
        """Raises Unsent where logging out would lose acts or photos."""
        if (count := len(self._outbox.own()) + len(self._uploads.own())) and not discard_unsent:
            raise Unsent(count)

    async def log_out(self, *, discard_unsent: bool = False) -> None:
        """Log out and leave nothing of the replica here; raises Unsent where acts would be lost."""
        self.check_sent(discard_unsent=discard_unsent)
        own = self._outbox.own()
        await self._outbox.drop(*(entry.act for entry in own))
        await self._uploads.discard()
        await self._parts.saver.run(self._parts.box.forget, self.staff.id)
        if self._api is not None:
            with contextlib.suppress(Offline):
                await self._api.log_out()
        await self.close(wipe=True)


async def ended(tasks: Iterable[asyncio.Task[None]]) -> None:
    """Cancel tasks until they have ended: waiting with a limit may lose a cancellation that comes with its answer."""
    left = set(tasks)
    while left:
        for task in left:
            task.cancel()
        _done, left = await asyncio.wait(left, timeout=1.0)


def sees(staff: Staff) -> tuple[frozenset[str], frozenset[str]]:
    """What decides which entities a person may see."""
    return frozenset(staff.roles), frozenset(staff.regions)
