"""A technician's plan of one day: the only place where planned times live."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import ClassVar, Literal

from dispatcher_app.domain.place import Point

StopState = Literal["tentative", "held", "confirmed", "locked"]
TravelSource = Literal["estimate", "road", "osrm", "amap"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Stop:
    """One visit in a plan: times in UTC ms, `travel_s` from the place before it and where that figure came from."""

    order: str
    visit: int
    start: int
    end: int
    point: Point
    travel_s: int = 0
    source: TravelSource = "estimate"
    state: StopState = "confirmed"
    expires_at: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    """The ordered stops of a technician on a local date."""

    kind: ClassVar[str] = "day"
    id: str
    region: str
    version: int = 0
    technician: str
    date: str
    stops: tuple[Stop, ...] = ()

    def stop_of(self, order: str) -> Stop | None:
        """The stop that serves an order, None where there is none."""
        return next((stop for stop in self.stops if stop.order == order), None)

    def with_stop(self, stop: Stop) -> Day:
        """The plan with the stop in its place, replacing any of the same order."""
        others = (other for other in self.stops if other.order != stop.order)
        return replace(self, stops=tuple(sorted((*others, stop), key=lambda each: (each.start, each.order))))

    def without(self, order: str) -> Day:
        """The plan without the stop of an order."""
        return replace(self, stops=tuple(stop for stop in self.stops if stop.order != order))


def day_id(technician: str, date: str) -> str:
    """The id of a technician's plan of a date."""
    return f"{technician}:{date}"
