"""The one writer of a node: acts wait in line, are decided one after the other, and committed together."""

from __future__ import annotations

import asyncio
import hashlib
import logging
import queue
import secrets
import threading
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, fields, is_dataclass, replace
from functools import cache
from typing import Any, TypeVar

from dispatcher_app import clock, codec
from dispatcher_app.domain.act import Act, Change, FreshCode, Rejected, Secret
from dispatcher_app.domain.command import name_of
from dispatcher_app.domain.decide import decide
from dispatcher_app.domain.entity import PLATFORM, Entity, changed
from dispatcher_app.domain.order import Order
from dispatcher_app.domain.region import Region
from dispatcher_app.server.recent import Recent
from dispatcher_app.server.reversal import check
from dispatcher_app.server.store import ledger, record
from dispatcher_app.server.store.database import Cursor, Database, Unavailable
from dispatcher_app.server.vault import Vault
from dispatcher_app.server.world import Transaction

log = logging.getLogger(__name__)

T = TypeVar("T")

BATCH = 64
"""Acts committed together at most: one flush to the disk for all of them."""

QUEUE_LIMIT = 4096
"""Acts that may wait; more are told to come again."""

ID_LIMIT = 400
"""Characters of an id that a desk may choose: a compound's holds its region, district and name."""

BACK_DATING_MS = 30 * 86_400_000
"""How far back an act may say it happened: a desk that was cut off for a month."""


Answer = Future[Any] | asyncio.Future[Any]


@dataclass(frozen=True, slots=True)
class Waiting:
    """Acts that are saved together or not at all, or other work for the writer's cursor, and where its answer goes."""

    acts: tuple[Act, ...]
    work: Callable[[Cursor], object] | None
    answer: Answer
    one: bool = False


Publish = Callable[[Sequence[tuple[str, int, bytes]]], None]
"""Told after each commit: (log, number, the message as JSON) of every new act."""


class Executor:
    """Runs acts in batches on a thread of its own."""

    def __init__(
        self,
        database: Database,
        vault: Vault,
        publish: Publish,
        before_commit: Callable[[Cursor], None] | None = None,
    ) -> None:
        self.database = database
        self.vault = vault
        self.publish = publish
        self.before_commit = before_commit
        self._line: queue.Queue[Waiting | None] = queue.Queue(QUEUE_LIMIT)
        self._closed = False
        self._platform: tuple[int, dict[tuple[str, str], Entity | None]] = (-1, {})
        self._recent = Recent()
        self._thread = threading.Thread(target=self._run, name="executor", daemon=True)
        self._thread.start()

    def submit(self, act: Act) -> Future[codec.Reply]:
        """Put an act in line; the future gives a codec.Reply, or raises Rejected or Unavailable."""
        answer: Future[codec.Reply] = Future()
        self._enqueue(Waiting((act,), None, answer, one=True))
        return answer

    def submit_here(self, act: Act) -> asyncio.Future[codec.Reply]:
        """Put an act in line from the running loop; a whole batch is answered there in one go."""
        answer: asyncio.Future[codec.Reply] = asyncio.get_running_loop().create_future()
        self._enqueue(Waiting((act,), None, answer, one=True))
        return answer

    def submit_all(self, acts: Iterable[Act]) -> Future[list[codec.Reply | Rejected]]:
        """Put many acts in line as one: what is accepted of them is committed together, each with its own answer."""
        answer: Future[list[codec.Reply | Rejected]] = Future()
        self._enqueue(Waiting(tuple(acts), None, answer))
        return answer

    def run(self, work: Callable[[Cursor], T]) -> Future[T]:
        """Put other writing in line (positions, logins, access records), in a transaction of its own batch."""
        answer: Future[T] = Future()
        self._enqueue(Waiting((), work, answer))
        return answer

    def close(self, timeout_s: float = 5.0) -> None:
        """Finish what is in line, then stop; whoever comes later is told to come again."""
        self._closed = True
        self._line.put(None)
        self._thread.join(timeout_s)

    def _enqueue(self, waiting: Waiting) -> None:
        try:
            if self._closed:
                raise queue.Full
            self._line.put_nowait(waiting)
        except queue.Full:
            waiting.answer.set_exception(Unavailable("too many acts are waiting, or the server stops"))

    def _run(self) -> None:
        while (first := self._line.get()) is not None:
            batch: list[Waiting] = [first]
            last = False
            while len(batch) < BATCH:
                try:
                    following = self._line.get_nowait()
                except queue.Empty:
                    break
                if following is None:
                    last = True
                    break
                batch.append(following)
            self._commit([each for each in batch if begun(each.answer)])
            if last:
                break
        while not self._line.empty():
            if (late := self._line.get_nowait()) is not None and begun(late.answer):
                settle([(late.answer, Unavailable("the server stops"))])

    def _commit(self, batch: list[Waiting], *, asking: bool = False) -> None:
        answers: list[tuple[Answer, Any]] = []
        messages: list[tuple[str, int, bytes]] = []
        try:
            with self.database.writing() as cursor:
                world = self._decide_all(cursor, batch, answers, messages, asking=asking)
        except ledger.PostedAlready:
            # Somebody posts what was posted: each act is asked about it now, so that only that one is refused.
            self._commit(batch, asking=True)
            return
        except Unavailable as error:
            log.error("batch refused by the database", extra={"acts": len(batch), "error": str(error)})
            answers = [(waiting.answer, error) for waiting in batch]
        # A fault of ours: nothing of the batch is written, and only its own act pays for it.
        except Exception as error:  # noqa: BLE001
            if len(batch) > 1:
                for waiting in batch:
                    self._commit([waiting])
                return
            answers = [(batch[0].answer, error)]
        else:
            self._recent.committed(world.seen, world.heads)
            self.publish(messages)
        settle(answers)

    def _decide_all(
        self,
        cursor: Cursor,
        batch: list[Waiting],
        answers: list[tuple[Answer, Any]],
        messages: list[tuple[str, int, bytes]],
        *,
        asking: bool,
    ) -> Transaction:
        acts = [act for waiting in batch for act in waiting.acts]
        logs = {act.region for act in acts}
        heads = record.heads(cursor, logs, lock=True) if logs else {}
        self._recent.begin(heads)
        platform = record.heads(cursor, [PLATFORM])[PLATFORM]
        if self._platform[0] != platform:
            self._platform = (platform, {})
        world = Transaction(
            cursor, self._platform[1], heads, self.vault, asks_ledger=asking, recent=self._recent
        )
        former = record.known_acts(cursor, [act.id for act in acts])
        known: dict[str, tuple[str, codec.Reply]] = {}
        for waiting in batch:
            if waiting.work is not None:
                answers.append((waiting.answer, waiting.work(cursor)))
                continue
            results: list[codec.Reply | Rejected] = []
            for act in waiting.acts:
                try:
                    reply = self._one(world, act, known, former.get(act.id))
                except Rejected as rejected:
                    world.forget()
                    results.append(rejected)
                    continue
                results.append(reply)
                if not reply.repeated:
                    messages.append((reply.message.log, reply.message.seq, codec.encode(reply.message)))
            answers.append((waiting.answer, results[0] if waiting.one else results))
        world.writes.flush(cursor)
        if self.before_commit is not None and messages:
            self.before_commit(cursor)
        if PLATFORM in logs:
            self._platform = (-1, {})
        return world

    def _one(
        self,
        world: Transaction,
        act: Act,
        known: dict[str, tuple[str, codec.Reply]],
        found: record.Known | None,
    ) -> codec.Reply:
        now = clock.now_ms()
        if not now - BACK_DATING_MS <= act.at <= now:
            act = replace(act, at=max(min(act.at, now), now - BACK_DATING_MS))
        plain = fingerprint(act)
        # What was sent may hold the number of a card or a telephone: without the key nobody can try them all.
        print_ = self.vault.blind("act", "fingerprint", plain)
        away = act.actor.kind == "staff" and act.region not in (PLATFORM, *act.actor.regions)
        if act.id in known:
            former, reply = known[act.id]
            if former != print_:
                raise Rejected("act_id_reused")
            return codec.Reply(reply.message, reply.undo, reply.warnings, repeated=True)
        if found is not None:
            # Acts of former versions were kept without the key.
            if found.fingerprint not in (print_, plain):
                raise Rejected("act_id_reused")
            return self._again(world.cursor, act, found, away)
        if act.region not in world.heads:
            raise Rejected("not_found", "region", kind="region", id=act.region)
        if away:
            raise Rejected("other_region", "region", region=act.region)
        check(world, act)
        change = decide(world, act, now)
        reply = self._save(world, act, change, now, print_)
        known[act.id] = (print_, reply)
        return reply

    def _again(self, cursor: Cursor, act: Act, found: record.Known, away: bool) -> codec.Reply:
        """What was done is done; who has left the region since is told so, and nothing else about it."""
        changes = [] if away else record.changes_now(cursor, found.log, found.seq)
        message = codec.Message(
            log=found.log, seq=found.seq, at=found.at, actor=found.actor, act=act.id, command=found.command,
            changes=changes, undoes=found.undoes,
        )  # fmt: skip
        return codec.Reply(message, None if away else found.undo, repeated=True)

    def _save(self, world: Transaction, act: Act, change: Change, now: int, print_: str) -> codec.Reply:
        seq = world.heads[act.region] + 1
        writes = world.writes
        for posting in change.postings:
            if world.has_posted(posting.id):
                raise Rejected("posted_already", None, posting=posting.id)
        changes = []
        for entity in change.after:
            if entity.version == 0 and not (1 <= len(entity.id) <= ID_LIMIT and entity.id.isprintable()):
                raise Rejected("invalid", entity.kind, detail=f"id: 1 to {ID_LIMIT} printable characters")
        for entity in change.after:
            made = changed(entity, version=entity.version + 1)
            world.keep(made)
            changes.append(writes.put(made, seq))
            if isinstance(made, Region) and new_log(world.cursor, made.id):
                world.heads[made.id] = 0
        for entity in change.after:
            self._row(world, entity)
        for secret in (*change.secrets, *map(drawn, change.codes)):
            sealed = self.vault.seal(secret.kind, secret.id, secret.field, secret.value)
            blind = self.vault.blind(secret.kind, secret.field, secret.value)
            writes.secrets.append((secret.kind, secret.id, secret.field, act.region, sealed, blind))
        for posting in change.postings:
            writes.ledger.post(posting, act.region, seq, act.at, act.id)
        undo = codec.named(change.undo) if change.undo is not None else None
        command = name_of(act.command)
        writes.acts.append((
            act.id, act.region, seq, act.at, now, act.actor.name, command, print_, act.undoes, act.batch,
            undo.name if undo else None, bytes(undo.body).decode() if undo else None,
        ))  # fmt: skip
        world.advance(act.region, seq)
        message = codec.Message(
            log=act.region, seq=seq, at=act.at, actor=act.actor.name, act=act.id, command=command, changes=changes,
            undoes=act.undoes,
        )  # fmt: skip
        warnings = [{"code": each.code, "params": each.params} for each in change.warnings]
        return codec.Reply(message, undo, warnings)

    def _row(self, world: Transaction, entity: Entity) -> None:
        if isinstance(entity, Order):
            world.show(entity.id)
        elif entity.kind in ("customer", "address") and entity.version > 0:
            for order in record.orders_shown_by(world.cursor, entity.kind, entity.id):
                world.show(order)
            for row in list(world.writes.rows.values()):
                if getattr(row, entity.kind) == entity.id:
                    world.show(row.id)


def drawn(code: FreshCode) -> Secret:
    """A code drawn by lot, to be kept like any secret."""
    return Secret(code.kind, code.id, code.field, f"{secrets.randbelow(10**code.digits):0{code.digits}d}")


def begun(answer: Answer) -> bool:
    """Whether somebody still waits for the answer; from now on nobody can call the work off."""
    return isinstance(answer, asyncio.Future) or answer.set_running_or_notify_cancel()


def settle(answers: list[tuple[Answer, Any]]) -> None:
    """Give everybody their answer; those of one loop are woken together."""
    loops: dict[asyncio.AbstractEventLoop, list[tuple[asyncio.Future[Any], Any]]] = {}
    for answer, result in answers:
        if isinstance(answer, asyncio.Future):
            loops.setdefault(answer.get_loop(), []).append((answer, result))
        elif isinstance(result, Exception):
            answer.set_exception(result)
        else:
            answer.set_result(result)
    for loop, waiting in loops.items():
        if not loop.is_closed():
            loop.call_soon_threadsafe(settle_here, waiting)


def settle_here(waiting: list[tuple[asyncio.Future[Any], Any]]) -> None:
    """Answer those who have not gone meanwhile."""
    for answer, result in waiting:
        if answer.done():
            continue
        if isinstance(result, Exception):
            answer.set_exception(result)
        else:
            answer.set_result(result)


def fingerprint(act: Act) -> str:
    """What must be the same when an act is sent again: who, where, which command, with what."""
    body = (act.actor.name, act.region, name_of(act.command), act.undoes, essence(act.command))
    return hashlib.sha256(codec.encode(body)).hexdigest()


PLAIN = frozenset({str, int, float, bool, type(None)})


def essence(value: Any) -> Any:
    """A value without what is as it is by default, so that a field added later changes no fingerprint."""
    if type(value) in PLAIN:
        return value
    if isinstance(value, tuple):
        return [essence(each) for each in value]
    if (defaults := defaults_of(type(value))) is None:  # type: ignore[arg-type]
        return value
    return {
        name: essence(each)
        for name, default in defaults
        if (each := getattr(value, name)) is not default and each != default
    }


@cache
def defaults_of(type_: type) -> tuple[tuple[str, object], ...] | None:
    """The fields of a record with their defaults (MISSING where there is none); None for what is no record."""
    if not is_dataclass(type_):
        return None
    return tuple((each.name, each.default) for each in fields(type_))


def new_log(cursor: Cursor, region: str) -> bool:
    """A region's own log, begun when the region is saved first; whether it was begun now."""
    begin = "INSERT INTO log_head (log, seq) VALUES (?, 0) ON CONFLICT (log) DO NOTHING"
    return cursor.run(begin, (region,)) == 1
