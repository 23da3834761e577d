"""How many keys a known customer's booking takes beyond typed free text, on the panel itself."""

from __future__ import annotations

import time
from typing import Any

from PySide6.QtCore import Qt

from tests.bench.desk import run
from tests.ui.booking_desk import Desk, until, zhang
from tests.ui.booking_person import CTRL, ENTER, Person, known
from ui.booking.panel import BookingPanel


def measure() -> dict[str, Any]:
    """`keys`: every key but the letters and figures of number, fault and brand; `ms`: a hand that never waits."""
    return run(booked)


async def booked() -> dict[str, Any]:
    """One call of a customer who is known, from the number to the order's number."""
    desk = Desk()
    zhang(desk)
    panel = BookingPanel(desk.session)
    panel.resize(380, 700)
    panel.start()
    panel.activateWindow()
    await until(panel.isActiveWindow)
    panel.column.go(panel.column.steps[0])
    person = Person(panel)
    begun = time.perf_counter()
    await known(person, "when")
    person.press(Qt.Key.Key_1)
    person.press(ENTER, CTRL)
    await until(lambda: panel.done.number)
    took_ms = (time.perf_counter() - begun) * 1000
    panel.close()
    return {"keys": person.presses, "orders_booked": len(desk.submitted), "ms": round(took_ms)}
