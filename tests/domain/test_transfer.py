"""Orders given back and handed on: two sides, a time limit, a supervisor's word."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from dispatcher_app.domain.act import SYSTEM, Rejected
from dispatcher_app.domain.command import (
    AnswerTransfer,
    AskTransfer,
    AssignTechnician,
    CancelOrder,
    ChangeAppointment,
    DropOrder,
    ExpireTransfer,
    ForceTransfer,
    UnassignTechnician,
)  # fmt: skip
from dispatcher_app.domain.order import STATUSES
from dispatcher_app.domain.region import Policy
from dispatcher_app.domain.timer import alarm
from dispatcher_app.simulator.rehearsal import Rehearsal
from tests.domain import onsite, trade
from tests.domain.onsite import LI, WANG
from tests.domain.trade import COUNTER, DISPATCHER, NOW, SUPERVISOR, hour, minutes, order_of, technician

ASK = AskTransfer(order="o1", from_technician="li", to="wang", reason="busy")
YES = AnswerTransfer(order="o1", to="wang", agreed=True)
NO = replace(YES, agreed=False)
FORCE = ForceTransfer(order="o1", from_technician="li", to="wang", start=hour(14), reason="ill")
DROP = DropOrder(order="o1", technician="li", reason="ill")
ENDS = NOW + minutes(15)


def asked() -> Rehearsal:
    world = trade.company()
    trade.assigned(world)
    world.do(LI, ASK, NOW)
    return world


def test_an_order_given_back_waits_for_somebody_else() -> None:
    world = trade.company()
    trade.assigned(world)
    change = world.do(LI, DROP, NOW)
    order = order_of(world)
    assert (order.status, order.technician, order.planned_on) == ("pending", None, None)
    assert trade.day_of(world, "li").stops == ()
    assert order.steps[-1].params == {"technician": "li", "reason": "ill"}
    assert change.undo == AssignTechnician(order="o1", technician="li", start=hour(14))
    world.do(DISPATCHER, change.undo, NOW)
    assert order_of(world).technician == "li"


@pytest.mark.parametrize(
    ("actor", "changes", "code"),
    [
        (WANG, {}, "not_allowed"),
        (COUNTER, {}, "not_allowed"),
        (DISPATCHER, {"technician": "wang"}, "changed_meanwhile"),
        (LI, {"reason": ""}, "required"),
        (LI, {"reason": "不想去"}, "reason_unknown"),
    ],
)
def test_an_order_is_given_back_by_its_own_technician_with_a_reason(
    actor: Any, changes: dict[str, Any], code: str
) -> None:
    world = trade.company()
    trade.assigned(world)
    with pytest.raises(Rejected, match=code):
        world.do(actor, replace(DROP, **changes), NOW)


def test_an_order_under_way_is_not_given_back() -> None:
    world = trade.company()
    trade.assigned(world)
    onsite.departed(world)
    for command in (DROP, ASK, replace(FORCE)):
        with pytest.raises(Rejected, match="wrong_status"):
            world.do(SUPERVISOR, command, hour(13.6))


def test_an_order_asked_of_another_stays_where_it_is_until_he_agrees() -> None:
    world = asked()
    order = order_of(world)
    assert order.transfer is not None
    assert (order.status, order.technician, order.transfers) == ("accepted", "li", 1)
    assert (order.transfer.to, order.transfer.expires_at) == ("wang", ENDS)
    assert alarm(order, Policy()) == ENDS
    before = trade.day_of(world, "li")
    change = world.do(WANG, YES, ENDS - 1)
    order, stop = order_of(world), trade.day_of(world, "wang").stop_of("o1")
    assert (order.status, order.technician, order.transfer) == ("accepted", "wang", None)
    assert stop is not None
    assert stop.start == hour(14)
    assert trade.day_of(world, "li").stops == ()
    world.do(DISPATCHER, change.undo, NOW)
    assert trade.day_of(world, "li").stops == before.stops
    assert trade.day_of(world, "wang").stops == ()


def test_the_other_may_come_at_another_time_that_suits_him() -> None:
    world = asked()
    change = world.do(WANG, replace(YES, start=hour(15)), NOW)
    stop = trade.day_of(world, "wang").stop_of("o1")
    assert stop is not None
    assert stop.start == hour(15)
    assert change.warnings == ()


def test_the_other_says_no_and_the_asker_may_take_it_back() -> None:
    for actor in (WANG, LI, DISPATCHER):
        world = asked()
        world.do(actor, NO, NOW)
        order = order_of(world)
        assert (order.technician, order.transfer, order.steps[-1].params["agreed"]) == ("li", None, False)


def test_nobody_agrees_to_his_own_request() -> None:
    world = asked()
    with pytest.raises(Rejected, match="not_allowed"):
        world.do(LI, YES, NOW)
    for command in (replace(ASK, to="li"), replace(FORCE, to="li")):
        with pytest.raises(Rejected, match="same_technician"):
            world.do(SUPERVISOR, command, NOW + minutes(16))


def test_a_third_one_can_not_answer() -> None:
    world = asked()
    with pytest.raises(Rejected, match="not_allowed"):
        world.do(replace(LI, id="zhao"), YES, NOW)
    with pytest.raises(Rejected, match="changed_meanwhile"):
        world.do(replace(LI, id="zhao"), replace(YES, to="zhao"), NOW)


def test_agreeing_too_late_or_where_he_has_no_time_is_refused() -> None:
    world = asked()
    with pytest.raises(Rejected, match="transfer_expired"):
        world.do(WANG, YES, ENDS)
    trade.booked(world, "o2")
    world.do(DISPATCHER, trade.assign("o2", "wang", 14.5), NOW)
    with pytest.raises(Rejected, match="technician_unfit"):
        world.do(WANG, YES, NOW)
    assert order_of(world).technician == "li"


def test_one_is_asked_at_a_time_and_another_once_the_time_is_over() -> None:
    world = asked()
    with pytest.raises(Rejected, match="transfer_open"):
        world.do(LI, replace(ASK, to="zhao"), ENDS - 1)
    world.do(LI, replace(ASK, to="zhao"), ENDS)
    order = order_of(world)
    assert order.transfer is not None
    assert (order.transfer.to, order.transfers) == ("zhao", 2)


def test_somebody_who_could_not_do_it_is_not_asked() -> None:
    world = trade.company(technician("li"), technician("wang", skills=("water",)))
    trade.assigned(world)
    with pytest.raises(Rejected, match="technician_unfit"):
        world.do(LI, ASK, NOW)
    with pytest.raises(Rejected, match="not_found"):
        world.do(LI, replace(ASK, to="ghost"), NOW)
    with pytest.raises(Rejected, match="not_allowed"):
        world.do(WANG, ASK, NOW)


def test_a_request_runs_out_once_and_only_by_the_system() -> None:
    world = asked()
    expired = ExpireTransfer(order="o1", to="wang", expires_at=ENDS)
    with pytest.raises(Rejected, match="not_allowed"):
        world.do(SUPERVISOR, expired, ENDS)
    for early in (replace(expired, expires_at=ENDS + 1), expired):
        with pytest.raises(Rejected, match="transfer_running"):
            world.do(SYSTEM, early, ENDS - 1)
    world.do(SYSTEM, expired, ENDS)
    order = order_of(world)
    assert (order.technician, order.transfer, alarm(order, Policy())) == ("li", None, None)
    with pytest.raises(Rejected, match="changed_meanwhile"):
        world.do(SYSTEM, expired, ENDS)


def test_a_supervisor_hands_it_on_without_a_word_but_not_against_the_hard_rules() -> None:
    world = asked()
    with pytest.raises(Rejected, match="not_allowed"):
        world.do(DISPATCHER, FORCE, NOW)
    with pytest.raises(Rejected, match="technician_unfit"):
        world.do(SUPERVISOR, replace(FORCE, start=hour(22)), NOW)
    with pytest.raises(Rejected, match="changed_meanwhile"):
        world.do(SUPERVISOR, replace(FORCE, from_technician="zhao"), NOW)
    change = world.do(SUPERVISOR, FORCE, NOW)
    order = order_of(world)
    assert (order.technician, order.transfer, order.steps[-1].action) == ("wang", None, "force_transfer")
    world.do(SUPERVISOR, change.undo, NOW)
    assert order_of(world).technician == "li"


@pytest.mark.parametrize(
    "command",
    [
        trade.assign("o1", "zhao", from_technician="li"),
        UnassignTechnician(order="o1", from_technician="li"),
        CancelOrder(order="o1", reason="not_needed", side="customer"),
        ChangeAppointment(order="o1", from_window=trade.window(14, 16), window=trade.window(16, 18), side="customer",
                          reason="other_time", consent=True),
        DROP,
    ],
    ids=lambda each: type(each).__name__,
)  # fmt: skip
def test_a_request_ends_with_what_it_was_about(command: Any) -> None:
    world = asked()
    world.do(DISPATCHER, command, NOW)
    assert order_of(world).transfer is None
    with pytest.raises(Rejected):
        world.do(WANG, YES, NOW)


@pytest.mark.parametrize("status", [each for each in STATUSES if each != "accepted"])
def test_nothing_but_an_accepted_order_is_handed_on(status: Any) -> None:
    world = asked()
    order = order_of(world)
    world.entities["order", "o1"] = replace(order, status=status)
    for command in (ASK, YES, NO, FORCE, DROP):
        with pytest.raises(Rejected, match="wrong_status"):
            world.do(SUPERVISOR, command, NOW)
