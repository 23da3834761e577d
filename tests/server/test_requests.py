"""Technicians' requests over the wire: made by telephone, answered at a desk, seen by nobody else."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest

from dispatcher_app import clock
from dispatcher_app.domain import command as c
from dispatcher_app.domain.calendar import local_date
from tests.server.city import ZONE, Place, tomorrow
from tests.server.desk import Desk, desk, stream
from tests.server.phone import Phone, phone
from tests.server.process import Server


@pytest.fixture
def town(place: Place, launch: Callable[..., Server]) -> Iterator[tuple[Desk, Callable[[int], Phone], str]]:
    """A dispatcher's desk, technicians' phones, and where the server is."""
    server = launch(place)
    with ExitStack() as stack:
        at = stack.enter_context(desk(server.url, "lina"))
        yield at, lambda number: stack.enter_context(phone(server.url, place, f"sh-t{number}")), server.url


def leave(by: Phone, start: int = 9, end: int = 18) -> c.RequestLeave:
    return c.RequestLeave(
        request=clock.new_id(), technician=by.id, start=tomorrow(start), end=tomorrow(end), reason="家里有事"
    )


def asked(by: Phone) -> list[tuple[str, str, str]]:
    """His requests as his phone shows them: id, state, the desk's reason."""
    found = by.http.get("/mine/requests")
    assert found.status_code == 200, found.text
    return [(each["request"], each["state"], each["answer"]) for each in found.json()["requests"]]


def test_a_request_reaches_the_desk_at_once_and_its_answer_the_phone(
    town: tuple[Desk, Callable[[int], Phone], str],
) -> None:
    at, of, _ = town
    li = of(0)
    first, second = leave(li), leave(li, 33, 40)
    with stream(at) as heard:
        assert li.send(first).status_code == 200
        seen = heard.wait(
            lambda found: [
                each
                for message in found.messages()
                for each in message["changes"]
                if (each["kind"], each["id"]) == ("shift_requests", "sh-t0")
            ],
            "the desk hears nothing",
        )
    assert seen[0]["body"]["asked"][0]["reason"] == "家里有事"
    assert li.send(second).status_code == 200
    at.do(c.ApproveRequest(technician="sh-t0", request=first.request))
    at.do(c.DeclineRequest(technician="sh-t0", request=second.request, reason="后天人手不够"))
    assert sorted(asked(li)) == sorted(
        [(first.request, "approved", ""), (second.request, "declined", "后天人手不够")]
    )
    body = at.state()["technician", "sh-t0"][1]
    assert [each["id"] for each in body["leaves"]] == [first.request]
    assert "lina" not in li.http.get("/mine/requests").text


def test_a_request_sent_twice_is_made_once(town: tuple[Desk, Callable[[int], Phone], str]) -> None:
    _, of, _ = town
    li = of(1)
    wish = leave(li)
    assert not li.send(wish, id="request-sent-twice").json()["repeated"]
    assert li.send(wish, id="request-sent-twice").json()["repeated"]
    assert [id for id, _, _ in asked(li)] == [wish.request]


def test_a_phone_answers_no_request_and_asks_for_nobody_else(
    town: tuple[Desk, Callable[[int], Phone], str],
) -> None:
    at, of, _ = town
    li, other = of(2), of(3)
    wish = leave(li)
    li.send(wish)
    for said in (
        c.ApproveRequest(technician=li.id, request=wish.request),
        c.DeclineRequest(technician=li.id, request=wish.request, reason="好"),
        c.ReopenRequest(technician=li.id, request=wish.request),
        c.AddLeave(technician=li.id, leave="l-1", start=tomorrow(9), end=tomorrow(10), reason="自己批"),
    ):
        assert (li.send(said).status_code, li.send(said).json()["rejected"]) == (403, "not_allowed")
    assert (
        other.send(c.WithdrawRequest(technician=li.id, request=wish.request)).json()["rejected"]
        == "not_allowed"
    )
    assert other.send(leave(li)).json()["rejected"] == "not_allowed"
    assert asked(other) == []
    refused = at.send(leave(li, 40, 41))
    assert (refused.status_code, refused.json()["rejected"]) == (403, "not_allowed")
    assert li.send(c.WithdrawRequest(technician=li.id, request=wish.request)).status_code == 200
    late = at.send(c.ApproveRequest(technician=li.id, request=wish.request))
    assert late.json()["rejected"] == "request_answered"


def test_a_phone_is_told_in_words_what_is_wrong_with_a_request(
    town: tuple[Desk, Callable[[int], Phone], str],
) -> None:
    _, of, _ = town
    li = of(4)
    no_date = c.RequestHours(request=clock.new_id(), technician=li.id, date="2026-02-30", reason="有课")
    for wish, code, field in (
        (leave(li, -40, -30), "request_past", "end"),
        (leave(li, 12, 12), "leave_invalid", "end"),
        (no_date, "date_invalid", "date"),
    ):  # fmt: skip
        said = li.send(wish).json()
        assert (said["rejected"], said["field"]) == (code, field)
        assert said["sentence"]
    hours = c.RequestHours(
        request=clock.new_id(),
        technician=li.id,
        date=_tomorrow(),
        hours=((8 * 60, 12 * 60),),
        reason="下午有课",
    )
    assert li.send(hours).status_code == 200


def test_without_a_token_nobody_reads_requests(town: tuple[Desk, Callable[[int], Phone], str]) -> None:
    at, _, _ = town
    assert at.http.get("/mine/requests").status_code == 401


def _tomorrow() -> str:
    return local_date(tomorrow(12), ZONE)
