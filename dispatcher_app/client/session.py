"""The desk's session: what the screens read, and the one gate through which they change anything."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable, Coroutine, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, ParamSpec, TypeVar

from dispatcher_app.client import bulk, question, search
from dispatcher_app.client.album import Album, What
from dispatcher_app.client.api import Api, Me, Offline
from dispatcher_app.client.availability import availability
from dispatcher_app.client.bulletin import Bulletin, Listener
from dispatcher_app.client.deskclock import DeskClock
from dispatcher_app.client.draft import Drafts
from dispatcher_app.client.drag import drag, handful
from dispatcher_app.client.gate import Gate
from dispatcher_app.client.outbox.send import Outbox
from dispatcher_app.client.part import Parts, open_parts
from dispatcher_app.client.portrait import send_portrait
from dispatcher_app.client.replica.ask import VIEWS, OrderQuery, SortKey, View
from dispatcher_app.client.replica.schema import is_damage
from dispatcher_app.client.replica.store import Key
from dispatcher_app.client.replica.writer import News
from dispatcher_app.client.schedule import Sheet, anew, sheet
from dispatcher_app.client.state import (
    Accepted,
    Changed,
    Conflict,
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
    Submission,
    Taken,
    ToldNotice,
    Undoable,
    Unsent,
    Upload,
)
from dispatcher_app.client.sync import Locate, Sync
from dispatcher_app.client.upload import Uploads
from dispatcher_app.clock import new_id
from dispatcher_app.domain.act import Actor, Change, Rejected
from dispatcher_app.domain.command import Absence, BookedLine
from dispatcher_app.domain.customer import Address, Compound, Note
from dispatcher_app.domain.day import Day
from dispatcher_app.domain.entity import E
from dispatcher_app.domain.order import Order, Urgency
from dispatcher_app.domain.place import Point
from dispatcher_app.domain.region import Policy, Region, Staff
from dispatcher_app.domain.talk import Attachment, Message, Purpose, Review
from dispatcher_app.domain.technician import Technician
from dispatcher_app.planning.capacity import Capacity, Slot
from dispatcher_app.planning.ghost import Dragged
from dispatcher_app.planning.handful import Handful
from dispatcher_app.planning.proposal import PlanRun
from dispatcher_app.planning.rank import Ranking
from dispatcher_app.planning.windows import Offered
from dispatcher_app.rows import OrderRow

__all__ = [
    "VIEWS", "Accepted", "Changed", "Conflict", "Effect", "HistoryEntry", "KnownCaller", "Link", "Offline", "OrderQuery",
    "Outcome", "Parked", "ParkedAct", "Position", "Refused", "Session", "SortKey", "Submission", "Taken",
    "ToldNotice", "Undoable", "Unsent", "Upload", "View", "open_session",
]  # fmt: skip


T = TypeVar("T")
P = ParamSpec("P")
RESTART_S = 5.0


async def open_session(
    folder: Path, staff: Staff, key: bytes, locate: Locate, token: str | None, *, seat: str = "A1",
    ended: Callable[[], None] | None = None,
) -> Session:  # fmt: skip
    """A session on what the folder holds; it connects by itself. `key` opens the outbox, `ended` is told on close."""
    parts = await open_parts(folder, staff.id, key)
    session = Session(parts, staff, seat, ended)
    await session.start(locate, token)
    return session


class Session:
    """Everything that the screens know of the world. Called in the loop's thread only."""

    def __init__(self, parts: Parts, staff: Staff, seat: str, ended: Callable[[], None] | None) -> None:
        self._parts, self.staff, self._ended = parts, staff, ended
        self.positions: dict[str, Position] = {}
        self._worker, self._writer, self._reader = parts.worker, parts.writer, parts.reader
        self._lookup = parts.lookup
        self._clock = DeskClock()
        self._bulletin = Bulletin(Link("connecting", self._clock.now()))
        self._outbox = Outbox(parts.box, parts.saver, parts.entries, staff.id)
        self._pending: frozenset[Key] = frozenset()
        self._api: Api | None = None
        self._sync: Sync | None = None
        self._tasks: dict[str, asyncio.Task[None]] = {}
        self._restarts: dict[str, asyncio.TimerHandle] = {}
        self._drafts = Drafts(parts, staff.id, lambda: self._bulletin.tell_link(reason="disk_full"))
        self._gate = Gate(
            actor=self.actor, region=self.region_id, seat=seat, counter=parts.counter, folder=parts.folder,
            lookup=self._lookup, outbox=self._outbox, worker=self._worker, writer=self._writer, clock=self._clock,
            bulletin=self._bulletin, on_news=self.on_news, on_fault=self.on_fault,
        )  # fmt: skip
        self._album = Album(parts.folder / "pictures")
        self._uploads = Uploads(
            parts.folder / "uploads", staff.id, ready=lambda order: not self.is_pending("order", order),
            tell=self._on_upload, now=self.now, logged_out=self._on_logged_out,
        )  # fmt: skip
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

    @property
    def actor(self) -> Actor:
        """Who acts here."""
        roles, regions = frozenset(self.staff.roles), frozenset(self.staff.regions)
        return Actor(kind="staff", id=self.staff.id, roles=roles, regions=regions)

    @property
    def region_id(self) -> str:
        """The region that new orders belong to."""
        return self.staff.regions[0] if self.staff.regions else ""

    @property
    def region(self) -> Region | None:
        """The same region with its districts, None until it has been read for the first time."""
        return self.get(Region, self.region_id)

    @property
    def link(self) -> Link:
        """How the connection stands."""
        return self._bulletin.link

    @property
    def timezone(self) -> str:
        """The time zone of the region."""
        region = self.region
        return region.timezone if region else "Asia/Shanghai"

    def now(self) -> int:
        """The present moment by the server's clock, UTC ms."""
        return self._clock.now()

    def subscribe(
        self, *, changed: Callable[[Changed], Any] | None = None, link: Callable[[Link], Any] | None = None,
        conflict: Callable[[Conflict], Any] | None = None,
        positions: Callable[[Mapping[str, Position]], Any] | None = None,
        uploads: Callable[[Upload], Any] | None = None,
    ) -> Callable[[], None]:  # fmt: skip
        """Hear of changes from now on; the answer is how to stop."""
        return self._bulletin.subscribe(Listener(changed, link, conflict, positions, uploads))

    def reconnect(self) -> None:
        """Try to connect now."""
        if self._sync is not None:
            self._sync.hurry()

    def renew(self, token: str) -> None:
        """Logged in again as the same person: go on where the outbox stopped."""
        if self._sync is not None:
            self._sync.renew(token)

    # reading one thing

    def get(self, type_: type[E], id: str) -> E | None:
        """The entity as it stands, what is pending included; under 1 ms."""
        return self._lookup.get(type_, id)

    def all(self, type_: type[E]) -> list[E]:
        """All of a small kind: category, item, region, staff, policy, technician."""
        return self._lookup.all(type_)

    def is_pending(self, kind: str, id: str) -> bool:
        """Whether it has a change that the server has not answered."""
        return (kind, id) in self._pending or self._lookup.is_fresh((kind, id))

    def order_row(self, id: str) -> OrderRow | None:
        """An order's narrow row."""
        return self._lookup.order_row(id)

    def addresses_of(self, customer: str) -> list[Address]:
        """The homes of a customer."""
        return self._lookup.children(Address, customer)

    # doing

    def submit(self, command: Any, *, undoes: str | None = None, batch: str | None = None) -> Submission:
        """Do it: decided and shown at once, saved, sent; raises Rejected, and then nothing has happened."""
        return self._gate.submit(command, undoes=undoes, batch=batch)

    def preview(self, command: Any) -> Change | None:
        """What doing it now would change, with nothing done; raises Rejected, None where only the server can say."""
        return self._gate.preview(command)

    def undo_last(self) -> Submission:
        """Take back the last thing done here; raises Rejected("nothing_to_undo")."""
        return self._gate.undo_last()

    def undoable(self) -> Undoable | None:
        """What `undo_last` would take back."""
        return self._gate.undo.undoable()

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

    async def picture(self, attachment: str | Attachment, what: What = "view", reason: str = "") -> Path:
        """A photo or video as a file on this computer, for an original with a reason; raises Offline, Rejected.

        One that this desk holds no more is given itself instead of its id.
        """
        id, given = (attachment, None) if isinstance(attachment, str) else (attachment.id, attachment)
        found = self.get(Attachment, id) or given
        if found is None:
            raise Rejected("not_found", "id", kind="attachment", id=id)
        return await self._album.picture(self._api, found, what, reason)

    async def portrait(self, technician: str) -> Path | None:
        """A technician's picture as a file on this computer, None where he has none; raises Offline, Rejected."""
        found = self.get(Technician, technician)
        if found is None or found.portrait is None:
            return None
        return await self._album.portrait(self._api, found.id, found.portrait)

    async def send_portrait(self, technician: str, path: Path) -> None:
        """Another picture of a technician, sent at once; raises Offline, Rejected."""
        await send_portrait(self._api, technician, path)

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

    # asking the replica

    async def _ask(self, job: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """The replica's answer; a damaged one is begun anew and answers what it then holds."""
        try:
            return await self._worker.run(job, *args, **kwargs)
        except self._writer.faults as error:
            await self._mend(error)
            return await self._worker.run(job, *args, **kwargs)

    async def _mend(self, error: Exception) -> None:
        self._bulletin.tell_link(reason=await self.on_fault(error))
        if self._sync is not None:
            self._sync.restart()

    async def order_keys(self, query: OrderQuery) -> list[tuple[SortKey, str]]:
        """The whole sorted key list of a view."""
        return await self._ask(self._reader.order_keys, query, self.now(), self.timezone)

    async def order_keys_of(self, query: OrderQuery, ids: Iterable[str]) -> dict[str, SortKey]:
        """The sort keys of those of these orders that the view shows."""
        return await self._ask(self._reader.order_keys_of, query, list(ids), self.now(), self.timezone)

    async def order_rows(self, ids: Sequence[str]) -> dict[str, OrderRow]:
        """The narrow rows of these orders."""
        return await self._ask(self._reader.order_rows, list(ids))

    async def view_counts(self, queries: Mapping[str, OrderQuery]) -> dict[str, int]:
        """How many orders each query shows."""
        return await self._ask(self._reader.view_counts, dict(queries), self.now(), self.timezone)

    async def orders_of_customer(self, customer: str) -> list[OrderRow]:
        """A customer's orders, the newest first."""
        return await self._ask(self._reader.orders_of_customer, customer)

    async def notes_of(self, order: str) -> list[Note]:
        """An order's notes, the oldest first."""
        notes = await self._ask(self._reader.children, Note, [order])
        return sorted(notes, key=lambda note: (note.at, note.id))

    async def messages_of(self, order: str) -> list[Message]:
        """What was said about an order, the oldest first."""
        said = await self._ask(self._reader.children, Message, [order])
        return sorted(said, key=lambda each: (each.at, each.id))

    async def attachments_of(self, order: str) -> list[Attachment]:
        """An order's photos and videos, the oldest first, without those that were taken away."""
        kept = await self._ask(self._reader.children, Attachment, [order])
        return sorted((each for each in kept if each.removed is None), key=lambda each: (each.at, each.id))

    def review_of(self, order: str) -> Review | None:
        """The customer's judgement of an order."""
        return self._lookup.get(Review, order)

    async def compounds(self, text: str, limit: int = 20) -> list[Compound]:
        """Compounds by a part of their name or its initials."""
        return await self._ask(self._reader.compounds, text, limit)

    async def day_stops(self, date: str) -> list[Day]:
        """All plans of a local date."""
        return await self._ask(self._reader.children, Day, [date])

    async def schedule(self, dates: Sequence[str]) -> Sheet:
        """The plans of some local dates and a few words about their orders, and about those that nobody goes to."""
        return await self._ask(sheet, self._reader, list(dates), self.timezone)

    async def schedule_anew(self, days: Iterable[str], orders: Iterable[str]) -> Sheet:
        """The same for these plans and orders alone, by their ids."""
        return await self._ask(anew, self._reader, list(days), list(orders))

    async def availability(self, slots: Sequence[Slot]) -> Capacity:
        """How much working time there is in these slots, how much of it is taken, how many visits more would fit."""
        return await self._ask(availability, self._reader, self.region_id, list(slots), self.now())

    # asking the server, the replica where there is none

    async def customers_by_phone(self, phone: str) -> list[KnownCaller]:
        """Who may be calling: sure from the server, likely from the replica; raises Rejected for what is no number."""
        try:
            found = await question.callers(self._api, phone)
        except Offline:
            return await self._ask(question.likely_callers, self._reader, phone)
        return question.known(found, self.get(Policy, "policy") or Policy(), self.timezone)

    async def rank(self, order: str, date: str | None = None) -> Ranking:
        """Ranked technicians for an order, the excluded ones with their reasons."""
        with contextlib.suppress(Offline):
            # A result that the server has not seen yet can't be ranked there.
            if not self.is_pending("order", order):
                found: Ranking = await question.asked(
                    self._api, "GET", "/rank", Ranking, order=order, date=date
                )
                return found
        return await self._ask(question.rank, self._reader, order, date, dict(self.positions), self.now())

    async def drag(self, order: str, dates: Sequence[str] = ()) -> Dragged:
        """A visit in the hand; `planning.ghost.ghost` says of it what dropping it somewhere would do."""
        return await self._ask(drag, self._reader, order, tuple(dates), dict(self.positions), self.now())

    async def handful(self, orders: Sequence[str], dates: Sequence[str] = ()) -> Handful:
        """Several visits in the hand; `planning.handful.ghosts` says what comes of their places; raises Rejected."""
        return await self._ask(
            handful, self._reader, tuple(orders), tuple(dates), dict(self.positions), self.now()
        )

    async def windows(
        self, lines: Sequence[BookedLine], district: str, point: Point, urgency: Urgency, order: str = ""
    ) -> Offered:
        """The windows that can honestly be promised."""
        wanted = question.Wanted(self.region_id, tuple(lines), district, point, urgency, order)
        with contextlib.suppress(Offline):
            found: Offered = await question.asked(self._api, "POST", "/windows", Offered, wanted)
            return found
        return await self._ask(question.windows, self._reader, wanted, dict(self.positions), self.now())

    async def history(self, kind: str, id: str) -> list[HistoryEntry]:
        """Every change of an entity; raises Offline."""
        return await question.history(self._api, kind, id)

    async def reveal(self, kind: str, id: str, field: str, reason: str) -> str:
        """A secret, for a reason that is recorded; raises Offline, Rejected."""
        return await question.reveal(self._api, kind, id, field, reason)

    async def taken(self, attachment: str) -> Taken:
        """Where, when and with what a photo was taken, for supervisors; raises Offline, Rejected."""
        return await question.taken(self._api, attachment)

    async def link_of(self, order: str) -> str:
        """Where a customer follows an order, answering nothing; "" where there is no page; raises Offline, Rejected."""
        return await question.link_of(self._api, order)

    async def notices_of(self, order: str) -> list[ToldNotice]:
        """What customer and technicians were told about an order, the oldest first; raises Offline."""
        return await question.notices(self._api, order)

    async def effect_of(self, book: str) -> Effect:
        """What the last 90 days' orders would come to by a price book as the server has it; raises Offline, Rejected."""
        return await question.effect(self._api, book)

    async def send_notice_again(self, notice: str) -> ToldNotice:
        """A notice once more, as it would be worded now; raises Offline, Rejected where it is overtaken."""
        return await question.notice_again(self._api, notice, new_id())

    async def begin_plan(
        self, *, date: str = "", seconds: float = 30.0, dispatched: bool = False, absence: Absence | None = None
    ) -> PlanRun:
        """Have a date's plan (A5), or ways to go on without a technician (X6), searched; raises Offline, Rejected."""
        sought = search.Sought(
            region=self.region_id, date=date, seconds=seconds, dispatched=dispatched, absence=absence
        )
        return await search.begin(self._api, sought)

    async def plan_run(self, id: str) -> PlanRun:
        """How far a search is, and what it has found; raises Offline, Rejected."""
        return await search.told(self._api, id)

    async def stop_plan(self, id: str) -> None:
        """The best that a search has found will do; raises Offline, Rejected."""
        await search.stop(self._api, id)

    async def search_server(self, text: str) -> list[OrderRow]:
        """Orders beyond what the desk holds; raises Offline."""
        return await question.search(self._api, text)

    async def old_order(self, row: OrderRow) -> Order:
        """One of them whole, with its steps; raises Offline, Rejected."""
        return await question.old_order(self._api, row)

    async def old_attachments(self, order: str) -> list[Attachment]:
        """What was photographed of one of them, the oldest first; raises Offline, Rejected."""
        return await question.attachments(self._api, order)

    async def import_orders(self, packed: bytes) -> list[bulk.Result]:
        """Take over many orders (`bulk.packed`) in one request; raises Offline, Rejected, bulk.TooMany."""
        return await bulk.send(self._api, packed)

    # what the sync tells

    def on_state(self, state: LinkState, reason: str) -> None:
        """The connection stands otherwise."""
        since = self.link.since if state == self.link.state else self.now()
        self._bulletin.tell_link(state=state, since=since, reason=reason)

    def on_connection(self, api: Api | None) -> None:
        """There is a connection to send through, or none."""
        self._api = api
        self._outbox.connect(api)
        self._uploads.connect(api)

    def on_news(self, news: News) -> None:
        """The replica has changed."""
        flipped = self._pending ^ news.pending
        self._pending = news.pending
        if news.visible:
            self._gate.on_visible()
        self._lookup.forget(news.changed, everything=news.everything)
        self._uploads.on_news()
        self._bulletin.tell_changed(news.changed | flipped, everything=news.everything)
        if (news.everything or ("staff", self.staff.id) in news.changed) and self._sync is not None:
            stands = self.get(Staff, self.staff.id)
            if stands is not None and sees(stands) != sees(self.staff):
                self._sync.restart()

    def on_positions(self, positions: Mapping[str, Position]) -> None:
        """Technicians have moved."""
        self.positions.update(positions)
        self._bulletin.tell_positions(positions)

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
        for restart in self._restarts.values():
            restart.cancel()
        for task in self._tasks.values():
            task.cancel()
        await asyncio.gather(*self._tasks.values(), return_exceptions=True)
        # What is just being saved is shown before the replica closes, or it would look damaged.
        await self._parts.saver.run(bool)
        await self._gate.settle()
        await self._drafts.settle()
        await self._uploads.settle()
        await self._album.close(wipe=wipe)
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


def sees(staff: Staff) -> tuple[frozenset[str], frozenset[str]]:
    """What decides which entities a person may see."""
    return frozenset(staff.roles), frozenset(staff.regions)
