"""One running backend: its database, writer, streams, log-ins and jobs, put together once."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from dispatcher_app.integrations.invoicing import ByHand, Invoicing
from dispatcher_app.integrations.payments.port import Provider
from dispatcher_app.integrations.payout import Payouts
from dispatcher_app.server.adoption import adopt
from dispatcher_app.server.auth import Auth
from dispatcher_app.server.executor import Executor
from dispatcher_app.server.files.archive import Archive, open_archive
from dispatcher_app.server.follower import CHANNEL, Follower
from dispatcher_app.server.hub import Hub
from dispatcher_app.server.lease import Leases, node_name
from dispatcher_app.server.notices.means import Means
from dispatcher_app.server.pages.gate import Gate
from dispatcher_app.server.pay.collect import Watch
from dispatcher_app.server.plans import Plans
from dispatcher_app.server.position import Positions
from dispatcher_app.server.presence import Presences
from dispatcher_app.server.store.database import Cursor, Database, open_database
from dispatcher_app.server.store.migrate import migrate
from dispatcher_app.server.travels import Travels
from dispatcher_app.server.tries import CodeTries
from dispatcher_app.server.vault import Vault, WrongKey, key_from


@dataclass(slots=True)
class Node:
    """What the routes need."""

    database: Database
    vault: Vault
    executor: Executor
    hub: Hub
    auth: Auth
    positions: Positions
    presences: Presences
    follower: Follower
    archive: Archive
    leases: Leases
    local_token: str | None = None
    practice: bool = False
    means: Means = field(default_factory=Means)
    tries: CodeTries = field(default_factory=CodeTries)
    door: Gate = field(default_factory=Gate)
    travels: Travels = field(default_factory=Travels)
    plans: Plans = field(default_factory=Plans)
    keeps_plan: bool = False
    invoicing: Invoicing = field(default_factory=ByHand)
    payments: Mapping[str, Provider] = field(default_factory=dict)
    payouts: Payouts | None = None
    collecting: Watch = field(default_factory=Watch)

    def close(self) -> None:
        """End the streams, finish what is in line, let go of the database."""
        self.hub.close()
        self.executor.close()
        self.follower.close()
        self.database.close()
        self.travels.close()


def prepared(url: str, key_file: Path, *, any_key: bool = False) -> tuple[Database, Vault]:
    """The database brought to the present tables, and its vault; raises WrongKey for another database's key."""
    database = open_database(url)
    try:
        migrate(database)
        vault = Vault(key_from(key_file))
        with database.writing() as cursor:
            cursor.run(
                "INSERT INTO meta (key, value) VALUES ('key', ?) ON CONFLICT (key) DO NOTHING", (vault.name,)
            )
            row = cursor.one("SELECT value FROM meta WHERE key = 'key'")
        if row != (vault.name,) and not any_key:
            raise WrongKey(str(key_file))
    except BaseException:
        database.close()
        raise
    return database, vault


def open_node(
    url: str,
    key_file: Path,
    loop: asyncio.AbstractEventLoop,
    *,
    local_token: str | None = None,
    practice: bool = False,
    files: str | None = None,
) -> Node:
    """A backend on that database, with its photos in the store at `files`; publishing to desks happens in `loop`."""
    archive = open_archive(files, key_file.parent)
    database, vault = prepared(url, key_file)
    with database.reading() as cursor:
        heads = dict(cursor.all("SELECT log, seq FROM log_head"))
        row = cursor.one("SELECT value FROM meta WHERE key = ?", ("log_id",))
    assert row is not None
    hub = Hub(row[0], heads)

    def to_desks(messages: Sequence[tuple[str, int, bytes]]) -> None:
        if not loop.is_closed():
            loop.call_soon_threadsafe(hub.publish, messages)

    follower = Follower(database, heads, to_desks)
    executor = Executor(
        database, vault, follower.committed, before_commit=notify if database.postgresql else None
    )
    adopt(database, executor)
    auth = Auth(database, executor)
    positions = Positions(database, executor, hub)
    presences = Presences(database, executor, hub)
    leases = Leases(database, executor, node_name(database, key_file.parent))
    return Node(
        database,
        vault,
        executor,
        hub,
        auth,
        positions,
        presences,
        follower,
        archive,
        leases,
        local_token,
        practice,
    )


def notify(cursor: Cursor) -> None:
    """Wake the other nodes when this transaction commits."""
    cursor.run(f"NOTIFY {CHANNEL}")
