"""Full disks, clocks that jump, damaged files, and databases from another time."""

import os
import resource
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from dispatcher_app import clock, codec
from dispatcher_app.server import auth as auth_module
from dispatcher_app.server.auth import Auth
from tests.server.city import PASSWORD, Place, book, copy_of, open_gate
from tests.server.desk import Desk, desk, wire
from tests.server.process import Server, administer, administer_here, spawn
from tests.server.waiting import until


@pytest.fixture
def small_disk(seeded: Path, tmp_path: Path) -> Iterator[Place]:
    """A company on a disk of its own that is nearly full."""
    disk = tmp_path / "disk"
    disk.mkdir()
    words = ["mount", "-t", "tmpfs", "-o", "size=6m", "tmpfs", str(disk)]
    if os.geteuid() != 0 or subprocess.run(words, check=False, capture_output=True).returncode != 0:
        pytest.skip("only root may mount a small disk")
    yield copy_of(seeded, disk / "data")
    subprocess.run(["umount", "-l", str(disk)], check=True)


def fill(at: Desk) -> list[dict[str, object]]:
    """Book until the disk is full; the bookings that were not taken."""
    while True:
        body = wire(book(note="长" * 1900))
        answer = at.http.post("/commands/book-order", json=body)
        if answer.status_code != 200:
            assert answer.status_code == 503, answer.text
            assert answer.json()["error"] == "unavailable"
            assert answer.json()["reason"] in ("disk_full", "disk_fault")
            return [body]


def goes_on(at: Desk, place: Place, server: Server, refused: list[dict[str, object]]) -> None:
    for body in refused:

        def sent(body: dict[str, object] = body) -> bool:
            return at.http.post("/commands/book-order", json=body).status_code == 200

        until(sent, "the server never went on")
    state = at.state()
    server.stop()
    checked = administer(place, "verify")
    assert checked.returncode == 0, checked.stdout + checked.stderr
    assert sum(kind == "order" for kind, _ in state) >= 1


def test_a_full_disk_refuses_clearly_and_all_goes_on_when_there_is_room(
    small_disk: Place, launch: Callable[..., Server]
) -> None:
    ballast = small_disk.data / "ballast"
    ballast.write_bytes(b"\0" * 1_500_000)
    server = launch(small_disk)
    with desk(server.url) as one:
        refused = fill(one)
        assert one.http.get("/changes", params={"log": "sh"}).status_code == 200, "reading goes on"
        ballast.unlink()
        goes_on(one, small_disk, server, refused)


def test_a_file_that_may_not_grow_refuses_clearly_and_all_goes_on_afterwards(
    sqlite: Place, launch: Callable[..., Server]
) -> None:
    server = launch(sqlite)
    with desk(server.url) as one:
        one.do(book())
        limit = max(each.stat().st_size for each in sqlite.data.glob("dispatcher.db*")) + 100_000
        resource.prlimit(server.process.pid, resource.RLIMIT_FSIZE, (limit, resource.RLIM_INFINITY))
        refused = fill(one)
        unlimited = (resource.RLIM_INFINITY, resource.RLIM_INFINITY)
        resource.prlimit(server.process.pid, resource.RLIMIT_FSIZE, unlimited)
        goes_on(one, sqlite, server, refused)


NEWER = {
    "tables": "UPDATE alembic_version SET version_num = '9999'",
    "protocol": f"UPDATE meta SET value = '{codec.PROTOCOL + 1}' WHERE key = 'protocol'",
    "bodies": "UPDATE entity SET schema = 99 WHERE kind = 'region'",
}


@pytest.mark.parametrize("what", NEWER)
def test_a_program_older_than_its_database_says_so_and_touches_nothing(place: Place, what: str) -> None:
    gate = open_gate(place)
    gate.executor.run(lambda cursor: cursor.run(NEWER[what])).result(20)
    before = [
        gate.all(f"SELECT * FROM {table} ORDER BY 1, 2") for table in ("meta", "alembic_version, log_head")
    ]
    process, said, _ = spawn(place)
    assert process.wait(20) == 4
    for pipe in (process.stdin, process.stdout):
        assert pipe is not None
        pipe.close()
    assert said["error"] == "database_too_new"
    keeper = administer_here(place, "create-region", "gz", "广州", "--centre", "113,23")
    assert keeper.returncode == 1
    assert "Traceback" not in keeper.stderr
    assert len(keeper.stderr.strip().splitlines()) == 1
    after = [
        gate.all(f"SELECT * FROM {table} ORDER BY 1, 2") for table in ("meta", "alembic_version, log_head")
    ]
    assert after == before
    gate.close()


def refuses(place: Place, error: str) -> None:
    process, said, _ = spawn(place)
    assert process.wait(20) != 0
    for pipe in (process.stdin, process.stdout):
        assert pipe is not None
        pipe.close()
    assert said["error"] == error
    keeper = administer_here(place, "verify")
    assert keeper.returncode == 1
    assert "Traceback" not in keeper.stderr + keeper.stdout
    assert keeper.stderr.strip()


def test_a_damaged_file_is_not_taken_for_a_database(sqlite: Place) -> None:
    (sqlite.data / "dispatcher.db").write_bytes(b"this is no database" * 1000)
    refuses(sqlite, "no_database")


def test_a_database_that_is_not_there_is_said_in_a_sentence(tmp_path: Path) -> None:
    refuses(Place("postgresql+psycopg://nobody@127.0.0.1:1/none", tmp_path / "data"), "no_database")


@pytest.mark.parametrize("url", ["nonsense", "mysql://x/y"])
def test_an_address_that_is_none_is_said_in_a_sentence(tmp_path: Path, url: str) -> None:
    refuses(Place(url, tmp_path / "data"), "no_database")


def test_a_key_that_is_lost_or_damaged_is_not_replaced_in_silence(sqlite: Place) -> None:
    key = sqlite.data / "secret.key"
    for content in (None, b"", b"short"):
        key.unlink()
        if content is not None:
            key.write_bytes(content)
        process, said, _ = spawn(sqlite)
        assert process.wait(20) == 6
        assert said["error"] == "wrong_key"
        for pipe in (process.stdin, process.stdout):
            assert pipe is not None
            pipe.close()


def test_a_port_that_is_taken_is_said(sqlite: Place, launch: Callable[..., Server], tmp_path: Path) -> None:
    port = launch(sqlite).url.rpartition(":")[2]
    process, said, _ = spawn(Place(f"sqlite:///{tmp_path / 'o.db'}", tmp_path / "o"), "--port", port)
    assert process.wait(20) == 7
    assert said["error"] == "cant_listen"
    for pipe in (process.stdin, process.stdout):
        assert pipe is not None
        pipe.close()


@pytest.mark.parametrize("jump_ms", [-86_400_000, 86_400_000])
def test_a_clock_that_jumps_moves_neither_the_log_nor_what_people_said(
    place: Place, monkeypatch: pytest.MonkeyPatch, jump_ms: int
) -> None:
    gate = open_gate(place)
    auth = Auth(gate.database, gate.executor)
    token, _ = auth.log_in("lina", PASSWORD, "d", "a")
    first = gate.do(book())
    true = clock.now_ms()
    monkeypatch.setattr(clock, "now_ms", lambda: true + jump_ms)
    second = gate.do(book(window=None), at=true)
    assert second.message.seq == first.message.seq + 1
    assert second.message.at == min(true, true + jump_ms)
    assert auth.seat(token) is not None
    assert auth.remembered(token) is not None
    monkeypatch.setattr(clock, "now_ms", lambda: true + 2 * auth_module.TOKEN_MS)
    assert auth.remembered(token) is None
    assert auth.seat(token) is None
    gate.close()
