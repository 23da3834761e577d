"""The replica's tables, and opening its file: what is damaged or not ours is thrown away, it can be fetched anew."""

from __future__ import annotations

import contextlib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Literal, cast
from zlib import crc32

import pysqlite3.dbapi2 as sqlite

from dispatcher_app import rows
from dispatcher_app.codec import PROTOCOL, SCHEMAS

SAFE_SQLITE: Final = (3, 51, 3)
"""Older ones can lose committed transactions of a write-ahead log."""

LAST: Final = 1 << 53
"""Stands for a moment that is not set, so that it comes last."""

KEY_OF: Final = {
    "created_at": "created_at",
    "window_start": f"ifnull(window_start, {LAST})",
    "due": f"ifnull(due, {LAST})",
    "number": "number",
}
"""What each sortable column is sorted by: whoever has no such moment comes last."""

# What is searched most comes first: SQLite finds a column by walking over those before it.
_FILTERED: Final = (
    "search, closed, status, region, district, technician, item, window_start, planned_on, due, phone_tail"
)
_OPEN: Final = (
    "created_at, number, id, urged, rebooked, approximate, provisional, owing, quote_open, return_of, flags,"
    " window_end, snoozed"
)
_COMPLAINT: Final = "created_at, number, id, complaint, complaint_due, snoozed"

FLAGGED: Final = "flags <> '' AND flags <> 'unkept'"
"""What somebody has to look at; a promise that can't be kept is mended, not looked at."""


def column(name: str) -> str:
    """The definition of a column of the narrow rows."""
    kind = "REAL" if name in rows.REAL else "INTEGER" if name in rows.INTEGER else "TEXT"
    return f"{name} {kind}{' PRIMARY KEY' if name == 'id' else ''}"


DDL: Final = (
    "CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL)",
    "CREATE TABLE cursor (log TEXT PRIMARY KEY, seq INTEGER NOT NULL)",
    """CREATE TABLE entity (kind TEXT NOT NULL, id TEXT NOT NULL, region TEXT NOT NULL, version INTEGER NOT NULL,
       seq INTEGER NOT NULL, parent TEXT, body BLOB NOT NULL, PRIMARY KEY (kind, id))""",
    "CREATE INDEX entity_parent ON entity (kind, parent) WHERE parent IS NOT NULL",
    """CREATE TABLE base (kind TEXT NOT NULL, id TEXT NOT NULL, region TEXT NOT NULL, version INTEGER NOT NULL,
       seq INTEGER NOT NULL, body BLOB, PRIMARY KEY (kind, id))""",
    f"CREATE TABLE order_row ({', '.join(map(column, rows.COLUMNS))})",
    "CREATE INDEX order_row_customer ON order_row (customer, created_at)",
    "CREATE INDEX order_row_address ON order_row (address)",
    # Each answers a whole view from the index alone, already sorted: 100,000 orders are read in tens of milliseconds.
    *(
        f"CREATE INDEX order_row_by_{name} ON order_row ({key}, id, {_FILTERED})"
        for name, key in KEY_OF.items()
    ),
    # All of them, nothing left out: sorted by a quarter of the bytes.
    *(f"CREATE INDEX order_row_all_by_{name} ON order_row ({key}, id)" for name, key in KEY_OF.items()),
    f"CREATE INDEX order_row_open ON order_row ({_FILTERED}, {_OPEN}) WHERE closed = 0",
    # Messages wait for an answer, and flags for a look, after an order has closed too; there are never many.
    f"CREATE INDEX order_row_unread ON order_row ({_FILTERED}, created_at, number, id) WHERE unread > 0",
    f"CREATE INDEX order_row_flagged ON order_row ({_FILTERED}, created_at, number, id, flags) WHERE {FLAGGED}",
    f"CREATE INDEX order_row_complaint ON order_row ({_FILTERED}, {_COMPLAINT}) WHERE complaint IS NOT NULL",
    f"CREATE INDEX order_row_refunding ON order_row ({_FILTERED}, created_at, number, id) WHERE refunding <> ''",
    "CREATE TABLE compound_row (id TEXT PRIMARY KEY, name TEXT NOT NULL, search TEXT NOT NULL)",
)

SHAPE: Final = str(crc32(json.dumps([DDL, SCHEMAS, rows.COLUMNS, PROTOCOL], sort_keys=True).encode()))
"""Changes with the tables and with the bodies in them; a replica of another shape is fetched anew."""


@dataclass(frozen=True, slots=True)
class Opened:
    """A replica's connection; `fresh` says why it is empty, "" where it is not."""

    db: Any
    fresh: str


PAGE_BYTES: Final = 8_192
"""Twice SQLite's own: a scan reads half as many pages, and is as quick as one from a cache that holds them all."""
JOURNAL_BYTES: Final = 32 << 20
"""What stays of the write-ahead log's file once it has been copied into the replica."""

CACHE_KB: Final = {"writes": 16_384, "scans": 8_192, "points": 2_048}
"""What each connection keeps in memory; the system keeps the file's pages anyway, once for all of them."""


def connect(path: Path, use: Literal["writes", "scans", "points"] = "writes") -> Any:
    """A connection in the replica's own mode; raises DatabaseError for a damaged file."""
    if tuple(map(int, sqlite.sqlite_version.split("."))) < SAFE_SQLITE:
        raise RuntimeError(
            f"SQLite {sqlite.sqlite_version} can lose committed data; 3.51.3 or later is needed"
        )
    db = sqlite.connect(
        str(path), isolation_level=None, check_same_thread=False, timeout=5, cached_statements=256
    )
    try:
        db.execute(f"PRAGMA page_size = {PAGE_BYTES}")
        db.execute(f"PRAGMA cache_size = -{CACHE_KB[use]}")
        db.execute("PRAGMA temp_store = MEMORY")
        if use == "writes":
            db.execute("PRAGMA journal_mode = WAL")
            db.execute("PRAGMA synchronous = NORMAL")
            # The first fetch writes hundreds of megabytes ahead; a desk does not keep them for ever.
            db.execute(f"PRAGMA journal_size_limit = {JOURNAL_BYTES}")
        else:
            db.execute("PRAGMA query_only = 1")
    except sqlite.DatabaseError:
        db.close()
        raise
    return db


def open_replica(path: Path, user: str) -> Opened:
    """The user's replica in that file, an empty one where the file is none of his or is damaged."""
    fresh = "" if path.exists() else "new"
    if not fresh:
        try:
            db = connect(path)
            fresh = unfit(db, user)
            if not fresh:
                return Opened(db, "")
            db.close()
        except sqlite.DatabaseError:
            fresh = "damaged"
    return Opened(make(path, user), fresh)


def unfit(db: Any, user: str) -> str:
    """Why that file can't serve the user, "" where it can."""
    if db.execute("SELECT count(*) FROM sqlite_master").fetchone()[0] == 0:
        return "new"
    meta = dict(db.execute("SELECT key, value FROM meta"))
    # The whole file is looked through only where the desk ended badly: that takes long.
    if "closed" not in meta and db.execute("PRAGMA quick_check(1)").fetchone()[0] != "ok":
        return "damaged"
    if meta.get("shape") != SHAPE:
        return "other_shape"
    return "" if meta.get("user") == user else "other_user"


def make(path: Path, user: str) -> Any:
    """An empty replica in that file, whatever was there before."""
    remove(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    db = connect(path)
    db.execute("BEGIN IMMEDIATE")
    for statement in DDL:
        db.execute(statement)
    db.executemany("INSERT INTO meta VALUES (?, ?)", [("shape", SHAPE), ("user", user)])
    db.execute("COMMIT")
    with contextlib.suppress(OSError):
        path.chmod(0o600)
    return db


def remove(path: Path) -> None:
    """Throw the replica's files away."""
    for name in (path.name, f"{path.name}-wal", f"{path.name}-shm"):
        path.with_name(name).unlink(missing_ok=True)


DATABASE_ERROR: Final = cast(type[Exception], sqlite.DatabaseError)
DAMAGED: Final = frozenset({1, 11, 26})
"""SQLite's codes for tables that are not there, a malformed file, and a file that is no database."""


def is_damage(error: Exception) -> bool:
    """Whether the file is beyond use, rather than the disk full or the file locked."""
    if isinstance(error, sqlite.ProgrammingError):
        # A connection that we closed ourselves says nothing about the file.
        return False
    return getattr(error, "sqlite_errorcode", 11) & 0xFF in DAMAGED
