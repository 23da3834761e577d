"""A technician's picture: taken from who may enter technicians, made anew, shown to the region and to his customer."""

import io
import os
from collections.abc import Callable, Iterator

import httpx
import pytest
from PIL import Image

from dispatcher_app.domain.technician import Technician
from tests.server import picture
from tests.server.city import Place
from tests.server.desk import Desk, desk
from tests.server.onsite import begun, state, token_of
from tests.server.process import Server, administer_here


@pytest.fixture
def public(sqlite: Place, launch: Callable[..., Server]) -> Server:
    """A server that customers reach."""
    return launch(sqlite, "--public", "http://127.0.0.1")


@pytest.fixture
def lina(public: Server) -> Iterator[Desk]:
    """A supervisor at her desk."""
    with desk(public.url, "lina") as made:
        yield made


def put(one: Desk, technician: str, data: bytes, media: str = "image/jpeg") -> httpx.Response:
    """Send a picture of somebody."""
    return one.http.put(f"/portraits/{technician}", content=data, headers={"content-type": media})


def coming(one: Desk) -> str:
    """Whoever works on an order now."""
    begun(one)
    technician: str = state(one, "o-1")["technician"]
    return technician


def test_a_portrait_is_made_anew_and_shown_to_the_region(lina: Desk) -> None:
    who = coming(lina)
    assert lina.http.get(f"/portraits/{who}").status_code == 404
    answer = put(lina, who, picture.photo("PNG"), "image/png")
    assert answer.status_code == 200, answer.text
    assert lina.state()[Technician.kind, who][1]["portrait"] == answer.json()["portrait"]
    seen = lina.http.get(f"/portraits/{who}")
    assert seen.headers["content-type"] == "image/jpeg"
    assert seen.headers["x-content-type-options"] == "nosniff"
    with Image.open(io.BytesIO(seen.content)) as shown:
        assert not dict(shown.getexif())


def test_another_portrait_takes_the_place_of_the_first(public: Server, lina: Desk, sqlite: Place) -> None:
    who = coming(lina)
    put(lina, who, picture.photo())
    first = lina.http.get(f"/portraits/{who}").content
    put(lina, who, picture.photo("WEBP", orientation=6), "image/webp")
    assert lina.http.get(f"/portraits/{who}").content != first
    assert len(list((sqlite.data / "files" / "portrait").iterdir())) == 1


def test_who_may_not_enter_technicians_gives_them_no_portrait(public: Server, lina: Desk) -> None:
    who = coming(lina)
    with desk(public.url, "wangfang") as wang:
        answer = put(wang, who, picture.photo())
        assert (answer.status_code, answer.json()["rejected"]) == (403, "not_allowed")


def test_what_is_no_photo_is_no_portrait(lina: Desk) -> None:
    who = coming(lina)
    for data, media, code in (
        (picture.film(10), "video/mp4", "upload_type"),
        (b"<html><script>", "image/jpeg", "upload_type"),
        (picture.photo()[:2000], "image/jpeg", "picture_unreadable"),
        (b"\xff\xd8\xff" + bytes(11 << 20), "image/jpeg", "upload_too_large"),
    ):
        answer = put(lina, who, data, media)
        assert (answer.status_code, answer.json()["rejected"]) == (422, code)
    assert lina.state()[Technician.kind, who][1].get("portrait") is None


def test_the_customer_sees_the_picture_of_who_comes_and_of_nobody_else(
    sqlite: Place, public: Server, lina: Desk
) -> None:
    who = coming(lina)
    token = token_of(sqlite, "o-1")
    with httpx.Client(base_url=public.url, timeout=30) as browser:
        assert f"/t/{token}/technician" not in browser.get(f"/t/{token}").text
        put(lina, who, picture.photo())
        assert f"/t/{token}/technician" in browser.get(f"/t/{token}").text
        seen = browser.get(f"/t/{token}/technician")
        assert (seen.status_code, seen.headers["content-type"]) == (200, "image/jpeg")
        assert browser.get(f"/portraits/{who}").status_code == 401


def test_a_portrait_that_is_gone_or_damaged_is_named(sqlite: Place, launch: Callable[..., Server]) -> None:
    server = launch(sqlite)
    with desk(server.url, "lina") as one:
        first, second = sorted(id for kind, id in one.state() if kind == Technician.kind)[:2]
        kept = [put(one, who, picture.photo(width=wide)).json()["portrait"] for who, wide in
                ((first, 900), (second, 700))]  # fmt: skip
    server.stop()
    folder = sqlite.data / "files" / "portrait"
    assert administer_here(sqlite, "verify").returncode == 0
    (folder / kept[0]).write_bytes(b"something else")
    (folder / kept[1]).unlink()
    (folder / "nobody").write_bytes(b"?")
    os.utime(folder / "nobody", (0, 0))
    said = administer_here(sqlite, "verify").stdout
    assert f"file_hash: portrait/{kept[0]}" in said
    assert f"file_missing: portrait/{kept[1]}" in said
    assert "file_orphan: portrait/nobody" in said
