"""Everything that changes the replica, one transaction each: messages, pages, and what this desk does itself."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

import msgspec

from dispatcher_app import codec
from dispatcher_app.client import heap
from dispatcher_app.client.replica import schema
from dispatcher_app.client.replica.pending import Overlay, Pending
from dispatcher_app.client.replica.store import Key, Store
from dispatcher_app.domain.act import Act


class PageChange(msgspec.Struct, frozen=True):
    """One entity on a page of changes."""

    kind: str
    id: str
    version: int
    seq: int
    body: msgspec.Raw


class Page(msgspec.Struct, frozen=True):
    """What has changed in a log after a place, each entity once."""

    log: str
    log_id: str
    head: int
    upto: int
    more: bool
    changes: list[PageChange]


@dataclass(frozen=True, slots=True)
class News:
    """What a transaction has changed: keys, what is pending now, which acts were answered, logs with a gap.

    `doers` are those whose acts came by, `reversed` the acts that these take back.
    """

    changed: frozenset[Key] = frozenset()
    pending: frozenset[Key] = frozenset()
    answered: frozenset[str] = frozenset()
    gaps: frozenset[str] = frozenset()
    everything: bool = False
    visible: bool = True
    cursors: Mapping[str, int] = field(default_factory=dict)
    doers: frozenset[str] = frozenset()
    reversed: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Standing:
    """How far the replica is: which server's log it follows and up to where."""

    log_id: str
    cursors: dict[str, int]
    filled: bool
    fresh: str
    seen_at: int


class Interrupted(Exception):
    """The catch-up's transaction was broken off by something else that could not be written."""


class Writer:
    """The one who writes the replica; used by one thread."""

    faults = (schema.DATABASE_ERROR,)
    """What is raised when the file is damaged, gone or can't grow."""

    def __init__(self, path: Path, user: str) -> None:
        self.path, self.user = path, user
        self._store = Store(path, user)
        self._overlay = Overlay(self._store)
        self._anew = False

    def standing(self) -> Standing:
        """How far the replica is."""
        store = self._store
        seen = store.meta("seen_at")
        return Standing(
            log_id=store.meta("log_id") or "",
            cursors=store.cursors(),
            filled=store.meta("filled") is not None,
            fresh=store.fresh,
            seen_at=int(seen) if seen else 0,
        )

    def news(self, *, everything: bool = False, answered: Iterable[str] = (), gaps: Iterable[str] = ()) -> News:
        """What has become visible; no changes while a longer transaction is open."""
        visible = not self._store.db.in_transaction
        return News(
            changed=self._store.taken() if visible else frozenset(),
            visible=visible,
            pending=frozenset(self._overlay.based),
            answered=frozenset(answered),
            gaps=frozenset(gaps),
            everything=everything,
            cursors=self._store.cursors(),
        )

    @contextmanager
    def _writing(self) -> Iterator[None]:
        """A transaction with the pending results settled; where it fails, all of it is as before."""
        try:
            with self._store.writing():
                yield
                self._overlay.settle()
        except BaseException:
            self._store.undo()
            self._overlay = Overlay(self._store, self._overlay.acts)
            raise

    def load(self, acts: Iterable[tuple[int, Act]], now: int) -> News:
        """Begin with the acts that wait in the outbox, without what has grown too old for a desk."""
        with self._writing():
            self._store.prune(now)
            self._overlay.acts = {act.id: Pending(place, act) for place, act in sorted(acts, key=lambda each: each[0])}
            self._overlay.replay()
        return self.news()

    def pend(self, place: int, act: Act) -> News:
        """Show an act's result at once."""
        with self._writing():
            self._overlay.add(Pending(place, act))
        return self.news()

    def take_back(self, act: str) -> News:
        """Show the truth again: the act was refused or given up."""
        with self._writing():
            self._overlay.remove(act)
        return self.news()

    def answered(self, act: str, reply: codec.Reply) -> News:
        """The act's own reply. One that overtakes the acts of others waits for them, as half of theirs would show."""
        message, reading = reply.message, self._store.db.in_transaction
        with self._writing():
            after = message.seq - self._store.cursors().get(message.log, message.seq)
            if reading or after > 1 or (after == 1 and reply.repeated):
                if (pending := self._overlay.acts.get(act)) is not None:
                    pending.stands = (message.log, message.seq)
            else:
                if after == 1:
                    self._receive(message)
                    self._store.read_to(message.log, message.seq)
                self._overlay.remove(act)
        return self.news(answered=(act,))

    def messages(self, raw: Iterable[bytes], seen_at: int) -> News:
        """Messages of the stream in their order: known ones are dropped, one after a gap is left for a page."""
        answered, gaps = set[str](), set[str]()
        doers, taken_back = set[str](), set[str]()
        with self._writing():
            cursors = self._store.cursors()
            for each in raw:
                message = codec.decode(each, codec.Message)
                at = cursors.get(message.log, 0)
                if message.seq > at + 1:
                    gaps.add(message.log)
                elif message.seq == at + 1 and message.log not in gaps:
                    self._receive(message)
                    cursors[message.log] = message.seq
                    if message.act not in self._overlay.acts:
                        doers.add(message.actor)
                        taken_back |= {message.undoes} if message.undoes else set()
                    self._store.read_to(message.log, message.seq)
                    if message.act in self._overlay.acts:
                        self._overlay.remove(message.act)
                        answered.add(message.act)
            self._store.remember("seen_at", str(seen_at))
        news = self.news(answered=answered, gaps=gaps)
        return replace(news, doers=frozenset(doers), reversed=frozenset(taken_back))

    def _receive(self, message: codec.Message) -> None:
        for each in message.changes:
            self._overlay.receive(
                (each.kind, each.id), message.log, each.version, message.seq, bytes(each.body)
            )

    def begin(self, log_id: str) -> dict[str, int]:
        """Open the one transaction of a catch-up, from the beginning where the log is another; answers the cursors."""
        self._store.undo()
        self._store.db.execute("BEGIN IMMEDIATE")
        self._anew = self._store.meta("log_id") != log_id
        if self._anew:
            self._store.clear()
            self._overlay.forget()
            # What the former log has answered is in the new one or nowhere.
            self._overlay.reached({})
            self._store.remember("log_id", log_id)
            self._store.db.execute("DELETE FROM meta WHERE key = 'filled'")
        return self._store.cursors()

    def page(self, raw: bytes) -> Page:
        """Take a page of changes in; raises Interrupted."""
        self._catching_up()
        page = codec.decode(raw, Page)
        for each in page.changes:
            if each.kind in codec.KINDS:
                self._overlay.receive((each.kind, each.id), page.log, each.version, each.seq, bytes(each.body))
        self._store.read_to(page.log, page.upto)
        if self._anew:
            # Everything is read again anyway; nobody needs to be told of 100,000 single changes.
            self._store.taken()
        return page

    def end(self, seen_at: int) -> News:
        """The catch-up is complete and becomes visible as a whole; raises Interrupted."""
        self._catching_up()
        self._store.remember("seen_at", str(seen_at))
        self._overlay.reached(self._store.cursors())
        if self._store.meta("filled") is None:
            self._store.remember("filled", "1")
            self._overlay.replay()
        self._overlay.settle()
        self._store.settle()
        self._store.db.execute("COMMIT")
        anew, self._anew = self._anew, False
        if anew:
            self._store.taken()
            # Filling a replica takes what following it never needs again.
            self._store.db.execute("PRAGMA shrink_memory")
            heap.give_back()
        return self.news(everything=anew)

    def abandon(self) -> None:
        """Whatever broke off is as it was before; pending results are played again on what the file holds."""
        self._store.undo()
        self._anew = False
        self._overlay = Overlay(self._store, self._overlay.acts)
        with self._writing():
            self._overlay.replay()

    def _catching_up(self) -> None:
        if not self._store.db.in_transaction:
            raise Interrupted

    def reset(self, user: str) -> News:
        """Throw the replica away and begin an empty one."""
        acts = self._overlay.acts if user == self.user else {}
        self.user = user
        self._store.db.close()
        schema.remove(self.path)
        self._store = Store(self.path, user)
        self._overlay = Overlay(self._store, acts)
        return News(everything=True)

    def close(self, *, wipe: bool = False) -> None:
        """Close the file; with `wipe` nothing of it stays on this computer."""
        self._store.undo()
        if wipe:
            self._store.db.close()
            schema.remove(self.path)
        else:
            self._store.close()
