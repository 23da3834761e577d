"""The practice city: a company to try everything on, made once, removed with its folder."""

from __future__ import annotations

from concurrent.futures import Future
from typing import Any

from dispatcher_app import clock, codec
from dispatcher_app.domain.act import Act, Actor
from dispatcher_app.domain.command import PLATFORM_COMMANDS
from dispatcher_app.domain.entity import PLATFORM
from dispatcher_app.server.auth import set_password
from dispatcher_app.server.node import Node

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

    waiting: list[Future[codec.Reply]] = []

    def submit(actor: Actor, command: Any, at: int) -> None:
        region = PLATFORM if type(command) in PLATFORM_COMMANDS else city.REGION
        waiting.append(node.executor.submit(
            Act(id=clock.new_id(), actor=actor, at=at, command=command, region=region)
        ))  # fmt: skip

    city.build(submit, SEED, now)
    for each in waiting:
        each.result(30)

    def open_doors(cursor: Any) -> None:
        for account in accounts():
            set_password(cursor, account["user"], account["user"], PASSWORD)

    node.executor.run(open_doors).result(30)
    node.positions.report(city.positions(SEED, now))
