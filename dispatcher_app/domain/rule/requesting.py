"""Requests about working time: made by a technician for himself, answered by the desk, never by who made them."""

from __future__ import annotations

from dataclasses import replace

from dispatcher_app.domain import role
from dispatcher_app.domain.act import Act, Broken, Change, Rejected, World
from dispatcher_app.domain.calendar import DAY_MS, MINUTE_MS, is_date, midnight, moment, next_date
from dispatcher_app.domain.command import (
    ApproveRequest,
    DeclineRequest,
    ReopenRequest,
    RequestHours,
    RequestLeave,
    WithdrawRequest,
)  # fmt: skip
from dispatcher_app.domain.request import ShiftRequest, ShiftRequests
from dispatcher_app.domain.rule.dispatching import own
from dispatcher_app.domain.rule.facts import day_of, in_region, policy_of, region_of, required_text
from dispatcher_app.domain.rule.roster import LEAVE_DAYS, checked_hours, hit_by
from dispatcher_app.domain.technician import Leave, ShiftException, Technician, hours_on

AHEAD_DAYS = 366
"""So far ahead somebody may ask for something."""
KEPT_DAYS = 60
"""So long an answered request can be read."""
OPEN_MOST = 20
REASON_LIMIT = 120


def request_leave(command: RequestLeave, act: Act, world: World, now: int) -> Change:
    """He asks to be away; what is over, or longer than half a year, nobody can be asked for."""
    technician, asked = own_requests(command, act, world)
    if not 0 < command.end - command.start <= LEAVE_DAYS * DAY_MS:
        raise Rejected("leave_invalid", "end")
    timely(command.start, command.end, act.at, now, "end")
    wish = ShiftRequest(
        id=command.request, asked="leave", start=command.start, end=command.end,
        reason=required_text(command.reason, "reason", REASON_LIMIT), at=act.at,
        expires_at=lapses_at(world, command.end, now),
    )  # fmt: skip
    return made(asked, wish, technician, world, now)


def request_hours(command: RequestHours, act: Act, world: World, now: int) -> Change:
    """He asks for other hours on a date, or for that day off."""
    technician, asked = own_requests(command, act, world)
    if not is_date(command.date):
        raise Rejected("date_invalid", "date")
    checked_hours(command.hours, "hours")
    timezone = region_of(world, act.region).timezone
    start, end = midnight(command.date, timezone), midnight(next_date(command.date), timezone)
    timely(start, end, act.at, now, "date")
    wish = ShiftRequest(
        id=command.request, asked="hours", start=start, end=end, date=command.date,
        hours=tuple(sorted(command.hours)), reason=required_text(command.reason, "reason", REASON_LIMIT), at=act.at,
        expires_at=lapses_at(world, end, now),
    )  # fmt: skip
    return made(asked, wish, technician, world, now)


def withdraw(command: WithdrawRequest, act: Act, world: World, now: int) -> Change:
    """He does not want it any more; what has been answered stays as it was answered."""
    _, asked = own_requests(command, act, world)
    wish = waiting(asked, command.request, now)
    return Change(after=(answered(asked, replace(wish, state="withdrawn", answered_at=act.at), now),))


def approve(command: ApproveRequest, act: Act, world: World, now: int) -> Change:
    """The leave or the hours stand, as if the desk had entered them; the visits they hit are named and stay."""
    technician, asked, wish = to_answer(command, act, world, now)
    after = replace(wish, state="approved", answered_by=act.actor.name, answered_at=act.at, answer="")
    former = next((each for each in technician.exceptions if each.date == wish.date), None)
    if wish.asked == "leave":
        leaves = sorted((*technician.leaves, leave_of(wish)), key=lambda each: each.start)
        changed = replace(technician, leaves=tuple(leaves))
    else:
        others = (each for each in technician.exceptions if each.date != wish.date)
        hours = sorted((*others, hours_on(wish.date, wish.hours)), key=lambda each: each.date)
        changed = replace(technician, exceptions=tuple(hours))
    return Change(
        after=(answered(asked, after, now), changed),
        undo=ReopenRequest(technician=technician.id, request=wish.id, former=former),
        warnings=warned(world, technician, wish, act.region),
    )


def decline(command: DeclineRequest, act: Act, world: World, now: int) -> Change:
    """The desk says no, and why."""
    technician, asked, wish = to_answer(command, act, world, now)
    reason = required_text(command.reason, "reason", REASON_LIMIT)
    after = replace(wish, state="declined", answered_by=act.actor.name, answered_at=act.at, answer=reason)
    undo = ReopenRequest(technician=technician.id, request=wish.id)
    return Change(after=(answered(asked, after, now),), undo=undo)


def reopen(command: ReopenRequest, act: Act, world: World, now: int) -> Change:
    """An answer is taken back, with what it has changed; an answer that others have built on stays."""
    role.require(act.actor, role.KEEPS_TECHNICIANS, act.region)
    technician = in_region(world, Technician, command.technician, "technician", act.region)
    asked = requests_of(world, technician)
    wish = asked.find(command.request)
    if wish is None:
        raise Rejected("not_found", "request", kind="shift_request", id=command.request)
    if wish.state not in ("approved", "declined"):
        raise Rejected("request_answered", "request")
    again = replace(wish, state="open", answered_by="", answered_at=None, answer="")
    if wish.state == "declined":
        undo = DeclineRequest(technician=technician.id, request=wish.id, reason=wish.answer)
        return Change(after=(answered(asked, again, now),), undo=undo)
    return Change(
        after=(answered(asked, again, now), without(technician, wish, command.former)),
        undo=ApproveRequest(technician=technician.id, request=wish.id),
    )


def without(technician: Technician, wish: ShiftRequest, former: ShiftException | None) -> Technician:
    """The technician as he was before a request was approved; raises Rejected where that was changed since."""
    if wish.asked == "leave":
        if leave_of(wish) not in technician.leaves:
            raise Rejected("request_changed", "request")
        return replace(technician, leaves=tuple(each for each in technician.leaves if each.id != wish.id))
    if hours_on(wish.date, wish.hours) not in technician.exceptions:
        raise Rejected("request_changed", "request")
    others = tuple(each for each in technician.exceptions if each.date != wish.date)
    back = () if former is None or former.date != wish.date else (former,)
    return replace(technician, exceptions=tuple(sorted((*others, *back), key=lambda each: each.date)))


def requests_of(world: World, technician: Technician) -> ShiftRequests:
    """What he has asked, nothing where he never has."""
    found = world.get(ShiftRequests, technician.id)
    return found or ShiftRequests(id=technician.id, region=technician.region)


def own_requests(
    command: RequestLeave | RequestHours | WithdrawRequest, act: Act, world: World
) -> tuple[Technician, ShiftRequests]:
    """Who asks and what he has asked before; raises Rejected for anybody else."""
    if act.actor.kind != "technician":
        raise Rejected("not_allowed", "technician", needs=["technician"])
    own(act, command.technician)
    technician = in_region(world, Technician, command.technician, "technician", act.region)
    return technician, requests_of(world, technician)


def to_answer(
    command: ApproveRequest | DeclineRequest, act: Act, world: World, now: int
) -> tuple[Technician, ShiftRequests, ShiftRequest]:
    """The request that the desk answers; raises Rejected where it waits no more."""
    role.require(act.actor, role.KEEPS_TECHNICIANS, act.region)
    technician = in_region(world, Technician, command.technician, "technician", act.region)
    asked = requests_of(world, technician)
    return technician, asked, waiting(asked, command.request, now)


def waiting(asked: ShiftRequests, id: str, now: int) -> ShiftRequest:
    """The request of that id; raises Rejected where there is none that somebody has still to answer."""
    wish = asked.find(id)
    if wish is None:
        raise Rejected("not_found", "request", kind="shift_request", id=id)
    if wish.lapsed(now):
        raise Rejected("request_lapsed", "request", at=wish.expires_at)
    if wish.state != "open":
        raise Rejected("request_answered", "request")
    return wish


def timely(start: int, end: int, at: int, now: int, field: str) -> None:
    """Raises Rejected for a time that is over, or further ahead than anybody plans."""
    if end <= now:
        raise Rejected("request_past", field)
    if start - at > AHEAD_DAYS * DAY_MS:
        raise Rejected("request_too_far", field, days=AHEAD_DAYS)


def lapses_at(world: World, end: int, now: int) -> int:
    """When nobody needs to answer it any more."""
    return min(now + policy_of(world).request_lapses * MINUTE_MS, end)


def made(asked: ShiftRequests, wish: ShiftRequest, technician: Technician, world: World, now: int) -> Change:
    """The request among his others; raises Rejected where one of them, or a leave, is about the same time."""
    if asked.find(wish.id) is not None:
        raise Rejected("exists", "request")
    open_ = asked.waiting(now)
    if len(open_) >= OPEN_MOST:
        raise Rejected("too_many", "request", limit=OPEN_MOST)
    other = next((each for each in open_ if each.start < wish.end and wish.start < each.end), None)
    if other is not None:
        raise Rejected("request_overlaps", "start", start=other.start, end=other.end)
    away = next(
        (each for each in technician.leaves if each.start <= wish.start and wish.end <= each.end), None
    )
    if away is not None:
        raise Rejected("away_already", "start", until=away.end)
    return Change(
        after=(answered(asked, wish, now),), warnings=warned(world, technician, wish, technician.region)
    )


def answered(asked: ShiftRequests, wish: ShiftRequest, now: int) -> ShiftRequests:
    """His requests with this one as it stands now, without what has long been over."""
    since = now - KEPT_DAYS * DAY_MS
    kept = (each for each in asked.asked if each.id != wish.id and each.end > since)
    return replace(asked, asked=tuple(sorted((*kept, wish), key=lambda each: (each.at, each.id))))


def leave_of(wish: ShiftRequest) -> Leave:
    """The leave that an approved request becomes."""
    return Leave(wish.id, wish.start, wish.end, wish.reason)


def warned(world: World, technician: Technician, wish: ShiftRequest, region: str) -> tuple[Broken, ...]:
    """The visits that would have nobody, or whom he would have to serve outside his hours."""
    hit = hits(world, technician, wish, region)
    return (Broken("leave_hits", {"orders": hit}),) if hit else ()


def hits(world: World, technician: Technician, wish: ShiftRequest, region: str) -> list[str]:
    """The orders whose visits a request hits; the whole visit with its drive counts, not only its start."""
    timezone = region_of(world, region).timezone
    found: list[str] = []
    for start, end in away_during(wish, timezone):
        away = Leave(wish.id, start, end, wish.reason)
        found += hit_by(away, timezone, lambda date: day_of(world, technician.id, region, date))
    return list(dict.fromkeys(found))


def away_during(wish: ShiftRequest, timezone: str) -> list[tuple[int, int]]:
    """When (UTC ms) he would not work: the leave, or what the other hours leave of the date."""
    free, at = list[tuple[int, int]](), wish.start
    for begin, finish in wish.hours if wish.asked == "hours" else ():
        free.append((at, moment(wish.date, begin, timezone)))
        at = moment(wish.date, finish, timezone)
    return [(begin, finish) for begin, finish in (*free, (at, wish.end)) if begin < finish]
