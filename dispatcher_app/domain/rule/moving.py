"""Visits moved by hand, several in one act (D5): what a person may do that no plan may, and what it costs."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from dispatcher_app.domain import role
from dispatcher_app.domain.act import Act, Broken, Change, Rejected, World
from dispatcher_app.domain.calendar import local_date
from dispatcher_app.domain.command import MoveVisits
from dispatcher_app.domain.customer import Note
from dispatcher_app.domain.order import Order
from dispatcher_app.domain.remark import KEPT, despite, remarks
from dispatcher_app.domain.rule.draft import Draft, Moving
from dispatcher_app.domain.rule.facts import policy_of, region_of, text
from dispatcher_app.domain.rule.publishing import because, moved, put_back, tried
from dispatcher_app.domain.rule.talking import noted

BY_HAND_MOST = 200
"""So many visits does nobody move by hand; more is a plan."""


def move(command: MoveVisits, act: Act, world: World, now: int) -> Change:
    """The visits that can be moved, together; the others stay, named row by row with the reason."""
    role.require(act.actor, role.DISPATCHES, act.region)
    if not 1 <= len(command.moves) <= BY_HAND_MOST:
        raise Rejected("too_many" if command.moves else "required", "moves", limit=BY_HAND_MOST)
    reason = text(command.override_reason or "", "override_reason", 200)
    if reason:
        role.require(act.actor, role.OVERRIDES, act.region)
    timezone = region_of(world, act.region).timezone
    draft = Draft(
        world, act.region, now, policy_of(world), timezone, act.undoes is not None, by_hand=True,
        overriding=bool(reason),
    )  # fmt: skip
    moving, left = tried(draft, command.moves, act, world)
    days = list(draft.written())
    orders: list[Order] = []
    notes: list[Note] = []
    said = []
    for each in moving.values():
        if (after := moved(draft, each, act, "")) is None:
            continue
        found = told(draft, each, timezone)
        said += [Broken("move_despite", because(each.order.id, one)) for one in found]
        over = each.order.id in draft.let_go
        after = kept(after, found, overridden=over)
        if over:
            after, made = noted(after, reason, act)
            notes += (replace(note, id=f"{act.id}:{after.id}") for note in made)
        orders.append(after)
    if not orders and not days:
        raise Rejected(
            "none_moved", "moves", broken=[broken for each in left for broken in each.params["broken"]][:3]
        )
    undo = MoveVisits(moves=put_back(draft, moving, days))
    return Change(after=(*orders, *days, *notes), undo=undo, warnings=(*left, *said))


def told(draft: Draft, moving: Moving, timezone: str) -> list[Broken]:
    """What must be said of a visit where somebody is sent to it now, with everything else in its new place."""
    move, order = moving.move, moving.order
    if (
        move.technician is None
        or move.start is None
        or move.state != "confirmed"
        or order.id in draft.refused
    ):
        return []
    technician = draft.technician(move.technician)
    assert technician is not None
    day = draft.day(technician.id, local_date(move.start, timezone))
    need = draft.need(order)
    found = remarks(day, technician, order, need, move.start, draft.now, draft.policy, timezone)
    return [*draft.let_go.get(order.id, ()), *(each for each in found if each.code in KEPT)]


def kept(order: Order, found: Iterable[Broken], *, overridden: bool) -> Order:
    """The order whose last step says what it was done in spite of."""
    more = despite(found, overridden)
    if not more:
        return order
    last = order.steps[-1]
    return replace(order, steps=(*order.steps[:-1], replace(last, params=last.params | more)))
