"""Power cuts in the middle of work: what was answered is there, once; what was not can be sent again."""

import asyncio
import random
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import httpx
import pytest

from tests.server.city import Place, assign, book, open_gate
from tests.server.desk import log_in, wire
from tests.server.process import Server, administer

CLIENTS = 6


@dataclass
class Ledger:
    """What the desks were told, and what they don't know the fate of."""

    answered: dict[str, tuple[str, dict[str, Any], int]] = field(default_factory=dict)
    open: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    repeated: int = 0
    refused: int = 0


async def send(http: httpx.AsyncClient, ledger: Ledger, name: str, body: dict[str, Any]) -> bool:
    """Send one act; False where the server has gone."""
    try:
        answer = await http.post(f"/commands/{name}", json=body)
    except httpx.HTTPError:
        ledger.open.append((name, body))
        return False
    if answer.status_code == 200:
        seq = answer.json()["message"]["seq"]
        known = ledger.answered.setdefault(body["id"], (name, body, seq))
        assert known[2] == seq
        ledger.repeated += bool(answer.json().get("repeated"))
    else:
        assert answer.status_code in (409, 422, 503), answer.text
        ledger.refused += 1
        if answer.status_code == 503:
            ledger.open.append((name, body))
    return True


async def work(http: httpx.AsyncClient, ledger: Ledger, chance: random.Random) -> None:
    """One desk that books and assigns until the server is gone."""
    while True:
        booking = book(chance.randrange(10**8))
        if not await send(http, ledger, "book-order", wire(booking)):
            return
        planned = assign(booking.order, chance.randrange(8), 7 + chance.random() * 12)
        if not await send(http, ledger, "assign-technician", wire(planned)):
            return


async def one_life(server: Server, token: str, ledger: Ledger, chance: random.Random) -> None:
    """Send again what is open and some of what is known, then work until the power goes."""
    headers = {"authorization": f"Bearer {token}"}
    async with httpx.AsyncClient(base_url=server.url, headers=headers, timeout=30) as http:
        waiting, ledger.open = ledger.open, []
        known = chance.sample(sorted(ledger.answered.items()), min(5, len(ledger.answered)))
        before = ledger.repeated
        for _, (name, body, _) in known:
            assert await send(http, ledger, name, body)
        assert ledger.repeated == before + len(known)
        for name, body in waiting:
            assert await send(http, ledger, name, body)
        desks = [asyncio.create_task(work(http, ledger, chance)) for _ in range(CLIENTS)]
        goal = len(ledger.answered) + chance.randrange(0, 60)
        while len(ledger.answered) < goal:
            await asyncio.sleep(chance.random() / 100)
        server.process.kill()
        await asyncio.gather(*desks)


def survives(place: Place, launch: Callable[..., Server], kills: int, seed: int) -> None:
    chance, ledger = random.Random(seed), Ledger()
    server = launch(place)
    token = log_in(server.url, "lina").json()["token"]
    for _ in range(kills):
        asyncio.run(one_life(server, token, ledger, chance))
        server.finished()
        server = launch(place)
    headers = {"authorization": f"Bearer {token}"}
    with httpx.Client(base_url=server.url, headers=headers, timeout=30) as http:
        for name, body, seq in [*ledger.answered.values()][-50:]:
            again = http.post(f"/commands/{name}", json=body).json()
            assert (again["message"]["seq"], again["repeated"]) == (seq, True)
    server.stop()
    gate = open_gate(place)
    try:
        stored = dict(gate.all("SELECT id, seq FROM act WHERE log = 'sh'"))
        assert {id: seq for id, (_, _, seq) in ledger.answered.items()}.items() <= stored.items()
        assert sorted(stored.values()) == list(range(1, len(stored) + 1))
        numbers = [row[0] for row in gate.all("SELECT number FROM order_row")]
        assert len(numbers) == len(set(numbers))
    finally:
        gate.close()
    assert len(ledger.answered) > kills
    checked = administer(place, "verify")
    assert checked.returncode == 0, checked.stdout


@pytest.mark.timeout(900)
@pytest.mark.xdist_group("kills")
def test_twenty_power_cuts_lose_nothing_and_do_nothing_twice(
    sqlite: Place, launch: Callable[..., Server], deep: bool
) -> None:
    survives(sqlite, launch, 100 if deep else 20, seed=20)


@pytest.mark.timeout(900)
@pytest.mark.xdist_group("nodes")
def test_a_node_that_is_killed_loses_nothing_and_does_nothing_twice(
    postgres: Place, launch: Callable[..., Server], deep: bool
) -> None:
    survives(postgres, launch, 50 if deep else 5, seed=5)
