"""Visits taken into the hand: where each stood when it was taken, and where all go when one of them is led."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from dispatcher_app.domain import life
from dispatcher_app.domain.act import Rejected
from dispatcher_app.domain.calendar import MINUTE_MS
from dispatcher_app.domain.order import Order
from dispatcher_app.planning.handful import Place
from ui.models.planned import planned

if TYPE_CHECKING:
    from dispatcher_app.client.session import Session

STEP_MS: Final = 15 * MINUTE_MS


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """A visit in the hand and the place that it leaves: `technician` None stands nowhere, `sent` says who was told."""

    order: str
    minutes: int
    technician: str | None = None
    start: int | None = None
    sent: bool = False
    pinned: bool = False
    helpers: tuple[str, ...] = ()

    @property
    def place(self) -> Place | None:
        """Where it stood."""
        return None if self.technician is None or self.start is None else (self.technician, self.start)

    @property
    def lasts_ms(self) -> int:
        """How long it takes."""
        return self.minutes * MINUTE_MS


def take(session: Session, id: str) -> Taken | Rejected:
    """An order as it stands, or why nobody moves it now."""
    order = session.get(Order, id)
    if order is None:
        return Rejected("not_found", "order", kind="order", id=id)
    sent = order.technician is not None
    if (
        reason := life.refusal(order.status, "reassign" if sent else "assign", session.actor, order.region)
    ) is not None:
        return reason
    found = planned(session, order)
    if found is None:
        return Taken(order=id, minutes=order.minutes_left)
    day, stop = found
    return Taken(
        order=id, minutes=order.minutes_left, technician=day.technician, start=stop.start, sent=sent,
        pinned=stop.pinned, helpers=order.helpers,
    )  # fmt: skip


def aimed(all_: Sequence[Taken], lead: str, technician: str, start: int) -> dict[str, Place]:
    """Where each goes when the lead goes to a technician at a start (UTC ms).

    Those that stood somewhere keep their distance in time from it; led along its own row, each stays with whom it was,
    led to another row, all go there. Those that stood nowhere follow one after the other.
    """
    first = next(each for each in all_ if each.order == lead)
    if first.place is None:
        return one_after_another((first, *(each for each in all_ if each is not first)), technician, start)
    moved = start - first.place[1]
    places: dict[str, Place] = {}
    for each in all_:
        if each.place is not None:
            stays = technician == first.place[0]
            places[each.order] = (each.place[0] if stays else technician, each.place[1] + moved)
    ends = [places[each.order][1] + each.lasts_ms for each in all_ if each.order in places]
    loose = [each for each in all_ if each.place is None]
    return places | one_after_another(loose, technician, rounded(max(ends) + STEP_MS))


def one_after_another(all_: Iterable[Taken], technician: str, start: int) -> dict[str, Place]:
    """One visit after the other on one row, a quarter of an hour between them."""
    places = {}
    for each in all_:
        places[each.order] = (technician, start)
        start = rounded(start + each.lasts_ms + STEP_MS)
    return places


def rounded(at: int) -> int:
    """The next quarter of an hour."""
    return -(-at // STEP_MS) * STEP_MS
