"""Many drives at once are the same estimate as one in the domain."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from dispatcher_app.domain.matching import travel_s
from dispatcher_app.domain.place import Point, distance_m
from dispatcher_app.domain.region import Policy
from dispatcher_app.planning.travel import travel_from, travel_matrix

points = st.lists(st.builds(Point, st.floats(-180, 180), st.floats(-85, 85)), min_size=1, max_size=5)


@given(points, points)
def test_matrix_agrees_with_the_domain(origins: list[Point], targets: list[Point]) -> None:
    travel = travel_matrix(origins, targets, Policy())
    assert travel.seconds.shape == (len(origins), len(targets))
    for row, a in enumerate(origins):
        for column, b in enumerate(targets):
            assert abs(int(travel.seconds[row, column]) - travel_s(a, b, Policy())) <= 1
            assert abs(int(travel.metres[row, column]) - distance_m(a, b)) <= 1


def test_every_answer_says_that_it_is_an_estimate() -> None:
    travel = travel_from(Point(121.4, 31.2), [Point(121.5, 31.2)], Policy())
    assert (travel.source, travel.note.code) == ("estimate", "travel_estimated")


def test_nothing_to_drive_to_is_no_drive() -> None:
    assert travel_from(Point(121.4, 31.2), [], Policy()).seconds.shape == (1, 0)
