"""Whoever holds the link of an order speaks for the customer of that order and of no other."""

from __future__ import annotations

import pytest

from dispatcher_app.domain.act import Act, Actor, Rejected
from dispatcher_app.domain.order import Order
from dispatcher_app.domain.rule import facts
from tests.domain import trade


@pytest.fixture
def order() -> Order:
    return trade.booked(trade.company())


def by_link(order: Order, id: str) -> Act:
    actor = Actor(kind="link", id=id)
    return Act(id="act-by-link", actor=actor, at=order.created_at, command=None, region=order.region)


def test_a_link_may_do_what_its_customer_may_on_its_own_order(order: Order) -> None:
    facts.may(order, "urge", by_link(order, order.id))


def test_a_link_to_another_order_is_refused(order: Order) -> None:
    with pytest.raises(Rejected, match="not_allowed"):
        facts.may(order, "urge", by_link(order, "another-order"))


def test_a_link_may_not_do_what_is_the_desks(order: Order) -> None:
    with pytest.raises(Rejected, match="not_allowed"):
        facts.may(order, "assign", by_link(order, order.id))
