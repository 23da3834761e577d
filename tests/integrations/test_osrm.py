"""An OSRM server is believed where it can be right, passed over where it hangs or lies, and asked again later."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from dispatcher_app.domain.place import Point
from dispatcher_app.integrations.breaker import FIRST_MS, Breaker
from dispatcher_app.integrations.osrm import Osrm
from dispatcher_app.planning.travel import Ground, Routes, Travel
from dispatcher_app.planning.travel.chain import matrix_by, routes_by
from tests.integrations.roadside import METRES_A_SECOND, Roadside, osrm, seconds, standing

GROUND = Ground()
A, B, C = Point(121.40, 31.20), Point(121.45, 31.22), Point(121.50, 31.25)


class Hand:
    """A clock that is set by hand."""

    def __init__(self) -> None:
        self.ms = 0

    def __call__(self) -> int:
        return self.ms


@pytest.fixture
def server() -> Iterator[Roadside]:
    with standing(osrm) as made:
        yield made


@pytest.fixture
def hand() -> Hand:
    return Hand()


@pytest.fixture
def source(server: Roadside, hand: Hand) -> Iterator[Osrm]:
    made = Osrm(server.url, timeout_s=0.4, breaker=Breaker(hand))
    yield made
    made.close()


def asked(source: Osrm, origins: list[Point], targets: list[Point]) -> Travel:
    return matrix_by([source], origins, targets, 0, GROUND, precise=False)


def routed(source: Osrm, wanted: int = 1) -> Routes:
    return routes_by([source], A, C, 0, GROUND, wanted=wanted)


def codes(found: Travel | Routes) -> list[str]:
    return [each.code for each in found.notes]


def test_every_origin_and_target_gets_its_time(source: Osrm) -> None:
    found = asked(source, [A, B], [B, C, A])
    assert (found.source, found.sources, codes(found)) == ("osrm", None, ["travel_by_osrm"])
    for row, origin in enumerate((A, B)):
        for column, target in enumerate((B, C, A)):
            expected = seconds(origin, target) + GROUND.policy.parking_s
            assert int(found.seconds[row, column]) == pytest.approx(expected, abs=1)


def test_more_places_than_a_server_takes_are_asked_in_blocks(source: Osrm, server: Roadside) -> None:
    many = [Point(121.4 + each / 1000, 31.2) for each in range(130)]
    found = asked(source, many, many)
    assert (found.source, len(server.asked)) == ("osrm", 4)
    assert int(found.seconds[129, 3]) == pytest.approx(seconds(many[129], many[3]) + 120, abs=1)


def test_far_too_many_drives_are_not_asked_for(source: Osrm, server: Roadside) -> None:
    many = [Point(121.4 + each / 100_000, 31.2) for each in range(1100)]
    found = asked(source, many, many)
    assert (found.source, codes(found)[0], server.asked) == ("estimate", "travel_too_many", [])


@pytest.mark.parametrize(
    "fault",
    ["hang", "drip", "cut", "down", "gateway", "too_many", "html", "empty", "list", "null", "redirect", "nan",
     "shape", "zero", "negative", "ages", "text", "huge"],
)  # fmt: skip
def test_whatever_it_does_wrong_the_estimate_serves_and_it_is_said(
    source: Osrm, server: Roadside, fault: str
) -> None:
    server.faults = [fault]
    found = asked(source, [A], [C])
    assert found.source == "estimate"
    assert codes(found)[0] in ("travel_away", "travel_unfit")
    assert codes(found)[-1] == "travel_estimated"
    assert [each.code for each in source.troubles()] == ["health_travel_source"]
    answered = len(server.asked)
    assert asked(source, [A], [B]).source == "estimate"
    assert len(server.asked) == answered, "it is not asked again at once"


@pytest.mark.parametrize(
    "fault", ["hang", "drip", "html", "shape", "zero", "negative", "ages", "text", "down"]
)
def test_a_route_that_can_not_be_is_not_drawn(source: Osrm, server: Roadside, fault: str) -> None:
    server.faults = [fault]
    found = routed(source)
    assert (len(found.routes), found.routes[0].source) == (1, "estimate")
    assert found.routes[0].line == (A, C)
    assert "travel_estimated" in codes(found)


def test_it_is_asked_again_after_a_pause_and_trusted_once_it_answers(
    source: Osrm, server: Roadside, hand: Hand
) -> None:
    server.faults = ["down"]
    assert asked(source, [A], [C]).source == "estimate"
    server.faults = []
    hand.ms += FIRST_MS - 1
    assert asked(source, [A], [C]).source == "estimate"
    hand.ms += 1
    assert asked(source, [A], [C]).source == "osrm"
    assert source.troubles() == ()
    assert asked(source, [B], [C]).source == "osrm"


def test_the_pause_grows_while_it_fails(source: Osrm, server: Roadside, hand: Hand) -> None:
    server.faults = ["down"]
    asked(source, [A], [C])
    hand.ms += FIRST_MS
    asked(source, [A], [C])
    hand.ms += FIRST_MS
    asked(source, [A], [C])
    assert len(server.asked) == 2
    hand.ms += FIRST_MS
    asked(source, [A], [C])
    assert len(server.asked) == 3


def test_no_way_is_an_answer_and_the_estimate_fills_it(source: Osrm, server: Roadside) -> None:
    server.faults = ["no_way"]
    found = asked(source, [A], [C])
    assert (found.source, source.troubles()) == ("estimate", ())
    assert codes(routed(source))[0] == "travel_no_way"


def test_a_place_in_the_sea_is_not_taken_for_the_coast(source: Osrm, server: Roadside) -> None:
    server.faults = ["sea"]
    assert asked(source, [A], [C]).source == "estimate"
    assert source.troubles() == ()


def test_one_odd_time_among_many_is_left_out_alone(source: Osrm) -> None:
    near = [Point(121.4 + each / 100, 31.2) for each in range(30)]
    far = Point(-60.0, 10.0)
    found = asked(source, [*near, far], [near[0]])
    assert found.source_at(3, 0) == "osrm"
    assert source.troubles() == ()


def test_several_ways_come_with_their_lines_the_quickest_first(source: Osrm) -> None:
    found = routed(source, wanted=3)
    assert [each.seconds for each in found.routes] == sorted(each.seconds for each in found.routes)
    assert len(found.routes) == 2
    assert found.routes[0].line[0] == A
    assert len(found.routes[0].line) == 3
    assert found.routes[0].metres > seconds(A, C) * METRES_A_SECOND


def test_nobody_listens(hand: Hand) -> None:
    source = Osrm("http://127.0.0.1:9", timeout_s=0.4, breaker=Breaker(hand))
    assert codes(asked(source, [A], [C])) == ["travel_away", "travel_estimated"]
    source.close()
