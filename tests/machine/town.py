"""A town of three desks and one server, and what must hold there once everything works again."""

from __future__ import annotations

import asyncio
import traceback
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from dispatcher_app import codec
from dispatcher_app.client.api import Api
from dispatcher_app.client.api import Place as Address
from dispatcher_app.client.session import sees
from dispatcher_app.domain.order import Order
from dispatcher_app.server.verify import verify
from tests.machine.backend import Backend, copied
from tests.machine.compare import differences, held, served
from tests.machine.conftest import USERS, Template
from tests.machine.seat import Seat
from tests.server.city import STAFF

PATIENCE_S = 25.0


@dataclass(eq=False)
class Town:
    """Everything, and what went wrong behind everybody's back."""

    backend: Backend
    seats: list[Seat]
    strays: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        asyncio.get_running_loop().set_exception_handler(self._on_stray)

    def _on_stray(self, loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
        error = context.get("exception")
        trace = "".join(traceback.format_exception(error)) if isinstance(error, BaseException) else ""
        self.strays.append(f"{context.get('message')}\n{trace}")

    async def heal(self) -> None:
        """Everything works again and whatever rests is given up; then every desk must end equal to the server."""
        await self.backend.start()
        for seat in self.seats:
            seat.line.heal()
        loop = asyncio.get_running_loop()
        end, wrong = loop.time() + PATIENCE_S, ["nothing was looked at"]
        while wrong:
            for seat in self.seats:
                seat.learn()
                seat.give_up()
                if seat.session.link.state == "logged_out" or not self.counts(seat):
                    await seat.log_in()
                elif seat.session.link.state != "online":
                    seat.session.reconnect()
            await asyncio.sleep(0.01)
            wrong = await self.wrong()
            assert loop.time() < end, "\n".join(["the desks never agreed with the server", *wrong])

    async def wrong(self) -> list[str]:
        """What is not yet as it must be."""
        found = []
        for seat in self.seats:
            link = seat.session.link
            if link.state != "online" or link.waiting or link.attention:
                found.append(f"{seat.name}: {link}")
        if not found:
            for seat in self.seats:
                found += [f"{seat.name}: {each}" for each in await self.compared(seat)]
        return found

    def counts(self, seat: Seat) -> bool:
        """Whether the newest token of a desk is still worth anything; it may be online by an older one."""
        assert self.backend.node is not None
        return self.backend.node.auth.seat(seat.token) is not None

    async def compared(self, seat: Seat) -> list[str]:
        """Where a desk and the server do not agree."""
        node = self.backend.node
        assert node is not None
        standing = node.auth.seat(seat.token)
        if standing is None:
            return ["its token does not count"]
        api = Api(Address(self.backend.url), seat.token)
        try:
            theirs = await served(api, standing.logs)
        finally:
            await api.close()
        found = differences(held(seat.files), theirs)
        if sees(seat.session.staff) != sees(standing.staff):
            found.append(f"takes itself for {seat.session.staff}, is {standing.staff}")
        for kind, id in theirs.entities:
            if seat.session.is_pending(kind, id):
                found.append(f"{kind} {id} is marked pending")
        for kind, type_ in codec.KINDS.items():
            shown = {each.id: codec.encode(each) for each in everything(seat, type_)}
            said = {id: body for (of, id), (_, body) in theirs.entities.items() if of == kind}
            if shown != said or any(codec.encode(seen(seat, type_, id)) != said[id] for id in said):
                found.append(f"the screens see other things of kind {kind}")
        for id, row in theirs.rows.items():
            if (made := seat.session.order_row(id)) is None or made.id != row[0]:
                found.append(f"the screens have no row of {id}")
        return found

    async def check(self) -> None:
        """What must hold at the end of any history."""
        await self.heal()
        done = self.backend.acts()
        for seat in self.seats:
            seat.learn()
            assert not seat.halves, seat.halves[:5]
            gone = seat.accepted - done.keys() - self.backend.lost
            assert not gone, f"{seat.name} was told that these were done: {gone}"
            both = seat.refused.keys() & done.keys()
            assert not both, f"{seat.name} was told no, yet it is done: {[seat.refused[act] for act in both]}"
            lost = seat.kept - done.keys() - self.backend.lost - seat.refused.keys() - seat.dropped
            assert not lost, f"{seat.name} had kept these, and nobody knows of them: {lost}"
        for log, count in Counter(log for log, _ in done.values()).items():
            numbers = sorted(seq for where, seq in done.values() if where == log)
            assert numbers == list(range(1, count + 1)), log
        orders = [codec.entity("order", body) for (body,) in self.backend.rows(
            "SELECT body FROM entity WHERE kind = 'order'")]  # fmt: skip
        urged = dict(self.backend.rows(
            "SELECT c.id, COUNT(*) FROM act a JOIN change c ON c.log = a.log AND c.seq = a.seq"
            " WHERE a.command = 'urge-order' AND c.kind = 'order' GROUP BY c.id"
        ))  # fmt: skip
        numbered: Counter[str] = Counter()
        for order in orders:
            assert isinstance(order, Order)
            assert order.urged == urged.get(order.id, 0), f"{order.id} was urged {order.urged} times"
            numbered[f"{order.region} {order.number}"] += 1
        assert not [number for number, count in numbered.items() if count > 1]
        node = self.backend.node
        assert node is not None
        assert verify(node.database, node.vault) == []
        self.alive()

    def alive(self) -> None:
        """Nobody's work has ended in silence."""
        names = Counter(task.get_name() for task in asyncio.all_tasks())
        working = names["sync"], names["outbox"]
        assert working == (len(self.seats), len(self.seats)), f"sync and outbox: {working}"
        assert not self.strays, "\n".join(self.strays)
        assert not self.backend.wire.faults, self.backend.wire.faults

    async def close(self) -> None:
        """Everybody goes home."""
        for seat in self.seats:
            seat.line.heal()
            if seat.held is not None:
                await seat.session.close()
        await self.backend.kill()


async def begin(template: Template, folder: Path, seats: int = 3) -> Town:
    """A town where everybody is at work."""
    backend = Backend(copied(template.data, folder / "data"))
    people = {each.id: each for each in STAFF}
    town = Town(backend, [])
    await backend.start()
    for number, (user, token) in enumerate(list(zip(USERS, template.tokens, strict=True))[:seats]):
        seat = Seat(people[user], folder / user, backend, token, f"A{number + 1}")
        await seat.open()
        town.seats.append(seat)
    return town


def seen(seat: Seat, type_: Any, id: str) -> Any:
    """An entity as the desk shows it, None where it does not."""
    return seat.session.get(type_, id)


def everything(seat: Seat, type_: Any) -> list[Any]:
    """All entities of a kind as the desk shows them."""
    return list(seat.session.all(type_))
