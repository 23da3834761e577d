"""An installation from before there were price books keeps its prices: they become the first book."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from dispatcher_app import clock
from dispatcher_app.catalogue_file import first_catalogue
from dispatcher_app.domain import command as c
from dispatcher_app.domain.act import SYSTEM
from dispatcher_app.domain.book import Band, PriceBook
from dispatcher_app.domain.catalogue import Fault, Item
from dispatcher_app.domain.edition import Series
from dispatcher_app.domain.order import Order
from dispatcher_app.server.adoption import adopt
from dispatcher_app.server.cataloguing import load
from dispatcher_app.server.store import record
from tests.server.city import Gate, Place, open_gate

STORED = Path(__file__).parent / "stored" / "before_price_books.sql"


@pytest.fixture
def old(tmp_path: Path) -> Iterator[Gate]:
    """A company as the release before wrote it: Shanghai and New York, figures of its own, one order."""
    file = tmp_path / "dispatcher.db"
    with closing(sqlite3.connect(file)) as database:
        database.executescript(STORED.read_text("utf-8"))
    gate = open_gate(Place(f"sqlite:///{file}", tmp_path))
    yield gate
    gate.close()


def found(gate: Gate, type_: type[PriceBook] | type[Series], id: str) -> PriceBook | Series | None:
    with gate.database.reading() as cursor:
        made = record.load(cursor, type_.kind, id)
    assert made is None or isinstance(made, type_)
    return made


def order_of(gate: Gate, id: str = "o1") -> Order:
    with gate.database.reading() as cursor:
        order = record.load(cursor, "order", id)
    assert isinstance(order, Order)
    return order


def test_labour_and_fees_become_the_first_book_of_each_currency(old: Gate) -> None:
    assert adopt(old.database, old.executor)
    book = found(old, PriceBook, "prices-1")
    assert isinstance(book, PriceBook)
    assert {(each.item, each.fault): each.price for each in book.labour} == {
        ("ac", "cool"): 12300, ("ac", "leak"): 10000, ("tap", "drip"): 7000,
    }  # fmt: skip
    assert book.bands[0] == Band(up_to_m=5000, fee=2500)
    assert (book.inspection_percent, book.emergency, book.currency) == (25, 8000, "CNY")
    assert [(rule.from_minute, rule.to_minute, rule.amount) for rule in book.times] == [
        (21 * 60, 7 * 60, 4000)
    ]
    assert (book.state, book.starts_at) == ("published", 0)
    there = found(old, PriceBook, "prices:nyc-1")
    assert isinstance(there, PriceBook)
    assert (there.currency, there.labour) == ("USD", book.labour)


def test_it_is_done_once_however_often_a_server_starts(old: Gate) -> None:
    assert adopt(old.database, old.executor)
    before = old.all("SELECT seq FROM log_head WHERE log = 'platform'")
    assert not adopt(old.database, old.executor)
    assert old.all("SELECT seq FROM log_head WHERE log = 'platform'") == before


def test_a_company_without_a_catalogue_is_left_alone(old: Gate) -> None:
    with old.database.writing() as cursor:
        cursor.run("DELETE FROM entity WHERE kind = 'item'")
    assert not adopt(old.database, old.executor)
    assert found(old, Series, "prices") is None


def test_an_old_order_keeps_its_price_and_is_changed_by_the_same_prices(old: Gate) -> None:
    adopt(old.database, old.executor)
    old.do(c.UrgeOrder(order="o1"))
    order = order_of(old)
    assert (order.quote.total, order.quote.book) == (12300 + 8000 + 4000, "")
    two = (c.BookedLine(item="ac", fault="cool"), c.BookedLine(item="ac", fault="leak"))
    old.do(c.ChangeOrder(order="o1", from_version=order.version, lines=two, urgency="emergency"))
    order = order_of(old)
    assert (order.quote.total, order.quote.book) == (12300 + 10000 + 8000 + 4000, "prices-1")
    assert order.quote.if_declined == 5000


def test_loading_the_shipped_catalogue_adds_what_is_missing_and_keeps_what_was_asked_before(
    old: Gate,
) -> None:
    saved, kept = load(old.database, old.vault, first_catalogue(), overwrite=False)
    assert saved > len(first_catalogue().items)
    series = found(old, Series, "prices")
    assert isinstance(series, Series)
    assert len(series.editions) == 2
    newest = found(old, PriceBook, series.editions[-1].id)
    assert isinstance(newest, PriceBook)
    assert newest.labour_by_fault["ac", "cool"].price == 12300
    assert newest.bands[0].fee == 2500
    assert load(old.database, old.vault, first_catalogue(), overwrite=False) == (0, kept)


def test_what_was_saved_since_without_a_price_is_said_and_not_made_up(old: Gate) -> None:
    adopt(old.database, old.executor)
    lamp = Item(
        id="lamp", category="jd", name="灯", name_en="Lamp", skill="light",
        faults=(Fault(id="dark", name="不亮", name_en="dark", minutes=20),),
    )  # fmt: skip
    old.do(c.SaveItem(item=lamp), actor=SYSTEM)
    order = order_of(old)
    line = (c.BookedLine(item="lamp", fault="dark"),)
    reply = old.do(c.ChangeOrder(order="o1", from_version=order.version, lines=line, urgency="normal"))
    assert order_of(old).quote.warnings == ("no_price",)
    assert reply.message.at <= clock.now_ms()
