"""200 desks follow the stream while 100 things a second happen: is all delivered, and how soon?"""

from __future__ import annotations

import asyncio
import json
import random
import tempfile
import time
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from dispatcher_app.domain.command import UrgeOrder
from tests.bench.company import REGION, Served, booking, found, request, serving
from tests.bench.figure import percentile

DESKS = 200
PER_S = 100
SECONDS = 6


class Seen:
    """When each number of the log reached each desk."""

    def __init__(self) -> None:
        self.at: dict[int, list[float]] = {}
        self.following = 0
        self.all_follow = asyncio.Event()


async def desk(served: Served, seen: Seen) -> None:
    """One desk: reads and remembers when what came."""
    address = urlsplit(served.url)
    reader, writer = await asyncio.open_connection(address.hostname, address.port, limit=1 << 20)
    writer.write(
        f"GET /stream?logs={REGION} HTTP/1.1\r\nHost: bench\r\nAuthorization: Bearer {served.token}\r\n\r\n".encode()
    )
    while line := await reader.readline():
        if line.startswith(b"event: hello"):
            seen.following += 1
            if seen.following == DESKS:
                seen.all_follow.set()
        elif line.startswith(b'data: {"log"'):
            seq = int(line[line.index(b'"seq":') + 6 :].partition(b",")[0])
            seen.at.setdefault(seq, []).append(time.perf_counter())
    writer.close()


async def happenings(served: Served, orders: list[str], seen: Seen) -> dict[str, Any]:
    """Act 100 times a second, on time, over four connections."""
    address = urlsplit(served.url)
    desks = [asyncio.create_task(desk(served, seen)) for _ in range(DESKS)]
    await asyncio.wait_for(seen.all_follow.wait(), 30)
    sent: dict[int, float] = {}
    connections = [await asyncio.open_connection(address.hostname, address.port) for _ in range(4)]
    requests = [
        request(served, "urge-order", UrgeOrder(order=orders[each % len(orders)]))
        for each in range(PER_S * SECONDS)
    ]
    begun = time.perf_counter()

    async def act(number: int) -> None:
        reader, writer = connections[number]
        for each in range(number, len(requests), 4):
            await asyncio.sleep(max(0.0, begun + each / PER_S - time.perf_counter()))
            at = time.perf_counter()
            writer.write(requests[each])
            head = await reader.readuntil(b"\r\n\r\n")
            length = int(head.lower().partition(b"content-length:")[2].partition(b"\r\n")[0])
            answer = json.loads(await reader.readexactly(length))
            sent[answer["message"]["seq"]] = at

    await asyncio.gather(*(act(number) for number in range(4)))
    deadline = time.perf_counter() + 10
    while time.perf_counter() < deadline and any(len(seen.at.get(seq, ())) < DESKS for seq in sent):
        await asyncio.sleep(0.05)
    took = [(at - sent[seq]) * 1000 for seq, times in seen.at.items() if seq in sent for at in times]
    for task in desks:
        task.cancel()
    await asyncio.gather(*desks, return_exceptions=True)
    return {
        "delivered_percent": round(100 * len(took) / (len(sent) * DESKS), 2),
        "deliveries": len(took),
        "p50_ms": round(percentile(took, 0.5), 1),
        "p99_ms": round(percentile(took, 0.99), 1),
        "max_ms": round(max(took), 1),
        "desks": DESKS,
        "events_per_s": PER_S,
        "counted_from": "the command leaving its desk",
    }


async def load(served: Served) -> dict[str, Any]:
    """Book some orders, then let things happen to them."""
    dice = random.Random(3)
    address = urlsplit(served.url)
    reader, writer = await asyncio.open_connection(address.hostname, address.port)
    orders = []
    for _ in range(50):
        made = booking(dice)
        writer.write(request(served, "book-order", made))
        head = await reader.readuntil(b"\r\n\r\n")
        await reader.readexactly(int(head.lower().partition(b"content-length:")[2].partition(b"\r\n")[0]))
        orders.append(made.order)
    writer.close()
    return await happenings(served, orders, Seen())


def measure() -> dict[str, Any]:
    """How much of the stream arrived, and when."""
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder) / "company"
        found(data)
        with serving(data) as served:
            return asyncio.run(load(served))
