"""Writing the replica: entities, the narrow rows derived from them, and how far each log has been read."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeAlias

from dispatcher_app import codec, rows
from dispatcher_app.client.replica import schema
from dispatcher_app.domain.calendar import DAY_MS, local_date
from dispatcher_app.domain.customer import Address, Compound, Customer, Note
from dispatcher_app.domain.day import Day
from dispatcher_app.domain.entity import Entity
from dispatcher_app.domain.money.complaint import Complaint, ComplaintNote
from dispatcher_app.domain.money.payment import Payment
from dispatcher_app.domain.money.refund import Refund
from dispatcher_app.domain.order import Order
from dispatcher_app.domain.region import Policy, Region
from dispatcher_app.domain.talk import Attachment, Message
from dispatcher_app.pinyin import initials

Key: TypeAlias = tuple[str, str]
"""The kind and the id of an entity."""

KEPT_DAYS = 37
"""A week longer than the server's working set, so that nothing goes and comes again."""

_INSERT_ROW = f"INSERT OR REPLACE INTO order_row VALUES ({', '.join('?' * len(rows.COLUMNS))})"


class Store:
    """The replica's file as one thread writes it. A transaction is open from `begin` to `commit`."""

    def __init__(self, path: Path, user: str) -> None:
        self.path = path
        self.user = user
        opened = schema.open_replica(path, user)
        self.db: Any = opened.db
        self.fresh = opened.fresh
        self.changed: set[Key] = set()
        self._rows: set[str] = set()
        self._compounds: set[str] = set()
        self._policy: Policy | None = None
        self._zones: dict[str, str] = {}
        with self.writing():
            self.db.execute("DELETE FROM meta WHERE key = 'closed'")

    @contextmanager
    def writing(self) -> Iterator[None]:
        """A transaction; the one already open where there is one."""
        if self.db.in_transaction:
            yield
            return
        self.db.execute("BEGIN IMMEDIATE")
        try:
            yield
            self.settle()
            self.db.execute("COMMIT")
        except BaseException:
            self.undo()
            raise

    def undo(self) -> None:
        """Forget what the open transaction has done."""
        if self.db.in_transaction:
            self.db.execute("ROLLBACK")
        self._rows.clear()
        self._compounds.clear()
        self._policy = None
        self._zones.clear()

    def taken(self) -> frozenset[Key]:
        """What has changed since this was last asked."""
        changed, self.changed = frozenset(self.changed), set()
        return changed

    def meta(self, key: str) -> str | None:
        """A remembered word about the replica itself."""
        found = self.db.execute("SELECT value FROM meta WHERE key = ?", (key,)).fetchone()
        return found[0] if found else None

    def remember(self, key: str, value: str) -> None:
        """Remember a word about the replica itself."""
        self.db.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", (key, value))

    def cursors(self) -> dict[str, int]:
        """How far each log has been read."""
        return dict(self.db.execute("SELECT log, seq FROM cursor"))

    def read_to(self, log: str, seq: int) -> None:
        """The log has been read up to and with that place."""
        self.db.execute("INSERT OR REPLACE INTO cursor VALUES (?, ?)", (log, seq))

    def clear(self) -> None:
        """Empty every table of content; the pending results are played again by whoever keeps them."""
        for table in ("entity", "base", "order_row", "compound_row", "cursor"):
            self.db.execute(f"DELETE FROM {table}")
        self._policy = None
        self._zones.clear()

    def version(self, key: Key) -> int:
        """The version of an entity as it stands, 0 where there is none."""
        found = self.db.execute("SELECT version FROM entity WHERE kind = ? AND id = ?", key).fetchone()
        return found[0] if found else 0

    def get(self, kind: str, id: str) -> Entity | None:
        """The entity as it stands, pending results included."""
        found = self.db.execute("SELECT body FROM entity WHERE kind = ? AND id = ?", (kind, id)).fetchone()
        return codec.entity(kind, found[0]) if found else None

    def put(self, key: Key, region: str, version: int, seq: int, body: bytes) -> None:
        """The entity as it is now; the rows that show it are made anew before the commit."""
        kind, id = key
        parent = self._follow(key, body)
        self.db.execute(
            "INSERT INTO entity VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (kind, id) DO UPDATE SET"
            " region = excluded.region, version = excluded.version, seq = excluded.seq,"
            " parent = excluded.parent, body = excluded.body",
            (kind, id, region, version, seq, parent, body),
        )
        self.changed.add(key)

    def drop(self, key: Key) -> None:
        """The entity is not there (a pending result that never came true)."""
        self._follow(key, None)
        self.db.execute("DELETE FROM entity WHERE kind = ? AND id = ?", key)
        self.changed.add(key)

    def prune(self, now: int) -> None:
        """Let go of orders closed long ago, what was said and shown of them, and of old plans; the server keeps it."""
        oldest = now - KEPT_DAYS * DAY_MS
        found = self.db.execute(
            "SELECT id FROM order_row WHERE closed = 1 AND closed_at < ? AND complaint IS NULL AND refunding = ''"
            " AND id NOT IN (SELECT id FROM base WHERE kind = 'order')",
            (oldest,),
        ).fetchall()
        for (id,) in found:
            self.drop(("order", id))
            self.db.execute(
                "DELETE FROM entity WHERE kind IN"
                " ('note', 'message', 'attachment', 'complaint', 'complaint_note', 'refund')"
                " AND parent = ?", (id,)
            )
            self.db.execute("DELETE FROM entity WHERE kind = 'review' AND id = ?", (id,))
        self.db.execute(
            "DELETE FROM entity WHERE kind = 'day' AND parent < ? AND id NOT IN"
            " (SELECT id FROM base WHERE kind = 'day')",
            (local_date(oldest, "UTC"),),
        )

    def _follow(self, key: Key, body: bytes | None) -> str | None:
        """Note which rows a change makes stale; answers what the entity is looked up by besides its id."""
        kind, id = key
        if kind == "order":
            self._rows.add(id)
            return None
        if kind in ("customer", "address"):
            found = self.db.execute(f"SELECT id FROM order_row WHERE {kind} = ?", (id,))
            self._rows.update(each[0] for each in found)
        elif kind == "compound":
            self._compounds.add(id)
        elif kind == "policy":
            self._policy = None
            found = self.db.execute("SELECT id FROM order_row WHERE closed = 0")
            self._rows.update(each[0] for each in found)
        elif kind == "region" and self._zones.pop(id, None) is not None:
            self._rows.update(each[0] for each in self.db.execute("SELECT id FROM order_row"))
        return None if body is None else parent_of(codec.entity(kind, body))

    def settle(self) -> None:
        """Make the stale rows anew, each once however often it was touched."""
        for id in self._compounds:
            self._show_compound(id)
        self._compounds.clear()
        # Row by row: the first fill makes 100,000 of them.
        for id in self._rows:
            if (made := self._row(id)) is not None:
                self.db.execute(_INSERT_ROW, made)
        self._rows.clear()

    def _row(self, id: str) -> tuple[Any, ...] | None:
        order = self.get("order", id)
        if not isinstance(order, Order):
            self.db.execute("DELETE FROM order_row WHERE id = ?", (id,))
            return None
        customer = self.get("customer", order.customer)
        address = self.get("address", order.address)
        made = rows.order_row(
            order,
            customer if isinstance(customer, Customer) else None,
            address if isinstance(address, Address) else None,
            self.policy(),
            self.timezone(order.region),
        )
        # A customer that changes brings his orders into view again.
        self.changed.add(("order", id))
        return tuple(getattr(made, name) for name in rows.COLUMNS)

    def _show_compound(self, id: str) -> None:
        found = self.get("compound", id)
        if not isinstance(found, Compound):
            self.db.execute("DELETE FROM compound_row WHERE id = ?", (id,))
            return
        search = f"{found.name} {initials(found.name)}".lower()
        self.db.execute("INSERT OR REPLACE INTO compound_row VALUES (?, ?, ?)", (id, found.name, search))

    def policy(self) -> Policy:
        """The figures in force."""
        if self._policy is None:
            found = self.get("policy", "policy")
            self._policy = found if isinstance(found, Policy) else Policy()
        return self._policy

    def timezone(self, region: str) -> str:
        """The time zone of a region."""
        if region not in self._zones:
            found = self.get("region", region)
            self._zones[region] = found.timezone if isinstance(found, Region) else "Asia/Shanghai"
        return self._zones[region]

    def close(self) -> None:
        """Write everything into the file and leave it ready for a quick start."""
        try:
            with self.writing():
                self.remember("closed", "1")
            self.db.execute("PRAGMA optimize")
        finally:
            self.db.close()


def parent_of(entity: Entity) -> str | None:
    """What an entity is looked up by besides its id: a note by its order, a plan by its date …"""
    if isinstance(entity, Note | Message | Attachment | Complaint | ComplaintNote | Refund | Payment):
        return entity.order
    if isinstance(entity, Address):
        return entity.customer
    if isinstance(entity, Day):
        return entity.date
    if isinstance(entity, Customer):
        return entity.phone_mask[-4:] or None
    return None

