"""A region's traffic is observed, never typed."""

from __future__ import annotations

from dispatcher_app.domain import role
from dispatcher_app.domain.act import Act, Change, World
from dispatcher_app.domain.command.traffic import SaveTraffic
from dispatcher_app.domain.rule.facts import on_top, region_of

NOBODY: frozenset[str] = frozenset()


def save_traffic(command: SaveTraffic, act: Act, world: World, now: int) -> Change:
    """What was observed, on top of what was known."""
    role.require(act.actor, NOBODY, act.region)
    region_of(world, command.traffic.region)
    return Change(after=(on_top(world, command.traffic, act),))
