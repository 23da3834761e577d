"""A request and who sends it: what every route asks first."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

from starlette.requests import Request

from dispatcher_app.domain.act import Rejected
from dispatcher_app.server.auth import Seat
from dispatcher_app.server.node import Node


class NotLoggedIn(Exception):
    """The request has no token that counts."""


def node_of(request: Request) -> Node:
    """The node that serves the request."""
    found: Node = request.app.state.node
    return found


async def seat_of(request: Request, *, now: bool = False) -> Seat:
    """Who asks, with `now` as the database has it this moment; raises NotLoggedIn."""
    if "\0" in request.scope["path"] or b"%00" in request.scope["query_string"]:
        raise Rejected("text_invalid", None)
    kind, _, token = request.headers.get("authorization", "").partition(" ")
    node = node_of(request)
    if kind.lower() != "bearer" or not token:
        raise NotLoggedIn
    remembered = None if now else node.auth.remembered(token)
    seat = remembered or await asyncio.to_thread(node.auth.seat, token)
    if seat is None:
        raise NotLoggedIn
    return seat


async def read(request: Request, work: Callable[[Any], Any]) -> Any:
    """The answer to a question, asked of one moment of the database in a thread."""

    def run() -> Any:
        with node_of(request).database.reading() as cursor:
            return work(cursor)

    return await asyncio.to_thread(run)
