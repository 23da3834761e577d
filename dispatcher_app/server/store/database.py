"""Opening a database: SQLite in one file, or PostgreSQL; one dialect of statements for both."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pysqlite3.dbapi2 as sqlite
from sqlalchemy import Engine, create_engine, event
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError
from sqlalchemy.exc import TimeoutError as NoConnectionFree

SAFE_SQLITE = (3, 51, 3)
"""Older ones can lose committed transactions of a write-ahead log."""


REASONS = (
    ("disk is full", "disk_full"), ("no space left", "disk_full"), ("disk i/o error", "disk_fault"),
    ("malformed", "disk_fault"), ("locked", "busy"), ("waiting", "busy"),
)  # fmt: skip


class Unavailable(Exception):
    """The database can't serve now; whoever asked may ask again."""

    @property
    def reason(self) -> str:
        """Why, as far as a desk can say it: disk_full, disk_fault, busy or database."""
        words = str(self).lower()
        for part, reason in REASONS:
            if part in words:
                return reason
        return "database"


class TooOld(Exception):
    """The database was written by a newer program; this one must not write to it."""


@dataclass(frozen=True, slots=True)
class Database:
    """An open database: `writes` is for the one writer, `reads` for everybody else."""

    url: str
    writes: Engine
    reads: Engine

    @property
    def postgresql(self) -> bool:
        """Whether this is PostgreSQL and other nodes may write too."""
        return self.writes.dialect.name == "postgresql"

    @property
    def path(self) -> Path | None:
        """The file of a SQLite database."""
        found = make_url(self.url).database
        return None if self.postgresql or not found else Path(found)

    def close(self) -> None:
        """Let go of every connection."""
        self.writes.dispose()
        self.reads.dispose()

    @contextmanager
    def reading(self) -> Iterator[Cursor]:
        """A cursor that sees one moment of the database and can't write."""
        with self.lent(self.reads) as connection:
            cursor = connection.cursor()
            if not self.postgresql:
                cursor.execute("BEGIN")
            yield Cursor(cursor, self.postgresql)

    @contextmanager
    def writing(self) -> Iterator[Cursor]:
        """A cursor in a transaction that is committed at the end; only the writer and set-up use it."""
        with self.lent(self.writes) as connection:
            cursor = connection.cursor()
            if not self.postgresql:
                cursor.execute("BEGIN IMMEDIATE")
            yield Cursor(cursor, self.postgresql)
            connection.commit()

    @contextmanager
    def lent(self, engine: Engine) -> Iterator[Any]:
        """A connection of the pool; what was not committed is rolled back when it is given back, dead or alive."""
        driver = self.writes.dialect.loaded_dbapi
        away = (driver.OperationalError, driver.InterfaceError, driver.InternalError)
        connection = None
        try:
            connection = engine.raw_connection()
            yield connection
        except driver.DatabaseError as error:
            # The bare class is how SQLite says that the file is damaged or is no database.
            if isinstance(error, away) or type(error) is driver.DatabaseError:
                raise Unavailable(str(error)) from error
            raise
        except (driver.InterfaceError, NoConnectionFree) as error:
            raise Unavailable(str(error)) from error
        finally:
            if connection is not None:
                connection.close()


class Cursor:
    """A driver's cursor that takes `?` on both databases."""

    def __init__(self, cursor: Any, postgresql: bool) -> None:
        self.cursor = cursor
        self.postgresql = postgresql

    def run(self, statement: str, values: Sequence[Any] = ()) -> int:
        """Run a statement; returns the number of rows it touched."""
        self.cursor.execute(self.own(statement), values)
        return int(self.cursor.rowcount)

    def many(self, statement: str, values: Iterable[Sequence[Any]]) -> None:
        """Run a statement once for each set of values."""
        if values := list(values):
            self.cursor.executemany(self.own(statement), values)

    def added(self, statement: str, values: Sequence[Sequence[Any]]) -> int:
        """Run a statement once for each set of values; returns how many rows they touched in all."""
        self.cursor.executemany(self.own(statement), values)
        return int(self.cursor.rowcount)

    def all(self, statement: str, values: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        """All rows of a question."""
        self.cursor.execute(self.own(statement), values)
        return list(self.cursor.fetchall())

    def one(self, statement: str, values: Sequence[Any] = ()) -> tuple[Any, ...] | None:
        """The first row of a question, None where there is none."""
        self.cursor.execute(self.own(statement), values)
        row: tuple[Any, ...] | None = self.cursor.fetchone()
        return row

    def own(self, statement: str) -> str:
        """The statement as the driver wants it."""
        return statement.replace("%", "%%").replace("?", "%s") if self.postgresql else statement


def open_database(url: str) -> Database:
    """The database at a SQLAlchemy URL (`sqlite:///file` or `postgresql+psycopg://…`)."""
    try:
        kind = make_url(url).get_backend_name()
    except ArgumentError:
        kind = ""
    if kind not in ("sqlite", "postgresql"):
        raise Unavailable("a database address begins with sqlite:/// or postgresql+psycopg://")
    if kind == "sqlite":
        return Database(url, sqlite_engine(url, reads=False), sqlite_engine(url, reads=True))
    connect = {
        "connect_timeout": 5,
        "options": "-c lock_timeout=10s -c idle_in_transaction_session_timeout=30s -c timezone=UTC",
        "keepalives_idle": 30,
        "keepalives_interval": 10,
        "keepalives_count": 3,
    }
    writes = create_engine(url, connect_args=connect, pool_pre_ping=True, pool_size=2)
    reads = create_engine(
        url, connect_args=connect, pool_pre_ping=True, pool_size=8, isolation_level="REPEATABLE READ"
    )
    return Database(url, writes, reads)


def sqlite_engine(url: str, *, reads: bool) -> Engine:
    """An engine whose connections neither lose a commit nor wait for one another longer than needed."""
    if sqlite.sqlite_version_info < SAFE_SQLITE:
        raise RuntimeError(
            f"SQLite {sqlite.sqlite_version} can lose committed transactions; 3.51.3 is needed"
        )
    engine = create_engine(
        url, module=sqlite, connect_args={"check_same_thread": False}, pool_size=8 if reads else 1
    )

    @event.listens_for(engine, "connect")
    def prepare(connection: Any, _: object) -> None:
        connection.isolation_level = None
        cursor = connection.cursor()
        cursor.execute("PRAGMA busy_timeout = 10000")
        cursor.execute("PRAGMA journal_mode = WAL")
        cursor.execute("PRAGMA synchronous = FULL")
        # Copying the log into the file costs a flush of its own: after 32 MB instead of 4.
        cursor.execute("PRAGMA wal_autocheckpoint = 8000")
        if reads:
            cursor.execute("PRAGMA query_only = ON")
        cursor.close()

    return engine
