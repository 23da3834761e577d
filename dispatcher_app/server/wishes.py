"""What a technician's phone asks about his working time: his own requests, and what became of them."""

from __future__ import annotations

from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from dispatcher_app import clock
from dispatcher_app.domain.request import ShiftRequest, ShiftRequests
from dispatcher_app.domain.technician import Technician
from dispatcher_app.server.answer import answer
from dispatcher_app.server.mine import technician_of
from dispatcher_app.server.request import read
from dispatcher_app.server.store import record
from dispatcher_app.server.store.database import Cursor


async def requests(request: Request) -> Response:
    """GET /mine/requests: what he has asked, the newest first; who has answered he is not told."""
    technician = await technician_of(request)
    return answer(await read(request, lambda cursor: shown(cursor, technician, clock.now_ms())))


def shown(cursor: Cursor, technician: Technician, now: int) -> dict[str, Any]:
    """His requests as they stand."""
    found = record.load(cursor, ShiftRequests.kind, technician.id)
    asked = found.asked if isinstance(found, ShiftRequests) else ()
    return {"time": now, "requests": [told(each, now) for each in reversed(asked)]}


def told(wish: ShiftRequest, now: int) -> dict[str, Any]:
    """One request."""
    return {
        "request": wish.id, "asked": wish.asked, "start": wish.start, "end": wish.end, "date": wish.date,
        "hours": wish.hours, "reason": wish.reason, "at": wish.at, "until": wish.expires_at,
        "state": "lapsed" if wish.lapsed(now) else wish.state, "answer": wish.answer, "answered_at": wish.answered_at,
    }  # fmt: skip
