"""What the fields of an order are called where a foreign column is given one."""

from collections.abc import Mapping
from typing import Final

from dispatcher_app.text import t

_NAMES: Final[Mapping[str, str]] = {
    "external_id": "Order number there",
    "created_at": "Created at",
    "closed_at": "Closed at",
    "status": "Status",
    "customer_name": "Customer name",
    "phone": "Phone",
    "category": "Category##import",
    "item": "Item",
    "fault": "Fault##import",
    "description": "Description",
    "address": "Address",
    "compound": "Compound",
    "building": "Building",
    "unit": "Unit, room",
    "district": "District",
    "city": "City",
    "lon": "Longitude",
    "lat": "Latitude",
    "point": "Both coordinates",
    "window_start": "Appointment from",
    "window_end": "Appointment until",
    "urgency": "Urgency##import",
    "channel": "Channel",
    "technician": "Technician",
    "agency": "Department",
}


def name(field: str) -> str:
    """The field as a person calls it; the code itself for a field of the domain's own."""
    return t(_NAMES[field]) if field in _NAMES else field
