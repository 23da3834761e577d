"""What acts say of a technician's credit: each event of the rules, and what costs nothing."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from dataclasses import replace
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dispatcher_app.domain.act import SYSTEM, Actor, Missing, Rejected
from dispatcher_app.domain.command import (
    AcceptOrder,
    AnswerComplaint,
    Arrive,
    AssignTechnician,
    CancelOrder,
    ChangeAppointment,
    ConfirmOrder,
    DeclineOrder,
    DeclineQuote,
    Depart,
    DropOrder,
    ExpireOffer,
    FinishOrder,
    JudgeComplaint,
    MarkLine,
    OfferOrder,
    OpenComplaint,
    QuotedLine,
    ReopenComplaint,
    ResolveComplaint,
    ReviewOrder,
    ReviseQuote,
    SaveTechnician,
)  # fmt: skip
from dispatcher_app.domain.entity import E
from dispatcher_app.domain.money.complaint import Responsible
from dispatcher_app.domain.money.credit import Cause, Credit, CreditStep, Why, score
from dispatcher_app.domain.order import Order, Unkept
from dispatcher_app.domain.region import Policy
from dispatcher_app.simulator.rehearsal import Rehearsal, act_id
from tests.domain import onsite, trade, walk
from tests.domain.onsite import LI
from tests.domain.test_whole_life import company
from tests.domain.trade import CENTRE, DISPATCHER, NOW, SUPERVISOR, hour, order_of

COMPLAINTS = trade.staff("complaints")


@pytest.fixture
def world() -> Rehearsal:
    return trade.company()


def credit(world: Rehearsal, technician: str = "li") -> int:
    return trade.technician_of(world, technician).credit


def steps(world: Rehearsal, technician: str = "li") -> tuple[CreditStep, ...]:
    found = world.get(Credit, technician)
    return found.steps if found is not None else ()


def one(world: Rehearsal) -> tuple[Cause, int, Why]:
    """The only step there is."""
    (found,) = steps(world)
    return found.cause, found.points, found.why


def arrive(world: Rehearsal, at: float, order: str = "o1", departed: float = 13.5) -> None:
    world.do(LI, Depart(order=order, technician="li"), hour(departed))
    world.do(LI, Arrive(order=order, technician="li", point=CENTRE, accuracy_m=10), hour(at))


def give_up(world: Rehearsal, excuse: str) -> None:
    onsite.working(world)
    world.do(LI, MarkLine(order="o1", line=0, from_state="open", state="excused", reason=excuse), hour(15))
    world.do(LI, FinishOrder(order="o1", technician="li"), hour(15))


def quoted(world: Rehearsal) -> None:
    onsite.working(world)
    lines = (QuotedLine(item="fridge", fault="ice", brand="海尔"),)
    world.do(LI, ReviseQuote(order="o1", number=1, lines=lines, reason="other_fault"), hour(14.5))


def review(world: Rehearsal, stars: int, at: float = 16) -> None:
    judged = ReviewOrder(order="o1", stars=stars, skill=stars, attitude=stars, efficiency=stars, solved=True)
    world.do(SUPERVISOR, judged, hour(at))


# ---------------------------------------------------------------- arrivals
def test_being_there_within_the_window_is_to_his_credit(world: Rehearsal) -> None:
    trade.assigned(world)
    arrive(world, 14)
    assert one(world) == ("on_time", 1, "")
    assert credit(world) == 81


def test_being_late_by_his_own_fault_costs_five(world: Rehearsal) -> None:
    trade.assigned(world)
    arrive(world, 16.2, departed=15.8)
    assert one(world) == ("late", -5, "")
    assert credit(world) == 75
    (found,) = steps(world)
    assert (found.order, found.number, found.at) == ("o1", order_of(world).number, hour(16.2))
    assert found.rules == 1, "the version of the policy by which it was counted"


def test_an_order_without_a_promise_has_nobody_late(world: Rehearsal) -> None:
    trade.booked(world, window=None)
    world.do(DISPATCHER, trade.assign(start=14), NOW)
    arrive(world, 18)
    assert steps(world) == ()


def test_whoever_was_planned_too_late_is_not_to_blame(world: Rehearsal) -> None:
    trade.booked(world)
    world.do(SUPERVISOR, trade.assign(start=16.25), NOW)
    arrive(world, 16.5)
    assert one(world) == ("late", 0, "planned_late")
    assert credit(world) == 80


def test_whoever_was_told_too_late_is_not_to_blame(world: Rehearsal) -> None:
    trade.booked(world)
    world.do(DISPATCHER, trade.assign(start=15.99), hour(15.98))
    arrive(world, 16.3, departed=15.99)
    assert one(world) == ("late", 0, "told_late")


def test_a_customer_who_moved_it_at_the_last_moment_is_the_cause(world: Rehearsal) -> None:
    trade.assigned(world)
    moved = ChangeAppointment(
        order="o1", from_window=trade.window(14, 16), window=trade.window(9.5, 10), consent=True, side="customer",
        reason="other_time",
    )  # fmt: skip
    world.do(DISPATCHER, moved, hour(9.9))
    world.do(DISPATCHER, trade.assign(start=9.99), hour(9.98))
    arrive(world, 10.5, departed=9.99)
    assert one(world) == ("late", 0, "customer_moved")


def test_a_visit_before_that_took_longer_costs_nothing_at_the_next(world: Rehearsal) -> None:
    trade.assigned(world, "o1", start=9.5)
    world.do(DISPATCHER, trade.booking("o2", window=trade.window(11, 12)), NOW)
    world.do(DISPATCHER, trade.assign("o2", start=11.5), NOW)
    arrive(world, 9.5, departed=9.2)
    onsite.done(world, at=hour(12))
    arrive(world, 12.2, "o2", departed=12.05)
    late = steps(world)[-1]
    assert (late.cause, late.points, late.why, late.order) == ("late", 0, "held_up", "o2")


@pytest.mark.parametrize(("reason", "why"), [("shift", "planned_late"), ("late", "")])
def test_a_promise_that_the_plan_could_not_keep_is_nobody_s_fault_but_a_forecast_excuses_nobody(
    world: Rehearsal, reason: str, why: str
) -> None:
    trade.assigned(world)
    world.do(LI, Depart(order="o1", technician="li"), hour(15.8))
    marked = replace(order_of(world), unkept=Unkept(reason=reason, since=hour(13)))
    world.entities["order", "o1"] = marked
    world.do(LI, Arrive(order="o1", technician="li", point=CENTRE, accuracy_m=10), hour(16.2))
    assert one(world) == ("late", 0 if why else -5, why)


# ---------------------------------------------------------------- dropped
def accepted(world: Rehearsal) -> None:
    """He took it himself."""
    trade.booked(world)
    world.do(DISPATCHER, OfferOrder(order="o1", technician="li"), NOW)
    world.do(LI, AcceptOrder(order="o1", technician="li", start=hour(14)), NOW + 1000)


DROP = DropOrder(order="o1", technician="li", reason="too_far")


def test_dropping_what_he_took_himself_costs_five(world: Rehearsal) -> None:
    accepted(world)
    world.do(LI, DROP, NOW + trade.minutes(1))
    assert one(world) == ("dropped", -5, "")
    assert credit(world) == 75


def test_a_job_that_somebody_gave_him_may_be_passed_on_at_once_and_not_later(world: Rehearsal) -> None:
    trade.assigned(world)
    world.do(LI, DROP, NOW + trade.minutes(15))
    assert steps(world) == ()
    world.do(DISPATCHER, trade.assign(start=14), NOW + trade.minutes(20))
    world.do(LI, DROP, NOW + trade.minutes(36))
    assert one(world) == ("dropped", -5, "")


def test_a_drop_that_is_undone_gives_the_credit_back_and_stays_to_be_seen(world: Rehearsal) -> None:
    accepted(world)
    act = act_id(world.acts)
    dropped = world.do(DISPATCHER, DROP, NOW + trade.minutes(1))
    assert isinstance(dropped.undo, AssignTechnician)
    undoing = act_id(world.acts)
    back = world.do(DISPATCHER, dropped.undo, NOW + trade.minutes(2), undoes=act)
    (found,) = steps(world)
    assert (found.void, credit(world)) == ("taken_back", 80)
    world.do(DISPATCHER, DROP, NOW + trade.minutes(3), undoes=undoing)
    assert back.undo is not None
    assert credit(world) == 80, "given to him anew a moment ago"


def test_declining_and_letting_an_offer_run_out_cost_nothing(world: Rehearsal) -> None:
    trade.booked(world)
    world.do(DISPATCHER, OfferOrder(order="o1", technician="li"), NOW)
    world.do(LI, DeclineOrder(order="o1", technician="li"), NOW + 1000)
    world.do(DISPATCHER, OfferOrder(order="o1", technician="wang"), NOW)
    offer = order_of(world).offer
    assert offer is not None
    expired = ExpireOffer(order="o1", technician="wang", expires_at=offer.expires_at)
    world.do(SYSTEM, expired, offer.expires_at)
    assert steps(world) == steps(world, "wang") == ()


def test_not_coming_at_all_costs_five(world: Rehearsal) -> None:
    trade.assigned(world)
    gone = CancelOrder(order="o1", reason="technician_absent", side="technician")
    act = act_id(world.acts)
    cancelled = world.do(DISPATCHER, gone, hour(17))
    assert one(world) == ("no_show", -5, "")
    assert cancelled.undo is not None
    world.do(
        DISPATCHER, replace(cancelled.undo, window=None, technician=None, start=None), hour(17), undoes=act
    )
    assert credit(world) == 80


@pytest.mark.parametrize("reason", ["not_needed", "no_technician", "too_late"])
def test_any_other_cancellation_costs_nobody_credit(world: Rehearsal, reason: str) -> None:
    trade.assigned(world)
    world.do(DISPATCHER, CancelOrder(order="o1", reason=reason, side="platform"), hour(13))
    assert steps(world) == ()


# ---------------------------------------------------------------- done or not
@pytest.mark.parametrize(
    ("excuse", "costs"),
    [
        ("not_able", -3),
        ("not_repairable", -3),
        ("no_fault", 0),
        ("customer_declined", 0),
        ("wrong_booked", 0),
    ],
)
def test_what_he_could_not_complete_costs_three(world: Rehearsal, excuse: str, costs: int) -> None:
    give_up(world, excuse)
    said = [each.points for each in steps(world) if each.cause == "not_completed"]
    assert said == ([costs] if costs else [])


def test_a_repair_the_customer_does_not_want_costs_nothing(world: Rehearsal) -> None:
    quoted(world)
    world.do(DISPATCHER, DeclineQuote(order="o1", number=1), hour(15))
    assert [each.cause for each in steps(world)] == ["on_time"]


def test_saying_on_a_quote_that_it_can_t_be_repaired_is_the_same_as_giving_up(world: Rehearsal) -> None:
    quoted(world)
    world.do(DISPATCHER, DeclineQuote(order="o1", number=1, result="not_repairable"), hour(15))
    assert [each.cause for each in steps(world)] == ["on_time", "not_completed"]


def test_a_repair_that_is_done_costs_nothing(world: Rehearsal) -> None:
    onsite.finished(world)
    assert [each.cause for each in steps(world)] == ["on_time"]


# ---------------------------------------------------------------- stars
@pytest.mark.parametrize(("stars", "points"), [(5, 1), (4, 0), (3, -1), (2, -2), (1, -3)])
def test_stars_count_as_the_policy_says(world: Rehearsal, stars: int, points: int) -> None:
    onsite.completed(world)
    review(world, stars)
    assert credit(world) == 81 + points
    assert [each.points for each in steps(world) if each.cause == "stars"] == ([points] if points else [])


def test_a_review_that_is_given_again_replaces_what_the_first_one_did(world: Rehearsal) -> None:
    onsite.completed(world)
    review(world, 1)
    review(world, 5, 17)
    first, second = (each for each in steps(world) if each.cause == "stars")
    assert (first.void, second.void, credit(world)) == ("judged_again", "", 82)
    review(world, 4, 18)
    assert credit(world) == 81


# ---------------------------------------------------------------- complaints
def complain(world: Rehearsal) -> None:
    onsite.completed(world)
    opened = OpenComplaint(complaint="k1", order="o1", categories=("quality",), text="修了还是不制冷")
    world.do(DISPATCHER, opened, hour(16))
    world.do(COMPLAINTS, AnswerComplaint(complaint="k1", text="已致电客户"), hour(16.2))


def judge(world: Rehearsal, responsibility: Responsible, before: Responsible | None = None) -> None:
    judged = JudgeComplaint(
        complaint="k1", responsibility=responsibility, from_responsibility=before, text="看了照片和报价单"
    )
    world.do(COMPLAINTS, judged, hour(17))


@pytest.mark.parametrize("responsibility", ["customer", "platform", "none"])
def test_a_complaint_that_is_not_his_fault_costs_nothing(
    world: Rehearsal, responsibility: Responsible
) -> None:
    complain(world)
    judge(world, responsibility)
    world.do(COMPLAINTS, ResolveComplaint(complaint="k1", text="已解释"), hour(17.5))
    assert credit(world) == 81


def test_an_upheld_complaint_costs_five_once_it_is_settled_and_nothing_when_it_is_opened_again(
    world: Rehearsal,
) -> None:
    complain(world)
    judge(world, "technician")
    assert credit(world) == 81, "not settled yet"
    world.do(COMPLAINTS, ResolveComplaint(complaint="k1", text="已道歉"), hour(17.5))
    assert credit(world) == 76
    world.do(SUPERVISOR, ReopenComplaint(complaint="k1", text="客户又来电"), hour(18))
    assert credit(world) == 81
    last = steps(world)[-1]
    assert (last.cause, last.about, last.void) == ("complaint", "k1", "judged_again")


# ---------------------------------------------------------------- what follows
def test_what_he_came_with_is_the_first_step_he_can_see(world: Rehearsal) -> None:
    then = trade.technician_of(world, "li")
    world.do(SYSTEM, SaveTechnician(technician=replace(then, credit=95)), NOW)
    trade.assigned(world)
    arrive(world, 14)
    assert [(each.cause, each.points) for each in steps(world)] == [("carried_over", 15), ("on_time", 1)]
    assert credit(world) == 96


def test_nobody_at_a_desk_writes_a_score(world: Rehearsal) -> None:
    then = trade.technician_of(world, "li")
    world.do(SUPERVISOR, SaveTechnician(technician=replace(then, name="李工", credit=100)), NOW)
    assert credit(world) == 80


@pytest.mark.parametrize("actor", [LI, DISPATCHER, SUPERVISOR])
def test_whoever_says_it_the_step_is_the_technician_s(world: Rehearsal, actor: Actor) -> None:
    trade.assigned(world)
    world.do(actor, Depart(order="o1", technician="li"), hour(13.5))
    world.do(actor, Arrive(order="o1", technician="li", point=CENTRE, accuracy_m=10), hour(14))
    assert credit(world) == 81


def test_below_the_lowest_level_a_suspension_is_proposed_once_and_taken_back_above() -> None:
    world = trade.company(policy=Policy(credit_late=31, credit_on_time=5))
    trade.assigned(world)
    arrive(world, 16.2, departed=15.8)
    found = world.get(Credit, "li")
    assert found is not None
    assert (credit(world), found.level) == (49, "suspension")
    assert found.proposed is not None
    assert (found.proposed.by, found.proposed.score) == ("system:dispatcher", 49)
    assert not trade.technician_of(world, "li").suspended, "a person decides"
    onsite.done(world, at=hour(16.5))
    world.do(SUPERVISOR, ConfirmOrder(order="o1", confirmation="phone"), hour(16.6))
    world.do(DISPATCHER, trade.booking("o2", window=trade.window(17, 19)), hour(16))
    world.do(DISPATCHER, trade.assign("o2", start=17.5), hour(16.6))
    arrive(world, 17.5, "o2", departed=17.3)
    found = world.get(Credit, "li")
    assert found is not None
    assert (credit(world), found.level) == (54, "training")
    assert found.suspension is not None
    assert (found.proposed, found.suspension.state) == (None, "lapsed")


Doing = Callable[[Rehearsal], object]


@pytest.mark.parametrize(
    "doing",
    [
        lambda world: trade.booked(world),
        lambda world: trade.assigned(world),
        lambda world: (trade.assigned(world), onsite.departed(world)),
    ],
)
def test_nothing_is_said_of_anybody_before_there_is_something_to_say(world: Rehearsal, doing: Doing) -> None:
    doing(world)
    assert world.all(Credit) == []
    assert world.all(Order)


class Desk(Rehearsal):
    """A desk that was told of nobody's credit."""

    def get(self, type_: type[E], id: str) -> E | None:
        if type_ is Credit:
            raise Missing(Credit.kind, id)
        return super().get(type_, id)


def test_a_desk_that_knows_no_ledger_leaves_the_score_to_the_server(world: Rehearsal) -> None:
    trade.assigned(world)
    world.do(LI, Depart(order="o1", technician="li"), hour(13.5))
    desk = Desk("sh", dict(world.entities), list(world.secrets), dict(world.numbers))
    change = desk.do(LI, Arrive(order="o1", technician="li", point=CENTRE, accuracy_m=10), hour(14))
    assert {each.kind for each in change.after} == {"order"}
    assert trade.technician_of(desk, "li").credit == 80


def walked(dice: Random, count: int) -> Rehearsal:
    """A company in which so much was tried; after every act each score is what its steps come to."""
    world, now = company(), NOW
    for _ in range(count):
        now += dice.choice((0, 1000, 60_000, 240_000, 900_000))
        actor, command = walk.next_wish(world, now, dice)
        with contextlib.suppress(Rejected):
            world.do(actor, command, now)
        for credit in world.all(Credit):
            found = trade.technician_of(world, credit.id).credit
            assert found == score(credit.steps, Policy(version=1), now)
            assert 0 <= found <= 100
            assert len({each.id for each in credit.steps}) == len(credit.steps)
    return world


@given(st.integers(0, 10**6), st.integers(50, 200))
@settings(max_examples=15, deadline=None)
def test_whatever_happens_a_score_is_what_its_steps_come_to(seed: int, count: int) -> None:
    walked(Random(seed), count)


def test_the_walk_sees_what_it_is_about() -> None:
    worlds = [walked(Random(seed), 200) for seed in range(12)]
    seen = {each.cause for world in worlds for credit in world.all(Credit) for each in credit.steps}
    assert {"on_time", "stars", "dropped"} <= seen
