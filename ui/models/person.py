"""A technician as a row that is read to a caller: stars, distance, years, what he knows best."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dispatcher_app.domain.calendar import local_date
from dispatcher_app.domain.rating import average
from dispatcher_app.domain.technician import Technician
from dispatcher_app.planning.near import Near
from dispatcher_app.text import t
from ui import format, name
from ui.models.choice import Choice

if TYPE_CHECKING:
    from dispatcher_app.client.session import Session


def person(session: Session, found: Near) -> Choice:
    """A technician who could come, with how far he has it."""
    known = found.technician
    detail = [stars(known)]
    if found.distance_m is not None:
        detail.append(format.distance(found.distance_m))
    note = [years(session, known), t(", ").join(known.brands)]
    return Choice(
        known.name,
        known.id,
        detail=" · ".join(detail),
        note=" · ".join(filter(None, note)) or t("all brands"),
    )


def stars(technician: Technician) -> str:
    """His customers' stars and how many have judged."""
    shown = average(technician.figures)
    if shown is None:
        return t("no reviews yet")
    return t("{stars} ★ of {count}", stars=f"{shown:.1f}", count=technician.figures.reviews)


def years(session: Session, technician: Technician) -> str:
    """How long he has been in the trade, empty where nobody said."""
    found = technician.years(local_date(session.now(), name.timezone(session)))
    return "" if found is None else t("{n} years in the trade", n=max(1, found))
