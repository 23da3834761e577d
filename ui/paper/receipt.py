"""What the papers say: custody receipt, shelf label, hand-back receipt, receipt of a booking."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from dispatcher_app.domain.catalogue import Part
from dispatcher_app.domain.customer import Customer
from dispatcher_app.domain.order import Order
from dispatcher_app.domain.pricing import owed
from dispatcher_app.domain.region import Policy, Store
from dispatcher_app.text import t
from ui import charge, custody, format, name
from ui.models.bench import store_of, working_store
from ui.paper.block import Block, Code, Pair, Rule, Sign, Words

if TYPE_CHECKING:
    from dispatcher_app.client.session import Session


@dataclass(frozen=True, slots=True)
class Slip:
    """What a paper is made of: the order as it stands, the link to follow it and the pick-up code ("" where unknown).

    `at` is the store that the desk works at, "" for its person's own.
    """

    session: Session
    order: Order
    link: str = ""
    code: str = ""
    at: str = ""

    @property
    def store(self) -> Store | None:
        """The store on the paper's head."""
        device = self.order.device
        return store_of(self.session, device.store) if device else working_store(self.session, self.at)

    @property
    def owner(self) -> str:
        """The customer's name and the end of the number: nothing else of him is printed."""
        known = self.session.get(Customer, self.order.customer)
        return f"{known.name}  {t('phone ending {tail}', tail=known.phone_mask[-4:])}" if known else ""

    @property
    def policy(self) -> Policy:
        """The figures in force."""
        return self.session.get(Policy, "policy") or Policy()

    def money(self, minor: int) -> str:
        """An amount in the order's currency."""
        return format.money(minor, self.order.quote.currency)

    def moment(self, at: int) -> str:
        """A time that can still be read next year."""
        return f"{format.local(at, name.timezone(self.session)):%Y-%m-%d %H:%M}"

    def day(self, at: int) -> str:
        """A date that can still be read next year."""
        return f"{format.local(at, name.timezone(self.session)):%Y-%m-%d}"


def custody_receipt(slip: Slip) -> list[Block]:
    """What the owner gets for his device."""
    order, device = slip.order, slip.order.device
    assert device is not None
    line = order.lines[0]
    fault = name.fault(slip.session, line.item, line.fault)
    blocks: list[Block] = [*head(slip, t("Custody receipt")), *numbers(slip)]
    blocks += [
        Pair(t("Received on"), slip.moment(order.created_at)), Pair(t("Owner"), slip.owner), Rule(),
        Pair(t("Device"), custody.device_name(slip.session, line), bold=True),
        *([Pair(t("Serial number"), device.serial)] if device.serial else []),
        Pair(t("Trouble"), fault or t("to be found out")),
        Pair(t("Came with it"), t(", ").join(map(custody.accessory, device.accessories)) or t("nothing")),
        Pair(t("Condition"), t(", ").join(map(custody.condition, device.condition)) or t("nothing noted")),
    ]  # fmt: skip
    if said := custody.consent(device.data_consent):
        blocks.append(Pair(t("Data##device"), said))
    if device.promised_on:
        blocks.append(Pair(t("Promised for"), device.promised_on))
    blocks.append(Rule())
    blocks += prices(slip, t("Estimate##paper"))
    if order.quote.if_declined:
        declined = slip.money(order.quote.if_declined)
        blocks.append(Pair(t("If you decline the quote"), declined, apart=True))
    blocks += [Rule(), _pick_up(slip), Rule(), *_terms(slip), Sign(t("Signature of the owner"))]
    return blocks


def hand_back_receipt(slip: Slip) -> list[Block]:
    """What the owner gets with his device: what was done, what it cost, how long it is warranted."""
    order, device = slip.order, slip.order.device
    assert device is not None
    line = order.lines[0]
    blocks: list[Block] = [*head(slip, t("Pick-up receipt")), *numbers(slip)]
    back = order.closed_at or slip.session.now()
    blocks += [
        Pair(t("Picked up on"), slip.moment(back)), Pair(t("Owner"), slip.owner), Rule(),
        Pair(t("Device"), custody.device_name(slip.session, line), bold=True),
        *([Pair(t("Serial number"), device.serial)] if device.serial else []),
        Pair(t("Given back"), t(", ").join(map(custody.accessory, device.accessories)) or t("nothing else")),
        Pair(t("Result##paper"), t(RESULTS.get(order.result or "", "Given back as it came"))),
        Rule(),
    ]  # fmt: skip
    blocks += prices(slip, t("Total")) if order.result == "repaired" else []
    blocks += [
        *(
            [Pair(t("To pay"), slip.money(owed(order)), bold=True, apart=True)]
            if order.result != "repaired"
            else []
        ),
        Pair(t("Paid"), slip.money(order.paid), apart=True),
    ]
    blocks += warranty(slip)
    blocks.append(Rule())
    if slip.link:
        blocks.append(Code(slip.link, (Words(t("Scan for the order, the warranty and your opinion.")),)))
    else:
        kept = Words(t("Keep this receipt for the warranty."))
        blocks.append(Code(order.number, (Words(order.number, "large", bold=True), kept)))
    return [*blocks, Sign(t("Signature of the owner"))]


def order_receipt(slip: Slip) -> list[Block]:
    """What somebody gets who has booked a visit at the counter."""
    order, zone = slip.order, name.timezone(slip.session)
    window, now = order.window, slip.session.now()
    blocks: list[Block] = [*head(slip, t("Booking receipt")), *numbers(slip)]
    said = t("We call you back to agree on a time.")
    if window is not None:
        clock = f"{format.clock(window.start, zone)}–{format.clock(window.end, zone)}"
        said = f"{format.day(window.start, now, zone)} {slip.day(window.start)} {clock}"
        if order.provisional:
            said = t("{window}, to be confirmed", window=said)
    blocks += [Pair(t("Booked on"), slip.moment(order.created_at)), Pair(t("Customer"), slip.owner)]
    blocks += [Pair(t("Visit"), said, bold=True), Rule()]
    for line in order.lines:
        fault = name.fault(slip.session, line.item, line.fault)
        what = f"{custody.device_name(slip.session, line)} {fault}".strip()
        blocks.append(Pair(t("Repair##paper"), what if line.quantity == 1 else f"{what} ×{line.quantity}"))
    blocks += [Rule(), *prices(slip, t("Estimate##paper"))]
    if order.quote.if_declined:
        declined = slip.money(order.quote.if_declined)
        blocks.append(Pair(t("If you decline on site"), declined, apart=True))
    caption = (Words(order.number, "large", bold=True), Words(scan(slip)))
    return [*blocks, Rule(), Code(slip.link or order.number, caption)]


def shelf_label(slip: Slip) -> list[Block]:
    """What is stuck on the device: found by the shelf or by scanning the number; it says no more of its owner."""
    order, device = slip.order, slip.order.device
    assert device is not None
    line = order.lines[0]
    fault = name.fault(slip.session, line.item, line.fault)
    known = slip.session.get(Customer, order.customer)
    tail = known.phone_mask[-4:] if known else ""
    owner = f"{known.name} {tail}" if known else ""
    due = t("for {when}", when=device.promised_on[5:]) if device.promised_on else ""
    came = t("in {when}", when=slip.day(order.created_at)[5:])
    caption = (
        Words(f"{device.shelf or '–'}  {name.split_number(order.number)[1]}", "title", bold=True),
        Words(f"{order.number}  {owner}", bold=True),
        Words(" ".join(filter(None, (custody.device_name(slip.session, line), fault)))),
        Words(" · ".join(filter(None, (came, due))), "small"),
    )
    # A code for us, never the customer's link: whoever passes the shelf could read his order with it.
    return [Code(order.number, caption)]


RESULTS = {
    "repaired": "Repaired##paper",
    "declined": "Not repaired: declined##paper",
    "no_fault": "No fault found##paper",
    "not_repairable": "Not repairable##paper",
}


def head(slip: Slip, title: str) -> list[Block]:
    """The name of the paper and of the store that gives it out."""
    store = slip.store
    blocks: list[Block] = [Words(title, "title", bold=True, centred=True)]
    if store is not None:
        called = f"{name.store(store)} {store.phone}".strip()
        blocks.append(Words(called, bold=True, centred=True))
        if store.address:
            blocks.append(Words(store.address, "small", centred=True))
    return [*blocks, Rule()]


def numbers(slip: Slip) -> list[Block]:
    """The number, and the one that was given while the server was away."""
    order = slip.order
    temporary = order.temporary_number
    if temporary is None or temporary == order.number:
        said = t("{number} (temporary, stays valid)", number=order.number) if temporary else order.number
        return [Pair(t("Order number"), said, bold=True)]
    return [Pair(t("Order number"), order.number, bold=True), Pair(t("Was given as"), temporary)]


def prices(slip: Slip, total: str) -> list[Block]:
    """What each thing cost; a new part says so."""
    quote = slip.order.quote
    rows: list[Block] = []
    for line in quote.lines:
        if not line.amount and line.what != "warranty":
            continue
        rows.append(Pair(charge.said(slip.session, line), charge.amount(line, quote.currency), apart=True))
        if line.what == "parts" and not line.params.get("used"):
            rows[-1] = Pair(t("{part} (new)", part=charge.said(slip.session, line)),
                            charge.amount(line, quote.currency), apart=True)  # fmt: skip
    return [*rows, Pair(total, slip.money(quote.total), bold=True, apart=True)]


def _pick_up(slip: Slip) -> Block:
    order = slip.order
    if slip.code:
        caption = (
            Words(t("Pick-up code")),
            Words(slip.code, "title", bold=True),
            Words(scan(slip), "small"),
        )
    else:
        caption = (
            Words(order.number, "large", bold=True), Words(t("The pick-up code follows by message."), bold=True),
            Words(scan(slip), "small"),
        )  # fmt: skip
    return Code(slip.link or order.number, caption)


def scan(slip: Slip) -> str:
    """What the code is for."""
    return t("Scan to see how it stands.") if slip.link else t("Name this number when you call.")


def _terms(slip: Slip) -> list[Block]:
    policy, device = slip.policy, slip.order.device
    said = [
        t("1. The device goes to whoever names the pick-up code. Keep it safe."),
        t("2. What is not fetched within {days} days after our notice is treated as unclaimed.",
          days=policy.unclaimed_days),
        t("3. Warranty from the day of pick-up: {labour} days on labour, {parts} days on new parts.",
          labour=policy.warranty_labour_days, parts=policy.warranty_parts_days),
        t("4. We repair only after you have agreed to the quote."),
    ]  # fmt: skip
    if device is not None and device.data_consent != "none":
        said.append(
            t("5. Back up your data: we look at none without need, and answer for none that is lost.")
        )
    return [Words(each, "small") for each in said]


def warranty(slip: Slip) -> list[Block]:
    """Until when what was done is repaired again for nothing."""
    order, rows = slip.order, []
    for each in order.warranty:
        line = order.lines[each.line] if each.line < len(order.lines) else order.lines[0]
        what = name.item(slip.session, line.item)
        if each.part is not None:
            part = slip.session.get(Part, each.part)
            what = name.part(slip.session, each.part) if part else each.part
        word = t("Warranty: {what}", what=what)
        rows.append(Pair(word, t("until {date}", date=slip.day(each.until)), apart=True))
    return [Rule(), *rows] if rows else []
