"""The repair voucher (维修凭证): what was done, with parts new or used, what it cost and how long it is warranted."""

from __future__ import annotations

from collections.abc import Iterator

from dispatcher_app.domain.money.invoice import Invoice
from dispatcher_app.domain.order import Line, Warranty
from dispatcher_app.domain.pricing import owed
from dispatcher_app.text import t
from ui import custody, name
from ui.paper.block import Block, Code, Pair, Rule, Sign, Words
from ui.paper.receipt import RESULTS, Slip, head, numbers, prices


def repair_voucher(slip: Slip) -> list[Block]:
    """What every repair ends with, handed over or sent to the customer."""
    order = slip.order
    over = order.closed_at or order.visit.ended_at or order.since
    who = name.people(
        name.technician(slip.session, id)
        for id in dict.fromkeys((order.visit.technician or order.technician, *order.along))
        if id
    )
    blocks: list[Block] = [*head(slip, t("Repair voucher")), *numbers(slip)]
    blocks += [
        Pair(t("Repaired on"), slip.moment(over)), Pair(t("Customer"), slip.owner),
        *([Pair(t("Technician"), who)] if who else []),
        Pair(t("Result##paper"), t(RESULTS.get(order.result or "", "Not repaired: declined##paper"))), Rule(),
    ]  # fmt: skip
    for at, line in enumerate(order.lines):
        blocks += [*work(slip, line), *parts(slip, at), *warranted(slip, at, line)]
    blocks.append(Rule())
    if order.result == "repaired":
        blocks += prices(slip, t("Total"))
    blocks.append(Pair(t("To pay"), slip.money(owed(order)), bold=True, apart=True))
    blocks.append(Pair(t("Paid"), slip.money(order.paid), apart=True))
    if order.refunded:
        blocks.append(Pair(t("Given back##paper"), slip.money(order.refunded), apart=True))
    blocks += [*invoiced(slip), Rule()]
    blocks.append(Words(t("Replaced parts were shown and are the customer's, unless he left them."), "small"))
    blocks.append(Words(t("A return for the same fault or part within these dates costs nothing."), "small"))
    if slip.link:
        blocks.append(Code(slip.link, (Words(t("Scan for the order, the warranty and your opinion.")),)))
    return [*blocks, Sign(t("Signature of the customer")), Sign(t("Signature of the technician"))]


def work(slip: Slip, line: Line) -> Iterator[Block]:
    """One thing that was to be repaired, and whether it was."""
    fault = name.fault(slip.session, line.item, line.fault)
    what = " ".join(filter(None, (custody.device_name(slip.session, line), fault)))
    said = what if line.quantity == 1 else f"{what} ×{line.quantity}"
    done = t("repaired##voucher") if line.state == "done" else t("not repaired##voucher")
    yield Pair(said, done, bold=True, apart=True)
    if line.maker_until:
        yield Pair(t("Maker's warranty"), t("until {date}", date=line.maker_until), apart=True)


def parts(slip: Slip, at: int) -> Iterator[Block]:
    """The parts that were fitted for it, each new or used."""
    for part in slip.order.parts:
        if part.line == at and slip.order.lines[at].state == "done":
            called = f"{name.part(slip.session, part.part)} ×{part.quantity}"
            yield Pair(
                f"  {called}", t("used part##voucher") if part.used else t("new part##voucher"), apart=True
            )


def warranted(slip: Slip, at: int, line: Line) -> Iterator[Block]:
    """Until when the work and each new part of it is repaired again for nothing."""
    for each in slip.order.warranty:
        if each.line == at:
            yield Pair(f"  {covered(slip, each)}", t("until {date}", date=slip.day(each.until)), apart=True)
    if line.state == "done" and all(each.line != at for each in slip.order.warranty):
        yield Pair(f"  {t('Warranty##voucher')}", t("from the day of pick-up"), apart=True)


def covered(slip: Slip, each: Warranty) -> str:
    """What a warranty is on."""
    if each.part is None:
        return t("Warranty on labour##voucher")
    return t("Warranty on {part}##voucher", part=name.part(slip.session, each.part))


def invoiced(slip: Slip) -> list[Block]:
    """The invoice, where there is one."""
    found = slip.session.get(Invoice, slip.order.id)
    if found is None or found.state != "issued":
        return []
    return [Pair(t("Invoice##paper"), found.reference, apart=True)]
