"""A technician's plan of one day: the only place where planned times live."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import ClassVar, Literal

from dispatcher_app.domain.place import Point

StopState = Literal["tentative", "held", "confirmed", "locked", "done"]
"""`tentative`: the planner's, nobody is told, a person's act pushes it aside. `held`: a caller's until `expires_at`.
`locked`: he is on his way or there. `done`: it was so; what came of it stands in the order's visit."""
TravelSource = Literal["estimate", "road", "osrm", "amap"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Stop:
    """One visit in a plan: times in UTC ms, `travel_s` from the place before it and where that figure came from.

    `held_by` names the actor who holds it for a caller; a `pinned` one is moved by no planner. `together` are the
    technicians of a visit that several come to, the lead first, each with this stop in his plan; () where one comes.
    """

    order: str
    visit: int
    start: int
    end: int
    point: Point
    travel_s: int = 0
    source: TravelSource = "estimate"
    state: StopState = "confirmed"
    expires_at: int | None = None
    held_by: str = ""
    pinned: bool = False
    together: tuple[str, ...] = ()

    @property
    def helpers(self) -> tuple[str, ...]:
        """Those who come along with the one who leads."""
        return self.together[1:]


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
        """The stop that serves an order, None where there is none or its visit is over; a held hour serves nobody yet."""
        return next((stop for stop in self.stops if stop.order == order and serves(stop)), None)

    def hold_of(self, order: str) -> Stop | None:
        """The hour held for whoever will be booked, or moved, as that order."""
        return next((stop for stop in self.stops if stop.order == order and stop.state == "held"), None)

    def with_stop(self, stop: Stop) -> Day:
        """The plan with the stop in its place, replacing the one that serves (or is held for) the same order."""
        others = (self.without_hold(stop.order) if stop.state == "held" else self.without(stop.order)).stops
        made = sorted(
            (*others, stop), key=lambda each: (each.start, each.order, each.visit, each.state == "held")
        )
        return replace(self, stops=tuple(made))

    def without(self, order: str) -> Day:
        """The plan without the stop that serves an order; visits that are over stay, they have been."""
        kept = (stop for stop in self.stops if stop.order != order or not serves(stop))
        return replace(self, stops=tuple(kept))

    def without_hold(self, order: str) -> Day:
        """The plan without the hour held for an order."""
        kept = (stop for stop in self.stops if stop.order != order or stop.state != "held")
        return replace(self, stops=tuple(kept))

    def with_done(self, order: str, at: int) -> Day:
        """The plan after the visit of an order has ended: the rest of its time is free, where he was is kept."""
        stop = self.stop_of(order)
        if stop is None:
            return self
        return self.with_stop(replace(stop, start=min(stop.start, at), end=min(stop.end, at), state="done"))


def serves(stop: Stop) -> bool:
    """Whether somebody goes, or is to go, for it: it is neither over nor only held for a caller."""
    return stop.state not in ("done", "held")


def day_id(technician: str, date: str) -> str:
    """The id of a technician's plan of a date."""
    return f"{technician}:{date}"
