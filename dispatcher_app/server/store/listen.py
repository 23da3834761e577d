"""PostgreSQL's notifications: a hint from another node that there is something to read."""

from __future__ import annotations

from collections.abc import Iterator

import psycopg
import psycopg.sql

from dispatcher_app.server.store.database import Database, Unavailable


def listen(database: Database, channel: str, every_s: float) -> Iterator[None]:
    """Yields at every notification and at least every so many seconds; raises Unavailable when cut off."""
    address = database.writes.url.set(drivername="postgresql").render_as_string(hide_password=False)
    try:
        with psycopg.connect(address, autocommit=True) as connection:
            connection.execute(psycopg.sql.SQL("LISTEN {}").format(psycopg.sql.Identifier(channel)))
            while True:
                for _ in connection.notifies(timeout=every_s, stop_after=1):
                    pass
                yield
    except psycopg.Error as error:
        raise Unavailable(str(error)) from error
