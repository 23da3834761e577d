"""Do the books agree with themselves, and with the orders, payments and tills? Everything from the entries, anew."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

from dispatcher_app.domain.entity import Entity
from dispatcher_app.domain.money import entries, ledger
from dispatcher_app.domain.money.ledger import Posting
from dispatcher_app.domain.money.payment import Payment
from dispatcher_app.domain.money.till import Till
from dispatcher_app.domain.order import CLOSED, Order
from dispatcher_app.domain.pricing import owed
from dispatcher_app.domain.region import Region
from dispatcher_app.server.finding import Finding
from dispatcher_app.server.repaid_books import refunds
from dispatcher_app.server.store import books
from dispatcher_app.server.store.database import Cursor

Entities = Mapping[tuple[str, str], Entity]
Sums = Mapping[tuple[str, str], int]
"""What each cause has put on each account."""
Posted = Sequence[tuple[Posting, str, int]]
"""Postings with their regions and the numbers of their acts."""


def audited(cursor: Cursor, entities: Entities) -> Iterator[Finding]:
    """Everything in the books that does not agree."""
    posted = list(books.postings(cursor))
    yield from balanced(posted)
    yield from entered(posted, books.entered(cursor))
    yield from reversed_once(posted)
    yield from (Finding("posting", f"{id}: of no act") for id in books.uncaused(cursor))
    found, kept = books.recomputed(cursor), books.kept(cursor)
    for key in sorted(found.keys() | kept.keys()):
        if found.get(key, 0) != kept.get(key, 0):
            yield Finding("balance", f"{' '.join(key)}: {kept.get(key, 0)} kept, {found.get(key, 0)} posted")
    yield from tills(entities, kept)
    yield from orders(posted, entities, books.since(cursor))
    yield from refunds({made.id for made, _, _ in posted}, entities)


def balanced(posted: Posted) -> Iterator[Finding]:
    """Every posting has two entries or more, none of them nothing, and sums to zero."""
    for made, _, _ in posted:
        total = sum(each.amount for each in made.entries)
        accounts = {each.account for each in made.entries}
        if (
            total
            or len(accounts) < 2
            or len(accounts) < len(made.entries)
            or not all(each.amount for each in made.entries)
        ):
            yield Finding("posting", f"{made.id}: {len(made.entries)} entries, sum {total}")


def entered(posted: Posted, found: dict[str, list[tuple[str, int, str, str, int]]]) -> Iterator[Finding]:
    """What stands among the entries of accounts is what the postings carry."""
    for made, region, seq in posted:
        wanted = sorted((each.account, each.amount, region, made.currency, seq) for each in made.entries)
        if sorted(found.pop(made.id, [])) != wanted:
            yield Finding("entry", f"{made.id}: its entries are not those of its accounts")
    yield from (Finding("entry", f"{id}: there is no such posting") for id in found)


def reversed_once(posted: Posted) -> Iterator[Finding]:
    """A reversal takes back one posting of its own region, entry by entry, and no other one does."""
    known = {made.id: (made, region) for made, region, _ in posted}
    seen: set[str] = set()
    for made, region, _ in posted:
        if made.reverses is None:
            continue
        was, its = known.get(made.reverses, (None, ""))
        opposite = was is not None and sorted(was.entries) == sorted(
            (each.account, -each.amount) for each in made.entries
        )
        if (
            not opposite
            or its != region
            or was is None
            or was.currency != made.currency
            or made.reverses in seen
        ):
            yield Finding("reversal", made.id)
        seen.add(made.reverses)


def tills(entities: Entities, kept: Mapping[tuple[str, str, str], int]) -> Iterator[Finding]:
    """What should lie in a till is what its account says."""
    for till in entities.values():
        if isinstance(till, Till):
            region = entities.get(("region", till.region))
            currency = region.currency if isinstance(region, Region) else ""
            posted = kept.get((till.region, ledger.till(till.store), currency), 0)
            if till.cash != posted:
                yield Finding("till", f"{till.id}: {till.cash} shown, {posted} posted")


def orders(posted: Posted, entities: Entities, since: int) -> Iterator[Finding]:
    """What was posted about each order is what the order says."""
    about: defaultdict[str, dict[tuple[str, str], int]] = defaultdict(dict)
    for made, _, _ in posted:
        if made.order is not None:
            sums = about[made.order]
            for account, amount in made.entries:
                sums[made.cause, account] = sums.get((made.cause, account), 0) + amount
    payments: defaultdict[str, list[Payment]] = defaultdict(list)
    for each in entities.values():
        if isinstance(each, Payment) and each.captured_at is not None:
            payments[each.order].append(each)
    for order in entities.values():
        if isinstance(order, Order):
            yield from of_order(order, about.pop(order.id, {}), payments.pop(order.id, []), since)
    yield from (Finding("posting", f"there is no order {id}") for id in about)
    yield from (Finding("payment", f"there is no order {id}") for id in payments)


def of_order(order: Order, sums: Sums, payments: list[Payment], since: int) -> Iterator[Finding]:
    """An order's money: received as its payments say, charged as it is owed, shared only when it is paid."""
    name, customer = f"order {order.number}", ledger.customer(order.customer)
    captured = -sums.get(("capture", customer), 0)
    received = sum(each.amount for each in payments)
    if captured != received:
        yield Finding("capture", f"{name}: {captured} posted, {received} received")
    if received > order.paid or (received < order.paid and order.created_at >= since):
        yield Finding("capture", f"{name}: {order.paid} paid, {received} received")
    standing = totals(sums)
    over = order.status in CLOSED and order.closed_at is not None and order.closed_at >= since
    if over or any(cause == "charge" for cause, _ in sums):
        due = (owed(order) if order.status in CLOSED else 0) - waived_early(order)
        charged = sum(sums.get((cause, customer), 0) for cause in ("charge", "waive", "reverse"))
        if charged != due:
            yield Finding("charge", f"{name}: {due} owed, {charged} charged")
    shared = standing.get(ledger.platform("shares"), 0)
    if shared and order.paid < owed(order):
        yield Finding("share", f"{name}: shared, but {owed(order) - order.paid} are unpaid")
    frozen = entries.held(standing, "frozen")
    if (order.share != "frozen" and frozen) or (order.complaint is not None and order.share == "available"):
        yield Finding("share", f"{name}: {order.share or 'not shared'}, but {sum(frozen.values())} frozen")
    given = sum(sums.get((cause, customer), 0) for cause in ("refund", "compensation"))
    allowed = captured + sum(standing.get(ledger.platform(what), 0) for what in ("refunds", "compensation"))
    if not 0 <= given <= allowed:
        yield Finding("refund", f"{name}: {given} given back of {allowed}")


def totals(sums: Sums) -> dict[str, int]:
    """What stands on each account."""
    found: defaultdict[str, int] = defaultdict(int)
    for (_, account), amount in sums.items():
        found[account] += amount
    return found


def waived_early(order: Order) -> int:
    """What was let off before the order was charged."""
    return order.cancellation.waived if order.cancellation is not None and order.status not in CLOSED else 0
