"""How long it takes until an order stands in the inspector, and until another tab of it does; photos come after."""

from __future__ import annotations

import asyncio
import tempfile
import time
from pathlib import Path
from typing import Any

from tests.bench import desk
from tests.bench.company import Served, found, serving
from tests.bench.figure import percentile

ORDERS = 20_000
LOOKED_AT = 200


async def look(folder: Path, served: Served) -> dict[str, Any]:
    """Look at one order after the other in the real window, painted each time."""
    from PySide6.QtCore import QSettings

    from dispatcher_app.client.session import OrderQuery
    from ui.order.inspector import TABS
    from ui.window.main import MainWindow

    session = await desk.sit_down(folder / "desk", served)
    window = MainWindow(session, QSettings(str(folder / "window.ini"), QSettings.Format.IniFormat))
    window.resize(1920, 1080)
    window.show()
    keys = await session.order_keys(OrderQuery(view="open", today="2026-01-01"))
    await asyncio.sleep(0.5)
    opened: list[float] = []
    tabs: dict[str, list[float]] = {code: [] for code in TABS}
    for _key, id in keys[:LOOKED_AT]:
        begun = time.perf_counter()
        window.look_at(id)
        window.inspector.grab()  # laid out and painted
        opened.append((time.perf_counter() - begun) * 1000)
        await asyncio.sleep(0.01)
        for code in TABS:
            begun = time.perf_counter()
            window.inspector.tabs.go(code)
            window.inspector.grab()
            tabs[code].append((time.perf_counter() - begun) * 1000)
        window.inspector.tabs.go("overview")
        await asyncio.sleep(0.005)
    window.close()
    await session.close()
    return {
        "opened": len(opened),
        "open_p50_ms": round(percentile(opened, 0.5), 1),
        "open_p95_ms": round(percentile(opened, 0.95), 1),
        "open_max_ms": round(max(opened), 1),
        **{f"tab_{code}_p95_ms": round(percentile(taken, 0.95), 1) for code, taken in tabs.items()},
    }


def measure() -> dict[str, Any]:
    """Milliseconds from the choice to the picture."""
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder) / "company"
        found(data, orders=ORDERS)
        with serving(data) as served:
            return desk.run(lambda: look(Path(folder), served))
