"""WGS-84 and GCJ-02: there and back, and where no shift belongs."""

from math import cos, hypot, radians

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from dispatcher_app.domain.datum import Point, gcj02_to_wgs84, in_mainland, wgs84_to_gcj02

_METRES_A_DEGREE = 111_320


def metres(a: Point, b: Point) -> float:
    return hypot((a[0] - b[0]) * cos(radians(a[1])), a[1] - b[1]) * _METRES_A_DEGREE


@given(st.floats(73, 135.1), st.floats(17.8, 54.2))
def test_a_mainland_point_comes_back_to_the_centimetre(lon: float, lat: float) -> None:
    assume(in_mainland(lon, lat))
    assert metres(gcj02_to_wgs84(*wgs84_to_gcj02(lon, lat)), (lon, lat)) < 0.01


@given(st.floats(73, 135.1), st.floats(17.8, 54.2))
def test_the_shift_is_some_hundred_metres(lon: float, lat: float) -> None:
    assume(in_mainland(lon, lat))
    assert 10 < metres(wgs84_to_gcj02(lon, lat), (lon, lat)) < 1500


@given(st.floats(-180, 180), st.floats(-90, 90))
def test_outside_the_mainland_nothing_is_shifted(lon: float, lat: float) -> None:
    assume(not in_mainland(lon, lat))
    assert wgs84_to_gcj02(lon, lat) == (lon, lat)


@pytest.mark.parametrize(
    ("place", "shown"),
    [
        ((121.4737, 31.2304), (121.478223, 31.228458)),  # Shanghai
        ((116.404, 39.915), (116.410244, 39.916404)),  # Beijing
    ],
)
def test_known_places_are_shown_where_mainland_maps_show_them(place: Point, shown: Point) -> None:
    assert metres(wgs84_to_gcj02(*place), shown) < 0.2


@pytest.mark.parametrize(
    "place",
    [
        (114.1694, 22.3193),  # Kowloon
        (114.1280, 22.5010),  # Sheung Shui, two kilometres from Shenzhen
        (113.9365, 22.2814),  # Hong Kong's airport
        (113.5439, 22.1987),  # Macau
        (121.5654, 25.0330),  # Taipei
        (119.5660, 23.5660),  # Penghu
        (118.3180, 24.4330),  # Kinmen
        (139.6917, 35.6895),  # Tokyo
        (-73.9857, 40.7484),  # New York
    ],
)
def test_hong_kong_macau_taiwan_and_abroad_are_not_shifted(place: Point) -> None:
    assert wgs84_to_gcj02(*place) == place
    assert gcj02_to_wgs84(*place) == place


@pytest.mark.parametrize(
    "place",
    [
        (114.0579, 22.5431),  # Futian, Shenzhen
        (114.1160, 22.5400),  # Luohu station, beside the river
        (113.5560, 22.2380),  # Gongbei, Zhuhai
        (118.0894, 24.4798),  # Xiamen
        (119.7910, 25.5040),  # Pingtan
        (110.3300, 20.0310),  # Haikou
        (87.6168, 43.8256),  # Urumqi
        (126.6424, 45.7567),  # Harbin
    ],
)
def test_cities_at_the_edge_belong_to_the_mainland(place: Point) -> None:
    assert in_mainland(*place)
