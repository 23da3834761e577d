"""What tests of the calendar share: a technician's telephone, and a calendar that is waited for."""

from __future__ import annotations

import asyncio
import io
import json
from contextlib import redirect_stdout
from typing import TYPE_CHECKING, Any

import httpx

from dispatcher_app import codec
from dispatcher_app.clock import new_id, now_ms
from dispatcher_app.domain.command import name_of
from dispatcher_app.domain.technician import Technician
from dispatcher_app.server import admin
from tests.ui.window_desk import City, until
from ui.calendar.panel import CalendarPanel

if TYPE_CHECKING:
    from dispatcher_app.client.session import Session
    from ui.window import MainWindow


async def calendar(window: MainWindow, view: str = "week") -> CalendarPanel:
    """The calendar in front, with all its figures."""
    window.deck[f"calendar_{view}"].trigger()
    panel = window.availability.panel
    await counted(panel)
    return panel


async def counted(panel: CalendarPanel) -> None:
    """Wait until nothing is on its way."""
    await until(lambda: panel.figures.settled)


def people(session: Session) -> list[Technician]:
    """The technicians of the region, by name."""
    mine = [each for each in session.all(Technician) if each.region == session.region_id]
    return sorted(mine, key=lambda each: (each.name, each.id))


async def says(city: City, technician: str, command: Any) -> dict[str, Any]:
    """What a technician says by his telephone, with a token of his own, and the server's answer."""
    place = await city.server.locate()

    def token() -> str:
        with redirect_stdout(out := io.StringIO()):
            done = admin.main(
                ["technician-token", "--data", str(city.server.data), technician, "--device", "test"]
            )
        assert done == 0
        return out.getvalue().strip()

    headers = {
        "authorization": f"Bearer {await asyncio.to_thread(token)}", "X-Dispatcher-Local": place.local or "",
    }  # fmt: skip
    body = {"id": new_id(), "at": now_ms(), "region": "", "command": json.loads(codec.encode(command))}
    async with httpx.AsyncClient(base_url=place.url, headers=headers) as http:
        answer = await http.post(f"/commands/{name_of(command)}", json=body)
    found: dict[str, Any] = answer.json()
    return found
