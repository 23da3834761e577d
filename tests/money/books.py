"""What the ledger must hold whatever was done, and how a test reads it."""

from __future__ import annotations

from dispatcher_app.domain.money import ledger
from dispatcher_app.domain.money.till import Till
from dispatcher_app.domain.order import CLOSED, Order
from dispatcher_app.domain.pricing import owed
from dispatcher_app.simulator.rehearsal import Rehearsal


def balances(world: Rehearsal) -> dict[str, int]:
    """What stands on each account that is not empty."""
    return {account: amount for account, amount in ledger.sums(world.postings.values()).items() if amount}


def causes(world: Rehearsal, order: str = "o1") -> list[str]:
    """What was posted about an order, in turn."""
    return [each.cause for each in world.postings.values() if each.order == order]


def check(world: Rehearsal) -> None:
    """The promises: every posting balances, an order's account agrees with it, tills hold what their accounts say."""
    for posting in world.postings.values():
        assert sum(entry.amount for entry in posting.entries) == 0
        assert len(posting.entries) >= 2
        assert all(entry.amount for entry in posting.entries)
        assert posting.reverses is None or posting.reverses in world.postings
    found = balances(world)
    assert sum(found.values()) == 0
    for till in world.all(Till):
        assert till.cash == found.get(ledger.till(till.store), 0)
    for order in world.all(Order):
        check_order(world, order)


def check_order(world: Rehearsal, order: Order) -> None:
    """What its customer owes by the ledger is what is owed less what is paid; shares come only from captured money."""
    standing = world.standing(order.id)
    captured = sum(
        -entry.amount
        for posting in world.postings.values()
        if posting.order == order.id and posting.cause == "capture"
        for entry in posting.entries
        if entry.account == ledger.customer(order.customer)
    )
    assert captured == order.paid
    due = owed(order) if order.status in CLOSED else 0
    waived_early = order.cancellation.waived if order.cancellation and order.status not in CLOSED else 0
    given = sum(standing.get(ledger.platform(what), 0) for what in ("refunds", "compensation"))
    paid_back = sum(
        entry.amount
        for posting in world.postings.values()
        if posting.order == order.id and posting.cause in ("refund", "compensation")
        for entry in posting.entries
        if entry.account == ledger.customer(order.customer)
    )
    customer = standing.get(ledger.customer(order.customer), 0)
    assert customer == due - order.paid - waived_early - given + paid_back
    earned = standing.get(ledger.platform("shares"), 0)
    assert earned >= 0
    assert not earned or order.paid >= owed(order)
    assert (order.share == "") <= (earned == 0)
    if order.complaint is not None:
        assert order.share != "available"
