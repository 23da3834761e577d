"""The two datums of mainland China: WGS-84 as satellites say it, GCJ-02 as domestic map services say it.

Points are (lon, lat) in degrees. The shift is the published public-domain formula on the Krasovsky ellipsoid.
"""

from math import cos, pi, radians, sin, sqrt

Point = tuple[float, float]

_AXIS_M = 6378245.0
_ECCENTRICITY_SQUARED = 0.00669342162296594323

# Boxes (west, south, east, north) that together hold the mainland, and the neighbours that stick out of them.
_INSIDE = (
    (79.4462, 42.8899, 96.3300, 49.2204),
    (109.6872, 39.3742, 135.0002, 54.1415),
    (73.1246, 29.5297, 124.143255, 42.8899),
    (82.9684, 26.7186, 97.0352, 29.5297),
    (97.0253, 20.414096, 124.367395, 29.5297),
    (107.975793, 17.871542, 111.744104, 20.414096),
)
_OUTSIDE = (
    (101.8652, 20.0988, 106.6650, 22.2840),
    (106.4525, 20.4878, 108.0510, 21.5422),
    (109.0323, 50.3257, 119.1270, 55.8175),
    (127.4568, 49.5574, 137.0227, 55.8175),
    (131.2662, 42.5692, 137.0227, 44.8922),
    (119.921265, 21.785006, 122.497559, 25.398623),  # Taiwan
    (119.20, 23.10, 119.85, 23.85),  # Penghu
    (118.20, 24.36, 118.50, 24.54),  # Kinmen
    (119.88, 25.94, 120.10, 26.30),  # Matsu
    (120.44, 26.33, 120.53, 26.41),  # Dongyin
)
# Both follow the land border within some hundred metres: Shenzhen and Zhuhai begin across a river.
_HONG_KONG: tuple[Point, ...] = (
    (113.835, 22.155), (114.502, 22.155), (114.502, 22.360), (114.460, 22.440), (114.447, 22.555),
    (114.400, 22.562), (114.300, 22.560), (114.260, 22.553), (114.235, 22.549), (114.228, 22.545),
    (114.220, 22.547), (114.205, 22.555), (114.185, 22.555), (114.165, 22.560), (114.150, 22.548),
    (114.140, 22.541), (114.115, 22.532), (114.100, 22.528), (114.085, 22.519), (114.070, 22.516),
    (114.055, 22.505), (114.030, 22.503), (114.000, 22.490), (113.940, 22.460), (113.870, 22.420),
    (113.866, 22.330), (113.835, 22.210),
)  # fmt: skip
_MACAU: tuple[Point, ...] = (
    (113.549, 22.217), (113.561, 22.213), (113.600, 22.213), (113.620, 22.160), (113.600, 22.100),
    (113.560, 22.100), (113.552, 22.120), (113.545, 22.140), (113.543, 22.160), (113.533, 22.180),
    (113.527, 22.190), (113.534, 22.205), (113.540, 22.213),
)  # fmt: skip


def in_mainland(lon: float, lat: float) -> bool:
    """Say whether domestic map services shift a point there (Hong Kong, Macau and Taiwan they do not)."""
    return (
        any(_in_box(lon, lat, box) for box in _INSIDE)
        and not any(_in_box(lon, lat, box) for box in _OUTSIDE)
        and not _in_polygon(lon, lat, _HONG_KONG)
        and not _in_polygon(lon, lat, _MACAU)
    )


def wgs84_to_gcj02(lon: float, lat: float) -> Point:
    """Shift a satellite position to where a mainland map draws it; unchanged elsewhere."""
    if not in_mainland(lon, lat):
        return lon, lat
    shift_lon, shift_lat = _shift(lon, lat)
    return lon + shift_lon, lat + shift_lat


def gcj02_to_wgs84(lon: float, lat: float) -> Point:
    """Take the shift off a position read from a mainland map, to some millimetres; unchanged elsewhere.

    Within a shift's length (about 700 m) of a border both answers are possible; the mainland's is given.
    """
    true_lon, true_lat = lon, lat
    for _ in range(6):
        shift_lon, shift_lat = _shift(true_lon, true_lat)
        true_lon, true_lat = lon - shift_lon, lat - shift_lat
    return (true_lon, true_lat) if in_mainland(true_lon, true_lat) else (lon, lat)


def _shift(lon: float, lat: float) -> Point:
    """Offset in degrees that the published formula adds at a point."""
    x, y = lon - 105.0, lat - 35.0
    waves = (20.0 * sin(6.0 * x * pi) + 20.0 * sin(2.0 * x * pi)) * 2.0 / 3.0
    north_m = -100.0 + 2.0 * x + 3.0 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * sqrt(abs(x)) + waves
    north_m += (20.0 * sin(y * pi) + 40.0 * sin(y / 3.0 * pi)) * 2.0 / 3.0
    north_m += (160.0 * sin(y / 12.0 * pi) + 320.0 * sin(y * pi / 30.0)) * 2.0 / 3.0
    east_m = 300.0 + x + 2.0 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * sqrt(abs(x)) + waves
    east_m += (20.0 * sin(x * pi) + 40.0 * sin(x / 3.0 * pi)) * 2.0 / 3.0
    east_m += (150.0 * sin(x / 12.0 * pi) + 300.0 * sin(x / 30.0 * pi)) * 2.0 / 3.0
    flattening = 1.0 - _ECCENTRICITY_SQUARED * sin(radians(lat)) ** 2
    meridian_m = _AXIS_M * (1.0 - _ECCENTRICITY_SQUARED) / (flattening * sqrt(flattening))
    parallel_m = _AXIS_M / sqrt(flattening) * cos(radians(lat))
    return east_m / radians(parallel_m), north_m / radians(meridian_m)


def _in_box(lon: float, lat: float, box: tuple[float, float, float, float]) -> bool:
    west, south, east, north = box
    return west <= lon <= east and south <= lat <= north


def _in_polygon(lon: float, lat: float, corners: tuple[Point, ...]) -> bool:
    inside = False
    for (x1, y1), (x2, y2) in zip(corners, corners[1:] + corners[:1], strict=True):
        if (y1 > lat) != (y2 > lat) and lon < (x2 - x1) * (lat - y1) / (y2 - y1) + x1:
            inside = not inside
    return inside
