"""Free places for a promise: those that the ranking would call calm, found without its reasons."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from dispatcher_app.domain.catalogue import Item
from dispatcher_app.domain.day import Day
from dispatcher_app.domain.matching import need_of
from dispatcher_app.domain.order import Order
from dispatcher_app.domain.place import Point
from dispatcher_app.domain.region import Policy, Region
from dispatcher_app.domain.technician import Technician
from dispatcher_app.planning import vacancy
from dispatcher_app.planning.choose import calm
from dispatcher_app.planning.plan import Plan
from dispatcher_app.planning.rank import ranked
from dispatcher_app.planning.travel import Ground
from dispatcher_app.planning.vacancy import Vacancy, close_by, vacancies
from dispatcher_app.simulator.rehearsal import Rehearsal
from tests.domain import trade
from tests.domain.trade import CENTRE, DATE, NOW, TIMEZONE, assigned, order_of


def plan_of(world: Rehearsal) -> Plan:
    return Plan(TIMEZONE, (DATE,), world.all(Technician), world.all(Day))


def asked(world: Rehearsal, order: Order, plan: Plan) -> tuple[list[Vacancy], list[tuple[str, int]]]:
    """The free places of an order, and what a ranking of everybody says is free."""
    region, policy = world.get(Region, "sh"), world.get(Policy, "policy")
    assert region is not None
    assert policy is not None
    items = [item for line in order.lines if (item := world.get(Item, line.item)) is not None]
    need, travel = need_of(order, items), Ground(policy, region.timezone).travel
    found = vacancies(plan, order, need, {}, policy, region, NOW, travel=travel)
    ranking = ranked(plan, order, need, {}, policy, region, NOW, travel=travel)
    free = [each for each in ranking.eligible if calm(each) and not each.displaces]
    return found, [(each.technician, each.start) for each in free]


def test_free_places_are_those_that_a_ranking_calls_calm_in_its_order() -> None:
    people = [
        trade.technician(f"t{number}", home=Point(CENTRE.lon + number * 0.01, CENTRE.lat))
        for number in range(6)
    ]
    world = trade.company(*people, trade.technician("unable", skills=()))
    trade.booked(world)
    assigned(world, "o2", "t1", 15)
    found, calm_ones = asked(world, order_of(world, "o1"), plan_of(world))
    assert found
    assert [(each.technician, each.start) for each in found] == calm_ones
    assert "unable" not in {each.technician for each in found}


def test_an_order_without_a_running_promise_has_no_free_place() -> None:
    world = trade.company(trade.technician("li"))
    trade.booked(world)
    order = order_of(world, "o1")
    assert asked(world, order.with_window(None), plan_of(world))[0] == []
    over = replace(order.window, start=NOW - 7_200_000, end=NOW - 3_600_000) if order.window else None
    assert asked(world, order.with_window(over), plan_of(world))[0] == []


def test_of_many_those_close_by_are_asked_first_and_the_others_where_none_of_those_can(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(vacancy, "CLOSE", 2)
    near = [trade.technician(f"near{number}", home=CENTRE) for number in range(2)]
    far = Point(CENTRE.lon + 0.1, CENTRE.lat)
    world = trade.company(*near, trade.technician("far", home=far))
    trade.booked(world)
    plan, order = plan_of(world), order_of(world, "o1")
    assert {each.technician for each in asked(world, order, plan)[0]} == {"near0", "near1"}
    for each in near:
        plan.put_technician(replace(each, shifts=()))
    assert [each.technician for each in asked(world, order, plan)[0]] == ["far"]


def test_whoever_has_a_visit_close_by_counts_as_close(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(vacancy, "CLOSE", 1)
    away = Point(CENTRE.lon + 0.1, CENTRE.lat)
    world = trade.company(
        trade.technician("visits", home=away),
        trade.technician("lives", home=Point(CENTRE.lon + 0.05, CENTRE.lat)),
    )
    assigned(world, "o2", "visits", 15)
    plan, order = plan_of(world), order_of(world, "o2")
    sheet = plan.open(DATE)
    rows = np.arange(len(plan.crew))
    chosen = close_by(sheet, rows, order.point)
    assert [plan.crew.people[row].id for row in chosen.tolist()] == ["visits"]
