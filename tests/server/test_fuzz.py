"""Whatever anybody sends: never a fault of ours, and no change in the database when it is refused."""

import json
from collections.abc import Iterator
from dataclasses import fields
from typing import Any

import httpx
import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dispatcher_app import clock
from dispatcher_app.domain import role
from dispatcher_app.domain.act import SYSTEM
from dispatcher_app.domain.command import BY_NAME, PLATFORM_COMMANDS, SaveStaff
from dispatcher_app.domain.region import Staff
from dispatcher_app.server.auth import set_password
from tests.server.city import PASSWORD, Place, assign, book, open_gate
from tests.server.desk import Desk, desk
from tests.server.process import start

KNOWN: dict[str, list[str]] = {
    "order": ["o-1", "o-2", "o-3"], "customer": ["c-o-1"], "address": ["a-o-1"], "technician": ["sh-t1", "sh-t2"],
    "from_technician": ["sh-t1"], "requested_technician": ["sh-t1"], "item": ["ac"], "fault": ["cool"],
    "district": ["xh"], "region": ["sh", "bj", "platform"], "phone": ["13800138000"], "id": ["ac", "sh-t1", "sh", "lina"],
}  # fmt: skip
JUNK: list[Any] = [
    None, True, -1, 0, 2**31, 2**53 + 1, 2**64, -(10**30), 0.5, 1e308, "", " ", "\0", "a\0b", "\x1b", "‮", "🙂" * 50,
    "x" * 5000, "138****8000", "2026-02-30", "'; DROP TABLE act; --", "%", "?", [], {}, [[]], [None], {"": ""},
    float("nan"), float("inf"), clock.now_ms(), 1,
]  # fmt: skip


@pytest.fixture
def everybody(place: Place) -> Iterator[Desk]:
    """Somebody who holds every role, at a server with a few orders."""
    gate = open_gate(place)
    gate.do(
        SaveStaff(staff=Staff(id="all", name="全能", roles=role.STAFF_ROLES, regions=("sh", "bj"))),
        actor=SYSTEM,
    )
    for number in (1, 2, 3):
        gate.do(book(number, order=f"o-{number}"))
    gate.do(assign("o-2"))
    with gate.database.writing() as cursor:
        set_password(cursor, "all", "all", PASSWORD)
    gate.close()
    server = start(place)
    try:
        with desk(server.url, "all") as made:
            yield made
    finally:
        server.stop()


@st.composite
def bodies(draw: st.DrawFn) -> tuple[str, Any]:
    """A command of any kind: of the right types mostly, with things that exist, and a little of anything."""
    name = draw(st.sampled_from(sorted(BY_NAME)))
    body = msgspec.to_builtins(draw(st.from_type(BY_NAME[name])))
    names = [field.name for field in fields(BY_NAME[name])]
    if draw(st.booleans()):
        likely(draw, body)
    if draw(st.integers(0, 2)) == 0:
        target = body
        while True:
            key = draw(st.sampled_from(sorted(target) or names))
            inner = target.get(key)
            if not isinstance(inner, dict) or not inner or draw(st.booleans()):
                break
            target = inner
        target[key] = draw(st.sampled_from(JUNK))
    return name, body


def likely(draw: st.DrawFn, body: Any) -> None:
    if isinstance(body, list | tuple):
        for each in body:
            likely(draw, each)
    elif isinstance(body, dict):
        for key, value in body.items():
            if isinstance(value, str) and key in KNOWN:
                body[key] = draw(st.sampled_from(KNOWN[key]))
            elif key in ("start", "end", "at") and isinstance(value, int):
                body[key] = clock.now_ms() + draw(st.integers(0, 3 * 86_400_000))
            else:
                likely(draw, value)


def heads(at: Desk) -> list[int]:
    found = [
        at.http.get("/changes", params={"log": log, "after": 1 << 59}) for log in ("platform", "sh", "bj")
    ]
    return [each.json()["head"] for each in found]


def check(answer: httpx.Response, before: list[int], after: list[int]) -> None:
    assert answer.status_code < 500, answer.text
    if answer.status_code == 200:
        assert sum(after) == sum(before) + 1
    else:
        assert after == before, answer.text
        assert answer.json()["rejected"]


@pytest.mark.timeout(600)
def test_no_command_is_ever_a_fault_and_none_that_is_refused_changes_anything(
    everybody: Desk, deep: bool
) -> None:
    @settings(
        max_examples=2500 if deep else 120, deadline=None, database=None, derandomize=not deep,
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    @given(bodies())
    def run(sent: tuple[str, Any]) -> None:
        name, body = sent
        region = "platform" if BY_NAME[name] in PLATFORM_COMMANDS else "sh"
        before = heads(everybody)
        act = {"id": clock.new_id(), "at": clock.now_ms(), "region": region, "command": body}
        answer = everybody.http.post(f"/commands/{name}", content=json.dumps(act).encode())
        check(answer, before, heads(everybody))

    run()
    for path in ("/readyz", "/changes?log=sh", "/positions", "/orders?text=1"):
        assert everybody.http.get(path).status_code == 200


@pytest.mark.timeout(600)
def test_no_question_is_ever_a_fault(everybody: Desk, deep: bool) -> None:
    anything = st.recursive(st.sampled_from(JUNK), lambda inner: st.lists(inner, max_size=3), max_leaves=4)
    line = st.fixed_dictionaries({"item": st.sampled_from(["ac", "x"])}, optional={"quantity": anything})
    asked = st.fixed_dictionaries({
        "region": st.sampled_from(["sh", "bj", "x"]), "lines": st.lists(line, max_size=3) | anything,
        "district": st.just("xh") | anything,
        "point": st.fixed_dictionaries({"lon": st.floats(-200, 200) | anything, "lat": st.floats(-100, 100)}) | anything,
        "urgency": st.sampled_from(["normal", "emergency", "x"]),
    }, optional={"order": anything})  # fmt: skip

    @settings(
        max_examples=1000 if deep else 60, deadline=None, database=None, derandomize=not deep,
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    @given(asked, st.lists(st.lists(anything, max_size=6), max_size=3), anything)
    def run(windows: Any, positions: Any, other: Any) -> None:
        reveal = {"kind": other, "id": other, "field": other, "reason": other}
        sent = {
            "/windows": windows, "/positions": {"positions": positions}, "/reveal": reveal, "/commands": other,
            "/login": {"user": other, "password": "x", "device": other},
        }  # fmt: skip
        for path, body in sent.items():
            answer = everybody.http.post(path, content=json.dumps(body).encode())
            assert answer.status_code < 500, (path, body, answer.text)

    run()
    assert everybody.http.get("/readyz").status_code == 200
