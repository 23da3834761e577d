"""Flags: what somebody had to look at, taken away by a supervisor who has."""

from __future__ import annotations

from dataclasses import replace

from dispatcher_app.domain.act import Act, Change, Rejected, World
from dispatcher_app.domain.command import ClearFlag
from dispatcher_app.domain.order import Order
from dispatcher_app.domain.rule.facts import coded, in_region, may, stepped
from dispatcher_app.domain.rule.word import renumberers

RAISED_BY = {
    "arrived_away": frozenset({"arrive"}),
    "number_changed": frozenset({"change_number", "quote", "decline_quote", "finish"}),
    "quote_dropped": frozenset({"quote"}),
    "quote_over": frozenset({"quote"}),
    "refund_attention": frozenset({"refund_failed", "refund_attention"}),
    "standard_marked": frozenset({"finish", "finish_device"}),
}
"""The steps that raise a flag."""


def clear(command: ClearFlag, act: Act, world: World, now: int) -> Change:
    """Looked at and found in order, for a reason that stays in the story; nobody clears what he caused himself."""
    order = in_region(world, Order, command.order, "order", act.region)
    may(order, "clear_flag", act)
    if command.flag not in order.flags:
        raise Rejected("is_so_already", "flag")
    if act.actor.name in raisers(world, order, command.flag):
        raise Rejected("own_flag", "flag")
    after = replace(order, flags=tuple(each for each in order.flags if each != command.flag))
    after = stepped(after, act, "clear_flag", flag=command.flag, reason=coded(command.reason, "reason"))
    return Change(after=(after,))


def raisers(world: World, order: Order, flag: str) -> frozenset[str]:
    """Who did last what raises this flag; with a changed number also who has changed it, be it long before."""
    last = {step.action: step.actor for step in order.steps if step.action in RAISED_BY.get(flag, ())}
    also = renumberers(world, order) if flag == "number_changed" else frozenset()
    return also.union(last.values())
