"""What the customer sees of an order: everything that is his, nothing that is another party's."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from dispatcher_app.domain import life
from dispatcher_app.domain.act import Actor
from dispatcher_app.domain.calendar import DAY_MS, local_date
from dispatcher_app.domain.catalogue import Item, Part
from dispatcher_app.domain.order import Order, Quote, QuoteLine, Warranty
from dispatcher_app.domain.pricing import owed
from dispatcher_app.domain.rating import average
from dispatcher_app.domain.region import Policy, Region
from dispatcher_app.domain.talk import SHOWN_TO, Attachment, Message, Review, seen_by, shown_to
from dispatcher_app.domain.technician import Technician
from dispatcher_app.server import phrase
from dispatcher_app.server.notices.word import name_of, status_of
from dispatcher_app.server.pages.word import say
from dispatcher_app.server.store import about, record
from dispatcher_app.server.store.database import Cursor
from dispatcher_app.text import Language

STAGES = {
    "home": (("pending", "offered"), ("accepted",), ("en_route",), ("in_progress", "on_hold"), ("finished", "completed")),
    "workshop": (("received",), ("diagnosing",), ("quoted",), ("repairing",), ("ready", "handed_back")),
}  # fmt: skip
"""The five marks of the bar over an order's life."""

ASKS = {"confirm_quote": "quote", "confirm": "confirm", "review": "review", "message": "message"}
"""The card where a link that only follows says how to answer: the first that waits for the customer."""

SHOWN_PHOTOS = SHOWN_TO["customer"]


@dataclass(frozen=True, slots=True)
class Facts:
    """An order and what stands around it, as the database has it at one moment."""

    order: Order
    region: Region
    policy: Policy
    items: dict[str, Item]
    parts: dict[str, Part]
    technician: Technician | None
    messages: list[Message]
    photos: list[Attachment]
    review: Review | None


def gathered(cursor: Cursor, id: str) -> Facts | None:
    """Everything a page needs, None where there is no such order."""
    order = record.load(cursor, "order", id)
    region = record.load(cursor, "region", order.region) if isinstance(order, Order) else None
    if not isinstance(order, Order) or not isinstance(region, Region):
        return None
    policy = record.load(cursor, "policy", "policy")
    who = record.load(cursor, "technician", order.technician or "")
    review = record.load(cursor, "review", id)
    proposed = order.proposed
    lines = order.lines + (proposed.lines if proposed else ())
    parts = order.parts + (proposed.parts if proposed else ())
    return Facts(
        order=order,
        region=region,
        policy=policy if isinstance(policy, Policy) else Policy(),
        items={each.item: item for each in lines if isinstance(item := record.load(cursor, "item", each.item), Item)},
        parts={each.part: part for each in parts if isinstance(part := record.load(cursor, "part", each.part), Part)},
        technician=who if isinstance(who, Technician) else None,
        messages=about.messages(cursor, id) if order.talk else [],
        photos=about.attachments(cursor, id) if order.attachments else [],
        review=review if isinstance(review, Review) else None,
    )  # fmt: skip


def shown(facts: Facts, language: Language, now: int, *, speaks: bool = True) -> dict[str, Any]:
    """What the template fills in: texts and figures only; without `speaks` it asks the reader for nothing."""
    order, zone = facts.order, facts.region.timezone
    window = order.window
    proposed = order.proposed
    due = owed(order)
    may = asked_for(facts, now)
    return {
        "number": order.number,
        "standing": status_of(order, language),
        "repaired": order.result in (None, "repaired"),
        "stages": stages(order, language),
        "window": phrase.span(window.start, window.end, zone, language) if window and comes(order) else "",
        "technician": phrase.shifu(facts.technician.name, language) if facts.technician else "",
        "known": known(facts, language, now),
        "portrait": bool(facts.technician and facts.technician.portrait),
        "lines": [line_of(facts, each.item, each.fault, each.brand, each.quantity, each.state, language)
                  for each in order.lines],
        "price": priced(facts, order.quote, language),
        "booked": phrase.money(order.booked_total, order.quote.currency)
        if order.booked_total not in (None, order.quote.total) else "",
        "owed": phrase.money(due, order.quote.currency),
        "paid": phrase.money(order.paid, order.quote.currency) if order.paid else "",
        "final": order.status in ("finished", "completed", "cancelled", "ready", "handed_back"),
        "left": phrase.money(due - order.paid, order.quote.currency) if due > order.paid else "",
        "quote": None if proposed is None else {
            "number": proposed.number,
            "until": phrase.moment(proposed.lapses_at, zone, language),
            "declined": phrase.money(proposed.quote.if_declined, proposed.quote.currency),
            **priced(facts, proposed.quote, language),
        },
        "renumbered": "number_changed" in order.flags
        and (proposed is not None or (order.status == "finished" and order.confirmed_at is None)),
        "speaks": speaks,
        "may": may if speaks else dict.fromkeys(may, False),
        "elsewhere": "" if speaks else next((ASKS[action] for action in ASKS if may[action]), ""),
        "hold": phrase.day(date.fromisoformat(order.hold.next_contact), language)
        if order.hold and order.status == "on_hold" else "",
        "messages": [message_of(facts, each, language) for each in facts.messages if seen_by(each, "customer")][-50:],
        "photos": [photo_of(each, language) for each in facts.photos
                   if each.purpose in SHOWN_PHOTOS and shown_to(each, "customer")],
        "warranty": [warranty_of(facts, each, language) for each in order.warranty],
        "review": facts.review,
    }  # fmt: skip


def known(facts: Facts, language: Language, now: int) -> str:
    """What else the customer may know of his technician: stars and years, nothing more."""
    who = facts.technician
    if who is None:
        return ""
    stars = average(who.figures)
    years = who.years(local_date(now, facts.region.timezone))
    said = [] if stars is None else [say("technician.stars", language, stars=f"{stars:.1f}")]
    said += [] if years is None else [say("technician.years", language, years=max(1, years))]
    return " · ".join(said)


def asked_for(facts: Facts, now: int) -> dict[str, bool]:
    """What the customer may do on the page as the order stands."""
    order = facts.order
    held = "number_changed" in order.flags
    return {
        **{action: may(order, action) for action in ("message", "decline_quote")},
        "confirm_quote": may(order, "confirm_quote") and order.proposed is not None and not held,
        "confirm": may(order, "confirm") and order.confirmed_at is None and not held,
        "review": may(order, "review") and reviewable(facts, now),
    }


def may(order: Order, action: str) -> bool:
    """Whether the holder of the link may do this to the order as it stands."""
    return life.refusal(order.status, action, Actor(kind="link", id=order.id), order.region) is None


def reviewable(facts: Facts, now: int) -> bool:
    """Whether a review can be given, or given again."""
    return facts.review is None or now - facts.review.at <= facts.policy.review_edit_days * DAY_MS


def comes(order: Order) -> bool:
    """Whether somebody is still to come or here."""
    return order.status in ("pending", "offered", "accepted", "en_route", "in_progress", "on_hold")


def stages(order: Order, language: Language) -> list[dict[str, Any]]:
    """The bar over an order's life: each mark with its word, and how far it is."""
    if order.status == "cancelled":
        return []
    marks = STAGES[order.service]
    at = next((place for place, statuses in enumerate(marks) if order.status in statuses), 0)
    over = order.status in ("completed", "handed_back")
    return [
        {"word": say(f"stage.{order.service}.{place}", language), "done": place < at or over,
         "now": place == at and not over}
        for place in range(len(marks))
    ]  # fmt: skip


def line_of(
    facts: Facts, item: str, fault: str | None, brand: str, quantity: int, state: str, language: Language
) -> dict[str, Any]:
    """One thing to repair in words."""
    found = facts.items.get(item)
    words = [brand, name_of(found, language) if found else "", fault_of(found, fault, language)]
    return {"words": " ".join(filter(None, words)), "quantity": quantity, "state": state}


def fault_of(item: Item | None, fault: str | None, language: Language) -> str:
    """What is wrong with it."""
    found = item.fault(fault) if item is not None and fault is not None else None
    if found is None:
        return ""
    return found.name if language == "zh_CN" or not found.name_en else found.name_en


def priced(facts: Facts, quote: Quote, language: Language) -> dict[str, Any]:
    """A quote by its amounts."""
    return {
        "amounts": [{"words": amount_of(facts, each, language), "amount": phrase.money(each.amount, quote.currency)}
                    for each in quote.lines],
        "total": phrase.money(quote.total, quote.currency),
    }  # fmt: skip


def amount_of(facts: Facts, line: QuoteLine, language: Language) -> str:
    """What an amount is for: 维修工时费 空调 不制冷 ×2."""
    words = say(f"amount.{line.what}", language)
    if line.what == "door_fee" and line.amount == 0:
        words = say("amount.door_fee_waived", language)
    names = []
    if isinstance(id := line.params.get("item"), str) and (item := facts.items.get(id)) is not None:
        names += [name_of(item, language), fault_of(item, line.params.get("fault"), language)]
    if isinstance(id := line.params.get("part"), str) and (part := facts.parts.get(id)) is not None:
        names.append(part.name if language == "zh_CN" or not part.name_en else part.name_en)
    count = line.params.get("quantity", 1)
    return " ".join(
        filter(None, [words, *names, f"×{count}" if isinstance(count, int) and count > 1 else ""])
    )


def message_of(facts: Facts, message: Message, language: Language) -> dict[str, Any]:
    """A message as the customer reads it; photos that came with it are his to see, whatever they are of."""
    known = {each.id: each for each in facts.photos if each.removed is None}
    return {
        "own": message.party == "customer",
        "who": say(f"party.{message.party}", language),
        "at": phrase.moment(message.at, facts.region.timezone, language),
        "text": message.text,
        "photos": [photo_of(known[id], language) for id in message.attachments if id in known],
    }


def photo_of(attachment: Attachment, language: Language) -> dict[str, Any]:
    """A photo or video to be shown small."""
    return {
        "id": attachment.id,
        "video": attachment.media.startswith("video/"),
        "words": say(f"photo.{attachment.purpose}", language),
    }


def warranty_of(facts: Facts, warranty: Warranty, language: Language) -> dict[str, Any]:
    """Until when what is repaired again for nothing."""
    lines = facts.order.lines
    item = facts.items.get(lines[warranty.line].item) if warranty.line < len(lines) else None
    words = name_of(item, language) if item else ""
    if warranty.part is not None:
        part = facts.parts.get(warranty.part)
        words = (part.name if language == "zh_CN" or not part.name_en else part.name_en) if part else ""
        kind = say("warranty.part", language)
    else:
        kind = say("warranty.labour", language)
    until = phrase.local(warranty.until, facts.region.timezone).date()
    return {"words": f"{kind} {words}".strip(), "until": phrase.long_day(until, language)}
