"""From a command leaving one desk to its order standing in another desk's table, while 2,000 technicians move."""

from __future__ import annotations

import asyncio
import json
import random
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from tests.bench import desk
from tests.bench.company import Served, booking, found, request, serving
from tests.bench.figure import percentile

TECHNICIANS = 2000
REPORT_EVERY_S = 5
PER_S = 20
SECONDS = 20


async def post(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, data: bytes) -> None:
    """Send and read the answer away."""
    writer.write(data)
    head = await reader.readuntil(b"\r\n\r\n")
    length = head.lower().partition(b"content-length:")[2].partition(b"\r\n")[0]
    if length.strip():
        await reader.readexactly(int(length))


async def phones(served: Served) -> None:
    """Every technician's phone says where it is, one request each, evenly over five seconds."""
    address = urlsplit(served.url)
    dice = random.Random(5)
    connections = [await asyncio.open_connection(address.hostname, address.port) for _ in range(4)]

    async def some(number: int) -> None:
        reader, writer = connections[number]
        begun, sent = time.perf_counter(), 0
        while True:
            for each in range(number, TECHNICIANS, 4):
                now = time.time_ns() // 1_000_000
                fix = [
                    f"t{each}",
                    121.47 + dice.uniform(-0.1, 0.1),
                    31.23 + dice.uniform(-0.1, 0.1),
                    10.0,
                    now,
                ]
                body = json.dumps({"positions": [fix]}).encode()
                head = (
                    f"POST /positions HTTP/1.1\r\nHost: bench\r\nAuthorization: Bearer {served.token}\r\n"
                    f"Content-Length: {len(body)}\r\n\r\n"
                ).encode()
                await post(reader, writer, head + body)
                sent += 1
                due = begun + sent * 4 * REPORT_EVERY_S / TECHNICIANS
                await asyncio.sleep(max(0.0, due - time.perf_counter()))

    await asyncio.gather(*(some(number) for number in range(4)))


async def caller(served: Served) -> None:
    """The other desk: twenty bookings a second, said on standard output as they leave."""
    address = urlsplit(served.url)
    dice = random.Random(6)
    reader, writer = await asyncio.open_connection(address.hostname, address.port)
    moving = asyncio.create_task(phones(served))
    await asyncio.sleep(3)
    begun = time.perf_counter()
    for each in range(PER_S * SECONDS):
        await asyncio.sleep(max(0.0, begun + each / PER_S - time.perf_counter()))
        made = booking(dice)
        data = request(served, "book-order", made)
        left = time.time_ns()
        await post(reader, writer, data)
        print(json.dumps([made.order, left, time.time_ns()]), flush=True)
    moving.cancel()


async def watch(folder: Path, served: Served) -> dict[str, Any]:
    """The watching desk: when has the table the row and its words?"""
    from PySide6.QtWidgets import QTableView

    from dispatcher_app.client.session import OrderQuery
    from ui.models.queue import ROW, QueueModel

    session = await desk.sit_down(folder / "desk", served)
    model = QueueModel(session, OrderQuery(view="all", sort="created_at", descending=True))
    table = QTableView()
    table.setModel(model)
    table.resize(900, 700)
    table.show()
    seen: dict[str, int] = {}
    moved = 0

    def look(*_: object) -> None:
        now = time.time_ns()
        for row in range(min(30, model.rowCount())):
            id = model.id_at(row)
            if id is not None and id not in seen and model.data(model.index(row, 0), ROW) is not None:
                seen[id] = now

    def count(positions: Any) -> None:
        nonlocal moved
        moved += len(positions)

    model.rowsInserted.connect(look)
    model.dataChanged.connect(look)
    stop = session.subscribe(positions=count)
    loaded = asyncio.Event()
    model.loaded.connect(lambda _: loaded.set())
    model.ask(model.query)
    await asyncio.wait_for(loaded.wait(), 60)
    command = [sys.executable, "-m", "tests.bench.visible", served.url, served.token]
    process = await asyncio.to_thread(subprocess.Popen, command, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    lines = await asyncio.to_thread(process.stdout.readlines)
    await asyncio.to_thread(process.wait)
    process.stdout.close()
    sent = [json.loads(line) for line in lines]
    deadline = time.perf_counter() + 5
    while time.perf_counter() < deadline and any(order not in seen for order, _, _ in sent):
        await asyncio.sleep(0.02)
    stop()
    whole = [(seen[order] - left) / 1e6 for order, left, _ in sent if order in seen]
    after = [(seen[order] - answered) / 1e6 for order, _, answered in sent if order in seen]
    await session.close()
    return {
        "p50_ms": round(percentile(whole, 0.5), 1),
        "p99_ms": round(percentile(whole, 0.99), 1),
        "max_ms": round(max(whole), 1),
        "after_answer_p50_ms": round(percentile(after, 0.5), 1),
        "seen": f"{len(whole)} of {len(sent)}",
        "counted_from": "the command leaving the other desk (before its commit)",
        "positions_received": moved,
        "technicians": TECHNICIANS,
    }


def measure() -> dict[str, Any]:
    """Milliseconds from one desk to the other's table."""
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder) / "company"
        found(data, technicians=TECHNICIANS, orders=500)
        with serving(data) as served:
            return desk.run(lambda: watch(Path(folder), served))


if __name__ == "__main__":
    asyncio.run(caller(Served(sys.argv[1], sys.argv[2], 0)))
