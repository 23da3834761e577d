"""`bench fieldday DAY.npz`: plan one field day and say how it went."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.bench.plan import curve, options
from tests.bench.plan.check_day import check_day
from tests.bench.plan.day import read_day
from tests.bench.plan.engine import Keep, Run, run
from tests.bench.plan.problem import day_problem
from tests.bench.plan.routes import Routes, write_routes
from tests.bench.plan.stop import stoppable


def main(words: list[str]) -> int:
    """Plan the day; 0, or 1 where the plan breaks a hard rule."""
    asked = options.parser("fieldday", "Plan a field day.", seconds=10)
    asked.add_argument("day", type=Path, metavar="DAY.npz")
    asked.add_argument("--plan", type=Path, required=True, metavar="PLAN.json", help="where the plan goes")
    given = asked.parse_args(words)
    options.refuse_unwritable(given.plan, given.json)
    with stoppable() as stop:
        day = read_day(given.day)
        print(f"{given.day}: {day.orders} orders, {day.technicians} technicians", flush=True)
        done = run(day_problem(day), given.seconds, given.seed, given.cores, stop, keeper(given.plan))
    verdict = check_day(day, done.routes)
    figures = {
        "objective_h": round(verdict.objective_h, 2),
        "travel_h": round(verdict.travel_h, 2),
        "unserved": verdict.unserved,
        "broken": list(verdict.broken),
    } | told(done, 3600)
    options.say(
        [
            ("objective", f"{verdict.objective_h:.1f} h"),
            ("travel", f"{verdict.travel_h:.1f} h"),
            ("unserved", f"{verdict.unserved} of {day.orders}"),
            *about(done, 3600, "h"),
            ("rules", "all kept" if not verdict.broken else f"BROKEN: {'; '.join(verdict.broken[:5])}"),
            ("plan", str(given.plan)),
        ]
    )
    options.keep_json(figures, given.json)
    return 1 if verdict.broken else 0


def keeper(plan: Path, shown: Callable[[Routes], Routes] = list) -> Keep:
    """Writes what there is, and says so: from then on the file holds a plan."""

    def keep(routes: Routes, second: float) -> None:
        write_routes(shown(routes), plan)
        print(f"  plan written   after {second:.2f} s", flush=True)

    return keep


def told(done: Run, unit: float) -> dict[str, Any]:
    """What every run can tell of itself, as figures; the curve in hours or in distance."""
    return {
        "first_plan_s": round(done.first_s, 3),
        "seconds": round(done.seconds, 3),
        "processor_s": round(done.processor_s, 2),
        "load_s": round(done.load_s, 2),
        "iterations": done.iterations,
        "stopped": done.was_stopped,
        "curve": [(round(second, 3), round(value / unit, 2)) for second, value in done.curve],
    }


def about(done: Run, unit: float, name: str) -> list[tuple[str, str]]:
    """The same in words."""
    points = [(second, value / unit) for second, value in curve.sampled(done.curve)]
    stopped = ", stopped" if done.was_stopped else ""
    return [
        ("first plan", f"after {done.first_s:.2f} s"),
        (
            "time",
            f"{done.seconds:.2f} s{stopped}, {done.processor_s:.2f} s of processor, {done.iterations} tries",
        ),
        ("before", f"{done.load_s:.1f} s to load the improver"),
        (f"curve ({name})", curve.told(points)),
    ]
