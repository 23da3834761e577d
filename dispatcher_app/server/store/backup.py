"""Copies of the database: made while it runs, checked before they count, put back by an administrator."""

from __future__ import annotations

import os
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
        source, copy = sqlite.connect(database.path), sqlite.connect(unfinished)
        try:
            source.backup(copy)
            copy.execute("PRAGMA journal_mode = DELETE")
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
    copy = sqlite.connect(f"file:{file}?mode=ro", uri=True)
    try:
        result = copy.execute("PRAGMA integrity_check").fetchone()
        copy.execute("SELECT value FROM meta WHERE key = 'log_id'").fetchone()
    except sqlite.DatabaseError as error:
        raise BackupFailed(f"{file} is no whole backup: {error}") from error
    finally:
        copy.close()
    if result != ("ok",):
        raise BackupFailed(f"{file} is damaged: {result}")


def restore(source: Path, url: str) -> None:
    """Put a backup back in place of the database; the desks fetch everything anew, since the log is another one."""
    if make_url(url).get_backend_name() != "sqlite":
        run_tool("pg_restore", ["--clean", "--if-exists", "--single-transaction", "-d"], url, source)
        return
    check(source)
    path = Path(str(make_url(url).database))
    fresh = path.with_name(path.name + ".restoring")
    fresh.write_bytes(source.read_bytes())
    with fresh.open("rb") as written:
        os.fsync(written.fileno())
    for tail in ("-wal", "-shm"):
        path.with_name(path.name + tail).unlink(missing_ok=True)
    if path.exists():
        path.replace(path.with_name(path.name + ".before-restore"))
    fresh.replace(path)


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
