"""What tests of the calendar share: a technician's telephone, and a calendar that is waited for."""

from __future__ import annotations

import asyncio
import io
import json
from contextlib import redirect_stdout
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import httpx
from PySide6.QtCore import QItemSelection, QItemSelectionModel

from dispatcher_app import codec
from dispatcher_app.clock import new_id, now_ms
from dispatcher_app.domain.calendar import MINUTE_MS, midnight, working
from dispatcher_app.domain.command import AssignTechnician, BookedLine, BookOrder, name_of
from dispatcher_app.domain.order import Order, Window
from dispatcher_app.domain.technician import Technician
from dispatcher_app.server import admin
from tests.ui.plan_desk import hour, tomorrow
from tests.ui.window_desk import City, orders_of, until
from ui.calendar.panel import CalendarPanel

if TYPE_CHECKING:
    from dispatcher_app.client.session import Session
    from ui.window.main import MainWindow


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


async def sent(session: Session, count: int, days: int) -> tuple[Technician, list[str], str]:
    """So many visits that somebody has been sent to on one of the dates from so many days ahead on, and that date."""
    who, command, date = await fitting(session, days)
    made = []
    for _ in range(count):
        order = replace(command, order=new_id())
        await session.submit(order).outcome
        found = (await session.rank(order.order, date)).eligible
        start = next(each.start for each in found if each.technician == who)
        await session.submit(AssignTechnician(order=order.order, technician=who, start=start)).outcome
        made.append(order.order)
    technician = session.get(Technician, who)
    assert technician is not None
    return technician, made, date


async def fitting(session: Session, days: int) -> tuple[str, BookOrder, str]:
    """A booking for the working hours of a date that somebody could keep, him, and the date."""
    known = [session.get(Order, id) for id in await orders_of(session)]
    for ahead in range(days, days + 7):
        date = tomorrow(session, ahead)
        for former in (each for each in known if each is not None and each.crew == 1):
            found = [
                each for each in (await session.rank(former.id, date)).eligible if each.slack_s > 4 * 3600
            ]
            if found:
                line = BookedLine(item=former.lines[0].item)
                window = Window(hour(session, date, 9), hour(session, date, 17))
                made = BookOrder(
                    order=new_id(),
                    customer=former.customer,
                    address=former.address,
                    lines=(line,),
                    window=window,
                )
                return found[0].technician, made, date
    raise AssertionError("nobody can go on any of these dates")


def choose(panel: CalendarPanel, technicians: list[str], dates: list[str]) -> None:
    """Select the dates of these technicians, as Shift and the mouse do."""
    chosen = QItemSelection()
    for id in technicians:
        for date in dates:
            place = panel.model.place_of(id, date)
            assert place is not None, (id, date)
            index = panel.model.index(*place)
            chosen.select(index, index)
    first = panel.model.place_of(technicians[0], dates[0])
    assert first is not None
    panel.grid.setCurrentIndex(panel.model.index(*first))
    panel.grid.selectionModel().select(chosen, QItemSelectionModel.SelectionFlag.ClearAndSelect)


async def chosen(panel: CalendarPanel, technicians: list[str], dates: list[str]) -> None:
    """The same, until the forms are about them."""
    choose(panel, technicians, dates)
    wanted = panel.grid.selected()
    await until(lambda: panel.side.hours._chosen == wanted)


def spans(technician: Technician, date: str, zone: str) -> list[tuple[int, int]]:
    begin = midnight(date, zone)
    return [((a - begin) // MINUTE_MS, (b - begin) // MINUTE_MS) for a, b in working(technician, date, zone)]
