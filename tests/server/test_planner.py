"""The plan keeps itself: promises get places, broken ones are named, searches are told about and stopped."""

from collections.abc import Callable
from typing import Any

import pytest

from dispatcher_app import clock
from dispatcher_app.domain import command as c
from dispatcher_app.domain.calendar import HOUR_MS
from dispatcher_app.domain.order import After, Window
from dispatcher_app.planning import improve
from tests.server.city import Place, assign, book, tomorrow
from tests.server.desk import Desk, desk
from tests.server.process import Server
from tests.server.waiting import until

# On a new machine the improver is compiled first, which is counted to the first test that wants it.
pytestmark = pytest.mark.timeout(400)


@pytest.fixture(scope="session")
def warmed() -> None:
    """The improver compiled on this machine: the first time takes longer than any test waits."""
    improve.warm()


@pytest.fixture
def planning(
    place: Place, launch: Callable[..., Server], monkeypatch: pytest.MonkeyPatch, warmed: None
) -> Server:
    """A server that keeps the plan."""
    monkeypatch.setenv("DISPATCHER_PLANNER", "on")
    return launch(place)


def body(person: Desk, kind: str, id: str) -> Any:
    """An entity as the desks have it, None where there is none."""
    found = person.state().get((kind, id))
    return found[1] if found else None


def planned(person: Desk, order: str) -> Any:
    """The tentative stop of an order and its day, None while there is none."""
    found = body(person, "order", order)
    day = body(person, "day", found["tentative"]) if found and found["tentative"] else None
    stops = [each for each in day["stops"] if each["order"] == order] if day else []
    return (day, stops[0]) if stops else None


def unkept(person: Desk, order: str) -> Any:
    """Why a promise can't be kept, None where it can."""
    found = body(person, "order", order)["unkept"]
    return found["reason"] if found else None


def test_a_promise_gets_a_place_in_its_window_and_nobody_is_told(planning: Server) -> None:
    with desk(planning.url) as wang:
        wang.do(book(order="order-1"))
        day, stop = until(lambda: planned(wang, "order-1"), "no place was found")
        assert stop["state"] == "tentative"
        assert tomorrow(9) <= stop["start"] <= tomorrow(11)
        assert day["technician"].startswith("sh-")
        order = body(wang, "order", "order-1")
        assert (order["status"], order["technician"], order["unkept"]) == ("pending", None, None)
        notices = wang.http.get("/notices", params={"order": "order-1"}).json()["notices"]
        assert not [each for each in notices if each["party"] == "technician"]


def test_whoever_is_assigned_by_a_person_pushes_a_planned_visit_to_another_place(planning: Server) -> None:
    with desk(planning.url) as wang:
        wang.do(book(order="order-1"))
        day, stop = until(lambda: planned(wang, "order-1"), "no place was found")
        wang.do(book(1, order="order-2"))
        hour = (stop["start"] - tomorrow(0)) / HOUR_MS
        wang.do(assign("order-2", int(day["technician"].removeprefix("sh-t")), hour))

        def elsewhere() -> Any:
            found = planned(wang, "order-1")
            return found and (found[0]["id"], found[1]["start"]) != (day["id"], stop["start"])

        until(elsewhere, "the planned visit was not given another place")
        assert unkept(wang, "order-1") is None


@pytest.mark.deep_on_postgres
def test_a_promise_that_nobody_can_keep_is_named_and_cleared_when_somebody_can(planning: Server) -> None:
    with desk(planning.url, "lina") as lina:
        for number in range(8):
            lina.do(
                c.AddLeave(
                    technician=f"sh-t{number}", leave=f"leave-{number}", start=tomorrow(0), end=tomorrow(24),
                    reason="holiday",
                )
            )  # fmt: skip
        lina.do(book(order="order-1"))
        until(lambda: unkept(lina, "order-1"), "the broken promise was not named")
        assert planned(lina, "order-1") is None
        lina.do(c.RemoveLeave(technician="sh-t3", leave="leave-3"))
        day, _ = until(lambda: planned(lina, "order-1"), "no place was found when somebody came back")
        assert day["technician"] == "sh-t3"
        until(lambda: unkept(lina, "order-1") is None, "the promise is still said to be broken")


def test_a_dispatched_visit_of_somebody_sick_is_a_broken_promise(planning: Server) -> None:
    with desk(planning.url, "lina") as lina:
        lina.do(book(order="order-1"))
        lina.do(assign("order-1"))
        leave = c.AddLeave(
            technician="sh-t0", leave="leave-0", start=tomorrow(6), end=tomorrow(20), reason="sick"
        )
        lina.do(leave)
        assert until(lambda: unkept(lina, "order-1"), "the broken promise was not named") == "leave"
        lina.do(c.UnassignTechnician(order="order-1", from_technician="sh-t0", reason="sick"))
        until(lambda: planned(lina, "order-1"), "the visit was not planned anew")
        until(lambda: unkept(lina, "order-1") is None, "the promise is still said to be broken")


def test_many_promises_at_once_all_get_a_place(planning: Server) -> None:
    with desk(planning.url) as wang:
        orders = [f"order-{number}" for number in range(12)]
        for number, order in enumerate(orders):
            wang.do(book(number, order=order, window=Window(tomorrow(8), tomorrow(18))))
        until(
            lambda: all(planned(wang, order) or unkept(wang, order) for order in orders),
            "some were forgotten",
        )
        assert [unkept(wang, order) for order in orders] == [None] * 12


def search(person: Desk, **asked: Any) -> Any:
    """A search that has ended."""
    answer = person.http.post("/plan/runs", json={"region": "sh", "seconds": 2, **asked})
    assert answer.status_code == 200, answer.text
    id = answer.json()["run"]["id"]

    def ended() -> Any:
        found = person.http.get(f"/plan/runs/{id}").json()["run"]
        return found if found["state"] != "searching" else None

    return until(ended, "the search never ended")


def moves_in(proposal: Any) -> tuple[c.Move, ...]:
    return tuple(c.Move(**each) for each in proposal["moves"])


def date_of(at: int) -> str:
    from dispatcher_app.domain.calendar import local_date

    return local_date(at, "Asia/Shanghai")


def test_a_plan_of_the_day_is_searched_published_and_undone_as_one(planning: Server) -> None:
    with desk(planning.url) as wang:
        for number in range(6):
            wang.do(book(number, order=f"order-{number}", window=Window(tomorrow(8), tomorrow(18))))
        until(lambda: all(planned(wang, f"order-{each}") for each in range(6)), "some have no place")
        run = search(wang, date=date_of(tomorrow(12)))
        assert run["state"] == "done", run["detail"]
        (found,) = run["proposals"]
        assert found["after"]["unserved"] == 0
        assert found["after"]["travel_s"] <= found["before"]["travel_s"]
        assert found["calls"] == []


def test_without_a_technician_there_are_three_ways_and_one_undo(planning: Server) -> None:
    with desk(planning.url, "lina") as lina:
        for number in range(3):
            lina.do(book(number, order=f"order-{number}", window=Window(tomorrow(8), tomorrow(18))))
            lina.do(assign(f"order-{number}", 0, 9 + 2 * number))
        absence: dict[str, Any] = {
            "technician": "sh-t0", "leave": "leave-0", "start": tomorrow(0), "end": tomorrow(24), "reason": "sick",
            "given": True,
        }  # fmt: skip
        run = search(lina, absence=absence)
        assert run["state"] == "done", run["detail"]
        assert [each["choice"] for each in run["proposals"]] == [
            "least_late", "least_driving", "fewest_calls",
        ]  # fmt: skip
        chosen = run["proposals"][2]
        assert chosen["calls"] == []
        assert {each["order"] for each in chosen["moves"]} == {"order-0", "order-1", "order-2"}
        before = {id: body(lina, "order", id)["technician"] for id in ("order-0", "order-1", "order-2")}
        command = c.PublishPlan(moves=moves_in(chosen), reason="sick", absence=c.Absence(**absence))
        done = lina.do(command)
        assert not [each for each in done.get("warnings", ()) if each["code"].startswith("move_")]
        after = {id: body(lina, "order", id)["technician"] for id in before}
        assert "sh-t0" not in after.values()
        assert body(lina, "technician", "sh-t0")["leaves"]
        undo = done["undo"]
        answer = lina.http.post(
            f"/commands/{undo['name']}",
            json={
                "id": clock.new_id(), "at": clock.now_ms(), "region": "sh", "undoes": done["message"]["act"],
                "command": undo["body"],
            },
        )  # fmt: skip
        assert answer.status_code == 200, answer.text
        assert {id: body(lina, "order", id)["technician"] for id in before} == before
        assert body(lina, "technician", "sh-t0")["leaves"] == []


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        ({"seconds": 0}, "invalid"),
        ({"seconds": 1e9}, "invalid"),
        ({"date": "2020-01-01"}, "date_invalid"),
        ({"date": f"{date_of(tomorrow(12))[:8]}99"}, "date_invalid"),
        (
            {
                "absence": {
                    "technician": "sh-t0",
                    "leave": "l",
                    "start": 10**15,
                    "end": 10**15 + 1,
                    "reason": "sick",
                }
            },
            "span_invalid",
        ),
        (
            {"absence": {"technician": "sh-t0", "leave": "l", "start": 0, "end": 1, "reason": "sick"}},
            "span_invalid",
        ),
    ],
)
def test_a_search_for_nothing_is_refused_with_a_reason(
    server: Server, asked: dict[str, Any], code: str
) -> None:
    with desk(server.url) as wang:
        answer = wang.http.post("/plan/runs", json={"region": "sh", **asked})
        assert (answer.status_code, answer.json()["rejected"]) == (422, code)


def test_searches_are_for_those_who_dispatch_in_the_region(server: Server) -> None:
    with desk(server.url, "zhao") as zhao:
        assert zhao.http.post("/plan/runs", json={"region": "sh"}).status_code == 403
    with desk(server.url, "beijing") as beijing:
        assert beijing.http.post("/plan/runs", json={"region": "sh"}).status_code == 403
        assert beijing.http.get("/plan/runs/none").json()["rejected"] == "not_found"


def test_a_visit_for_two_gets_both_at_one_hour_and_whoever_is_sent_alone_is_named(planning: Server) -> None:
    with desk(planning.url) as wang:
        wang.do(book(order="order-1"))
        until(lambda: planned(wang, "order-1"), "no place was found")
        wang.do(c.ArrangeVisit(order="order-1", from_crew=1, crew=2))

        def both() -> Any:
            found = planned(wang, "order-1")
            return found and len(found[1]["together"]) == 2 and found

        day, stop = until(both, "nobody was found to come along")
        lead, helper = stop["together"]
        assert day["technician"] == lead
        other = body(wang, "day", f"{helper}:{day['date']}")
        assert [each["start"] for each in other["stops"] if each["order"] == "order-1"] == [stop["start"]]
        wang.do(c.AssignTechnician(order="order-1", technician=lead, start=stop["start"]))
        until(lambda: unkept(wang, "order-1") == "needs_helper", "the missing man was not named")
        ranking = wang.http.get("/rank", params={"order": "order-1"}).json()
        mine = next(each for each in ranking["eligible"] if each["technician"] == lead)
        along = c.AssignTechnician(
            order="order-1", technician=lead, from_technician=lead, start=mine["start"],
            helpers=(mine["along"]["technician"],),
        )  # fmt: skip
        wang.do(along)
        until(lambda: unkept(wang, "order-1") is None, "it is still said that somebody is missing")


def test_an_order_after_another_is_planned_when_that_one_is_over(planning: Server) -> None:
    with desk(planning.url) as wang:
        wang.do(book(order="order-1"))
        wang.do(book(1, order="order-2"))
        until(lambda: planned(wang, "order-1") and planned(wang, "order-2"), "no place was found")
        after = After(order="order-1", pause=20)
        wang.do(c.ArrangeVisit(order="order-2", from_crew=1, crew=1, after=after))

        def in_turn() -> Any:
            first, then = planned(wang, "order-1"), planned(wang, "order-2")
            return first and then and then[1]["start"] >= first[1]["end"] + 20 * 60_000

        def settled() -> Any:
            return in_turn() or unkept(wang, "order-2") in ("after_other", "no_room")

        until(settled, "the order after it is neither in its turn nor named")
