"""Getting in and out: log-in, log-out, who am I, and the founding of a company on its own computer."""

from __future__ import annotations

import asyncio
from typing import Any

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from dispatcher_app import clock, codec
from dispatcher_app.server import practice as practice_city
from dispatcher_app.server import setup
from dispatcher_app.server.answer import answer
from dispatcher_app.server.auth import Seat, WrongLogin
from dispatcher_app.server.body import body_of
from dispatcher_app.server.node import Node
from dispatcher_app.server.request import node_of, seat_of


class Login(msgspec.Struct):
    """What somebody types to get in."""

    user: str
    password: str
    device: str = ""


async def log_in(request: Request) -> Response:
    """POST /login."""
    asked = codec.decode(await body_of(request), Login)
    if len(asked.user) > 200 or len(asked.password) > 1000:
        raise WrongLogin
    node = node_of(request)
    address = request.client.host if request.client else ""
    token, seat = await node.auth.log_in_apart(asked.user, asked.password, asked.device, address)
    return answer({"token": token, "expires_at": seat.expires_at, **about(node, seat)})


async def log_out(request: Request) -> Response:
    """POST /logout."""
    seat = await seat_of(request)
    node = node_of(request)
    await asyncio.to_thread(node.auth.log_out, seat)
    node.hub.log_out(seat.token_hash)
    return Response(status_code=204)


async def me(request: Request) -> Response:
    """GET /me."""
    # A desk asks because its roles have just changed or its token may be worth nothing: what is remembered won't do.
    return answer(about(node_of(request), await seat_of(request, now=True)))


def about(node: Node, seat: Seat) -> dict[str, Any]:
    """What a desk is told about itself and the server."""
    return {
        "staff": seat.staff,
        "logs": seat.logs,
        "time": clock.now_ms(),
        "protocol": codec.PROTOCOL,
        "log_id": node.hub.log_id,
    }


async def practice(request: Request) -> Response:
    """GET /practice: the accounts of the practice city; elsewhere there is no such page."""
    if not node_of(request).practice:
        return answer({"error": "not_found"}, 404)
    return answer({"accounts": practice_city.accounts()})


async def founding(request: Request) -> Response:
    """GET /setup: is this a new installation on its own computer? POST: make the company."""
    node = node_of(request)
    if node.local_token is None or node.practice:
        return answer({"error": "not_found"}, 404)
    if request.method == "POST":
        await asyncio.to_thread(setup.found, node, codec.decode(await body_of(request), setup.Founding))
    return answer({"needed": await asyncio.to_thread(setup.needed, node)})


ROUTES = [
    Route("/login", log_in, methods=["POST"]),
    Route("/logout", log_out, methods=["POST"]),
    Route("/me", me),
    Route("/practice", practice),
    Route("/setup", founding, methods=["GET", "POST"]),
]
