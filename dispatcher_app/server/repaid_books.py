"""Do refunds agree with the books, with their orders and payments, and with what each person has decided?"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping

from dispatcher_app.domain.entity import Entity
from dispatcher_app.domain.money.payment import Payment
from dispatcher_app.domain.money.refund import UNDER_WAY, Allowance, Refund, allowance_id
from dispatcher_app.domain.order import Order
from dispatcher_app.server.finding import Finding

Entities = Mapping[tuple[str, str], Entity]


def refunds(posted: set[str], entities: Entities) -> Iterator[Finding]:
    """Everything about refunds that does not agree; `posted` are the ids of all postings."""
    found = [each for each in entities.values() if isinstance(each, Refund)]
    of_order: defaultdict[str, list[Refund]] = defaultdict(list)
    of_payment: defaultdict[str, int] = defaultdict(int)
    of_person: defaultdict[str, int] = defaultdict(int)
    for each in found:
        of_order[each.order].append(each)
        yield from entered(each, posted)
        if each.counts and each.payment is not None:
            of_payment[each.payment] += each.amount
        if each.counts and each.counted_on is not None and each.decided_by is not None:
            of_person[allowance_id(each.decided_by.partition(":")[2], each.region, each.counted_on)] += (
                each.amount
            )
    for entity in entities.values():
        if isinstance(entity, Order):
            yield from on_order(entity, of_order.pop(entity.id, []))
        elif isinstance(entity, Payment) and entity.refunded != of_payment.get(entity.id, 0):
            said = f"{entity.refunded} given back, refunds say {of_payment.get(entity.id, 0)}"
            yield Finding("refund", f"payment {entity.id}: {said}")
        elif isinstance(entity, Allowance) and entity.used != of_person.get(entity.id, 0):
            said = f"{entity.used} decided, refunds say {of_person.get(entity.id, 0)}"
            yield Finding("refund", f"allowance {entity.id}: {said}")
    yield from (Finding("refund", f"there is no order {id}") for id in of_order)


def entered(refund: Refund, posted: set[str]) -> Iterator[Finding]:
    """Owed once it was decided, paid once it is done, and taken back where it was called off in between."""
    paid, due = f"{refund.what}:{refund.id}", f"{refund.what}_due:{refund.id}"
    if (refund.state == "done") != (paid in posted):
        yield Finding(
            "refund", f"{refund.id}: {refund.state}, {'' if paid in posted else 'not '}posted as paid"
        )
    owes = refund.what == "compensation" or refund.borne > 0
    decided = refund.state in ("approved", "sending", "failed", "attention", "done")
    stands = due in posted and f"refund_back:{refund.id}" not in posted
    if stands != (decided and owes):
        yield Finding("refund", f"{refund.id}: {refund.state}, {'' if stands else 'not '}posted as owed")


def on_order(order: Order, found: list[Refund]) -> Iterator[Finding]:
    """What an order says of its refunds is what they are."""
    back = sum(each.amount for each in found if each.counts and each.what == "refund")
    besides = sum(each.amount for each in found if each.counts and each.what == "compensation")
    states = {each.state for each in found}
    pressing = next((state for state in UNDER_WAY if state in states), "")
    said = (order.refunded, order.compensated, order.refunding, sorted(order.refunds))
    if said != (back, besides, pressing, sorted(each.id for each in found)):
        yield Finding("refund", f"order {order.number}: {said[:3]}, refunds say {(back, besides, pressing)}")
