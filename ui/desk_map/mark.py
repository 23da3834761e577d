"""What the map is told of a technician, an order, a plan and a region."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dispatcher_app.client.state import Position as Seen
from dispatcher_app.domain.technician import Technician
from dispatcher_app.rows import OrderRow
from dispatcher_app.text import t
from ui import name
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
    )


def position(technician: str, seen: Seen) -> Position:
    """Where he was seen, as the map takes it."""
    return Position(technician, seen.lon, seen.lat, seen.at)


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


def route(session: Session, technician: str) -> list[tuple[float, float]]:
    """The places of today's plan of a technician, in the order in which he comes to them."""
    return [(stop.point.lon, stop.point.lat) for stop in told(today_of(session, technician))]


def ground(session: Session) -> dict[str, Any]:
    """The names of the districts at their centres, as GeoJSON: where they end nobody has told us."""
    features = []
    for region in filter(None, (name.region(session, id) for id in session.staff.regions)):
        for district in region.districts:
            place = {"type": "Point", "coordinates": [district.centre.lon, district.centre.lat]}
            named = {"name": name.district(session, district.id)}
            features.append({"type": "Feature", "properties": named, "geometry": place})
    return {"type": "FeatureCollection", "features": features}
