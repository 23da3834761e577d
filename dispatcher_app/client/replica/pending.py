"""What this desk has done and the server has not answered: shown at once, taken back where it did not come true.

Results of pending acts stand in the replica's own tables, so that every query reads one table. The server's
own body of each entity they touch is kept aside in `base`; whenever that changes, the acts are decided anew.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, cast

from dispatcher_app import codec
from dispatcher_app.client.replica.store import Key, Store
from dispatcher_app.client.replica.world import ReplicaWorld
from dispatcher_app.domain.act import Act, Missing, Rejected
from dispatcher_app.domain.decide import decide


@dataclass(slots=True)
class Pending:
    """An act on top of the log as read: what deciding it read and wrote, in the order of the outbox.

    One that is answered keeps its place (`stands`: log and number) until the log has been read that far.
    """

    place: int
    act: Act
    stands: tuple[str, int] | None = None
    reads: frozenset[Key] = frozenset()
    writes: frozenset[Key] = frozenset()


class Overlay:
    """The pending acts on top of what the server has said. Everything here happens within a transaction."""

    def __init__(self, store: Store, acts: dict[str, Pending] | None = None) -> None:
        self.store = store
        self.acts = acts or {}
        self.based: set[Key] = {
            (kind, id) for kind, id in store.db.execute("SELECT kind, id FROM base").fetchall()
        }
        self._moved: set[Key] = set()

    def receive(self, key: Key, region: str, version: int, seq: int, body: bytes) -> None:
        """What the server says about an entity; older than what is known counts for nothing."""
        if key not in self.based:
            if version > self.store.version(key):
                self.store.put(key, region, version, seq, body)
                self._moved.add(key)
            return
        written = self.store.db.execute(
            "UPDATE base SET region = ?, version = ?, seq = ?, body = ? WHERE kind = ? AND id = ? AND version < ?",
            (region, version, seq, body, *key, version),
        )
        if written.rowcount:
            self._moved.add(key)

    def add(self, pending: Pending) -> None:
        """Play one more act; one that comes before others (taken over) makes those be played again."""
        later = [each for each in self.acts.values() if each.place > pending.place]
        self.acts[pending.act.id] = pending
        if later:
            self.acts = {each.act.id: each for each in sorted(self.acts.values(), key=lambda each: each.place)}
            self.replay()
        else:
            self._play(pending)

    def remove(self, act: str) -> None:
        """The act has its answer (or none will come); what it showed goes unless the server has said the same."""
        found = self.acts.pop(act, None)
        if found is not None:
            self._moved |= found.writes

    def reached(self, cursors: Mapping[str, int]) -> None:
        """The logs have been read so far: answered acts up to there are part of them, those of other logs gone."""
        for each in list(self.acts.values()):
            if each.stands is not None:
                log, seq = each.stands
                if cursors.get(log, seq) >= seq:
                    self.remove(each.act.id)

    def settle(self) -> None:
        """Decide the acts anew that rest on what has moved."""
        moved, self._moved = self._moved, set()
        if not moved or not (self.acts or self.based):
            return
        concerned, touched = self._concerned(moved)
        self._restore(touched & self.based)
        for each in self.acts.values():
            if each.act.id in concerned:
                self._play(each)

    def replay(self) -> None:
        """Take every pending result back and play all acts again."""
        self._moved.clear()
        self._restore(set(self.based))
        for each in self.acts.values():
            self._play(each)

    def forget(self) -> None:
        """The replica is begun anew: nothing is kept aside any more."""
        self.based.clear()
        self._moved.clear()

    def _concerned(self, moved: set[Key]) -> tuple[set[str], set[Key]]:
        """The acts that read or write what has moved, or what such an act writes, and so on; and all they write."""
        touched, concerned = set(moved), set[str]()
        grown = True
        while grown:
            grown = False
            for each in self.acts.values():
                if each.act.id not in concerned and not touched.isdisjoint(each.reads | each.writes):
                    concerned.add(each.act.id)
                    touched |= each.writes
                    grown = True
        return concerned, touched

    def _restore(self, keys: Iterable[Key]) -> None:
        """Put the server's own word back and keep nothing aside."""
        for key in keys:
            region, version, seq, body = self.store.db.execute(
                "SELECT region, version, seq, body FROM base WHERE kind = ? AND id = ?", key
            ).fetchone()
            if body is None:
                self.store.drop(key)
            else:
                self.store.put(key, region, version, seq, body)
            self.store.db.execute("DELETE FROM base WHERE kind = ? AND id = ?", key)
            self.based.discard(key)

    def _play(self, pending: Pending) -> None:
        """Decide on the replica as it stands and show the result; a refusal shows nothing, the server will judge."""
        world = ReplicaWorld(self.store.get, pending.act.command, self.complete)
        try:
            after = decide(world, pending.act, pending.act.at).after
        except (Rejected, Missing):
            after = ()
        pending.reads = frozenset(world.read)
        pending.writes = frozenset((each.kind, each.id) for each in after)
        for each in after:
            key = (each.kind, each.id)
            if key not in self.based:
                self._keep_aside(key)
            shown = dataclasses.replace(cast(Any, each), version=each.version + 1)
            self.store.put(key, each.region, shown.version, 0, codec.encode(shown))

    def _keep_aside(self, key: Key) -> None:
        """Keep the server's own word aside."""
        kept = self.store.db.execute(
            "SELECT region, version, seq, body FROM entity WHERE kind = ? AND id = ?", key
        ).fetchone()
        self.store.db.execute("INSERT INTO base VALUES (?, ?, ?, ?, ?, ?)", (*key, *(kept or ("", 0, 0, None))))
        self.based.add(key)

    @property
    def complete(self) -> bool:
        """Whether the replica has been filled once, so that what is not in it does not exist."""
        return self.store.meta("filled") is not None

