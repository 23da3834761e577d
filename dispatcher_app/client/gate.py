"""The one way to change anything: decide here, keep, show, send; and what becomes of it."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import Awaitable, Callable, Coroutine, Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

import msgspec

from dispatcher_app import codec
from dispatcher_app.client.bulletin import Bulletin
from dispatcher_app.client.deskclock import DeskClock
from dispatcher_app.client.lookup import Lookup
from dispatcher_app.client.outbox.entry import ONLINE, PASSING, Entry, log_of
from dispatcher_app.client.outbox.send import Outbox
from dispatcher_app.client.replica.world import ReplicaWorld
from dispatcher_app.client.replica.writer import News, Writer
from dispatcher_app.client.state import (
    Accepted,
    Conflict,
    Outcome,
    Parked,
    ParkedAct,
    Refused,
    Reversed,
    Submission,
)
from dispatcher_app.client.takeover import on_top
from dispatcher_app.client.undo import Done, UndoStack, undo_of
from dispatcher_app.client.worker import Worker
from dispatcher_app.clock import new_id
from dispatcher_app.codec import Refusal
from dispatcher_app.domain.act import Act, Actor, Change, Missing, Rejected
from dispatcher_app.domain.command import BookOrder, PublishPlan, ReceiveDevice
from dispatcher_app.domain.customer import Customer
from dispatcher_app.domain.decide import decide
from dispatcher_app.domain.entity import changed
from dispatcher_app.domain.money.discrepancy import Discrepancy
from dispatcher_app.domain.money.payment import Payment
from dispatcher_app.domain.order import Order
from dispatcher_app.domain.technician import Technician

_ABOUT: Final = (
    (Order, "order"), (Customer, "customer"), (Technician, "technician"), (Payment, "payment"),
    (Discrepancy, "discrepancy"),
)  # fmt: skip
"""What a command names belongs to a log, and so does the command."""
CONFLICTS = frozenset({"changed_meanwhile", "edited_meanwhile"})
"""Refusals because of what somebody else did; they want a decision even where the person is still looking."""
MOVES_MOST = 300
"""So many moves of a plan are shown before the server has spoken."""
ROOM_BYTES = 1 << 20
"""With less room on the disk than this nothing new is accepted."""


class Gate:
    """What a person does goes through here."""

    def __init__(
        self, *, actor: Actor, region: str, seat: str, counter: int, folder: Path, lookup: Lookup, outbox: Outbox,
        worker: Worker, writer: Writer, clock: DeskClock, bulletin: Bulletin, on_news: Callable[[News], None],
        on_fault: Callable[[Exception], Awaitable[str]],
    ) -> None:  # fmt: skip
        self.actor, self.region, self._seat, self._counter = actor, region, seat, counter
        self._folder, self._lookup, self._outbox = folder, lookup, outbox
        self._worker, self._writer, self.clock = worker, writer, clock
        self._bulletin, self._on_news, self._on_fault = bulletin, on_news, on_fault
        self._flying: dict[str, Submission] = {}
        self._hidden: set[str] = set()
        self._tasks: set[asyncio.Task[None]] = set()
        self._showing: set[asyncio.Future[Any]] = set()
        self.undo = UndoStack()
        self.resting_besides: Callable[[], int] = lambda: 0
        self.on_unreversed: Callable[[], object] = lambda: None

    def submit(
        self, command: Any, *, undoes: str | None = None, batch: str | None = None, place: int | None = None,
        instead: str | None = None,
    ) -> Submission:  # fmt: skip
        """Decide at once and see to it that the server does; raises Rejected, and then nothing has happened."""
        if shutil.disk_usage(self._folder).free < ROOM_BYTES:
            raise Rejected("disk_full")
        if type(command) in ONLINE and self._bulletin.link.state != "online":
            raise Rejected("needs_server")
        settings: dict[str, str] = {}
        numbered = isinstance(command, BookOrder | ReceiveDevice)
        if numbered and command.temporary_number is None and self._needs_number():
            command = replace(command, temporary_number=f"{self._seat}-{self._counter + 1:03d}")
            settings = {"counter": str(self._counter + 1)}
        act = Act(
            id=new_id(), actor=self.actor, at=self.clock.act_time(), command=command,
            region=self._log(command), undoes=undoes, batch=batch,
        )  # fmt: skip
        # Looked through here, a plan of very many moves would hold the window up: what comes of it the server says.
        long = isinstance(command, PublishPlan) and len(command.moves) > MOVES_MOST
        change = None if long else self._decided(act)
        self._counter += bool(settings)
        named = codec.named(command)
        entry = Entry(
            place=self._outbox.next_place() if place is None else place, act=act.id, user=self.actor.id, at=act.at,
            region=act.region, name=named.name, body=bytes(named.body), undoes=undoes, batch=batch,
        )  # fmt: skip
        return self._accept(entry, act, change, settings, instead)

    def _accept(
        self, entry: Entry, act: Act, change: Change | None, settings: dict[str, str], instead: str | None
    ) -> Submission:
        if change is not None:
            self._lookup.put_fresh(act.id, stamped(change))
        loop = asyncio.get_running_loop()
        submission = Submission(
            act=act.id, command=act.command, undo=change.undo if change else None,
            warnings=change.warnings if change else (), previewed=change is not None,
            outcome=loop.create_future(), saved=self._outbox.add(entry, settings, instead),
        )  # fmt: skip
        self._flying[act.id] = submission
        if act.undoes is None and type(act.command) not in PASSING:
            self.undo.push(Done(act.id, act.batch, act.command, submission.undo, act.at))
        self._showing.add(submission.saved)
        submission.saved.add_done_callback(lambda saved: self._on_saved(entry.place, act, submission, saved))
        self.count()
        return submission

    def _needs_number(self) -> bool:
        """Whether the caller may have to be told a number before the server has given one."""
        return self._bulletin.link.state != "online" or self._outbox.busy

    def _log(self, command: Any) -> str:
        """The log of a command: that of what it is about, which never changes."""
        for type_, name in _ABOUT:
            id = getattr(command, name, None)
            if isinstance(id, str) and (found := self._lookup.entity(type_.kind, id)) is not None:
                return log_of(command, found.region)
        return log_of(command, self.region)

    def preview(self, command: Any) -> Change | None:
        """What doing it now would change; raises Rejected, None where only the server can say."""
        at = self.clock.act_time()
        act = Act(id=new_id(), actor=self.actor, at=at, command=command, region=self._log(command))
        return self._decided(act)

    def _decided(self, act: Act) -> Change | None:
        """The result as the replica has it, None where the replica lacks a fact; raises Rejected."""
        world = ReplicaWorld(self._lookup.entity, act.command, self._lookup.complete)
        try:
            return decide(world, act, self.clock.now())
        except Missing:
            return None

    def _on_saved(self, place: int, act: Act, submission: Submission, saved: asyncio.Future[None]) -> None:
        self._showing.discard(saved)
        if saved.cancelled():
            return  # the session has closed
        error = saved.exception()
        if error is None:
            self.count()
            shown = self._worker.run(self._writer.pend, place, act)
            self._showing.add(shown)
            shown.add_done_callback(lambda done: self._on_shown(act.id, done))
            return
        self._lookup.drop_fresh(act.id)
        self.undo.drop(act.id)
        self._finish(act.id, Refused(Refusal(error.code if isinstance(error, Rejected) else "not_saved")))
        self._bulletin.tell_link(reason="disk_full")
        self.count()

    def _on_shown(self, act: str, done: asyncio.Future[News]) -> None:
        self._showing.discard(done)
        self._hidden.add(act)
        if done.cancelled():
            return  # what is saved is shown at the next start
        error = done.exception()
        if error is None:
            self._on_news(done.result())
        elif isinstance(error, self._writer.faults):
            # A replica that can't be written shows less; the act itself is safe and goes its way.
            self.begin(self._mend(error))
        else:
            raise error

    def on_visible(self) -> None:
        """The replica shows everything written so far: nothing needs to be shown in advance."""
        for act in self._hidden:
            self._lookup.drop_fresh(act)
        self._hidden.clear()

    async def heard(self, entry: Entry, outcome: Outcome) -> None:
        """The server has spoken."""
        match outcome:
            case Accepted(reply):
                await self._write(self._writer.answered, entry.act, reply)
                self.undo.learn(entry.act, undo_of(reply.undo))
                await self._outbox.drop(entry.act)
            case Refused(refusal):
                self.undo.drop(entry.act)
                await self._write(self._writer.take_back, entry.act)
                if entry.undoes is not None:
                    self.on_unreversed()
                if (entry.queued or refusal.rejected in CONFLICTS) and not entry.fleeting:
                    await self._outbox.rest(entry, state="refused", reason=refusal.rejected, refusal=refusal)
                    self._bulletin.tell_conflict(conflict_of(entry, refusal))
                else:
                    await self._outbox.drop(entry.act)
            case Parked(reason):
                await self._outbox.rest(entry, state="parked", reason=reason)
        self._finish(entry.act, outcome)
        self.count()

    async def _write(self, job: Callable[..., News], *args: Any) -> None:
        """Bring it into the replica; a replica that can't be written catches up later, the answer counts all the same."""
        try:
            self._on_news(await self._worker.run(job, *args))
        except self._writer.faults as error:
            await self._mend(error)
        except msgspec.DecodeError:
            # What was done is done; its result comes with the next page that we can read.
            self._bulletin.tell_link(reason="answer_unreadable")

    async def _mend(self, error: Exception) -> None:
        self._bulletin.tell_link(reason=await self._on_fault(error))

    def _finish(self, act: str, outcome: Outcome) -> None:
        submission = self._flying.pop(act, None)
        if submission is not None and not submission.outcome.done():
            submission.outcome.set_result(outcome)

    def undo_last(self) -> Submission:
        """Take the last action back; raises Rejected where there is none or rules say no to all of it."""
        rows = self.reverse()
        made = [row.submission for row in rows if row.submission is not None]
        if not made:
            refused = rows[-1].refused
            assert refused is not None
            raise refused
        return made[-1]

    def reverse(self, *, redo: bool = False) -> list[Reversed]:
        """Take the last action back, or do the last one taken back again: what became of each act of it.

        Raises Rejected where there is none.
        """
        found = self.undo.last(redo=redo)
        if not found:
            raise Rejected("nothing_to_redo" if redo else "nothing_to_undo")
        return [self.reverse_one(done, redo=redo) for done in found]

    def reverse_one(self, done: Done, *, redo: bool) -> Reversed:
        """Take one act back, or do it again; it stands on the other pile then."""
        self.undo.drop(done.act)
        try:
            made = self.submit(done.undo, undoes=done.act, batch=done.batch)
        except Rejected as rejected:
            return Reversed(done.command, None, rejected)
        turned = Done(made.act, done.batch, done.command, made.undo, self.clock.act_time(), done.act)
        if redo:
            self.undo.did_again(turned)
        else:
            self.undo.took_back(turned)
        return Reversed(done.command, made)

    def resting(self) -> list[ParkedAct]:
        """The acts that want a decision."""
        return [parked_of(entry) for entry in self._outbox.own() if entry.state != "waiting"]

    def retry(self, act: str) -> None:
        """Send a resting act once more as it is."""
        entry = self._outbox.get(act)
        if entry is None or entry.reason == "unreadable":
            return
        self.begin(self._outbox.rest(entry, state="waiting", tries=0, reason="", refusal=None, queued=True))
        if entry.state == "refused":
            self.begin(self._write(self._writer.pend, entry.place, entry.as_act(self.actor)))

    def readable(self, entries: Iterable[Entry]) -> list[tuple[int, Act]]:
        """The acts that still count, for the replica; one that this version can't read is set aside, not lost."""
        found = []
        for entry in entries:
            try:
                act = entry.as_act(self.actor)
            except (Rejected, KeyError):
                self.begin(self._outbox.rest(entry, state="parked", reason="unreadable"))
                continue
            if entry.state != "refused":
                found.append((entry.place, act))
        return found

    def discard(self, act: str) -> None:
        """Give a resting act up: how the server has it, it stays."""
        self.begin(self._write(self._writer.take_back, act))
        self.begin(self._outbox.drop(act))

    def take_over(self, act: str) -> Submission:
        """The same command on top of how things stand, in the refused act's turn; raises Rejected."""
        entry = self._outbox.get(act)
        if entry is None:
            raise Rejected("not_found", None, kind="act", id=act)
        command = on_top(entry.command(), lambda type_, id: self._lookup.get(type_, id))
        return self.submit(command, undoes=entry.undoes, batch=entry.batch, place=entry.place, instead=act)

    def begin(self, work: Coroutine[Any, Any, None]) -> None:
        """Have something done that nobody waits for."""
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._on_done)

    def _on_done(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if not task.cancelled():
            task.result()
        self.count()

    async def settle(self) -> None:
        """Wait for what has been begun, acts on their way to the files included."""
        while self._tasks or self._showing:
            await asyncio.gather(*self._tasks, *self._showing, return_exceptions=True)

    def count(self) -> None:
        """Tell how many acts wait and how many want a decision."""
        own = self._outbox.own()
        self._bulletin.tell_link(
            waiting=sum(entry.state == "waiting" for entry in own),
            attention=sum(entry.state != "waiting" for entry in own) + self.resting_besides(),
            others_waiting=sum(1 for _ in self._outbox) - len(own),
            saving=self._outbox.saving,
        )


def stamped(change: Change) -> list[Any]:
    """The entities after an act with the versions they will have."""
    return [changed(each, version=each.version + 1) for each in change.after]


def conflict_of(entry: Entry, refusal: Refusal) -> Conflict:
    """The card of a refused act."""
    who, when = refusal.params.get("who"), refusal.params.get("when")
    return Conflict(
        act=entry.act, command=entry.command(), rejected=refusal, who=who if isinstance(who, str) else None,
        when=when if isinstance(when, int) else None, at=entry.at, queued=entry.queued,
    )  # fmt: skip


def parked_of(entry: Entry) -> ParkedAct:
    """A resting act as the screens show it."""
    try:
        command = entry.command() if entry.name else None
    except (Rejected, KeyError):
        command = None
    state = "refused" if entry.state == "refused" else "parked"
    return ParkedAct(entry.act, command, entry.name, entry.at, state, entry.reason, entry.refusal)  # type: ignore[arg-type]
