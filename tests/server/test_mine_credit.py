"""A technician looks at his own credit by telephone and appeals; another one's he never sees."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest

from dispatcher_app.domain import command as c
from tests.server.city import Place, assign, book
from tests.server.desk import Desk, desk
from tests.server.onsite import DOOR
from tests.server.phone import Phone, phone
from tests.server.process import Server

Town = tuple[Desk, Callable[[int], Phone]]


@pytest.fixture
def town(sqlite: Place, launch: Callable[..., Server]) -> Iterator[Town]:
    """A supervisor's desk, technicians' phones."""
    server = launch(sqlite)
    with ExitStack() as stack:
        at = stack.enter_context(desk(server.url, "lina"))
        yield at, lambda number: stack.enter_context(phone(server.url, sqlite, f"sh-t{number}"))


def criticised(at: Desk, order: str = "order-000001") -> None:
    """A visit in time that the customer gives one star."""
    who = "sh-t0"
    judged = c.ReviewOrder(order=order, stars=1, skill=1, attitude=1, efficiency=1, solved=False)
    for command in (
        book(1, order=order), assign(order), c.Depart(order=order, technician=who),
        c.Arrive(order=order, technician=who, point=DOOR, accuracy_m=10),
        c.MarkLine(order=order, line=0, from_state="open", state="done"), c.FinishOrder(order=order),
        c.ConfirmOrder(order=order, confirmation="phone"), c.RecordPayment(order=order, amount=12000, means="cash"),
        judged,
    ):  # fmt: skip
        at.do(command)


def test_he_sees_his_steps_and_appeals_once(town: Town) -> None:
    at, of = town
    criticised(at)
    li = of(0)
    found = li.http.get("/mine/credit").json()
    assert (found["score"], found["level"], found["start"]) == (78, "normal", 80)
    stars, on_time = found["steps"]
    assert (stars["cause"], stars["points"], stars["about"]) == ("stars", -3, "1")
    assert stars["appeal_until"] > found["time"]
    assert (on_time["cause"], on_time["points"], on_time["appeal_until"]) == ("on_time", 1, None)
    appeal = c.AppealCredit(technician="sh-t0", step=stars["step"], reason="客户按错了")
    assert li.send(appeal).status_code == 200
    again = li.http.get("/mine/credit").json()["steps"][0]
    assert (again["appeal"]["state"], again["appeal_until"]) == ("open", None)
    refused = li.send(appeal)
    assert (refused.status_code, refused.json()["rejected"]) == (422, "appealed_already")
    seen = at.state()["credit", "sh-t0"][1]
    assert (
        next(each for each in seen["steps"] if each["cause"] == "stars")["appeal"]["by"] == "technician:sh-t0"
    )


def test_nobody_sees_or_appeals_against_another_one_s(town: Town) -> None:
    at, of = town
    criticised(at)
    wang = of(1)
    found = wang.http.get("/mine/credit").json()
    assert (found["score"], found["steps"]) == (80, [])
    step = of(0).http.get("/mine/credit").json()["steps"][0]["step"]
    refused = wang.send(c.AppealCredit(technician="sh-t0", step=step, reason="不服"))
    assert refused.json()["rejected"] == "not_allowed"
    assert at.http.get("/mine/credit").status_code == 401
