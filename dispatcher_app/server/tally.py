"""What orders, technicians and series keep a count of, counted all over from what it was counted from."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from itertools import pairwise
from typing import TypeVar

from dispatcher_app.domain.book import PriceBook
from dispatcher_app.domain.catalogue import Item
from dispatcher_app.domain.customer import Note
from dispatcher_app.domain.edition import Series
from dispatcher_app.domain.entity import Entity
from dispatcher_app.domain.money.complaint import Complaint, ComplaintNote, of_order
from dispatcher_app.domain.order import WORKSHOP, Order
from dispatcher_app.domain.pricing import owed
from dispatcher_app.domain.rating import counted
from dispatcher_app.domain.standard import Standard
from dispatcher_app.domain.talk import PARTIES, Attachment, Figures, Message, Review
from dispatcher_app.domain.technician import Technician
from dispatcher_app.domain.van import Van
from dispatcher_app.server.finding import Finding

Entities = Mapping[tuple[str, str], Entity]
E = TypeVar("E", Message, Note, Attachment)


def tallies(entities: Entities) -> Iterator[Finding]:
    """Everything that does not add up."""
    everything = list(entities.values())
    messages = by_order(each for each in everything if isinstance(each, Message))
    notes = by_order(each for each in everything if isinstance(each, Note))
    photos = by_order(each for each in everything if isinstance(each, Attachment))
    for order in everything:
        if isinstance(order, Order):
            yield from said(order, messages[order.id], notes[order.id])
            yield from shown(order, {each.id: each for each in photos[order.id]})
            yield from agreed(order)
            yield from settled(order)
            yield from linked(order, entities)
    yield from complained(entities)
    for kind, about in (("message", messages), ("note", notes), ("attachment", photos)):
        yield from (Finding(f"{kind}_orphan", id) for id in about if ("order", id) not in entities)
    yield from judged(entities)
    yield from editions(entities)
    for van in everything:
        if isinstance(van, Van) and ("technician", van.id) not in entities:
            yield Finding("van", f"{van.id}: there is no such technician")


def complained(entities: Entities) -> Iterator[Finding]:
    """An order names the complaint that is open about it, there is one at most, and what was said is counted."""
    said = Counter(each.complaint for each in entities.values() if isinstance(each, ComplaintNote))
    opened = dict[str, Complaint]()
    for each in entities.values():
        if not isinstance(each, Complaint):
            continue
        order = entities.get(("order", each.order))
        if not isinstance(order, Order):
            yield Finding("complaint", f"{each.id}: there is no order {each.order}")
        if each.notes != said[each.id]:
            yield Finding("complaint", f"{each.id}: {each.notes} notes counted, {said[each.id]} there")
        if each.closed_at is None and opened.setdefault(each.order, each) is not each:
            yield Finding("complaint", f"{each.id}: {opened[each.order].id} is open about the same order")
    for order in entities.values():
        if isinstance(order, Order) and of_order(order, opened.get(order.id)) is not order:
            yield Finding("complaint", f"order {order.number}: names {order.complaint or 'none'}")


def by_order(found: Iterable[E]) -> defaultdict[str, list[E]]:
    """What belongs to an order, by the order's id."""
    made: defaultdict[str, list[E]] = defaultdict(list)
    for each in found:
        made[each.order].append(each)
    return made


def said(order: Order, messages: list[Message], notes: list[Note]) -> Iterator[Finding]:
    """The messages are numbered from 1, nobody has more of them unread than he was sent, and notes are counted."""
    total = order.talk.total if order.talk else 0
    if sorted(each.number for each in messages) != list(range(1, total + 1)):
        yield Finding("talk", f"order {order.number}: {total} counted, {len(messages)} there")
    for party in PARTIES:
        unread = getattr(order.talk, party) if order.talk else 0
        sent = sum(party in each.to for each in messages)
        if not 0 <= unread <= sent:
            yield Finding("talk", f"order {order.number}: {unread} unread of {sent} to {party}")
    if order.notes != len(notes):
        yield Finding("notes", f"order {order.number}: {order.notes} counted, {len(notes)} there")


def shown(order: Order, photos: Mapping[str, Attachment]) -> Iterator[Finding]:
    """Photos are counted as long as they are shown, and whatever rests on one names one of its own order."""
    standing = sum(each.removed is None for each in photos.values())
    if order.attachments != standing:
        yield Finding("attachments", f"order {order.number}: {order.attachments} counted, {standing} there")
    named = {id for each in order.revisions for id in each.photos}
    named |= {each.photo for each in order.checks if each.photo}
    named |= {each.arrival.photo for each in order.visits if each.arrival and each.arrival.photo}
    yield from (
        Finding("attachments", f"order {order.number}: no photo {id}") for id in sorted(named - photos.keys())
    )


def agreed(order: Order) -> Iterator[Finding]:
    """Quotes are numbered from 1, only the last one may wait, what was agreed last is in force, and it adds up."""
    numbers = [each.number for each in order.revisions]
    if numbers != list(range(1, len(numbers) + 1)):
        yield Finding("quote", f"order {order.number}: numbered {numbers}")
    if any(each.state == "proposed" for each in order.revisions[:-1]):
        yield Finding("quote", f"order {order.number}: two wait for the customer")
    accepted = [each for each in order.revisions if each.state == "accepted"]
    if accepted and accepted[-1].quote != order.quote:
        yield Finding("quote", f"order {order.number}: revision {accepted[-1].number} is not in force")
    for quote in (order.quote, *(each.quote for each in order.revisions)):
        if quote.lines and quote.total != sum(line.amount for line in quote.lines):
            yield Finding("quote", f"order {order.number}: {quote.total} is not the sum of its lines")


def settled(order: Order) -> Iterator[Finding]:
    """Nobody has paid more than he owed, and what was confirmed here is closed only once it is paid."""
    over = order.status in ("completed", "handed_back")
    if not order.paid >= 0:
        yield Finding("payment", f"order {order.number}: {order.paid} paid")
    if over and order.paid - order.refunded > owed(order):
        yield Finding("payment", f"order {order.number}: {order.paid} paid of {owed(order)}")
    here = order.confirmed_at is not None or order.status == "handed_back"
    if over and here and order.paid < owed(order):
        yield Finding("payment", f"order {order.number}: closed with {owed(order) - order.paid} owing")
    workshop = order.service == "workshop"
    if workshop != (order.device is not None) or (order.status in WORKSHOP and not workshop):
        yield Finding("device", f"order {order.number}: {order.service}, {order.status}")


def linked(order: Order, entities: Entities) -> Iterator[Finding]:
    """A return visit and its first order name each other, unless it was cancelled."""
    for id in order.returns:
        again = entities.get(("order", id))
        if not isinstance(again, Order) or again.return_of != order.id:
            yield Finding("return_visit", f"order {order.number}: {id} does not return from it")
    if order.return_of is not None and order.status != "cancelled":
        first = entities.get(("order", order.return_of))
        if not isinstance(first, Order) or order.id not in first.returns:
            yield Finding("return_visit", f"order {order.number}: its first order does not name it")


def judged(entities: Entities) -> Iterator[Finding]:
    """Every review is its order's, and a technician's figures hold all of his.

    What figures hold beside them (a technician comes with the stars that were known of him) is a sum of reviews too.
    """
    sums: defaultdict[str, Figures] = defaultdict(Figures)
    for each in entities.values():
        if isinstance(each, Review):
            order = entities.get(("order", each.id))
            if not isinstance(order, Order) or order.review != each.id:
                yield Finding("review", f"{each.id}: its order does not name it")
            if each.technician is not None:
                sums[each.technician] = counted(sums[each.technician], each)
        if isinstance(each, Order) and each.review is not None and ("review", each.review) not in entities:
            yield Finding("review", f"order {each.number}: there is none")
    for each in entities.values():
        if isinstance(each, Technician) and not plausible(each.figures, sums[each.id]):
            yield Finding("figures", f"technician {each.id}: {each.figures.reviews} reviews counted")


def plausible(figures: Figures, known: Figures) -> bool:
    """Whether figures are the known reviews and perhaps some more, each of one to five stars."""
    more = figures.reviews - known.reviews
    stars = (
        getattr(figures, name) - getattr(known, name) for name in ("stars", "skill", "attitude", "efficiency")
    )
    return all(more <= each <= 5 * more for each in stars) and 0 <= figures.solved - known.solved <= more


def editions(entities: Entities) -> Iterator[Finding]:
    """A series names published editions of its own, each from a later moment on, and every published one is named."""
    named: set[str] = set()
    for series in entities.values():
        if not isinstance(series, Series):
            continue
        if any(one.starts_at >= other.starts_at for one, other in pairwise(series.editions)):
            yield Finding("edition", f"{series.id}: not in order of time")
        for edition in series.editions:
            named.add(edition.id)
            found = entities.get(("price_book", edition.id)) or entities.get(("standard", edition.id))
            if not isinstance(found, PriceBook | Standard) or found.series != series.id:
                yield Finding("edition", f"{series.id}: there is no {edition.id}")
            elif (found.state, found.starts_at) != ("published", edition.starts_at):
                yield Finding("edition", f"{series.id}: {edition.id} is {found.state} from {found.starts_at}")
    for each in entities.values():
        if isinstance(each, PriceBook | Standard) and each.state == "published" and each.id not in named:
            yield Finding("edition", f"{each.id}: published and in no series")
        if isinstance(each, Item) and each.standard is not None and ("series", each.standard) not in entities:
            yield Finding("edition", f"item {each.id}: there is no {each.standard}")
