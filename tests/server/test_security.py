"""Who may do what, and what the server refuses to hear."""

import json
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import httpx
import pytest

from dispatcher_app import clock, codec
from dispatcher_app.domain import command as c
from dispatcher_app.domain.command import BY_NAME
from dispatcher_app.domain.region import Policy
from dispatcher_app.server.app import ROUTES
from dispatcher_app.server.auth import Auth, hash_of
from tests.server.city import STAFF, Place, assign, book, copy_of, technician, tomorrow
from tests.server.desk import Desk, desk, log_in, stream, wire
from tests.server.process import Server, spawn, start

OPEN = {"/login", "/livez", "/readyz", "/version", "/practice", "/setup"}


@pytest.fixture(scope="module")
def shared(seeded: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Place, Server]]:
    """One server for what changes nothing that another test looks at."""
    place = copy_of(seeded, tmp_path_factory.mktemp("shared") / "data")
    server = start(place)
    yield place, server
    server.stop()


@pytest.fixture(scope="module")
def desks(shared: tuple[Place, Server]) -> Iterator[dict[str, Desk]]:
    """Everybody of the company, logged in."""
    with ExitStack() as stack:
        yield {each.id: stack.enter_context(desk(shared[1].url, each.id)) for each in STAFF if each.active}


def test_every_route_but_the_health_pages_wants_a_token(shared: tuple[Place, Server]) -> None:
    for route in ROUTES:
        if route.path in OPEN:
            continue
        path = route.path.replace("{name}", "book-order").replace("{kind}", "order").replace("{id}", "x")
        for method in (route.methods or set()) - {"HEAD"}:
            for headers in ({}, {"authorization": "Bearer nonsense"}, {"authorization": "Basic eDp5"}):
                answer = httpx.request(method, shared[1].url + path, headers=headers, timeout=20)
                assert answer.status_code == 401, (method, path, answer.text)
                assert answer.json() == {"error": "not_logged_in"}


ALLOWED: dict[str, set[str]] = {
    "book-order": {"wangfang", "lina", "chen"},
    "assign-technician": {"wangfang", "lina"},
    "offer-order": {"wangfang", "lina"},
    "cancel-order": {"wangfang", "lina"},
    "add-note": {"wangfang", "lina", "chen", "sun"},
    "urge-order": {"wangfang", "lina", "chen"},
    "import-order": {"lina"},
    "set-technician-status": {"wangfang", "lina"},
    "save-technician": {"lina"},
    "save-item": {"guanli"},
    "save-staff": {"guanli"},
    "save-policy": {"guanli"},
    "expire-offer": set(),
}


@pytest.mark.parametrize("name", sorted(ALLOWED))
def test_each_role_may_do_what_it_may_and_nothing_else(desks: dict[str, Desk], name: str) -> None:
    for who, at in desks.items():
        order = clock.new_id()
        desks["lina"].do(book(order=order))
        booking = book()
        assert booking.new_customer is not None
        assert booking.new_address is not None
        commands: dict[str, Any] = {
            "book-order": booking,
            "assign-technician": assign("nobody-has-this-order") if who not in ALLOWED[name] else assign(order, 99),
            "offer-order": c.OfferOrder(order=order, technician="sh-t1"),
            "cancel-order": c.CancelOrder(order=order, reason="x", side="customer"),
            "add-note": c.AddNote(order=order, text="x"),
            "urge-order": c.UrgeOrder(order=order),
            "import-order": c.ImportOrder(
                order=clock.new_id(), external_id="1", source="x", new_customer=booking.new_customer,
                new_address=booking.new_address, line=booking.lines[0], created_at=clock.now_ms(),
            ),
            "set-technician-status": c.SetTechnicianStatus(
                technician="sh-t3", from_status="online", status="online"
            ),
            "save-technician": c.SaveTechnician(technician=technician("sh", 77 + len(order))),
            "expire-offer": c.ExpireOffer(order=order, technician="sh-t1", expires_at=1),
        }  # fmt: skip
        if name.startswith("save-") and name != "save-technician":
            body = wire(c.SavePolicy(policy=Policy(version=99)))
            body["command"] = {
                "save-item": {
                    "item": {"id": "ac", "category": "jd", "name": "x", "name_en": "x", "skill": "x"}
                },
                "save-staff": {"staff": {"id": "x", "name": " ", "roles": [], "regions": []}},
                "save-policy": {"policy": {"version": 99}},
            }[name]
        elif name == "assign-technician":
            body = wire(assign(order, 99))
        else:
            body = wire(commands[name])
        answer = at.http.post(f"/commands/{name}", json=body)
        if who in ALLOWED[name]:
            assert answer.status_code != 403, (who, answer.text)
        else:
            assert answer.status_code == 403, (who, answer.text)
            assert answer.json()["rejected"] in ("not_allowed", "other_region")


def test_other_regions_are_out_of_reach(desks: dict[str, Desk]) -> None:
    theirs, order = desks["beijing"], clock.new_id()
    desks["lina"].do(book(order=order))
    assert theirs.send(book()).json()["rejected"] == "other_region"
    assert theirs.send(assign(order), region="bj").json()["rejected"] == "not_found"
    assert theirs.http.get("/changes", params={"log": "sh"}).status_code == 403
    assert theirs.http.get(f"/history/order/{order}").status_code == 404
    assert theirs.http.get("/rank", params={"order": order}).status_code == 404
    assert theirs.http.get("/orders", params={"text": "周"}).json()["rows"] == []
    assert theirs.http.get("/customers", params={"phone": "13800000000"}).json()["customers"] == []
    secret = {"kind": "customer", "id": "c-" + order, "field": "phone", "reason": "回电话"}
    assert theirs.http.post("/reveal", json=secret).status_code == 403
    windows = {
        "region": "sh",
        "lines": [{"item": "ac"}],
        "district": "xh",
        "point": {"lon": 121.4, "lat": 31.2},
    }
    assert theirs.http.post("/windows", json=windows).status_code == 403


def test_nobody_reports_positions_of_other_regions_or_without_the_role(desks: dict[str, Desk]) -> None:
    fix = {"positions": [["sh-t5", 121.4, 31.2, 5.0, clock.now_ms()]]}
    assert desks["wall"].http.post("/positions", json=fix).status_code == 403
    with stream(desks["lina"]) as opened:
        assert desks["beijing"].http.post("/positions", json=fix).status_code == 204
        fix["positions"][0][0] = "sh-t6"
        assert desks["wangfang"].http.post("/positions", json=fix).status_code == 204
        opened.wait(lambda found: found.named("positions"), "no positions")
        assert {each[0] for event in opened.named("positions") for each in event["positions"]} == {"sh-t6"}


def test_revealing_needs_a_role_and_a_reason_and_is_written_down(
    desks: dict[str, Desk], shared: tuple[Place, Server]
) -> None:
    order = clock.new_id()
    desks["lina"].do(book(order=order, phone="13811112222"))
    asked = {"kind": "customer", "id": "c-" + order, "field": "phone", "reason": "确认地址"}
    for who in ("zhao", "wall", "guanli"):
        assert desks[who].http.post("/reveal", json=asked).status_code == 403
    assert desks["lina"].http.post("/reveal", json={**asked, "reason": " "}).json()["field"] == "reason"
    assert desks["lina"].http.post("/reveal", json={**asked, "id": "none"}).status_code == 404
    assert desks["lina"].http.post("/reveal", json=asked).json() == {"value": "+8613811112222"}
    database, _ = shared[0].open()
    with database.reading() as cursor:
        found = cursor.all("SELECT actor, kind, field, reason FROM access WHERE entity = ?", ("c-" + order,))
    database.close()
    assert found == [("staff:lina", "customer", "phone", "确认地址")]


@pytest.mark.parametrize("field", ["phone", "unit", "door_code"])
def test_masks_are_never_written_back(desks: dict[str, Desk], field: str) -> None:
    body = wire(book())
    if field == "phone":
        body["command"]["new_customer"]["phone"] = "138****8000"
    else:
        body["command"]["new_address"][field] = "1***"
    answer = desks["lina"].http.post("/commands/book-order", json=body)
    assert (answer.status_code, answer.json()["rejected"]) == (422, "masked_value")


def test_passwords_and_tokens_are_stored_as_what_they_cannot_be_made_of(shared: tuple[Place, Server]) -> None:
    token = log_in(shared[1].url, "lina").json()["token"]
    database, _ = shared[0].open()
    with database.reading() as cursor:
        passwords = [row[0] for row in cursor.all("SELECT password FROM login")]
        hashes = {row[0] for row in cursor.all("SELECT hash FROM token")}
    database.close()
    assert all(each.startswith("$argon2id$") for each in passwords)
    assert hash_of(token) in hashes
    assert token not in hashes


def test_an_expired_token_counts_no_more(shared: tuple[Place, Server], sqlite: Place) -> None:
    token = log_in(shared[1].url, "sun").json()["token"]
    database, _ = shared[0].open()
    with database.writing() as cursor:
        cursor.run("UPDATE token SET expires_at = 1 WHERE hash = ?", (hash_of(token),))
    with database.reading() as cursor:
        auth = Auth.__new__(Auth)
        auth.database = database
        assert auth.seats([hash_of(token)]) == {}
    database.close()
    me = httpx.get(f"{shared[1].url}/me", headers={"authorization": f"Bearer {token}"})
    assert me.status_code == 401


def test_guessing_passwords_is_slowed_down_and_says_for_how_long(sqlite: Place) -> None:
    server = start(sqlite)
    try:
        answers = [log_in(server.url, "lina", f"guess-{number}") for number in range(12)]
        assert [each.status_code for each in answers] == [401] * 10 + [429] * 2
        assert answers[0].json() == {"error": "wrong_login"}
        assert 1 <= answers[-1].json()["retry_after_s"] <= 301
        assert log_in(server.url, "lina").status_code == 429, "the right one too: nobody learns which it is"
        assert log_in(server.url, "x" * 10_000).status_code in (401, 429)
    finally:
        server.stop()


def test_an_embedded_server_answers_only_those_with_its_local_token(sqlite: Place) -> None:
    server = start(sqlite, local_token="local-secret")
    try:
        assert httpx.get(f"{server.url}/livez").status_code == 200
        for path in ("/readyz", "/version", "/me", "/practice", "/setup"):
            for headers in ({}, {"x-dispatcher-local": "other"}, {"x-dispatcher-local": ""}):
                answer = httpx.get(server.url + path, headers=headers)
                assert (answer.status_code, answer.json()) == (401, {"error": "not_local"}), path
        assert log_in(server.url, "lina").status_code == 401
        assert log_in(server.url, "lina", local_token="local-secret").status_code == 200
        note = sqlite.data / "server.json"
        assert note.stat().st_mode & 0o777 == 0o600
        found = json.loads(note.read_text())
        assert (found["url"], found["local_token"]) == (server.url, "local-secret")
        process, said, _ = spawn(sqlite, local_token="second")
        assert said == {"running": True}
        assert process.wait(20) == 3
        close(process)
        assert server.process.stdin is not None
        server.process.stdin.close()
        assert server.process.wait(20) == 0, "the desk is gone: so is its server"
    finally:
        server.stop()


def close(process: Any) -> None:
    for pipe in (process.stdin, process.stdout):
        pipe.close()


def test_an_embedded_server_without_a_local_token_does_not_start(sqlite: Place) -> None:
    process, said, _ = spawn(sqlite, local_token="")
    assert said == {"error": "no_local_token"}
    assert process.wait(20) != 0
    close(process)


def raw(at: Desk, body: bytes, name: str = "book-order") -> httpx.Response:
    return at.http.post(f"/commands/{name}", content=body)


def test_bodies_that_are_too_large_are_not_read(desks: dict[str, Desk]) -> None:
    at = desks["lina"]
    assert raw(at, b" " * 300_000).status_code == 413

    def chunks() -> Iterator[bytes]:
        for _ in range(400):
            yield b" " * 1000

    answer = at.http.post("/commands/book-order", content=chunks())
    assert (answer.status_code, answer.json()) == (413, {"error": "too_large"})
    assert at.http.get("/me").status_code == 200


def test_unknown_commands_do_not_exist_and_unknown_fields_are_ignored(desks: dict[str, Desk]) -> None:
    body = wire(book())
    body["more"] = body["command"]["more"] = {"x": [1]}
    assert desks["lina"].http.post("/commands/book-orders", json=body).json()["error"] == "unknown_command"
    assert desks["lina"].http.post("/commands/book-orders", json=body).status_code == 404
    assert desks["lina"].http.post("/commands/book-order", json=body).status_code == 200


BAD: dict[str, tuple[Any, str | None]] = {
    "wrong type": ({"order": 5}, "order"),
    "nested wrong type": ({"window": {"start": "now", "end": 2}}, "window.start"),
    "wrong choice": ({"urgency": "yesterday"}, "urgency"),
    "nested missing": ({"new_address": {"id": "x"}}, "new_address.district"),
    "NUL": ({"note": "a\0b"}, "note"),
    "nested NUL": ({"new_customer": {"id": "x", "name": "\0", "phone": "13800138000"}}, "new_customer.name"),
    "huge number": ({"window": {"start": 10**30, "end": 2}}, "window.start"),
    "huge quantity": ({"lines": [{"item": "ac", "quantity": 2**60}]}, "lines.quantity"),
    "no lines": ({"lines": []}, "lines"),
    "place off the earth": (
        {"new_address": {"id": "x", "district": "xh", "compound": "x", "point": {"lon": 1e300, "lat": 0}}},
        "new_address.point",
    ),
    "window over": ({"window": {"start": 1, "end": 2}}, "window"),
}  # fmt: skip


@pytest.mark.parametrize("what", BAD)
def test_a_field_that_does_not_fit_is_named(desks: dict[str, Desk], what: str) -> None:
    changed, field = BAD[what]
    body = wire(book())
    body["command"] |= changed
    answer = desks["lina"].http.post("/commands/book-order", json=body)
    assert answer.status_code == 422, answer.text
    assert answer.json()["field"] == field
    assert answer.json()["sentence"]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("id", "x"),
        ("id", "é" * 9),
        ("id", 5),
        ("at", "now"),
        ("at", 10**40),
        ("batch", "y" * 100),
        ("region", None),
    ],
)
def test_what_is_around_a_command_is_checked_too(desks: dict[str, Desk], field: str, value: Any) -> None:
    body = {**wire(book()), field: value}
    answer = desks["lina"].http.post("/commands/book-order", json=body)
    assert answer.status_code == 422
    assert answer.json()["field"] == field


@pytest.mark.parametrize(
    "body",
    [b"", b"{", b"null", b"[]", b'"x"', b"\xff\xfe", b'{"id":"\xff"}', b'{"at":NaN}', b'{"at":1e999}',
     b'{"id":"\\ud800"}', b"[" * 90_000, b'{"a":' * 30_000,
     b'{"id":"aaaaaaaa","at":1,"region":"sh","command":' + b"[" * 90_000],
)  # fmt: skip
def test_what_is_no_json_of_ours_is_refused(desks: dict[str, Desk], body: bytes) -> None:
    answer = raw(desks["lina"], body)
    assert answer.status_code == 422, answer.text
    assert answer.json()["rejected"] == "invalid"


@pytest.mark.parametrize(
    "path",
    ["/changes?log=sh&after=-1", "/changes?log=sh&after=x", "/changes?log=sh&limit=0",
     "/changes?log=sh&after=" + "9" * 5000, "/orders?text=%00", "/rank?order=%00", "/history/order/%00",
     "/customers?phone=%00", "/customers?phone=abc",
     "/orders?text=x&limit=9999999", "/changes?log=sh&after=٣x"],
)  # fmt: skip
def test_questions_that_make_no_sense_are_refused(desks: dict[str, Desk], path: str) -> None:
    assert desks["lina"].http.get(path).status_code == 422


def test_somebody_without_a_region_gets_empty_answers(desks: dict[str, Desk]) -> None:
    at = desks["guanli"].http
    assert at.get("/orders", params={"text": "周"}).json() == {"rows": [], "orders": []}
    assert at.get("/positions").json() == {"positions": []}
    assert at.get("/me").json()["logs"] == ["platform"]


def test_acts_of_one_kind_are_taken_together_each_with_its_answer(desks: dict[str, Desk]) -> None:
    acts = [wire(book()), {**wire(book()), "id": "x"}, {**wire(book()), "region": "bj"}, wire(book())]
    acts[1]["command"] = {"order": 7}
    answer = desks["lina"].http.post("/commands", json={"name": "book-order", "acts": acts})
    assert answer.status_code == 200, answer.text
    results = answer.json()["results"]
    assert [each.get("rejected") for each in results] == [None, "invalid", "other_region", None]
    assert results[3]["seq"] == results[0]["seq"] + 1


def test_every_command_has_a_route(desks: dict[str, Desk]) -> None:
    for name in BY_NAME:
        answer = desks["lina"].http.post(f"/commands/{name}", json={**wire(book()), "command": {}})
        assert answer.status_code in (403, 422), (name, answer.text)


def test_windows_and_ranking_answer(desks: dict[str, Desk]) -> None:
    at, order = desks["lina"], clock.new_id()
    at.do(book(order=order))
    assert at.http.get("/rank", params={"order": order}).status_code == 200
    assert at.http.get("/rank", params={"order": "none"}).status_code == 404
    asked = {
        "region": "sh",
        "lines": [{"item": "ac"}],
        "district": "xh",
        "point": {"lon": 121.4, "lat": 31.2},
    }
    assert at.http.post("/windows", json=asked).status_code == 200
    strange: list[dict[str, Any]] = [
        {"lines": []}, {"lines": [{"item": "none"}]}, {"lines": [{"item": "ac", "quantity": 10**9}]},
        {"point": {"lon": 1e300, "lat": 1e300}}, {"urgency": "x"}, {"region": "none"},
    ]  # fmt: skip
    for changed in strange:
        answer = at.http.post("/windows", json={**asked, **changed})
        assert answer.status_code in (200, 404, 422), (changed, answer.text)
    assert tomorrow(9) > clock.now_ms()


def test_ranking_prefers_who_was_with_the_customer_before(desks: dict[str, Desk]) -> None:
    at, former, order = desks["lina"], clock.new_id(), clock.new_id()
    at.do(book(7, order=former))
    at.do(assign(former, 1))
    known: dict[str, Any] = {
        "new_customer": None,
        "customer": f"c-{former}",
        "new_address": None,
        "address": f"a-{former}",
    }
    at.do(book(order=order, **known))
    ranked = at.http.get("/rank", params={"order": order}).json()["eligible"]
    wished = {
        each["technician"]: part["points"]
        for each in ranked
        for part in each["parts"]
        if part["name"] == "preference"
    }
    assert {technician for technician, points in wished.items() if points} == {"sh-t1"}


def judged(desks: dict[str, Desk]) -> None:
    """An order that was done elsewhere, with a message and a review."""
    made, order = book(31), clock.new_id()
    assert made.new_customer is not None
    assert made.new_address is not None
    ago = clock.now_ms() - 3_600_000
    done = c.ImportOrder(
        order=order, external_id=order, source="x", new_customer=made.new_customer, new_address=made.new_address,
        line=made.lines[0], created_at=ago, closed_at=ago,
    )  # fmt: skip
    desks["lina"].do(done)
    desks["wangfang"].do(c.SendMessage(order=order, to=("customer",), text="修好了"))
    desks["wangfang"].do(
        c.ReviewOrder(order=order, stars=5, skill=5, attitude=5, efficiency=5, solved=True, text="好")
    )


def test_a_wall_is_told_no_customer_no_home_and_no_word_of_anybody(desks: dict[str, Desk]) -> None:
    judged(desks)
    wall, dispatcher = desks["wall"], desks["wangfang"]
    with stream(wall) as watched, stream(dispatcher) as full:
        made = dispatcher.do(book(note="客户在家"))["message"]
        seen = watched.seq(made["seq"])
        whole = full.seq(made["seq"])
    assert {each["kind"] for each in seen["changes"]} == {"order"}
    assert {each["kind"] for each in whole["changes"]} == {"order", "customer", "address", "note"}
    assert not codec.PERSONAL & {kind for kind, _ in wall.state()}
    # What nobody has said yet here (a complaint, an invoice, a deduction) nobody is told of either.
    assert {kind for kind, _ in dispatcher.state()} >= {"customer", "address", "note", "message", "review"}
    assert wall.http.get("/orders", params={"text": "2"}).status_code == 403
