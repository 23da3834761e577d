"""The first start of a company's own installation: a region with a store, the first catalogue, an administrator."""

from __future__ import annotations

from dataclasses import replace

import msgspec

from dispatcher_app import clock
from dispatcher_app.catalogue_file import commands, first_catalogue
from dispatcher_app.domain.act import SYSTEM, Act, Rejected
from dispatcher_app.domain.calendar import local_date
from dispatcher_app.domain.command import SavePolicy, SaveRegion, SaveStaff
from dispatcher_app.domain.entity import PLATFORM
from dispatcher_app.domain.place import Point
from dispatcher_app.domain.region import Policy, Region, Staff, Store
from dispatcher_app.holiday_source import known_from
from dispatcher_app.server.auth import PASSWORD_LENGTH, set_password
from dispatcher_app.server.node import Node

REGION = "home"
STORE = "main"
FIRST_ROLES = ("administrator", "supervisor", "dispatcher")


class Founding(msgspec.Struct):
    """What the first person says about the company."""

    city: str
    user: str
    name: str
    password: str
    centre: Point
    timezone: str = "Asia/Shanghai"
    currency: str = "CNY"


def needed(node: Node) -> bool:
    """Whether nothing has ever happened here."""
    with node.database.reading() as cursor:
        return cursor.one("SELECT 1 FROM act LIMIT 1") is None


def found(node: Node, asked: Founding) -> None:
    """Make the company; raises Rejected where there is one already or something is missing."""
    if not needed(node):
        raise Rejected("exists", "city")
    for field in ("city", "user", "name"):
        if not getattr(asked, field).strip():
            raise Rejected("required", field)
    if len(asked.password) < PASSWORD_LENGTH:
        raise Rejected("password_short", "password", length=PASSWORD_LENGTH)
    region = Region(
        id=REGION,
        name=asked.city.strip(),
        timezone=asked.timezone,
        currency=asked.currency,
        centre=asked.centre,
        stores=(
            Store(
                id=STORE,
                name=f"{asked.city.strip()}店",
                name_en="Main store",
                district="",
                point=asked.centre,
            ),
        ),
    )
    now = clock.now_ms()
    year = int(local_date(now, region.timezone)[:4])
    catalogue = replace(first_catalogue(), holidays=known_from(year, region.timezone))
    staff = Staff(id=asked.user.strip(), name=asked.name.strip(), roles=FIRST_ROLES, regions=(REGION,))
    wanted = [
        SaveRegion(saved=region),
        SavePolicy(policy=Policy()),
        *commands(catalogue, region.currency, now),
        SaveStaff(staff=staff),
    ]
    acts = [Act(id=clock.new_id(), actor=SYSTEM, at=now, command=each, region=PLATFORM) for each in wanted]
    for result in node.executor.submit_all(acts).result(30):
        if isinstance(result, Rejected):
            raise result
    node.executor.run(lambda cursor: set_password(cursor, staff.id, staff.id, asked.password)).result(30)
