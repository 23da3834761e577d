"""What was done is asked of the server: named, with whether it can be taken back and, if not, the honest reason."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from dispatcher_app import codec
from dispatcher_app.domain import command as c
from tests.server.city import Gate, Place, actor_of, assign, book
from tests.server.desk import Desk, desk
from tests.server.process import Server


def listed(one: Desk, **asked: Any) -> list[dict[str, Any]]:
    """What the server tells of what was done."""
    answer = one.http.get("/undoable", params=asked)
    assert answer.status_code == 200, answer.text
    found: list[dict[str, Any]] = answer.json()["acts"]
    return found


def reverse(one: Desk, act: dict[str, Any]) -> Any:
    """Take an act of the list back, or do it again, as the list says it is done."""
    body = {"id": f"{act['last']}-x"[-40:], "at": act["at"], "region": act["region"], "undoes": act["last"]}
    return one.http.post(f"/commands/{act['undo']['name']}", json={**body, "command": act["undo"]["body"]})


def test_an_act_is_taken_back_at_another_desk_done_again_and_taken_back_once_more(server: Server) -> None:
    with desk(server.url) as one, desk(server.url) as other:
        one.do(book(order="o-undo-1"))
        done = one.do(assign("o-undo-1"))["message"]["act"]
        for round_ in range(3):
            (found,) = [each for each in listed(other) if each["act"] == done]
            assert found["orders"] == ["o-undo-1"]
            assert (found["undone"], found["refusal"]) == (round_ % 2 == 1, None)
            assert len(found["chain"]) == round_ + 1
            assert reverse(other, found).status_code == 200
        order = one.state()["order", "o-undo-1"][1]
        assert order["status"] == "pending"


def test_nobody_but_a_supervisor_takes_back_what_somebody_else_did(server: Server) -> None:
    with desk(server.url) as one, desk(server.url, "chen") as counter, desk(server.url, "lina") as supervisor:
        one.do(book(order="o-undo-2"))
        done = one.do(assign("o-undo-2"))["message"]["act"]
        assert not [each for each in listed(counter) if each["act"] == done]
        (seen,) = [each for each in listed(counter, whose="all") if each["act"] == done]
        assert seen["refusal"]["rejected"] == "undo_of_others"
        assert reverse(counter, seen).json()["rejected"] == "undo_of_others"
        (seen,) = [each for each in listed(supervisor, whose="all") if each["act"] == done]
        assert seen["refusal"] is None
        assert reverse(supervisor, seen).status_code == 200
        (seen,) = [each for each in listed(one) if each["act"] == done]
        assert (seen["undone"], seen["last_by"]) == (True, "staff:lina")


def test_why_something_cannot_be_taken_back_any_more_is_said_before_anybody_tries(server: Server) -> None:
    with desk(server.url) as one, desk(server.url, "lina") as other:
        one.do(book(order="o-undo-3"))
        done = one.do(assign("o-undo-3"))["message"]["act"]
        other.do(assign("o-undo-3", 1, from_technician="sh-t0"))
        (found,) = [each for each in listed(one) if each["act"] == done]
        assert found["refusal"]["rejected"] == "changed_meanwhile"
        assert found["refusal"]["params"]["who"] == "staff:lina"
        refused = reverse(one, found).json()
        assert refused["rejected"] == found["refusal"]["rejected"]
        (moved,) = [each for each in listed(other) if each["orders"] == ["o-undo-3"]]
        assert moved["refusal"] is None
        other.do(c.Depart(order="o-undo-3", technician="sh-t1"))
        (moved,) = [each for each in listed(other) if each["act"] == moved["act"]]
        assert moved["refusal"] is not None


def test_two_who_take_the_same_back_at_once_do_so_once(server: Server) -> None:
    with desk(server.url) as one, desk(server.url) as other:
        one.do(book(order="o-undo-4"))
        done = one.do(assign("o-undo-4"))["message"]["act"]
        (found,) = [each for each in listed(one) if each["act"] == done]
        assert reverse(one, found).status_code == 200
        body = {
            "id": "another-undo-of-it", "at": found["at"], "region": found["region"], "undoes": found["last"],
            "command": found["undo"]["body"],
        }  # fmt: skip
        answer = other.http.post(f"/commands/{found['undo']['name']}", json=body).json()
        assert answer["rejected"] == "undone_already"
        assert answer["params"]["who"] == "staff:wangfang"


def test_what_was_done_to_an_order_is_listed_whoever_did_it_and_the_wall_learns_nothing(
    server: Server,
) -> None:
    with desk(server.url) as one, desk(server.url, "lina") as other, desk(server.url, "wall") as wall:
        one.do(book(order="o-undo-5"))
        other.do(assign("o-undo-5"))
        assert {each["actor"] for each in listed(one, order="o-undo-5")} == {"staff:wangfang", "staff:lina"}
        assert wall.http.get("/undoable").status_code == 403
    with desk(server.url, "beijing") as away:
        assert listed(away, order="o-undo-5") == []


REDONE: dict[str, Callable[[], Any]] = {
    "assign": lambda: assign("o-r"),
    "offer": lambda: c.OfferOrder(order="o-r", technician="sh-t0"),
    "cancel": lambda: c.CancelOrder(order="o-r", side="customer", reason="no_longer_needed"),
    "status": lambda: c.SetTechnicianStatus(technician="sh-t0", from_status="online", status="busy"),
}


def test_whatever_can_be_taken_back_can_be_done_again_and_taken_back_once_more(
    gate: Gate, place: Place
) -> None:
    del place
    gate.do(book(order="o-r"))
    for name, make in REDONE.items():
        made = gate.do(make(), actor=actor_of("lina"))
        for step in ("undo", "redo", "undo again"):
            assert made.undo is not None, (name, step)
            command = c.BY_NAME[made.undo.name]
            made = gate.do(
                codec.decode(made.undo.body, command), undoes=made.message.act, actor=actor_of("lina")
            )
    acts = gate.all("SELECT undo_body FROM act WHERE undoes IS NOT NULL")
    assert all(json.loads(str(row[0])) for row in acts)
