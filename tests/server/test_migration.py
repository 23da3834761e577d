"""The tables: as the migrations make them, as the code wants them."""

import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext

from dispatcher_app.server.store.database import Database, open_database
from dispatcher_app.server.store.migrate import MIGRATIONS, migrate, revision
from dispatcher_app.server.store.schema import metadata
from tests.server.cluster import Cluster


@pytest.fixture(params=["sqlite", "postgresql"])
def empty(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """A database with nothing in it."""
    if request.param == "sqlite":
        database = open_database(f"sqlite:///{tmp_path / 'empty.db'}")
        yield database
        database.close()
        return
    cluster: Cluster = request.getfixturevalue("cluster")
    name = f"e{uuid.uuid4().hex}"
    cluster.run(f"CREATE DATABASE {name}")
    database = open_database(cluster.url(name))
    yield database
    database.close()
    cluster.run(f"DROP DATABASE {name} WITH (FORCE)")


def test_the_migrations_make_exactly_the_tables_that_the_code_names(empty: Database) -> None:
    assert migrate(empty)
    with empty.writes.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, metadata) == []


def test_migrating_again_changes_nothing_and_keeps_the_identity(empty: Database) -> None:
    migrate(empty)
    with empty.reading() as cursor:
        before = cursor.all("SELECT key, value FROM meta ORDER BY key")
    assert not migrate(empty)
    with empty.reading() as cursor:
        assert cursor.all("SELECT key, value FROM meta ORDER BY key") == before
    assert revision(empty) is not None


def test_a_migration_that_breaks_leaves_nothing_half_made(empty: Database) -> None:
    with empty.writing() as cursor:
        cursor.run("CREATE TABLE token (wrong TEXT)")
    with pytest.raises(Exception, match="token"):
        migrate(empty)
    assert revision(empty) is None
    with empty.writing() as cursor:
        cursor.run("DROP TABLE token")
    assert migrate(empty)


def at_revision(database: Database, wanted: str) -> None:
    """The tables as an earlier program made them."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    with database.writes.connect() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, wanted)
        connection.commit()


def test_a_database_of_the_first_program_is_upgraded_with_all_that_is_in_it(empty: Database) -> None:
    at_revision(empty, "0001")
    with empty.writing() as cursor:
        cursor.run("INSERT INTO meta (key, value) VALUES ('log_id', 'as-it-was')")
        cursor.run("INSERT INTO log_head (log, seq) VALUES ('sh', 7)")
        cursor.run(
            "INSERT INTO order_row (id, number, status, closed) VALUES ('o1', '261122-0001', 'pending', 0)"
        )
    assert migrate(empty)
    with empty.reading() as cursor:
        assert cursor.one("SELECT value FROM meta WHERE key = 'log_id'") == ("as-it-was",)
        assert cursor.one("SELECT seq FROM log_head WHERE log = 'sh'") == (7,)
        assert cursor.one("SELECT number, status FROM order_row WHERE id = 'o1'") == (
            "261122-0001",
            "pending",
        )
        assert cursor.all("SELECT id FROM upload") == cursor.all("SELECT id FROM attachment_file") == []
    with empty.writes.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, metadata) == []
    if empty.path is not None:
        assert len(list(empty.path.parent.glob("*.before-*"))) == 1


def test_an_offer_that_runs_while_tables_change_ends_all_the_same(empty: Database) -> None:
    at_revision(empty, "0001")
    with empty.writing() as cursor:
        cursor.run("INSERT INTO meta (key, value) VALUES ('log_id', 'as-it-was')")
        for id, status, body in (
            ("o1", "offered", '{"offer":{"expires_at":1795400000000}}'),
            ("o2", "pending", "{}"),
        ):
            cursor.run(
                "INSERT INTO order_row (id, number, status, closed) VALUES (?, ?, ?, 0)", (id, id, status)
            )
            cursor.run(
                "INSERT INTO entity (kind, id, region, version, seq, schema, body) VALUES ('order', ?, 'sh', 1, 1, 1, ?)",
                (id, body),
            )
    assert migrate(empty)
    with empty.reading() as cursor:
        found = cursor.all("SELECT id, alarm FROM order_row ORDER BY id")
    assert found == [("o1", 1795400000000), ("o2", None)]
