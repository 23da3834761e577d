"""The practice city: a company to try everything on, made once, removed with its folder."""

from __future__ import annotations

import asyncio
import hashlib
from concurrent.futures import Future
from typing import TYPE_CHECKING, Any

from dispatcher_app import codec
from dispatcher_app.domain.act import SYSTEM, Act, Actor
from dispatcher_app.domain.command import PLATFORM_COMMANDS
from dispatcher_app.domain.entity import PLATFORM
from dispatcher_app.server.auth import set_password
from dispatcher_app.server.node import Node
from dispatcher_app.server.store import upload
from dispatcher_app.server.store.upload import Upload

if TYPE_CHECKING:
    from dispatcher_app.simulator.face import Hang
    from dispatcher_app.simulator.shot import Shot, Take, Taken

PASSWORD = "practice"
"""Shown in the log-in window: a practice city is on this computer only and holds nobody's data."""

SEED = 1


def accounts() -> list[dict[str, Any]]:
    """The people at the practice city's desks."""
    from dispatcher_app.simulator import city

    return [
        {"user": staff.id, "password": PASSWORD, "name": staff.name, "roles": staff.roles}
        for staff in city.staff()
    ]


def build(node: Node, now: int) -> None:
    """Make the city by real commands through the one gate; returns when everything is saved."""
    from dispatcher_app.simulator import city
    from dispatcher_app.simulator.rehearsal import act_id

    waiting: list[Future[codec.Reply]] = []

    def submit(actor: Actor, command: Any, at: int) -> None:
        region = PLATFORM if type(command) in PLATFORM_COMMANDS else city.REGION
        id = act_id(len(waiting))
        waiting.append(node.executor.submit(Act(id=id, actor=actor, at=at, command=command, region=region)))

    with asyncio.Runner() as runner:
        known = city.build(submit, SEED, now, keeping(node, runner, now), hanging(node, runner))
    for each in waiting:
        each.result(30)

    def open_doors(cursor: Any) -> None:
        for account in accounts():
            set_password(cursor, account["user"], account["user"], PASSWORD)

    node.executor.run(open_doors).result(30)
    node.positions.report(city.positions(SEED, now, known))


def hanging(node: Node, runner: asyncio.Runner) -> Hang:
    """The technicians' portraits, stored as they were drawn: nobody took them, so nothing has to be taken out."""
    from dispatcher_app.server.files.portrait import named
    from dispatcher_app.server.files.store import PORTRAITS, whole

    def hang(id: str, data: bytes) -> str:
        name = named(id, hashlib.sha256(data).hexdigest())
        runner.run(node.archive.store.put(f"{PORTRAITS}/{name}", whole(data), len(data)))
        return name

    return hang


def keeping(node: Node, runner: asyncio.Runner, now: int) -> Take:
    """The city's photos, drawn and then made anew, sealed and stored as every other one."""
    from dispatcher_app.server.files import photo
    from dispatcher_app.server.files.finish import file_of, put_all
    from dispatcher_app.simulator.quarter import REGION, region
    from dispatcher_app.simulator.shot import Taken, drawn

    timezone = region().timezone

    def keep(id: str, shot: Shot, order: str) -> Taken:
        part, view, thumb = (
            node.archive.part(id),
            *(node.archive.made(id, each) for each in ("view", "thumb")),
        )
        part.write_bytes(drawn(shot))
        looked = photo.look(part, "image/jpeg", view, thumb, timezone)
        made = Upload(
            id=id, region=REGION, order_id=order, line=None, purpose="", name=f"{shot.scene}.jpg",
            media=looked.media, size=looked.original_size, sha256=None, actor=SYSTEM.name, created_at=now,
            expires_at=now,
        )  # fmt: skip
        runner.run(put_all(node, made, looked))
        node.executor.run(lambda cursor: upload.keep_file(cursor, file_of(made, looked))).result(30)
        node.archive.sweep(id)
        assert looked.width is not None
        assert looked.height is not None
        return Taken(
            size=looked.size, sha256=looked.sha256, original_size=looked.original_size,
            original_sha256=looked.original_sha256, width=looked.width, height=looked.height,
        )  # fmt: skip

    return keep
