"""Copies of the database: made while it runs, checked before they count, put back by an administrator."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pysqlite3.dbapi2 as sqlite
from sqlalchemy.engine import make_url

from dispatcher_app.server.store.database import Database


class BackupFailed(Exception):
    """No copy was made, or the copy is not whole."""


def back_up(database: Database, target: Path) -> Path:
    """A whole copy at `target`; raises BackupFailed and leaves nothing half-made."""
    target.parent.mkdir(parents=True, exist_ok=True)
    if target.exists():
        raise BackupFailed(f"{target} exists already")
    unfinished = target.with_name(target.name + ".part")
    unfinished.unlink(missing_ok=True)
    if database.postgresql:
        run_tool("pg_dump", ["-Fc", "-f", str(unfinished)], database.url)
    else:
        assert database.path is not None
        unfinished.touch(0o600)
        source, copy = sqlite.connect(database.path), sqlite.connect(unfinished)
        try:
            source.backup(copy)
            copy.execute("PRAGMA journal_mode = DELETE")
        except sqlite.Error as error:
            unfinished.unlink(missing_ok=True)
            raise BackupFailed(f"no backup: {error}") from error
        finally:
            source.close()
            copy.close()
        check(unfinished)
    unfinished.chmod(0o600)
    with unfinished.open("rb") as written:
        os.fsync(written.fileno())
    unfinished.replace(target)
    return target


def check(file: Path) -> None:
    """Raises BackupFailed unless the copy is a whole database."""
    if not file.is_file():
        raise BackupFailed(f"there is no file {file}")
    try:
        copy = sqlite.connect(file.absolute().as_uri() + "?mode=ro", uri=True)
        try:
            result = copy.execute("PRAGMA integrity_check").fetchone()
            named = copy.execute("SELECT value FROM meta WHERE key = 'log_id'").fetchone()
        finally:
            copy.close()
    except sqlite.DatabaseError as error:
        raise BackupFailed(f"{file} is no whole backup: {error}") from error
    if result != ("ok",) or named is None:
        raise BackupFailed(f"{file} is damaged: {result}")


def stage(source: Path, url: str) -> str:
    """A checked copy of the backup beside the database, to be brought up to date there; returns its URL."""
    check(source)
    fresh = beside(url, ".restoring")
    fresh.unlink(missing_ok=True)
    fresh.touch(0o600)
    shutil.copyfile(source, fresh)
    return f"sqlite:///{fresh}"


def put_in_place(url: str) -> None:
    """The staged copy instead of the database, which is kept with all that was ever committed to it."""
    path, fresh, former = beside(url, ""), beside(url, ".restoring"), beside(url, ".before-restore")
    with fresh.open("rb") as written:
        os.fsync(written.fileno())
    if path.exists():
        # Its write-ahead log must neither be lost nor be played into the other file: it is folded in first.
        try:
            last = sqlite.connect(path)
            last.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            last.close()
        except sqlite.DatabaseError:
            pass
        for tail in ("", "-wal", "-shm"):
            former.with_name(former.name + tail).unlink(missing_ok=True)
            if path.with_name(path.name + tail).exists():
                path.with_name(path.name + tail).replace(former.with_name(former.name + tail))
    fresh.replace(path)


def beside(url: str, ending: str) -> Path:
    """The file of a SQLite database, or one named after it."""
    path = Path(str(make_url(url).database))
    return path.with_name(path.name + ending)


def restore_postgresql(source: Path, url: str) -> None:
    """Put a backup back in place of the database, whole or not at all."""
    if not source.is_file():
        raise BackupFailed(f"there is no file {source}")
    words = ["--clean", "--if-exists", "--no-owner", "--single-transaction", "-d"]
    run_tool("pg_restore", words, url, source)


def run_tool(tool: str, arguments: list[str], url: str, source: Path | None = None) -> None:
    """Run one of PostgreSQL's own programs on the database."""
    address = make_url(url).set(drivername="postgresql")
    environment = {**os.environ, "PGPASSWORD": str(address.password or "")}
    plain = address.set(password=None).render_as_string()
    words = [tool, *arguments, plain] if source is None else [tool, *arguments, plain, str(source)]
    try:
        done = subprocess.run(words, env=environment, capture_output=True, text=True, check=False)
    except FileNotFoundError as error:
        raise BackupFailed(f"{tool} is not installed on this machine") from error
    if done.returncode:
        raise BackupFailed(done.stderr.strip())


def newest(folder: Path) -> tuple[Path, int] | None:
    """The newest backup of a folder and when it was made (UTC ms)."""
    found = sorted(folder.glob("dispatcher-*.db"))
    return (found[-1], int(found[-1].stem.partition("-")[2])) if found else None


def thin_out(folder: Path, keep: int) -> None:
    """Keep only the newest backups."""
    for old in sorted(folder.glob("dispatcher-*.db"))[:-keep]:
        old.unlink()
