"""`bench live DAY.npz`: the orders of a day come in one by one, and the plan is improved between them."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from tests.bench.plan import options
from tests.bench.plan.check_day import DayVerdict, check_day
from tests.bench.plan.day import Day, read_day
from tests.bench.plan.engine import run
from tests.bench.plan.insert import Place, cheapest, insert, offered
from tests.bench.plan.problem import day_problem
from tests.bench.plan.routes import Routes, write_routes
from tests.bench.plan.stop import Stop, stoppable

# A promise that was given is kept, whatever else would be cheaper: no order is worth as much.
PROMISED_S = 100 * 3600
# New orders want some room, a plan that is half right is not to be taken apart: the best of four that were tried.
HEAT = 0.3


@dataclass(frozen=True)
class Pace:
    """How the day is played: after so many orders the plan is improved for so long."""

    every: int
    between_s: float
    seed: int
    cores: int


@dataclass(frozen=True)
class Outcome:
    """How a day ended, and the day with the windows that were promised."""

    day: Day
    routes: Routes
    verdict: DayVerdict


def main(words: list[str]) -> int:
    """Play the day; 0, or 1 where a plan breaks a hard rule or a promise."""
    asked = options.parser("live", "Play a day whose orders come in one by one.", seconds=10)
    asked.add_argument("day", type=Path, metavar="DAY.npz")
    asked.add_argument("--every", type=options.positive, default=20, help="orders between two improvements")
    asked.add_argument("--between", type=options.duration, default=0.5, help="seconds of one improvement")
    asked.add_argument(
        "--offers",
        action="store_true",
        help="orders without a window are offered five and take one of the best three",
    )
    asked.add_argument("--plan", type=Path, metavar="PLAN.json", help="where the plan at the end goes")
    given = asked.parse_args(words)
    options.refuse_unwritable(given.plan, given.json)
    day = read_day(given.day)
    pace = Pace(given.every, given.between, given.seed, given.cores)
    with stoppable() as stop:
        live = play(day, pace, stop, offers=given.offers)
        bare = play(live.day, replace(pace, between_s=0), stop, offers=False)
        known = hindsight(live.day, given.seconds, pace, stop)
    broken = [*live.verdict.broken, *known.verdict.broken]
    worse = (
        100 * (live.verdict.objective_h / known.verdict.objective_h - 1) if known.verdict.objective_h else 0.0
    )
    options.say(
        [
            ("live", _told(live)),
            ("insertion only", _told(bare)),
            ("hindsight", f"{_told(known)}, all orders known, {given.seconds:g} s"),
            ("live is", f"{worse:.1f} % worse than hindsight"),
            ("rules", "all kept" if not broken else f"BROKEN: {'; '.join(broken[:5])}"),
        ]
    )
    figures = {
        "live_h": round(live.verdict.objective_h, 2),
        "live_unserved": live.verdict.unserved,
        "insertion_h": round(bare.verdict.objective_h, 2),
        "insertion_unserved": bare.verdict.unserved,
        "hindsight_h": round(known.verdict.objective_h, 2),
        "hindsight_unserved": known.verdict.unserved,
        "worse_percent": round(worse, 2),
        "broken": broken,
    }
    if given.plan:
        write_routes(live.routes, given.plan)
    options.keep_json(figures, given.json)
    return 1 if broken else 0


def play(day: Day, pace: Pace, stop: Stop, *, offers: bool) -> Outcome:
    """Take the orders in a random order, put each into the cheapest gap, improve after every few.

    With offers an order that has the whole day is told its windows, takes one, and is promised it: it may
    still be moved, never given up.
    """
    dice = random.Random(pace.seed)
    arriving = dice.sample(range(day.orders), day.orders)
    routes: Routes = [[] for _ in range(day.technicians)]
    known: list[int] = []
    promised = day.penalty.copy()
    for number, order in enumerate(arriving, 1):
        known.append(order)
        if offers and (choice := offered(day, routes, order)):
            day = _promised(day, order, dice.choice(choice))
            promised[order] = PROMISED_S
        if place := cheapest(day, routes, order):
            insert(routes, order, place)
        if pace.between_s and not stop.asked and (number % pace.every == 0 or number == day.orders):
            routes = _improved(replace(day, penalty=promised), known, routes, pace, stop)
    return Outcome(day, routes, check_day(day, routes))


def hindsight(day: Day, seconds: float, pace: Pace, stop: Stop) -> Outcome:
    """The same day with all orders known from the beginning."""
    done = run(day_problem(day), seconds, pace.seed, pace.cores, stop)
    return Outcome(day, done.routes, check_day(day, done.routes))


def _improved(day: Day, known: Sequence[int], routes: Routes, pace: Pace, stop: Stop) -> Routes:
    part, place = only(day, known), {order: at for at, order in enumerate(known)}
    start = [[place[order] for order in route] for route in routes]
    done = run(day_problem(part), pace.between_s, pace.seed, pace.cores, stop, start=start, heat=HEAT)
    return [[known[at] for at in route] for route in done.routes]


def only(day: Day, orders: Sequence[int]) -> Day:
    """The day with these orders alone, numbered as they are given."""
    chosen = np.array(orders, int)
    places = np.concatenate([chosen, np.arange(day.orders, day.orders + day.technicians)])
    return replace(
        day,
        travel=day.travel[np.ix_(places, places)],
        service=day.service[chosen],
        earliest=day.earliest[chosen],
        latest=day.latest[chosen],
        penalty=day.penalty[chosen],
        allowed=day.allowed[:, chosen],
    )


def _promised(day: Day, order: int, place: Place) -> Day:
    earliest, latest = day.earliest.copy(), day.latest.copy()
    earliest[order], latest[order] = place.earliest, place.latest
    return replace(day, earliest=earliest, latest=latest)


def _told(outcome: Outcome) -> str:
    return f"{outcome.verdict.objective_h:.1f} h, {outcome.verdict.unserved} unserved"
