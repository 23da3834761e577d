"""A company whose technicians all have full days tomorrow, made by ordinary commands: for the benches of the board."""

from __future__ import annotations

import random
from dataclasses import replace
from pathlib import Path

from dispatcher_app import clock
from dispatcher_app.domain.act import SYSTEM, Act
from dispatcher_app.domain.calendar import HOUR_MS, MINUTE_MS, local_date, midnight, next_date
from dispatcher_app.domain.command import AssignTechnician, SavePolicy
from dispatcher_app.domain.order import Window
from dispatcher_app.domain.region import Policy
from dispatcher_app.server.executor import Executor
from dispatcher_app.server.node import prepared
from dispatcher_app.server.serve import sqlite_url
from tests.bench.company import REGION, booking, found, many

ZONE = "Asia/Shanghai"
_EACH = 68 * MINUTE_MS


def tomorrow() -> str:
    """The date of the full day."""
    return next_date(local_date(clock.now_ms(), ZONE))


def busy_day(data: Path, technicians: int, visits: int, waiting: int = 60) -> None:
    """So many technicians with so many visits tomorrow, and some orders that nobody goes to."""
    found(data, technicians=technicians)
    dice = random.Random(11)
    database, vault = prepared(sqlite_url(data), data / "secret.key")
    executor = Executor(database, vault, lambda messages: None)
    policy = SavePolicy(policy=Policy(version=1, daily_limit=40))
    executor.submit(
        Act(id=clock.new_id(), actor=SYSTEM, at=clock.now_ms(), command=policy, region="platform")
    ).result(60)
    begin = midnight(tomorrow(), ZONE) + 8 * HOUR_MS
    bookings, assigning = [], []
    for at in range(visits):
        technician, place = at % technicians, at // technicians
        start = begin + place * _EACH
        window = begin + place * _EACH // (2 * HOUR_MS) * 2 * HOUR_MS
        made = replace(booking(dice), window=Window(window, window + 2 * HOUR_MS))
        bookings.append(made)
        assigning.append(AssignTechnician(order=made.order, technician=f"t{technician}", start=start))
    for at in range(waiting):
        window = begin + at % 5 * 2 * HOUR_MS
        bookings.append(replace(booking(dice), window=Window(window, window + 2 * HOUR_MS)))
    many(executor, bookings)
    for first in range(0, len(assigning), 2000):
        acts = [
            Act(id=clock.new_id(), actor=SYSTEM, at=clock.now_ms(), command=command, region=REGION)
            for command in assigning[first : first + 2000]
        ]
        executor.submit_all(acts).result(300)
    executor.close()
    database.close()
