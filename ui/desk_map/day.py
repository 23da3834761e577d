"""One technician's day on the map: his stops in their order, and the streets between them as the server knows them."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, Signal

from dispatcher_app.client.api import Offline
from dispatcher_app.domain.calendar import local_date
from dispatcher_app.domain.day import Stop, day_id
from dispatcher_app.domain.matching import live_stops
from dispatcher_app.domain.place import Point
from dispatcher_app.domain.technician import Technician
from dispatcher_app.planning.travel import Route
from dispatcher_app.text import t
from ui import drives, format, name
from ui.map.marks import Leg, StopMark, Way
from ui.models.roster import today_of
from ui.task import Latest

if TYPE_CHECKING:
    from dispatcher_app.client.session import Session

Drive = tuple[Point, Point]
Known = Mapping[Drive, Route | None]
"""Drives that were asked for; None where nobody knows the streets."""

_KEPT: Final = 400
_STATES: Final = {
    "tentative": "not sent yet##stop",
    "confirmed": "sent##stop",
    "locked": "on it##stop",
    "done": "done##stop",
}


class Days(QObject):
    """Emits `shown` with a technician's day, and again when its streets are known."""

    shown = Signal(object)

    def __init__(self, session: Session, parent: QObject) -> None:
        super().__init__(parent)
        self._session = session
        self._known: OrderedDict[Drive, Route | None] = OrderedDict()
        self._asking = Latest(self)
        self._asked: set[Drive] = set()
        self._technician: str | None = None

    def show(self, technician: str | None) -> None:
        """From now on this one's day, or nobody's."""
        if technician != self._technician:
            self._asking.forget()
            self._asked.clear()
        self._technician = technician
        found = self._session.get(Technician, technician) if technician else None
        if found is None:
            self.shown.emit(Way())
            return
        self.shown.emit(way(self._session, found, self._known))
        missing = [drive for drive in drives_of(self._session, found) if drive not in self._known]
        if not self._asked.issuperset(missing):  # or every change of the plan would ask for all of them anew
            self._asked = set(missing)
            self._asking.ask(self._ask(missing), lambda _found: self._on_known(found.id))

    def concerns(self, changed: Mapping[str, frozenset[str]]) -> bool:
        """Whether what has changed is part of the day that is shown."""
        if self._technician is None:
            return False
        stops = stops_of(self._session, self._technician)
        today = day_id(self._technician, local_date(self._session.now(), name.timezone(self._session)))
        orders = changed.get("order", frozenset())
        return today in changed.get("day", ()) or any(stop.order in orders for stop in stops)

    async def _ask(self, missing: list[Drive]) -> None:
        for origin, target in missing:
            try:
                found = await self._session.way(origin, target)
            except Offline:
                return  # straight lines serve, and say so; asked again when he is looked at again
            best = found.routes[0] if found.routes else None
            self._known[origin, target] = best if best and best.source != "estimate" else None
            if len(self._known) > _KEPT:
                self._known.popitem(last=False)

    def _on_known(self, technician: str) -> None:
        self._asked.clear()
        found = self._session.get(Technician, technician)
        if found is not None:
            self.shown.emit(way(self._session, found, self._known))


def stops_of(session: Session, technician: str) -> list[Stop]:
    """Today's stops of a technician as the map shows them: an hour held for a caller is no place to go yet."""
    day = today_of(session, technician)
    return [stop for stop in live_stops(day, session.now()) if stop.state != "held"] if day else []


def drives_of(session: Session, technician: Technician) -> list[Drive]:
    """From where to where he drives today, beginning at home."""
    places = [technician.home, *(stop.point for stop in stops_of(session, technician.id))]
    return [(origin, target) for origin, target in pairwise(places) if origin != target]


def way(session: Session, technician: Technician, known: Known) -> Way:
    """His day: a number a stop, its hours and state, and the drive to each."""
    stops = stops_of(session, technician.id)
    if not stops:
        return Way()
    places = [technician.home, *(stop.point for stop in stops)]
    legs = [
        leg(origin, target, known.get((origin, target)), past=stop.state == "done")
        for (origin, target), stop in zip(pairwise(places), stops, strict=True)
        if origin != target
    ]
    return Way(
        title=t("{name} today: {n}", name=technician.name, n=len(stops)),
        note=_note(legs, known),
        legs=tuple(legs),
        stops=tuple(_stop_mark(session, number, stop) for number, stop in enumerate(stops, 1)),
    )


def leg(origin: Point, target: Point, found: Route | None, *, past: bool) -> Leg:
    """One drive, along the streets where they are known."""
    line = found.line if found is not None and len(found.line) > 1 else (origin, target)
    return Leg(tuple((each.lon, each.lat) for each in line), road=line != (origin, target), past=past)


def _note(legs: list[Leg], known: Known) -> str:
    straight = [each for each in legs if not each.road]
    if not straight:
        return next((drives.by(found.source) for found in known.values() if found), "")
    return t("Dashed lines are straight: the streets are not known here.")


def _stop_mark(session: Session, number: int, stop: Stop) -> StopMark:
    zone = name.timezone(session)
    begin, end = format.clock(stop.start, zone), format.clock(stop.end, zone)
    return StopMark(
        order=stop.order,
        number=number,
        lon=stop.point.lon,
        lat=stop.point.lat,
        clock=begin,
        hours=f"{begin}–{end}",
        state=stop.state,
        word=t(_STATES.get(stop.state, stop.state)),
        what=name.short_order(session, stop.order),
    )
