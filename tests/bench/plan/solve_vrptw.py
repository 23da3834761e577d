"""`bench vrptw FILE.txt`: plan one published instance and say how far from the best-known it ends."""

from __future__ import annotations

from pathlib import Path

from tests.bench.plan import options
from tests.bench.plan.best_known import best_known, gap_percent
from tests.bench.plan.check_vrptw import check_vrptw
from tests.bench.plan.engine import run
from tests.bench.plan.problem import customers_of, vrptw_problem
from tests.bench.plan.solve_day import about, keeper, told
from tests.bench.plan.stop import stoppable
from tests.bench.plan.vrptw import read_vrptw


def main(words: list[str]) -> int:
    """Plan the instance; 0, or 1 where a rule is broken or a customer is left out."""
    asked = options.parser("vrptw", "Plan an instance in the form of Solomon's.", seconds=10, cores=1)
    asked.add_argument("instance", type=Path, metavar="FILE.txt")
    asked.add_argument("--plan", type=Path, required=True, metavar="PLAN.json", help="where the routes go")
    given = asked.parse_args(words)
    options.refuse_unwritable(given.plan, given.json)
    keep = keeper(given.plan, customers_of)
    with stoppable() as stop:
        instance = read_vrptw(given.instance)
        print(f"{instance.name}: {instance.customers} customers, {instance.vehicles} vehicles", flush=True)
        done = run(vrptw_problem(instance), given.seconds, given.seed, given.cores, stop, keep)
    verdict = check_vrptw(instance, customers_of(done.routes))
    best = best_known(instance)
    gap = None if best is None else round(gap_percent(verdict.distance, best), 3)
    figures = {
        "distance": verdict.distance,
        "vehicles": verdict.vehicles,
        "best_known": best,
        "gap_percent": gap,
        "broken": list(verdict.broken),
    } | told(done, 10)
    options.say(
        [
            ("distance", f"{verdict.distance:.1f} with {verdict.vehicles} vehicles"),
            ("best known", "not stored" if best is None else f"{best:.1f}, gap {gap:.2f} %"),
            *about(done, 10, "distance"),
            ("rules", "all kept" if not verdict.broken else f"BROKEN: {'; '.join(verdict.broken[:5])}"),
            ("plan", str(given.plan)),
        ]
    )
    options.keep_json(figures, given.json)
    return 1 if verdict.broken else 0
