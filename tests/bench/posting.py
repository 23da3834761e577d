"""What posting adds to the act that causes it: until its sender is answered, and of the writer's processor."""

from __future__ import annotations

import tempfile
import time
from contextlib import AbstractContextManager, closing, nullcontext
from dataclasses import dataclass, replace
from pathlib import Path
from statistics import median
from typing import Any
from unittest.mock import patch

from dispatcher_app.domain import decide
from dispatcher_app.domain.act import SYSTEM, Act, Change, World
from dispatcher_app.domain.command import RecordPayment, SaveTechnician
from tests.money.bought import finished, order_of
from tests.server.city import TECHNICIANS, Gate, Place, open_gate, seed, technician

ORDERS = 960
CHUNK = 24


def prepared(folder: Path) -> Gate:
    """Orders of a company that wait for nothing but their money."""
    folder.mkdir()
    place = Place(f"sqlite:///{folder / 'dispatcher.db'}", folder)
    seed(place)
    gate = open_gate(place)
    for number in range(ORDERS):
        if number >= TECHNICIANS:
            saved = SaveTechnician(technician=technician("sh", number), phone=f"1371{number:07d}")
            gate.do(saved, actor=SYSTEM)
        finished(gate, f"o-{number}", number)
    return gate


def acts(gate: Gate) -> list[Act]:
    """Every order is paid, and with that completed, charged and shared."""
    amount = order_of(gate, "o-0").quote.total
    return [
        gate.act(RecordPayment(order=f"o-{number}", amount=amount, means="cash")) for number in range(ORDERS)
    ]


def unposted() -> AbstractContextManager[object]:
    """The same acts without any posting."""

    def plain(world: World, change: Change) -> Change:
        return replace(change, postings=())

    return patch.object(decide, "accounted", plain)


@dataclass(frozen=True, slots=True)
class Spent:
    """Milliseconds an act: of the writer's processor, and until its sender was answered."""

    processor: float
    waited: float


def spent(gate: Gate, some: list[Act], *, together: bool) -> Spent:
    """What these acts took, in one batch or one by one."""
    begun, at = gate.executor.run(lambda cursor: time.thread_time()).result(60), time.perf_counter()
    if together:
        gate.executor.submit_all(some).result(60)
    else:
        for act in some:
            gate.executor.submit(act).result(60)
    waited = time.perf_counter() - at
    processor = gate.executor.run(lambda cursor: time.thread_time()).result(60) - begun
    return Spent(processor * 1000 / len(some), waited * 1000 / len(some))


def compared(folder: Path, *, together: bool) -> tuple[list[Spent], list[Spent]]:
    """Turns with and without the books in one company, so that both meet the same."""
    turns: dict[bool, list[Spent]] = {True: [], False: []}
    with closing(prepared(folder / "company")) as gate:
        some = acts(gate)
        for number, at in enumerate(range(0, ORDERS, CHUNK)):
            books = number % 2 == 0
            with nullcontext() if books else unposted():
                turns[books].append(spent(gate, some[at : at + CHUNK], together=together))
    return turns[True], turns[False]


def measure() -> dict[str, Any]:
    """What posting adds to the payment that ends an order: by itself, and among others in a batch (medians)."""
    made: dict[str, Any] = {"orders": ORDERS, "postings_an_act": 3}
    for name, together in (("alone", False), ("batch", True)):
        with tempfile.TemporaryDirectory() as folder:
            posted, plain = compared(Path(folder), together=together)
        for what in ("processor", "waited"):
            one, other = (median(getattr(each, what) for each in turns) for turns in (posted, plain))
            made[f"{name}_{what}_ms"] = round(one, 3)
            made[f"{name}_{what}_added_percent"] = round((one / other - 1) * 100, 1)
    return made
