"""Questions to the replica. A reader has its own connection and sees only whole transactions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, Literal, cast

import msgspec

from dispatcher_app import codec, rows
from dispatcher_app.client.replica import ask
from dispatcher_app.client.replica.ask import OrderQuery, SortKey
from dispatcher_app.client.replica.schema import connect
from dispatcher_app.domain.customer import Compound
from dispatcher_app.domain.entity import E, Entity
from dispatcher_app.domain.order import Order, Status, Window
from dispatcher_app.rows import OrderRow

CHUNK = 500
_COLUMNS = ", ".join(rows.COLUMNS)
_keys = msgspec.json.Decoder(list[tuple[SortKey, str]])


def keys_of_text(text: str) -> list[tuple[SortKey, str]]:
    """Sort keys and ids from the one text in which they are read."""
    return _keys.decode(text)


class Reader:
    """One connection for reading, used by one thread."""

    def __init__(self, path: Path, use: Literal["scans", "points"] = "scans") -> None:
        self._path: Path = path
        self._use: Literal["scans", "points"] = use
        self._db: Any = connect(path, use)

    def reopen(self) -> None:
        """Look at the file anew, which may have been replaced."""
        self._db.close()
        self._db = connect(self._path, self._use)

    def close(self) -> None:
        """Let go of the file."""
        self._db.close()

    def entity(self, kind: str, id: str) -> Entity | None:
        """The entity as it stands."""
        found = self._db.execute("SELECT body FROM entity WHERE kind = ? AND id = ?", (kind, id)).fetchone()
        return codec.entity(kind, found[0]) if found else None

    def entities(self, type_: type[E], ids: Iterable[str] | None = None) -> list[E]:
        """All entities of a kind, or those of these ids, in the order of their ids."""
        if ids is None:
            found = self._db.execute("SELECT body FROM entity WHERE kind = ? ORDER BY id", (type_.kind,))
        else:
            wanted = msgspec.json.encode(list(ids)).decode()
            found = self._db.execute(
                "SELECT body FROM entity WHERE kind = ? AND id IN (SELECT value FROM json_each(?)) ORDER BY id",
                (type_.kind, wanted),
            )
        return [cast(E, codec.entity(type_.kind, body)) for (body,) in found]

    def bodies(self, type_: type[Entity], ids: Iterable[str]) -> list[tuple[str, str]]:
        """The ids and stored bodies of these entities, for whoever needs only a part of each."""
        wanted = msgspec.json.encode(list(ids)).decode()
        found = self._db.execute(
            "SELECT id, body FROM entity WHERE kind = ? AND id IN (SELECT value FROM json_each(?)) ORDER BY id",
            (type_.kind, wanted),
        )
        return cast("list[tuple[str, str]]", found.fetchall())

    def shown(self, orders: Sequence[str]) -> dict[str, tuple[str, str, str]]:
        """What is shown of the customers of these orders: name, compound and the last digits of the phone."""
        found = self._db.execute(
            "SELECT id, name, compound, phone_tail FROM order_row WHERE id IN (SELECT value FROM json_each(?))",
            (msgspec.json.encode(list(orders)).decode(),),
        )
        return {id: (name, compound, tail) for id, name, compound, tail in found}

    def standing(self, orders: Iterable[str]) -> dict[str, tuple[Status, Window | None]]:
        """How these orders stand: status and promise."""
        found = self._db.execute(
            "SELECT id, status, window_start, window_end FROM order_row"
            " WHERE id IN (SELECT value FROM json_each(?))",
            (msgspec.json.encode(list(orders)).decode(),),
        )
        return {id: (status, None if end is None else Window(start, end)) for id, status, start, end in found}

    def children(self, type_: type[E], parents: Iterable[str]) -> list[E]:
        """Entities of a kind by what they belong to: notes by order, addresses by customer, plans by date."""
        wanted = msgspec.json.encode(list(parents)).decode()
        found = self._db.execute(
            # Else the order of the ids makes it look through the whole kind.
            "SELECT body FROM entity INDEXED BY entity_parent"
            " WHERE kind = ? AND parent IN (SELECT value FROM json_each(?)) ORDER BY id",
            (type_.kind, wanted),
        )
        return [cast(E, codec.entity(type_.kind, body)) for (body,) in found]

    def filled(self) -> bool:
        """Whether the replica has been filled once."""
        return self._db.execute("SELECT 1 FROM meta WHERE key = 'filled'").fetchone() is not None

    def order_keys(self, query: OrderQuery, now: int, timezone: str) -> list[tuple[SortKey, str]]:
        """The whole sorted key list of a view."""
        (found,) = self._db.execute(*ask.keys_sql(query, now, timezone)).fetchone()
        return keys_of_text(found)

    def order_keys_of(
        self, query: OrderQuery, ids: Sequence[str], now: int, timezone: str
    ) -> dict[str, SortKey]:
        """The sort keys of those of these orders that the view shows."""
        found: dict[str, SortKey] = {}
        for start in range(0, len(ids), CHUNK):
            part = list(ids[start : start + CHUNK])
            found.update(self._db.execute(*ask.keys_of_sql(query, part, now, timezone)))
        return found

    def order_rows(self, ids: Sequence[str]) -> dict[str, OrderRow]:
        """The narrow rows of these orders, by id."""
        found: dict[str, OrderRow] = {}
        for start in range(0, len(ids), CHUNK):
            part = ids[start : start + CHUNK]
            marks = ", ".join("?" * len(part))
            for row in self._db.execute(
                f"SELECT {_COLUMNS} FROM order_row WHERE id IN ({marks})", tuple(part)
            ):
                found[row[0]] = OrderRow(*row)
        return found

    def order_list(
        self, query: OrderQuery, now: int, timezone: str, first: int
    ) -> tuple[list[tuple[SortKey, str]], dict[str, OrderRow]]:
        """The whole sorted key list of a view with the narrow rows of its beginning, in one go."""
        keys = self.order_keys(query, now, timezone)
        return keys, self.order_rows([id for _, id in keys[:first]])

    def order_news(
        self, query: OrderQuery, ids: Sequence[str], now: int, timezone: str
    ) -> tuple[dict[str, SortKey], dict[str, OrderRow]]:
        """The sort keys and the narrow rows of those of these orders that the view shows, in one go."""
        keys = self.order_keys_of(query, ids, now, timezone)
        return keys, self.order_rows(list(keys))

    def orders_of_customer(self, customer: str) -> list[OrderRow]:
        """A customer's orders, newest first."""
        found = self._db.execute(
            f"SELECT {_COLUMNS} FROM order_row WHERE customer = ? ORDER BY created_at DESC", (customer,)
        )
        return [OrderRow(*row) for row in found]

    def view_counts(self, queries: Mapping[str, OrderQuery], now: int, timezone: str) -> dict[str, int]:
        """How many orders each view shows."""
        return {
            name: self._db.execute(*ask.count_sql(query, now, timezone)).fetchone()[0]
            for name, query in queries.items()
        }

    def compounds(self, text: str, limit: int) -> list[Compound]:
        """Compounds by a part of their name or of its initials; those that begin with it first."""
        word = text.strip().lower()
        found = self._db.execute(
            "SELECT body FROM compound_row JOIN entity ON kind = 'compound' AND entity.id = compound_row.id"
            " WHERE instr(search, ?) > 0"
            " ORDER BY instr(search, ?) > 1 AND instr(search, ?) = 0, length(name), name LIMIT ?",
            (word, word, f" {word}", limit),
        )
        return [cast(Compound, codec.entity("compound", body)) for (body,) in found]

    def promised(self) -> list[Order]:
        """Open orders with a promised window and nobody to keep it."""
        found = self._db.execute(
            "SELECT id FROM order_row INDEXED BY order_row_open WHERE closed = 0"
            " AND status IN ('pending', 'offered') AND window_start IS NOT NULL"
        )
        return self.entities(Order, [id for (id,) in found])

    def waiting(self, begin: int, end: int, most: int = -1) -> list[str]:
        """The open orders that nobody goes to, promised for some time between these moments.

        With `most` only so many, the most urgent ones.
        """
        found = self._db.execute(
            "SELECT id FROM order_row INDEXED BY order_row_open WHERE closed = 0"
            " AND status IN ('pending', 'offered') AND window_start < ? AND window_end > ?"
            " ORDER BY instr(flags, 'unkept') = 0, window_end, id LIMIT ?",
            (end, begin, most),
        )
        return [id for (id,) in found]

    def booked(self, begin: int, end: int) -> list[int]:
        """When each order that was booked between these moments was booked."""
        found = self._db.execute(
            "SELECT created_at FROM order_row WHERE created_at >= ? AND created_at < ?", (begin, end)
        )
        return [at for (at,) in found]

    def open_by_status(self) -> dict[str, int]:
        """How many open orders stand how."""
        found = self._db.execute(
            "SELECT status, COUNT(*) FROM order_row INDEXED BY order_row_open WHERE closed = 0 GROUP BY status"
        )
        return dict(found.fetchall())
