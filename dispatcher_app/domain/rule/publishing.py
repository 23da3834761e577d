"""A plan taken over at once (A5, X6): many visits moved in one act, what has changed since left as it stands."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from dispatcher_app.domain import life, role
from dispatcher_app.domain.act import Act, Broken, Change, Rejected, World
from dispatcher_app.domain.calendar import local_date
from dispatcher_app.domain.command import Absence, AddLeave, Helper, Move, PublishPlan, RemoveLeave
from dispatcher_app.domain.day import Day, Stop, day_id, serves
from dispatcher_app.domain.order import Order
from dispatcher_app.domain.rule import roster
from dispatcher_app.domain.rule.dispatching import remembered, taken, with_helpers
from dispatcher_app.domain.rule.draft import DRIVE_MOST_S, Draft, Moving, Pushed
from dispatcher_app.domain.rule.facts import (
    coded,
    day_of,
    in_region,
    policy_of,
    quietly,
    region_of,
    stepped,
)  # fmt: skip
from dispatcher_app.domain.rule.standing import standing
from dispatcher_app.domain.technician import Technician

MOVES_MOST = 20_000
WAITS = frozenset({"pending", "offered", "accepted"})
"""Nobody has departed: the visit may still be somebody else's, at another hour."""


def publish(command: PublishPlan, act: Act, world: World, now: int) -> Change:
    """All moves that still fit, together; those that can't be are named, and their visits stay where they were."""
    role.require(act.actor, role.DISPATCHES, act.region)
    reason = coded(command.reason, "reason")
    if len(command.moves) > MOVES_MOST:
        raise Rejected("too_many", "moves", limit=MOVES_MOST)
    timezone = region_of(world, act.region).timezone
    draft = Draft(world, act.region, now, policy_of(world), timezone, act.undoes is not None)
    people, warnings = absence_of(command.absence, act, world, now)
    draft.technicians |= {each.id: each for each in people}
    moving, left = tried(draft, command.moves, act, world)
    warnings += left
    orders = [after for each in moving.values() if (after := moved(draft, each, act, reason)) is not None]
    days = list(draft.written())
    if not orders and not days and not people:
        raise Rejected("plan_gone", "moves", count=len(command.moves))
    if command.absence is not None and command.absence.given:
        warnings += left_behind(draft, command.absence)
    undo = undone(command, draft, moving, days, gone=bool(command.absence) and not people)
    return Change(after=(*orders, *days, *people), undo=undo, warnings=tuple(warnings))


def tried(
    draft: Draft, moves: Iterable[Move], act: Act, world: World
) -> tuple[dict[str, Moving], list[Broken]]:
    """The moves that fit how things stand, by order, tried out on the draft; and why the others were left out."""
    moving: dict[str, Moving] = {}
    left = []
    for move in moves:
        found = fitting(move, act, world, moving, by_hand=draft.by_hand)
        if isinstance(found, Broken):
            left.append(found)
        elif found is not None and same_place(found):
            drive_said(draft, found)
        elif found is not None:
            moving[found.order.id] = found
    tried_all(draft, moving.values())
    left += (Broken("move_refused", because(id, why)) for id, why in draft.refused.items())
    return moving, left


def tried_all(draft: Draft, moving: Iterable[Moving]) -> None:
    """Every moved visit out of its place, then one after the other in at its new one, dispatched ones first."""
    each = list(moving)
    draft.meant |= {one.order.id: one for one in each}
    for one in each:
        draft.take_out(one)
    for one in sorted(each, key=lambda one: one.move.state != "confirmed"):
        if one.move.technician is not None and one.order.id not in draft.refused:
            draft.try_in(one)
    draft.settle()


def fitting(
    move: Move, act: Act, world: World, taken_up: dict[str, Moving], *, by_hand: bool = False
) -> Moving | Broken | None:
    """The move with its order and place, why it is skipped, or None where everything is so already."""
    if (move.technician is None) != (move.start is None):
        raise Rejected("required", "moves")
    drives = (move.travel_s, *(each.travel_s for each in move.helpers or ()))
    if not all(0 <= each <= DRIVE_MOST_S for each in drives):
        raise Rejected("time_invalid", "moves")
    order = world.get(Order, move.order)
    if order is None or order.region != act.region:
        return skipped(move, Broken("visit_gone"))
    found = standing(world, order)
    day, stop = found if found is not None else (None, None)
    moving = Moving(move, order, day.id if day is not None else "", stop)
    why = hindered(moving, act, day.technician if day is not None else None, by_hand=by_hand)
    if order.id in taken_up:
        why = Broken("visit_twice")
    if why is not None:
        return skipped(move, why)
    if same_place(moving) and all(
        (stop.travel_s, stop.source) == (drive.travel_s, drive.source)
        for stop, drive in drives_of(world, moving)
    ):
        return None
    return None if move.technician is None and stop is None else moving


def same_place(moving: Moving) -> bool:
    """Whether only the drive is said anew: same technician, same hour, dispatched or not as before."""
    move, stop = moving.move, moving.stop
    if stop is None:
        return False
    same = (move.technician, move.start, moving.helpers) == (move.from_technician, move.from_start, stop.helpers)
    return same and stop.state in (move.state, "locked")


def drives_of(world: World, moving: Moving) -> list[tuple[Stop, Helper]]:
    """The stops of a visit as they stand, and what is said of the drives to them."""
    _, _, date = moving.day.rpartition(":")
    who = moving.coming if moving.move.helpers is not None else moving.coming[:1]
    days = ((day_of(world, each.technician, moving.order.region, date), each) for each in who)
    return [(stop, each) for day, each in days if (stop := day.stop_of(moving.order.id)) is not None]


def hindered(moving: Moving, act: Act, technician: str | None, *, by_hand: bool = False) -> Broken | None:
    """Why a move is left out, None where nothing hinders it; a pin hinders plans, not a person's hand."""
    move, order, stop = moving.move, moving.order, moving.stop
    place = (technician, stop.start if stop is not None else None)
    if order.status in ("en_route", "in_progress") and not (
        same_place(moving) and place == (move.from_technician, move.from_start)
    ):
        return Broken("visit_departed")
    if place != (move.from_technician, move.from_start):
        return Broken("visit_changed")
    if move.from_helpers is not None and move.from_helpers != (stop.helpers if stop is not None else ()):
        return Broken("visit_changed")
    if len({each.technician for each in moving.coming}) < len(moving.coming):
        return Broken("visit_twice")
    if same_place(moving):
        return None
    if order.status not in WAITS:
        return Broken("visit_over")
    if stop is not None and stop.pinned and not by_hand:
        return Broken("visit_pinned")
    sent, comes = order.technician is not None, move.technician is not None
    told = comes and move.state == "confirmed"
    # Whoever was told is only untold by name; back to a mere place in the plan leads nothing but taking it back.
    untold = sent and comes and not told and act.undoes is None
    if untold or (act.actor.kind == "system" and (sent or told)):
        return Broken("visit_dispatched")
    if told and not sent and life.refusal(order.status, "assign", act.actor, order.region) is not None:
        return Broken("visit_offered")
    return Broken("no_promise") if comes and not told and order.window is None else None


def skipped(move: Move, why: Broken) -> Broken:
    """That a move was left out, and why."""
    return Broken("move_skipped", because(move.order, why))


def because(order: str, why: Broken) -> dict[str, Any]:
    """The order and the reason, for a sentence and for a program."""
    return {"order": order, "why": why.code, "broken": [{"code": why.code, "params": why.params}]}


def drive_said(draft: Draft, moving: Moving) -> None:
    """A better known drive to a visit that stays where it is."""
    _, _, date = moving.day.rpartition(":")
    for _, drive in drives_of(draft.world, moving):
        day = draft.day(drive.technician, date)
        stop = day.stop_of(moving.order.id)
        if stop is not None:
            draft.legs.setdefault(day.id, set()).add(moving.order.id)
            draft.put(day.with_stop(replace(stop, travel_s=drive.travel_s, source=drive.source)))


def moved(draft: Draft, moving: Moving, act: Act, reason: str) -> Order | None:
    """The order after its visit has moved, None where it stays as it was."""
    move, order, id = moving.move, moving.order, moving.order.id
    if id in draft.refused:
        return quietly(order, tentative="") if id in draft.homeless else None
    said: dict[str, Any] = ({"plan": reason} if reason else {}) | (
        {"why": coded(move.why, "moves")} if move.why else {}
    )
    sent = order.technician is not None
    if sent and (move.technician is None or move.state == "tentative"):
        order = stepped(order, act, "unassign", "pending", technician=order.technician, **said)
        order = taken(order, technician=None, planned_on=None, transfer=None)
    placed = replace if sent else quietly
    if move.technician is None or move.start is None:
        return placed(order, tentative="")
    date = local_date(move.start, draft.timezone)
    if move.state == "tentative":
        return placed(order, tentative=draft.day(move.technician, date).id)
    action = "assign" if order.technician is None else "reassign"
    former = {"from": order.technician} if order.technician else {}
    after = taken(
        order, technician=move.technician, helpers=moving.helpers, planned_on=date, transfer=None,
        offer=remembered(order),
    )  # fmt: skip
    return stepped(
        after, act, action, "accepted", technician=move.technician, start=move.start,
        **with_helpers(moving.helpers), **former, **said,
    )  # fmt: skip


def absence_of(
    absence: Absence | None, act: Act, world: World, now: int
) -> tuple[tuple[Technician, ...], list[Broken]]:
    """The technician with the leave that comes with the plan, or without the one that goes."""
    if absence is None:
        return (), []
    made: AddLeave | RemoveLeave
    if absence.given:
        made = AddLeave(
            technician=absence.technician, leave=absence.leave, start=absence.start, end=absence.end,
            reason=absence.reason,
        )  # fmt: skip
        change = roster.add_leave(made, act, world, now)
    else:
        technician = in_region(world, Technician, absence.technician, "absence", act.region)
        if all(each.id != absence.leave for each in technician.leaves):
            return (), [Broken("absence_gone", {"technician": technician.id})]
        change = roster.remove_leave(
            RemoveLeave(technician=technician.id, leave=absence.leave), act, world, now
        )
    return tuple(each for each in change.after if isinstance(each, Technician)), []


def left_behind(draft: Draft, absence: Absence) -> list[Broken]:
    """The visits that the leave still hits once everything has moved."""
    technician = draft.technician(absence.technician)
    leave = (
        next((each for each in technician.leaves if each.id == absence.leave), None) if technician else None
    )
    if leave is None:
        return []
    hit = roster.hit_by(leave, draft.timezone, lambda date: draft.day(absence.technician, date))
    return [Broken("leave_hits", {"orders": hit})] if hit else []


def undone(
    command: PublishPlan, draft: Draft, moving: dict[str, Moving], days: Iterable[Day], *, gone: bool
) -> PublishPlan:
    """The plan that puts everything back, the leave that came or went with it too."""
    absence = command.absence
    flipped = replace(absence, given=not absence.given) if absence is not None and not gone else None
    return PublishPlan(moves=put_back(draft, moving, days), reason="undo", absence=flipped)


def put_back(draft: Draft, moving: dict[str, Moving], days: Iterable[Day]) -> tuple[Move, ...]:
    """The moves that undo: what has moved, what it pushed aside, and drives that were known better."""
    world = draft.world
    moves = [back(world, each) for each in moving.values() if each.order.id not in draft.refused]
    gone = [(each.day, each.stop) for each in draft.homeless.values() if each.stop is not None]
    gone += [(each.day, stood(draft, each)) for pushed in draft.pushed.values() for each in pushed]
    moves += [returned(world, day, stop) for day, stop in gone if leads(day, stop)]
    named = {move.order for move in moves}
    for day in days:
        former = world.get(Day, day.id)
        for stop in former.stops if former is not None else ():
            now = day.stop_of(stop.order)
            if now is None or not serves(stop) or stop.order in named:
                continue
            if stop.source == now.source == "estimate":
                continue
            if (now.travel_s, now.source) != (stop.travel_s, stop.source):
                lead = stop.together[0] if stop.together else day.technician
                first = day_of(world, lead, day.region, day.date)
                own = first.stop_of(stop.order) or stop
                moves.append(returned(world, first.id, own, lead, stop.start, stop.helpers))
                named.add(stop.order)
    return tuple(moves)


def leads(day: str, stop: Stop) -> bool:
    """Whether the stop is that of the one who leads: the visit is moved by it."""
    return not stop.together or day.startswith(f"{stop.together[0]}:")


def stood(draft: Draft, pushed: Pushed) -> Stop:
    """A stop that was pushed aside as it stood before the plan, which may have said its drive anew."""
    day = draft.world.get(Day, pushed.day)
    found = day.stop_of(pushed.stop.order) if day is not None else None
    return found or pushed.stop


def back(world: World, moving: Moving) -> Move:
    """The move that takes a move back."""
    move, stop = moving.move, moving.stop
    if stop is None:
        return Move(
            order=moving.order.id, from_technician=move.technician, from_start=move.start,
            from_helpers=moving.helpers, why="undo",
        )  # fmt: skip
    return returned(world, moving.day, stop, move.technician, move.start, moving.helpers)


def returned(
    world: World,
    day: str,
    stop: Stop,
    technician: str | None = None,
    start: int | None = None,
    helpers: tuple[str, ...] = (),
) -> Move:
    """The move that brings a visit back to where it stood, from where it is now (nowhere, where nothing is said)."""
    lead, _, date = day.rpartition(":")
    return Move(
        order=stop.order, from_technician=technician, from_start=start, from_helpers=helpers, technician=lead,
        start=stop.start, state="tentative" if stop.state == "tentative" else "confirmed",
        travel_s=stop.travel_s, source=stop.source, pinned=stop.pinned, why="undo",
        helpers=tuple(came(world, each, date, stop) for each in stop.helpers),
    )  # fmt: skip


def came(world: World, technician: str, date: str, stop: Stop) -> Helper:
    """Somebody who came along, and the drive that he had."""
    day = world.get(Day, day_id(technician, date))
    own = (day.stop_of(stop.order) if day is not None else None) or stop
    return Helper(technician=technician, travel_s=own.travel_s, source=own.source)
