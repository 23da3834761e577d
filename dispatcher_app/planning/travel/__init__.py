"""Driving times between many places, whoever knows them: one kind of question, one kind of answer."""

from dispatcher_app.planning.travel.answer import Route, Routes, Stretch, Travel, TravelOf, estimate_note
from dispatcher_app.planning.travel.estimate import (
    Ground,
    estimated_route,
    travel_from,
    travel_matrix,
)
from dispatcher_app.planning.travel.places import Places, Points

__all__ = [
    "Ground",
    "Places",
    "Points",
    "Route",
    "Routes",
    "Stretch",
    "Travel",
    "TravelOf",
    "estimate_note",
    "estimated_route",
    "travel_from",
    "travel_matrix",
]
