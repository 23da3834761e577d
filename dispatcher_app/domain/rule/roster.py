"""Technicians as the desk keeps them: status, shifts, leave, data."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise

from dispatcher_app.domain import role
from dispatcher_app.domain.act import Act, Broken, Change, Rejected, Secret, World
from dispatcher_app.domain.area import checked_ring
from dispatcher_app.domain.calendar import DAY_MS, is_date, local_date, next_date
from dispatcher_app.domain.command import (
    AddLeave,
    RemoveLeave,
    SaveTechnician,
    SetPortrait,
    SetShiftException,
    SetShifts,
    SetTechnicianStatus,
)  # fmt: skip
from dispatcher_app.domain.customer import normal_phone, phone_mask
from dispatcher_app.domain.day import Day, serves
from dispatcher_app.domain.money import ledger
from dispatcher_app.domain.rule.facts import day_of, in_region, policy_of, region_of, required_text, text
from dispatcher_app.domain.talk import Figures
from dispatcher_app.domain.technician import Leave, Shift, ShiftException, Span, Technician

LEAVE_DAYS = 190
CASES_LIMIT = 10
CASE_LIMIT = 200
TEAM_LIMIT = 40
CAREER_YEARS = 60


def set_status(command: SetTechnicianStatus, act: Act, world: World, now: int) -> Change:
    """Online, busy or offline, by himself or by the desk."""
    technician = in_region(world, Technician, command.technician, "technician", act.region)
    if act.actor.kind == "technician":
        if act.actor.id != technician.id:
            raise Rejected("not_allowed", "technician", needs=sorted(role.DISPATCHES))
    else:
        role.require(act.actor, role.DISPATCHES, act.region)
    if technician.status != command.from_status:
        raise Rejected("edited_meanwhile", "status", status=technician.status)
    if technician.suspended and command.status == "online":
        raise Rejected("suspended", "status")
    undo = SetTechnicianStatus(technician=technician.id, from_status=command.status, status=technician.status)
    return Change(after=(replace(technician, status=command.status),), undo=undo)


def checked_span(start: int, end: int, field: str) -> None:
    """Raises Rejected for working minutes outside the day or backwards."""
    if not 0 <= start < end <= 24 * 60:
        raise Rejected("shift_invalid", field)


def set_shifts(command: SetShifts, act: Act, world: World, now: int) -> Change:
    """Another weekly pattern."""
    role.require(act.actor, role.KEEPS_TECHNICIANS, act.region)
    technician = in_region(world, Technician, command.technician, "technician", act.region)
    if technician.version != command.from_version:
        raise Rejected("edited_meanwhile", "from_version", version=technician.version)
    checked_pattern(command.shifts)
    undo = SetShifts(technician=technician.id, from_version=technician.version + 1, shifts=technician.shifts)
    return Change(after=(replace(technician, shifts=command.shifts),), undo=undo)


def checked_pattern(shifts: tuple[Shift, ...]) -> None:
    """Raises Rejected for weekdays that do not exist and for shifts that overlap."""
    for shift in shifts:
        checked_span(shift.start, shift.end, "shifts")
        if not 0 <= shift.weekday <= 6:
            raise Rejected("shift_invalid", "shifts")
    ordered = sorted(shifts, key=lambda each: (each.weekday, each.start))
    for one, other in pairwise(ordered):
        if one.weekday == other.weekday and other.start < one.end:
            raise Rejected("shift_invalid", "shifts")


def checked_hours(hours: tuple[Span, ...], field: str) -> None:
    """Raises Rejected for spans of one date that lie outside of it, run backwards or overlap."""
    for start, end in hours:
        checked_span(start, end, field)
    if any(other < end for (_, end), (other, _) in pairwise(sorted(hours))):
        raise Rejected("shift_invalid", field)


def set_exception(command: SetShiftException, act: Act, world: World, now: int) -> Change:
    """Another working time on one date, or the weekly pattern again."""
    role.require(act.actor, role.KEEPS_TECHNICIANS, act.region)
    technician = in_region(world, Technician, command.technician, "technician", act.region)
    wanted = command.exception
    if not is_date(wanted.date):
        raise Rejected("date_invalid", "exception.date")
    if (wanted.start is None) != (wanted.end is None) or (wanted.more and wanted.start is None):
        raise Rejected("shift_invalid", "exception")
    checked_hours(wanted.hours, "exception")
    former = next((each for each in technician.exceptions if each.date == wanted.date), None)
    others = tuple(each for each in technician.exceptions if each.date != wanted.date)
    made = others if command.back_to_pattern else tuple(sorted((*others, wanted), key=lambda each: each.date))
    undo = SetShiftException(
        technician=technician.id,
        exception=former or ShiftException(wanted.date),
        back_to_pattern=former is None,
    )
    return Change(after=(replace(technician, exceptions=made),), undo=undo)


def add_leave(command: AddLeave, act: Act, world: World, now: int) -> Change:
    """Away for a while; the visits it hits stay in the plan and are named in the answer."""
    role.require(act.actor, role.KEEPS_TECHNICIANS, act.region)
    technician = in_region(world, Technician, command.technician, "technician", act.region)
    too_long = command.end - command.start > LEAVE_DAYS * DAY_MS
    if command.end <= command.start or too_long or abs(command.start - now) > 2 * 366 * DAY_MS:
        raise Rejected("leave_invalid", "end")
    if any(leave.id == command.leave for leave in technician.leaves):
        raise Rejected("exists", "leave")
    leave = Leave(command.leave, command.start, command.end, required_text(command.reason, "reason", 120))
    timezone = region_of(world, act.region).timezone
    hit = hit_by(leave, timezone, lambda date: day_of(world, technician.id, act.region, date))
    kept = tuple(each for each in technician.leaves if each.end > now - 60 * DAY_MS)
    return Change(
        after=(replace(technician, leaves=tuple(sorted((*kept, leave), key=lambda each: each.start))),),
        undo=RemoveLeave(technician=technician.id, leave=leave.id),
        warnings=(Broken("leave_hits", {"orders": hit}),) if hit else (),
    )


def hit_by(leave: Leave, timezone: str, day: Callable[[str], Day]) -> list[str]:
    """The orders whose visits a leave hits, in the technician's plans by local date."""
    hit: list[str] = []
    date, last = local_date(leave.start, timezone), local_date(leave.end, timezone)
    while date <= last:
        hit += [
            stop.order
            for stop in day(date).stops
            if stop.start < leave.end and leave.start < stop.end and serves(stop)
        ]
        date = next_date(date)
    return hit


def remove_leave(command: RemoveLeave, act: Act, world: World, now: int) -> Change:
    """He works after all."""
    role.require(act.actor, role.KEEPS_TECHNICIANS, act.region)
    technician = in_region(world, Technician, command.technician, "technician", act.region)
    former = next((leave for leave in technician.leaves if leave.id == command.leave), None)
    if former is None:
        raise Rejected("not_found", "leave", kind="leave", id=command.leave)
    after = replace(technician, leaves=tuple(leave for leave in technician.leaves if leave.id != former.id))
    undo = AddLeave(
        technician=technician.id, leave=former.id, start=former.start, end=former.end, reason=former.reason
    )
    return Change(after=(after,), undo=undo)


def save_technician(command: SaveTechnician, act: Act, world: World, now: int) -> Change:
    """A technician entered or corrected, on top of the version that was read."""
    role.require(act.actor, role.ENTERS_TECHNICIANS, act.region)
    wanted = command.technician
    former = world.get(Technician, wanted.id)
    if (former.version if former else 0) != wanted.version:
        raise Rejected("edited_meanwhile", "version", version=former.version if former else 0)
    if wanted.region != act.region or (former is not None and former.region != act.region):
        raise Rejected("other_region", "region", region=wanted.region)
    checked_pattern(wanted.shifts)
    region = region_of(world, act.region)
    area = checked_ring(wanted.area, region, "area")
    year = int(local_date(now, region.timezone)[:4])
    if wanted.experience_since is not None and not year - CAREER_YEARS <= wanted.experience_since <= year:
        raise Rejected("year_invalid", "experience_since", first=year - CAREER_YEARS, last=year)
    if len(wanted.cases) > CASES_LIMIT:
        raise Rejected("too_many", "cases", limit=CASES_LIMIT)
    cases = tuple(required_text(each, "cases", CASE_LIMIT) for each in wanted.cases)
    # A portrait comes with its file, which only the server has seen; here it can only be taken away.
    portrait = former.portrait if former is not None and wanted.portrait is not None else None
    secrets: tuple[Secret, ...] = ()
    mask = former.phone_mask if former else ""
    if command.phone:
        phone = normal_phone(command.phone)
        secrets, mask = (Secret("technician", wanted.id, "phone", phone),), phone_mask(phone)
    # Figures and credit are counted from what happens, and a suspension is decided; only the system, which takes over
    # what was counted elsewhere, sets them.
    taken_over = act.actor.kind == "system"
    figures = wanted.figures if taken_over else former.figures if former else Figures()
    credit = wanted.credit if taken_over else former.credit if former else policy_of(world).credit_start
    suspended = wanted.suspended if taken_over else former is not None and former.suspended
    if former is not None and former.employment != "employee" and wanted.employment == "employee":
        paid_out(world, former, region.currency)
    made = replace(
        wanted, name=required_text(wanted.name, "name", 80), phone_mask=mask, figures=figures, credit=credit,
        suspended=suspended, cases=cases, portrait=portrait, team=text(wanted.team, "team", TEAM_LIMIT), area=area,
    )  # fmt: skip
    undo = None
    if former is not None and not command.phone:
        undo = SaveTechnician(technician=replace(former, version=former.version + 1))
    return Change(after=(made,), secrets=secrets, undo=undo)


def paid_out(world: World, technician: Technician, currency: str) -> None:
    """Raises Rejected where something still stands on his accounts: whoever has wages could never draw it."""
    for bucket in ledger.BUCKETS:
        account = ledger.technician(technician.id, bucket)
        if bucket != "paid" and world.balance(technician.region, account, currency):
            raise Rejected("account_open", "employment", technician=technician.id)


def set_portrait(command: SetPortrait, act: Act, world: World, now: int) -> Change:
    """A portrait that the server has taken in, in the name of who sent it."""
    role.require(act.actor, role.ENTERS_TECHNICIANS, act.region)
    technician = in_region(world, Technician, command.technician, "technician", act.region)
    return Change(after=(replace(technician, portrait=command.portrait),))
