"""The program's own log: what must not stand in it, and what must stay readable."""

import io
import json
import logging
from collections.abc import Callable, Iterator

import httpx
import pytest

from dispatcher_app import journal
from dispatcher_app.domain import command as c
from tests.server.city import PASSWORD, Place, book
from tests.server.desk import desk, log_in, stream, wire
from tests.server.process import Server, administer


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("13800138000", "138****8000"),
        ("电话13800138000打不通", "电话138****8000打不通"),
        ("+8613800138000", "+861****8000"),
        ("+86 138 0013 8000", "+86 138****8000"),
        ("138-0013-8000", "138****8000"),
        ("tel13800138000x", "tel138****8000x"),
        ("021-62345678", "021****5678"),
        ("310101199001011234", "310****1234"),
        ("6222 0212 3456 7890", "622****7890"),
        ("(13800138000)", "(138****8000)"),
        ('{"phone":"13800138000"}', '{"phone":****}'),
        ("password=hunter22", "password=****"),
        ("'token': 'abc def'", "'token': ****"),
        ("door_code='47#1'", "door_code=****"),
        ("Authorization: Bearer abc.def", "Authorization: Bearer ****"),
        ("{'authorization': 'Bearer abc.def'}", "{'authorization': 'Bearer ****'}"),
        ("https://x.example/t/AQHIvkMAby0x87vP94-8RU?lang=en", "https://x.example/t/****?lang=en"),
        ("/t/AQHIvkMAby0x87vP94-8RU/photo/7", "/t/****/photo/7"),
    ],
)  # fmt: skip
def test_numbers_and_secrets_are_hidden(text: str, shown: str) -> None:
    assert journal.masked(text) == shown


@pytest.mark.parametrize(
    "text",
    [
     "01a2048e-0d80-7f07-bd6d-269b3e57c7bd",
     "01938a1b-1234-7abc-8def-123456789012", "12345678-1234-1234-1234-123456789012",
     "2026-11-22", "2026-11-22T17:58:03.123456Z", "2026-11-22 17:58:03,123", "261122-0031",
     "1795371674987", "seq 1234567", "port 45231",
     "took 12.345678 s", "o-1 of sh-t1", "d2b7f70ca819f9de2ab851ff132d39d2"],
)  # fmt: skip
def test_ids_times_and_small_numbers_stay_readable(text: str) -> None:
    assert journal.masked(text) == text


@pytest.fixture
def written() -> Iterator[io.StringIO]:
    """What the log writes during a test."""
    root = logging.getLogger()
    before, level = root.handlers[:], root.level
    stream = io.StringIO()
    journal.set_up(stream)
    yield stream
    root.handlers[:] = before
    root.setLevel(level)


def test_every_part_of_an_event_is_masked(written: io.StringIO) -> None:
    log = logging.getLogger("some.module")
    log.info(
        "call %s",
        "13800138000",
        extra={"who": {"phone": "x", "deep": ["13900139000"]}, "number": 13700137000},
    )
    try:
        raise ValueError("no route to 13600136000")
    except ValueError:
        log.exception("failed")
    lines = [json.loads(line) for line in written.getvalue().splitlines()]
    assert [line["level"] for line in lines] == ["info", "error"]
    assert lines[0]["who"] == {"phone": "****", "deep": ["139****9000"]}
    assert "ValueError" in lines[1]["exception"]
    for number in ("13800138000", "13900139000", "13700137000", "13600136000"):
        assert number not in written.getvalue()


def test_moments_and_counts_stay_numbers(written: io.StringIO) -> None:
    logging.getLogger("x").warning("y", extra={"at": 1795371674987, "count": 5, "share": 0.5, "none": None})
    line = json.loads(written.getvalue())
    assert (line["at"], line["count"], line["share"], line["none"]) == (1795371674987, 5, 0.5, None)


SECRETS = ("13811112222", "13833334444", "9988#", "2002室", "my-own-passphrase", "13855556666", PASSWORD)


def test_nothing_personal_stands_in_any_log_after_a_day_of_mishaps(
    sqlite: Place, launch: Callable[..., Server]
) -> None:
    server = launch(sqlite, local_token="local-secret-token")
    token = ""
    with desk(server.url, "lina", "local-secret-token") as one, stream(one):
        token = one.http.headers["authorization"].removeprefix("Bearer ")
        body = wire(book(order="o-1", phone="13811112222"))
        body["command"]["new_address"] |= {"unit": "2002室", "door_code": "9988#"}
        assert one.http.post("/commands/book-order", json=body).status_code == 200
        one.do(c.ChangeCustomer(customer="c-o-1", from_version=1, name="王", phone="13833334444"))
        one.http.get("/customers", params={"phone": "13833334444"})
        one.http.post(
            "/reveal", json={"kind": "customer", "id": "c-o-1", "field": "phone", "reason": "13855556666"}
        )
        for broken in ({"phone": "13855556666"}, {"new_customer": "13855556666"}, {"order": "13855556666\0"}):
            one.http.post("/commands/book-order", json={**wire(book()), "command": broken})
        one.http.get("/history/order/13855556666")
        log_in(server.url, "13855556666", "my-own-passphrase", "local-secret-token")
        httpx.get(server.url + "/me?token=" + token, headers={"x-dispatcher-local": "local-secret-token"})
        administer(
            sqlite, "create-user", "neu", "--password-stdin", "--regions", "sh", given="my-own-passphrase\n"
        )
    server.stop()
    for file in sorted(sqlite.data.rglob("*")):
        if file.is_file() and file.name != "server.json":
            content = file.read_bytes()
            secrets = (*SECRETS, token, "local-secret-token")
            found = [each for each in secrets if each.encode() in content]
            if file.suffix == ".db" or file.name.endswith(("-wal", "-shm")):
                found = [each for each in found if each != "13855556666"]  # typed as a reason, kept as one
            assert found == [], file.name
    assert (sqlite.data / "server.log").stat().st_size > 0
