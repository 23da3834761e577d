"""Drives keep to the roads: one-way streets, walls, gates, forbidden turns, limits; and they are the quickest."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from dispatcher_app.domain.place import Point
from dispatcher_app.planning.road.drive import Way
from dispatcher_app.planning.road.engine import City
from dispatcher_app.planning.travel import Places
from tests.planning.road.roadmap import Roadmap, grid, passed, point

Open = Callable[[Roadmap], City]


@pytest.fixture(params=["quick", "plain"])
def town(request: pytest.FixtureRequest, tmp_path: Path) -> object:
    """Opens a map, once with contraction hierarchies and once with Dijkstra."""
    opened: list[City] = []

    def open_(roads: Roadmap) -> City:
        opened.append(roads.city(tmp_path, quick=request.param == "quick"))
        return opened[-1]

    yield open_
    for each in opened:
        each.close()


def seconds(city: City, a: Point, b: Point) -> float:
    return float(city.drives(Places([a]), Places([b]), "night").seconds[0, 0])


def way(city: City, a: Point, b: Point) -> Way:
    found = city.way(Places([a]), Places([b]), "night")
    assert found is not None
    return found


def test_a_straight_street_takes_its_length_at_its_speed(town: Open) -> None:
    roads = Roadmap()
    roads.way((0, 0), (0, 10), maxspeed="60")
    city = town(roads)
    assert seconds(city, point(0, 0), point(0, 10)) == pytest.approx(1112 / (51 / 3.6), rel=0.01)
    assert way(city, point(0, 2), point(0, 7)).metres == pytest.approx(556, rel=0.01)


def test_a_one_way_street_is_driven_one_way(town: Open) -> None:
    roads = grid(3, 3)
    roads.ways = [each for each in roads.ways if each[1] != [(1, 1), (2, 1)]]
    roads.way((1, 1), (2, 1), oneway="yes")
    city = town(roads)
    assert passed(way(city, point(1, 1), point(2, 1)).line) == [(1, 1), (2, 1)]
    assert len(passed(way(city, point(2, 1), point(1, 1)).line)) == 4
    assert seconds(city, point(1.2, 1), point(1.8, 1)) < seconds(city, point(1.8, 1), point(1.2, 1))


@pytest.mark.parametrize(
    "tags", [{"oneway": "-1"}, {"oneway": "reverse"}], ids=lambda tags: str(tags["oneway"])
)
def test_a_street_may_be_one_way_against_its_drawing(town: Open, tags: dict[str, str]) -> None:
    roads = grid(2, 2)
    roads.ways = [each for each in roads.ways if each[1] != [(0, 0), (1, 0)]]
    roads.way((0, 0), (1, 0), **tags)
    city = town(roads)
    assert passed(way(city, point(1, 0), point(0, 0)).line) == [(1, 0), (0, 0)]
    assert len(passed(way(city, point(0, 0), point(1, 0)).line)) == 4


def test_a_roundabout_is_driven_round(town: Open) -> None:
    roads = Roadmap()
    roads.way((1, 1), (2, 1), (2, 2), (1, 2), (1, 1), junction="roundabout")
    roads.way((0, 1), (1, 1))
    roads.way((1, 2), (0, 2))
    city = town(roads)
    assert passed(way(city, point(0, 1), point(0, 2)).line) == [
        (0, 1),
        (1, 1),
        (2, 1),
        (2, 2),
        (1, 2),
        (0, 2),
    ]
    assert passed(way(city, point(0, 2), point(0, 1)).line) == [(0, 2), (1, 2), (1, 1), (0, 1)]


@pytest.mark.parametrize("access", ["no", "agricultural", "forestry"])
def test_a_closed_road_is_gone_round(town: Open, access: str) -> None:
    roads = grid(2, 2)
    roads.ways = [each for each in roads.ways if each[1] != [(0, 0), (1, 0)]]
    roads.way((0, 0), (1, 0), access=access)
    assert len(passed(way(town(roads), point(0, 0), point(1, 0)).line)) == 4


def test_a_gated_road_is_for_visitors_only(town: Open) -> None:
    roads = grid(2, 2, {"highway": "primary"})
    roads.ways = [each for each in roads.ways if each[1] != [(0, 0), (1, 0)]]
    roads.way((0, 0), (1, 0), access="private", highway="service")
    city = town(roads)
    assert len(passed(way(city, point(0, 0), point(1, 0)).line)) == 4
    assert np.isfinite(seconds(city, point(0, 1), point(0.5, 0)))


def test_cars_stop_at_a_bollard(town: Open) -> None:
    roads = grid(3, 2)
    roads.ways = [each for each in roads.ways if (1, 0) not in each[1]]
    roads.way((0, 0), (1, 0), (2, 0))
    a, b = point(0.5, 0), point(1.5, 0)
    roads.nodes[1, 0] = {"barrier": "bollard"}
    assert passed(way(town(roads), a, b).line) == [(0, 0), (0, 1), (1, 1), (2, 1), (2, 0)]
    roads.nodes[1, 0] = {"barrier": "bollard", "motor_vehicle": "yes"}
    assert passed(way(town(roads), a, b).line) in ([], [(1, 0)])


@pytest.mark.parametrize(
    "highway", ["footway", "cycleway", "steps", "path", "pedestrian", "construction", "roat"]
)
def test_cars_drive_on_roads_for_cars(town: Open, highway: str) -> None:
    roads = grid(2, 2)
    roads.ways = [each for each in roads.ways if each[1] != [(0, 0), (1, 0)]]
    roads.way((0, 0), (1, 0), highway=highway)
    assert len(passed(way(town(roads), point(0, 0), point(1, 0)).line)) == 4


def number_of(roads: Roadmap, *crossings: tuple[int, int]) -> int:
    return next(id for id, found, _ in roads.ways if found == list(crossings))


def test_a_forbidden_turn_is_not_taken_nor_got_round_by_turning_back(town: Open) -> None:
    roads = grid(3, 3)
    before, after = number_of(roads, (1, 0), (1, 1)), number_of(roads, (0, 1), (1, 1))
    roads.turn("no_left_turn", before, (1, 1), after)
    line = passed(way(town(roads), point(1, 0.5), point(0.5, 1)).line)
    assert ((1, 1), (0, 1)) not in pairwise(line)
    assert len(line) == len(set(line)), "it turns back nowhere"


def test_other_turns_at_that_crossing_stay_free(town: Open) -> None:
    roads = grid(3, 3)
    before, after = number_of(roads, (1, 0), (1, 1)), number_of(roads, (0, 1), (1, 1))
    free = town(grid(3, 3))
    roads.turn("no_left_turn", before, (1, 1), after)
    city = town(roads)
    for a, b in (
        (point(1.5, 1), point(0.5, 1)),
        (point(1, 0.5), point(1, 1.5)),
        (point(0.5, 1), point(1, 0.5)),
    ):
        assert seconds(city, a, b) == seconds(free, a, b)


def test_where_only_one_turn_is_allowed_all_others_are_not(town: Open) -> None:
    roads = grid(3, 3)
    before, onward = number_of(roads, (1, 0), (1, 1)), number_of(roads, (1, 1), (1, 2))
    roads.turn("only_straight_on", before, (1, 1), onward)
    city = town(roads)
    for target in (point(0.5, 1), point(1.5, 1)):
        line = passed(way(city, point(1, 0.5), target).line)
        assert (
            line[:2] == [(1, 0), (0, 0)]
            or line[:3] == [(1, 0), (2, 0), (2, 1)]
            or line[:2] == [(1, 1), (1, 2)]
        )
        assert line[:1] != [(1, 1)] or line[1] == (1, 2)


def dual() -> Roadmap:
    """Two one-way carriageways with a link between them at column 2, and a long way round."""
    roads = Roadmap()
    roads.way((0, 1), (1, 1), (2, 1), oneway="yes")
    roads.way((2, 1), (6, 1), oneway="yes")
    roads.way((2, 1), (2, 2))
    roads.way((6, 2), (2, 2), oneway="yes")
    roads.way((2, 2), (0, 2), oneway="yes")
    roads.way((6, 1), (6, 2))
    roads.way((2, 2), (2, 3), (0, 3), (0, 1))
    roads.way((0, 2), (0, 3))
    return roads


def test_a_turn_that_is_forbidden_over_a_link_is_not_taken(town: Open) -> None:
    a, b = point(1, 1), point(1, 2)
    assert (2, 1) in passed(way(town(dual()), a, b).line)
    free = len(passed(way(town(dual()), a, b).line))
    roads = dual()
    roads.over_way.append(("no_u_turn", 1, 3, 5))
    city = town(roads)
    assert len(passed(way(city, a, b).line)) > free
    onward = passed(way(city, a, point(2, 2.5)).line)
    assert onward == [(1, 1), (2, 1), (2, 2)], "the link itself stays open for others"


def test_who_is_on_the_link_already_may_turn(town: Open) -> None:
    roads = dual()
    roads.over_way.append(("no_u_turn", 1, 3, 5))
    assert passed(way(town(roads), point(2, 1.5), point(1, 2)).line) == [(2, 2), (1, 2)]


def test_where_a_link_leads_one_way_only_all_others_are_closed(town: Open) -> None:
    roads = dual()
    roads.over_way.append(("only_straight_on", 1, 3, 7))
    city = town(roads)
    assert passed(way(city, point(1, 1), point(2, 2.5)).line) == [(1, 1), (2, 1), (2, 2)]
    free = town(dual())
    a, b = Places([point(1, 1)]), Places([point(1, 2)])
    there, before = (each.drives(a, b, "night").seconds[0, 0] for each in (city, free))
    assert there > before


def test_turns_that_lead_nowhere_are_counted(tmp_path: Path) -> None:
    roads = grid(3, 3)
    roads.over_way.append(("no_u_turn", 1, 12, 3))
    roads.turn("only_left_turn", 1, (1, 0), 12)
    _, figures = roads.graph(tmp_path)
    assert (figures.turns, figures.unheeded) == (0, 2)


def test_a_turn_that_nobody_can_take_is_kept_as_it_is(tmp_path: Path) -> None:
    roads = grid(3, 3)
    roads.turn("no_left_turn", 1, (2, 2), 2)
    roads.turn("no_left_turn", 99, (1, 0), 2)
    graph, figures = roads.graph(tmp_path)
    assert (figures.turns, figures.unheeded, graph.size) == (2, 0, 9)


def test_what_forbids_no_turn_changes_nothing(tmp_path: Path) -> None:
    roads = grid(3, 3)
    roads.turn("yes", 1, (1, 0), 3)
    graph, figures = roads.graph(tmp_path)
    assert (figures.turns, figures.unheeded) == (0, 0)
    assert graph.size == len(graph.nodes)


def test_a_place_in_the_sea_has_no_road(town: Open) -> None:
    city = town(grid(3, 3))
    found = city.drives(Places([point(1, 1), point(500, 1)]), Places([point(0, 0)]), "day")
    assert found.off == 1
    assert np.isfinite(found.seconds[0, 0])
    assert np.isinf(found.seconds[1, 0])
    assert city.way(Places([point(500, 1)]), Places([point(1, 1)]), "day") is None


def test_what_is_no_place_has_no_road(town: Open) -> None:
    city = town(grid(3, 3))
    nowhere = Places([Point(float("nan"), 31.2), Point(0.0, 0.0), Point(-160.0, -89.0)])
    assert city.drives(nowhere, Places([point(1, 1)]), "day").off == 3


def test_no_road_leads_to_an_island(town: Open) -> None:
    roads = grid(12, 12)
    for _, crossings, _tags in grid(11, 11).ways:
        roads.way(*((column + 40, row) for column, row in crossings))
    city = town(roads)
    found = city.drives(Places([point(1, 1)]), Places([point(45, 5), point(5, 5)]), "day")
    assert (found.off, found.cut) == (0, 1)
    assert np.isinf(found.seconds[0, 0])


def test_a_car_park_that_is_cut_off_is_reached_by_the_road_beside_it(town: Open) -> None:
    roads = grid(4, 4)
    roads.way((30, 30), (31, 30))
    roads.nodes[30, 30] = {}
    roads.ways[-1] = (roads.ways[-1][0], [(30, 30), (31, 30)], {"highway": "service"})
    city = town(roads)
    assert city.drives(Places([point(30.5, 30)]), Places([point(1, 1)]), "day").off == 1
    assert city.drives(Places([point(3.5, 3)]), Places([point(1, 1)]), "day").off == 0


def test_rush_hour_takes_longer_than_the_night(town: Open) -> None:
    city = town(grid(6, 6, {"highway": "primary"}))
    a, b = Places([point(0, 0)]), Places([point(5, 5)])
    night, day, peak = (float(city.drives(a, b, each).seconds[0, 0]) for each in ("night", "day", "peak"))
    assert night < day < peak


def test_a_light_costs_more_than_a_crossing(town: Open) -> None:
    plain, lit = grid(3, 1), grid(3, 1)
    lit.nodes[1, 0] = {"highway": "traffic_signals"}
    assert seconds(town(lit), point(0, 0), point(2, 0)) > seconds(town(plain), point(0, 0), point(2, 0))


def test_the_way_to_where_one_is_takes_no_time(town: Open) -> None:
    city = town(grid(3, 3))
    assert seconds(city, point(1.3, 1), point(1.3, 1)) == 0


def test_both_engines_say_the_same(tmp_path: Path) -> None:
    dice = np.random.default_rng(5)
    roads = grid(9, 9)
    for index in dice.choice(len(roads.ways), 40, replace=False).tolist():
        id, crossings, tags = roads.ways[index]
        roads.ways[index] = (
            id,
            crossings,
            {**tags, "oneway": "yes", "maxspeed": str(dice.integers(2, 9) * 10)},
        )
    for index in dice.choice(len(roads.ways), 25, replace=False).tolist():
        id, (_, via), _ = roads.ways[index]
        others = [each for each, crossings, _ in roads.ways if via in crossings and each != id]
        roads.turn(str(dice.choice(["no_left_turn", "only_straight_on", "no_u_turn"])), id, via, others[0])
    quick, plain = roads.city(folder(tmp_path, "a")), roads.city(folder(tmp_path, "b"), quick=False)
    for a, b in ((40, 60), (60, 3), (1, 90)):
        origins = Places([point(*dice.uniform(-1, 9, 2)) for _ in range(a)])
        targets = Places([point(*dice.uniform(-1, 9, 2)) for _ in range(b)])
        one = quick.drives(origins, targets, "peak").seconds
        other = plain.drives(origins, targets, "peak").seconds
        assert int((one != other).sum()) == 0
        for origin, target in zip(origins, targets, strict=False):
            ways = [each.way(Places([origin]), Places([target]), "peak") for each in (quick, plain)]
            assert [each is None for each in ways] in ([True, True], [False, False])
            if ways[0] is not None and ways[1] is not None:
                assert ways[0].ms == ways[1].ms
    quick.close()
    plain.close()


def folder(where: Path, name: str) -> Path:
    made = where / name
    made.mkdir()
    return made
