"""Orders that have been lived already, or are being lived: the last days, and what goes on at this moment."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Literal

from dispatcher_app import clock
from dispatcher_app.domain.act import Rejected
from dispatcher_app.domain.calendar import HOUR_MS, MINUTE_MS, local_date, midnight, next_date
from dispatcher_app.domain.command import (
    Arrive,
    AskTransfer,
    HoldOrder,
    ReportAbsence,
    ReturnVisit,
)  # fmt: skip
from dispatcher_app.domain.customer import Address
from dispatcher_app.domain.order import Order
from dispatcher_app.domain.place import Point
from dispatcher_app.domain.technician import Technician
from dispatcher_app.simulator import visit
from dispatcher_app.simulator.quarter import region
from dispatcher_app.simulator.stage import Job, Stage, of, opening, photo, talk, window_of
from dispatcher_app.simulator.visit import booked
from dispatcher_app.simulator.word import ASKING, REVIEWS

HISTORY = (12, 11, 10, 9, 8, 7, 6, 6, 5, 5, 4, 4, 3, 3)
"""How many days ago the completed orders were done."""


def lives(stage: Stage) -> None:
    """The last days first, then what waits for somebody's word, what rests, and what goes on now."""
    completed = history(stage)
    returned(stage, completed)
    waiting(stage)
    resting(stage)
    going_on(stage)


def workers(stage: Stage) -> list[Technician]:
    """The technicians in an order of chance."""
    people = stage.world.all(Technician)
    return stage.dice.sample(people, len(people))


def present(stage: Stage) -> list[Technician]:
    """Those at work now whom nothing occupies yet."""
    busy = {
        order.technician for order in stage.world.all(Order) if order.status in ("en_route", "in_progress")
    }
    return [each for each in workers(stage) if each.id in stage.present and each.id not in busy]


def lately(
    stage: Stage, minutes: Sequence[int], people: Iterable[Technician], longest: int = 60, **how: bool
) -> Job | None:
    """An order that was begun some minutes ago, by the first who could."""
    starts = [(stage.now - each * MINUTE_MS) // (5 * MINUTE_MS) * 5 * MINUTE_MS for each in minutes]
    found = opening(stage, people, starts, longest, **how)
    return booked(stage, found) if found else None


def history(stage: Stage) -> list[Job]:
    """Completed orders of the last days, some with a quote agreed on site, most of them reviewed."""
    dice, timezone, made = stage.dice, region().timezone, []
    reviews = list(REVIEWS)
    for count, days in enumerate(HISTORY):
        begin = midnight(next_date(local_date(stage.now, timezone), -days), timezone)
        starts = [begin + hour * HOUR_MS for hour in dice.sample(range(9, 18), 9)]
        quoted = count % 3 == 0
        found = opening(stage, workers(stage), starts, parts=quoted)
        if found is None:
            continue
        job = booked(stage, found, ahead=dice.randint(220, 1500))
        visit.begun(stage, job, job.start)
        if quoted:
            visit.quoted(stage, job, job.start + 12 * MINUTE_MS)
            visit.agreed(stage, job, job.start + 19 * MINUTE_MS)
        end = job.start + of(stage, job).minutes * MINUTE_MS
        visit.finished(stage, job, end)
        visit.paid(stage, job, end + 4 * MINUTE_MS)
        visit.confirmed(stage, job, end + 9 * MINUTE_MS, "phone" if count % 4 == 1 else "page")
        if reviews and count % 5 != 4:
            visit.judged(stage, job, end + dice.randint(2, 30) * HOUR_MS, reviews.pop(0))
        made.append(job)
    return made


def returned(stage: Stage, completed: Sequence[Job]) -> None:
    """One of them failed again and comes back under warranty, tomorrow afternoon."""
    former = completed[4]
    tomorrow = midnight(next_date(local_date(stage.now, region().timezone)), region().timezone)
    again = ReturnVisit(
        order=clock.derived_id("practice return", former.order), of=former.order, reason="same_fault",
        window=window_of(tomorrow + 14 * HOUR_MS), note="客户说修好用了几天又出现同样的问题,保修期内",
    )  # fmt: skip
    stage.do(stage.people["wangfang"], again, stage.now - 35 * MINUTE_MS)


def waiting(stage: Stage) -> None:
    """Finished today or yesterday: not confirmed, confirmed and not paid, paid and completed just now."""
    for minutes, what in (
        ((150, 300, 500), "unconfirmed"), ((240, 420, 700), "unconfirmed"), ((170, 330, 560), "unpaid"),
        ((400, 800, 1300), "unpaid"), ((190, 380, 900), "completed"),
    ):  # fmt: skip
        job = lately(stage, minutes, workers(stage))
        if job is None:
            continue
        visit.begun(stage, job, job.start)
        end = min(job.start + of(stage, job).minutes * MINUTE_MS, stage.now - 5 * MINUTE_MS)
        visit.finished(stage, job, end)
        if what != "unconfirmed":
            visit.confirmed(stage, job, min(stage.now, end + 6 * MINUTE_MS))
        if what == "completed":
            visit.paid(stage, job, min(stage.now, end + 9 * MINUTE_MS))


def resting(stage: Stage) -> None:
    """On hold for parts (one call back is overdue), nobody at home, and one that ended at the door."""
    timezone = region().timezone
    today = local_date(stage.now, timezone)
    for days, contact in ((3, -1), (1, 2)):
        start = midnight(next_date(today, -days), timezone) + 10 * HOUR_MS
        found = opening(stage, workers(stage), [start + hour * HOUR_MS for hour in range(7)], parts=True)
        if found is None:
            continue
        job = booked(stage, found, ahead=300)
        visit.begun(stage, job, job.start)
        held = HoldOrder(
            order=job.order, reason="parts_missing", next_contact=next_date(today, contact), parts=found.fault.parts[:1]
        )  # fmt: skip
        stage.do(job.him, held, job.start + 25 * MINUTE_MS)
    absent = lately(stage, (200, 380, 640), workers(stage))
    if absent is not None:
        nobody_home(stage, absent, "hold")
    absent = lately(stage, (1500, 1900, 2300), workers(stage))
    if absent is not None:
        nobody_home(stage, absent, "cancel")


def nobody_home(stage: Stage, job: Job, outcome: Literal["hold", "cancel"]) -> None:
    """Waited long enough, called three times, with a photo of the door."""
    visit.depart(stage, job, job.start - 20 * MINUTE_MS)
    over = job.start + 26 * MINUTE_MS
    picture = photo(stage, job.order, job.him, over, "absent", "door")
    tomorrow = next_date(local_date(stage.now, region().timezone))
    absent = ReportAbsence(
        order=job.order, technician=job.technician, waited_from=job.start, photo=picture, outcome=outcome,
        calls=tuple(job.start + minutes * MINUTE_MS for minutes in (3, 11, 20)),
        next_contact=tomorrow if outcome == "hold" else None,
    )  # fmt: skip
    stage.do(job.him, absent, over)


def going_on(stage: Stage) -> None:
    """At this moment: on the road, at work, and every way a quote on site can stand."""
    for what in ("proposed", "over", "agreed", "dropped", "ticked", "away", "en_route", "en_route", "extra"):
        minutes = (-10, -5, 0, 10, 25, 40) if what == "en_route" else (45, 40, 50, 55, 60, 70, 80, 35)
        job = lately(stage, minutes, present(stage), 45 if what in ("en_route", "ticked") else 60,
                     parts=what not in ("en_route", "ticked", "away"))  # fmt: skip
        if job is None:
            continue
        if what == "en_route":
            visit.depart(stage, job, stage.now - stage.dice.randint(4, 14) * MINUTE_MS)
        elif what == "away":
            at_the_gate(stage, job)
        else:
            at_work(stage, job, what)


def at_work(stage: Stage, job: Job, what: str) -> None:
    """On site for half an hour, with a quote as it is wanted."""
    now = stage.now
    visit.begun(stage, job, now - 32 * MINUTE_MS)
    total = of(stage, job).quote.total
    if what in ("proposed", "extra"):
        visit.checked(stage, job, now - 28 * MINUTE_MS, ("before",))
        visit.quoted(stage, job, now - 6 * MINUTE_MS, extra=what == "extra")
    elif what == "over":
        picture = photo(stage, job.order, job.him, now - 12 * MINUTE_MS, "quote", "plate")
        visit.quoted(stage, job, now - 11 * MINUTE_MS, more=round(total * 0.6), photos=(picture,))
    elif what == "agreed":
        visit.quoted(stage, job, now - 24 * MINUTE_MS)
        visit.agreed(stage, job, now - 17 * MINUTE_MS)
        visit.checked(stage, job, now - 15 * MINUTE_MS, ("before",))
    elif what == "dropped":
        visit.quoted(stage, job, now - 22 * MINUTE_MS, more=total)
        visit.quoted(stage, job, now - 18 * MINUTE_MS)
        visit.agreed(stage, job, now - 15 * MINUTE_MS)
    else:
        visit.checked(stage, job, now - 28 * MINUTE_MS, ("before", "during"))
        visit.ticked(stage, job, now - 5 * MINUTE_MS, (0,))


def at_the_gate(stage: Stage, job: Job) -> None:
    """Arrived too far from the door, with a photo and a reason; one line found to be booked by mistake."""
    address = stage.world.get(Address, of(stage, job).address)
    assert address is not None
    visit.depart(stage, job, stage.now - 30 * MINUTE_MS)
    at = stage.now - 12 * MINUTE_MS
    picture = photo(stage, job.order, job.him, at, "arrival", "door")
    here = Point(round(address.point.lon + 0.006, 6), address.point.lat)
    arrival = Arrive(
        order=job.order,
        technician=job.technician,
        point=here,
        accuracy_m=20,
        reason="gate_far",
        photo=picture,
    )
    stage.do(job.him, arrival, at)


def handed_over(stage: Stage, wanted: int = 2) -> None:
    """Technicians who have asked another to take an order."""
    people = stage.world.all(Technician)
    done = 0
    for order in [each for each in stage.world.all(Order) if each.status == "accepted"]:
        if done == wanted or order.technician is None:
            return
        job = Job(order.id, order.technician, 0)
        for other in people:
            if other.id == order.technician or other.status == "offline":
                continue
            asked = AskTransfer(
                order=order.id,
                from_technician=order.technician,
                to=other.id,
                reason=("closer", "vehicle")[done],
            )
            try:
                stage.do(job.him, asked, stage.now - MINUTE_MS)
            except Rejected:
                continue
            done += 1
            break


def conversations(stage: Stage) -> None:
    """Messages about open orders, some of them not read by staff."""
    statuses = ("accepted", "pending", "in_progress", "pending", "accepted", "on_hold", "pending")
    used: set[str] = set()
    for status, words in zip(statuses, ASKING, strict=True):
        order = next(
            (each for each in stage.world.all(Order) if each.status == status and each.id not in used), None
        )
        if order is None:
            continue
        used.add(order.id)
        job = Job(order.id, order.technician or "", 0)
        if any(party == "technician" for party, _ in words) and order.technician is None:
            continue
        actors = {"customer": job.page, "technician": job.him, "staff": stage.people["wangfang"]}
        talk(stage, order.id, words, actors, max(order.created_at, stage.now - 25 * MINUTE_MS))
