"""A visit step by step: booked, driven to, worked on, agreed, finished, confirmed and paid."""

from __future__ import annotations

from collections.abc import Sequence

from dispatcher_app import clock
from dispatcher_app.domain.calendar import MINUTE_MS
from dispatcher_app.domain.command import (
    Arrive,
    AssignTechnician,
    BookedLine,
    BookOrder,
    ConfirmOrder,
    ConfirmQuote,
    Depart,
    FinishOrder,
    ImportOrder,
    MarkCheck,
    MarkLine,
    QuotedLine,
    QuotedPart,
    RecordPayment,
    ReplyToReview,
    ReviewOrder,
    ReviseQuote,
)  # fmt: skip
from dispatcher_app.domain.customer import Address
from dispatcher_app.domain.order import Confirmation, Line, PaymentMeans
from dispatcher_app.domain.pricing import owed
from dispatcher_app.domain.rule.standard import asked
from dispatcher_app.simulator.shot import Scene
from dispatcher_app.simulator.stage import (
    Job,
    Opening,
    Stage,
    doorstep,
    home,
    of,
    person,
    photo,
    window_of,
)  # fmt: skip
from dispatcher_app.simulator.word import Judged

MEANS: tuple[PaymentMeans, ...] = ("cash", "transfer", "card")
RECENT = 90
"""For so many minutes after a start its window can still be promised."""
PHOTOS: dict[str, Scene] = {"before": "before", "after": "after", "parts": "parts"}


def booked(stage: Stage, found: Opening, ahead: int = 100, note: str = "") -> Job:
    """A call some minutes ahead of the visit, and the technician for it.

    What was promised for hours that are over comes from the former system, as nobody can promise them now.
    """
    number, customer = person(stage)
    order = clock.derived_id("practice order", str(number))
    at = found.start - ahead * MINUTE_MS
    line = BookedLine(item=found.item.id, fault=found.fault.id, brand=found.brand)
    where = home(stage, number, found.compound)
    if found.start > stage.now - RECENT * MINUTE_MS:
        desk = stage.people[stage.dice.choice(("wangfang", "lina"))]
        booking = BookOrder(
            order=order, new_customer=customer, new_address=where, lines=(line,), note=note,
            window=window_of(found.start, stage.now),
        )  # fmt: skip
        stage.do(desk, booking, at)
    else:
        desk = stage.people["chenjing"]
        taken_over = ImportOrder(
            order=order, external_id=f"WX{number}", source="wechat", new_customer=customer, new_address=where,
            line=line, note=note, created_at=at, window=window_of(found.start),
        )  # fmt: skip
        stage.do(desk, taken_over, at)
    stage.do(
        desk,
        AssignTechnician(order=order, technician=found.technician, start=found.start),
        at + 4 * MINUTE_MS,
    )
    return Job(order, found.technician, found.start)


def depart(stage: Stage, job: Job, at: int) -> None:
    """He is on his way."""
    stage.do(job.him, Depart(order=job.order, technician=job.technician), at)


def arrive(stage: Stage, job: Job, at: int) -> None:
    """He is at the door."""
    address = stage.world.get(Address, of(stage, job).address)
    assert address is not None
    point = doorstep(stage, address.point)
    accuracy = stage.dice.randint(8, 35)
    stage.do(
        job.him, Arrive(order=job.order, technician=job.technician, point=point, accuracy_m=accuracy), at
    )


def begun(stage: Stage, job: Job, at: int) -> None:
    """Driven to and at the door at a moment (UTC ms)."""
    depart(stage, job, at - stage.dice.randint(12, 24) * MINUTE_MS)
    arrive(stage, job, at)


def checked(
    stage: Stage, job: Job, at: int, stages: Sequence[str] = ("before", "during", "parts", "after")
) -> None:
    """What the standard asks for at these stages, with the photos that cannot be left out."""
    for missing in list(asked(stage.world, of(stage, job))):
        check = missing.check
        if check.stage not in stages or any(
            (each.line, each.check) == (missing.line, check.id) for each in of(stage, job).checks
        ):
            continue
        if check.photo and check.left_out == "mark":
            continue
        shot = None
        if check.photo:
            purpose = "before" if check.stage == "before" else "after"
            shot = photo(stage, job.order, job.him, at, purpose, PHOTOS[purpose], missing.line)  # type: ignore[arg-type]
        ticked = MarkCheck(order=job.order, line=missing.line, check=check.id, state="done", photo=shot)
        stage.do(job.him, ticked, at)


def ticked(stage: Stage, job: Job, at: int, lines: Sequence[int] | None = None) -> None:
    """Lines done; all of them where none are named."""
    for index, line in enumerate(of(stage, job).lines):
        if line.state == "open" and (lines is None or index in lines):
            stage.do(job.him, MarkLine(order=job.order, line=index, from_state="open", state="done"), at)


def quoted(
    stage: Stage,
    job: Job,
    at: int,
    *,
    more: int = 0,
    discount: int = 0,
    part: bool = True,
    extra: bool = False,
    photos: tuple[str, ...] = (),
    note: str = "",
) -> None:
    """Another quote: with a likely part, `more` (minor units) over the book, or one more fault of the same item."""
    order = of(stage, job)
    item = next(each for each in stage.items if each.id == order.lines[0].item)
    fault = item.fault(order.lines[0].fault)
    lines = [quoted_line(each) for each in order.lines]
    if more:
        lines[0] = quoted_line(order.lines[0], order.lines[0].labour + more)
    if extra:
        other = next(
            (each for each in item.faults if each.id != order.lines[0].fault and each.minutes <= 60), None
        )
        lines += [QuotedLine(item=item.id, fault=other.id, brand=order.lines[0].brand)] if other else []
    likely = fault.parts[:1] if fault is not None and part else ()
    revised = ReviseQuote(
        order=job.order, number=len(order.revisions) + 1, lines=tuple(lines),
        parts=tuple(QuotedPart(part=each) for each in likely), discount=discount,
        reason="extra_fault" if extra else "part_needed" if likely else "other_fault", photos=photos, note=note,
    )  # fmt: skip
    stage.do(job.him, revised, at)


def quoted_line(line: Line, labour: int | None = None) -> QuotedLine:
    """A line of the order as it would be quoted again."""
    return QuotedLine(
        item=line.item, fault=line.fault, brand=line.brand, quantity=line.quantity, labour=labour
    )


def agreed(stage: Stage, job: Job, at: int) -> None:
    """The customer says yes on his page."""
    number = of(stage, job).revisions[-1].number
    stage.do(job.page, ConfirmQuote(order=job.order, number=number, confirmation="page"), at)


def finished(stage: Stage, job: Job, at: int) -> None:
    """Everything done that can be."""
    checked(stage, job, at - 6 * MINUTE_MS)
    ticked(stage, job, at - 3 * MINUTE_MS)
    stage.do(job.him, FinishOrder(order=job.order, technician=job.technician), at)


def confirmed(stage: Stage, job: Job, at: int, how: Confirmation = "page") -> None:
    """The customer's word that it is done."""
    who = job.page if how == "page" else stage.people["wangfang"]
    stage.do(who, ConfirmOrder(order=job.order, confirmation=how), at)


def paid(stage: Stage, job: Job, at: int) -> None:
    """All that is owed, to the technician."""
    order = of(stage, job)
    if left := owed(order) - order.paid:
        means = stage.dice.choice(MEANS)
        stage.do(job.him, RecordPayment(order=job.order, amount=left, means=means), at)


def judged(stage: Stage, job: Job, at: int, what: Judged) -> None:
    """The customer's review, and our answer a few hours later."""
    given = ReviewOrder(
        order=job.order, stars=what.stars, skill=what.skill, attitude=what.attitude, efficiency=what.efficiency,
        solved=what.solved, text=what.text, suggestion=what.suggestion,
    )  # fmt: skip
    stage.do(job.page, given, at)
    if what.reply:
        later = min(stage.now, at + 180 * MINUTE_MS)
        stage.do(stage.people["chenjing"], ReplyToReview(order=job.order, text=what.reply), later)
