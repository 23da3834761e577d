"""A day as it was: every version of what board, queue and map show, and the rows of any moment of it."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, cast

import msgspec

from dispatcher_app import codec, rows
from dispatcher_app.client.replica import ask, schema
from dispatcher_app.client.replica.ask import OrderQuery, SortKey
from dispatcher_app.client.replica.reader import Reader, keys_of_text
from dispatcher_app.client.replica.store import Key, parent_of
from dispatcher_app.client.state import Position
from dispatcher_app.domain.calendar import HOUR_MS
from dispatcher_app.domain.customer import Address, Customer
from dispatcher_app.domain.entity import E, Entity
from dispatcher_app.domain.order import Order
from dispatcher_app.domain.region import Policy, Region
from dispatcher_app.rows import OrderRow

NEVER: Final = 1 << 60
MANY: Final = 800
"""Where so many versions have come or gone, screens read everything again."""
UNSEEN_MS: Final = 2 * HOUR_MS
"""Whoever has not been seen for so long is not shown where he was."""

_OWN: Final = ("kind", "id", "region", "version", "parent", "body")
_COLUMNS: Final = ", ".join(rows.COLUMNS)
DDL: Final = (
    "CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL)",
    "CREATE TABLE moment (at INTEGER NOT NULL)",
    """CREATE TABLE version (kind TEXT NOT NULL, id TEXT NOT NULL, at INTEGER NOT NULL, until INTEGER NOT NULL,
       region TEXT NOT NULL, version INTEGER NOT NULL, parent TEXT, body BLOB NOT NULL)""",
    f"""CREATE TABLE row_version (at INTEGER NOT NULL, until INTEGER NOT NULL,
       {', '.join(map(schema.column, rows.COLUMNS))})""".replace(" PRIMARY KEY", " NOT NULL"),
    f"CREATE TABLE order_row ({', '.join(map(schema.column, rows.COLUMNS))})",
    "CREATE INDEX order_row_open ON order_row (status, window_start, window_end) WHERE closed = 0",
    """CREATE TABLE track (technician TEXT NOT NULL, at INTEGER NOT NULL, lon REAL NOT NULL, lat REAL NOT NULL,
       accuracy_m REAL NOT NULL, PRIMARY KEY (technician, at)) WITHOUT ROWID""",
    f"""CREATE VIEW entity AS SELECT {', '.join(f'version.{name}' for name in _OWN)}, 0 AS seq
       FROM version CROSS JOIN moment WHERE version.at <= moment.at AND version.until > moment.at""",
)  # fmt: skip
INDEXES: Final = (
    "CREATE INDEX version_key ON version (kind, id, at, until, version)",
    "CREATE INDEX version_parent ON version (kind, parent, at, until, id, version) WHERE parent IS NOT NULL",
    "CREATE INDEX version_at ON version (at, kind, id)",
    "CREATE INDEX version_until ON version (until, kind, id)",
    "CREATE INDEX row_version_at ON row_version (at)",
    "CREATE INDEX row_version_id ON row_version (id, at)",
    "CREATE INDEX row_version_until ON row_version (until)",
)
_HINT: Final = re.compile(r" INDEXED BY \w+")


class Head(msgspec.Struct, frozen=True):
    """What the server is about to tell: whose day, from when until when (UTC ms), how many acts."""

    region: str
    date: str
    begin: int
    end: int
    orders: int
    acts: int


class Line(msgspec.Struct, frozen=True):
    """A piece of it."""

    versions: list[tuple[str, str, int, int, msgspec.Raw]] = []
    acts: int = 0
    tracks: list[tuple[str, int, float, float, float]] = []
    whole: bool = False


@dataclass(frozen=True, slots=True)
class Mark:
    """Something that went wrong: when (UTC ms), what (`cancelled`, `unkept`, `urged`, `rebooked`), which order."""

    at: int
    what: str
    order: str


@dataclass(slots=True)
class _Open:
    """The last version of something, until it is known when the next one came."""

    at: int
    region: str
    version: int
    parent: str | None
    body: bytes
    row: OrderRow | None


class Past:
    """The file of a day, filled line by line, then set to one moment after the other."""

    faults = (schema.DATABASE_ERROR,)

    def __init__(self, path: Path) -> None:
        self.path = path
        schema.remove(path)
        path.parent.mkdir(parents=True, exist_ok=True)
        self.db: Any = schema.connect(path)
        self.db.execute("PRAGMA synchronous = OFF")
        for statement in DDL:
            self.db.execute(statement)
        self.db.execute("INSERT INTO moment VALUES (-1)")
        self.db.execute("INSERT INTO meta VALUES ('filled', '1')")
        self.head: Head | None = None
        self.whole, self.missing, self.acts = False, 0, 0
        self.marks: list[Mark] = []
        self.at = -1
        self._rest = b""
        self._open: dict[Key, _Open] = {}
        self._people: dict[Key, Customer | Address] = {}
        self._policies: list[tuple[int, Policy]] = []
        self._zones: dict[str, str] = {}
        self._technicians: list[str] = []

    # ------------------------------------------------------------ filling
    def feed(self, chunk: bytes) -> None:
        """Take in some more of what the server tells."""
        *lines, self._rest = (self._rest + chunk).split(b"\n")
        if not lines:
            return
        self.db.execute("BEGIN")
        for line in lines:
            if self.head is None:
                self.head = codec.decode(line, Head)
            else:
                self._take(codec.decode(line, Line))
        self.db.execute("COMMIT")

    @property
    def share(self) -> float:
        """How much of the day is here, from 0 to 1."""
        return self.acts / self.head.acts if self.head and self.head.acts else float(self.whole)

    def _take(self, line: Line) -> None:
        for kind, id, version, at, body in line.versions:
            self._take_version((kind, id), version, at, bytes(body))
        self.db.executemany("INSERT OR IGNORE INTO track VALUES (?, ?, ?, ?, ?)", line.tracks)
        self.acts += line.acts
        if line.whole:
            self._finish()

    def _take_version(self, key: Key, version: int, at: int, body: bytes) -> None:
        kind, id = key
        former = self._open.pop(key, None)
        if former is not None:
            self._keep(key, former, at)
        if body == b"null":
            self.missing += 1
            return
        if kind not in codec.KINDS:
            return
        row, parent, region = None, None, ""
        if kind == "day":
            # A plan is looked up by its date, which its id ends with; reading thousands of bodies for it takes long.
            parent = id.rpartition(":")[2]
        else:
            entity = codec.entity(kind, body)
            parent, region = parent_of(entity), entity.region
            if isinstance(entity, Customer | Address):
                self._people[key] = entity
            elif isinstance(entity, Policy):
                self._policies.append((at, entity))
            elif isinstance(entity, Region):
                self._zones[id] = entity.timezone
            elif isinstance(entity, Order):
                row = self._row(entity, at)
                self._mark(former.row if former else None, row, at)
        self._open[key] = _Open(at, region, version, parent, body, row)

    def _row(self, order: Order, at: int) -> OrderRow:
        place = bisect_right(self._policies, at, key=lambda each: each[0])
        return rows.order_row(
            order,
            cast("Customer | None", self._people.get(("customer", order.customer))),
            cast("Address | None", self._people.get(("address", order.address))),
            self._policies[place - 1][1] if place else Policy(),
            self._zones.get(order.region, "Asia/Shanghai"),
        )

    def _mark(self, former: OrderRow | None, row: OrderRow, at: int) -> None:
        if former is None or at == 0:
            return
        for what, before, now in (
            ("cancelled", former.status == "cancelled", row.status == "cancelled"),
            ("unkept", "unkept" in former.flags, "unkept" in row.flags),
            ("urged", former.urged, row.urged),
            ("rebooked", former.rebooked, row.rebooked),
        ):
            if now > before:
                self.marks.append(Mark(at, what, row.id))

    def _keep(self, key: Key, each: _Open, until: int) -> None:
        if until <= each.at:
            return
        self.db.execute(
            "INSERT INTO version VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            (*key, each.at, until, each.region, each.version, each.parent, each.body),
        )
        if each.row is not None:
            marks = ", ".join("?" * (len(rows.COLUMNS) + 2))
            self.db.execute(
                f"INSERT INTO row_version VALUES ({marks})", (each.at, until, *rows.values(each.row))
            )

    def _finish(self) -> None:
        for key, each in self._open.items():
            self._keep(key, each, NEVER)
        self._technicians = sorted(id for kind, id in self._open if kind == "technician")
        self._open.clear()
        self._people.clear()
        for statement in INDEXES:
            self.db.execute(statement)
        self.marks.sort(key=lambda mark: mark.at)
        self.whole = True

    # ------------------------------------------------------------ showing
    def go(self, at: int) -> frozenset[Key] | None:
        """Show everything as it stood at a moment (UTC ms): what is different from before, None for very much."""
        low, high = min(self.at, at), max(self.at, at)
        begun, ended = "at > ? AND at <= ? AND until > ?", "until > ? AND until <= ? AND at <= ?"
        of_begun, of_ended = (low, high, high), (low, high, low)
        forward = at >= self.at
        out, of_out = (ended, of_ended) if forward else (begun, of_begun)
        into, of_into = (begun, of_begun) if forward else (ended, of_ended)
        self.db.execute("BEGIN IMMEDIATE")
        self.db.execute(f"DELETE FROM order_row WHERE id IN (SELECT id FROM row_version WHERE {out})", of_out)
        self.db.execute(f"INSERT INTO order_row SELECT {_COLUMNS} FROM row_version WHERE {into}", of_into)
        self.db.execute("UPDATE moment SET at = ?", (at,))
        self.db.execute("COMMIT")
        found = self.db.execute(
            f"SELECT kind, id FROM version WHERE {begun} UNION ALL SELECT kind, id FROM version WHERE {ended} LIMIT ?",
            (*of_begun, *of_ended, MANY),
        ).fetchall()
        self.at = at
        return None if len(found) == MANY else frozenset((kind, id) for kind, id in found)

    def positions(self) -> dict[str, Position]:
        """Where everybody was seen last at the moment shown."""
        found: dict[str, Position] = {}
        for technician in self._technicians:
            seen = self.db.execute(
                "SELECT lon, lat, accuracy_m, at FROM track WHERE technician = ? AND at <= ? ORDER BY at DESC LIMIT 1",
                (technician, self.at),
            ).fetchone()
            if seen is not None and seen[3] >= self.at - UNSEEN_MS:
                found[technician] = Position(*seen)
        return found

    def moments_of(self, order: str) -> list[int]:
        """When an order changed in the day (UTC ms), the first one first."""
        found = self.db.execute(
            "SELECT at FROM version WHERE kind = 'order' AND id = ? AND at > 0 ORDER BY at", (order,)
        )
        return [at for (at,) in found]

    def close(self) -> None:
        """Leave nothing of it on this computer."""
        self.db.close()
        schema.remove(self.path)


class PastReader(Reader):
    """Questions to the moment that is shown; no index is named, for a day has few orders."""

    def children(self, type_: type[E], parents: Iterable[str]) -> list[E]:
        wanted = msgspec.json.encode(list(parents)).decode()
        found = self._db.execute(
            "SELECT body FROM entity WHERE kind = ? AND parent IN (SELECT value FROM json_each(?)) ORDER BY id",
            (type_.kind, wanted),
        )
        return [cast(E, codec.entity(type_.kind, body)) for (body,) in found]

    def bodies_of_day(self) -> list[tuple[str, int, str, str, str, str]]:
        """Every version of every order in the day: id, version, body, and what is shown of the customer."""
        found = self._db.execute(
            "SELECT v.id, v.version, v.body, r.name, r.compound, r.phone_tail FROM version v JOIN row_version r"
            " ON r.id = v.id AND r.at = v.at WHERE v.kind = 'order'"
        )
        return cast("list[tuple[str, int, str, str, str, str]]", found.fetchall())

    def versions(self, type_: type[Entity], ids: Iterable[str]) -> list[tuple[str, int]]:
        """The ids of those of these entities that there are, with their versions."""
        found = self._db.execute(
            "SELECT id, version FROM entity WHERE kind = ? AND id IN (SELECT value FROM json_each(?))",
            (type_.kind, msgspec.json.encode(list(ids)).decode()),
        )
        return cast("list[tuple[str, int]]", found.fetchall())

    def versions_under(self, type_: type[Entity], parents: Iterable[str]) -> list[tuple[str, int]]:
        """The same by what they belong to."""
        found = self._db.execute(
            "SELECT id, version FROM entity WHERE kind = ? AND parent IN (SELECT value FROM json_each(?)) ORDER BY id",
            (type_.kind, msgspec.json.encode(list(parents)).decode()),
        )
        return cast("list[tuple[str, int]]", found.fetchall())

    def order_keys(self, query: OrderQuery, now: int, timezone: str) -> list[tuple[SortKey, str]]:
        statement, values = ask.keys_sql(query, now, timezone)
        (found,) = self._db.execute(_HINT.sub("", statement), values).fetchone()
        return keys_of_text(found)

    def view_counts(self, queries: Mapping[str, OrderQuery], now: int, timezone: str) -> dict[str, int]:
        counted: dict[str, int] = {}
        for name, query in queries.items():
            statement, values = ask.count_sql(query, now, timezone)
            counted[name] = self._db.execute(_HINT.sub("", statement), values).fetchone()[0]
        return counted


def open_past(path: Path) -> tuple[Past, PastReader, PastReader, PastReader]:
    """An empty day, and who reads it: for lists, for single things, and to count."""
    past = Past(path)
    return past, PastReader(path), PastReader(path, "points"), PastReader(path)


__all__: Sequence[str] = ("Head", "Mark", "Past", "PastReader", "open_past")
