"""Photos and videos: taken in whatever happens on the way, looked at, and shown to who may see them."""

import hashlib
import io
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from PIL import Image

from dispatcher_app import clock
from dispatcher_app.domain import command as c
from tests.server import picture
from tests.server.city import STAFF, Place, copy_of
from tests.server.desk import Desk, desk
from tests.server.process import Server, spawn, start
from tests.server.sending import BYTES, announce, attachment, begun, ordered, patch, refused, sent, standing


@pytest.fixture(scope="module")
def shared(seeded: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Place, Server]]:
    """One server for what changes nothing that another test looks at."""
    place = copy_of(seeded, tmp_path_factory.mktemp("files") / "data")
    server = start(place)
    yield place, server
    server.stop()


@pytest.fixture(scope="module")
def desks(shared: tuple[Place, Server]) -> Iterator[dict[str, Desk]]:
    """Everybody of the company, logged in."""
    with ExitStack() as stack:
        yield {each.id: stack.enter_context(desk(shared[1].url, each.id)) for each in STAFF if each.active}


@pytest.fixture
def wang(desks: dict[str, Desk]) -> Desk:
    """A dispatcher."""
    return desks["wangfang"]


@pytest.mark.parametrize(
    ("format", "media"),
    [("JPEG", "image/jpeg"), ("PNG", "image/png"), ("WEBP", "image/webp"), ("HEIF", "image/heic")],
)
def test_everybody_gets_a_photo_upright_and_without_what_the_camera_wrote(
    wang: Desk, format: str, media: str
) -> None:
    order = ordered(wang)
    data = picture.photo(format, orientation=6)
    id = sent(wang, order, data, media)
    seen = wang.http.get(f"/attachments/{id}")
    assert seen.status_code == 200
    assert seen.headers["content-type"] == "image/jpeg"
    assert seen.headers["x-content-type-options"] == "nosniff"
    assert hashlib.sha256(seen.content).hexdigest() == attachment(wang, id)["sha256"]
    with Image.open(io.BytesIO(seen.content)) as shown:
        assert shown.size == (480, 640)
        assert not dict(shown.getexif())
        assert set(shown.info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"}
    for secret in (b"HUAWEI", b"secret-comment", b"2026:11:22", b"Exif"):
        assert secret in data or format != "JPEG"
        assert secret not in seen.content
    small = wang.http.get(f"/attachments/{id}/thumb")
    with Image.open(io.BytesIO(small.content)) as shown:
        assert max(shown.size) == 320


def test_what_the_camera_wrote_is_kept_for_supervisors_and_the_seal_opens_only_for_a_reason(
    shared: tuple[Place, Server], desks: dict[str, Desk]
) -> None:
    order = ordered(desks["wangfang"])
    data = picture.photo()
    id = sent(desks["wangfang"], order, data)
    facts = desks["lina"].http.get(f"/attachments/{id}/facts").json()
    assert (facts["lon"], facts["lat"]) == (picture.LON, picture.LAT)
    assert facts["device"] == picture.DEVICE
    assert facts["taken_at"] == 1_795_327_500_000
    assert facts["name"] == "空调 室外机.jpg"
    body = attachment(desks["wangfang"], id)
    assert body["has_position"]
    assert body["original_sha256"] == hashlib.sha256(data).hexdigest()
    assert not {"lon", "lat", "device", "name"} & set(body)
    for who in ("wangfang", "chen", "zhao", "sun", "guanli", "beijing", "wall"):
        assert desks[who].http.get(f"/attachments/{id}/facts").status_code in (403, 404), who
    original = f"/attachments/{id}/original"
    assert desks["lina"].http.get(original).json()["rejected"] == "required"
    for who in ("lina", "sun"):
        opened = desks[who].http.get(original, params={"reason": "客户投诉照片不符"})
        assert opened.status_code == 200
        assert opened.content == data
    place, _ = shared
    assert data[:400] not in (place.data / "files" / "sealed" / id).read_bytes()
    database, _ = place.open()
    with database.reading() as cursor:
        noted = cursor.all("SELECT actor, field, reason FROM access WHERE entity = ? ORDER BY actor", (id,))
    database.close()
    assert noted == [
        ("staff:lina", "original", "客户投诉照片不符"),
        ("staff:sun", "original", "客户投诉照片不符"),
    ]
    for who in ("wangfang", "chen", "zhao", "guanli", "beijing", "wall"):
        assert desks[who].http.get(original, params={"reason": "看看"}).status_code in (403, 404), who


def test_a_photo_is_seen_in_its_region_by_everybody_but_the_wall(desks: dict[str, Desk]) -> None:
    order = ordered(desks["wangfang"])
    id = sent(desks["wangfang"], order, picture.photo())
    for who, at in desks.items():
        wanted = 404 if who in ("wall", "beijing", "guanli") else 200
        for path in (f"/attachments/{id}", f"/attachments/{id}/thumb"):
            assert at.http.get(path).status_code == wanted, who


def test_a_removed_photo_is_shown_to_supervisors_only(desks: dict[str, Desk]) -> None:
    order = ordered(desks["wangfang"])
    id = sent(desks["wangfang"], order, picture.photo())
    desks["lina"].do(c.RemoveAttachment(attachment=id, reason="wrong_order"))
    assert desks["wangfang"].http.get(f"/attachments/{id}").status_code == 404
    assert desks["sun"].http.get(f"/attachments/{id}/original", params={"reason": "核对"}).status_code == 404
    assert desks["lina"].http.get(f"/attachments/{id}").status_code == 200


@pytest.mark.parametrize(("data", "media"), [(picture.film(), "video/mp4"), (picture.webm(), "video/webm")])
def test_a_video_is_kept_but_for_the_place_it_was_made_at(
    desks: dict[str, Desk], data: bytes, media: str
) -> None:
    order = ordered(desks["wangfang"])
    id = sent(desks["wangfang"], order, data, media)
    seen = desks["wangfang"].http.get(f"/attachments/{id}")
    assert seen.headers["content-type"] == media
    assert len(seen.content) == len(data)
    assert b"31.1934" in data
    assert b"31.1934" not in seen.content
    opened = desks["lina"].http.get(f"/attachments/{id}/original", params={"reason": "投诉"})
    assert opened.content == data
    assert desks["wangfang"].http.get(f"/attachments/{id}/thumb").status_code == 404
    if media == "video/mp4":
        facts = desks["lina"].http.get(f"/attachments/{id}/facts").json()
        assert (facts["lon"], facts["lat"], facts["device"]) == (picture.LON, picture.LAT, picture.DEVICE)


def test_any_part_of_a_video_can_be_asked_for(wang: Desk) -> None:
    data = picture.film(located=False)
    id = sent(wang, ordered(wang), data, "video/mp4")
    for wanted, first, end in (
        ("bytes=0-", 0, len(data)), ("bytes=100-199", 100, 200), ("bytes=-50", len(data) - 50, len(data)),
        (f"bytes=10-{10**12}", 10, len(data)),
    ):  # fmt: skip
        part = wang.http.get(f"/attachments/{id}", headers={"range": wanted})
        assert part.status_code == 206
        assert part.content == data[first:end]
        assert part.headers["content-range"] == f"bytes {first}-{end - 1}/{len(data)}"
    for wanted in (f"bytes={len(data)}-", "bytes=-0"):
        assert wang.http.get(f"/attachments/{id}", headers={"range": wanted}).status_code == 416
    for wanted in ("bytes=-", "lines=1-2", "bytes=1-2,5-6"):
        assert wang.http.get(f"/attachments/{id}", headers={"range": wanted}).content == data


LIES = {
    "a PNG that says it is a JPEG": (picture.photo("PNG"), "image/jpeg", "upload_lies"),
    "a video that says it is a photo": (picture.film(), "image/jpeg", "upload_lies"),
    "a page": (b"<!DOCTYPE html><html><script>alert(1)</script></html>", "image/png", "upload_type"),
    "a drawing that runs scripts": (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "image/jpeg", "upload_type"),
    "a drawing that says so": (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "image/svg+xml", "upload_type"),
    "a program": (b"MZ" + bytes(1000), "image/jpeg", "upload_type"),
    "nothing known": (b"hello, world", "image/jpeg", "upload_type"),
    "a photo with a page behind it": (picture.photo() + b"<script>x</script>", "image/jpeg", "upload_dangerous"),
    "a photo cut off": (picture.photo()[:-3000], "image/jpeg", "picture_unreadable"),
    "the head of a photo": (picture.photo()[:40], "image/jpeg", "picture_unreadable"),
    "a damaged PNG": (picture.photo("PNG")[:900] + b"!" + picture.photo("PNG")[901:], "image/png",
                      "picture_unreadable"),
    "a picture that fills the memory": (picture.declared(30_000, 30_000), "image/png", "picture_too_large"),
    "a long picture": (picture.declared(60_000, 10), "image/png", "picture_too_large"),
    "a video cut off": (picture.film()[:-20], "video/mp4", "video_unreadable"),
    "a video without frames": (picture.box(b"ftyp", b"isom", bytes(4)), "video/mp4", "video_unreadable"),
    "another Matroska": (picture.webm().replace(b"webm", b"matr"), "video/webm", "video_unreadable"),
}  # fmt: skip


@pytest.mark.parametrize("what", LIES)
def test_what_is_not_what_it_says_or_is_damaged_is_refused_and_nothing_of_it_stays(
    shared: tuple[Place, Server], wang: Desk, what: str
) -> None:
    data, media, code = LIES[what]
    order = ordered(wang)
    assert refused(wang, order, data, media) == code
    assert not list((shared[0].data / "uploads").iterdir())
    assert not [
        each for each in wang.state() if each[0] == "attachment" and wang.state()[each][1]["order"] == order
    ]


def test_a_photo_that_arrived_otherwise_than_it_was_sent_is_refused(wang: Desk) -> None:
    assert refused(wang, ordered(wang), picture.photo(), sha256="0" * 64) == "upload_damaged"


def test_what_can_be_said_no_to_is_said_before_the_first_byte(desks: dict[str, Desk]) -> None:
    wang = desks["wangfang"]
    order, data = ordered(wang), picture.photo()
    for code, answer in {
        "upload_too_large": announce(wang, order, data, size=31 * 1024 * 1024),
        "upload_empty": announce(wang, order, data, size=0),
        "upload_type": announce(wang, order, data, "application/pdf"),
        "not_found": announce(wang, "no-such-order", data),
        "line_unknown": announce(wang, order, data, line="7"),
        "invalid": announce(wang, order, data, purpose="decoration"),
    }.items():
        assert answer.json()["rejected"] == code, answer.text
    assert announce(wang, order, data, "video/mp4", size=201 << 20).json()["rejected"] == "upload_too_large"
    assert announce(wang, order, data, "video/mp4", size=199 << 20).status_code == 201
    assert announce(desks["beijing"], order, data).json()["rejected"] == "not_found"
    for who in ("wall", "zhao"):
        assert announce(desks[who], order, data).json()["rejected"] == "not_allowed"
    for header in (b"order", b"order ***", b"order \xff"):
        bad = wang.http.post("/uploads", headers=[(b"upload-length", b"9"), (b"upload-metadata", header)])
        assert bad.status_code == 422
    assert wang.http.post("/uploads", headers={"upload-length": "-1"}).status_code == 422
    assert wang.http.post("/uploads", headers={"tus-resumable": "0.2.2"}).status_code == 412


def test_no_desk_adds_an_attachment_by_itself(wang: Desk) -> None:
    made = c.AddAttachment(
        order=ordered(wang), attachment=clock.new_id(), purpose="fault", media="image/jpeg", size=1, sha256="x",
        original_sha256="x", original_size=1,
    )  # fmt: skip
    assert wang.send(made).status_code == 403


def test_an_upload_belongs_to_who_began_it(desks: dict[str, Desk]) -> None:
    data = picture.photo()
    id = begun(desks["wangfang"], ordered(desks["wangfang"]), data)
    lina = desks["lina"]
    assert lina.http.head(f"/uploads/{id}").status_code == 404
    assert patch(lina, id, data).status_code == 404
    assert lina.http.get(f"/uploads/{id}").status_code == 404
    assert lina.http.delete(f"/uploads/{id}").status_code == 404
    assert announce(lina, ordered(lina), data, id=id).json()["rejected"] == "exists"
    assert patch(desks["wangfang"], id, data).status_code == 204


def test_beginning_twice_is_one_upload_and_finishing_twice_one_attachment(wang: Desk) -> None:
    order, data, id = ordered(wang), picture.photo(), clock.new_id()
    for _ in range(2):
        assert begun(wang, order, data, id=id) == id
    assert patch(wang, id, data[:100]).headers["upload-offset"] == "100"
    assert announce(wang, order, data, id=id).headers["upload-offset"] == "100"
    for _ in range(3):
        answer = patch(wang, id, data[100:], 100) if wang.http.head(f"/uploads/{id}").headers["upload-offset"] == "100" \
            else patch(wang, id, b"", len(data))  # fmt: skip
        assert answer.status_code == 204
        assert answer.headers["upload-complete"] == "?1"
    assert begun(wang, order, data, id=id) == id
    assert wang.state()["order", order][1]["attachments"] == 1
    assert announce(wang, ordered(wang), data, id=id).json()["rejected"] == "exists"
    assert wang.http.delete(f"/uploads/{id}").json()["rejected"] == "upload_finished"


def test_bytes_are_taken_only_where_we_are_and_not_more_than_announced(wang: Desk) -> None:
    data = picture.photo()
    id = begun(wang, ordered(wang), data)
    assert patch(wang, id, data[:50]).status_code == 204
    away = patch(wang, id, data[10:60], 10)
    assert (away.status_code, away.headers["upload-offset"]) == (409, "50")
    assert patch(wang, id, data[50:] + b"more", 50).json()["rejected"] == "upload_longer"
    assert wang.http.patch(f"/uploads/{id}", content=b"x", headers={"upload-offset": "0"}).status_code == 415
    offset = int(wang.http.head(f"/uploads/{id}").headers["upload-offset"])
    assert patch(wang, id, data[offset:], offset).status_code == 204
    assert standing(wang, id)["state"] == "done"


def test_an_upload_that_is_given_up_is_gone(shared: tuple[Place, Server], wang: Desk) -> None:
    id = begun(wang, ordered(wang), picture.photo())
    assert patch(wang, id, b"\xff\xd8\xff").status_code == 204
    assert wang.http.delete(f"/uploads/{id}").status_code == 204
    assert wang.http.head(f"/uploads/{id}").status_code == 404
    assert not list((shared[0].data / "uploads").glob(f"{id}*"))


def test_fifty_photos_at_once_all_arrive(desks: dict[str, Desk]) -> None:
    lina = desks["lina"]
    order, data = ordered(lina), picture.photo(width=1600, height=1200)
    ids = [begun(lina, order, data) for _ in range(50)]
    for id in ids:
        lina.http.patch(f"/uploads/{id}", content=data[:-1], headers={**BYTES, "upload-offset": "0"})
    for id in ids:
        assert patch(lina, id, data[-1:], len(data) - 1).status_code == 204
    assert {standing(lina, id)["state"] for id in ids} == {"done"}
    assert lina.state()["order", order][1]["attachments"] == 50
    assert refused(lina, ordered(lina), b"") == "upload_empty"


def test_nobody_keeps_more_under_way_than_one_person_needs(desks: dict[str, Desk]) -> None:
    wang, chen = desks["wangfang"], desks["chen"]
    order = ordered(wang)
    begun_ids = [begun(wang, order, b"x" * 100) for _ in range(59)]
    assert begun_ids
    second = ordered(wang)
    answers = [announce(chen, second, b"", "video/mp4", size=199 << 20) for _ in range(21)]
    assert [answer.status_code for answer in answers] == [201] * 20 + [422]
    assert answers[-1].json()["rejected"] == "uploads_many"
    for answer in answers[:-1]:
        assert chen.http.delete(answer.headers["location"]).status_code == 204
    for id in begun_ids:
        assert wang.http.delete(f"/uploads/{id}").status_code == 204


def test_a_store_that_cannot_be_is_said_at_the_start(seeded: Path, tmp_path: Path) -> None:
    place = copy_of(seeded, tmp_path / "data")
    process, said, _ = spawn(place, "--files", "ftp://somewhere/photos")
    assert said["error"] == "no_store"
    assert process.wait(20) == 10
    for pipe in (process.stdin, process.stdout):
        assert pipe is not None
        pipe.close()


def test_a_desk_asks_for_the_photos_of_an_order_that_it_holds_no_more(wang: Desk) -> None:
    order = ordered(wang)
    kept = [sent(wang, order, picture.photo(width=wide)) for wide in (640, 800)]
    answer = wang.http.get(f"/orders/{order}/attachments").json()
    assert [each["id"] for each in answer["attachments"]] == kept
    assert wang.http.get("/orders/nobody/attachments").json() == {"attachments": []}
