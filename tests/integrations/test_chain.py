"""Several sources in turn: each says what it knows, the next fills what is missing, and who said what is kept."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from dispatcher_app import clock
from dispatcher_app.domain.place import Point
from dispatcher_app.domain.traffic import HOURS, Pace, Traffic
from dispatcher_app.integrations.webhook import BadAddress
from dispatcher_app.planning.road.city import save
from dispatcher_app.planning.road.graph import made
from dispatcher_app.planning.road.read import read_ways
from dispatcher_app.planning.road.shortest import order_of
from dispatcher_app.planning.travel import Ground, Places
from dispatcher_app.server.travels import Setting, Travels, setting_of
from tests.integrations.roadside import KEY, Roadside, amap, osrm, standing
from tests.planning.road.roadmap import grid, point

NOW = clock.now_ms()
TOWN, SEA, ELSEWHERE = point(1.5, 2), Point(121.40, 30.0), Point(121.60, 31.30)


@pytest.fixture
def osrm_server() -> Iterator[Roadside]:
    with standing(osrm) as made_:
        yield made_


@pytest.fixture
def amap_server() -> Iterator[Roadside]:
    with standing(amap) as made_:
        yield made_


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A data folder with a town of streets."""
    graph, figures = made(read_ways(grid(8, 8).file(tmp_path / "map.osm.pbf"), lambda step, percent: None))
    save(tmp_path / "cities", "town", graph, order_of(graph), figures, "map.osm.pbf", 0)
    return tmp_path


def opened(setting: Setting, data: Path | None = None) -> Travels:
    travels = Travels(setting, data)
    for source in travels.sources():
        for city in getattr(source, "cities", ()):
            city.wait()
    return travels


def test_without_any_source_the_estimate_serves_and_says_so() -> None:
    found = Travels().matrix([TOWN], [SEA], NOW)
    assert (found.source, [each.code for each in found.notes]) == ("estimate", ["travel_estimated"])
    Travels().close()


def test_the_map_answers_for_its_city_and_the_estimate_for_the_rest(data: Path) -> None:
    travels = opened(Setting(order=("road",)), data)
    found = travels.matrix([TOWN, SEA], [point(6, 6), ELSEWHERE], NOW)
    assert [[found.source_at(row, column) for column in (0, 1)] for row in (0, 1)] == [
        ["road", "estimate"], ["estimate", "estimate"],
    ]  # fmt: skip
    assert found.source == "estimate", "the whole is no surer than what is estimated in it"
    codes = [each.code for each in found.notes]
    assert codes == ["travel_by_road", "travel_off_road", "travel_estimated"]
    assert found.error_percent == 50
    travels.close()


def test_what_the_map_does_not_know_the_next_service_is_asked(data: Path, osrm_server: Roadside) -> None:
    travels = opened(Setting(order=("road", "osrm"), osrm=osrm_server.url), data)
    found = travels.matrix([TOWN], [point(6, 6), ELSEWHERE], NOW)
    assert [found.source_at(0, column) for column in (0, 1)] == ["road", "osrm"]
    assert len(osrm_server.asked) == 1
    assert osrm_server.asked[0][0].count(";") == 1, "only the drive that was missing"
    assert [each.code for each in found.notes] == ["travel_by_road", "travel_off_road", "travel_by_osrm"]
    travels.close()


def test_the_last_few_candidates_are_asked_of_whoever_knows_the_traffic(
    data: Path, amap_server: Roadside
) -> None:
    setting = Setting(order=("amap", "road"), amap_key=KEY, amap=amap_server.url)
    travels = opened(setting, data)
    assert travels.matrix([TOWN], [point(6, 6)], NOW).source == "road"
    assert amap_server.asked == []
    assert travels.matrix([TOWN], [point(6, 6)], NOW, precise=True).source == "amap"
    amap_server.faults = ["hang"]
    found = travels.matrix([TOWN], [point(5, 5)], NOW, precise=True)
    assert (found.source, found.note.code) == ("road", "travel_away")
    assert [each.code for each in travels.troubles(Places(()))] == ["health_travel_source"]
    travels.close()


def test_routes_fall_back_the_same_way(data: Path, amap_server: Roadside) -> None:
    travels = opened(Setting(order=("amap", "road"), amap_key=KEY, amap=amap_server.url), data)
    assert [each.source for each in travels.route(TOWN, point(6, 6), NOW, wanted=3).routes] == ["amap"] * 3
    amap_server.faults = ["down"]
    found = travels.route(TOWN, point(6, 6), NOW, wanted=3)
    assert ([each.source for each in found.routes], found.notes[0].code) == (["road"], "travel_unfit")
    assert found.routes[0].metres > 700
    assert travels.route(TOWN, SEA, NOW).routes[0].source == "estimate"
    travels.close()


def test_what_trips_have_shown_lengthens_the_roads_too(data: Path) -> None:
    travels = opened(Setting(order=("road",)), data)
    pace = Pace(longer=(2.0,) * HOURS, trips=400, error_percent=22)
    slow = Ground(traffic=Traffic(id="sh", region="sh", road=pace))
    free, learnt = (travels.matrix([TOWN], [point(6, 6)], NOW, each) for each in (Ground(), slow))
    parking = Ground().policy.parking_s
    expected = 2 * (int(free.seconds[0, 0]) - parking) + parking
    assert int(learnt.seconds[0, 0]) == pytest.approx(expected, abs=2)
    assert (free.error_percent, learnt.error_percent) == (35, 22)
    travels.close()


def test_data_health_counts_the_homes_that_no_map_knows(data: Path) -> None:
    travels = opened(Setting(order=("road",)), data)
    assert travels.troubles(Places([TOWN])) == ()
    trouble = travels.troubles(Places([TOWN, SEA, ELSEWHERE]))[0]
    assert (trouble.code, trouble.params) == ("health_travel_uncovered", {"count": 2, "of": 3})
    assert Travels(Setting(order=("road",)), data / "nothing").troubles(Places([SEA])) == ()
    travels.close()


def test_the_same_places_are_looked_for_on_the_map_once(data: Path) -> None:
    travels = opened(Setting(order=("road",)), data)
    stops = Places([point(each % 8, each // 8) for each in range(64)])
    travels.matrix([TOWN], stops, NOW)
    found = dict(stops.found)
    travels.matrix(stops, [TOWN], NOW)
    assert {key: id(each) for key, each in stops.found.items()} == {
        key: id(each) for key, each in found.items()
    }
    travels.close()


@pytest.mark.parametrize(
    ("order", "address"),
    [("google", ""), ("road;osrm", ""), ("", "roads.example.com"), ("", "http://roads.example.com"),
     ("", "ftp://127.0.0.1"), ("", "https://roads.example.com/?key=1"), ("", "https://")],
)  # fmt: skip
def test_what_can_not_be_a_source_is_refused_at_the_start(order: str, address: str) -> None:
    with pytest.raises(BadAddress):
        setting_of(order, address, {})


@pytest.mark.parametrize(
    "address",
    ["", "https://roads.example.com/osrm", "http://127.0.0.1:5000", "http://10.0.0.7:5000", "http://osrm"],
)
def test_an_own_server_may_stand_in_the_own_network(address: str) -> None:
    assert setting_of("", address, {}).osrm == address


def test_the_order_is_as_the_administrator_says() -> None:
    assert setting_of("", "", {}).order == ("amap", "osrm", "road")
    assert setting_of("road, osrm, estimate", "", {}).order == ("road", "osrm")
    with pytest.raises(BadAddress, match="DISPATCHER_AMAP_DAILY"):
        setting_of("", "", {"DISPATCHER_AMAP_DAILY": "many"})
    with pytest.raises(BadAddress):
        setting_of("", "", {"DISPATCHER_AMAP_URL": "http://restapi.example.com"})
