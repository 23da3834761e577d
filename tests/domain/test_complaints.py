"""Complaints: timed, judged by whoever may, and a share frozen as long as one is open."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dispatcher_app import codec
from dispatcher_app.domain.act import Actor, Change, Rejected
from dispatcher_app.domain.alert import alerts_of
from dispatcher_app.domain.calendar import DAY_MS, HOUR_MS, MINUTE_MS
from dispatcher_app.domain.command import (
    AddComplaintNote,
    AnswerComplaint,
    CloseComplaint,
    JudgeComplaint,
    OpenComplaint,
    ReopenComplaint,
    ResolveComplaint,
    SaveStaff,
    TakeComplaint,
    WaitComplaint,
)  # fmt: skip
from dispatcher_app.domain.money.complaint import (
    LIVE,
    SEVERITIES,
    Complaint,
    ComplaintNote,
    Severity,
    due_times,
    next_due,
    pressing,
    solve_minutes,
    upheld,
    worked,
)  # fmt: skip
from dispatcher_app.domain.money.handing import fine, proposal
from dispatcher_app.domain.money.refund import Refund
from dispatcher_app.domain.order import Order
from dispatcher_app.domain.region import Policy, Staff
from dispatcher_app.domain.timer import confirmed_by_silence
from dispatcher_app.simulator.rehearsal import Rehearsal
from tests.domain import site, trade
from tests.domain.site import COMPLAINTS, CUSTOMER, LI, LINK
from tests.domain.trade import ADMINISTRATOR, COUNTER, DISPATCHER, NOW, SUPERVISOR, TIMEZONE, hour

TYPED = "李师傅把地板划坏了 13800138000"
OPEN = OpenComplaint(complaint="k1", order="o1", categories=("quality", "attitude"), text=TYPED)
JUDGE = JudgeComplaint(
    complaint="k1", responsibility="technician", compensation=5000, penalty=2000, text="师傅没按规范操作"
)
POLICY = Policy()


@pytest.fixture
def world() -> Rehearsal:
    """An order in Li's hands, and people at the desks."""
    made = site.shop()
    for id, roles in (("dispatcher", ("dispatcher",)), ("complaints", ("complaints",)), ("cook", ("wall",))):
        made.do(ADMINISTRATOR, SaveStaff(staff=Staff(id=id, name=id, roles=roles, regions=("sh",))), NOW)
    site.on_site(made)
    return made


def complaint_of(world: Rehearsal, id: str = "k1") -> Complaint:
    found = world.get(Complaint, id)
    assert found is not None
    return found


def order_of(world: Rehearsal) -> Order:
    return trade.order_of(world, "o1")


def opened(world: Rehearsal, actor: Actor = DISPATCHER, at: int = NOW, **changes: Any) -> Change:
    return world.do(actor, replace(OPEN, **changes), at)


def answered(world: Rehearsal) -> None:
    opened(world)
    world.do(DISPATCHER, AnswerComplaint(complaint="k1", text="已致歉，正在核实"), NOW + MINUTE_MS)


def judged(world: Rehearsal) -> None:
    answered(world)
    world.do(COMPLAINTS, JUDGE, NOW + 2 * MINUTE_MS)


def resolved(world: Rehearsal) -> None:
    judged(world)
    world.do(COMPLAINTS, ResolveComplaint(complaint="k1", text="客户接受赔付"), NOW + 3 * MINUTE_MS)


def closed(world: Rehearsal) -> None:
    resolved(world)
    world.do(COMPLAINTS, CloseComplaint(complaint="k1", call_back="satisfied"), NOW + 4 * MINUTE_MS)


# ------------------------------------------------------------ opening


def test_opening_freezes_the_order_and_names_who_came(world: Rehearsal) -> None:
    opened(world)
    found, order = complaint_of(world), order_of(world)
    assert (order.complaint, order.complaint_due) == ("k1", NOW)
    assert (found.state, found.technicians, found.customer) == ("open", ("li",), order.customer)
    assert found.answer_due == NOW + 30 * MINUTE_MS
    assert found.solve_due == NOW + 24 * HOUR_MS
    assert order.steps[-1].action == "complain"


def test_what_was_said_stands_in_a_personal_note_and_nowhere_else(world: Rehearsal) -> None:
    change = opened(world)
    assert ComplaintNote.kind in codec.PERSONAL
    for each in change.after:
        assert (TYPED in codec.encode(each).decode()) == isinstance(each, ComplaintNote)
    assert change.undo is None


def test_an_order_has_one_open_complaint_at_a_time(world: Rehearsal) -> None:
    opened(world)
    with pytest.raises(Rejected, match="complaint_open"):
        opened(world, complaint="k2")


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"categories": ()}, "required"),
        ({"categories": ("late", "late")}, "required"),
        ({"text": "  "}, "required"),
        ({"technicians": ("ghost",)}, "not_found"),
        ({"technicians": ("li", "li")}, "exists"),
        ({"attachments": ("ghost",)}, "not_found"),
        ({"order": "o9"}, "not_found"),
    ],
)
def test_a_complaint_that_can_not_be_is_refused(world: Rehearsal, changes: dict[str, Any], code: str) -> None:
    with pytest.raises(Rejected, match=code):
        opened(world, **changes)


def test_the_customer_complains_from_his_page_but_grades_and_names_nobody(world: Rehearsal) -> None:
    opened(world, LINK)
    assert complaint_of(world).source == "page"
    other = site.shop()
    site.on_site(other)
    for changes in ({"severity": "urgent"}, {"technicians": ("li",)}):
        with pytest.raises(Rejected, match="not_allowed"):
            opened(other, CUSTOMER, **changes)


def test_photos_of_the_order_come_along_and_technicians_do_not_see_them(world: Rehearsal) -> None:
    site.photo(world, "p1", "complaint", actor=DISPATCHER)
    opened(world, attachments=("p1",))
    assert complaint_of(world).attachments == ("p1",)
    with pytest.raises(Rejected, match="purpose_unfit"):
        site.photo(world, "p2", "complaint", actor=LI)
    with pytest.raises(Rejected, match="exists"):
        world.do(DISPATCHER, AddComplaintNote(complaint="k1", attachments=("p1",)), NOW)


# ------------------------------------------------------------ who may

STEPS: dict[str, tuple[Any, str]] = {
    "take": (TakeComplaint(complaint="k1", owner="dispatcher"), "opened"),
    "answer": (AnswerComplaint(complaint="k1", text="好"), "opened"),
    "wait": (WaitComplaint(complaint="k1", waiting_for="customer", contact_at=NOW + DAY_MS), "answered"),
    "note": (AddComplaintNote(complaint="k1", text="记"), "opened"),
    "judge": (JUDGE, "answered"),
    "resolve": (ResolveComplaint(complaint="k1", text="好"), "judged"),
    "close": (CloseComplaint(complaint="k1", call_back="accepted"), "resolved"),
    "reopen": (ReopenComplaint(complaint="k1", text="又坏了"), "closed"),
}
MATRIX = """
            take answer wait note judge resolve close reopen
dispatcher  +    +      +    +    .     .       .     +
counter     .    .      .    +    .     .       .     .
supervisor  +    +      +    +    +     +       +     +
complaints  +    +      +    +    +     +       +     +
finance     .    .      .    +    .     .       .     .
vetting     .    .      .    .    .     .       .     .
administrator .  .      .    .    .     .       .     .
wall        .    .      .    .    .     .       .     .
technician  .    .      .    .    .     .       .     .
link        .    .      .    .    .     .       .     .
"""
HEAD, *ROWS = [line.split() for line in MATRIX.strip().splitlines()]
REACHED: dict[str, Callable[[Rehearsal], object]] = {
    "opened": opened,
    "answered": answered,
    "judged": judged,
    "resolved": resolved,
    "closed": closed,
}


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row[0])
def test_each_role_may_do_what_the_matrix_says(world: Rehearsal, row: list[str]) -> None:
    who = row[0]
    actor = {"technician": LI, "link": LINK}.get(who) or trade.staff(who)
    for step, cell in zip(HEAD, row[1:], strict=True):
        command, state = STEPS[step]
        fresh = replace(world, entities=dict(world.entities))
        REACHED[state](fresh)
        if cell == "+":
            fresh.do(actor, command, NOW + 5 * MINUTE_MS)
        else:
            with pytest.raises(Rejected, match="not_allowed"):
                fresh.do(actor, command, NOW + 5 * MINUTE_MS)


def test_another_region_s_complaint_is_nobody_s_business(world: Rehearsal) -> None:
    opened(world)
    with pytest.raises(Rejected, match="other_region"):
        world.do(trade.staff("complaints", regions=("bj",)), AnswerComplaint(complaint="k1", text="好"), NOW)


def test_a_dispatcher_takes_what_is_free_and_nothing_of_others(world: Rehearsal) -> None:
    opened(world)
    change = world.do(DISPATCHER, TakeComplaint(complaint="k1", owner="dispatcher"), NOW)
    assert complaint_of(world).state == "in_progress"
    assert change.undo == TakeComplaint(complaint="k1", owner=None, from_owner="dispatcher")
    with pytest.raises(Rejected, match="not_allowed"):
        world.do(
            trade.staff("dispatcher", id="other"),
            TakeComplaint(complaint="k1", owner="other", from_owner="dispatcher"), NOW,
        )  # fmt: skip
    with pytest.raises(Rejected, match="not_found"):
        world.do(SUPERVISOR, TakeComplaint(complaint="k1", owner="cook", from_owner="dispatcher"), NOW)
    world.do(SUPERVISOR, TakeComplaint(complaint="k1", owner="complaints", from_owner="dispatcher"), NOW)
    assert complaint_of(world).owner == "complaints"


def test_who_takes_what_a_colleague_has_taken_meanwhile_is_told_so(world: Rehearsal) -> None:
    opened(world)
    world.do(COMPLAINTS, TakeComplaint(complaint="k1", owner="complaints"), NOW)
    with pytest.raises(Rejected) as refused:
        world.do(DISPATCHER, TakeComplaint(complaint="k1", owner="dispatcher"), NOW)
    assert (refused.value.code, refused.value.params["who"]) == ("changed_meanwhile", "staff:complaints")


def test_damage_is_judged_by_a_supervisor(world: Rehearsal) -> None:
    opened(world, categories=("damage",))
    world.do(DISPATCHER, AnswerComplaint(complaint="k1", text="好"), NOW)
    with pytest.raises(Rejected, match="complaint_claim"):
        world.do(COMPLAINTS, JUDGE, NOW)
    world.do(SUPERVISOR, JUDGE, NOW)


# ------------------------------------------------------------ the course


def test_the_first_answer_stops_its_timer_and_gives_it_an_owner(world: Rehearsal) -> None:
    answered(world)
    found = complaint_of(world)
    assert (found.state, found.owner, found.answered_at) == ("in_progress", "dispatcher", NOW + MINUTE_MS)
    assert next_due(found) == found.solve_due == order_of(world).complaint_due
    world.do(COMPLAINTS, AnswerComplaint(complaint="k1", text="又"), NOW + HOUR_MS)
    assert complaint_of(world).answered_at == NOW + MINUTE_MS


def test_waiting_stops_the_time_for_the_solution(world: Rehearsal) -> None:
    answered(world)
    before = complaint_of(world).solve_due
    wait = WaitComplaint(
        complaint="k1", waiting_for="customer", contact_at=NOW + 3 * HOUR_MS, text="等客户发照片"
    )
    world.do(DISPATCHER, wait, NOW + HOUR_MS)
    assert order_of(world).complaint_due == NOW + 3 * HOUR_MS
    world.do(DISPATCHER, WaitComplaint(complaint="k1"), NOW + 3 * HOUR_MS)
    found = complaint_of(world)
    assert (found.state, found.solve_due) == ("in_progress", before + 2 * HOUR_MS)


@pytest.mark.parametrize("contact", [None, NOW, NOW + 31 * DAY_MS])
def test_nothing_waits_without_a_time_to_ask_again(world: Rehearsal, contact: int | None) -> None:
    answered(world)
    with pytest.raises(Rejected, match="contact_span"):
        world.do(DISPATCHER, WaitComplaint(complaint="k1", waiting_for="parts", contact_at=contact), NOW)


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"compensation": -1}, "amount_invalid"),
        ({"penalty": 10**12}, "amount_invalid"),
        ({"responsibility": "platform"}, "complaint_not_his"),
        ({"responsibility": "customer", "penalty": 0}, "complaint_own_fault"),
        ({"from_responsibility": "platform"}, "changed_meanwhile"),
        ({"text": ""}, "required"),
    ],
)
def test_a_judgement_that_can_not_be_is_refused(world: Rehearsal, changes: dict[str, Any], code: str) -> None:
    answered(world)
    with pytest.raises(Rejected, match=code):
        world.do(COMPLAINTS, replace(JUDGE, **changes), NOW)


def test_what_was_judged_right_is_handed_to_those_who_look_after_money(world: Rehearsal) -> None:
    judged(world)
    asked = proposal(complaint_of(world), "r1")
    assert (asked.order, asked.what, asked.reason, asked.side, asked.complaint) == (
        "o1", "compensation", "quality", "technician", "k1",
    )  # fmt: skip
    assert sum(part.amount for part in asked.parts) == 5000
    off = fine(complaint_of(world), "d1", "投诉属实")
    assert off is not None
    assert (off.technician, off.amount, off.complaint, off.order) == ("li", 2000, "k1", "o1")
    world.do(SUPERVISOR, asked, NOW + HOUR_MS)
    found = world.get(Refund, "r1")
    assert found is not None
    assert (found.complaint, found.amount, order_of(world).compensated) == ("k1", 5000, 5000)


def test_nobody_is_fined_who_was_not_at_fault(world: Rehearsal) -> None:
    answered(world)
    own = replace(JUDGE, responsibility="platform", penalty=0)
    world.do(COMPLAINTS, own, NOW)
    assert fine(complaint_of(world), "d1", "x") is None
    assert proposal(complaint_of(world), "r1").side == "platform"


def test_nobody_is_judged_or_waited_for_before_the_customer_was_answered(world: Rehearsal) -> None:
    opened(world)
    for command in (JUDGE, WaitComplaint(complaint="k1", waiting_for="customer", contact_at=NOW + DAY_MS)):
        with pytest.raises(Rejected, match="complaint_unanswered"):
            world.do(SUPERVISOR, command, NOW)
    with pytest.raises(Rejected, match="complaint_unjudged"):
        world.do(SUPERVISOR, ResolveComplaint(complaint="k1", text="好"), NOW)


def test_it_is_upheld_against_the_technician_once_it_is_resolved(world: Rehearsal) -> None:
    judged(world)
    assert upheld(complaint_of(world)) == ()
    world.do(COMPLAINTS, ResolveComplaint(complaint="k1", text="好"), NOW + HOUR_MS)
    assert upheld(complaint_of(world)) == ("li",)
    world.do(DISPATCHER, ReopenComplaint(complaint="k1", text="不认"), NOW + 2 * HOUR_MS)
    assert upheld(complaint_of(world)) == ()


def test_the_call_back_ends_it_and_lets_the_share_go(world: Rehearsal) -> None:
    resolved(world)
    assert order_of(world).complaint == "k1"
    world.do(COMPLAINTS, CloseComplaint(complaint="k1", call_back="satisfied", text="谢谢"), NOW + HOUR_MS)
    order = order_of(world)
    assert (order.complaint, order.complaint_due) == (None, None)
    assert (complaint_of(world).state, complaint_of(world).closed_at) == ("closed", NOW + HOUR_MS)


def test_who_is_not_reached_is_called_again_before_it_is_closed(world: Rehearsal) -> None:
    resolved(world)
    for n in range(POLICY.complaint_calls):
        found = complaint_of(world)
        assert (found.state, found.calls) == ("resolved", n)
        world.do(COMPLAINTS, CloseComplaint(complaint="k1", call_back="unreached"), NOW + n * HOUR_MS)
    assert complaint_of(world).state == "closed"


def test_who_is_still_not_content_is_let_go_by_a_supervisor_only(world: Rehearsal) -> None:
    resolved(world)
    close = CloseComplaint(complaint="k1", call_back="dissatisfied")
    with pytest.raises(Rejected, match="complaint_dissatisfied"):
        world.do(COMPLAINTS, close, NOW)
    world.do(SUPERVISOR, close, NOW)


def test_reopened_it_is_timed_and_judged_anew_and_freezes_again(world: Rehearsal) -> None:
    closed(world)
    at = NOW + HOUR_MS
    world.do(DISPATCHER, ReopenComplaint(complaint="k1", text="又出问题"), at)
    found = complaint_of(world)
    assert (found.state, found.reopened, found.responsibility, found.compensation) == ("reopened", 1, None, 0)
    assert (found.answer_due, found.solve_due) == due_times("normal", at, POLICY, TIMEZONE)
    assert (order_of(world).complaint, order_of(world).complaint_due) == ("k1", at)


def test_reopening_ends_after_so_many_days(world: Rehearsal) -> None:
    closed(world)
    with pytest.raises(Rejected, match="complaint_too_late"):
        world.do(DISPATCHER, ReopenComplaint(complaint="k1", text="又"), NOW + 31 * DAY_MS)


def test_an_old_complaint_stays_closed_while_another_one_is_open(world: Rehearsal) -> None:
    closed(world)
    opened(world, complaint="k2", at=NOW + HOUR_MS)
    with pytest.raises(Rejected, match="complaint_open"):
        world.do(DISPATCHER, ReopenComplaint(complaint="k1", text="又"), NOW + 2 * HOUR_MS)


def test_silence_confirms_nothing_while_a_complaint_is_open(world: Rehearsal) -> None:
    quiet = replace(
        order_of(world), status="finished", result="repaired", since=NOW, flags=(),
        lines=tuple(replace(line, state="done") for line in order_of(world).lines),
    )  # fmt: skip
    assert confirmed_by_silence(quiet, POLICY) is not None
    assert confirmed_by_silence(replace(quiet, complaint="k1"), POLICY) is None


# ------------------------------------------------------------ the exception


def test_an_unanswered_complaint_stands_among_the_exceptions_also_when_the_order_is_over(
    world: Rehearsal,
) -> None:
    opened(world)
    order = order_of(world)
    for status in ("in_progress", "completed", "cancelled"):
        assert "complaint" in alerts_of(replace(order, status=status), POLICY, TIMEZONE, NOW)
    world.do(DISPATCHER, AnswerComplaint(complaint="k1", text="好"), NOW)
    late = order_of(world)
    assert "complaint" not in alerts_of(late, POLICY, TIMEZONE, NOW + 23 * HOUR_MS)
    assert "complaint" in alerts_of(late, POLICY, TIMEZONE, NOW + 24 * HOUR_MS)


# ------------------------------------------------------------ timers

moments = st.integers(0, 14 * 24 * 60).map(lambda minute: NOW + minute * MINUTE_MS)
hours = st.sampled_from([(8, 20), (0, 24), (9, 18), (7, 7), (22, 3)])
zones = st.sampled_from([TIMEZONE, "Europe/Berlin", "America/New_York"])


def policy_with(span: tuple[int, int]) -> Policy:
    return replace(POLICY, window_first_hour=span[0], window_last_hour=span[1])


@settings(max_examples=200, deadline=None)
@given(moments, st.sampled_from(SEVERITIES), hours, zones)
def test_an_answer_is_due_after_its_working_minutes_and_the_solution_not_before(
    at: int, severity: Severity, span: tuple[int, int], zone: str
) -> None:
    policy = policy_with(span)
    answer, solve = due_times(severity, at, policy, zone)
    assert worked(at, 0, policy, zone) <= answer <= solve
    assert solve >= at + solve_minutes(policy, severity) * MINUTE_MS
    assert solve - at < solve_minutes(policy, severity) * MINUTE_MS + 48 * HOUR_MS
    if severity != "urgent":
        graver = SEVERITIES[SEVERITIES.index(severity) + 1]
        assert due_times(graver, at, policy, zone)[0] <= answer


@settings(max_examples=200, deadline=None)
@given(moments, st.integers(0, 3000), st.integers(0, 3000), hours, zones)
def test_working_minutes_add_up(at: int, one: int, two: int, span: tuple[int, int], zone: str) -> None:
    policy = policy_with(span)
    once = worked(worked(at, one, policy, zone), two, policy, zone)
    assert once == worked(at, one + two, policy, zone)


def test_what_comes_in_at_night_is_timed_from_the_morning_on() -> None:
    answer, solve = due_times("normal", hour(23), POLICY, TIMEZONE)
    assert (answer, solve) == (hour(32.5), hour(56))
    assert due_times("normal", hour(19.75), POLICY, TIMEZONE)[0] == hour(32.25)


# ------------------------------------------------------------ whatever people do

wishes = st.one_of(
    st.builds(
        OpenComplaint, complaint=st.sampled_from(("k1", "k2")), order=st.just("o1"), text=st.just(TYPED),
        categories=st.sampled_from((("late",), ("damage", "price"))), severity=st.sampled_from(SEVERITIES),
    ),
    st.builds(AnswerComplaint, complaint=st.sampled_from(("k1", "k2")), text=st.just(TYPED)),
    st.builds(
        WaitComplaint, complaint=st.sampled_from(("k1", "k2")), waiting_for=st.none() | st.just("customer"),
        contact_at=moments,
    ),
    st.builds(
        JudgeComplaint, complaint=st.sampled_from(("k1", "k2")), text=st.just(TYPED), penalty=st.sampled_from((0, 100)),
        responsibility=st.sampled_from(("customer", "technician", "platform", "none")),
        from_responsibility=st.none() | st.just("technician"), severity=st.none() | st.just("urgent"),
    ),
    st.builds(ResolveComplaint, complaint=st.sampled_from(("k1", "k2")), text=st.just(TYPED)),
    st.builds(
        CloseComplaint, complaint=st.sampled_from(("k1", "k2")),
        call_back=st.sampled_from(("satisfied", "dissatisfied", "unreached")),
    ),
    st.builds(ReopenComplaint, complaint=st.sampled_from(("k1", "k2")), text=st.just(TYPED)),
    st.builds(TakeComplaint, complaint=st.sampled_from(("k1", "k2")), owner=st.none() | st.just("complaints")),
)  # fmt: skip


@settings(max_examples=100, deadline=None)
@given(st.lists(st.tuples(wishes, st.sampled_from((DISPATCHER, COMPLAINTS, SUPERVISOR, COUNTER)), st.integers(1, 900)),
                min_size=5, max_size=40))  # fmt: skip
def test_the_order_is_frozen_exactly_as_long_as_a_complaint_is_open(
    steps: list[tuple[Any, Actor, int]],
) -> None:
    world = site.shop()
    made = Staff(id="complaints", name="c", roles=("complaints",), regions=("sh",))
    world.do(ADMINISTRATOR, SaveStaff(staff=made), NOW)
    site.on_site(world)
    at = hour(15)
    for command, actor, minutes in steps:
        at += minutes * MINUTE_MS
        try:
            world.do(actor, command, at)
        except Rejected:
            continue
        order, found = order_of(world), world.all(Complaint)
        open_ = [each for each in found if each.closed_at is None]
        assert len(open_) <= 1
        assert order.complaint == (open_[0].id if open_ else None)
        assert order.complaint_due == (pressing(open_[0]) if open_ else None)
        for each in found:
            assert (each.state == "closed") == (each.closed_at is not None)
            assert (
                (each.state == "waiting")
                == (each.waiting_for is not None)
                == (each.waiting_since is not None)
            )
            assert each.state in LIVE or each.responsibility is not None
            assert each.answered_at is not None or each.state in ("open", "in_progress", "reopened")
            assert (next_due(each) is None) == (each.state == "closed")
            assert each.notes == sum(note.complaint == each.id for note in world.all(ComplaintNote))
            assert TYPED not in codec.encode(each).decode()
