"""What the server answers: JSON, a rule's no, a fault of ours."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from dispatcher_app import clock, codec
from dispatcher_app.domain.act import Rejected
from dispatcher_app.server.auth import TooManyTries
from dispatcher_app.server.store.database import Unavailable
from dispatcher_app.text import sentence

log = logging.getLogger(__name__)

CONFLICTS = frozenset({"changed_meanwhile", "edited_meanwhile", "exists"})
CODES = {"not_allowed": 403, "other_region": 403, "not_found": 404}


def answer(value: Any, status: int = 200) -> Response:
    """JSON that nobody may keep."""
    return Response(codec.encode(value), status, {"cache-control": "no-store"}, "application/json")


async def refused(request: Request, error: Exception) -> Response:
    """A rule said no."""
    assert isinstance(error, Rejected)
    status = 409 if error.code in CONFLICTS else CODES.get(error.code, 422)
    return answer(refusal_of(error), status)


def refusal_of(error: Rejected) -> codec.Refusal:
    """What a desk is told of a rule's no."""
    words = sentence(error.code, {**error.params, "field": error.field or ""})
    return codec.Refusal(error.code, error.field, error.params, words)


async def malformed(request: Request, error: Exception) -> Response:
    """The body is not what the route takes."""
    return await refused(request, codec.unfit(error))


async def failed(request: Request, error: Exception) -> Response:
    """A fault of ours: logged under a short id that the desk shows too."""
    id = clock.new_id()[-8:]
    log.error("unexpected fault", extra={"fault": id, "path": request.url.path}, exc_info=error)
    return answer({"error": "unexpected", "id": id}, 500)


async def away(request: Request, error: Exception) -> Response:
    """The database can't serve now: nothing was saved, the desk keeps it and sends it again."""
    assert isinstance(error, Unavailable)
    return answer({"error": "unavailable", "reason": error.reason}, 503)


def says(status: int, code: str) -> Callable[[Request, Exception], Awaitable[Response]]:
    """A handler that answers with a plain code."""

    async def handler(request: Request, error: Exception) -> Response:
        extra = {"retry_after_s": error.retry_after_s} if isinstance(error, TooManyTries) else {}
        return answer({"error": code, **extra}, status)

    return handler
