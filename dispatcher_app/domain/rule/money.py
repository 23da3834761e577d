"""What becomes of fees and shares after an order is over."""

from __future__ import annotations

from dataclasses import replace

from dispatcher_app.domain.act import Act, Change, Rejected, World
from dispatcher_app.domain.command import ReleaseShare, SplitShare, WaiveFee
from dispatcher_app.domain.money import entries
from dispatcher_app.domain.money.share import portions
from dispatcher_app.domain.order import Order
from dispatcher_app.domain.pricing import owed
from dispatcher_app.domain.rule.facts import changed_meanwhile, coded, in_region, may, policy_of, stepped
from dispatcher_app.domain.technician import Technician
from dispatcher_app.domain.timer import released_at

CREW_MOST = 10


def release(command: ReleaseShare, act: Act, world: World, now: int) -> Change:
    """What was frozen of an order is available: long enough after its end, and nobody complains."""
    order = in_region(world, Order, command.order, "order", act.region)
    may(order, "release_share", act)
    due = released_at(order, policy_of(world))
    if due is None or due > now:
        raise Rejected("share_not_due", None)
    frozen = entries.held(world.standing(order.id), "frozen")
    after = stepped(replace(order, share="available"), act, "release_share")
    if not frozen:
        return Change(after=(after,))
    number = 0
    while world.posted(entries.release_id(order, number)) is not None:
        number += 1
    return Change(after=(after,), postings=(entries.released(order, frozen, number),))


def split(command: SplitShare, act: Act, world: World, now: int) -> Change:
    """Who came states how they part what the visit brings; later than its end nobody changes it any more."""
    order = in_region(world, Order, command.order, "order", act.region)
    may(order, "split_share", act)
    if command.from_percents != order.split:
        raise changed_meanwhile(order, "percents", frozenset({"split_share"}))
    percents = command.percents
    who = [id for id, _ in percents]
    if len(set(who)) < len(who) or len(who) > CREW_MOST:
        raise Rejected("percents_invalid", "percents")
    if percents and (
        sum(each for _, each in percents) != 100 or any(not 0 <= each <= 100 for _, each in percents)
    ):
        raise Rejected("percents_invalid", "percents")
    came = {id for visit in order.visits for id in (visit.technician, *visit.helpers)} | set(portions(order))
    for id in who:
        in_region(world, Technician, id, "percents", act.region)
        if id not in came:
            raise Rejected("percents_stranger", "percents", technician=id)
    after = stepped(replace(order, split=percents), act, "split_share", percents=dict(percents))
    undo = SplitShare(order=order.id, percents=order.split, from_percents=percents)
    return Change(after=(after,), undo=undo)


def waive(command: WaiveFee, act: Act, world: World, now: int) -> Change:
    """What is unpaid of a cancellation's fee is let off; what was paid is given back as a refund instead."""
    order = in_region(world, Order, command.order, "order", act.region)
    may(order, "waive_fee", act)
    reason = coded(command.reason, "reason")
    ending = order.cancellation
    left = owed(order) - order.paid
    if ending is None or left <= 0:
        raise Rejected("nothing_owed", None)
    if command.fee != left:
        raise changed_meanwhile(order, "fee", frozenset({"pay", "waive_fee"}), amount=left)
    after = replace(order, cancellation=replace(ending, waived=ending.waived + left))
    after = stepped(after, act, "waive_fee", amount=left, reason=reason)
    return Change(after=(after,), postings=(entries.waived(order, left),))
