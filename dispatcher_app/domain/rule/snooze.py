"""Exceptions that somebody lets rest for a while, with a reason that every desk sees."""

from __future__ import annotations

from dispatcher_app.domain.act import Act, Change, Rejected, World
from dispatcher_app.domain.alert import ALERTS, SNOOZE_LONGEST_MS
from dispatcher_app.domain.command import SnoozeAlert
from dispatcher_app.domain.entity import changed
from dispatcher_app.domain.order import Order, Snooze
from dispatcher_app.domain.rule.facts import coded, in_region, may, stepped


def snooze(command: SnoozeAlert, act: Act, world: World, now: int) -> Change:
    """It rests until then, or is awake again; a longer rest would be forgetting."""
    order = in_region(world, Order, command.order, "order", act.region)
    may(order, "snooze", act)
    if command.kind not in ALERTS:
        raise Rejected("invalid", "kind", detail=", ".join(ALERTS))
    former = next((each for each in order.snoozed if each.kind == command.kind), None)
    others = tuple(each for each in order.snoozed if each.kind != command.kind)
    undo = SnoozeAlert(
        order=order.id, kind=command.kind, until=former.until if former else None,
        reason=former.reason if former else "",
    )  # fmt: skip
    if command.until is None:
        if former is None:
            raise Rejected("is_so_already", "until")
        after = stepped(changed(order, snoozed=others), act, "snooze", kind=command.kind)
        return Change(after=(after,), undo=undo if former.until > now else None)
    if not now < command.until <= now + SNOOZE_LONGEST_MS:
        raise Rejected("snooze_span", "until", hours=SNOOZE_LONGEST_MS // 3_600_000)
    reason = coded(command.reason, "reason")
    if former is not None and (former.until, former.reason) == (command.until, reason):
        raise Rejected("is_so_already", "until")
    rest = Snooze(kind=command.kind, until=command.until, reason=reason, at=act.at, by=act.actor.name)
    after = stepped(
        changed(order, snoozed=(*others, rest)),
        act,
        "snooze",
        kind=command.kind,
        until=command.until,
        reason=reason,
    )
    return Change(after=(after,), undo=undo)
