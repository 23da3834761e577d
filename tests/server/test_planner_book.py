"""What the planner knows of a region: only what it reads makes it read again."""

from dataclasses import replace

import pytest

from dispatcher_app import clock
from dispatcher_app.domain import command as c
from dispatcher_app.domain.catalogue import Category, Item
from dispatcher_app.domain.region import Policy, Region
from dispatcher_app.server.planner.book import Book
from dispatcher_app.server.store import record
from tests.server.city import Gate, actor_of, book


@pytest.fixture
def known(gate: Gate) -> Book:
    """A region with one promise."""
    gate.do(book(order="order-1"))
    with gate.database.reading() as cursor:
        region = record.load(cursor, "region", "sh")
        assert isinstance(region, Region)
        made = Book(region=region)
        made.refresh(cursor, clock.now_ms())
    return made


def again(gate: Gate, known: Book) -> None:
    with gate.database.reading() as cursor:
        known.refresh(cursor, clock.now_ms())


def item(gate: Gate) -> Item:
    with gate.database.reading() as cursor:
        found = record.load(cursor, "item", "ac")
    assert isinstance(found, Item)
    return found


def test_what_planning_does_not_read_makes_it_read_nothing_anew(gate: Gate, known: Book) -> None:
    promise, stand, administrator = known.promises["order-1"], known.stand, actor_of("guanli")
    gate.do(c.SaveCategory(category=Category(id="sj", name="手机", name_en="Phones")), actor=administrator)
    again(gate, known)
    assert known.stand == stand
    gate.do(c.SaveItem(item=replace(item(gate), name="空调机")), actor=administrator)
    again(gate, known)
    assert known.promises["order-1"] is promise


def test_new_figures_hold_at_once_without_reading_orders_again(gate: Gate, known: Book) -> None:
    promise, stand = known.promises["order-1"], known.stand
    policy = Policy(version=1, daily_limit=3)
    gate.do(c.SavePolicy(policy=policy), actor=actor_of("guanli"))
    again(gate, known)
    assert known.policy.daily_limit == 3
    assert known.promises["order-1"] is promise
    assert known.stand != stand, "what had no place is looked at again"


def test_an_item_that_needs_another_skill_changes_what_its_orders_need(gate: Gate, known: Book) -> None:
    assert known.promises["order-1"].need.skills == {"ac"}
    gate.do(c.SaveItem(item=replace(item(gate), skill="cooling")), actor=actor_of("guanli"))
    again(gate, known)
    assert known.promises["order-1"].need.skills == {"cooling"}
    assert known.technicians
