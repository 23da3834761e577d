"""Flags stay until a supervisor has looked, and says why they may go."""

from __future__ import annotations

from dataclasses import replace

import pytest

from dispatcher_app.domain.act import Actor, Rejected
from dispatcher_app.domain.command import Arrive, ChangeCustomer, ClearFlag, ConfirmOrder
from dispatcher_app.domain.place import Point
from dispatcher_app.domain.region import Policy
from dispatcher_app.domain.timer import confirmed_by_silence
from dispatcher_app.simulator.rehearsal import Rehearsal
from tests.domain import onsite, trade
from tests.domain.onsite import ARRIVED, LI
from tests.domain.trade import DISPATCHER, SUPERVISOR, order_of

FAR = Point(121.48, 31.23)
CLEAR = ClearFlag(order="o1", flag="arrived_away", reason="address_wrong")


def away(arriving: Actor = LI) -> Rehearsal:
    """He reported his arrival from a kilometre away, with a photo and a reason."""
    world = trade.company()
    trade.assigned(world)
    onsite.departed(world)
    photo = onsite.photo(world)
    command = Arrive(order="o1", technician="li", point=FAR, reason="gate_far", photo=photo)
    world.do(arriving, command, ARRIVED)
    assert order_of(world).flags == ("arrived_away",)
    return world


def test_a_supervisor_who_has_looked_clears_a_flag_with_a_reason() -> None:
    world = away()
    for actor in (DISPATCHER, LI, trade.ADMINISTRATOR):
        with pytest.raises(Rejected, match="not_allowed"):
            world.do(actor, CLEAR, ARRIVED)
    with pytest.raises(Rejected, match="reason_unknown"):
        world.do(SUPERVISOR, replace(CLEAR, reason="张丽华说的"), ARRIVED)
    with pytest.raises(Rejected, match="required"):
        world.do(SUPERVISOR, replace(CLEAR, reason=""), ARRIVED)
    change = world.do(SUPERVISOR, CLEAR, ARRIVED)
    order = order_of(world)
    assert (order.flags, order.status, change.undo) == ((), "in_progress", None)
    assert (order.steps[-1].action, order.steps[-1].params) == (
        "clear_flag", {"flag": "arrived_away", "reason": "address_wrong"},
    )  # fmt: skip
    with pytest.raises(Rejected, match="is_so_already"):
        world.do(SUPERVISOR, CLEAR, ARRIVED)


def test_nobody_clears_a_flag_that_he_caused_himself() -> None:
    world = away(SUPERVISOR)
    with pytest.raises(Rejected, match="own_flag"):
        world.do(SUPERVISOR, CLEAR, ARRIVED)
    world.do(trade.staff("supervisor", id="other"), CLEAR, ARRIVED)


def test_silence_and_links_confirm_nothing_while_a_changed_number_waits_for_a_look() -> None:
    world = trade.company()
    onsite.finished(world)
    at = order_of(world).since
    world.do(
        DISPATCHER, ChangeCustomer(customer="c-o1", from_version=1, name="张丽华", phone="13911112222"), at
    )
    order = order_of(world)
    assert order.flags == ("number_changed",)
    assert confirmed_by_silence(order, Policy()) is None
    with pytest.raises(Rejected, match="number_changed"):
        world.do(Actor(kind="link", id="o1"), ConfirmOrder(order="o1", confirmation="page"), at)
    world.do(SUPERVISOR, ClearFlag(order="o1", flag="number_changed", reason="checked_by_call"), at)
    world.do(Actor(kind="link", id="o1"), ConfirmOrder(order="o1", confirmation="page"), at)
    assert order_of(world).confirmation == "page"
