"""The outbox's file. One thread uses it; whatever has returned is on the disk, a cut of the power included."""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import msgspec
import pysqlite3.dbapi2 as sqlite

from dispatcher_app.client.outbox.entry import Entry
from dispatcher_app.client.outbox.seal import Unreadable, seal, unseal
from dispatcher_app.clock import now_ms
from dispatcher_app.domain.act import Rejected

DDL = """
CREATE TABLE IF NOT EXISTS entry (
    place INTEGER PRIMARY KEY, act TEXT NOT NULL UNIQUE, user TEXT NOT NULL, sealed BLOB NOT NULL);
CREATE TABLE IF NOT EXISTS draft (id TEXT PRIMARY KEY, user TEXT NOT NULL, sealed BLOB NOT NULL);
CREATE TABLE IF NOT EXISTS setting (key TEXT PRIMARY KEY, value TEXT NOT NULL);
"""
FULL_OR_UNWRITABLE = frozenset({8, 10, 13})
"""SQLite's codes for a file that can't be written to: read-only, I/O error, full."""

_entries = msgspec.msgpack.Decoder(Entry)


class Box:
    """Acts, drafts and the counter of temporary numbers."""

    def __init__(self, path: Path, key: bytes) -> None:
        self._path, self._key = path, key
        self.damaged = False
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            self._db = opened(path)
        except sqlite.DatabaseError as error:
            if getattr(error, "sqlite_errorcode", 0) & 0xFF in FULL_OR_UNWRITABLE:
                raise Rejected("disk_full") from error
            self.damaged = True
            set_aside(path)
            self._db = opened(path)

    def close(self) -> None:
        """Let go of the file."""
        self._db.close()

    @contextmanager
    def _writing(self) -> Iterator[Any]:
        """One transaction; raises Rejected where the disk takes nothing any more, and then nothing is saved."""
        try:
            self._db.execute("BEGIN IMMEDIATE")
            yield self._db
            self._db.execute("COMMIT")
        except BaseException as error:
            if self._db.in_transaction:
                with contextlib.suppress(sqlite.DatabaseError):
                    self._db.execute("ROLLBACK")
            if isinstance(error, sqlite.DatabaseError) and error.sqlite_errorcode & 0xFF in FULL_OR_UNWRITABLE:
                raise Rejected("disk_full") from error
            raise

    def entries(self) -> list[Entry]:
        """All acts in their order; one that can't be read rests and is kept."""
        found = self._db.execute("SELECT place, act, user, sealed FROM entry ORDER BY place").fetchall()
        return [self._entry(*each) for each in found]

    def _entry(self, place: int, act: str, user: str, sealed: bytes) -> Entry:
        try:
            return _entries.decode(unseal(self._key, sealed, f"{act} {user}"))
        except (Unreadable, msgspec.DecodeError):
            return Entry(
                place=place, act=act, user=user, at=0, region="", name="", body=b"", state="parked",
                reason="unreadable",
            )  # fmt: skip

    def save(self, entries: Iterable[Entry], settings: Mapping[str, str] | None = None) -> None:
        """Keep these acts as they are now, and the settings with them."""
        with self._writing() as db:
            for entry in entries:
                sealed = seal(self._key, msgspec.msgpack.encode(entry), f"{entry.act} {entry.user}")
                db.execute(
                    "INSERT OR REPLACE INTO entry VALUES (?, ?, ?, ?)", (entry.place, entry.act, entry.user, sealed)
                )
            db.executemany("INSERT OR REPLACE INTO setting VALUES (?, ?)", (settings or {}).items())

    def drop(self, acts: Iterable[str]) -> None:
        """These acts are answered; a disk that is full lets them be removed all the same, or once there is room."""
        with self._writing() as db:
            db.executemany("DELETE FROM entry WHERE act = ?", [(act,) for act in acts])

    def setting(self, key: str) -> str | None:
        """A remembered setting."""
        found = self._db.execute("SELECT value FROM setting WHERE key = ?", (key,)).fetchone()
        return found[0] if found else None

    def drafts(self, user: str) -> dict[str, Any]:
        """The user's parked drafts by id."""
        found = self._db.execute("SELECT id, sealed FROM draft WHERE user = ? ORDER BY id", (user,)).fetchall()
        drafts = {}
        for id, sealed in found:
            with contextlib.suppress(Unreadable, msgspec.DecodeError):
                drafts[id] = msgspec.json.decode(unseal(self._key, sealed, f"{id} {user}"))
        return drafts

    def put_draft(self, id: str, user: str, draft: Any) -> None:
        """Keep a draft."""
        sealed = seal(self._key, msgspec.json.encode(draft), f"{id} {user}")
        with self._writing() as db:
            db.execute("INSERT OR REPLACE INTO draft VALUES (?, ?, ?)", (id, user, sealed))

    def drop_draft(self, id: str) -> None:
        """The draft is no longer needed."""
        with self._writing() as db:
            db.execute("DELETE FROM draft WHERE id = ?", (id,))

    def forget(self, user: str) -> None:
        """Nothing of the user's drafts stays."""
        with self._writing() as db:
            db.execute("DELETE FROM draft WHERE user = ?", (user,))


def opened(path: Path) -> Any:
    """The outbox's connection: every commit is on the disk before it returns."""
    db = sqlite.connect(str(path), isolation_level=None, check_same_thread=False, timeout=5)
    try:
        db.execute("PRAGMA journal_mode = WAL")
        db.execute("PRAGMA synchronous = FULL")
        db.execute("PRAGMA secure_delete = 1")
        if db.execute("PRAGMA quick_check(1)").fetchone()[0] != "ok":
            raise sqlite.DatabaseError("damaged")
        db.executescript(DDL)
        path.chmod(0o600)
    except BaseException:
        db.close()
        raise
    return db


def set_aside(path: Path) -> None:
    """Keep a damaged outbox under another name: nothing in it is thrown away."""
    for name in (path.name, f"{path.name}-wal", f"{path.name}-shm"):
        with contextlib.suppress(FileNotFoundError):
            path.with_name(name).rename(path.with_name(f"{name}.damaged-{now_ms()}"))

