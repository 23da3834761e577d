"""What tests of plans share: visits given to somebody tomorrow, and a panel that is waited for."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from dispatcher_app.clock import new_id
from dispatcher_app.domain.calendar import HOUR_MS, local_date, midnight, next_date
from dispatcher_app.domain.command import AssignTechnician, BookedLine, BookOrder
from dispatcher_app.domain.day import Day
from dispatcher_app.domain.order import Order, Window
from dispatcher_app.domain.technician import Technician
from tests.ui.window_desk import orders_of, until

if TYPE_CHECKING:
    from dispatcher_app.client.session import Session
    from ui.plan.panel import PlanPanel

SEARCH_S = 300.0
"""On a new machine the improver is compiled first."""


def tomorrow(session: Session, days: int = 1) -> str:
    """The local date after today."""
    return next_date(local_date(session.now(), session.timezone), days)


def hour(session: Session, date: str, at: float) -> int:
    """An hour of a local date."""
    return midnight(date, session.timezone) + round(at * HOUR_MS)


def places(session: Session, date: str) -> Mapping[str, tuple[str, int, str]]:
    """Where every visit of a date stands in the plan: technician, start, state."""
    days = [each for each in session.all(Day) if each.date == date]
    return {stop.order: (day.technician, stop.start, stop.state) for day in days for stop in day.stops}


async def promised(session: Session, count: int, date: str) -> list[str]:
    """So many orders of one customer, promised for a whole working day of a date and given to nobody."""
    found = [session.get(Order, id) for id in await orders_of(session)]
    former = next(each for each in found if each is not None and each.crew == 1)
    window = Window(hour(session, date, 9), hour(session, date, 17))
    line = BookedLine(item=former.lines[0].item)
    made = []
    for _ in range(count):
        command = BookOrder(
            order=new_id(), customer=former.customer, address=former.address, lines=(line,), window=window
        )
        await session.submit(command).outcome
        made.append(command.order)
    return made


async def dispatched(session: Session, count: int, date: str) -> tuple[Technician, list[str]]:
    """So many visits of a date for one technician, who has been sent to them."""
    orders = await promised(session, count, date)
    who = (await session.rank(orders[0], date)).eligible[0].technician
    for order in orders:
        ranking = await session.rank(order, date)
        fit = next(each for each in ranking.eligible if each.technician == who)
        await session.submit(AssignTechnician(order=order, technician=who, start=fit.start)).outcome
    found = session.get(Technician, who)
    assert found is not None
    return found, orders


async def ended(panel: PlanPanel) -> None:
    """Wait until the panel has neither a search nor a plan on its way."""
    await until(lambda: not panel.busy, SEARCH_S)


def stage(panel: PlanPanel) -> str:
    """How far the panel is."""
    return panel.stage
