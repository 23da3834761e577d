"""What a proposed price does to the last 90 days' orders."""

from collections.abc import Callable
from typing import Any

from dispatcher_app import clock
from dispatcher_app.domain import command as c
from dispatcher_app.domain.book import LabourPrice, PriceBook
from dispatcher_app.domain.calendar import DAY_MS
from dispatcher_app.server.effect import effect_of
from tests.server.city import Gate, Place, actor_of, book
from tests.server.desk import desk
from tests.server.process import Server

LABOUR = (LabourPrice(item="ac", fault="cool", price=15000),)
DRAFT = PriceBook(id="prices-2", labour=LABOUR)


def told(
    gate: Gate, proposed: str, regions: tuple[str, ...] = ("sh",), now: int | None = None
) -> dict[str, Any]:
    """The effect of a book on the orders of these regions."""
    with gate.database.reading() as cursor:
        return effect_of(cursor, proposed, regions, now or clock.now_ms())


def propose(gate: Gate, proposed: PriceBook = DRAFT) -> str:
    """A draft that is saved; gives its id."""
    gate.do(c.SavePriceBook(book=proposed), actor=actor_of("guanli"))
    return proposed.id


def test_orders_are_told_by_the_prices_in_force_and_by_the_draft(gate: Gate) -> None:
    gate.do(book(1))
    gate.do(book(2, lines=(c.BookedLine(item="ac", fault="cool", quantity=2),)))
    found = told(gate, propose(gate))
    assert found == {
        "orders": 2, "changed": 2, "skipped": 0, "before": 36000, "after": 45000, "currency": "CNY",
        "by_item": [{"item": "ac", "orders": 2, "before": 36000, "after": 45000}],
    }  # fmt: skip


def test_the_fees_of_the_draft_count_too(gate: Gate) -> None:
    gate.do(book(1))
    gate.do(book(2, urgency="emergency"))
    same = (LabourPrice(item="ac", fault="cool", price=12000),)
    found = told(gate, propose(gate, PriceBook(id="prices-2", labour=same, emergency=8000)))
    assert (found["orders"], found["changed"], found["after"] - found["before"]) == (2, 1, 3000)


def test_the_prices_in_force_change_nothing(gate: Gate) -> None:
    gate.do(book(1))
    found = told(gate, "prices-1")
    assert (found["orders"], found["changed"], found["by_item"]) == (1, 0, [])
    assert found["before"] == found["after"] == 12000


def test_cancelled_orders_old_ones_and_those_of_other_regions_are_left_out(gate: Gate) -> None:
    gate.do(book(1, order="o-gone"))
    gate.do(book(2, order="o-kept"))
    gate.do(c.CancelOrder(order="o-gone", reason="customer_changed_mind", side="customer"))
    id = propose(gate)
    assert told(gate, id)["orders"] == 1
    assert told(gate, id, regions=("bj",))["orders"] == 0
    assert told(gate, id, now=clock.now_ms() + 91 * DAY_MS)["orders"] == 0


def test_orders_that_the_draft_has_no_price_for_are_skipped_and_counted(gate: Gate) -> None:
    gate.do(book(1))
    found = told(gate, propose(gate, PriceBook(id="prices-2")))
    assert (found["orders"], found["skipped"], found["before"], found["after"]) == (0, 1, 0, 0)


def test_prices_of_another_currency_skip_every_order(gate: Gate) -> None:
    gate.do(book(1))
    found = told(gate, propose(gate, PriceBook(id="prices-2", labour=LABOUR, currency="USD")))
    assert (found["orders"], found["skipped"], found["currency"]) == (0, 1, "USD")


def test_prices_of_one_region_touch_only_its_orders(gate: Gate) -> None:
    gate.do(book(1))
    elsewhere = propose(gate, PriceBook(id="prices-bj", series="prices:bj", labour=LABOUR))
    assert told(gate, elsewhere, regions=("sh", "bj"))["orders"] == 0
    own = propose(gate, PriceBook(id="prices-sh", series="prices:sh", labour=LABOUR))
    assert told(gate, own, regions=("sh", "bj"))["after"] == 15000
    publish = c.PublishPriceBook(book=own, from_version=1, starts_at=clock.now_ms() - 1000)
    gate.do(publish, actor=actor_of("guanli"))
    assert told(gate, propose(gate))["orders"] == 0


def test_only_those_who_answer_for_prices_may_ask(sqlite: Place, launch: Callable[..., Server]) -> None:
    server = launch(sqlite)
    with desk(server.url, "lina") as lina, desk(server.url, "guanli") as keeper, desk(server.url) as wangfang:
        keeper.do(c.SavePriceBook(book=DRAFT))
        wangfang.do(book(1))
        found = lina.http.get("/books/prices-2/effect")
        assert found.status_code == 200, found.text
        assert (found.json()["before"], found.json()["after"]) == (12000, 15000)
        assert keeper.http.get("/books/prices-2/effect").json()["orders"] == 0
        assert lina.http.get("/books/none/effect").json()["rejected"] == "not_found"
        refused = wangfang.http.get("/books/prices-2/effect")
        assert refused.json()["rejected"] == "not_allowed"
