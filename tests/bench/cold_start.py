"""From the program's start to a queue that can be used, on a replica of 20,000 orders, without any server."""

from __future__ import annotations

import asyncio
import json
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from dispatcher_app import codec
from dispatcher_app.client.api import Place
from dispatcher_app.client.outbox.seal import new_key
from dispatcher_app.client.session import open_session
from dispatcher_app.domain.region import Staff
from tests.bench import desk
from tests.bench.company import Served, found, serving

ORDERS = 20_000
TIMES = 5
KEY = new_key()


async def fill(folder: Path, served: Served) -> None:
    """Let a desk fetch the company once."""
    session = await desk.sit_down(folder / "desk", served)
    (folder / "staff.json").write_bytes(codec.encode(session.staff))
    await session.close()


def start(folder: Path) -> dict[str, float]:
    """What a person waits for, in this process: imports, then the window with its rows."""
    begun = time.perf_counter()
    from PySide6.QtCore import QSettings

    from ui.window.main import MainWindow

    imported = time.perf_counter()

    async def nowhere() -> Place:
        return Place("http://127.0.0.1:9")

    async def show() -> float:
        staff = codec.decode((folder / "staff.json").read_bytes(), Staff)
        session = await open_session(folder / "desk", staff, KEY, nowhere, "none")
        window = MainWindow(session, QSettings(str(folder / "window.ini"), QSettings.Format.IniFormat))
        window.resize(1920, 1080)
        window.show()
        while (
            not window.queue.model.rowCount()
            or window.queue.model.data(window.queue.model.index(0, 0)) is None
        ):
            await asyncio.sleep(0.001)
        window.queue.table.viewport().repaint()
        usable = time.perf_counter()
        window.close()
        await session.close()
        return usable

    usable = desk.run(show)
    return {"imports_s": imported - begun, "usable_queue_s": usable - imported}


def measure() -> dict[str, Any]:
    """Seconds to a usable queue, the median of several starts, each in a process of its own."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        found(folder / "company", technicians=200, orders=ORDERS)
        with serving(folder / "company") as served:
            desk.run(lambda: fill(folder, served))
        (folder / "key").write_bytes(KEY)
        starts = []
        for _ in range(TIMES + 1):
            command = [sys.executable, "-m", "tests.bench.cold_start", name]
            done = subprocess.run(command, capture_output=True, text=True, check=True)
            starts.append(json.loads(done.stdout.splitlines()[-1]))
    warm = starts[1:]
    return {
        "usable_queue_s": round(statistics.median(each["usable_queue_s"] for each in warm), 2),
        "usable_queue_max_s": round(max(each["usable_queue_s"] for each in warm), 2),
        "imports_s": round(statistics.median(each["imports_s"] for each in warm), 2),
        "first_imports_s": round(starts[0]["imports_s"], 2),
        "orders": ORDERS,
    }


if __name__ == "__main__":
    KEY = (Path(sys.argv[1]) / "key").read_bytes()
    print(json.dumps(start(Path(sys.argv[1]))))
