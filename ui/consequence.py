"""What would come of sending somebody, in words: whom it shifts, which promises break, overtime, driving."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from dispatcher_app.planning.ghost import Ghost
from dispatcher_app.planning.place import Late
from dispatcher_app.text import t
from ui import drives, format, name

if TYPE_CHECKING:
    from dispatcher_app.client.session import Session

_NAMED = 3
"""So many orders are named, of the others only the number is said."""


def consequence(session: Session, found: Ghost) -> str:
    """A visit as it would stand, in one line."""
    kilometres = t("{distance} more to drive", distance=format.distance(found.travel_m))
    parts = [
        t("too late for this one by {n} min", n=each.minutes)
        if each.order == found.order
        else t(
            "{order} breaks its promise by {n} min",
            order=name.short_order(session, each.order),
            n=each.minutes,
        )
        for each in found.unkept[:_NAMED]
    ]
    broken = {each.order for each in found.unkept}
    parts += later(session, [each for each in found.shifted if each.order not in broken])
    if found.displaces:
        named = t(", ").join(name.short_order(session, each) for each in found.displaces[:_NAMED])
        parts.append(t("moves planned {orders}", orders=named))
    if found.overtime_minutes:
        parts.append(t("{n} min overtime", n=found.overtime_minutes))
    if not parts:
        parts.append(t("nobody gets later"))
    return t(
        "If he goes: {what}",
        what=t("; ").join([*parts, f"{kilometres} ({drives.brief(found.source, found.error_percent)})"]),
    )


def later(session: Session, shifted: Iterable[Late]) -> list[str]:
    """Who gets later without a promise breaking."""
    each = list(shifted)
    said = [
        t("{order} {n} min later", order=name.short_order(session, one.order), n=one.minutes)
        for one in each[:_NAMED]
    ]
    return [*said, t("{n} more get later", n=len(each) - _NAMED)] if len(each) > _NAMED else said
