"""Devices at the counter of the practice city: one in every state, one that nobody has fetched for a month."""

from __future__ import annotations

from dispatcher_app import clock
from dispatcher_app.domain.calendar import DAY_MS, HOUR_MS, MINUTE_MS, local_date, next_date
from dispatcher_app.domain.command import (
    BookedLine,
    CancelOrder,
    ConfirmQuote,
    FinishDevice,
    HandBack,
    MarkLine,
    QuotedPart,
    ReceiveDevice,
    RecordPayment,
    RemindPickUp,
    ReviewOrder,
    ReviseQuote,
    StartDiagnosis,
)  # fmt: skip
from dispatcher_app.domain.pricing import owed
from dispatcher_app.domain.technician import Technician
from dispatcher_app.simulator.quarter import SHELVES, STORE, region
from dispatcher_app.simulator.stage import Job, Stage, of, person, photo
from dispatcher_app.simulator.visit import quoted_line

# Item, fault, brand; how long ago it came (hours); how far it has come; what came with it, how it looks.
DEVICES = (
    ("phone", "screen", "华为", 1, "received", ("手机壳",), ("屏幕碎裂", "边框磕碰")),
    ("rice-cooker", "no-start", "美的", 3, "received", ("电源线", "内胆"), ()),
    ("laptop", "hot", "联想", 20, "diagnosing", ("电源适配器",), ("键盘有污渍",)),
    ("tablet", "battery", "苹果", 26, "quoted", (), ("背面划痕",)),
    ("computer", "no-start", "", 44, "quoted", ("电源线",), ()),
    ("game-console", "disc", "索尼", 50, "repairing", ("手柄", "电源线"), ()),
    ("printer", "jam", "惠普", 75, "repairing", ("数据线",), ("外壳发黄",)),
    ("laptop", "keyboard", "戴尔", 100, "ready", ("电源适配器",), ("有进水痕迹",)),
    ("phone", "battery", "小米", 240, "ready", (), ()),
    ("tablet", "screen", "华为", 170, "handed_back", ("保护套",), ("屏幕碎裂",)),
    ("smart-watch", "battery", "苹果", 220, "handed_back", ("表带",), ()),
)  # fmt: skip
ALL = ("received", "diagnosing", "quoted", "repairing", "ready", "handed_back")


def devices(stage: Stage) -> None:
    """Every device as far as it has come, and the one that is forgotten."""
    for number, device in enumerate(DEVICES):
        handed_in(stage, number, *device)
    forgotten(stage)


def received(
    stage: Stage,
    place: int,
    line: BookedLine,
    at: int,
    accessories: tuple[str, ...],
    condition: tuple[str, ...],
) -> Job:
    """A device in our custody, on its shelf."""
    number, customer = person(stage)
    today = local_date(at, region().timezone)
    taken = ReceiveDevice(
        order=clock.derived_id("practice order", str(number)), store=STORE, new_customer=customer, line=line,
        serial=f"SN{stage.dice.randint(10**7, 10**8 - 1)}", accessories=accessories, condition=condition,
        data_consent="none" if line.item == "rice-cooker" else "keep", shelf=SHELVES[place % len(SHELVES)],
        promised_on=next_date(today, 5),
    )  # fmt: skip
    stage.do(stage.people["zhaomin"], taken, at)
    return Job(taken.order, "", at)


def handed_in(
    stage: Stage,
    number: int,
    item: str,
    fault: str,
    brand: str,
    hours: int,
    upto: str,
    accessories: tuple[str, ...],
    condition: tuple[str, ...],
) -> None:
    """One device, step by step up to where it stands."""
    dice, counter = stage.dice, stage.people["zhaomin"]
    at, done = stage.now - hours * HOUR_MS, ALL.index(upto)
    # Somewhere in the time since then each further step was taken.
    pace = hours * HOUR_MS // 12

    job = received(stage, number, BookedLine(item=item, fault=fault, brand=brand), at, accessories, condition)
    if number in (0, 9):
        photo(stage, job.order, counter, at + 2 * MINUTE_MS, "custody", "device")
    if done >= ALL.index("diagnosing"):
        stage.do(counter, StartDiagnosis(order=job.order, technician=able(stage, item)), at + pace)
    if done >= ALL.index("quoted"):
        order = of(stage, job)
        found = next(each for each in stage.items if each.id == item).fault(fault)
        parts = tuple(QuotedPart(part=each) for each in found.parts[:1]) if found else ()
        revised = ReviseQuote(
            order=job.order, number=1, lines=tuple(quoted_line(each) for each in order.lines), parts=parts,
            reason="part_needed" if parts else "other_fault",
        )  # fmt: skip
        stage.do(counter, revised, at + 2 * pace)
    if done >= ALL.index("repairing"):
        stage.do(job.page, ConfirmQuote(order=job.order, number=1, confirmation="page"), at + 3 * pace)
    if done >= ALL.index("ready"):
        stage.do(counter, MarkLine(order=job.order, line=0, from_state="open", state="done"), at + 5 * pace)
        shelf = dice.choice(SHELVES)
        stage.do(counter, FinishDevice(order=job.order, shelf=shelf), at + 6 * pace)
        if hours > 200 and upto == "ready":
            stage.do(counter, RemindPickUp(order=job.order), at + 9 * pace)
    if upto == "handed_back":
        fetched(stage, job, at + 8 * pace)


def able(stage: Stage, item: str) -> str:
    """A technician who can look at it."""
    skill = next(each.skill for each in stage.items if each.id == item)
    people = [each for each in stage.world.all(Technician) if skill in each.skills and not each.suspended]
    needed = set(next(each.certificates for each in stage.items if each.id == item))
    fit = [each for each in people if needed <= {one.name for one in each.certificates} and not each.brands]
    return stage.dice.choice(fit).id


def fetched(stage: Stage, job: Job, at: int) -> None:
    """Paid, given back without the code to somebody whom a supervisor has asked for his papers, and reviewed."""
    left = owed(of(stage, job))
    paid = RecordPayment(order=job.order, amount=left, means="transfer", receipt=f"R{job.order[:6].upper()}")
    stage.do(stage.people["zhaomin"], paid, at)
    back = HandBack(order=job.order, reason="客户换了手机收不到取件码,已核对身份证和送修单")
    stage.do(stage.people["chenjing"], back, at + 4 * MINUTE_MS)
    said = ReviewOrder(
        order=job.order,
        stars=5,
        skill=5,
        attitude=5,
        efficiency=4,
        solved=True,
        text="修得很快,资料都还在,谢谢!",
    )
    stage.do(job.page, said, at + 20 * HOUR_MS)


def forgotten(stage: Stage) -> None:
    """Looked at and called off at once, as a new one costs little more; its owner has not come back for a month."""
    at = stage.now - 30 * DAY_MS
    line = BookedLine(item="robot-vacuum", fault="not-charging", brand="")
    job = received(stage, len(DEVICES), line, at, ("充电座",), ("主刷缺失",))
    counter = stage.people["zhaomin"]
    stage.do(counter, StartDiagnosis(order=job.order), at)
    stage.do(counter, CancelOrder(order=job.order, reason="bought_new", side="customer"), at)
    for days in (23, 14, 5):
        stage.do(counter, RemindPickUp(order=job.order), stage.now - days * DAY_MS)
