"""`bench yardstick`: published instances, made-up days, a repair and a live day, beside VROOM and PyVRP."""

from __future__ import annotations

import argparse
import json
import math
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, get_args

from tests.bench import machine
from tests.bench.plan import bars, options
from tests.bench.plan.best_known import best_known
from tests.bench.plan.check_day import check_day
from tests.bench.plan.check_vrptw import check_vrptw
from tests.bench.plan.day import read_day, write_day
from tests.bench.plan.engine import cores_here
from tests.bench.plan.make_day import make_day
from tests.bench.plan.reference import NO_RESULT, Asked, Solver, solve_apart
from tests.bench.plan.routes import read_routes
from tests.bench.plan.row import Kind, Result, Row, table
from tests.bench.plan.vrptw import read_vrptw

ROOT = Path(__file__).resolve().parents[3]
NOT_RUN = Result(word="not run")
# Beyond this the others need minutes or all the memory.
MOST_FOR_OTHERS = 2000
MOST_FOR_PYVRP_DAYS = 400
DROPPED = (3, 17)
LOCKED = 2
REPAIR_S = 0.9


@dataclass(frozen=True)
class Size:
    """Made-up days of one size, and how long they are planned."""

    orders: int
    technicians: int
    seconds: float
    seeds: tuple[int, ...]


@dataclass(frozen=True)
class Suite:
    """What is run: instances by the beginning of their names, days, and seeds of live days."""

    instances: tuple[str, ...]
    days: tuple[Size, ...]
    live: tuple[int, ...]


FULL = Suite(
    ("",),
    (Size(300, 40, 10, (1, 2, 3)), Size(1000, 130, 30, (1, 2)), Size(10_000, 1300, 30, (1,))),
    (1, 2, 3),
)
SHORT = Suite(("R101", "RC208", "r1_2_5"), (Size(300, 40, 10, (1,)),), (1,))


@dataclass(frozen=True)
class Course:
    """Where a run of the yardstick takes its files from, keeps its plans, and with what it compares."""

    suite: Suite
    kinds: tuple[Kind, ...]
    data: Path
    folder: Path
    cores: int
    compares: bool
    given_days: tuple[Path, ...] = ()
    day_seconds: float = 10


def main(words: list[str]) -> int:
    """Run it all and print one table; 0, or 1 where one of our plans breaks a rule or there is none."""
    asked = argparse.ArgumentParser(prog="bench yardstick", description=__doc__, allow_abbrev=False)
    asked.add_argument("--short", action="store_true", help="a few instances, in about two minutes")
    asked.add_argument("--only", nargs="+", choices=get_args(Kind), default=get_args(Kind))
    asked.add_argument(
        "--days", nargs="+", type=Path, default=[], metavar="DAY.npz", help="days of your own, first"
    )
    asked.add_argument("--day-seconds", type=options.duration, default=10, help="for days of your own")
    asked.add_argument("--data", type=Path, default=_data(), help="folder with vrp/solomon and vrp/homberger")
    asked.add_argument("--cores", type=options.positive, default=cores_here(), help="for days, all by itself")
    asked.add_argument("--alone", action="store_true", help="without VROOM and PyVRP")
    asked.add_argument("--keep", type=Path, metavar="FOLDER", help="keep days and plans here")
    asked.add_argument("--json", type=Path, help="keep the figures here, after each instance")
    given = asked.parse_args(words)
    options.refuse_unwritable(given.json)
    about = machine.machine()
    print(machine.words(about), flush=True)
    with tempfile.TemporaryDirectory() as temporary:
        folder = (given.keep or Path(temporary)).resolve()
        folder.mkdir(parents=True, exist_ok=True)
        course = Course(
            SHORT if given.short else FULL,
            tuple(given.only),
            given.data.resolve(),
            folder,
            given.cores,
            not given.alone,
            tuple(path.resolve() for path in given.days),
            given.day_seconds,
        )
        rows: list[Row] = []
        try:
            for row in run(course):
                rows.append(row)
                print("  ".join(row.cells()), flush=True)
                options.keep_json(kept(about, rows), given.json)
        except KeyboardInterrupt:
            signal.signal(signal.SIGINT, signal.SIG_IGN)
            print("Stopped; this is what there is.", flush=True)
    found = bars.figures(rows)
    print(f"\n{table(rows)}\n\n{bars.told(found)}", flush=True)
    return 1 if found.get("rules_broken") or found.get("without_result") else 0


def measure() -> dict[str, float]:
    """The short form, as one of the benchmarks."""
    with tempfile.TemporaryDirectory() as folder:
        course = Course(SHORT, get_args(Kind), _data(), Path(folder), cores_here(), compares=True)
        rows = list(run(course))
    print(table(rows), flush=True)
    return bars.figures(rows)


def kept(about: dict[str, Any], rows: list[Row]) -> dict[str, Any]:
    """What is kept of a run."""
    return {"machine": about, "figures": bars.figures(rows), "rows": [row.figures() for row in rows]}


def run(course: Course) -> Iterator[Row]:
    """Every row of the table, one after the other."""
    if "vrptw" in course.kinds:
        yield from (_vrptw(path, course) for path in instances(course))
    plans: dict[Path, Path] = {}
    for path, seconds in _days(course):
        plan = course.folder / f"{path.stem}.plan.json"
        if "day" in course.kinds or "repair" in course.kinds:
            yield _day(path, seconds, plan, course)
            plans[path] = plan
    if "repair" in course.kinds:
        yield from _repairs(plans, course)
    if "live" in course.kinds:
        for seed in course.suite.live:
            path = course.folder / f"live-300-40-{seed}.npz"
            write_day(make_day(300, 40, seed), path)
            yield _live(path, seed, course)


def instances(course: Course) -> list[Path]:
    """The published instances that are there and belong to the suite, Solomon's first."""
    folders = (course.data / "vrp" / "solomon", course.data / "vrp" / "homberger")
    found = [path for folder in folders for path in sorted(folder.glob("*.txt"), key=_size_first)]
    if not found:
        print(f"No published instances under {course.data}; DISPATCHER_DATA names their folder.", flush=True)
    return [path for path in found if path.stem.startswith(course.suite.instances)]


def _size_first(path: Path) -> tuple[int, str]:
    parts = path.stem.split("_")
    return int(parts[1]) if len(parts) == 3 and parts[1].isdecimal() else 0, path.stem


def _vrptw(path: Path, course: Course) -> Row:
    instance = read_vrptw(path)
    seconds = 5.0 if instance.customers <= 100 else 10.0 if instance.customers <= 400 else 30.0
    plan = course.folder / f"{path.stem}.plan.json"
    told = _ours("vrptw", path, course, seconds, "--plan", str(plan), "--cores=1")

    def other(solver: Solver) -> Result:
        def judged(out: Path) -> tuple[float, int]:
            routes = json.loads(out.read_text("utf-8"))["routes"]
            verdict = check_vrptw(instance, routes)
            return verdict.distance, len(verdict.broken)

        return _other(Asked(solver, path, seconds), course, judged)

    return Row(
        "vrptw",
        instance.name,
        instance.customers,
        seconds,
        _result(told, "distance"),
        best_known(instance),
        other("vroom"),
        other("pyvrp"),
        _worked(told),
    )


def _days(course: Course) -> Iterator[tuple[Path, float]]:
    if course.given_days:
        yield from ((path, course.day_seconds) for path in course.given_days)
        return
    for size in course.suite.days:
        for seed in size.seeds:
            path = course.folder / f"day-{size.orders}-{size.technicians}-{seed}.npz"
            write_day(make_day(size.orders, size.technicians, seed), path)
            yield path, size.seconds


def _day(path: Path, seconds: float, plan: Path, course: Course) -> Row:
    day = read_day(path)
    told = _ours("fieldday", path, course, seconds, "--plan", str(plan), f"--cores={course.cores}")

    def other(asked: Asked) -> Result:
        def judged(out: Path) -> tuple[float, int]:
            verdict = check_day(day, read_routes(out, count=day.technicians, stops=range(day.orders)))
            return verdict.objective_h, len(verdict.broken)

        return _other(asked, course, judged)

    vroom = pyvrp = NOT_RUN
    if day.orders <= MOST_FOR_OTHERS:
        levels = [other(Asked("vroom", path, seconds, course.cores, level)) for level in (0, 5)]
        vroom = min(levels, key=lambda result: math.inf if result.value is None else result.value)
    if day.orders <= MOST_FOR_PYVRP_DAYS:
        pyvrp = other(Asked("pyvrp", path, seconds))
    more = {"unserved": told["unserved"], "first plan s": told["first_plan_s"]} if told else {}
    more |= _worked(told)
    ours = _result(told, "objective_h")
    return Row("day", path.stem, day.orders, seconds, ours, None, vroom, pyvrp, more)


def _repairs(plans: dict[Path, Path], course: Course) -> Iterator[Row]:
    for path, plan in plans.items():
        day = read_day(path)
        for dropped in DROPPED:
            if not plan.exists() or dropped >= day.technicians:
                continue
            out = course.folder / f"{path.stem}.without-{dropped}.json"
            words = ["--plan", str(plan), f"--drop={dropped}", f"--lock={LOCKED}", "--out", str(out)]
            told = _ours("repair", path, course, REPAIR_S, *words, f"--cores={course.cores}")
            more: dict[str, float] = {}
            if told:
                more["unmoved %"] = told["unmoved_percent"]
                more["locks kept %"] = (
                    round(100 * told["locks_kept"] / told["locks"], 1) if told["locks"] else 100
                )
                more["seconds"] = round(told["seconds"], 2)
                more["unserved"] = told["unserved"]
            name = f"{path.stem} without {dropped}"
            yield Row("repair", name, day.orders, REPAIR_S, _result(told, "objective_h"), more=more)


def _live(path: Path, seed: int, course: Course) -> Row:
    told = _ours("live", path, course, 10, f"--seed={seed}", f"--cores={course.cores}")
    keys = {"worse %": "worse_percent", "hindsight h": "hindsight_h", "insertion only h": "insertion_h"}
    more = {name: round(told[key], 1) for name, key in keys.items()} if told else {}
    return Row("live", path.stem, 300, 10, _result(told, "live_h"), more=more)


def _ours(tool: str, path: Path, course: Course, seconds: float, *words: str) -> dict[str, Any] | None:
    """Run one of our tools in a process of its own; its figures, None where it failed."""
    out = course.folder / "figures.json"
    out.unlink(missing_ok=True)
    command = [
        sys.executable,
        "-m",
        "tests.bench",
        tool,
        str(path),
        f"--seconds={seconds}",
        "--json",
        str(out),
    ]
    done = subprocess.run([*command, *words], check=False, cwd=ROOT, capture_output=True, text=True)
    if done.returncode not in (0, 1) or not out.exists():
        reason = (done.stderr.strip().splitlines() or [f"exit code {done.returncode}"])[-1]
        print(f"{tool} {path.name} failed: {reason}", file=sys.stderr, flush=True)
        return None
    figures: dict[str, Any] = json.loads(out.read_text("utf-8"))
    return figures


def _worked(told: dict[str, Any] | None) -> dict[str, float]:
    """The processor that our run got: little of its time where others were at work on the same machine."""
    return {"processor s": round(told["processor_s"], 1)} if told else {}


def _result(told: dict[str, Any] | None, key: str) -> Result:
    if told is None:
        return Result(word=NO_RESULT)
    return Result(told[key], len(told["broken"]), first_plan_s=told.get("first_plan_s"))


def _other(asked: Asked, course: Course, judged: Any) -> Result:
    if not course.compares:
        return NOT_RUN
    out = course.folder / f"{asked.file.stem}.{asked.solver}-{asked.level}.json"
    took = solve_apart(asked, out)
    if isinstance(took, str):
        return Result(word=took)
    value, broken = judged(out)
    return Result(value, broken)


def _data() -> Path:
    """Where the collected real input lies, as for the tests."""
    return Path(os.environ.get("DISPATCHER_DATA") or ROOT.parent / "shared" / "data")
