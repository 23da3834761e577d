"""What the map is told of a technician, an order, a plan and a region."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dispatcher_app.client.state import Position as Seen
from dispatcher_app.domain.area import Ring
from dispatcher_app.domain.place import Point
from dispatcher_app.domain.technician import Technician
from dispatcher_app.rows import OrderRow
from dispatcher_app.text import t
from ui import format, name
from ui.map.marks import OrderMark, Position, TechnicianMark
from ui.models.column import repair, window
from ui.models.roster import today_of, told

if TYPE_CHECKING:
    from dispatcher_app.client.session import Session


def technician_mark(session: Session, technician: Technician) -> TechnicianMark:
    """A technician as he stands now, where he was last seen."""
    seen = session.positions.get(technician.id)
    return TechnicianMark(
        id=technician.id,
        name=technician.name,
        status=technician.status,
        skills=tuple(name.skill(each) for each in technician.skills),
        position=position(technician.id, seen) if seen else None,
        lines=tuple(filter(None, (technician.team, _load(session, technician)))),
    )


def _load(session: Session, technician: Technician) -> str:
    """How much of today he still has before him."""
    stops, now = told(today_of(session, technician.id)), session.now()
    left = [stop for stop in stops if stop.end > now and stop.state != "done"]
    if not stops:
        return t("no visits today##map")
    if not left:
        return t("{n} visits today, all done", n=len(stops))
    begin = format.clock(left[0].start, name.timezone(session))
    return t("{left} of {n} visits left today, next {time}", left=len(left), n=len(stops), time=begin)


def position(technician: str, seen: Seen) -> Position:
    """Where he was seen, as the map takes it."""
    return Position(technician, seen.lon, seen.lat, seen.at, seen.accuracy_m)


def order_mark(session: Session, row: OrderRow) -> OrderMark:
    """An order with what a dispatcher wants to know of it at a glance: when, what, who, which technician."""
    place = name.district(session, row.district)
    customer = place if name.masked(session) else " · ".join(filter(None, (row.name, row.compound or place)))
    lines = [window(session, row), repair(session, row), customer]
    if row.technician:
        lines.append(t("Technician {name}", name=name.technician(session, row.technician)))
    return OrderMark(
        id=row.id,
        number=row.number,
        status=row.status,
        urgency=row.urgency,
        lon=row.lon,
        lat=row.lat,
        lines=tuple(filter(None, lines)),
        approximate=bool(row.approximate),
    )


def ground(session: Session, technician: str | None = None) -> dict[str, Any]:
    """The districts as GeoJSON, outlines where they are drawn, else names at their centres; what a technician covers
    stands out."""
    covering = session.get(Technician, technician) if technician else None
    features = []
    for region in filter(None, (name.region(session, id) for id in session.staff.regions)):
        for district in region.districts:
            named = {"name": name.district_of(district)}
            if district.area and _covers(covering, district.id):
                named["tone"] = "covered"
            place = _polygon(district.area) if district.area else _point(district.centre)
            features.append({"type": "Feature", "properties": named, "geometry": place})
    if covering is not None and covering.area:
        own = {"name": "", "tone": "own"}
        features.append({"type": "Feature", "properties": own, "geometry": _polygon(covering.area)})
    return {"type": "FeatureCollection", "features": features}


def _covers(technician: Technician | None, district: str) -> bool:
    return technician is not None and not technician.area and district in technician.districts


def _polygon(ring: Ring) -> dict[str, Any]:
    return {"type": "Polygon", "coordinates": [[[each.lon, each.lat] for each in (*ring, ring[0])]]}


def _point(place: Point) -> dict[str, Any]:
    return {"type": "Point", "coordinates": [place.lon, place.lat]}
