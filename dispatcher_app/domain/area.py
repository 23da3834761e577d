"""Areas on the ground: a district's outline, a technician's own; which place lies in which, and what may be one.

A ring is the corners of an outline in WGS-84 degrees, the last one joined to the first; none at all means that nobody
has drawn it. Areas are those of a city: degrees are taken as a plane, and none crosses the date line.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from dispatcher_app.domain.act import Rejected
from dispatcher_app.domain.place import Point, distance_m
from dispatcher_app.domain.region import District, Region
from dispatcher_app.domain.technician import Technician

Ring = tuple[Point, ...]

FEWEST = 3
MOST = 300
"""Corners: a border of a city's district to some ten metres; more only makes every desk slower."""
FAR_M = 200_000
"""Nothing that far from a region's centre is the region's."""
NEXT_TO = 2e-5
"""Degrees, some two metres: borders that are meant to be one are never drawn nearer than that."""


def inside(ring: Ring, point: Point) -> bool:
    """Whether a place lies within an outline (even-odd rule)."""
    within = False
    for a, b in edges(ring):
        if (a.lat > point.lat) != (b.lat > point.lat):
            crossing = a.lon + (b.lon - a.lon) * (point.lat - a.lat) / (b.lat - a.lat)
            within ^= point.lon < crossing
    return within


def covers(technician: Technician, district: str, point: Point) -> bool:
    """Whether he goes to a place: it lies in his own area where he has one, else in one of his districts."""
    if technician.area:
        return inside(technician.area, point)
    return not technician.districts or district in technician.districts


def district_at(region: Region, point: Point) -> str | None:
    """The district in whose outline a place lies, the smallest where several do; None where nobody has drawn one."""
    found = [each for each in region.districts if each.area and inside(each.area, point)]
    return min(found, key=lambda each: abs(doubled_size(each.area))).id if found else None


def nearest_district(region: Region | None, point: Point) -> District | None:
    """The district a place is in by its outline, else the one whose centre is nearest."""
    if region is None or not region.districts:
        return None
    drawn = district_at(region, point)
    if drawn is not None:
        return next(each for each in region.districts if each.id == drawn)
    return min(region.districts, key=lambda each: distance_m(each.centre, point))


def checked_ring(ring: Ring, region: Region, field: str) -> Ring:
    """The outline without corners said twice; raises Rejected for one that encloses nothing or crosses itself."""
    if not ring:
        return ()
    made = tuple(a for a, b in edges(ring) if a != b)
    if len(made) < FEWEST:
        raise Rejected("area_too_few", field, least=FEWEST)
    if len(made) > MOST:
        raise Rejected("area_too_many", field, limit=MOST)
    for point in made:
        on_earth = -180 <= point.lon <= 180 and -90 <= point.lat <= 90
        if not on_earth or distance_m(point, region.centre) > FAR_M:
            raise Rejected("area_elsewhere", field, region=region.name, km=FAR_M // 1000)
    if crosses_itself(made):
        raise Rejected("area_crossed", field)
    return made


def crosses_itself(ring: Ring) -> bool:
    """Whether two sides of an outline meet anywhere but in the corner they share."""
    sides = list(edges(ring))
    last = len(sides) - 1
    for (a, b), (_, c) in zip(sides, (*sides[1:], sides[0]), strict=True):
        if turn(a, b, c) == 0 and not ahead(a, b, c):
            return True  # it goes back on itself
    return any(
        meets(sides[one], sides[two]) for one in range(last) for two in range(one + 2, last + (one > 0))
    )


def overlapping(area: Ring, others: Iterable[District]) -> list[District]:
    """The districts into which an outline reaches; a border that both share is none of it."""
    return [each for each in others if each.area and reaches_into(area, each.area)]


def reaches_into(one: Ring, other: Ring) -> bool:
    """Whether two outlines have ground in common."""
    if set(one) == set(other):
        return True
    if any(crosses(a, b) for a in edges(one) for b in edges(other)):
        return True
    return holds_some(other, places_of(one)) or holds_some(one, places_of(other))


def places_of(ring: Ring) -> tuple[Point, ...]:
    """The corners of an outline, the middles of its sides, and some place within it."""
    halves = (Point((a.lon + b.lon) / 2, (a.lat + b.lat) / 2) for a, b in edges(ring))
    return (*ring, *halves, ground_of(ring))


def holds_some(ring: Ring, points: Iterable[Point]) -> bool:
    """Whether any of these places lies within an outline and not merely on it."""
    return any(inside(ring, each) and not beside(ring, each) for each in points)


def ground_of(ring: Ring) -> Point:
    """Some place within an outline: its middle, or where it is bent like a horseshoe one beside a corner."""
    if inside(ring, centre := middle(ring)):
        return centre
    for at, corner in enumerate(ring):
        before, after = ring[at - 1], ring[(at + 1) % len(ring)]
        across = Point((before.lon + after.lon) / 2, (before.lat + after.lat) / 2)
        for near in (across, Point((across.lon + corner.lon) / 2, (across.lat + corner.lat) / 2)):
            if inside(ring, near) and not beside(ring, near):
                return near
    return ring[0]


def middle(ring: Ring) -> Point:
    """The centre of an outline's ground."""
    size = doubled_size(ring)
    if not size:
        return Point(sum(each.lon for each in ring) / len(ring), sum(each.lat for each in ring) / len(ring))
    origin = ring[0]  # or the little that differs would drown in the digits of the whole
    lon = lat = 0.0
    for a, b in edges(ring):
        ax, ay, bx, by = a.lon - origin.lon, a.lat - origin.lat, b.lon - origin.lon, b.lat - origin.lat
        share = ax * by - bx * ay
        lon += (ax + bx) * share
        lat += (ay + by) * share
    return Point(origin.lon + lon / (3 * size), origin.lat + lat / (3 * size))


def doubled_size(ring: Ring) -> float:
    """Twice the ground of an outline in square degrees, negative where it runs clockwise."""
    origin = ring[0]
    return sum(
        (a.lon - origin.lon) * (b.lat - origin.lat) - (b.lon - origin.lon) * (a.lat - origin.lat)
        for a, b in edges(ring)
    )


def edges(ring: Ring) -> Iterator[tuple[Point, Point]]:
    """The sides of an outline, the closing one too."""
    return zip(ring, (*ring[1:], *ring[:1]), strict=True)


def turn(a: Point, b: Point, c: Point) -> int:
    """Which way one turns at b: 1 to the left, -1 to the right, 0 straight on or back."""
    bend = (b.lon - a.lon) * (c.lat - b.lat) - (b.lat - a.lat) * (c.lon - b.lon)
    return (bend > 1e-14) - (bend < -1e-14)


def ahead(a: Point, b: Point, c: Point) -> bool:
    """Whether c lies on from b, seen from a."""
    return (b.lon - a.lon) * (c.lon - b.lon) + (b.lat - a.lat) * (c.lat - b.lat) > 0


def crosses(first: tuple[Point, Point], second: tuple[Point, Point]) -> bool:
    """Whether two sides cross in the middle of both."""
    (a, b), (c, d) = first, second
    return turn(a, b, c) * turn(a, b, d) < 0 and turn(c, d, a) * turn(c, d, b) < 0


def meets(first: tuple[Point, Point], second: tuple[Point, Point]) -> bool:
    """Whether two sides have a point in common."""
    (a, b), (c, d) = first, second
    if crosses(first, second):
        return True
    return any(turn(*side, end) == 0 and between(*side, end)
               for side, ends in ((first, (c, d)), (second, (a, b))) for end in ends)  # fmt: skip


def between(a: Point, b: Point, c: Point) -> bool:
    """Whether c, known to lie on the line through a and b, lies between them."""
    return min(a.lon, b.lon) <= c.lon <= max(a.lon, b.lon) and min(a.lat, b.lat) <= c.lat <= max(a.lat, b.lat)


def beside(ring: Ring, point: Point) -> bool:
    """Whether a place lies on an outline, or as near as makes no difference."""
    for a, b in edges(ring):
        dx, dy = b.lon - a.lon, b.lat - a.lat
        long = dx * dx + dy * dy
        along = ((point.lon - a.lon) * dx + (point.lat - a.lat) * dy) / long if long else 0.0
        along = min(1.0, max(0.0, along))
        if abs(a.lon + along * dx - point.lon) < NEXT_TO and abs(a.lat + along * dy - point.lat) < NEXT_TO:
            return True
    return False
