"""Who should go: the ranking against the gate, and what it says about everybody."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dispatcher_app import codec
from dispatcher_app.domain.act import Rejected
from dispatcher_app.domain.calendar import local_date
from dispatcher_app.domain.catalogue import Item
from dispatcher_app.domain.command import AddLeave, AssignTechnician, BookedLine, ReturnVisit
from dispatcher_app.domain.day import Day, Stop
from dispatcher_app.domain.matching import travel_s
from dispatcher_app.domain.order import Window
from dispatcher_app.domain.place import Point
from dispatcher_app.domain.rating import from_stars
from dispatcher_app.domain.region import Policy, Region
from dispatcher_app.domain.technician import Leave, Shift, ShiftException, Technician
from dispatcher_app.planning.rank import Eligible, Excluded, Ranking, dates_concerned, rank
from dispatcher_app.planning.travel import Points, Travel
from dispatcher_app.simulator.rehearsal import Rehearsal
from tests.domain import onsite, trade
from tests.domain.trade import CENTRE, DISPATCHER, NOW, SUPERVISOR, assign, booking, hour, order_of, window

NEAR, FAR = Point(121.475, 31.232), Point(121.62, 31.28)


def ranked(world: Rehearsal, order: str = "o1", now: int = NOW, **more: Any) -> Ranking:
    found = order_of(world, order)
    region, policy = world.get(Region, "sh"), world.get(Policy, "policy")
    assert region is not None
    assert policy is not None
    items = [item for line in found.lines if (item := world.get(Item, line.item)) is not None]
    concerned = dates_concerned(found, region, now, more.get("date"))
    days = {day.id: day for day in world.all(Day) if day.date in concerned}
    positions = more.pop("positions", {})
    blocked = more.pop("blocked", ())
    return rank(found, items, blocked, world.all(Technician), days, positions, policy, region, now, **more)


def eligible(ranking: Ranking, technician: str) -> Eligible:
    return next(each for each in ranking.eligible if each.technician == technician)


def excluded(ranking: Ranking, technician: str) -> Excluded:
    return next(each for each in ranking.excluded if each.technician == technician)


def test_everybody_is_either_eligible_or_excluded_with_reasons() -> None:
    world = trade.company(
        trade.technician("li"), trade.technician("wang", skills=()), trade.technician("zhao")
    )
    trade.booked(world)
    ranking = ranked(world)
    assert {each.technician for each in ranking.eligible} == {"li", "zhao"}
    assert [each.code for each in excluded(ranking, "wang").broken] == ["skill"]
    assert ranking.source == "estimate"
    assert [each.code for each in ranking.notes] == ["travel_estimated"]


def test_nearest_technician_comes_first_and_parts_add_up() -> None:
    world = trade.company(trade.technician("far", home=FAR), trade.technician("near", home=NEAR))
    trade.booked(world)
    ranking = ranked(world)
    assert [each.technician for each in ranking.eligible] == ["near", "far"]
    for each in ranking.eligible:
        assert each.score == pytest.approx(sum(part.points for part in each.parts), abs=0.051)
        assert {part.name for part in each.parts} == {
            "travel",
            "slack",
            "load",
            "rating",
            "credit",
            "preference",
        }
        assert all(part.points <= part.most for part in each.parts)


def test_a_repair_that_did_not_last_suits_whoever_did_it_and_whoever_is_no_worse() -> None:
    world = trade.company(
        trade.technician("li"), trade.technician("better", credit=90), trade.technician("worse", credit=70)
    )
    onsite.completed(world)
    world.do(DISPATCHER, trade.booking("o2", requested_technician="li"), NOW)
    world.do(
        DISPATCHER, ReturnVisit(order="r1", of="o1", reason="same_fault", window=window(18, 20)), hour(16)
    )

    def wished(order: str) -> set[str]:
        return {
            each.technician
            for each in ranked(world, order, hour(16)).eligible
            if any(part.name == "preference" and part.points == part.most for part in each.parts)
        }

    assert wished("o2") == {"li"}
    assert wished("r1") == {"li", "better"}


@pytest.mark.parametrize(
    ("better", "worse"),
    [
        ({"figures": from_stars(5.0)}, {"figures": from_stars(3.0)}),
        ({"credit": 95}, {"credit": 60}),
        ({"daily_limit": 20}, {"daily_limit": 2}),
    ],
)
def test_better_stars_credit_or_room_come_first(better: dict[str, Any], worse: dict[str, Any]) -> None:
    world = trade.company(trade.technician("a", **worse), trade.technician("b", **better))
    for id, technician in (("x", "a"), ("y", "b")):
        trade.booked(world, id, window=window(17, 19))
        world.do(DISPATCHER, assign(id, technician, 17), NOW)
    trade.booked(world)
    assert [each.technician for each in ranked(world).eligible] == ["b", "a"]


def test_requested_technician_beats_the_one_the_customer_knows_and_both_beat_a_stranger() -> None:
    world = trade.company()
    world.do(DISPATCHER, booking(requested_technician="zhao"), NOW)
    assert [each.technician for each in ranked(world, previous={"wang"}).eligible] == ["zhao", "wang", "li"]


def test_start_lies_in_the_promised_window_where_driving_is_least() -> None:
    world = trade.company(trade.technician("li", home=FAR))
    trade.booked(world, "x", window=window(12, 15), new_address=trade.address("a-x", point=NEAR))
    world.do(DISPATCHER, assign("x", start=14), NOW)
    trade.booked(world, window=window(12, 17))
    found = eligible(ranked(world), "li")
    assert found.after_order == "x"
    assert hour(15) < found.start <= hour(17)
    assert found.late == ()
    assert found.start % 300_000 == 0


def test_start_waits_for_the_drive_from_where_he_stands_now() -> None:
    world = trade.company(trade.technician("li", home=NEAR))
    trade.booked(world, window=window(9, 11))
    at_home = eligible(ranked(world), "li")
    far_away = eligible(ranked(world, positions={"li": (FAR, NOW - 60_000)}), "li")
    long_ago = eligible(ranked(world, positions={"li": (FAR, NOW - 2 * 3_600_000)}), "li")
    assert far_away.arrival == NOW + travel_s(FAR, CENTRE, Policy()) * 1000
    assert far_away.start >= far_away.arrival > at_home.arrival
    assert long_ago == at_home
    assert eligible(ranked(world, positions={"li": FAR}), "li") == far_away


def test_visit_squeezed_in_says_whom_it_makes_late_and_by_how_much() -> None:
    world = trade.company(trade.technician("li"))
    far = trade.address("a-x", point=FAR)
    trade.booked(world, "x", new_address=far, window=window(15, 17))
    world.do(DISPATCHER, assign("x", start=15), NOW)
    trade.booked(world, "y", window=window(16, 18))
    world.do(DISPATCHER, assign("y", start=16), NOW)
    trade.booked(world, window=window(13.75, 14))
    found = eligible(ranked(world), "li")
    drive = travel_s(CENTRE, FAR, Policy()) // 60
    assert found.start == hour(13.75)
    assert found.late[0].order == "x"
    assert found.late[0].minutes == pytest.approx(drive - 15, abs=1)
    assert [each.order for each in found.late] == ["x", "y"]
    assert found.slack_s < 0
    assert [each.code for each in found.warnings] == ["travel_tight"]


def test_nothing_promised_means_the_earliest_start_of_the_next_days() -> None:
    off = ShiftException(trade.DATE)
    world = trade.company(trade.technician("li"), trade.technician("wang", exceptions=(off,)))
    trade.booked(world, window=None)
    ranking = ranked(world)
    assert [each.code for each in ranking.notes] == ["travel_estimated", "no_promise"]
    assert eligible(ranking, "li").start < NOW + 3_600_000
    assert local_date(eligible(ranking, "wang").start, trade.TIMEZONE) == "2026-11-24"


def test_asking_for_a_date_looks_at_that_date_only() -> None:
    world = trade.company()
    trade.booked(world, window=None)
    ranking = ranked(world, date="2026-11-25")
    assert {each.date for each in ranking.eligible} == {"2026-11-25"}


def test_promise_that_has_passed_is_ranked_by_who_comes_soonest() -> None:
    world = trade.company()
    trade.booked(world)
    ranking = ranked(world, now=hour(17))
    assert "window_passed" in [each.code for each in ranking.notes]
    assert all(each.start >= hour(17) for each in ranking.eligible)
    assert ranking.eligible


def test_excluded_technician_is_told_with_every_rule_and_with_what_would_help() -> None:
    morning = tuple(Shift(day, 8 * 60, 12 * 60) for day in range(7))
    world = trade.company(
        trade.technician("li", shifts=morning, districts=("south",), suspended=True, status="offline"),
        trade.technician("wang", shifts=morning),
        trade.technician("busy"),
    )
    trade.booked(world, "x", window=window(13, 18))
    world.do(SUPERVISOR, assign("x", "busy", 15.5), NOW)
    trade.booked(world, window=window(15, 16), lines=(BookedLine(item="fridge", fault="ice"),))
    ranking = ranked(world)
    assert [each.code for each in excluded(ranking, "li").broken] == ["suspended", "area", "shift"]
    assert excluded(ranking, "li").would_be_eligible_if == ()
    ways = {each.code: each.params for each in excluded(ranking, "wang").would_be_eligible_if}
    assert ways["if_overridden"] == {"rules": ["shift"]}
    assert ways["if_started"]["date"] == "2026-11-24"
    busy = excluded(ranking, "busy")
    assert [each.code for each in busy.broken] == ["overlap"]
    assert {each.code: each.params for each in busy.would_be_eligible_if}["if_started"]["start"] >= hour(16.5)


def test_offline_technician_would_be_eligible_online() -> None:
    world = trade.company(trade.technician("li", status="offline"))
    trade.booked(world, window=window(9, 9.75))
    found = excluded(ranked(world), "li")
    assert [each.code for each in found.broken] == ["offline"]
    assert "if_online" in [each.code for each in found.would_be_eligible_if]


def test_assigned_technician_is_marked_and_his_own_visit_is_not_in_his_way() -> None:
    world = trade.company()
    trade.assigned(world)
    found = eligible(ranked(world), "li")
    assert found.current
    assert found.load == 0


def test_blocked_technician_is_excluded() -> None:
    world = trade.company()
    trade.booked(world)
    assert [each.code for each in excluded(ranked(world, blocked={"li"}), "li").broken] == ["blocked"]


def test_ranking_goes_over_the_wire() -> None:
    world = trade.company(trade.technician("li"), trade.technician("wang", skills=()))
    trade.booked(world)
    ranking = ranked(world)
    assert codec.decode(codec.encode(ranking), Ranking) == ranking


def planned(world: Rehearsal, order: str, technician: str, start: float, minutes: int = 60) -> None:
    """The planner's place for an order, as the `Day` holds it."""
    day = trade.day_of(world, technician)
    begin = hour(start)
    stop = Stop(
        order=order, visit=1, start=begin, end=begin + minutes * 60_000, point=CENTRE, state="tentative"
    )
    world.entities["day", day.id] = day.with_stop(stop)


def test_visits_that_are_only_planned_give_way_and_cost_points() -> None:
    world = trade.company(trade.technician("li"), trade.technician("wang"))
    trade.booked(world, "x", window=window(14, 16))
    trade.booked(world, window=window(14, 14.5))
    planned(world, "x", "li", 14, 120)
    ranking = ranked(world)
    assert [each.technician for each in ranking.eligible] == ["wang", "li"]
    found = eligible(ranking, "li")
    assert found.displaces == ("x",)
    assert {part.name: part.points for part in found.parts}["displaced"] < 0
    assert found.score == pytest.approx(sum(part.points for part in found.parts), abs=0.051)
    assert [each.code for each in found.warnings] == ["displaces"]
    assert eligible(ranking, "wang").displaces == ()


def test_a_start_that_displaces_nobody_is_found_where_there_is_one() -> None:
    world = trade.company(trade.technician("li"))
    trade.booked(world, "x", window=window(14, 16))
    trade.booked(world, window=window(14, 16))
    planned(world, "x", "li", 14)
    found = eligible(ranked(world), "li")
    assert found.displaces == ()
    assert found.start >= hour(15)
    assert found.late == ()


def test_technician_whom_the_planner_has_chosen_is_marked_and_his_place_is_free() -> None:
    world = trade.company(trade.technician("li"), trade.technician("wang"))
    trade.booked(world, window=window(14, 15))
    planned(world, "o1", "wang", 14)
    ranking = ranked(world)
    assert eligible(ranking, "wang").planned
    assert eligible(ranking, "wang").displaces == ()
    assert not eligible(ranking, "li").planned


def test_planned_visits_do_not_use_up_the_daily_limit() -> None:
    world = trade.company(trade.technician("li", daily_limit=1))
    trade.booked(world, "x", window=window(9, 12))
    trade.booked(world, window=window(14, 16))
    planned(world, "x", "li", 10)
    assert eligible(ranked(world), "li").displaces == ("x",)


def test_hour_held_for_a_caller_excludes_and_says_until_when() -> None:
    world = trade.company(trade.technician("li"))
    trade.booked(world, window=window(14, 14.5))
    day = trade.day_of(world, "li")
    held = Stop(
        order="caller", visit=1, start=hour(13.5), end=hour(15), point=CENTRE, state="held",
        expires_at=NOW + 300_000, held_by="staff:lina",
    )  # fmt: skip
    world.entities["day", day.id] = day.with_stop(held)
    out = excluded(ranked(world), "li")
    assert [each.code for each in out.broken] == ["held_for_caller"]
    assert out.broken[0].params["until"] == NOW + 300_000
    assert eligible(ranked(world, now=NOW + 300_000), "li").displaces == ()


def test_day_that_ends_late_for_it_is_overtime_and_costs_points() -> None:
    world = trade.company(trade.technician("li"))
    trade.booked(world, "x", new_address=trade.address("a-x", point=FAR), window=window(18, 20))
    world.do(DISPATCHER, assign("x", start=19), NOW)
    trade.booked(world, window=window(17.75, 17.9))
    found = eligible(ranked(world), "li")
    assert found.overtime_minutes == found.late[0].minutes > 0
    assert {part.name: part.points for part in found.parts}["overtime"] < 0
    assert "overtime" in [each.code for each in found.warnings]


def test_road_times_are_asked_both_ways_and_named() -> None:
    world = trade.company(trade.technician("li"))
    trade.booked(world, "x", window=window(12, 13))
    world.do(DISPATCHER, assign("x", start=12), NOW)
    trade.booked(world, window=window(14, 16))

    def roads(origins: Points, targets: Points, at: int) -> Travel:
        seconds = np.full((len(origins), len(targets)), 600 if len(targets) == 1 else 900)
        return Travel(seconds, np.full_like(seconds, 5_000), "road", ())

    ranking = ranked(world, travel=roads)
    assert (ranking.source, ranking.notes) == ("road", ())
    assert eligible(ranking, "li").drive_s == 600


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"point": Point(float("nan"), 31.0)}, "no_coordinates"),
        ({"point": Point(0.0, 0.0)}, "no_coordinates"),
        ({"point": Point(121.0, float("inf"))}, "no_coordinates"),
    ],
)
def test_order_that_nobody_can_plan_says_why(changes: dict[str, Any], code: str) -> None:
    world = trade.company()
    trade.booked(world)
    world.entities["order", "o1"] = replace(order_of(world), **changes)
    ranking = ranked(world)
    assert ranking.eligible == ()
    assert {each.broken[0].code for each in ranking.excluded} == {code}
    assert code in [each.code for each in ranking.notes]


def test_window_that_ends_before_it_begins_is_named() -> None:
    world = trade.company()
    trade.booked(world)
    world.entities["order", "o1"] = order_of(world).with_window(Window(hour(16), hour(14)))
    assert {each.broken[0].code for each in ranked(world).excluded} == {"window_impossible"}


def test_technicians_without_shift_or_home_and_stops_without_place_crash_nothing() -> None:
    nowhere = Point(float("nan"), float("nan"))
    world = trade.company(
        trade.technician("idle", shifts=()),
        trade.technician("lost", home=nowhere),
        trade.technician("busy"),
        trade.technician("sick", leaves=(Leave("l", hour(0), hour(48), "病假"),)),
    )
    trade.booked(world)
    day = trade.day_of(world, "busy")
    stop = Stop(order="x", visit=1, start=hour(12), end=hour(13), point=nowhere)
    world.entities["day", day.id] = day.with_stop(stop)
    ranking = ranked(world)
    assert {each.technician for each in ranking.eligible} == {"lost", "busy"}
    assert eligible(ranking, "lost").drive_s == 1_800
    assert [each.code for each in excluded(ranking, "idle").broken] == ["shift"]
    assert [each.code for each in excluded(ranking, "sick").broken] == ["leave"]


def test_work_without_a_duration_is_ranked_and_said() -> None:
    world = trade.company()
    trade.booked(world)
    order = order_of(world)
    world.entities["order", "o1"] = replace(order, lines=(replace(order.lines[0], minutes=0),))
    assert "no_duration" in [each.code for each in ranked(world).notes]


places = st.builds(Point, st.floats(121.3, 121.7), st.floats(31.1, 31.4))
crew = st.builds(
    lambda skills, districts, status, home, shifts, limit: {
        "skills": skills, "districts": districts, "status": status, "home": home, "shifts": shifts,
        "daily_limit": limit,
    },
    st.sampled_from((("cold", "water"), ("cold", "water"), ("cold",), ())),
    st.sampled_from(((), (), ("north",), ("south",))),
    st.sampled_from(("online", "busy", "offline")),
    places,
    st.sampled_from(((8, 20), (8, 20), (0, 24), (12, 14), (10, 10.5))).map(
        lambda span: tuple(Shift(day, round(span[0] * 60), round(span[1] * 60)) for day in range(7))
    ),
    st.none() | st.integers(0, 3),
)  # fmt: skip
jobs = st.tuples(
    places,
    st.integers(0, 2),
    st.none() | st.tuples(st.integers(-4, 90), st.integers(1, 16)),
    st.sampled_from((("fridge", "ice"), ("tap", None), ("air", "gas"))),
)


@settings(max_examples=200, deadline=None)
@given(
    people=st.lists(crew, min_size=2, max_size=5),
    calls=st.lists(jobs, min_size=2, max_size=9),
    minute=st.integers(0, 24 * 60 - 1),
    leave=st.none() | st.tuples(st.integers(0, 30), st.integers(1, 30)),
)
def test_nobody_ranked_eligible_is_rejected_and_nobody_excluded_is_accepted(
    people: list[dict[str, Any]],
    calls: list[tuple[Point, int, tuple[int, int] | None, tuple[str, str | None]]],
    minute: int,
    leave: tuple[int, int] | None,
) -> None:
    now = trade.MIDNIGHT + minute * 60_000
    world = trade.company(*(trade.technician(f"t{number}", **each) for number, each in enumerate(people)))
    if leave is not None:
        start = now + leave[0] * 1_800_000
        command = AddLeave(
            technician="t0", leave="l", start=start, end=start + leave[1] * 1_800_000, reason="年假"
        )
        world.do(SUPERVISOR, command, now)
    for number, (point, pick, span, (item, fault)) in enumerate(calls):
        id = f"o{number}"
        made = booking(
            id,
            new_address=trade.address(f"a-{id}", point=point),
            lines=(BookedLine(item=item, fault=fault),),
            window=None,
        )
        world.do(DISPATCHER, made, now)
        if span is not None:
            start = now + span[0] * 1_800_000
            order = order_of(world, id)
            world.entities["order", id] = order.with_window(Window(start, start + span[1] * 900_000))
        ranking = ranked(world, id, now)
        assert len(ranking.eligible) + len(ranking.excluded) == len(people)
        for found in ranking.eligible:
            order = order_of(world, id)
            assert found.start >= now
            if order.window is not None and order.window.end >= now:
                assert order.window.start <= found.start <= order.window.end
            trial = replace(world, entities=dict(world.entities), numbers=dict(world.numbers))
            trial.do(
                DISPATCHER, AssignTechnician(order=id, technician=found.technician, start=found.start), now
            )
        for out in ranking.excluded:
            assert out.broken
            command_now = AssignTechnician(order=id, technician=out.technician, start=ranking.earliest)
            trial = replace(world, entities=dict(world.entities), numbers=dict(world.numbers))
            with pytest.raises(Rejected, match="technician_unfit"):
                trial.do(DISPATCHER, command_now, now)
        if ranking.eligible:
            chosen = ranking.eligible[pick % len(ranking.eligible)]
            world.do(
                DISPATCHER, AssignTechnician(order=id, technician=chosen.technician, start=chosen.start), now
            )


@settings(max_examples=60, deadline=None)
@given(
    waiting=st.lists(
        st.tuples(st.integers(0, 1), st.integers(16, 38), st.integers(1, 3), places), min_size=1, max_size=9
    ),
    point=places,
    first=st.integers(9, 17),
    limit=st.sampled_from((None, 2, 3)),
)
def test_whoever_is_said_to_be_displaced_is_and_nobody_else(
    waiting: list[tuple[int, int, int, Point]], point: Point, first: int, limit: int | None
) -> None:
    world = trade.company(*(trade.technician(f"t{number}", daily_limit=limit) for number in range(2)))
    for number, (who, half, length, place) in enumerate(waiting):
        day = trade.day_of(world, f"t{who}")
        stop = Stop(
            order=f"x{number}", visit=1, start=hour(half / 2), end=hour((half + length) / 2), point=place,
            state="tentative",
        )  # fmt: skip
        if all(each.end <= stop.start or stop.end <= each.start for each in day.stops):
            world.entities["day", day.id] = day.with_stop(stop)
    trade.booked(world, window=window(first, first + 2), new_address=trade.address("a-o1", point=point))
    for found in ranked(world).eligible:
        before = {stop.order for stop in trade.day_of(world, found.technician).stops}
        trial = replace(world, entities=dict(world.entities), numbers=dict(world.numbers))
        trial.do(
            DISPATCHER, AssignTechnician(order="o1", technician=found.technician, start=found.start), NOW
        )
        after = {stop.order for stop in trade.day_of(trial, found.technician).stops}
        assert before - after == set(found.displaces)


def test_drives_are_said_to_be_estimated_even_where_nobody_can_go() -> None:
    world = trade.company(trade.technician("li", shifts=()))
    trade.booked(world)
    assert [each.code for each in ranked(world).notes] == ["travel_estimated"]
