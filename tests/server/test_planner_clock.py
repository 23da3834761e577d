"""What the planner does because time passes: what was only planned moves on, or is listed, when its hour is over."""

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any

import pytest

from dispatcher_app import clock
from dispatcher_app.domain import command as c
from dispatcher_app.domain.calendar import MINUTE_MS
from dispatcher_app.domain.day import Day
from dispatcher_app.domain.order import Order, Window
from dispatcher_app.server.lease import LASTS_MS
from dispatcher_app.server.node import Node, open_node
from dispatcher_app.server.planner.keep import JOB, Keeping, tend
from dispatcher_app.server.store import record
from tests.server.city import Gate, book, tomorrow

NEVER = 2**60


@dataclass
class Keeper:
    """A node that looks at its region when it is told to, by a clock that is set."""

    gate: Gate
    node: Node
    loop: asyncio.AbstractEventLoop
    monkeypatch: pytest.MonkeyPatch
    # Without the improver: what is tested is when a place is looked for, not how.
    keeping: Keeping = field(default_factory=lambda: Keeping(no_hand_until=NEVER))

    def look(self, at: int) -> None:
        """Look at the region at that moment (UTC ms)."""
        self.monkeypatch.setattr(clock, "now_ms", lambda: at)

        async def once() -> None:
            assert await self.node.leases.held(JOB, "sh")
            await tend(self.node, self.keeping, "sh")

        self.loop.run_until_complete(once())

    def load(self, kind: str, id: str) -> Any:
        with self.gate.database.reading() as cursor:
            return record.load(cursor, kind, id)

    def order(self) -> Order:
        found: Order = self.load("order", "order-1")
        return found

    def start(self) -> int:
        """When the visit is planned."""
        day: Day = self.load("day", str(self.order().tentative))
        stop = day.stop_of("order-1")
        assert stop is not None
        assert stop.state == "tentative"
        return stop.start


@pytest.fixture
def keeper(gate: Gate, monkeypatch: pytest.MonkeyPatch) -> Iterator[Keeper]:
    loop = asyncio.new_event_loop()
    node = open_node(gate.place.url, gate.place.data / "secret.key", loop)
    yield Keeper(gate, node, loop, monkeypatch)
    node.close()
    loop.close()


def test_a_visit_for_which_nobody_was_sent_is_planned_anew_when_its_hour_is_over(keeper: Keeper) -> None:
    keeper.gate.do(book(order="order-1", window=Window(tomorrow(9), tomorrow(12))))
    keeper.look(tomorrow(8))
    first = keeper.start()
    keeper.look(first)
    assert keeper.start() == first, "his hour has only just begun"
    keeper.look(first + MINUTE_MS)
    second = keeper.start()
    assert first < second <= tomorrow(12)
    assert keeper.order().unkept is None
    keeper.look(second + MINUTE_MS)
    assert keeper.start() > second


def test_a_visit_that_fits_nowhere_any_more_is_listed_before_its_window_ends(keeper: Keeper) -> None:
    keeper.gate.do(book(order="order-1", window=Window(tomorrow(9), tomorrow(12))))
    keeper.look(tomorrow(8))
    first = keeper.start()
    for number in range(8):
        keeper.gate.do(
            c.AddLeave(
                technician=f"sh-t{number}", leave=f"l{number}", start=first + 10 * MINUTE_MS, end=tomorrow(20),
                reason="sick",
            )
        )  # fmt: skip
    keeper.look(first + MINUTE_MS)
    unkept = keeper.order().unkept
    assert unkept is not None
    assert unkept.reason == "no_room"


def hang(keeper: Keeper) -> None:
    """As if the node had hung for as long as a lease lasts."""
    for work, asked in keeper.node.leases._asked.items():
        keeper.node.leases._asked[work] = replace(asked, at=asked.at - LASTS_MS)


def test_a_node_that_hung_and_still_has_its_region_goes_on(keeper: Keeper) -> None:
    keeper.look(tomorrow(8))
    keeper.gate.do(book(order="order-1", window=Window(tomorrow(9), tomorrow(12))))
    hang(keeper)
    keeper.loop.run_until_complete(tend(keeper.node, keeper.keeping, "sh"))
    assert keeper.start() >= tomorrow(9)


def test_a_node_that_has_lost_its_region_says_nothing_about_it(keeper: Keeper) -> None:
    keeper.look(tomorrow(8))
    keeper.gate.do(book(order="order-1", window=Window(tomorrow(9), tomorrow(12))))
    taken = "UPDATE lease SET node = 'another', until = until + 3600000"
    keeper.gate.executor.run(lambda cursor: cursor.run(taken)).result(10)
    hang(keeper)
    keeper.loop.run_until_complete(tend(keeper.node, keeper.keeping, "sh"))
    assert keeper.order().tentative == ""
    assert keeper.order().unkept is None
    assert keeper.keeping.tried == {}
