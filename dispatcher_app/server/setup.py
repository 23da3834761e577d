"""The first start of a company's own installation: a region, the first catalogue, an administrator."""

from __future__ import annotations

import msgspec

from dispatcher_app import clock
from dispatcher_app.catalogue_file import first_catalogue
from dispatcher_app.domain.act import SYSTEM, Act, Rejected
from dispatcher_app.domain.command import SaveCategory, SaveItem, SavePolicy, SaveRegion, SaveStaff
from dispatcher_app.domain.entity import PLATFORM
from dispatcher_app.domain.place import Point
from dispatcher_app.domain.region import Policy, Region, Staff
from dispatcher_app.server.auth import PASSWORD_LENGTH, set_password
from dispatcher_app.server.node import Node

REGION = "home"
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
    )
    catalogue = first_catalogue()
    staff = Staff(id=asked.user.strip(), name=asked.name.strip(), roles=FIRST_ROLES, regions=(REGION,))
    commands = [
        SaveRegion(saved=region),
        SavePolicy(policy=Policy()),
        *(SaveCategory(category=category) for category in catalogue.categories),
        *(SaveItem(item=item) for item in catalogue.items),
        SaveStaff(staff=staff),
    ]
    now = clock.now_ms()
    acts = [Act(id=clock.new_id(), actor=SYSTEM, at=now, command=each, region=PLATFORM) for each in commands]
    for result in node.executor.submit_all(acts).result(30):
        if isinstance(result, Rejected):
            raise result
    node.executor.run(lambda cursor: set_password(cursor, staff.id, staff.id, asked.password)).result(30)
