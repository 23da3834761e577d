"""What an act does to the books: an order that is over is charged, whoever earned with it has his share, tills fill.

One place after all rules, so that no act can end an order and forget the money. A desk keeps no ledger; what only
the ledger's sums hang on may be missing there.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from dispatcher_app.domain.act import Change, Missing, World
from dispatcher_app.domain.book import PriceBook
from dispatcher_app.domain.entity import Entity, changed
from dispatcher_app.domain.money import entries
from dispatcher_app.domain.money.credit import level
from dispatcher_app.domain.money.cut import cut_id, cuts
from dispatcher_app.domain.money.ledger import Posting, reversal
from dispatcher_app.domain.money.payment import Payment
from dispatcher_app.domain.money.refund import Refund
from dispatcher_app.domain.money.share import Share, portions, shares_of
from dispatcher_app.domain.order import CLOSED, Order
from dispatcher_app.domain.pricing import owed
from dispatcher_app.domain.rule.drawer import filled
from dispatcher_app.domain.rule.facts import policy_of
from dispatcher_app.domain.technician import Technician


def accounted(world: World, change: Change) -> Change:
    """The change with what it posts, and the tills as that leaves them."""
    postings = list(change.postings)
    after: list[Entity] | None = None
    taken: list[Payment] = []
    for at, entity in enumerate(change.after):
        if isinstance(entity, Payment):
            taken.append(entity)
        if not isinstance(entity, Order):
            continue
        former = world.get(Order, entity.id) if entity.version else None
        if entity.status in CLOSED or (former is not None and former.status in CLOSED):
            made = booked(world, former, entity, postings)
            if made is not entity:
                after = after or list(change.after)
                after[at] = made
    if postings:
        after = filled(world, after or list(change.after), taken, postings)
        return replace(change, after=tuple(after), postings=tuple(postings))
    return change if after is None else replace(change, after=tuple(after))


def booked(world: World, former: Order | None, order: Order, postings: list[Posting]) -> Order:
    """The order with its share as it stands; what ending it, paying it or taking it up again posts is added."""
    was = former is not None and former.status in CLOSED
    if order.status not in CLOSED:
        assert former is not None
        postings += taken_back(world, former)
        return changed(order, share="") if order.share else order
    if not was and (charge := entries.charged(order)) is not None:
        postings.append(charge)
    if former is not None and order.share == "available" and former.complaint is None and order.complaint:
        postings += frozen_again(world, order)
        return changed(order, share="frozen")
    if order.share or order.paid < owed(order) or not portions(order):
        return order
    if was and former is not None and former.paid >= owed(former):
        return order
    try:
        share = entries.shared(order, shares(world, order))
    except Missing:
        return changed(order, share="frozen")
    if share is None:
        return order
    postings.append(share)
    postings += cut_before(world, order, share)
    return changed(order, share="frozen")


def cut_before(world: World, order: Order, share: Posting) -> Iterator[Posting]:
    """What went back through their fault before they had earned anything comes off now, once."""
    given = [found for id in order.refunds if (found := world.get(Refund, id)) is not None]
    try:
        fresh = [each for each in given if world.posted(cut_id(each.id)) is None]
    except Missing:
        return
    yield from cuts(share, order, fresh, "frozen")


def shares(world: World, order: Order) -> tuple[Share, ...]:
    """What everybody who came has earned with an order."""
    policy = policy_of(world)
    unpaid, levels = list[str](), dict[str, str]()
    for id in portions(order):
        technician = world.get(Technician, id)
        if technician is None:
            continue
        if technician.employment == "employee":
            unpaid.append(id)
        if policy.share_rules:
            levels[id] = level(technician.credit, policy)
    book = world.get(PriceBook, order.quote.book) if order.quote.book else None
    return shares_of(order, policy, book, came_before(world, order), unpaid, levels)


def came_before(world: World, order: Order) -> frozenset[str]:
    """Whoever was paid for the first repair, or for coming again since: two who take turns are each paid once."""
    found: set[str] = set()
    while order.return_of is not None and (former := world.get(Order, order.return_of)) is not None:
        found.update(portions(former))
        order = former
    return frozenset(found)


def frozen_again(world: World, order: Order) -> Iterator[Posting]:
    """What an order has brought is frozen once more, as long as somebody complains of it."""
    try:
        available = entries.held(world.standing(order.id), "available")
        number = 0
        while world.posted(entries.freeze_id(order, number)) is not None:
            number += 1
    except Missing:
        return
    if available:
        yield entries.frozen_again(order, available, number)


def taken_back(world: World, order: Order) -> Iterator[Posting]:
    """An order is taken up again: its fee, what was let off of it and what it earned somebody are reversed."""
    try:
        found = [
            world.posted(entries.charge_id(order)), world.posted(entries.waive_id(order)),
            world.posted(entries.share_id(order)), *moved(world, order),
        ]  # fmt: skip
    except Missing:
        return
    yield from (reversal(each, f"reverse:{each.id}") for each in found if each is not None)


def moved(world: World, order: Order) -> Iterator[Posting]:
    """Whatever released its shares, and froze them again."""
    for id_of in (entries.release_id, entries.freeze_id):
        number = 0
        while (made := world.posted(id_of(order, number))) is not None:
            yield made
            number += 1
