"""Uploads when things break: cut lines, killed servers, full disks, stores that fail, what is left lying about."""

import asyncio
import hashlib
import os
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import partial
from pathlib import Path

import httpx
import pytest

from dispatcher_app import clock
from dispatcher_app.server.files import clean, seal
from dispatcher_app.server.files.store import NoFile, Store, StoreAway, open_store
from dispatcher_app.server.node import open_node
from dispatcher_app.server.vault import Vault, WrongKey
from tests.client.conftest import Run, run
from tests.server import picture
from tests.server.bucket import BUCKET, Bucket, open_bucket
from tests.server.city import Place, copy_of
from tests.server.desk import Desk, desk
from tests.server.process import Server, administer_here
from tests.server.sending import BYTES, announce, attachment, begun, ordered, patch, sent, standing
from tests.server.waiting import until

__all__ = ["run"]

FILM = picture.film(3_000_000)


def broken_off(data: bytes, at: int) -> Iterator[bytes]:
    """Bytes that end before the end, as a line that is cut."""
    yield data[:at]
    raise ConnectionError


def test_a_cut_upload_goes_on_where_it_was_cut(place: Place, server: Server) -> None:
    with desk(server.url) as one:
        id = begun(one, ordered(one), FILM, "video/mp4", sha256=hashlib.sha256(FILM).hexdigest())
        headers = {**BYTES, "upload-offset": "0", "content-length": str(len(FILM))}
        with pytest.raises(ConnectionError):
            one.http.patch(f"/uploads/{id}", content=broken_off(FILM, 1_234_567), headers=headers)
        # Whoever asks ends what is still being read of the cut line, so wait for that on the disk.
        part = place.data / "uploads" / f"{id}.part"
        until(lambda: part.stat().st_size > 1_000_000, "nothing came in")
        offset = int(one.http.head(f"/uploads/{id}").headers["upload-offset"])
        assert offset <= 1_234_567
        assert patch(one, id, FILM[offset:], offset).status_code == 204
        assert standing(one, id)["state"] == "done"


def test_an_upload_survives_the_server_killed_in_the_middle(
    place: Place, launch: Callable[..., Server]
) -> None:
    server = launch(place)
    with desk(server.url) as one:
        order = ordered(one)
        id = begun(one, order, FILM, "video/mp4", sha256=hashlib.sha256(FILM).hexdigest())
        assert patch(one, id, FILM[:2_000_000]).status_code == 204
    server.kill()
    server = launch(place)
    with desk(server.url) as one:
        offset = int(one.http.head(f"/uploads/{id}").headers["upload-offset"])
        assert offset == 2_000_000
        assert patch(one, id, FILM[offset:], offset).status_code == 204
        assert standing(one, id)["state"] == "done"
        assert attachment(one, id)["original_sha256"] == hashlib.sha256(FILM).hexdigest()


def taken_up(one: Desk, id: str) -> bool:
    """Whether an upload has become an attachment."""
    return bool(standing(one, id)["state"] == "done")


@pytest.mark.deep_on_postgres
def test_a_whole_file_becomes_an_attachment_once_wherever_the_server_was_killed(
    place: Place, launch: Callable[..., Server]
) -> None:
    data = picture.photo(width=3000, height=2000)
    for wait_s in (0.0, 0.2, 0.5):
        server = launch(place)
        with desk(server.url) as one:
            order = ordered(one)
            id = begun(one, order, data)
            assert patch(one, id, data[:-1]).status_code == 204
            with httpx.Client(base_url=server.url, headers=one.http.headers, timeout=wait_s + 0.05) as hasty:
                headers = {**BYTES, "upload-offset": str(len(data) - 1)}
                with suppress(httpx.TimeoutException):
                    hasty.patch(f"/uploads/{id}", content=data[-1:], headers=headers)
        server.kill()
        server = launch(place)
        with desk(server.url) as one:
            offset = int(one.http.head(f"/uploads/{id}").headers["upload-offset"])
            if offset < len(data):
                assert patch(one, id, data[offset:], offset).status_code == 204
            # What was whole already is taken up by the new server's first work, not by a request.
            until(partial(taken_up, one, id), "it is not taken up")
            assert one.state()["order", order][1]["attachments"] == 1
            assert one.http.get(f"/attachments/{id}").status_code == 200
        server.stop()
    assert administer_here(place, "verify").returncode == 0


def test_a_second_connection_takes_over_from_one_that_hangs(place: Place, server: Server) -> None:
    with desk(server.url) as one:
        id = begun(one, ordered(one), FILM, "video/mp4")
        hanging = httpx.Client(base_url=server.url, headers=one.http.headers)
        go = threading.Event()

        def slow() -> Iterator[bytes]:
            yield FILM[:700_000]
            go.wait(20)
            yield FILM[700_000:]

        answers: list[int | str] = []

        def send() -> None:
            try:
                headers = {**BYTES, "upload-offset": "0", "content-length": str(len(FILM))}
                answers.append(hanging.patch(f"/uploads/{id}", content=slow(), headers=headers).status_code)
            except httpx.TransportError as error:
                answers.append(type(error).__name__)

        thread = threading.Thread(target=send)
        thread.start()
        part = place.data / "uploads" / f"{id}.part"
        until(lambda: part.stat().st_size, "nothing came in")
        offset = int(one.http.head(f"/uploads/{id}").headers["upload-offset"])
        assert patch(one, id, FILM[offset:], offset).status_code == 204
        go.set()
        thread.join()
        hanging.close()
        assert standing(one, id)["state"] == "done"
        assert answers[0] != 204


@pytest.mark.skipif(
    not Path("/proc/self/stat").exists(), reason="this system does not tell whose child a process is"
)
def test_a_killed_server_leaves_no_process_behind(sqlite: Place, launch: Callable[..., Server]) -> None:
    server = launch(sqlite)
    with desk(server.url) as one:
        sent(one, ordered(one), picture.photo())
    hands = children(server.process.pid)
    assert hands
    server.kill()
    until(lambda: not any(Path(f"/proc/{each}").exists() for each in hands), "somebody stayed")


def children(pid: int) -> list[int]:
    """The processes that a process has started and that still run."""
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            if int(stat.read_text().rpartition(")")[2].split()[1]) == pid:
                found.append(int(stat.parent.name))
    return found


@pytest.fixture
def small_disk(seeded: Path, tmp_path: Path) -> Iterator[Place]:
    """A company on a disk of its own with little more room than is kept in reserve."""
    disk = tmp_path / "disk"
    disk.mkdir()
    if subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=300m", "tmpfs", str(disk)], check=False
    ).returncode:
        pytest.skip("only root may mount a small disk")
    yield copy_of(seeded, disk / "data")
    subprocess.run(["umount", "-l", str(disk)], check=True)


def test_a_full_disk_says_so_and_the_upload_goes_on_when_there_is_room(
    small_disk: Place, launch: Callable[..., Server]
) -> None:
    server = launch(small_disk)
    ballast = small_disk.data / "ballast"
    with desk(server.url) as one:
        order = ordered(one)
        answer = announce(one, order, b"", "video/mp4", size=100 << 20)
        assert (answer.status_code, answer.json()) == (507, {"error": "disk_full"})
        id = begun(one, order, FILM, "video/mp4")
        with ballast.open("wb") as filling:
            try:
                while True:
                    os.write(filling.fileno(), bytes(1 << 20))
            except OSError:
                pass
        answer = patch(one, id, FILM)
        assert (answer.status_code, answer.json()) == (507, {"error": "disk_full"})
        ballast.unlink()
        offset = int(one.http.head(f"/uploads/{id}").headers["upload-offset"])
        assert patch(one, id, FILM[offset:], offset).status_code == 204
        assert standing(one, id)["state"] == "done"


@pytest.fixture
def bucket(monkeypatch: pytest.MonkeyPatch) -> Iterator[Bucket]:
    """An object store in the middle."""
    with open_bucket() as made:
        for name, value in made.environment.items():
            monkeypatch.setenv(name, value)
        yield made


def test_an_object_store_serves_as_well_as_a_folder(
    sqlite: Place, bucket: Bucket, launch: Callable[..., Server]
) -> None:
    store = f"s3://{BUCKET}/repair"
    server = launch(sqlite, "--files", store)
    large = picture.film(12_000_000)
    with desk(server.url, "lina") as one:
        order = ordered(one)
        data = picture.photo()
        bucket.faults, bucket.methods = [500, 503], "PUT"
        photo = sent(one, order, data)
        film = sent(one, order, large, "video/mp4")
        assert (
            one.http.get(f"/attachments/{film}", headers={"range": "bytes=7000000-7000099"}).content
            == (one.http.get(f"/attachments/{film}").content[7_000_000:7_000_100])
        )
        for id, original in ((photo, data), (film, large)):
            opened = one.http.get(f"/attachments/{id}/original", params={"reason": "投诉"})
            assert opened.content == original
        assert bucket.unsigned == 0
        assert set(bucket.files) == {
            f"repair/{place}/{id}" for place, id in
            (("view", photo), ("thumb", photo), ("sealed", photo), ("view", film), ("sealed", film))
        }  # fmt: skip
        assert not any(b"31.1934" in each or b"HUAWEI" in each for each in bucket.files.values())
    server.stop()
    assert administer_here(sqlite, "verify", "--files", store).returncode == 0
    bucket.files[f"repair/view/{photo}"] = b"something else"
    del bucket.files[f"repair/thumb/{photo}"]
    bucket.files[f"repair/sealed/{film}"] = bucket.files[f"repair/sealed/{film}"][:-1]
    bucket.files["repair/view/nobody"] = b"?"
    said = administer_here(sqlite, "verify", "--files", store).stdout
    for finding in (
        f"file_hash: view/{photo}", f"file_missing: thumb/{photo}", f"file_seal: sealed/{film}",
        "file_orphan: view/nobody",
    ):  # fmt: skip
        assert finding in said


def test_a_store_that_is_away_keeps_the_file_whole_until_it_is_back(
    sqlite: Place, bucket: Bucket, launch: Callable[..., Server]
) -> None:
    server = launch(sqlite, "--files", f"s3://{BUCKET}")
    with desk(server.url) as one:
        data = picture.photo()
        id = begun(one, ordered(one), data)
        bucket.faults, bucket.methods = [403] * 4, "PUT"
        answer = patch(one, id, data)
        assert (answer.status_code, answer.headers["upload-complete"]) == (204, "?0")
        bucket.faults = []
        assert standing(one, id)["state"] == "done"
        bucket.faults, bucket.methods = [403], "GET"
        away = one.http.get(f"/attachments/{id}")
        assert (away.status_code, away.json()["reason"]) == (503, "files")
        del bucket.files[f"view/{id}"]
        assert one.http.get(f"/attachments/{id}").json() == {"error": "file_missing"}


@pytest.fixture(params=["folder", "bucket"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Store:
    """A store of each sort."""
    if request.param == "folder":
        return open_store(None, tmp_path)
    request.getfixturevalue("bucket")
    return open_store(f"s3://{BUCKET}/here", tmp_path)


async def test_a_store_gives_back_what_it_was_given_whole_and_in_parts(store: Store) -> None:
    for size in (0, 1, 5 << 20, (5 << 20) + 1, 11 << 20):
        data = os.urandom(size)

        async def chunks(data: bytes = data):  # type: ignore[no-untyped-def]
            for at in range(0, len(data), 700_000):
                yield data[at : at + 700_000]

        await store.put("view/a", chunks(), size)
        assert b"".join([each async for each in await store.get("view/a")]) == data
        if size > 100:
            assert b"".join([each async for each in await store.get("view/a", 7, 99)]) == data[7:99]
            assert b"".join([each async for each in await store.get("view/a", size - 5)]) == data[-5:]
        assert await store.size("view/a") == size
        assert [(each.name, each.size) async for each in store.names("view")] == [("view/a", size)]
    for _ in range(2):
        await store.delete("view/a")
    assert await store.size("view/a") is None
    with pytest.raises(NoFile):
        await store.get("view/a")


async def test_a_store_that_cuts_an_answer_never_passes_the_half_for_the_whole(
    bucket: Bucket, tmp_path: Path
) -> None:
    store = open_store(f"s3://{BUCKET}", tmp_path)
    data = os.urandom(300_000)
    bucket.files["view/a"] = data
    bucket.faults = ["cut"] * 20
    with suppress(StoreAway):
        assert b"".join([each async for each in await store.get("view/a")]) == data
    bucket.faults = ["silent", 500]
    assert b"".join([each async for each in await store.get("view/a")]) == data


async def test_a_seal_opens_only_whole_in_order_and_at_its_place() -> None:
    async def told(*pieces: bytes):  # type: ignore[no-untyped-def]
        for each in pieces:
            yield each

    vault = Vault(bytes(32))
    for size in (0, 1, 1 << 20, (1 << 20) + 1, 3_333_333):
        data = os.urandom(size)
        sealed = [each async for each in seal.sealed(vault, "a", told(data))]
        whole = b"".join(sealed)
        assert len(whole) == seal.sealed_size(size)
        assert b"".join([each async for each in seal.opened(vault, "a", told(whole))]) == data
        wrong = [whole[:-1], whole + b"x", whole[:5] + b"\0\1" + whole[7:]]
        if len(sealed) > 1:
            wrong += [b"".join(sealed[:-1]), b"".join([sealed[1], sealed[0], *sealed[2:]])]
        for each in wrong:
            with pytest.raises(WrongKey):
                [piece async for piece in seal.opened(vault, "a", told(each))]
        with pytest.raises(WrongKey):
            [piece async for piece in seal.opened(vault, "b", told(whole))]


def test_what_nobody_waits_for_is_cleaned_away_and_nothing_else(
    sqlite: Place, launch: Callable[..., Server], run: Run
) -> None:
    server = launch(sqlite)
    with desk(server.url) as one:
        order = ordered(one)
        kept = sent(one, order, picture.photo())
        waiting, stopped = begun(one, order, FILM, "video/mp4"), begun(one, order, FILM, "video/mp4")
        for id in (waiting, stopped):
            patch(one, id, FILM[:1000])
    server.stop()
    files, parts = sqlite.data / "files", sqlite.data / "uploads"
    (files / "view" / "orphan").write_bytes(b"x")
    (files / "view" / "fresh").write_bytes(b"x")
    (parts / "lost.part").write_bytes(b"x")
    old = time.time() - 2 * 86_400
    for each in (
        files / "view" / "orphan",
        files / "view" / kept,
        parts / "lost.part",
        parts / f"{waiting}.part",
    ):
        os.utime(each, (old, old))
    assert "file_orphan: view/orphan" in administer_here(sqlite, "verify").stdout
    database, _ = sqlite.open()
    with database.writing() as cursor:
        cursor.run("UPDATE upload SET expires_at = ? WHERE id = ?", (clock.now_ms() - 1, stopped))
    database.close()

    async def story() -> None:
        node = open_node(sqlite.url, sqlite.data / "secret.key", asyncio.get_running_loop())
        assert await clean.clean(node) == 2
        await node.archive.close()
        node.close()

    run(story())
    assert {each.name for each in (files / "view").iterdir()} == {kept, "fresh"}
    assert {each.name for each in parts.iterdir()} == {f"{waiting}.part"}
