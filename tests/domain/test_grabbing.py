"""The grab pool: who is told, who wins, and what the others hear."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dispatcher_app.domain import pool
from dispatcher_app.domain.act import SYSTEM, Actor, Rejected
from dispatcher_app.domain.calendar import DAY_MS
from dispatcher_app.domain.command import (
    AcceptOrder,
    AssignTechnician,
    AwardGrab,
    BookedLine,
    CancelOrder,
    ChangeAppointment,
    ClosePool,
    DeclineOrder,
    GrabOrder,
    OfferOrder,
    PoolOrder,
    SetTechnicianStatus,
    WidenPool,
)  # fmt: skip
from dispatcher_app.domain.matching import unfit
from dispatcher_app.domain.order import Order, Pool, Told
from dispatcher_app.domain.region import Policy
from dispatcher_app.domain.rule.grabbing import was_told
from dispatcher_app.domain.rule.standing import needs_of
from dispatcher_app.domain.talk import Figures
from dispatcher_app.domain.technician import Certificate, Technician
from dispatcher_app.domain.timer import alarm
from dispatcher_app.simulator.rehearsal import Rehearsal
from tests.domain import trade
from tests.domain.trade import DISPATCHER, NOW, day_of, hour, order_of

RINGS = Policy().grab_rings_m
COLLECTS, RING = Policy().grab_collect_s * 1000, Policy().grab_ring_s * 1000


def he(id: str) -> Actor:
    return Actor(kind="technician", id=id)


def told(id: str, distance_m: int = 1000, ring: int = 0) -> Told:
    return Told(technician=id, distance_m=distance_m, start=hour(14), ring=ring)


def pooled(world: Rehearsal, *people: Told, order: str = "o1") -> Pool:
    world.do(DISPATCHER, PoolOrder(order=order, told=people or (told("li"), told("wang", 2000))), NOW)
    return pool_of(world, order)


def pool_of(world: Rehearsal, order: str = "o1") -> Pool:
    found = order_of(world, order).pool
    assert found is not None
    return found


def grab(world: Rehearsal, id: str, now: int = NOW + 1000, start: float = 14) -> None:
    world.do(he(id), GrabOrder(order="o1", technician=id, start=hour(start)), now)


def awarded(world: Rehearsal, now: int | None = None) -> Order:
    at = pool_of(world).decides_at
    assert at is not None
    world.do(SYSTEM, AwardGrab(order="o1", decides_at=at), now or at)
    return order_of(world)


def refused(world: Rehearsal, actor: Actor, command: Any, now: int = NOW + 2000) -> str:
    before = dict(world.entities)
    with pytest.raises(Rejected) as found:
        world.do(actor, command, now)
    assert world.entities == before
    return found.value.code


@pytest.fixture
def world() -> Rehearsal:
    made = trade.company()
    trade.booked(made)
    return made


def test_the_nearer_of_two_equal_technicians_wins_and_the_other_is_told_why(world: Rehearsal) -> None:
    pooled(world, told("li", 2500), told("wang", 800))
    grab(world, "li", NOW + 1000)
    grab(world, "wang", NOW + 3000)
    order = awarded(world)
    assert (order.status, order.technician, order.pool) == ("accepted", "wang", None)
    assert day_of(world, "wang").stop_of("o1") is not None
    assert order.steps[-1].params["lost"] == [{"technician": "li", "why": "nearer"}]
    again = GrabOrder(order="o1", technician="li", start=hour(14))
    assert refused(world, he("li"), again) == "lost_to_nearer"


def test_better_reviews_outweigh_some_distance() -> None:
    stars = Figures(reviews=100, stars=500, skill=500, attitude=500, efficiency=500, solved=100)
    poor = Figures(reviews=100, stars=250, skill=250, attitude=250, efficiency=250, solved=60)
    made = trade.company(
        trade.technician("li", figures=stars),
        trade.technician("wang", figures=poor),
        trade.technician("zhao"),
    )
    trade.booked(made)
    pooled(made, told("wang", 500), told("li", 2500))
    grab(made, "wang")
    grab(made, "li")
    order = awarded(made)
    assert order.technician == "li"
    assert order.steps[-1].params["lost"] == [{"technician": "wang", "why": "better_rated"}]


def test_of_equal_wishes_the_earlier_one_wins(world: Rehearsal) -> None:
    pooled(world, told("li"), told("wang"))
    grab(world, "wang", NOW + 1000)
    grab(world, "li", NOW + 1001)
    order = awarded(world)
    assert order.technician == "wang"
    assert order.steps[-1].params["lost"] == [{"technician": "li", "why": "earlier"}]


def test_credit_weighs_as_well() -> None:
    most = pool.score(trade.technician("li", credit=100), 1000, RINGS)
    less = pool.score(trade.technician("wang", credit=60), 1000, RINGS)
    assert most.total > less.total
    assert pool.why_lost(most, less) == "more_credit"


def test_a_winner_who_is_busy_by_then_leaves_it_to_the_next(world: Rehearsal) -> None:
    trade.booked(world, "o2")
    pooled(world, told("li", 500), told("wang", 2000))
    grab(world, "li")
    grab(world, "wang")
    world.do(DISPATCHER, AssignTechnician(order="o2", technician="li", start=hour(14)), NOW + 2000)
    order = awarded(world)
    assert order.technician == "wang"
    assert order.steps[-1].params["lost"] == [{"technician": "li", "why": "not_free"}]


def test_where_nobody_who_wants_it_can_come_any_more_the_pool_goes_on(world: Rehearsal) -> None:
    trade.booked(world, "o2")
    pooled(world)
    grab(world, "li")
    world.do(DISPATCHER, AssignTechnician(order="o2", technician="li", start=hour(14)), NOW + 2000)
    order = awarded(world)
    assert (order.status, order.technician) == ("offered", None)
    assert pool_of(world).grabs == ()
    assert alarm(order, Policy()) == pool_of(world).widens_at
    grab(world, "wang", NOW + 20_000)
    assert awarded(world).technician == "wang"


@pytest.mark.parametrize(
    ("code", "changes"),
    [
        ("skill", {"skills": ("water",)}),
        ("brand", {"brands": ("美的",)}),
        ("area", {"districts": ("south",)}),
        ("status", {"status": "busy"}),
        ("status", {"status": "offline"}),
        ("suspended", {"suspended": True}),
    ],
)
def test_whoever_lacks_something_is_told_nothing(code: str, changes: dict[str, Any]) -> None:
    made = trade.company(trade.technician("li", **changes), trade.technician("wang"))
    trade.booked(made)
    assert refused(made, DISPATCHER, PoolOrder(order="o1", told=(told("li"),))) == "nobody_to_tell"
    assert [each.technician for each in pooled(made).told] == ["wang"]
    command = GrabOrder(order="o1", technician="li", start=hour(14))
    assert refused(made, he("li"), command) == "not_found"
    assert refused(made, DISPATCHER, command) == "not_told"


def test_a_certificate_that_has_run_out_tells_nothing_either() -> None:
    old = trade.technician("li", certificates=(Certificate("高处作业", NOW - DAY_MS),))
    made = trade.company(old, trade.technician("wang"))
    trade.booked(made, lines=(BookedLine(item="air", fault="gas"),))
    assert [each.technician for each in pooled(made).told] == ["wang"]


def test_whoever_has_passed_the_order_on_is_not_told_of_it_again(world: Rehearsal) -> None:
    world.do(DISPATCHER, OfferOrder(order="o1", technician="li"), NOW)
    world.do(he("li"), DeclineOrder(order="o1", technician="li"), NOW)
    assert [each.technician for each in pooled(world).told] == ["wang"]


def test_nobody_wants_it_twice_or_too_late_or_for_somebody_else(world: Rehearsal) -> None:
    found = pooled(world)
    wish = GrabOrder(order="o1", technician="li", start=hour(14))
    assert refused(world, he("wang"), wish) == "not_allowed"
    assert refused(world, he("li"), wish, found.closes_at + 1) == "grab_over"
    grab(world, "li")
    assert refused(world, he("li"), wish) == "grabbed_already"
    late = replace(wish, technician="wang")
    assert refused(world, he("wang"), late, NOW + 1000 + COLLECTS + 1) == "grab_over"


def test_a_wish_that_breaks_a_hard_rule_is_refused_at_once(world: Rehearsal) -> None:
    pooled(world)
    night = GrabOrder(order="o1", technician="li", start=hour(23))
    assert refused(world, he("li"), night) == "technician_unfit"


def test_rings_widen_in_time_and_tell_nobody_twice(world: Rehearsal) -> None:
    found = pooled(world, told("li"))
    assert (found.ring, found.widens_at, found.closes_at) == (0, NOW + RING, NOW + 3 * RING)
    wider = WidenPool(order="o1", from_ring=0, told=(told("li"), told("wang", 4000, 1)))
    assert refused(world, SYSTEM, wider, NOW + RING - 1) == "grab_running"
    assert refused(world, DISPATCHER, wider, NOW + RING) == "not_allowed"
    world.do(SYSTEM, wider, NOW + RING)
    assert [each.technician for each in pool_of(world).told] == ["li", "wang"]
    assert refused(world, SYSTEM, wider, NOW + 2 * RING) == "grab_running"
    world.do(SYSTEM, WidenPool(order="o1", from_ring=1, told=()), NOW + 2 * RING)
    assert (pool_of(world).ring, pool_of(world).widens_at) == (2, None)


def test_a_pool_that_begins_in_a_wider_ring_closes_sooner(world: Rehearsal) -> None:
    found = pooled(world, told("li", 9000, 2))
    assert (found.ring, found.widens_at, found.closes_at) == (2, None, NOW + RING)


def test_nobody_wanting_it_leaves_it_to_the_desk(world: Rehearsal) -> None:
    found = pooled(world)
    close = ClosePool(order="o1", since=found.since)
    assert refused(world, SYSTEM, close, found.closes_at - 1) == "grab_running"
    world.do(SYSTEM, close, found.closes_at)
    order = order_of(world)
    assert (order.status, order.pool, order.steps[-1].params["reason"]) == ("pending", None, "nobody_wanted")


def test_a_wish_keeps_the_pool_open_until_it_is_decided(world: Rehearsal) -> None:
    found = pooled(world)
    grab(world, "li", found.closes_at)
    close = ClosePool(order="o1", since=found.since)
    assert refused(world, SYSTEM, close, found.closes_at + 1) == "grab_running"
    assert awarded(world).technician == "li"


def test_a_pool_is_taken_back_before_the_desk_knows_when_the_server_began_it(world: Rehearsal) -> None:
    world.do(DISPATCHER, PoolOrder(order="o1", told=(told("li"),)), NOW, NOW + 300)
    assert pool_of(world).since == NOW + 300
    world.do(DISPATCHER, ClosePool(order="o1", since=NOW), NOW + 100, NOW + 400)
    assert order_of(world).status == "pending"


def test_what_was_said_before_a_pool_began_does_not_take_it_back(world: Rehearsal) -> None:
    pooled(world)
    with pytest.raises(Rejected) as found:
        world.do(DISPATCHER, ClosePool(order="o1", since=NOW - 9000), NOW - 1000, NOW + 2000)
    assert found.value.code == "changed_meanwhile"


def test_taking_a_pool_back_is_undone_by_telling_them_again(world: Rehearsal) -> None:
    found = pooled(world)
    back = world.do(DISPATCHER, ClosePool(order="o1", since=found.since), NOW + 5000)
    assert order_of(world).status == "pending"
    assert refused(world, he("li"), GrabOrder(order="o1", technician="li", start=hour(14))) == "order_gone"
    world.do(DISPATCHER, back.undo, NOW + 6000, undoes="x")
    assert pool_of(world).told == found.told


@pytest.mark.parametrize(
    "command",
    [
        CancelOrder(order="o1", reason="x", side="customer"),
        ChangeAppointment(
            order="o1", from_window=trade.window(14, 16), window=trade.window(16, 18), side="customer", reason="x",
            consent=True,
        ),
    ],
    ids=lambda each: type(each).__name__,
)  # fmt: skip
def test_whatever_ends_the_offering_ends_the_pool(world: Rehearsal, command: Any) -> None:
    pooled(world)
    world.do(DISPATCHER, command, NOW + 1000)
    assert order_of(world).pool is None


def test_what_is_in_the_pool_is_not_accepted_or_declined_as_an_offer(world: Rehearsal) -> None:
    world.do(DISPATCHER, OfferOrder(order="o1", technician="zhao"), NOW)
    world.do(he("zhao"), DeclineOrder(order="o1", technician="zhao"), NOW)
    pooled(world)
    assert refused(world, DISPATCHER, DeclineOrder(order="o1", technician="")) == "in_pool"
    accept = AcceptOrder(order="o1", technician="li", start=hour(14))
    assert refused(world, DISPATCHER, accept) == "in_pool"


def test_a_refusal_names_no_other_technician(world: Rehearsal) -> None:
    pooled(world, told("li", 500), told("wang", 2000))
    grab(world, "li")
    grab(world, "wang")
    awarded(world)
    with pytest.raises(Rejected) as found:
        world.do(he("wang"), GrabOrder(order="o1", technician="wang", start=hour(14)), NOW + 9000)
    assert found.value.params == {}


def test_a_ring_that_reaches_nobody_is_passed_over() -> None:
    ringed = pool.by_ring([told("li", 9_500), told("wang", 4_000), told("zhao", 20_000)], RINGS)
    assert [(each.technician, each.ring) for each in ringed] == [("wang", 1), ("li", 2)]
    assert [each.technician for each in pool.first_told(ringed)] == ["wang"]


PEOPLE = ("li", "wang", "zhao", "chen", "qian")
HAPPENS = st.one_of(
    st.tuples(st.just("grab"), st.sampled_from(PEOPLE)),
    st.tuples(st.just("grab"), st.sampled_from(PEOPLE)),
    st.tuples(st.just("busy"), st.sampled_from(PEOPLE)),
    st.tuples(st.just("elsewhere"), st.sampled_from(PEOPLE)),
    st.tuples(st.just("widen"), st.just("")),
    st.tuples(st.just("award"), st.just("")),
    st.tuples(st.just("close"), st.just("")),
    st.tuples(st.just("pool"), st.just("")),
)


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    lacking=st.lists(st.sampled_from(("skill", "brand", "area", "status", "none")), min_size=5, max_size=5),
    distances=st.lists(st.integers(0, 12_000), min_size=5, max_size=5),
    steps=st.lists(st.tuples(HAPPENS, st.sampled_from((0, 500, 5_000, 60_000))), max_size=25),
)
def test_one_wins_and_whoever_lacks_something_never_sees_it(
    lacking: list[str], distances: list[int], steps: list[tuple[tuple[str, str], int]]
) -> None:
    changes: dict[str, dict[str, Any]] = {
        "skill": {"skills": ()}, "brand": {"brands": ("美的",)}, "area": {"districts": ("south",)},
        "status": {"status": "offline"}, "none": {},
    }  # fmt: skip
    people = [trade.technician(id, **changes[lack]) for id, lack in zip(PEOPLE, lacking, strict=True)]
    world, now = trade.company(*people), NOW
    trade.booked(world)
    for number in range(2, 6):
        trade.booked(world, f"o{number}")
    ringed = pool.by_ring([told(id, away) for id, away in zip(PEOPLE, distances, strict=True)], RINGS)
    barred = {id for id, lack in zip(PEOPLE, lacking, strict=True) if lack != "none"}
    winners: list[str] = []
    heard: list[str] = []
    for (what, who), later in steps:
        now += later
        order = order_of(world)
        running = order.pool
        commands: dict[str, tuple[Actor, Any]] = {
            "grab": (he(who), GrabOrder(order="o1", technician=who, start=hour(14))),
            "busy": (DISPATCHER, SetTechnicianStatus(technician=who, from_status="online", status="busy")),
            "elsewhere": (DISPATCHER, AssignTechnician(order=f"o{PEOPLE.index(who) + 1 if who else 2}",
                                                       technician=who, start=hour(14))),
            "widen": (SYSTEM, WidenPool(order="o1", from_ring=running.ring if running else 0, told=ringed)),
            "award": (SYSTEM, AwardGrab(order="o1", decides_at=(running.decides_at if running else None) or 0)),
            "close": (SYSTEM, ClosePool(order="o1", since=running.since if running else 0)),
            "pool": (DISPATCHER, PoolOrder(order="o1", told=pool.first_told(ringed))),
        }  # fmt: skip
        if what == "elsewhere" and who == "li":
            continue
        try:
            world.do(*commands[what], now)
        except Rejected as no:
            heard += [no.code] if what == "grab" and who in barred else []
            continue
        order = order_of(world)
        assert not any(was_told(order, id) for id in barred)
        if order.pool is not None:
            names = [each.technician for each in order.pool.told]
            assert len(names) == len(set(names))
            assert {each.technician for each in order.pool.grabs} <= set(names)
        if what == "award" and order.status == "accepted":
            assert order.technician is not None
            winners.append(order.technician)
            technician = world.get(Technician, order.technician)
            assert technician is not None
            assert unfit(technician, needs_of(world, order), now) == []
            assert running is not None
            lost = {each["technician"] for each in order.steps[-1].params["lost"]}
            assert lost | {order.technician} == {each.technician for each in running.grabs}
        stops = [id for id in PEOPLE if day_of(world, id).stop_of("o1") is not None]
        assert stops == ([order.technician] if order.technician else [])
    assert len(winners) <= 1
    assert set(heard) <= {"not_found"}


def test_those_in_honour_are_told_with_the_ring_before_theirs() -> None:
    near, far = told("li", 2_000), told("wang", 4_000)
    plain = pool.by_ring((near, far), RINGS)
    assert [(each.technician, each.ring) for each in plain] == [("li", 0), ("wang", 1)]
    ahead = pool.by_ring((near, far, told("zhao", 11_000)), RINGS, {"li", "wang", "zhao"})
    assert [(each.technician, each.ring) for each in ahead] == [("li", 0), ("wang", 0)]
