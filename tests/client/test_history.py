"""Any history of two desks and a server that loses, cuts, restarts and forgets: at the end all hold the same."""

from __future__ import annotations

import asyncio
import contextlib
import tempfile
from collections.abc import Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dispatcher_app.client.session import Session
from dispatcher_app.domain.act import Rejected
from dispatcher_app.domain.command import AddNote, CancelOrder, ChangeCustomer, UnassignTechnician, UrgeOrder
from dispatcher_app.domain.customer import Customer
from dispatcher_app.domain.order import Order
from tests.client.stand_in import StandIn
from tests.client.town import LI, WANG, assign, booking, desk
from tests.client.wait import equal, until

DESK_ACTIONS = ("book", "assign", "unassign", "note", "urge", "cancel", "rename", "undo", "restart")
SERVER_ACTIONS = ("up", "down", "lose", "cut", "faulty", "silent", "hang_up", "small_pages", "broken_page")

steps = st.lists(
    st.tuples(st.sampled_from(DESK_ACTIONS), st.integers(0, 1), st.integers(0, 3))
    | st.tuples(st.sampled_from(SERVER_ACTIONS), st.just(0), st.integers(0, 3)),
    min_size=5,
    max_size=30,
)


@dataclass
class Play:
    """Two desks, one server, and what has been saved."""

    folder: Path
    town: StandIn = field(default_factory=StandIn)
    desks: list[Session] = field(default_factory=list)
    saved: set[str] = field(default_factory=set)
    serving: AsyncExitStack = field(default_factory=AsyncExitStack)
    up: bool = False

    async def start(self) -> None:
        self.tokens = [self.town.token_of(each) for each in (WANG, LI)]
        await self.serve()
        for index in range(2):
            self.desks.append(await self.open(index))

    async def open(self, index: int) -> Session:
        staff = (WANG, LI)[index]
        return await desk(self.folder / str(index), self.town, staff, self.tokens[index], seat=f"A{index}")

    async def serve(self) -> None:
        if not self.up:
            await self.serving.enter_async_context(self.town.running())
            self.up = True

    async def stop(self) -> None:
        if self.up:
            await self.serving.aclose()
            self.up = False

    async def step(self, action: str, index: int, number: int) -> None:
        if action in DESK_ACTIONS:
            await self.act(action, index, number)
            return
        faults: dict[str, int | str] = {"lose": "lose", "cut": "cut", "faulty": 500}
        match action:
            case "up":
                await self.serve()
            case "down":
                await self.stop()
            case "lose" | "cut" | "faulty":
                left = [faults[action]] * number
                self.town.fault = lambda name, sent: left.pop() if left else None
            case "silent":
                self.town.silent = not self.town.silent
            case "hang_up":
                self.town.hang_up()
            case "small_pages":
                self.town.page_size = 2
            case "broken_page":
                self.town.break_page = self.town.pages + number

    async def act(self, action: str, index: int, number: int) -> None:
        session = self.desks[index]
        if action == "restart":
            await session.close()
            self.desks[index] = await self.open(index)
            return
        with contextlib.suppress(Rejected):
            done = (
                session.undo_last() if action == "undo" else session.submit(command(session, action, number))
            )
            if number % 2:
                await done.saved
                self.saved.add(done.act)

    async def heal(self) -> None:
        """Everything works again; whatever rests is given up."""
        self.town.fault, self.town.silent, self.town.break_page = None, False, 0
        await self.serve()
        for session in self.desks:
            session.reconnect()
        for session in self.desks:
            await until(session, settled(session))
        self.town.tell("heartbeat", self.town.hello())
        for session in self.desks:
            await equal(session, self.town)


def settled(session: Session) -> Callable[[], bool]:
    """Gives up what rests; true once nothing waits."""

    def holds() -> bool:
        for resting in session.parked:
            session.discard(resting.act)
        return session.link.state == "online" and not session.link.waiting and not session.link.attention

    return holds


def command(session: Session, action: str, number: int) -> object:
    """What somebody at the desk would do by what he sees."""
    order = f"order-{number}"
    found = session.get(Order, order)
    technician = found.technician if found else None
    customer = session.get(Customer, f"c-{order}")
    return {
        "book": booking(order),
        "assign": assign(order, ("li", "wang")[number % 2], 10 + number * 2, from_technician=technician),
        "unassign": UnassignTechnician(order=order, from_technician=technician or "li"),
        "note": AddNote(order=order, text="听到了"),
        "urge": UrgeOrder(order=order),
        "cancel": CancelOrder(order=order, reason="not_needed", side="customer"),
        "rename": ChangeCustomer(
            customer=f"c-{order}", from_version=customer.version if customer else 1, name="陈"
        ),
    }[action]


@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
@given(steps)
def test_after_any_history_every_desk_equals_the_server(history: list[tuple[str, int, int]]) -> None:
    async def story() -> None:
        with tempfile.TemporaryDirectory() as folder:
            play = Play(Path(folder))
            await play.start()
            try:
                for step in history:
                    await play.step(*step)
                await play.heal()
                refused = {act for act in play.saved if act not in play.town.done}
                assert refused <= set(play.town.received)
            finally:
                for session in play.desks:
                    await session.close()
                await play.stop()

    asyncio.run(asyncio.wait_for(story(), 30))
