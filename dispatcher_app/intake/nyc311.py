"""The built-in profile of New York's open service requests: home repairs among them."""

from collections.abc import Mapping
from typing import Final

from dispatcher_app.intake.profile import Profile

# Complaint type → category and item of the first catalogue. The department renamed its types over the years:
# both generations stand here. What a fitter of ours would first have to look at is `other`.
_ITEMS: Final[Mapping[str, tuple[str, str]]] = {
    "APPLIANCE": ("appliance", "other"),
    "CONSTRUCTION": ("home", "other"),
    "DOOR/WINDOW": ("home", "window"),
    "ELECTRIC": ("home", "circuit"),
    "ELEVATOR": ("home", "other"),
    "FLOORING/STAIRS": ("home", "other"),
    "GENERAL": ("home", "other"),
    "GENERAL CONSTRUCTION": ("home", "other"),
    "HEAT/HOT WATER": ("home", "heating"),
    "HEATING": ("home", "heating"),
    "NONCONST": ("home", "other"),
    "OUTSIDE BUILDING": ("home", "other"),
    "PAINT - PLASTER": ("home", "other"),
    "PAINT/PLASTER": ("home", "other"),
    "PLUMBING": ("home", "other"),
    "SAFETY": ("home", "other"),
    "UNSANITARY CONDITION": ("home", "other"),
    "WATER LEAK": ("home", "other"),
}

# Descriptor → item and fault, where it says more than the type.
_FAULTS: Final[Mapping[str, tuple[str, str]]] = {
    "APARTMENT ONLY": ("heating", "cold"),
    "BASIN/SINK": ("tap", ""),
    "DOOR": ("window", ""),
    "DOOR FRAME": ("window", ""),
    "DOORS": ("window", ""),
    "ELECTRIC-SUPPLY": ("circuit", "no-power"),
    "ELECTRIC-WIRING": ("circuit", ""),
    "ELECTRIC/GAS RANGE": ("gas-stove", ""),
    "ELECTRIC/GAS-RANGE": ("gas-stove", ""),
    "ENTIRE BUILDING": ("heating", "cold"),
    "HEAT": ("heating", "cold"),
    "LIGHTING": ("light", "not-lit"),
    "LOCKS": ("lock", ""),
    "NO LIGHTING": ("light", "not-lit"),
    "OUTLET/SWITCH": ("circuit", "socket"),
    "POWER OUTAGE": ("circuit", "no-power"),
    "RADIATOR": ("heating", "radiator"),
    "REFRIGERATOR": ("fridge", ""),
    "SEWAGE": ("drain", "blocked"),
    "SEWER": ("drain", "blocked"),
    "STEAM PIPE/RISER": ("heating", ""),
    "TOILET": ("toilet", ""),
    "WINDOW FRAME": ("window", ""),
    "WINDOW PANE": ("window", "glass"),
    "WINDOW/FRAME": ("window", ""),
    "WINDOWS": ("window", ""),
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
        "fault": {word: {"item": item, "fault": fault or word} for word, (item, fault) in _FAULTS.items()},
        "status": {word: {"status": status} for word, status in _STATUSES.items()},
    },
    only={"agency": ("HPD",)},
    tz="America/New_York",
    phone_region="US",
)

BUILT_IN: Final[tuple[Profile, ...]] = (NYC311,)
