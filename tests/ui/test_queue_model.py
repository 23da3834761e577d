"""The queue's model: right after whatever happens, row by row, never reset after the start."""

from __future__ import annotations

import asyncio
import random

from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QPersistentModelIndex
from PySide6.QtTest import QAbstractItemModelTester

from dispatcher_app.client.replica.ask import OrderQuery
from dispatcher_app.client.session import Session
from dispatcher_app.domain.command import UrgeOrder
from dispatcher_app.domain.order import Order
from tests.ui.window_desk import City, booking_like, orders_of, until
from ui.models.queue import ID, QueueModel
from ui.models.sorted import Entry, kept_first, newcomers, place

KEYS = st.lists(
    st.tuples(st.integers(0, 9), st.text("abcdef", min_size=1, max_size=2)), unique_by=lambda each: each[1]
)


@given(KEYS, st.tuples(st.integers(0, 9), st.text("uvw", min_size=1, max_size=1)), st.booleans())
def test_an_entry_is_placed_where_it_keeps_the_list_sorted(
    entries: list[Entry], new: Entry, down: bool
) -> None:
    entries.sort(reverse=down)
    entries.insert(place(entries, new, descending=down), new)
    assert entries == sorted(entries, reverse=down)


@given(KEYS, KEYS)
def test_a_list_becomes_another_one_by_reordering_removing_and_adding(
    old: list[Entry], new: list[Entry]
) -> None:
    ordered, kept = kept_first(old, new)
    assert sorted(ordered) == sorted(old)
    staying = {id for _, id in ordered[:kept]}
    added = {id for _, id in newcomers(old, new)}
    assert staying | added == {id for _, id in new}
    assert not staying & added


def to_come(session: Session, order: str) -> bool:
    """Whether somebody is still to come for the order: it can be urged, and its home booked for again."""
    found = session.get(Order, order)
    return found is not None and found.status in ("pending", "accepted")


async def test_the_model_follows_queries_and_changes_without_a_reset(
    city: City, loop: asyncio.AbstractEventLoop
) -> None:
    async with city.sitting("lina") as session:
        model = QueueModel(session, OrderQuery(view="open", today="2026-01-01"))
        tester = QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal)
        model.ask(model.query)
        await until(lambda: model.rowCount() > 20)
        resets: list[bool] = []
        model.modelReset.connect(lambda: resets.append(True))
        held = QPersistentModelIndex(model.index(7, 0))
        kept = held.data(ID)
        chance = random.Random(7)
        for query in (
            OrderQuery(view="open", today="2026-01-01", sort="number"),
            OrderQuery(view="open", today="2026-01-01", sort="number", descending=True),
            OrderQuery(view="all", today="2026-01-01", sort="created_at"),
            OrderQuery(view="open", today="2026-01-01"),
        ):
            loaded: list[int] = []
            model.loaded.connect(loaded.append)
            model.ask(query)
            await until(loaded.__len__)
            expected = [id for _key, id in await session.order_keys(query)]
            assert [model.id_at(row) for row in range(model.rowCount())] == expected
            assert held.isValid()
            assert held.data(ID) == kept
        open_orders = await orders_of(session, "open")
        for order in chance.sample([id for id in open_orders if to_come(session, id)], 20):
            session.submit(UrgeOrder(order=order))
            session.submit(booking_like(session, order))
        await until(lambda: model.rowCount() == len(open_orders) + 20)
        await until(lambda: session.link.waiting == 0)
        expected = [id for _key, id in await session.order_keys(model.query)]
        await until(lambda: [model.id_at(row) for row in range(model.rowCount())] == expected)
        assert held.data(ID) == kept
        assert not resets
        tester.deleteLater()
        model.deleteLater()
