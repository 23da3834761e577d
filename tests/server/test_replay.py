"""A day can be asked for as the log knows it: at every moment exactly what the desks had then, and for few eyes only."""

from __future__ import annotations

import json
from typing import Any

import httpx
import pytest

from dispatcher_app import clock
from dispatcher_app.domain import command as c
from dispatcher_app.domain.calendar import DAY_MS, local_date, midnight
from dispatcher_app.server.position import worth_keeping
from dispatcher_app.server.store import replay
from dispatcher_app.server.store.database import Cursor
from tests.server.city import Gate, assign, book
from tests.server.desk import Desk, desk
from tests.server.process import Server

ZONE = "Asia/Shanghai"


def today() -> str:
    """The date that the replay is asked for."""
    return local_date(clock.now_ms(), ZONE)


def told(one: Desk, date: str = "") -> list[dict[str, Any]]:
    """The lines of a day."""
    answer = one.http.get("/replay", params={"region": "sh", "date": date or today()})
    assert answer.status_code == 200, answer.text
    return [json.loads(line) for line in answer.text.splitlines()]


def refusal(answer: httpx.Response) -> str:
    """Why a day was not told."""
    code: str = answer.json()["rejected"]
    return code


def at(lines: list[dict[str, Any]], moment: int, kind: str) -> dict[str, Any]:
    """Everything of a kind as it stood at a moment, by its id."""
    versions = (each for line in lines for each in line.get("versions", ()))
    return {id: body for kind_, id, _version, since, body in versions if kind_ == kind and since <= moment}


def test_every_moment_of_a_day_is_told_as_the_desks_had_it_then(server: Server) -> None:
    seen = []
    with desk(server.url, "lina") as one:
        for number in range(3):
            one.do(book(order=f"o-replay-{number}"))
            seen.append((clock.now_ms(), one.state()))
            one.do(assign(f"o-replay-{number}", technician=number))
            seen.append((clock.now_ms(), one.state()))
            one.do(c.UrgeOrder(order=f"o-replay-{number}"))
            seen.append((clock.now_ms(), one.state()))
        one.do(c.CancelOrder(order="o-replay-1", reason="not_needed", side="customer"))
        seen.append((clock.now_ms(), one.state()))
        lines = told(one)
    assert lines[-1] == {"whole": True}
    for moment, state in seen:
        for kind in ("order", "day", "technician"):
            assert at(lines, moment, kind) == {
                id: body for (kind_, id), (_version, body) in state.items() if kind_ == kind
            }


def test_people_are_told_as_they_are_now(server: Server) -> None:
    with desk(server.url, "lina") as one:
        made = book(order="o-replay-people")
        one.do(made)
        lines = told(one)
        order = at(lines, clock.now_ms(), "order")["o-replay-people"]
        customers = at(lines, 0, "customer")
        assert order["customer"] in customers
        assert order["address"] in at(lines, 0, "address")


def test_only_supervisors_and_who_looks_after_complaints_may_ask(server: Server) -> None:
    with desk(server.url, "wangfang") as one:
        answer = one.http.get("/replay", params={"region": "sh", "date": today()})
        assert (answer.status_code, refusal(answer)) == (403, "not_allowed")
    with desk(server.url, "lina") as one:
        answer = one.http.get("/replay", params={"region": "bj", "date": today()})
        assert (answer.status_code, refusal(answer)) == (403, "other_region")


@pytest.mark.parametrize(
    ("date", "code"),
    [("2025-02-30", "date_invalid"), ("2020-01-01", "replay_too_old"), ("2099-01-01", "replay_ahead")],
)
def test_a_day_that_cannot_be_shown_is_refused_with_the_reason(server: Server, date: str, code: str) -> None:
    with desk(server.url, "lina") as one:
        answer = one.http.get("/replay", params={"region": "sh", "date": date})
        assert (answer.status_code, refusal(answer)) == (422, code)


def test_what_the_log_has_let_go_of_is_said_to_be_missing_and_not_made_up(gate: Gate) -> None:
    gate.do(book(order="o-old"))
    gate.do(assign("o-old"))
    gate.executor.run(lambda cursor: cursor.run("UPDATE change SET body = NULL WHERE kind = 'order'")).result(
        30
    )
    begin = midnight(today(), ZONE)

    def ask(cursor: Cursor) -> list[replay.Version]:
        span = replay.span(cursor, "sh", begin, clock.now_ms() + DAY_MS)
        return replay.changed(cursor, span, span.before, ("order",))[0]

    with gate.database.reading() as cursor:
        booked, assigned = ask(cursor)
    assert booked[4] is None
    assert assigned[4] is not None, "what stands today is known from today"


def test_the_last_act_before_a_moment_is_found(gate: Gate) -> None:
    before = clock.now_ms()
    numbers = [gate.do(book(order=f"o-seq-{at}")).message.seq for at in range(5)]
    with gate.database.reading() as cursor:
        assert replay.number_before(cursor, "sh", before) == numbers[0] - 1
        assert replay.number_before(cursor, "sh", clock.now_ms() + 1000) == numbers[-1]
        assert replay.number_before(cursor, "sh", 0) == 0
        for number in numbers:
            (decided,) = cursor.all("SELECT decided_at FROM act WHERE log = 'sh' AND seq = ?", (number,))
            assert replay.number_before(cursor, "sh", decided[0]) < number


def test_a_way_is_kept_a_point_a_minute_and_more_where_somebody_drives() -> None:
    here = ("t", 121.47, 31.23, 8.0, 0)
    assert worth_keeping(None, here)
    assert worth_keeping(here, ("t", 121.47, 31.23, 8.0, 60_000))
    assert not worth_keeping(here, ("t", 121.47, 31.23, 8.0, 30_000))
    assert worth_keeping(here, ("t", 121.48, 31.23, 8.0, 20_000))
    assert not worth_keeping(here, ("t", 121.48, 31.23, 8.0, 5_000))


def test_where_technicians_were_is_told_and_forgotten_in_time(server: Server, gate: Gate) -> None:
    now = clock.now_ms()
    with desk(server.url, "lina") as one:
        body = {"positions": [["sh-t1", 121.5, 31.2, 5.0, now - 500]]}
        assert one.http.post("/positions", json=body).status_code == 204

        def kept() -> list[Any]:
            return [each for line in told(one) for each in line.get("tracks", ())]

        from tests.server.waiting import until

        until(lambda: kept() == [["sh-t1", now - 500, 121.5, 31.2, 5.0]], "the way was never kept")
    gate.executor.run(lambda cursor: replay.sweep(cursor, now)).result(30)
    with gate.database.reading() as cursor:
        assert cursor.all("SELECT * FROM track") == []
