"""Do the books agree with themselves, and with the orders, payments and tills? Everything from the entries, anew."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping

from dispatcher_app.domain.entity import Entity
from dispatcher_app.domain.money import entries, ledger
from dispatcher_app.domain.money.payment import Payment
from dispatcher_app.domain.money.till import Till
from dispatcher_app.domain.order import CLOSED, Order
from dispatcher_app.domain.pricing import owed
from dispatcher_app.domain.region import Region
from dispatcher_app.server.finding import Finding
from dispatcher_app.server.store import books
from dispatcher_app.server.store.database import Cursor

Entities = Mapping[tuple[str, str], Entity]
Sums = Mapping[tuple[str, str], int]
"""What each cause has put on each account."""


def audited(cursor: Cursor, entities: Entities) -> Iterator[Finding]:
    """Everything in the books that does not agree."""
    for id, count, total in books.unbalanced(cursor):
        yield Finding("posting", f"{id}: {count} entries, sum {total}")
    yield from (Finding("entry", f"{posting}: {account}") for posting, account in books.stray(cursor))
    yield from (Finding("posting", f"{id}: of no act") for id in books.uncaused(cursor))
    yield from (Finding("reversal", id) for id in books.badly_reversed(cursor))
    found, kept = books.recomputed(cursor), books.kept(cursor)
    for key in sorted(found.keys() | kept.keys()):
        if found.get(key, 0) != kept.get(key, 0):
            yield Finding("balance", f"{' '.join(key)}: {kept.get(key, 0)} kept, {found.get(key, 0)} posted")
    yield from tills(entities, kept)
    yield from orders(cursor, entities)


def tills(entities: Entities, kept: Mapping[tuple[str, str, str], int]) -> Iterator[Finding]:
    """What should lie in a till is what its account says."""
    for till in entities.values():
        if isinstance(till, Till):
            region = entities.get(("region", till.region))
            currency = region.currency if isinstance(region, Region) else ""
            posted = kept.get((till.region, ledger.till(till.store), currency), 0)
            if till.cash != posted:
                yield Finding("till", f"{till.id}: {till.cash} shown, {posted} posted")


def orders(cursor: Cursor, entities: Entities) -> Iterator[Finding]:
    """What was posted about each order is what the order says."""
    posted, since = books.by_order(cursor), books.since(cursor)
    payments: defaultdict[str, list[Payment]] = defaultdict(list)
    for each in entities.values():
        if isinstance(each, Payment) and each.captured_at is not None:
            payments[each.order].append(each)
    for order in entities.values():
        if isinstance(order, Order):
            yield from of_order(order, posted.pop(order.id, {}), payments.pop(order.id, []), since)
    yield from (Finding("posting", f"there is no order {id}") for id in posted)
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
