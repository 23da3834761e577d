"""A desk asks how long drives take: once for many places, both ways, and is told by whom and how sure."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from dispatcher_app import clock
from dispatcher_app.client import travel
from dispatcher_app.client.api import Api, Place
from dispatcher_app.client.drives import by_server
from dispatcher_app.domain.catalogue import Item
from dispatcher_app.domain.day import Day, Stop, day_id
from dispatcher_app.domain.matching import need_of
from dispatcher_app.domain.place import Point
from dispatcher_app.domain.region import Policy
from dispatcher_app.domain.technician import Technician
from dispatcher_app.planning.ghost import dragged
from dispatcher_app.planning.handful import Handful, ghosts, learn
from dispatcher_app.planning.plan import Plan
from dispatcher_app.planning.travel import Routes, Travel
from dispatcher_app.server.city import main as keep_cities
from tests.domain import trade
from tests.planning.road.roadmap import grid, point
from tests.server.city import copy_of
from tests.server.desk import Desk, desk
from tests.server.process import Server, start
from tests.server.waiting import until

A, B, SEA = point(1, 1), point(6, 6), (121.0, 30.0)


@pytest.fixture(scope="module")
def server(seeded: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    place = copy_of(seeded, tmp_path_factory.mktemp("travel") / "data")
    file = grid(8, 8).file(place.data / "town.osm.pbf")
    assert keep_cities(["import", str(file), "--data", str(place.data)]) == 0
    running = start(place)
    yield running
    running.stop()


@pytest.fixture
def at(server: Server) -> Iterator[Desk]:
    with desk(server.url, "wangfang") as made:
        yield made


def asked(desk_: Desk, path: str = "/travel", **body: Any) -> tuple[int, Any]:
    answer = desk_.http.post(path, json={"region": "sh", **body})
    return answer.status_code, answer.json()


def pair(place: Any) -> list[float]:
    return [place.lon, place.lat]


def test_one_question_brings_the_drives_both_ways(at: Desk) -> None:
    def opened() -> Any:
        _, body = asked(at, origins=[pair(A)], targets=[pair(B), list(SEA)], back=True)
        return body if body["there"]["sources"] is not None else None

    body = until(opened, "the map was never opened")
    there, back = body["there"], body["back"]
    assert len(there["seconds"]) == 1
    assert len(back["seconds"]) == 2
    assert there["sources"][0] == [1, 0]
    assert there["source"] == "estimate"
    assert [each["code"] for each in there["notes"]] == [
        "travel_by_road",
        "travel_off_road",
        "travel_estimated",
    ]
    assert 0 < there["seconds"][0][0] < 1800


def test_a_route_comes_with_its_line(at: Desk) -> None:
    def opened() -> Any:
        status, body = asked(at, "/travel/routes", origin=pair(A), target=pair(B), wanted=3)
        assert status == 200
        return body if body["routes"][0]["source"] == "road" else None

    route = until(opened, "the map was never opened")["routes"][0]
    assert len(route["line"]) > 5
    assert route["metres"] > 700


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"origins": [[200.0, 31.0]], "targets": []}, "origins"),
        ({"origins": [], "targets": [[121.0, -91.0]]}, "targets"),
        ({"origins": [[121.0]], "targets": []}, "origins[0]"),
        ({"origins": [[121.0, "x"]], "targets": []}, "origins[0][1]"),
        ({"origins": [[121.0, 31.0]] * 5001, "targets": []}, "origins"),
        ({"origins": [[121.0, 31.0]] * 400, "targets": [[121.0, 31.0]] * 400}, "targets"),
        ({"origins": [], "targets": [], "at": 5}, "at"),
        ({"targets": []}, "origins"),
    ],
)
def test_what_can_not_be_driven_is_refused_with_the_field(at: Desk, body: dict[str, Any], field: str) -> None:
    status, answer = asked(at, **body)
    assert (status, answer["field"]) == (422, field)


def test_nothing_to_drive_is_an_answer(at: Desk) -> None:
    status, body = asked(at, origins=[], targets=[pair(A)])
    assert (status, body["there"]["seconds"], body["back"]) == (200, [], None)


def test_only_those_who_hold_for_a_region_ask_about_it(server: Server) -> None:
    for person, status in (("beijing", 403), ("wall", 403), ("lina", 200)):
        with desk(server.url, person) as at:
            assert asked(at, origins=[pair(A)], targets=[pair(B)])[0] == status, person


def test_drives_are_asked_for_another_time(at: Desk) -> None:
    status, _ = asked(at, origins=[pair(A)], targets=[pair(B)], at=clock.now_ms() + 3_600_000)
    assert status == 200


def test_a_desk_takes_the_answer_as_planning_does(server: Server) -> None:
    with desk(server.url, "wangfang") as at:
        token = at.http.headers["authorization"].removeprefix("Bearer ")

    async def story() -> tuple[Travel, Travel, Routes]:
        api = Api(Place(server.url), token)
        try:
            there, back = await travel.travel(api, "sh", [A, B], [Point(*SEA)])
            return there, back, await travel.routes(api, "sh", A, B)
        finally:
            await api.close()

    there, back, ways = asyncio.run(story())
    assert (there.seconds.shape, back.seconds.shape) == ((2, 1), (1, 2))
    assert int(there.metres[0, 0]) > 100_000
    assert there.notes[-1].code == "travel_estimated"
    assert ways.routes[0].line[0].coarse() == A.coarse()


def hand_at(place: Point) -> Handful:
    """A visit in the hand, streets away from where its technician lives and was seen."""
    world = trade.company(trade.technician("li", home=A))
    order = trade.booked(world, new_address=trade.address(point=place))
    plan = Plan(trade.TIMEZONE, [trade.DATE], world.all(Technician), world.all(Day))
    items = [each for each in world.all(Item) if each.id == "fridge"]
    drag = dragged(plan, order, need_of(order, items), Policy(), trade.NOW, {}, {"li": (A, trade.NOW)})
    return Handful({"o1": drag}, {})


def by_road(server: Server | None, hand: Handful) -> Handful:
    """The hand once the server has been asked."""

    async def story() -> Handful:
        if server is None:
            return await by_server(None, "sh", hand, trade.NOW)
        with desk(server.url, "wangfang") as at:
            api = Api(Place(server.url), at.http.headers["authorization"].removeprefix("Bearer "))
            try:
                return await by_server(api, "sh", hand, clock.now_ms())
            finally:
                await api.close()

    return asyncio.run(story())


def test_a_visit_in_the_hand_is_judged_by_the_servers_drives_and_says_so(server: Server) -> None:
    until(lambda: ghost_of(by_road(server, hand_at(B))).source == "road", "the map was never opened")
    by_streets, alone = ghost_of(by_road(server, hand_at(B))), ghost_of(by_road(None, hand_at(B)))
    assert (by_streets.source, alone.source) == ("road", "estimate")
    assert by_streets.drive_s != alone.drive_s
    assert (by_streets.error_percent, alone.error_percent) == (35, 50)
    assert [each.code for each in alone.notes] == ["travel_estimated"]


def test_a_place_that_came_in_later_is_estimated_and_the_others_stay_known(server: Server) -> None:
    until(lambda: ghost_of(by_road(server, hand_at(B))).source == "road", "the map was never opened")
    hand = by_road(server, hand_at(B))
    known = ghost_of(hand)
    stop = Stop(order="new", visit=1, start=trade.hour(9), end=trade.hour(10), point=point(3, 2))
    id = day_id("li", trade.DATE)
    learn(hand, [Day(id=id, region="sh", technician="li", date=trade.DATE, stops=(stop,))], {})
    assert ghost_of(hand, 7).drive_s == known.drive_s
    later = ghost_of(hand)
    assert (later.source, later.error_percent) == ("estimate", 50)
    assert {"travel_by_road", "travel_estimated"} <= {each.code for each in later.notes}


def ghost_of(hand: Handful, at: float = 14) -> Any:
    """What dropping it at that hour would do."""
    return ghosts(hand, {"o1": ("li", trade.hour(at))})["o1"]
