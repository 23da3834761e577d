"""Whatever is held, moved and published in whatever order: nothing clashes, no promise is lost, plans come back whole."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from random import Random
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dispatcher_app.domain.act import Rejected
from dispatcher_app.domain.command import MoveVisits, PublishPlan
from dispatcher_app.domain.day import Day
from dispatcher_app.domain.entity import Entity
from dispatcher_app.domain.matching import swept
from dispatcher_app.domain.order import Order
from dispatcher_app.domain.rule.draft import CLASHES
from dispatcher_app.domain.rule.standing import standing
from dispatcher_app.simulator.rehearsal import Rehearsal
from tests.domain import planner, trade, walk
from tests.domain.test_invariants import check, check_change
from tests.domain.test_whole_life import longer
from tests.domain.trade import NOW, minutes, window

STEPS_MS = (0, 0, 1_000, minutes(1), minutes(4), minutes(20))


def company() -> Rehearsal:
    """Six orders promised for the same two hours."""
    world = trade.company()
    for number in range(6):
        trade.booked(world, f"o{number}", window=window(10, 14 + number))
    return world


def lasting(world: Rehearsal, now: int) -> dict[tuple[str, str], Entity]:
    """Everything but versions, the story, open requests, marks of the system, and what nobody holds any more."""
    kept: dict[tuple[str, str], Entity] = {}
    for key, entity in world.entities.items():
        if isinstance(entity, Order):
            found = standing(world, entity)
            kept[key] = replace(
                entity, version=0, steps=(), since=0, transfer=None, unkept=None, unheard=(0, 0),
                tentative=found[0].id if found and found[1].state == "tentative" else "",
            )  # fmt: skip
        elif isinstance(entity, Day):
            if (live := swept(entity, now)).stops:
                kept[key] = replace(live, version=0)
        else:
            kept[key] = replace(entity, version=0)  # type: ignore[type-var]
    return kept


def overridden(world: Rehearsal) -> set[str]:
    """The orders that a supervisor has sent somebody to against a rule."""
    return {each.id for each in world.all(Order) if any(step.params.get("override") for step in each.steps)}


def copied(world: Rehearsal) -> Rehearsal:
    return replace(
        world, entities=dict(world.entities), secrets=list(world.secrets), numbers=dict(world.numbers)
    )


def check_promises(world: Rehearsal) -> None:
    """A promised order nobody was sent to has its place, or the planner can see that it has none."""
    places = {
        stop.order: day.id
        for day in world.all(Day)
        for stop in day.stops
        if stop.state == "tentative" and stop.together[:1] in ((), (day.technician,))
    }
    for order in world.all(Order):
        if order.status in ("pending", "offered") and order.window is not None:
            found = standing(world, order)
            assert (found[0].id if found else None) == places.get(order.id)
        else:
            assert order.id not in places


def check_undo(before: Rehearsal, after: Rehearsal, actor: Any, undo: Any, now: int) -> None:
    """Taken back at once, everything is as it was; and a second time it is as it was published.

    Only who was sent against a rule (a leave that came later, a supervisor's reason) is not sent so again.
    """
    world = copied(after)
    try:
        back = world.do(actor, undo, now, undoes="the act")
    except Rejected as refused:
        if refused.code not in ("plan_gone", "none_moved"):
            raise
        return
    hindered = {each.params["why"] for each in back.warnings if each.code == "move_refused"}
    assert {each.code for each in back.warnings} <= {"leave_hits", "move_refused", "move_despite"}
    if hindered:
        assert not hindered <= CLASHES or overridden(before)
        return
    assert lasting(world, now) == lasting(before, now)
    assert back.undo is not None
    world.do(actor, back.undo, now, undoes="the undo")
    assert lasting(world, now) == lasting(after, now)


def walked(dice: Random, steps: int, seen: Counter[str]) -> None:
    """One walk; counts commands, refusals and warnings."""
    world, now = company(), NOW
    for _ in range(steps):
        now += dice.choice(STEPS_MS)
        somebody = planner.next_act if dice.random() < 0.75 else walk.next_wish
        actor, command = somebody(world, now, dice)
        then = copied(world)
        try:
            change = world.do(actor, command, now)
        except Rejected as refused:
            assert world.entities == then.entities
            seen[f"refused {refused.code}"] += 1
            continue
        check_change(change, then.entities, world.region)
        check(world, longer(world) | overridden(world))
        check_promises(world)
        by_rule = isinstance(command, MoveVisits) and command.override_reason is None
        if isinstance(command, PublishPlan) or by_rule:
            check_undo(then, world, actor, change.undo, now)
        seen[type(command).__name__] += 1
        seen.update(f"{each.code} {each.params.get('why', '')}".strip() for each in change.warnings)


@settings(max_examples=80, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.integers(0, 2**32), st.integers(30, 90))
def test_plans_hold_whatever_is_planned_and_done(seed: int, steps: int) -> None:
    walked(Random(seed), steps, Counter())


def test_the_walks_take_every_command_of_the_plan_and_meet_every_refusal_of_a_move() -> None:
    seen: Counter[str] = Counter()
    for seed in range(60):
        walked(Random(seed), 80, seen)
    assert [each.__name__ for each in planner.COMMANDS if not seen[each.__name__]] == []
    wanted = {
        "move_skipped visit_changed", "move_skipped visit_dispatched", "move_skipped visit_pinned",
        "move_refused overlap", "move_refused held_for_caller", "move_refused leave", "hold_lost",
        "refused technician_unfit", "refused hold_gone", "refused plan_gone", "refused none_moved",
        "refused nothing_new", "move_despite overlap", "move_despite travel_tight", "move_despite outside_window",
    }  # fmt: skip
    assert sorted(wanted - set(seen)) == []
