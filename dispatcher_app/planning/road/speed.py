"""How fast a car gets along a road on an empty day, who may drive there, and what the hours make of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, NamedTuple

Tags = Mapping[str, str]

CLASSES: dict[str, tuple[int, int]] = {
    "motorway": (90, 0), "motorway_link": (50, 0), "trunk": (65, 0), "trunk_link": (45, 0),
    "primary": (50, 1), "primary_link": (40, 1), "secondary": (42, 1), "secondary_link": (35, 1),
    "tertiary": (36, 2), "tertiary_link": (30, 2), "unclassified": (28, 2), "road": (25, 2),
    "residential": (24, 3), "living_street": (12, 3), "service": (14, 3), "services": (14, 3), "rest_area": (14, 3),
}  # fmt: skip
"""Km/h that a car makes good on each class of road, and the group that its traffic belongs to."""

OF_LIMIT = 0.85
"""The part of a signed limit that is made good between two lights."""
SLOWEST_KMH, FASTEST_KMH = 4, 120
YARD_KMH = 10
"""Through gates and yards: open to whoever visits there, and no way for anybody else."""

OPEN = frozenset({"yes", "permissive", "designated", "official", "public", "motorcar", "unknown"})
VISITORS = frozenset({"private", "destination", "customers", "customer", "delivery", "permit", "residents"})
ACCESS = ("motorcar", "motor_vehicle", "vehicle", "access")
"""The tags that say who may drive, the most special first."""

WALLS = frozenset({"bollard", "block", "jersey_barrier", "wall", "fence", "log", "debris", "cycle_barrier",
                   "motorcycle_barrier", "kerb", "planter", "stile", "turnstile", "full-height_turnstile",
                   "bus_trap", "sump_buster", "chain"})  # fmt: skip
"""What stands on a road and lets no car through, unless it is said to."""

MPH = 1.609

Slice = Literal["night", "day", "peak"]
SLICES: tuple[Slice, ...] = ("night", "day", "peak")
LONGER: dict[Slice, tuple[float, float, float, float]] = {
    "night": (1.0, 1.0, 1.0, 1.0),
    "day": (1.15, 1.3, 1.2, 1.1),
    "peak": (1.6, 1.75, 1.45, 1.15),
}
"""How much longer each group of roads takes at those hours: fast roads, main roads, collectors, small streets.

A convention to begin with: traffic sits on the main roads. The level is put right by what was observed.
"""
LONGER_DELAY: dict[Slice, float] = {"night": 0.6, "day": 1.0, "peak": 1.4}
"""How much longer one waits at lights and crossings."""
LIGHT_MS, CROSSING_MS = 12_000, 2_000
"""What a light and any other crossing cost a car on average by day."""


class Speeds(NamedTuple):
    """Km/h along and against a way, 0 where it is closed, and the group of its traffic."""

    forward: int
    backward: int
    group: int


def slice_of(hour_of_week: int) -> Slice:
    """What an hour of the week (0 is Monday midnight) is like before anything was observed."""
    day, hour = divmod(hour_of_week % 168, 24)
    if hour >= 22 or hour < 6:
        return "night"
    return "peak" if day < 5 and hour in (7, 8, 17, 18, 19) else "day"


def speeds(tags: Tags) -> Speeds | None:
    """How a car gets along a way; None where none may or can."""
    known = CLASSES.get(tags.get("highway", ""))
    if known is None or tags.get("area") == "yes":
        return None
    kmh, group = known
    said = next((tags[name] for name in ACCESS if name in tags), "yes")
    if said not in OPEN and said not in VISITORS and "@" not in said:
        return None
    forward = made_good(tags, "maxspeed:forward", kmh)
    backward = made_good(tags, "maxspeed:backward", kmh)
    if said in VISITORS:
        forward, backward = min(forward, YARD_KMH), min(backward, YARD_KMH)
    along, against = directions(tags)
    return Speeds(forward if along else 0, backward if against else 0, group)


def directions(tags: Tags) -> tuple[bool, bool]:
    """Whether a car may drive along a way, and against it."""
    said = tags.get("oneway:motorcar") or tags.get("oneway:motor_vehicle") or tags.get("oneway")
    if said in ("yes", "true", "1"):
        return True, False
    if said in ("-1", "reverse"):
        return False, True
    if said is None and (
        tags.get("junction") in ("roundabout", "circular") or tags.get("highway") == "motorway"
    ):
        return True, False
    return True, True


def made_good(tags: Tags, name: str, usual: int) -> int:
    """Km/h from a signed limit where there is one, else what the class of road usually allows."""
    limit = limit_kmh(tags.get(name) or tags.get("maxspeed", ""))
    made = usual if limit is None else round(limit * OF_LIMIT)
    return max(SLOWEST_KMH, min(made, FASTEST_KMH))


def limit_kmh(said: str) -> float | None:
    """A signed limit: `60`, `35 mph`, `walk`; None for what is no number (`CN:urban`, `signals`, `none`)."""
    if said == "walk":
        return 6.0
    number, _, unit = said.strip().partition(" ")
    if not (number.isdecimal() and number.isascii() and len(number) <= 3) or int(number) == 0:
        return None
    return int(number) * (MPH if unit == "mph" else 1.0)


def walled(tags: Tags) -> bool:
    """Whether a thing on the road stops a car."""
    if tags.get("barrier") not in WALLS:
        return False
    return next((tags[name] for name in ACCESS if name in tags), "no") not in OPEN
