"""What is submitted when visits are let go of: one act, whatever their number."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Literal

from dispatcher_app.domain.command import AssignTechnician, Helper, Move, MoveVisits, UnassignTechnician
from dispatcher_app.planning.handful import Place
from ui.board.taken import Taken

State = Literal["tentative", "confirmed"]


def dropped(all_: Sequence[Taken], places: Mapping[str, Place]) -> AssignTechnician | MoveVisits:
    """The visits at their new places: whoever moves one by hand sends somebody there."""
    if len(all_) > 1:
        return MoveVisits(moves=tuple(move(each, places[each.order]) for each in all_))
    one = all_[0]
    technician, start = places[one.order]
    return AssignTechnician(
        order=one.order, technician=technician, from_technician=one.technician if one.sent else None,
        from_start=one.start if one.sent else None, start=start, pinned=one.pinned,
        helpers=tuple(each for each in one.helpers if each != technician),
    )  # fmt: skip


def taken_off(all_: Sequence[Taken]) -> UnassignTechnician | MoveVisits | None:
    """Nobody goes any more; None where nobody was sent."""
    sent = [each for each in all_ if each.sent and each.technician is not None]
    if len(sent) == 1 and sent[0].technician is not None:
        return UnassignTechnician(order=sent[0].order, from_technician=sent[0].technician)
    return MoveVisits(moves=tuple(move(each, None) for each in sent)) if sent else None


def swapped(one: Taken, other: Taken) -> MoveVisits | None:
    """Two visits that change technicians and hours; None where one of them stands nowhere."""
    if one.place is None or other.place is None:
        return None
    pairs = ((one, other.place), (other, one.place))
    return MoveVisits(
        moves=tuple(replace(kept(each, place), pinned=each.pinned or not each.sent) for each, place in pairs)
    )


def kept(one: Taken, place: Place) -> Move:
    """A visit at another place: whoever was not told yet is not told by that either."""
    return move(one, place, "confirmed" if one.sent else "tentative")


def move(one: Taken, place: Place | None, state: State = "confirmed") -> Move:
    """One row of an act that moves several."""
    technician, start = place or (None, None)
    # Nothing said of helpers, they still come along; one of them can't when it is now his own.
    rest = tuple(Helper(technician=each) for each in one.helpers if each != technician)
    return Move(
        order=one.order, from_technician=one.technician, from_start=one.start, technician=technician, start=start,
        state=state, pinned=one.pinned and place is not None, helpers=rest if technician in one.helpers else None,
    )  # fmt: skip
