"""Who has which order open is seen by the others of the region, and one at a time works on it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from dispatcher_app.server.presence import GRACE_MS, STALE_MS
from tests.server.city import Place
from tests.server.desk import Desk, desk, stream
from tests.server.process import Server
from tests.server.waiting import until


def said(name: str, order: str = "", doing: str = "looking", state: str = "ready") -> dict[str, Any]:
    """What a desk says of itself."""
    return {"desk": name, "seat": "A1", "order": order, "doing": doing, "state": state}


def claim(one: Desk, name: str, order: str, **other: Any) -> Any:
    """Who has the order in hand after somebody has asked for it."""
    answer = one.http.post("/claims", json={"said": said(name, order, "editing"), "order": order, **other})
    assert answer.status_code == 200, answer.text
    return answer.json()["claim"]


def behind(place: Place, ms: int) -> None:
    """As if nobody had said or typed anything for so long."""
    database, _vault = place.open()
    with database.writing() as cursor:
        cursor.run("UPDATE presence SET at = at - ?", (ms,))
        cursor.run("UPDATE claim SET typed_at = typed_at - ?", (ms,))
    database.close()


def test_the_others_of_the_region_see_who_looks_at_what_and_that_he_has_gone(server: Server) -> None:
    with (
        desk(server.url) as one, desk(server.url, "lina") as other, desk(server.url, "beijing") as away,
        stream(other) as seen, stream(away, "bj") as elsewhere,
    ):  # fmt: skip
        assert one.http.post("/presence", json=said("desk-1", "o-7", "calling", "on_call")).status_code == 204
        told = seen.wait(
            lambda found: [d for each in found.named("presence") for d in each["desks"]], "nothing"
        )
        assert told[0][:6] == ["desk-1", "wangfang", "A1", "o-7", "calling", "on_call"]
        (now,) = other.http.get("/presence").json()["desks"]
        assert now == told[0]
        one.http.post("/presence", json={"desk": "desk-1", "left": True})
        seen.wait(
            lambda found: any("desk-1" in each["left"] for each in found.named("presence")), "he stayed"
        )
        assert other.http.get("/presence").json()["desks"] == []
        assert elsewhere.named("presence") == []
        assert away.http.get("/presence").json()["desks"] == []


def test_a_desk_of_which_nothing_is_heard_is_gone_with_what_it_had_in_hand(
    server: Server, place: Place
) -> None:
    with desk(server.url) as one, desk(server.url, "lina") as other, stream(other) as seen:
        assert claim(one, "desk-1", "o-1")[1] == "desk-1"
        one.http.post("/presence", json=said("desk-1", "o-1", "editing"))
        seen.wait(lambda found: any(each["claims"] for each in found.named("presence")), "no claim was told")
        behind(place, STALE_MS + 1)
        other.http.post("/presence", json=said("desk-2"))
        seen.wait(
            lambda found: any("desk-1" in each["left"] for each in found.named("presence")), "he stayed"
        )
        seen.wait(
            lambda found: any("o-1" in each["free"] for each in found.named("presence")), "it stayed his"
        )
        assert claim(other, "desk-2", "o-1")[1] == "desk-2"


def test_one_at_a_time_has_an_order_in_hand_and_it_is_taken_over_by_the_rule(
    server: Server, place: Place
) -> None:
    with desk(server.url) as one, desk(server.url, "chen") as other, desk(server.url, "lina") as supervisor:
        first = claim(one, "desk-1", "o-1")
        assert claim(one, "desk-1", "o-1")[:4] == first[:4]
        assert claim(other, "desk-2", "o-1")[1] == "desk-1"
        assert claim(other, "desk-2", "o-1", take=True, reason="我来")[1] == "desk-1"
        assert claim(supervisor, "desk-3", "o-1", take=True)[1] == "desk-1"
        assert claim(supervisor, "desk-3", "o-1", take=True, reason="客户投诉，我来处理")[1] == "desk-3"
        behind(place, GRACE_MS)
        assert claim(other, "desk-2", "o-1")[1] == "desk-3"
        assert claim(other, "desk-2", "o-1", take=True)[1] == "desk-2"
        assert claim(one, "desk-1", "o-1", release=True) is None
        assert claim(one, "desk-1", "o-1")[1] == "desk-2"
        assert claim(other, "desk-2", "o-1", release=True) is None
        assert claim(one, "desk-1", "o-1")[1] == "desk-1"


def test_nobody_speaks_for_the_desk_of_somebody_else(server: Server) -> None:
    with desk(server.url) as one, desk(server.url, "lina") as other:
        one.http.post("/presence", json=said("desk-1", "o-1"))
        until(lambda: one.http.get("/presence").json()["desks"], "he never came")
        other.http.post("/presence", json=said("desk-1", "o-2"))
        other.http.post("/presence", json={"desk": "desk-1", "left": True})
        other.http.post("/presence", json=said("desk-2"))
        until(lambda: len(one.http.get("/presence").json()["desks"]) == 2, "she never came")
        assert {tuple(each[:4]) for each in one.http.get("/presence").json()["desks"]} == {
            ("desk-1", "wangfang", "A1", "o-1"), ("desk-2", "lina", "A1", ""),
        }  # fmt: skip


def test_desks_of_one_node_see_those_of_another(postgres: Place, launch: Callable[..., Server]) -> None:
    one, other = launch(postgres), launch(postgres)
    with desk(one.url) as a, desk(other.url, "lina") as b, stream(b) as seen:
        assert claim(a, "desk-1", "o-1")[1] == "desk-1"
        seen.wait(
            lambda found: any(each["desks"] for each in found.named("presence")),
            "the other node told nothing",
        )
        assert claim(b, "desk-2", "o-1")[1] == "desk-1"
