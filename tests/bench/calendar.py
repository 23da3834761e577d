"""The calendar's month of 300 technicians and 3,000 visits: counting it, painting it, scrolling it, one change."""

from __future__ import annotations

import asyncio
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tests.bench import desk
from tests.bench.board import TECHNICIANS, VISITS, figures
from tests.bench.busy_day import busy_day, tomorrow
from tests.bench.company import Served, serving

if TYPE_CHECKING:
    from ui.calendar.panel import CalendarPanel


def painted() -> None:
    """Let Qt paint what is due, now."""
    from PySide6.QtCore import QCoreApplication, QEvent

    QCoreApplication.sendPostedEvents(None, QEvent.Type.UpdateRequest.value)


async def counted(panel: CalendarPanel) -> None:
    """Wait until every column has come."""
    while not panel.figures.settled:
        await asyncio.sleep(0.002)


async def sit(folder: Path, served: Served) -> dict[str, Any]:
    """Open the month in which the full day lies, and work with it."""
    from ui.calendar.panel import CalendarPanel

    session = await desk.sit_down(folder / "desk", served)
    panel = CalendarPanel(session)
    panel.resize(1900, 1000)
    panel.show()
    begun = time.perf_counter()
    panel.bar.show_view("month", tomorrow())
    await counted(panel)
    result: dict[str, Any] = {"month_counted_ms": round((time.perf_counter() - begun) * 1000, 1)}
    held = []
    for _ in range(12):
        for group in ("team", "technician"):
            at = time.thread_time()
            panel.bar.show_group(group)
            painted()
            held.append((time.thread_time() - at) * 1000)
            await asyncio.sleep(0.01)
    result |= figures("month_painted", held)
    down = panel.grid.verticalScrollBar()
    scrolled = []
    for _ in range(200):
        at = time.thread_time()
        down.setValue((down.value() + 3) % down.maximum())
        painted()
        scrolled.append((time.thread_time() - at) * 1000)
        await asyncio.sleep(0.002)
    result |= figures("scroll", scrolled)
    changed = []
    for _ in range(10):
        begun = time.perf_counter()
        panel.figures._spoil({tomorrow()})
        await counted(panel)
        painted()
        changed.append((time.perf_counter() - begun) * 1000)
    result |= figures("date_again", changed)
    panel.close()
    panel.deleteLater()
    await session.close()
    return {**result, "technicians": TECHNICIANS, "visits": VISITS}


def measure() -> dict[str, Any]:
    """Times (ms, offscreen, 1900 × 1000): until a month is counted, until it is painted, of frames, of one date anew."""
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder) / "company"
        busy_day(data, TECHNICIANS, VISITS)
        with serving(data) as served:
            return desk.run(lambda: sit(Path(folder), served))
