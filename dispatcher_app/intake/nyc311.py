"""The built-in profile of New York's open service requests: home repairs among them."""

from collections.abc import Mapping
from typing import Final

from dispatcher_app.intake.profile import Profile

# Complaint type → what breaks. The department renamed its types over the years: both generations stand here.
_ITEMS: Final[Mapping[str, tuple[str, str]]] = {
    "APPLIANCE": ("appliance", "appliance"),
    "CONSTRUCTION": ("home", "structure"),
    "DOOR/WINDOW": ("home", "door_window"),
    "ELECTRIC": ("home", "wiring"),
    "ELEVATOR": ("home", "elevator"),
    "FLOORING/STAIRS": ("home", "floor"),
    "GENERAL": ("home", "general"),
    "GENERAL CONSTRUCTION": ("home", "structure"),
    "HEAT/HOT WATER": ("home", "heating"),
    "HEATING": ("home", "heating"),
    "NONCONST": ("home", "sanitation"),
    "OUTSIDE BUILDING": ("home", "structure"),
    "PAINT - PLASTER": ("home", "wall"),
    "PAINT/PLASTER": ("home", "wall"),
    "PLUMBING": ("home", "plumbing"),
    "SAFETY": ("home", "safety"),
    "UNSANITARY CONDITION": ("home", "sanitation"),
    "WATER LEAK": ("home", "plumbing"),
}

_STATUSES: Final[Mapping[str, str]] = {
    "Assigned": "pending",  # to an inspector of theirs, not to a technician of ours
    "Closed": "completed",
    "Email Sent": "pending",
    "In Progress": "pending",
    "Open": "pending",
    "Pending": "pending",
    "Started": "pending",
}

NYC311: Final = Profile(
    name="nyc311",
    source="nyc311",
    columns={
        "external_id": ("Unique Key",),
        "created_at": ("Created Date",),
        "closed_at": ("Closed Date",),
        "status": ("Status",),
        "category": ("Complaint Type", "Problem"),
        "fault": ("Descriptor", "Problem Detail"),
        "address": ("Incident Address",),
        "district": ("Borough",),
        "lon": ("Longitude",),
        "lat": ("Latitude",),
        "point": ("Location",),
        "channel": ("Open Data Channel Type",),
        "agency": ("Agency",),
    },
    fixed={"city": "New York"},
    translations={
        "category": {word: {"category": category, "item": item} for word, (category, item) in _ITEMS.items()},
        "status": {word: {"status": status} for word, status in _STATUSES.items()},
    },
    only={"agency": ("HPD",)},
    tz="America/New_York",
    phone_region="US",
)

BUILT_IN: Final[tuple[Profile, ...]] = (NYC311,)
