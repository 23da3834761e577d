"""`bench repair DAY.npz`: a technician drops out of a plan; mend it and leave everybody else alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.bench.plan import options
from tests.bench.plan.check_day import check_day
from tests.bench.plan.day import Day, read_day
from tests.bench.plan.engine import run
from tests.bench.plan.problem import repair_problem
from tests.bench.plan.routes import Routes, read_routes
from tests.bench.plan.solve_day import about, keeper, told
from tests.bench.plan.stop import stoppable
from tests.bench.plan.unusable import Unusable

# A customer is moved to somebody else only where that saves more driving than this. Tried with 10 to 120 minutes: with
# 30 even a plan that leaves much to improve keeps nine stops in ten, and a good one is mended nearly as well as with 10.
MOVE_COST_S = 1800
# A plan in force is only touched up.
HEAT = 0.1


@dataclass(frozen=True)
class Kept:
    """How much of the former plan stands in a mended one."""

    stops: int  # of the technicians who are still there
    unmoved: int  # of those, with the same technician as before
    locks: int  # stops that had to stay where they were
    locks_kept: int
    orphans: int  # stops of the technician who dropped out
    orphans_served: int

    @property
    def unmoved_percent(self) -> float:
        """Stops with the same technician as before, in per cent."""
        return 100 * self.unmoved / self.stops if self.stops else 100.0


def main(words: list[str]) -> int:
    """Mend the plan; 0, or 1 where the mended one breaks a hard rule or a lock."""
    asked = options.parser("repair", "Mend a plan from which a technician drops out.", seconds=1)
    asked.add_argument("day", type=Path, metavar="DAY.npz")
    asked.add_argument("--plan", type=Path, required=True, metavar="PLAN.json", help="the plan in force")
    asked.add_argument(
        "--drop", type=options.whole, required=True, metavar="TECHNICIAN", help="0 is the first"
    )
    asked.add_argument("--lock", type=options.whole, default=2, help="first stops of each route that stay")
    asked.add_argument("--move-cost", type=options.whole, default=MOVE_COST_S, metavar="SECONDS")
    asked.add_argument(
        "--out", type=Path, metavar="FILE", help="PLAN.repaired.json beside the plan by itself"
    )
    given = asked.parse_args(words)
    out = given.out or given.plan.with_suffix(".repaired.json")
    options.refuse_unwritable(out, given.json)
    with stoppable() as stop:
        day = read_day(given.day)
        routes = read_routes(given.plan, count=day.technicians, stops=range(day.orders))
        _refuse_wrong(day, routes, given.drop, given.plan)
        problem = repair_problem(day, routes, given.drop, given.lock, given.move_cost)
        start: Routes = [[] if number == given.drop else route for number, route in enumerate(routes)]
        done = run(problem, given.seconds, given.seed, given.cores, stop, keeper(out), start, HEAT)
    verdict = check_day(day, done.routes)
    kept = compare(routes, done.routes, given.drop, given.lock)
    broken = [*verdict.broken, *_broken_locks(kept, done.routes[given.drop])]
    figures = {
        "objective_h": round(verdict.objective_h, 2),
        "unserved": verdict.unserved,
        "unmoved_percent": round(kept.unmoved_percent, 1),
        "locks": kept.locks,
        "locks_kept": kept.locks_kept,
        "orphans": kept.orphans,
        "orphans_served": kept.orphans_served,
        "broken": broken,
    } | told(done, 3600)
    options.say(
        [
            ("objective", f"{verdict.objective_h:.1f} h ({check_day(day, routes).objective_h:.1f} h before)"),
            ("unserved", f"{verdict.unserved} of {day.orders}"),
            ("unmoved", f"{kept.unmoved_percent:.1f} % of {kept.stops} stops with the same technician"),
            ("locks", f"{kept.locks_kept} of {kept.locks} kept"),
            ("freed", f"{kept.orphans_served} of {kept.orphans} stops have somebody else"),
            *about(done, 3600, "h"),
            ("rules", "all kept" if not broken else f"BROKEN: {'; '.join(broken[:5])}"),
            ("plan", str(out)),
        ]
    )
    options.keep_json(figures, given.json)
    return 1 if broken else 0


def compare(before: Sequence[Sequence[int]], after: Sequence[Sequence[int]], dropped: int, lock: int) -> Kept:
    """What of a plan is left in the mended one."""
    there = [number for number in range(len(before)) if number != dropped]
    served = {stop for route in after for stop in route}
    return Kept(
        stops=sum(len(before[number]) for number in there),
        unmoved=sum(len(set(before[number]) & set(after[number])) for number in there),
        locks=sum(len(before[number][:lock]) for number in there),
        locks_kept=sum(
            one == other
            for number in there
            for one, other in zip(before[number][:lock], after[number], strict=False)
        ),
        orphans=len(before[dropped]),
        orphans_served=len(served.intersection(before[dropped])),
    )


def _refuse_wrong(day: Day, routes: Routes, dropped: int, plan: Path) -> None:
    if dropped >= day.technicians:
        raise Unusable(f"There is no technician {dropped}: the day has {day.technicians}, the first is 0.")
    if broken := check_day(day, routes).broken:
        raise Unusable(f"{plan} breaks a hard rule of this day: {broken[0]}.")


def _broken_locks(kept: Kept, route: Sequence[int]) -> list[str]:
    broken = [] if kept.locks == kept.locks_kept else [f"{kept.locks - kept.locks_kept} locks are not kept"]
    return [*broken, "the technician who dropped out has stops"] if route else broken
