"""The grab pool over the wire: what phones are shown, who wins, what losers and outsiders hear."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from typing import Any

import pytest

from dispatcher_app import clock, codec
from dispatcher_app.domain import command as c
from dispatcher_app.domain.order import Told
from dispatcher_app.domain.region import Policy
from dispatcher_app.planning import choose
from dispatcher_app.planning.rank import Ranking
from tests.server.city import Place, book, technician, tomorrow
from tests.server.desk import Desk, desk
from tests.server.phone import Phone, order_in, phone
from tests.server.process import Server, administer_here
from tests.server.waiting import until

PERSONAL = ("周先生", "枫林苑", "3栋", "1802", "4711", "138", "a-", "c-", "李0工", "李1工", "sh-t")


@pytest.fixture
def town(place: Place, launch: Callable[..., Server]) -> Iterator[tuple[Desk, Callable[[int], Phone]]]:
    """A supervisor's desk and technicians' phones; a pool is decided after a second."""
    server = launch(place)
    with ExitStack() as stack:
        at = stack.enter_context(desk(server.url, "lina"))
        keeper = stack.enter_context(desk(server.url, "guanli"))
        policy = replace(Policy(), version=1, daily_limit=30, grab_collect_s=1)
        keeper.do(c.SavePolicy(policy=policy))
        yield at, lambda number: stack.enter_context(phone(server.url, place, f"sh-t{number}"))


def in_pool(at: Desk) -> str:
    """An order in the pool, told to all whom the first ring reaches."""
    order = clock.new_id()
    at.do(book(order=order))
    told = tuple(each for each in reached(at, order) if each.ring == 0)
    assert len(told) > 2
    at.do(c.PoolOrder(order=order, told=told))
    return order


def reached(at: Desk, order: str, rings: tuple[int, ...] = (3000, 5000)) -> tuple[Told, ...]:
    """Whom the rings reach, as a desk finds out."""
    ranking = codec.decode(at.http.get("/rank", params={"order": order}).content, Ranking)
    bodies = {key: json.dumps(body) for key, (_, body) in at.state().items()}
    made = codec.entity("order", bodies["order", order])
    people = [codec.entity(kind, body) for (kind, _), body in bodies.items() if kind == "technician"]
    return choose.reached(ranking, made, people, {}, Policy(grab_rings_m=rings), clock.now_ms())  # type: ignore[arg-type]


def grab(order: str, by: Phone, **other: Any) -> c.GrabOrder:
    return c.GrabOrder(order=order, technician=by.id, **{"start": tomorrow(9), **other})


def test_two_want_it_one_wins_and_the_other_is_told_why(
    town: tuple[Desk, Callable[[int], Phone]],
) -> None:
    at, of = town
    near, far = of(0), of(7)
    order = in_pool(at)
    seen = order_in(near.mine()["pool"], order)
    assert seen is not None
    assert (seen["lines"][0]["item"], seen["district"], seen["wanted"]) == ("空调", "徐汇", False)
    assert seen["window"] == {"start": tomorrow(9), "end": tomorrow(11)}
    assert 500 < seen["distance_m"] < 3000
    first = near.send(grab(order, near, start=seen["start"]), id="grab-from-phone-0")
    second = far.send(grab(order, far))
    assert (first.status_code, second.status_code) == (200, 200), second.text
    assert set(first.json()) == {"seq", "repeated"}
    until(lambda: order_in(near.mine()["gone"], order), "it is never decided")
    won, lost = order_in(near.mine()["gone"], order), order_in(far.mine()["gone"], order)
    assert won is not None
    assert lost is not None
    assert won["won"]
    assert (lost["won"], lost["why"]["rejected"]) == (False, "lost_to_nearer")
    again = near.send(grab(order, near, start=seen["start"]), id="grab-from-phone-0")
    assert again.json()["repeated"]
    late = far.send(grab(order, far))
    assert (late.status_code, late.json()["rejected"]) == (422, "lost_to_nearer")
    stored = at.state()["order", order][1]
    assert (stored["status"], stored["technician"]) == ("accepted", "sh-t0")


def words(said: Any) -> Iterator[str]:
    """Every word and name of a field in an answer: a moment in milliseconds may well hold the digits of a number."""
    if isinstance(said, dict):
        for name, each in said.items():
            yield name
            yield from words(each)
    elif isinstance(said, list):
        for each in said:
            yield from words(each)
    elif isinstance(said, str):
        yield said


def test_nothing_personal_and_no_other_technician_is_shown_to_a_phone(
    town: tuple[Desk, Callable[[int], Phone]],
) -> None:
    at, of = town
    one, other = of(2), of(3)
    order = in_pool(at)
    offered = clock.new_id()
    at.do(book(order=offered))
    at.do(c.OfferOrder(order=offered, technician="sh-t2"))
    other.send(grab(order, other))
    assert {one.sees(order), one.sees(offered)} <= {"pool", "gone", "offers"}
    said = " ".join(words(one.http.get("/mine/offers").json())).replace(order, "").replace(offered, "")
    assert [word for word in PERSONAL if word in said] == []
    assert other.sees(offered) == ""


def test_whoever_was_not_told_can_not_have_it_and_hears_of_no_order(
    town: tuple[Desk, Callable[[int], Phone]],
) -> None:
    at, of = town
    unable = replace(technician("sh", 20), skills=("gas",))
    at.do(c.SaveTechnician(technician=unable, phone="13700000020"))
    stranger, passer = of(20), of(6)
    order = in_pool(at)
    ghost = stranger.send(grab("no-such-order", stranger)).json()
    known = stranger.send(grab(order, stranger)).json()
    assert (ghost["rejected"], known["rejected"]) == ("not_found", "not_found")
    assert stranger.sees(order) == ""
    assert (
        stranger.send(c.AcceptOrder(order=order, technician="sh-t20", start=tomorrow(9))).status_code == 404
    )
    assert passer.send(replace(grab(order, passer), technician="sh-t1")).json()["rejected"] == "not_allowed"


def test_who_is_told_is_checked_again_when_the_desk_says_it(
    town: tuple[Desk, Callable[[int], Phone]],
) -> None:
    at, of = town
    unable = replace(technician("sh", 21), skills=("gas",))
    at.do(c.SaveTechnician(technician=unable, phone="13700000021"))
    order = clock.new_id()
    at.do(book(order=order))
    told = tuple(Told(technician=id, distance_m=10, start=tomorrow(9)) for id in ("sh-t21", "sh-t4"))
    at.do(c.PoolOrder(order=order, told=told))
    assert of(21).sees(order) == ""
    assert of(4).sees(order) == "pool"


def test_a_phone_says_only_what_phones_say_and_reads_nothing_else(
    town: tuple[Desk, Callable[[int], Phone]],
) -> None:
    at, of = town
    one = of(1)
    order = in_pool(at)
    for command in (
        c.AssignTechnician(order=order, technician=one.id, start=tomorrow(9)),
        c.AddNote(order=order, text="x"),
        c.ClosePool(order=order, since=1),
        c.AwardGrab(order=order, decides_at=1),
        book(),
    ):
        answer = one.send(command)
        assert (answer.status_code, answer.json()["rejected"]) == (403, "not_allowed"), command
    for path in (
        "/changes?log=sh",
        "/rank?order=x",
        "/orders?text=x",
        "/me",
        "/positions",
        "/stream",
    ):
        assert one.http.get(path).status_code == 401, path
    body = {"name": "grab-order", "acts": []}
    assert one.http.post("/commands", json=body).status_code == 401


def test_an_offer_is_accepted_from_the_phone_and_an_ended_token_is_worth_nothing(
    town: tuple[Desk, Callable[[int], Phone]], place: Place
) -> None:
    at, of = town
    one = of(5)
    order = clock.new_id()
    at.do(book(order=order))
    at.do(c.OfferOrder(order=order, technician=one.id))
    seen = order_in(one.mine()["offers"], order)
    assert seen is not None
    taken = one.send(c.AcceptOrder(order=order, technician=one.id, start=seen["start"]))
    assert taken.status_code == 200, taken.text
    assert at.state()["order", order][1]["technician"] == one.id
    assert administer_here(place, "technician-token", one.id, "--end").returncode == 0
    assert one.http.get("/mine/offers").status_code == 401
    assert one.send(grab(order, one)).status_code == 401


def test_a_pool_that_nobody_wants_widens_and_closes_by_itself(
    town: tuple[Desk, Callable[[int], Phone]],
) -> None:
    at, _ = town
    with desk(str(at.http.base_url), "guanli") as keeper:
        policy = replace(Policy(), version=2, daily_limit=30, grab_ring_s=1, grab_rings_m=(1500, 5000))
        keeper.do(c.SavePolicy(policy=policy))
    order = clock.new_id()
    at.do(book(order=order))
    told = reached(at, order, (1500, 5000))
    assert {each.ring for each in told} == {0, 1}
    at.do(c.PoolOrder(order=order, told=tuple(each for each in told if each.ring == 0)))

    def steps() -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = at.state()["order", order][1]["steps"]
        return found

    until(lambda: steps()[-1]["action"] == "close_pool", "the pool never closes")
    assert [each["action"] for each in steps()] == ["book", "pool", "widen", "close_pool"]
    assert len(steps()[1]["params"]["told"]) + len(steps()[2]["params"]["told"]) == len(told)
    assert at.state()["order", order][1]["status"] == "pending"
