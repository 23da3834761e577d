"""The schedule board with 300 technicians and 3,000 visits: frames of scrolling and zooming, rebuilding, one change."""

from __future__ import annotations

import asyncio
import gc
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tests.bench import desk
from tests.bench.busy_day import busy_day, tomorrow
from tests.bench.company import Served, serving
from tests.bench.figure import percentile

if TYPE_CHECKING:
    from ui.board.panel import BoardPanel

TECHNICIANS, VISITS = 300, 3_000
FRAMES, ZOOMS, CHANGES = 300, 60, 30


def painted(panel: BoardPanel) -> None:
    """Let Qt paint what is due, now."""
    from PySide6.QtCore import QCoreApplication, QEvent

    QCoreApplication.sendPostedEvents(None, QEvent.Type.UpdateRequest.value)


async def whole(panel: BoardPanel) -> None:
    """Paint frame after frame until nothing in sight is left out."""
    painted(panel)
    while not panel.view.picture.complete:
        await asyncio.sleep(0)
        painted(panel)


async def frames(panel: BoardPanel, count: int, do: Callable[[int], object]) -> list[float]:
    """How long (ms) each of so many frames took: doing something, and the picture of it.

    Processor time of the window's thread: what other programs of this machine take is not the board's.
    """
    taken = []
    for at in range(count):
        begun = time.thread_time()
        do(at)
        painted(panel)
        taken.append((time.thread_time() - begun) * 1000)
        await asyncio.sleep(0.004)
    return taken


def figures(name: str, taken: list[float]) -> dict[str, float]:
    """The middle and the worst of some frames."""
    return {
        f"{name}_p50_ms": round(percentile(taken, 0.5), 2),
        f"{name}_p99_ms": round(percentile(taken, 0.99), 2),
    }


async def sit(folder: Path, served: Served) -> dict[str, Any]:
    """Open the board on the full day and work with it."""
    from PySide6.QtCore import QPoint

    from ui.board.panel import BoardPanel

    session = await desk.sit_down(folder / "desk", served)
    panel = BoardPanel(session)
    panel.resize(1900, 1000)
    panel.show()
    loaded = asyncio.Event()
    panel.schedule.loaded.connect(loaded.set)
    panel.dates.go(tomorrow())
    await asyncio.wait_for(loaded.wait(), 60)
    await asyncio.sleep(0.5)
    view = panel.view
    view.fit()
    assert sum(len(panel.schedule.bars(id)) for id in panel.schedule.technicians) == VISITS
    gc.collect()
    gc.disable()  # as at a desk, where it runs while nothing is painted
    down, across = view.verticalScrollBar(), view.horizontalScrollBar()
    result: dict[str, Any] = {}
    notch = down.singleStep() * 3
    scroll = await frames(panel, FRAMES, lambda at: down.setValue((down.value() + notch) % down.maximum()))
    jump = await frames(panel, 40, lambda at: down.setValue(at * 977 % down.maximum()))
    result |= figures("scroll", scroll) | figures("jump", jump)
    view.zoom(2.0)
    sideways = await frames(
        panel, 100, lambda at: across.setValue((across.value() + 60) % max(1, across.maximum()))
    )
    result |= figures("sideways", sideways)
    view.fit()
    middle = view.body().center().x()
    zooms = await frames(panel, ZOOMS, lambda at: view.zoom(1.25 if at % 12 < 6 else 0.8, middle))
    result |= figures("zoom", zooms)
    view.fit()
    still = await frames(panel, 100, lambda at: view.viewport().update())
    result |= figures("still", still)
    hover = await frames(panel, 100, lambda at: view.bar_at(QPoint(300 + at * 12, 200 + at * 5)))
    result |= figures("hover", hover)
    rebuilt, worked = [], []
    for _ in range(8):
        begun, from_ = time.perf_counter(), time.process_time()
        loaded.clear()
        panel.schedule.reload()
        await asyncio.wait_for(loaded.wait(), 60)
        await whole(panel)
        rebuilt.append((time.perf_counter() - begun) * 1000)
        worked.append((time.process_time() - from_) * 1000)
    result |= figures("rebuild", rebuilt) | figures("rebuild_processor", worked)
    three = []
    for days in (3, 1, 3, 1):
        begun = time.perf_counter()
        loaded.clear()
        panel.dates.show_days(days)
        await asyncio.wait_for(loaded.wait(), 60)
        await whole(panel)
        three.append((time.perf_counter() - begun) * 1000)
    result["days_changed_max_ms"] = round(max(three), 1)
    result |= figures("change", await changes(panel))
    gc.enable()
    panel.close()
    panel.deleteLater()
    await session.close()
    return {**result, "technicians": TECHNICIANS, "visits": VISITS}


async def changes(panel: BoardPanel) -> list[float]:
    """How long (ms) from an act of this desk until its row is painted otherwise."""
    from dispatcher_app.domain.command import PinVisit

    view, schedule = panel.view, panel.schedule
    view.verticalScrollBar().setValue(0)
    taken = []
    seen = [bar for bar in view.bars_in_sight() if bar.technician][:CHANGES]
    for bar in seen:
        begun = time.thread_time()
        schedule.session.submit(PinVisit(order=bar.order, pinned=True))
        schedule.look_again([bar.order], [bar.technician])
        painted(panel)
        taken.append((time.thread_time() - begun) * 1000)
        assert any(each.pinned for each in schedule.bars(bar.technician) if each.key == bar.key)
        await asyncio.sleep(0.05)
    return taken


def measure() -> dict[str, Any]:
    """Times of frames (offscreen, 1900 × 1000), of rebuilding everything, and from an act to its picture."""
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder) / "company"
        busy_day(data, TECHNICIANS, VISITS)
        with serving(data) as served:
            return desk.run(lambda: sit(Path(folder), served))
