"""Technicians ask for leave and other hours; the desk answers, and can take its answer back."""

from __future__ import annotations

from typing import Any

import pytest

from dispatcher_app.domain.act import SYSTEM, Actor, Rejected
from dispatcher_app.domain.calendar import DAY_MS, HOUR_MS, MINUTE_MS, working
from dispatcher_app.domain.command import (
    AddLeave,
    ApproveRequest,
    DeclineRequest,
    RemoveLeave,
    ReopenRequest,
    RequestHours,
    RequestLeave,
    SavePolicy,
    SetShiftException,
    WithdrawRequest,
)  # fmt: skip
from dispatcher_app.domain.region import Policy
from dispatcher_app.domain.request import ShiftRequest, ShiftRequests
from dispatcher_app.domain.technician import ShiftException, hours_on
from dispatcher_app.simulator.rehearsal import Rehearsal
from tests.domain import trade
from tests.domain.trade import DATE, DISPATCHER, NOW, hour

LI = Actor(kind="technician", id="li", regions=frozenset({"sh"}))
WANG = Actor(kind="technician", id="wang", regions=frozenset({"sh"}))
NEXT = "2026-11-24"


@pytest.fixture
def world() -> Rehearsal:
    return trade.company()


def leave(start: float = 13, end: float = 18, **other: Any) -> RequestLeave:
    given = {"request": "r1", "technician": "li", "reason": "孩子家长会"}
    return RequestLeave(start=hour(start), end=hour(end), **{**given, **other})


def hours(*spans: tuple[int, int], date: str = NEXT, **other: Any) -> RequestHours:
    given = {"request": "r1", "technician": "li", "reason": "上午有课"}
    return RequestHours(date=date, hours=tuple((a * 60, b * 60) for a, b in spans), **{**given, **other})


def asked(world: Rehearsal, technician: str = "li", id: str = "r1") -> ShiftRequest:
    found = world.get(ShiftRequests, technician)
    assert found is not None
    wish = found.find(id)
    assert wish is not None
    return wish


def approve(request: str = "r1", technician: str = "li") -> ApproveRequest:
    return ApproveRequest(technician=technician, request=request)


def refused(world: Rehearsal, actor: Actor, command: Any, now: int = NOW) -> tuple[str, str | None]:
    with pytest.raises(Rejected) as caught:
        world.do(actor, command, now)
    return caught.value.code, caught.value.field


def test_an_approved_leave_stands_as_if_the_desk_had_entered_it(world: Rehearsal) -> None:
    world.do(LI, leave(), NOW)
    assert trade.technician_of(world, "li").leaves == ()
    world.do(DISPATCHER, approve(), NOW + 1000)
    (stands,) = trade.technician_of(world, "li").leaves
    assert (stands.id, stands.start, stands.end, stands.reason) == ("r1", hour(13), hour(18), "孩子家长会")
    wish = asked(world)
    assert (wish.state, wish.answered_by, wish.answered_at) == ("approved", DISPATCHER.name, NOW + 1000)


@pytest.mark.parametrize("spans", [(), ((14, 20),), ((8, 11), (14, 20))])
def test_approved_hours_count_on_their_date_only(
    world: Rehearsal, spans: tuple[tuple[int, int], ...]
) -> None:
    before = working(trade.technician_of(world, "li"), DATE, trade.TIMEZONE)
    world.do(LI, hours(*spans), NOW)
    world.do(DISPATCHER, approve(), NOW)
    li = trade.technician_of(world, "li")
    expected = tuple((hour(24 + start), hour(24 + end)) for start, end in spans)
    assert working(li, NEXT, trade.TIMEZONE) == expected
    assert working(li, DATE, trade.TIMEZONE) == before


def test_undoing_an_approval_gives_back_the_former_hours_and_asks_again(world: Rehearsal) -> None:
    world.do(
        DISPATCHER,
        SetShiftException(technician="li", exception=ShiftException(NEXT, 10 * 60, 12 * 60)),
        NOW,
    )
    world.do(LI, hours((14, 20)), NOW)
    change = world.do(DISPATCHER, approve(), NOW)
    again = world.do(DISPATCHER, change.undo, NOW)
    assert trade.technician_of(world, "li").exceptions == (ShiftException(NEXT, 10 * 60, 12 * 60),)
    assert asked(world).waits(NOW)
    world.do(DISPATCHER, again.undo, NOW)
    assert trade.technician_of(world, "li").exceptions == (hours_on(NEXT, ((14 * 60, 20 * 60),)),)


def test_undoing_an_approved_leave_and_a_decline(world: Rehearsal) -> None:
    world.do(LI, leave(), NOW)
    for _ in range(2):
        approved = world.do(DISPATCHER, approve(), NOW)
        world.do(DISPATCHER, approved.undo, NOW)
        assert trade.technician_of(world, "li").leaves == ()
        declined = world.do(DISPATCHER, DeclineRequest(technician="li", request="r1", reason="人手不够"), NOW)
        assert (asked(world).state, asked(world).answer) == ("declined", "人手不够")
        world.do(DISPATCHER, declined.undo, NOW)
        assert asked(world).waits(NOW)


def test_an_approval_that_was_built_on_is_not_taken_back(world: Rehearsal) -> None:
    world.do(LI, leave(), NOW)
    undo = world.do(DISPATCHER, approve(), NOW).undo
    world.do(DISPATCHER, RemoveLeave(technician="li", leave="r1"), NOW)
    assert refused(world, DISPATCHER, undo) == ("request_changed", "request")
    assert asked(world).state == "approved"


def test_the_visits_that_a_request_hits_are_named_before_it_is_approved(world: Rehearsal) -> None:
    trade.booked(world)
    world.do(DISPATCHER, trade.assign(start=14), NOW)
    said = world.do(LI, leave(), NOW)
    assert [(each.code, each.params) for each in said.warnings] == [("leave_hits", {"orders": ["o1"]})]
    assert world.do(DISPATCHER, approve(), NOW).warnings == said.warnings
    assert trade.day_of(world, "li").stop_of("o1") is not None


@pytest.mark.parametrize(
    ("spans", "hit"), [(((8, 20),), []), (((8, 14),), ["o1"]), (((8, 11), (16, 20)), ["o1"]), ((), ["o1"])]
)
def test_other_hours_hit_the_visits_that_do_not_lie_in_them_whole(
    world: Rehearsal, spans: tuple[tuple[int, int], ...], hit: list[str]
) -> None:
    trade.booked(world)
    world.do(DISPATCHER, trade.assign(start=14.5), NOW)
    said = world.do(LI, hours(*spans, date=DATE), NOW)
    assert [order for each in said.warnings for order in each.params["orders"]] == hit


@pytest.mark.parametrize(
    "answer",
    [
        approve(),
        DeclineRequest(technician="li", request="r1", reason="好"),
        ReopenRequest(technician="li", request="r1"),
    ],
)
def test_nobody_in_the_field_answers_requests_least_of_all_his_own(world: Rehearsal, answer: Any) -> None:
    world.do(LI, leave(), NOW)
    for actor in (
        LI,
        WANG,
        trade.COUNTER,
        trade.staff("finance"),
        trade.staff("dispatcher", regions=("bj",)),
    ):
        assert refused(world, actor, answer)[0] in ("not_allowed", "other_region")
    assert asked(world).waits(NOW)


@pytest.mark.parametrize("actor", [WANG, DISPATCHER, SYSTEM])
def test_only_a_technician_asks_and_withdraws_and_only_for_himself(world: Rehearsal, actor: Actor) -> None:
    assert refused(world, actor, leave())[0] == "not_allowed"
    assert refused(world, actor, hours((9, 12)))[0] == "not_allowed"
    world.do(LI, leave(), NOW)
    assert refused(world, actor, WithdrawRequest(technician="li", request="r1"))[0] == "not_allowed"


@pytest.mark.parametrize(
    ("command", "code", "field"),
    [
        (leave(13, 13), "leave_invalid", "end"),
        (leave(13, 12), "leave_invalid", "end"),
        (leave(13, 13 + 24 * 191), "leave_invalid", "end"),
        (leave(6, 8), "request_past", "end"),
        (leave(24 * 400, 24 * 401), "request_too_far", "end"),
        (leave(reason="  "), "required", "reason"),
        (leave(reason="很" * 121), "too_long", "reason"),
        (hours((9, 12), date="2026-11-22"), "request_past", "date"),
        (hours((9, 12), date="2026-11-31"), "date_invalid", "date"),
        (hours((9, 12), date="2029-01-01"), "request_too_far", "date"),
        (hours((12, 9)), "shift_invalid", "hours"),
        (hours((22, 30)), "shift_invalid", "hours"),
        (hours((9, 9)), "shift_invalid", "hours"),
        (hours((9, 12), (11, 13)), "shift_invalid", "hours"),
    ],
)
def test_a_request_that_makes_no_sense_is_refused_at_its_field(
    world: Rehearsal, command: Any, code: str, field: str
) -> None:
    assert refused(world, LI, command) == (code, field)
    assert world.get(ShiftRequests, "li") is None


def test_two_requests_for_the_same_time_are_not_taken(world: Rehearsal) -> None:
    world.do(LI, leave(), NOW)
    assert refused(world, LI, leave(17, 19, request="r2")) == ("request_overlaps", "start")
    assert refused(world, LI, hours((9, 12), date=DATE, request="r2")) == ("request_overlaps", "start")
    assert refused(world, LI, leave(20, 21)) == ("exists", "request")
    world.do(LI, leave(18, 19, request="r2"), NOW)
    world.do(WANG, leave(technician="wang"), NOW)
    world.do(LI, WithdrawRequest(technician="li", request="r1"), NOW)
    world.do(LI, leave(14, 16, request="r3"), NOW)


def test_whoever_is_away_already_need_not_ask(world: Rehearsal) -> None:
    away = AddLeave(technician="li", leave="l1", start=hour(10), end=hour(20), reason="培训")
    world.do(DISPATCHER, away, NOW)
    assert refused(world, LI, leave()) == ("away_already", "start")
    world.do(LI, leave(19, 22), NOW)


def test_a_request_lapses_by_itself_and_stops_being_in_the_way(world: Rehearsal) -> None:
    world.do(SYSTEM, SavePolicy(policy=Policy(version=1, request_lapses=60)), NOW)
    world.do(LI, leave(13, 40), NOW)
    assert asked(world).expires_at == NOW + HOUR_MS
    late = NOW + HOUR_MS
    assert asked(world).lapsed(late)
    for command in (approve(), DeclineRequest(technician="li", request="r1", reason="迟了")):
        assert refused(world, DISPATCHER, command, late) == ("request_lapsed", "request")
    assert refused(world, LI, WithdrawRequest(technician="li", request="r1"), late)[0] == "request_lapsed"
    world.do(LI, leave(14, 16, request="r2"), late)


def test_a_request_lapses_at_the_end_of_its_time_at_the_latest(world: Rehearsal) -> None:
    world.do(LI, leave(9.5, 10), NOW)
    assert asked(world).expires_at == hour(10)
    assert asked(world).waits(hour(10) - MINUTE_MS)


def test_an_answer_is_given_once(world: Rehearsal) -> None:
    world.do(LI, leave(), NOW)
    world.do(DISPATCHER, approve(), NOW)
    for command in (approve(), DeclineRequest(technician="li", request="r1", reason="不行")):
        assert refused(world, DISPATCHER, command) == ("request_answered", "request")
    assert refused(world, LI, WithdrawRequest(technician="li", request="r1"))[0] == "request_answered"
    assert refused(world, DISPATCHER, approve("r9")) == ("not_found", "request")
    assert (
        refused(world, DISPATCHER, DeclineRequest(technician="li", request="r9", reason="?"))[0]
        == "not_found"
    )


def test_a_decline_says_why(world: Rehearsal) -> None:
    world.do(LI, leave(), NOW)
    assert refused(world, DISPATCHER, DeclineRequest(technician="li", request="r1", reason=" ")) == (
        "required",
        "reason",
    )


def test_what_is_long_over_is_forgotten(world: Rehearsal) -> None:
    world.do(LI, leave(), NOW)
    world.do(LI, WithdrawRequest(technician="li", request="r1"), NOW)
    later = NOW + 61 * DAY_MS
    world.do(LI, leave(13 + 24 * 61, 18 + 24 * 61, request="r2"), later)
    found = world.get(ShiftRequests, "li")
    assert found is not None
    assert [each.id for each in found.asked] == ["r2"]


def test_there_is_an_end_to_asking(world: Rehearsal) -> None:
    for at in range(20):
        world.do(LI, leave(24 + at, 24.5 + at, request=f"r{at}"), NOW)
    assert refused(world, LI, leave(60, 61, request="r20")) == ("too_many", "request")


def test_hours_of_a_date_may_have_a_break_but_no_overlap(world: Rehearsal) -> None:
    made = hours_on(DATE, ((14 * 60, 18 * 60), (8 * 60, 12 * 60)))
    world.do(DISPATCHER, SetShiftException(technician="li", exception=made), NOW)
    assert working(trade.technician_of(world, "li"), DATE, trade.TIMEZONE) == (
        (hour(8), hour(12)), (hour(14), hour(18)),
    )  # fmt: skip
    for wrong in (ShiftException(DATE, 480, 720, ((700, 800),)), ShiftException(DATE, more=((480, 720),))):
        command = SetShiftException(technician="li", exception=wrong)
        assert refused(world, DISPATCHER, command) == ("shift_invalid", "exception")
