"""The keeper's program, as it is typed."""

import re
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from dispatcher_app.server.store.database import Cursor
from tests.server.city import PASSWORD, Gate, Place, assign, book, open_gate
from tests.server.desk import desk, log_in, stream
from tests.server.process import Server, administer, administer_here


def ok(done: subprocess.CompletedProcess[str]) -> str:
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def fails(done: subprocess.CompletedProcess[str]) -> str:
    assert done.returncode != 0, done.stdout
    assert "Traceback" not in done.stderr
    assert done.stderr.strip()
    return done.stderr


def test_a_region_and_a_user_are_made_while_the_server_runs(
    place: Place, launch: Callable[..., Server]
) -> None:
    server = launch(place)
    ok(administer(place, "create-region", "gz", "广州", "--centre", "113.26,23.13"))
    words = ("create-user", "xiao", "--name", "小何", "--roles", "dispatcher,counter", "--regions", "gz")
    ok(administer(place, *words, "--password-stdin", given="a-good-passphrase\n"))
    staff = log_in(server.url, "xiao", "a-good-passphrase").json()["staff"]
    assert (staff["name"], staff["roles"], staff["regions"]) == ("小何", ["dispatcher", "counter"], ["gz"])
    ok(administer(place, "create-user", "xiao", "--password-stdin", given="a-better-passphrase\n"))
    staff = log_in(server.url, "xiao", "a-better-passphrase").json()["staff"]
    assert (staff["name"], staff["roles"], staff["regions"]) == ("小何", ["dispatcher", "counter"], ["gz"])


def test_a_password_that_nobody_gave_is_made_and_shown(sqlite: Place, launch: Callable[..., Server]) -> None:
    said = ok(administer(sqlite, "create-user", "xiao", "--regions", "sh"))
    found = re.search(r"[\w-]{16}", said)
    assert found is not None
    assert log_in(launch(sqlite).url, "xiao", found[0]).status_code == 200


@pytest.mark.parametrize(
    "words",
    [("create-user", "new", "--password-stdin", "--regions", "none"),
     ("create-user", "new", "--password-stdin", "--roles", "king"),
     ("create-user", "new", "--password-stdin"), ("create-region", "x", "x", "--centre", "here"),
     ("create-region", "x", " ", "--centre", "1,1"), ("create-region", "x", "x", "--centre", "1,1", "--timezone", "Mars"),
     ("backup", "/proc/none/file"), ("restore", "/nothing/here")],
)  # fmt: skip
def test_what_cannot_be_is_refused_in_a_sentence_and_changes_nothing(
    sqlite: Place, words: tuple[str, ...]
) -> None:
    gate = open_gate(sqlite)
    before = gate.all("SELECT * FROM log_head ORDER BY log")
    fails(administer_here(sqlite, *words, given="short\n"))
    assert gate.all("SELECT * FROM log_head ORDER BY log") == before
    assert gate.all("SELECT name FROM login WHERE name = 'new'") == []
    gate.close()


def test_a_backup_made_while_people_work_is_whole_and_can_be_put_back(
    place: Place, launch: Callable[..., Server], tmp_path: Path
) -> None:
    if place.postgresql and shutil.which("pg_dump") is None:
        pytest.skip("pg_dump is not installed")
    server, copy = launch(place), tmp_path / "copy"
    with desk(server.url) as one, stream(one) as opened:
        log_id = opened.named("hello")[0]["log_id"]
        one.do(book(1, order="o-before"))
        ok(administer(place, "backup", str(copy)))
        assert copy.stat().st_mode & 0o777 == 0o600
        one.do(book(2, order="o-after"))
        fails(administer_here(place, "backup", str(copy)))
        assert "o-after" in {id for _, id in one.state()}
        fails(administer_here(place, "restore", str(copy)))
    server.stop()
    ok(administer(place, "restore", str(copy)))
    ok(administer_here(place, "verify"))
    again = launch(place)
    with desk(again.url) as one, stream(one) as opened:
        assert opened.named("hello")[0]["log_id"] != log_id
        ids = {id for _, id in one.state()}
        assert "o-before" in ids
        assert "o-after" not in ids
        one.do(book(3))


def test_what_was_replaced_by_a_restore_is_kept_with_its_last_commit(sqlite: Place, tmp_path: Path) -> None:
    copy = tmp_path / "copy.db"
    ok(administer_here(sqlite, "backup", str(copy)))
    gate = open_gate(sqlite)
    gate.do(book(order="o-last"))
    gate.close()
    ok(administer_here(sqlite, "restore", str(copy)))
    former = open_gate(Place(f"sqlite:///{sqlite.data / 'dispatcher.db.before-restore'}", sqlite.data))
    assert former.all("SELECT id FROM entity WHERE id = 'o-last'") == [("o-last",)]
    former.close()


def test_a_damaged_backup_is_not_put_back(sqlite: Place, tmp_path: Path) -> None:
    copy = tmp_path / "copy.db"
    ok(administer_here(sqlite, "backup", str(copy)))
    content = bytearray(copy.read_bytes())
    content[len(content) // 2 :] = b"\x55" * (len(content) - len(content) // 2)
    copy.write_bytes(content)
    fails(administer_here(sqlite, "restore", str(copy)))
    ok(administer_here(sqlite, "verify"))


DAMAGE: dict[str, tuple[str, str]] = {
    "a gap": ("log_gap", "DELETE FROM act WHERE log = 'sh' AND seq = 3"),
    "a head that lies": ("log_gap", "UPDATE log_head SET seq = seq + 1 WHERE log = 'sh'"),
    "a changed body": ("body_hash", "UPDATE entity SET body = REPLACE(body, 'phone', 'fax') WHERE id = 'o-1'"),
    "a changed version": ("body_hash", "UPDATE entity SET version = 77 WHERE id = 'o-1'"),
    "an unreadable body": ("body", "UPDATE entity SET body = '{' WHERE id = 'o-1'"),
    "a plan that is gone": ("plan", "DELETE FROM entity WHERE kind = 'day'"),
    "an order that is gone": ("plan", "DELETE FROM entity WHERE id = 'o-1'"),
    "a narrow row": ("order_row", "UPDATE order_row SET name = 'x' WHERE id = 'o-2'"),
    "a narrow row too many": ("order_row", "DELETE FROM entity WHERE id = 'o-2'"),
    "a secret of nobody": ("secret_orphan", "UPDATE secret SET id = 'nobody' WHERE id = 'c-o-1' AND field = 'phone'"),
    "a change of no act": (
        "orphan_changes",
        "INSERT INTO change (log, seq, kind, id, version, hash) VALUES ('sh', 999, 'order', 'x', 1, '')",
    ),
}  # fmt: skip


def planted(gate: Gate, what: str) -> None:
    gate.do(book(1, order="o-1"))
    gate.do(book(2, order="o-2"))
    gate.do(assign("o-1"))

    def damage(cursor: Cursor) -> None:
        assert cursor.run(DAMAGE[what][1]) > 0

    gate.executor.run(damage).result(20)


@pytest.mark.parametrize("what", DAMAGE)
def test_planted_damage_is_found_and_named(sqlite: Place, what: str) -> None:
    gate = open_gate(sqlite)
    planted(gate, what)
    gate.close()
    done = administer_here(sqlite, "verify")
    assert done.returncode == 1
    assert DAMAGE[what][0] + ": " in done.stdout


def test_two_visits_at_once_are_found(place: Place) -> None:
    gate = open_gate(place)
    gate.do(book(1, order="o-1"))
    gate.do(book(2, order="o-2"))
    gate.do(assign("o-1", hour=9))
    gate.do(assign("o-2", hour=14))

    def overlap(cursor: Any) -> None:
        (body,) = cursor.one("SELECT body FROM entity WHERE kind = 'day'")
        starts = re.findall(r'"start":(\d+),"end":(\d+)', body)
        changed = body.replace(f'"start":{starts[1][0]}', f'"start":{starts[0][0]}')
        cursor.run("UPDATE entity SET body = ? WHERE kind = 'day'", (changed,))

    gate.executor.run(overlap).result(20)
    gate.close()
    done = administer(place, "verify")
    assert done.returncode == 1
    assert "overlap: " in done.stdout


def test_the_key_of_another_database_is_found(sqlite: Place, tmp_path: Path) -> None:
    other = Place(f"sqlite:///{tmp_path / 'x.db'}", tmp_path / "other")
    other.data.mkdir()
    other.open()[0].close()
    shutil.copy(other.data / "secret.key", sqlite.data / "secret.key")
    done = administer_here(sqlite, "verify")
    assert done.returncode == 1
    assert "secret_key: " in done.stdout
    assert "secret.key" in fails(
        administer_here(sqlite, "create-user", "x", "--password-stdin", given=PASSWORD + "\n")
    )


def test_all_is_well_where_all_is_well(place: Place) -> None:
    ok(administer_here(place, "verify"))
