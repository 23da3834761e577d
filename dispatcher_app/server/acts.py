"""Acts that come in: one by one, or many of a kind that are saved together."""

from __future__ import annotations

import asyncio
from typing import Final

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from dispatcher_app import codec
from dispatcher_app.domain.act import Act, Rejected
from dispatcher_app.domain.command import BY_NAME, SERVER_ONLY
from dispatcher_app.server import mine
from dispatcher_app.server.answer import answer, refusal_of
from dispatcher_app.server.auth import Seat
from dispatcher_app.server.body import BODY_LIMIT, body_of
from dispatcher_app.server.caller import with_known_callers
from dispatcher_app.server.request import NotLoggedIn, node_of, read, seat_of
from dispatcher_app.server.sight import hidden_from, reply_without
from dispatcher_app.server.tries import order_with_code

IMPORT_LIMIT = 64 * 1024 * 1024
LIMITS: Final = {"publish-plan": 8 * 1024 * 1024}
"""Bytes of commands that may be long: a plan of twenty thousand moves."""


class Many(msgspec.Struct):
    """Acts of one kind."""

    name: str
    acts: list[codec.Submitted]


async def command(request: Request) -> Response:
    """POST /commands/{name}: one act."""
    name = request.path_params["name"]
    try:
        seat, body = await seat_of(request), await body_of(request, LIMITS.get(name, BODY_LIMIT))
    except NotLoggedIn:
        return await mine.command(request, name)
    if name not in BY_NAME:
        return answer({"error": "unknown_command", "command": name}, 404)
    act = act_of(seat, name, codec.decode(body, codec.Submitted))
    node = node_of(request)
    reply = await node.tries.guarded(act, lambda: node.executor.submit_here(act))
    return answer(reply_without(reply, hidden_from(seat.actor)))


async def commands(request: Request) -> Response:
    """POST /commands: acts of one kind that are saved together, each with its own answer (imports)."""
    seat, body = await seat_of(request), await body_of(request, IMPORT_LIMIT)
    sent = codec.decode(body, Many)
    if sent.name not in BY_NAME:
        return answer({"error": "unknown_command", "command": sent.name}, 404)
    acts: list[Act] = []
    refused: dict[int, Rejected] = {}
    for row, each in enumerate(sent.acts):
        try:
            act = act_of(seat, sent.name, each)
            if order_with_code(act) is not None:
                # Codes are tried one by one, where wrong ones are counted.
                raise Rejected("code_tries", "code", tries=0)
            acts.append(act)
        except Rejected as rejected:
            refused[row] = rejected
    acts = await read(request, lambda cursor: with_known_callers(cursor, node_of(request).vault, acts))
    answers = await asyncio.wrap_future(node_of(request).executor.submit_all(acts))
    decided = iter(answers)
    results = (refused.get(row) or next(decided) for row in range(len(sent.acts)))
    return answer({"results": [
        refusal_of(each) if isinstance(each, Rejected) else {"seq": each.message.seq, "repeated": each.repeated}
        for each in results
    ]})  # fmt: skip


def act_of(seat: Seat, name: str, sent: codec.Submitted) -> Act:
    """The act that a desk has sent; raises Rejected naming the field that does not fit, or for what no desk sends."""
    if BY_NAME[name] in SERVER_ONLY:
        raise Rejected("not_allowed", None, action=name, needs=["system"])
    for field, id in (("id", sent.id), ("undoes", sent.undoes), ("batch", sent.batch)):
        if id is not None and not (8 <= len(id) <= 64 and id.isascii() and id.isprintable()):
            raise Rejected("invalid", field, detail="8 to 64 ASCII characters")
    return Act(
        id=sent.id,
        actor=seat.actor,
        at=sent.at,
        command=codec.command(name, sent.command),
        region=sent.region,
        undoes=sent.undoes,
        batch=sent.batch,
    )


ROUTES = [
    Route("/commands", commands, methods=["POST"]),
    Route("/commands/{name}", command, methods=["POST"]),
]
