"""Commands a second on SQLite with full durability: 16 desks at once, each waiting for its answer."""

from __future__ import annotations

import asyncio
import random
import tempfile
import time
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from dispatcher_app import clock
from dispatcher_app.domain.calendar import HOUR_MS, local_date, midnight, next_date
from dispatcher_app.domain.command import AddNote, AssignTechnician, UrgeOrder
from tests.bench.company import Served, booking, found, request, serving
from tests.bench.figure import percentile

CLIENTS = 16
SECONDS = 10.0


async def client(
    served: Served, requests: list[bytes], until: float, took_ms: list[float], refused: list[bytes]
) -> None:
    """One desk: the next command as soon as the one before is answered."""
    address = urlsplit(served.url)
    reader, writer = await asyncio.open_connection(address.hostname, address.port)
    while requests and time.perf_counter() < until:
        begun = time.perf_counter()
        writer.write(requests.pop())
        head = await reader.readuntil(b"\r\n\r\n")
        length = int(head.lower().partition(b"content-length:")[2].partition(b"\r\n")[0])
        body = await reader.readexactly(length)
        took_ms.append((time.perf_counter() - begun) * 1000)
        if not head.startswith(b"HTTP/1.1 200"):
            refused.append(body)
    writer.close()


async def load(served: Served, seed: int) -> dict[str, Any]:
    """A day's mix: bookings, assignments, notes, urgings; encoded beforehand."""
    dice = random.Random(seed)
    bookings = [booking(dice) for _ in range(6000)]
    took: list[float] = []
    refused: list[bytes] = []
    first = [request(served, "book-order", each) for each in bookings[:2000]]
    await asyncio.gather(
        *(client(served, first, time.perf_counter() + 60, [], refused) for _ in range(CLIENTS))
    )
    known = [each.order for each in bookings[:2000]]
    mixed = [request(served, "book-order", each) for each in bookings[2000:]]
    tomorrow = midnight(next_date(local_date(clock.now_ms(), "Asia/Shanghai")), "Asia/Shanghai")
    for at, order in enumerate(known):
        assign = AssignTechnician(order=order, technician=f"t{at}", start=tomorrow + 10 * HOUR_MS)
        mixed.append(request(served, "assign-technician", assign))
    for _ in range(7000):
        mixed.append(
            request(served, "add-note", AddNote(order=dice.choice(known), text="客户要求提前电话联系"))
        )
        mixed.append(request(served, "urge-order", UrgeOrder(order=dice.choice(known))))
    dice.shuffle(mixed)
    begun = time.perf_counter()
    await asyncio.gather(*(client(served, mixed, begun + SECONDS, took, refused) for _ in range(CLIENTS)))
    spent = time.perf_counter() - begun
    return {
        "commands_per_s": round((len(took) - len(refused)) / spent),
        "p50_ms": round(percentile(took, 0.5), 1),
        "p99_ms": round(percentile(took, 0.99), 1),
        "refused": len(refused),
        "clients": CLIENTS,
        "durability": "synchronous=FULL",
    }


def measure() -> dict[str, Any]:
    """Commands a second and their latency, seen by the clients."""
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder) / "company"
        found(data, technicians=2000)
        with serving(data) as served:
            return asyncio.run(load(served, 11))
