"""The board in words: what a bar or a row says to a screen reader and as a tip."""

from __future__ import annotations

from collections.abc import Iterable

from dispatcher_app.domain.calendar import MINUTE_MS
from dispatcher_app.text import t
from ui import format, name, watchers
from ui.board.bar import Alert, Bar
from ui.board.schedule import Schedule
from ui.mark import Mark, mark

_STATES = {
    "tentative": "only planned, nobody was told",
    "held": "kept for a caller",
    "done": "over##visit",
}


def alert(code: Alert) -> Mark:
    """How an alert of a visit looks everywhere."""
    return mark("flag", "unkept") if code == "unkept" else mark("alert", code)


def number(bar: Bar) -> str:
    """The order's number as it is spoken: without the day it was booked on."""
    return bar.brief.number.rpartition("-")[2] if bar.brief else ""


def what(schedule: Schedule, bar: Bar) -> str:
    """What is to be repaired."""
    order = bar.brief
    if order is None:
        return ""
    said = " · ".join(
        filter(
            None,
            (name.item(schedule.session, order.item), name.fault(schedule.session, order.item, order.fault)),
        )
    )
    return f"{said} +{len(order.lines) - 1}" if len(order.lines) > 1 else said


def who(schedule: Schedule, bar: Bar) -> str:
    """For whom, no more of it than the queue shows."""
    order = bar.brief
    if order is None:
        return ""
    if name.masked(schedule.session):
        return name.district(schedule.session, order.district)
    tail = t("ends in {digits}##phone", digits=order.phone_tail) if order.phone_tail else ""
    place = order.compound or name.district(schedule.session, order.district)
    return " · ".join(filter(None, (order.name, place, tail)))


def brief(schedule: Schedule, bar: Bar) -> tuple[str, ...]:
    """What is written on a visit: number, place, what is broken."""
    order = bar.brief
    if order is None:
        return (t("Kept##board"),) if bar.state == "held" else ()
    place = name.district(schedule.session, order.district)
    if not name.masked(schedule.session):
        place = order.compound or place
    return tuple(filter(None, (number(bar), place, what(schedule, bar))))


def bar(schedule: Schedule, bar: Bar) -> str:
    """Everything about a visit, a line each."""
    session, zone = schedule.session, schedule.timezone
    now, order = session.now(), bar.brief
    lines = []
    if order is not None:
        state = _STATES.get(bar.state, "")
        lines.append(
            " · ".join(
                filter(None, (order.number, mark("order", bar.status).label(), t(state) if state else ""))
            )
        )
        if order.urgency != "normal":
            lines.append(mark("urgency", order.urgency).label())
        lines += [who(schedule, bar), what(schedule, bar)]
    elif bar.state == "held":
        lines.append(t(_STATES["held"]))
    if bar.technician:
        times = f"{format.moment(bar.start, now, zone)}–{format.clock(bar.end, zone)}"
        lines.append(
            t("{technician}: {times}", technician=name.technician(session, bar.technician), times=times)
        )
        if bar.travel_s:
            lines.append(t("{duration} on the way before it", duration=format.duration(bar.travel_s)))
        if bar.tight:
            lines.append(t("There is not enough time for the way."))
    if bar.window is not None:
        lines.append(
            t("promised {window}", window=format.window(bar.window.start, bar.window.end, now, zone))
        )
    lines += _actual(bar, zone)
    if order is not None and order.offered_to and bar.state == "waiting":
        lines.append(t("offered to {name}", name=name.technician(session, order.offered_to)))
    if bar.held_until is not None:
        lines.append(t("kept for {left} more", left=format.countdown(bar.held_until - now)))
    if bar.pinned:
        lines.append(t("pinned: no plan moves it"))
    if bar.shared:
        lines.append(t("two technicians go together"))
    if bar.watched is not None:
        lines.append(watchers.said(session, watchers.watching(session, bar.order)))
    if bar.pending:
        lines.append(t("not yet confirmed by the server"))
    lines += [alert(code).label() for code in bar.alerts]
    return "\n".join(filter(None, lines))


def _actual(bar: Bar, zone: str) -> Iterable[str]:
    visit = bar.was
    if visit is None:
        return
    if visit.departed_at is not None:
        yield t("set out at {time}", time=format.clock(visit.departed_at, zone))
    if visit.arrival is not None:
        yield t("arrived at {time}", time=format.clock(visit.arrival.at, zone))
    if visit.ended_at is not None:
        yield t("ended at {time}", time=format.clock(visit.ended_at, zone))


def row(schedule: Schedule, technician: str | None) -> str:
    """Everything about a technician's row, a line each."""
    person = schedule.technicians.get(technician or "")
    if person is None:
        return ""
    load, now = schedule.load(person.id), schedule.session.now()
    lines = [
        " · ".join(filter(None, (person.name, mark("technician", person.status).label(), person.team))),
        t(", ").join(name.skill(each) for each in person.skills),
        t(", ").join(name.district(schedule.session, each) for each in person.districts),
        shift(schedule, person.id),
        taken(schedule, person.id),
        free(schedule, person.id),
        seen(schedule, person.id, now),
    ]
    lines += [
        t(
            "away {span}: {reason}",
            span=format.window(leave.start, leave.end, now, schedule.timezone),
            reason=leave.reason,
        )
        for leave in person.leaves
        if leave.end > now and leave.start < now + 14 * 24 * 60 * MINUTE_MS
    ]
    if load.planned:
        lines.append(t("{duration} only planned", duration=format.duration(load.planned * 60)))
    return "\n".join(filter(None, lines))


def shift(schedule: Schedule, technician: str) -> str:
    """When he works."""
    zone = schedule.timezone
    spans = (
        f"{format.clock(start, zone)}–{format.clock(end, zone)}" for start, end in schedule.shifts(technician)
    )
    return t("works {times}", times=" ".join(spans)) if schedule.shifts(technician) else t("no shift")


def taken(schedule: Schedule, technician: str) -> str:
    """How much of his shift is taken."""
    load = schedule.load(technician)
    booked, whole = format.duration(load.booked * 60), format.duration(load.shift * 60)
    return (
        t("{booked} of {whole} taken ({percent}%)", booked=booked, whole=whole, percent=load.percent)
        if load.shift
        else ""
    )


def free(schedule: Schedule, technician: str) -> str:
    """When he has time next."""
    load = schedule.load(technician)
    if load.overruns:
        return t("still on a visit whose time is over")
    if not load.shift:
        return ""
    if load.free_at is None:
        return t("no more free time")
    return t("free from {time}", time=format.moment(load.free_at, schedule.session.now(), schedule.timezone))


def seen(schedule: Schedule, technician: str, now: int) -> str:
    """Since when his position is known."""
    found = schedule.session.positions.get(technician)
    return t("position {age}", age=format.age(found.at, now)) if found else t("position unknown")
