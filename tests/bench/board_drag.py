"""Dragging on the board with 300 technicians and 3,000 visits: ghosts, frames, from drop to picture."""

from __future__ import annotations

import asyncio
import gc
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tests.bench import desk
from tests.bench.board import TECHNICIANS, VISITS, figures, frames, painted
from tests.bench.busy_day import busy_day, tomorrow
from tests.bench.company import Served, serving

if TYPE_CHECKING:
    from ui.board.bar import Bar
    from ui.board.moving import Moving
    from ui.board.panel import BoardPanel

SNAPS, DROPS, TOGETHER = 300, 20, 5


async def sit(folder: Path, served: Served) -> dict[str, Any]:
    """Open the board on the full day and move visits about."""
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
    panel.view.fit()
    moving = panel.moving
    assert moving is not None
    seen = [bar for bar in panel.view.bars_in_sight() if bar.technician]
    gc.collect()
    gc.disable()  # as at a desk, where it runs while nothing is painted
    result: dict[str, Any] = {}
    result |= await led(panel, moving, "one", [seen[0].order])
    result |= await led(panel, moving, "several", [bar.order for bar in seen[:TOGETHER]])
    result |= figures("drop", await drops(panel, moving, seen))
    gc.enable()
    panel.close()
    panel.deleteLater()
    await session.close()
    return {**result, "technicians": TECHNICIANS, "visits": VISITS}


async def led(panel: BoardPanel, moving: Moving, name: str, orders: list[str]) -> dict[str, float]:
    """What it takes until the ghosts of these are known, each ghost anywhere, each frame among the rows in sight."""
    rows = [row.technician for row in panel.schedule.rows if row.technician]
    begun = time.perf_counter()
    assert moving.hand.take(orders, orders[0], panel.view.axis.dates, by_keys=True)
    while not moving.hand.reckoned:
        await asyncio.sleep(0.001)
    result = {f"{name}_begun_ms": round((time.perf_counter() - begun) * 1000, 1)}
    start = moving.hand.first.start or 0

    def aim(row: int, quarters: int) -> None:
        moving.hand.aim(rows[row % len(rows)], start + quarters * 900_000)

    result |= figures(f"{name}_ghost", [timed(partial(aim, at, at * 7 % 24 - 8)) for at in range(SNAPS)])
    panel.view.set_ghosts(moving.ghosts)
    shown = await frames(panel, SNAPS, lambda at: aim(at // 6 % 20, at % 16 - 8))
    moving.hand.let_go()
    return result | figures(f"{name}_frame", shown)


def timed(do: Callable[[], object]) -> float:
    """How long (ms of this thread) something takes."""
    begun = time.thread_time()
    do()
    return (time.thread_time() - begun) * 1000


async def drops(panel: BoardPanel, moving: Moving, seen: list[Bar]) -> list[float]:
    """How long (ms of this thread) from letting go until the visit is painted where it was let go."""
    taken = []
    for bar in seen[:: max(1, len(seen) // DROPS)]:
        if not moving.hand.take([bar.order], bar.order, panel.view.axis.dates, by_keys=True):
            continue
        moving.hand.aim(bar.technician, bar.start + 60_000)
        taken.append(timed(partial(let_go, panel, moving)))
        moving.hand.let_go()
        moving.ask.step_back()
        await asyncio.sleep(0.1)
    return taken


def let_go(panel: BoardPanel, moving: Moving) -> None:
    """Drop what is held, and paint it."""
    moving.drop()
    painted(panel)


def measure() -> dict[str, Any]:
    """Times of ghosts and frames (offscreen, 1900 × 1000) while visits are led over the full board, and of drops."""
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder) / "company"
        busy_day(data, TECHNICIANS, VISITS)
        with serving(data) as served:
            return desk.run(lambda: sit(Path(folder), served))
