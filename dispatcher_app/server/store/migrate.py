"""Bringing a database to the present tables, after a backup, and refusing one from a newer program."""

from __future__ import annotations

import secrets
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy.exc import DBAPIError

from dispatcher_app import codec
from dispatcher_app.domain.entity import PLATFORM
from dispatcher_app.server.store.backup import back_up
from dispatcher_app.server.store.database import Cursor, Database, TooOld, Unavailable

MIGRATIONS = Path(__file__).parent / "migrations"
MIGRATING = 7_302_610
"""The advisory lock under which tables are changed."""


def migrate(database: Database) -> bool:
    """Upgrade to the newest tables; returns whether anything was done, raises TooOld for a newer database."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    script = ScriptDirectory.from_config(config)
    newest = script.get_current_head()
    try:
        present = revision(database)
        if present is not None and present != newest:
            known(script, present)
            if database.path is not None:
                back_up(database, database.path.with_name(f"{database.path.name}.before-{newest}"))
        if present != newest:
            upgrade(database, config)
    except DBAPIError as error:
        raise Unavailable(str(error.orig)) from error
    with database.writing() as cursor:
        prepare(cursor)
    return present != newest


def revision(database: Database) -> str | None:
    """The tables that the database has, None for an empty one."""
    with database.writes.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision()


def known(script: ScriptDirectory, present: str) -> None:
    """Raises TooOld where this program has never heard of the database's tables."""
    try:
        script.get_revision(present)
    except CommandError:
        raise TooOld(present) from None


def upgrade(database: Database, config: Config) -> None:
    """All steps or none, and by one program at a time: a second one waits and then finds nothing to do."""
    with database.writes.connect() as connection:
        connection.exec_driver_sql(
            f"SELECT pg_advisory_xact_lock({MIGRATING})" if database.postgresql else "BEGIN IMMEDIATE"
        )
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
        connection.commit()


def prepare(cursor: Cursor) -> None:
    """Give a new database its identity, and refuse bodies that this program can't read."""
    put = "INSERT INTO meta (key, value) VALUES (?, ?) ON CONFLICT (key) DO NOTHING"
    cursor.run(put, ("log_id", secrets.token_hex(16)))
    cursor.run(put, ("protocol", str(codec.PROTOCOL)))
    cursor.run("INSERT INTO log_head (log, seq) VALUES (?, 0) ON CONFLICT (log) DO NOTHING", (PLATFORM,))
    row = cursor.one("SELECT value FROM meta WHERE key = ?", ("protocol",))
    if row is not None and int(row[0]) > codec.PROTOCOL:
        raise TooOld(f"protocol {row[0]}")
    cursor.run("UPDATE meta SET value = ? WHERE key = ?", (str(codec.PROTOCOL), "protocol"))
    for kind, schema in cursor.all("SELECT kind, MAX(schema) FROM entity GROUP BY kind"):
        if schema > codec.SCHEMAS.get(kind, 0):
            raise TooOld(f"{kind} {schema}")
