"""The queue over 100,000 orders: what a frame of scrolling costs, and what the desk's process weighs."""

from __future__ import annotations

import asyncio
import os
import tempfile
import time
from pathlib import Path
from typing import Any

from tests.bench import desk
from tests.bench.company import Served, found, serving
from tests.bench.figure import percentile

ORDERS = 100_000
FRAMES = 400


def weight_mb() -> float:
    """Resident memory of this process; pages shared with others count in full."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20


async def scroll(folder: Path, served: Served) -> dict[str, Any]:
    """Open the real window on the whole company and scroll its queue."""
    from PySide6.QtCore import QCoreApplication, QEvent, QSettings
    from PySide6.QtWidgets import QTableView

    from ui.window.main import MainWindow

    begun = time.perf_counter()
    session = await desk.sit_down(folder / "desk", served)
    fetched_s = time.perf_counter() - begun
    window = MainWindow(session, QSettings(str(folder / "window.ini"), QSettings.Format.IniFormat))
    window.resize(1920, 1080)
    window.show()
    loaded = asyncio.Event()
    window.queue.model.loaded.connect(lambda _: loaded.set())
    window.queue.look_at("all")
    while window.queue.model.rowCount() < ORDERS:
        loaded.clear()
        await asyncio.wait_for(loaded.wait(), 60)
    table = window.findChild(QTableView, "queue_table")
    assert table is not None
    bar = table.verticalScrollBar()
    frames: list[float] = []
    filled = 0
    for frame in range(FRAMES):
        at = time.perf_counter()
        # A notch of the wheel; every fortieth frame the slider is thrown through the whole list.
        jump = bar.singleStep() * 3 if frame % 40 else bar.maximum() // 12
        bar.setValue((bar.value() + jump) % max(1, bar.maximum()))
        QCoreApplication.sendPostedEvents(window, QEvent.Type.UpdateRequest.value)
        frames.append((time.perf_counter() - at) * 1000)
        await asyncio.sleep(0.016)
        filled += window.queue.model.data(table.indexAt(table.viewport().rect().center())) is not None
    pages = []
    for _ in range(40):
        at = time.perf_counter()
        table.viewport().repaint()
        pages.append((time.perf_counter() - at) * 1000)
        await asyncio.sleep(0)
    weight = weight_mb()
    window.close()
    await session.close()
    return {
        "frame_p50_ms": round(percentile(frames, 0.5), 2),
        "frame_p99_ms": round(percentile(frames, 0.99), 2),
        "frame_max_ms": round(max(frames), 2),
        "whole_page_p50_ms": round(percentile(pages, 0.5), 2),
        "rows_there_16_ms_later_percent": round(100 * filled / FRAMES, 1),
        "memory_mb": round(weight),
        "first_fetch_s": round(fetched_s, 1),
        "orders": ORDERS,
    }


def measure() -> dict[str, Any]:
    """Frame times and memory of a desk with 100,000 orders (without the map's own process)."""
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder) / "company"
        found(data, technicians=200, orders=ORDERS)
        with serving(data) as served:
            return desk.run(lambda: scroll(Path(folder), served))
