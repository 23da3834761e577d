"""What tests of the desk share: a small company from today on, and who sits at the desk."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

from dispatcher_app.client.api import Place
from dispatcher_app.client.outbox.seal import new_key
from dispatcher_app.client.session import Session, open_session
from dispatcher_app.clock import new_id, now_ms
from dispatcher_app.domain.calendar import DAY_MS, HOUR_MS, local_date, midnight
from dispatcher_app.domain.command import AssignTechnician, BookOrder
from dispatcher_app.domain.order import Window
from dispatcher_app.domain.region import Staff
from tests.client.stand_in import StandIn
from tests.domain import trade

WANG = Staff(id="wang", name="王芳", roles=("dispatcher",), regions=("sh",))
LI = Staff(id="li", name="李娜", roles=("dispatcher", "supervisor"), regions=("sh",))
KEY = new_key()
TOMORROW = midnight(local_date(now_ms() + DAY_MS, trade.TIMEZONE), trade.TIMEZONE)


def hour(hours: float) -> int:
    """That hour of tomorrow."""
    return TOMORROW + round(hours * HOUR_MS)


def booking(order: str, **changes: Any) -> BookOrder:
    """A call, promised for tomorrow from two to four."""
    return replace(trade.booking(order), window=Window(hour(14), hour(16)), **changes)


def assign(order: str, technician: str = "li", at: float = 14, **changes: Any) -> AssignTechnician:
    """Somebody for it."""
    return AssignTechnician(order=order, technician=technician, start=hour(at), **changes)


def fresh() -> str:
    """An id for an order."""
    return new_id()


async def desk(
    folder: Path, server: StandIn, staff: Staff = WANG, token: str | None = "", seat: str = "A3"
) -> Session:
    """A desk of that person; the token is the one that the server gives him."""

    async def there() -> Place:
        return Place(server.url)

    folder.mkdir(parents=True, exist_ok=True)
    return await open_session(
        folder, staff, KEY, there, server.token_of(staff) if token == "" else token, seat=seat
    )
