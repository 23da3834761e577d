"""The plan: hours held for a caller, places of promises, a plan of the day, promises that can't be kept."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from dispatcher_app.domain.command.booking import BookedLine
from dispatcher_app.domain.day import TravelSource
from dispatcher_app.domain.order import After, Window
from dispatcher_app.domain.place import Point


@dataclass(frozen=True, slots=True, kw_only=True)
class HoldWindow:
    """An hour of a technician kept for a caller (X3) while he is on the phone; `order` is the id he will be booked under.

    `from_day` is the id of the `Day` with the hold that this one replaces, "" where there is none. `helpers` come along
    with him; `after` is what has to be over first where he will be booked anew.
    """

    order: str
    window: Window
    technician: str
    start: int
    lines: tuple[BookedLine, ...]
    district: str
    point: Point
    from_day: str = ""
    helpers: tuple[str, ...] = ()
    after: After | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReleaseHold:
    """The caller does not want the held hour after all."""

    order: str
    day: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ArrangeVisit:
    """How many technicians a visit takes, and what has to be over before it begins; names what it read of both.

    `helpers` come along with whoever was sent; where nothing is said of them, as many stay as it still takes.
    """

    order: str
    from_crew: int
    crew: int
    from_after: After | None = None
    after: After | None = None
    helpers: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PinVisit:
    """A planned visit that no planner moves any more, or may move again."""

    order: str
    pinned: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Helper:
    """Somebody who comes along: who, and his drive there (seconds, and who says so)."""

    technician: str
    travel_s: int = 0
    source: TravelSource = "estimate"


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """A visit from its place in the plan (None: it has none) to another one (None: nobody goes).

    Places are a technician, who comes along, and a start (UTC ms). `state` is what the stop is there: only planned, or
    dispatched; `pinned`, whether it stays there whatever a planner thinks. Where nothing is said of helpers, those who
    come along still do.
    """

    order: str
    from_technician: str | None = None
    from_start: int | None = None
    technician: str | None = None
    start: int | None = None
    state: Literal["tentative", "confirmed"] = "tentative"
    travel_s: int = 0
    source: TravelSource = "estimate"
    pinned: bool = False
    why: str = ""
    helpers: tuple[Helper, ...] | None = None
    from_helpers: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Absence:
    """A technician's leave that comes (`given`) or goes with a plan."""

    technician: str
    leave: str
    start: int
    end: int
    reason: str
    given: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishPlan:
    """Many visits moved at once (A5, X6): one act, one undo. What has changed since is left as it stands, and named."""

    moves: tuple[Move, ...]
    reason: str
    absence: Absence | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MoveVisits:
    """Visits moved by hand (D5): by some minutes, to others, two against each other, a whole day; one act, one undo.

    A person moves what is pinned as well. A supervisor's `override_reason` lets go, for all of them, what he may let go.
    """

    moves: tuple[Move, ...]
    override_reason: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PromiseMark:
    """An order whose promise has no feasible place (a reason code), or has one again (None)."""

    order: str
    reason: str | None
    minutes: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MarkPromises:
    """Which promises can't be kept as the plan stands; only the system says so."""

    marks: tuple[PromiseMark, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Leg:
    """The drive to a stop, better known than the estimate: seconds, and who says so."""

    order: str
    travel_s: int
    source: TravelSource


@dataclass(frozen=True, slots=True, kw_only=True)
class RouteDay:
    """Better driving times for a technician's plan as it stood at that version; only the system says so."""

    day: str
    from_version: int
    legs: tuple[Leg, ...]
