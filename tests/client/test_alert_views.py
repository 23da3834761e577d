"""What the replica's views count as exceptions is what the trade's definition says of each order."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dispatcher_app import rows
from dispatcher_app.client.replica.ask import OrderQuery
from dispatcher_app.client.replica.reader import Reader
from dispatcher_app.client.replica.schema import connect, make
from dispatcher_app.domain.alert import ALERTS, OF_PLANS, alerts_of, resting
from dispatcher_app.domain.order import STATUSES, Order, Snooze, Unkept, Window
from dispatcher_app.domain.region import Policy
from tests.domain import trade

NOW = trade.NOW
MOMENTS = st.sampled_from([NOW - 7_200_000, NOW - 1, NOW, NOW + 1, NOW + 7_200_000])
WINDOWS = st.one_of(st.none(), st.builds(lambda at: Window(at - 7_200_000, at), MOMENTS))
SNOOZES = st.lists(
    st.builds(
        Snooze, kind=st.sampled_from(ALERTS), until=MOMENTS, reason=st.just("told_customer"), at=MOMENTS,
        by=st.just("staff:wang"),
    ),
    max_size=3, unique_by=lambda each: each.kind,
)  # fmt: skip


@st.composite
def orders(draw: st.DrawFn) -> Order:
    world = trade.company()
    order = trade.booked(world).with_window(draw(WINDOWS))
    return replace(
        order, status=draw(st.sampled_from(STATUSES)), since=draw(MOMENTS), urged=draw(st.integers(0, 2)),
        urged_at=draw(st.one_of(st.none(), MOMENTS)), approximate=draw(st.booleans()),
        provisional=draw(st.booleans()), snoozed=tuple(draw(SNOOZES)),
        flags=tuple(draw(st.lists(st.sampled_from(["quote_over", "arrived_away"]), unique=True))),
        complaint=(ticket := draw(st.sampled_from([None, "ticket"]))),
        complaint_due=draw(st.one_of(st.none(), MOMENTS)) if ticket else None,
        unkept=draw(st.sampled_from([None, Unkept(reason="no_room", since=NOW)])),
    )  # fmt: skip


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("replica") / "replica.db"
    make(place, "wang").close()
    return place


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(order=orders())
def test_each_view_shows_an_order_where_the_definition_says_so_and_nobody_lets_it_rest(
    path: Path, order: Order
) -> None:
    policy = Policy()
    row = rows.order_row(order, None, None, policy, trade.TIMEZONE)
    db = connect(path)
    db.execute("DELETE FROM order_row")
    db.execute(f"INSERT INTO order_row VALUES ({', '.join('?' * len(rows.COLUMNS))})", rows.values(row))
    db.close()
    reader = Reader(path)
    shown = {kind: bool(reader.order_keys(OrderQuery(view=kind), NOW, trade.TIMEZONE)) for kind in ALERTS}
    told = {
        kind: bool(reader.order_keys(OrderQuery(view=kind, told=frozenset({order.id})), NOW, trade.TIMEZONE))
        for kind in OF_PLANS
    }
    rests = bool(reader.order_keys(OrderQuery(view="snoozed"), NOW, trade.TIMEZONE))
    reader.close()
    asleep = {each.kind for each in resting(order) if each.until > NOW}
    own = set(alerts_of(order, policy, trade.TIMEZONE, NOW))
    assert {kind for kind, is_shown in shown.items() if is_shown} == own - asleep
    closed = row.closed == 1
    assert {kind for kind, is_shown in told.items() if is_shown} == (set() if closed else OF_PLANS - asleep)
    assert rests == (bool(asleep) and not closed)
