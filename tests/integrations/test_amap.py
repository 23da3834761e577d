"""AMap is asked for little, signed and counted, in its own datum; whatever it refuses or gets wrong is said."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from dispatcher_app import clock
from dispatcher_app.domain.place import Point, distance_m
from dispatcher_app.integrations.amap import HALF_HOUR_MS, Amap
from dispatcher_app.integrations.breaker import Breaker
from dispatcher_app.integrations.quota import Quota
from dispatcher_app.planning.travel import Ground, Routes, Travel
from dispatcher_app.planning.travel.chain import matrix_by, routes_by
from tests.integrations.roadside import KEY, SECRET, Roadside, amap, seconds, standing

GROUND = Ground()
A, B, C = Point(121.40, 31.20), Point(121.45, 31.22), Point(121.50, 31.25)
BERLIN, POTSDAM = Point(13.40, 52.52), Point(13.06, 52.40)


@pytest.fixture
def server() -> Iterator[Roadside]:
    with standing(amap) as made:
        yield made


def opened(
    server: Roadside, *, key: str = KEY, secret: str = "", daily: int = 1000, a_second: int = 1000
) -> Amap:
    quota = Quota(daily, a_second)
    return Amap(key, secret, quota=quota, url=server.url, timeout_s=0.4, breaker=Breaker())


@pytest.fixture
def source(server: Roadside) -> Iterator[Amap]:
    made = opened(server)
    yield made
    made.close()


def asked(source: Amap, origins: list[Point], targets: list[Point], *, at: int | None = None) -> Travel:
    now = clock.now_ms() if at is None else at
    return matrix_by([source], origins, targets, now, GROUND, precise=True)


def codes(found: Travel | Routes) -> list[str]:
    return [each.code for each in found.notes]


@pytest.mark.parametrize("secret", ["", SECRET])
def test_many_origins_to_one_destination_are_one_question(server: Roadside, secret: str) -> None:
    source = opened(server, secret=secret)
    found = asked(source, [A, B], [C])
    assert (found.source, codes(found), len(server.asked)) == ("amap", ["travel_by_amap"], 1)
    for row, origin in enumerate((A, B)):
        assert int(found.seconds[row, 0]) == pytest.approx(seconds(origin, C) + 120, abs=2)
    assert ("sig" in server.asked[0][1]) is bool(secret)
    source.close()


def test_places_are_said_in_the_datum_of_mainland_maps_and_abroad_as_they_are(
    source: Amap, server: Roadside
) -> None:
    asked(source, [A], [C])
    lon, lat = map(float, server.asked[0][1]["destination"].split(","))
    assert 300 < distance_m(Point(lon, lat), C) < 700
    asked(source, [BERLIN], [POTSDAM])
    assert server.asked[1][1]["destination"] == "13.060000,52.400000"


def test_more_than_a_hundred_origins_are_asked_in_pieces(source: Amap, server: Roadside) -> None:
    many = [Point(121.3 + each / 500, 31.2) for each in range(250)]
    assert asked(source, many, [C]).source == "amap"
    assert len(server.asked) == 3


def test_what_was_asked_in_this_half_hour_is_not_asked_again(source: Amap, server: Roadside) -> None:
    at = clock.now_ms()
    first = asked(source, [A, B], [C], at=at)
    near = Point(A.lon + 0.0001, A.lat)
    again = asked(source, [near, B], [C], at=at)
    assert len(server.asked) == 1
    assert again.seconds.tolist() == first.seconds.tolist()
    asked(
        source,
        [A],
        [C],
        at=at + HALF_HOUR_MS - 60_000 if at % HALF_HOUR_MS > 60_000 else at - HALF_HOUR_MS + 60_000,
    )
    assert len(server.asked) == 2


def test_it_is_not_asked_in_a_search_nor_about_another_time_nor_for_many_targets(
    source: Amap, server: Roadside
) -> None:
    searched = matrix_by([source], [A], [C], clock.now_ms(), GROUND, precise=False)
    assert (searched.source, codes(searched)) == ("estimate", ["travel_estimated"])
    later = asked(source, [A], [C], at=clock.now_ms() + 3 * HALF_HOUR_MS)
    assert codes(later) == ["travel_now_only", "travel_estimated"]
    many = asked(source, [A], [Point(121.4 + each / 10, 31.2) for each in range(9)])
    assert codes(many) == ["travel_now_only", "travel_estimated"]
    assert server.asked == []


def test_the_days_questions_end_and_the_next_source_is_asked(server: Roadside) -> None:
    source = opened(server, daily=1)
    assert asked(source, [A], [C]).source == "amap"
    refused = asked(source, [B], [C])
    assert codes(refused) == ["travel_quota", "travel_estimated"]
    assert [each.code for each in source.troubles()] == ["health_travel_quota"]
    assert asked(source, [A], [C]).source == "amap", "what is known is known"
    assert len(server.asked) == 1
    source.close()


def test_not_more_questions_are_asked_in_a_second_than_the_key_may(server: Roadside) -> None:
    source = opened(server, a_second=2)
    for target in (A, B):
        assert asked(source, [C], [target]).source == "amap"
    assert asked(source, [A], [C]).note.code in ("travel_quota", "travel_by_amap")
    source.close()


@pytest.mark.parametrize(
    ("fault", "note", "trouble"),
    [
        ("bad_key", "travel_refused", "health_travel_key"),
        ("bad_signature", "travel_refused", "health_travel_key"),
        ("day_over", "travel_quota", "health_travel_quota"),
        ("too_fast", "travel_away", "health_travel_source"),
        ("engine", "travel_unfit", "health_travel_source"),
        ("hang", "travel_away", "health_travel_source"),
        ("drip", "travel_away", "health_travel_source"),
        ("too_many", "travel_away", "health_travel_source"),
        ("html", "travel_unfit", "health_travel_source"),
        ("list", "travel_unfit", "health_travel_source"),
        ("shape", "travel_unfit", "health_travel_source"),
        ("zero", "travel_unfit", "health_travel_source"),
        ("negative", "travel_unfit", "health_travel_source"),
        ("ages", "travel_unfit", "health_travel_source"),
    ],
)
def test_what_it_refuses_or_gets_wrong_is_said_and_the_estimate_serves(
    source: Amap, server: Roadside, fault: str, note: str, trouble: str
) -> None:
    server.faults = [fault]
    found = asked(source, [A], [C])
    assert (found.source, codes(found)[0], codes(found)[-1]) == ("estimate", note, "travel_estimated")
    assert [each.code for each in source.troubles()] == [trouble]
    answered = len(server.asked)
    asked(source, [B], [C])
    assert len(server.asked) == answered


def test_a_wrong_key_is_named_by_what_amap_calls_it(server: Roadside) -> None:
    source = opened(server, key="somebody-else")
    assert asked(source, [A], [C]).note.params == {"provider": "amap", "detail": "INVALID_USER_KEY"}
    source.close()


def test_a_place_without_a_road_is_no_fault(source: Amap, server: Roadside) -> None:
    server.faults = ["no_way"]
    found = asked(source, [A], [C])
    assert (codes(found), source.troubles()) == (["travel_cut_off", "travel_estimated"], ())


def test_several_ways_come_with_their_traffic_where_they_really_are(source: Amap) -> None:
    found = routes_by([source], A, C, clock.now_ms(), GROUND, wanted=3)
    assert [each.source for each in found.routes] == ["amap"] * 3
    assert [each.seconds for each in found.routes] == sorted(each.seconds for each in found.routes)
    route = found.routes[0]
    assert distance_m(route.line[0], A) < 1
    assert distance_m(route.line[-1], C) < 1
    assert (len(route.line), route.lights) == (4, 7)
    assert [(each.first, each.last, each.flow) for each in route.stretches] == [
        (0, 1, "smooth"), (1, 2, "jam"), (2, 3, "unknown"),
    ]  # fmt: skip


@pytest.mark.parametrize("fault", ["shape", "zero", "ages", "html", "bad_key", "hang"])
def test_ways_that_can_not_be_are_not_drawn(source: Amap, server: Roadside, fault: str) -> None:
    server.faults = [fault]
    found = routes_by([source], A, C, clock.now_ms(), GROUND, wanted=3)
    assert [each.source for each in found.routes] == ["estimate"]
    assert codes(found)[-1] == "travel_estimated"
