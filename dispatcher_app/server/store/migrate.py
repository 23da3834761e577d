"""Bringing a database to the present tables, after a backup, and refusing one from a newer program."""

from __future__ import annotations

import secrets
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util import CommandError

from dispatcher_app import codec
from dispatcher_app.domain.entity import PLATFORM
from dispatcher_app.server.store.database import Cursor, Database, TooOld

MIGRATIONS = Path(__file__).parent / "migrations"


def migrate(database: Database) -> bool:
    """Upgrade to the newest tables; returns whether anything was done, raises TooOld for a newer database."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    script = ScriptDirectory.from_config(config)
    with database.writes.connect() as connection:
        present = MigrationContext.configure(connection).get_current_revision()
        newest = script.get_current_head()
        if present != newest:
            try:
                if present is not None:
                    script.get_revision(present)
            except CommandError:
                raise TooOld(present) from None
            config.attributes["connection"] = connection
            command.upgrade(config, "head")
            connection.commit()
    with database.writing() as cursor:
        prepare(cursor)
    return present != newest


def prepare(cursor: Cursor) -> None:
    """Give a new database its identity, and refuse bodies that this program can't read."""
    put = "INSERT INTO meta (key, value) VALUES (?, ?) ON CONFLICT (key) DO NOTHING"
    cursor.run(put, ("log_id", secrets.token_hex(16)))
    cursor.run(put, ("protocol", str(codec.PROTOCOL)))
    cursor.run("INSERT INTO log_head (log, seq) VALUES (?, 0) ON CONFLICT (log) DO NOTHING", (PLATFORM,))
    row = cursor.one("SELECT value FROM meta WHERE key = ?", ("protocol",))
    if row is not None and int(row[0]) > codec.PROTOCOL:
        raise TooOld(f"protocol {row[0]}")
    for kind, schema in cursor.all("SELECT kind, MAX(schema) FROM entity GROUP BY kind"):
        if schema > codec.SCHEMAS.get(kind, 0):
            raise TooOld(f"{kind} {schema}")
