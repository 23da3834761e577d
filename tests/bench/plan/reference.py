"""Another solver on one instance, in a process of its own: it may crash, overrun its time or be absent.

python -m tests.bench.plan.reference SOLVER FILE --seconds S --plan PLAN.json [--cores N] [--level N]
"""

from __future__ import annotations

import argparse
import importlib.util
import os
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from tests.bench.plan.day import read_day
from tests.bench.plan.routes import write_routes
from tests.bench.plan.vrptw import read_vrptw

Solver = Literal["vroom", "pyvrp"]

NOT_INSTALLED = "not installed"
NO_RESULT = "no result"


@dataclass(frozen=True)
class Asked:
    """What another solver is to do with a file."""

    solver: Solver
    file: Path
    seconds: float
    cores: int = 1
    level: int = 5  # VROOM's: 0 is its quick construction, 5 its full search
    seed: int = 1


def is_installed(solver: Solver) -> bool:
    """Whether the optional package is there."""
    return importlib.util.find_spec(solver) is not None


def solve_apart(asked: Asked, plan: Path) -> float | str:
    """Run the solver in its own process; the seconds it took, or the word that stands for them."""
    if not is_installed(asked.solver):
        return NOT_INSTALLED
    command = [sys.executable, "-m", __spec__.name, asked.solver, str(asked.file), "--plan", str(plan)]
    command += [f"--seconds={asked.seconds}", f"--cores={asked.cores}"]
    command += [f"--level={asked.level}", f"--seed={asked.seed}"]
    begun = time.perf_counter()
    # VROOM looks at its clock rarely: with a thousand orders a second can become seven.
    patience_s = 60 + 4 * asked.seconds
    try:
        done = subprocess.run(
            command, check=False, timeout=patience_s, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
    except subprocess.TimeoutExpired:
        return NO_RESULT
    return time.perf_counter() - begun if done.returncode == 0 and plan.exists() else NO_RESULT


def main() -> None:
    """Solve one file with one solver and write the plan."""
    words = argparse.ArgumentParser()
    words.add_argument("solver", choices=("vroom", "pyvrp"))
    words.add_argument("file", type=Path)
    words.add_argument("--seconds", type=float, required=True)
    words.add_argument("--plan", type=Path, required=True)
    words.add_argument("--cores", type=int, default=1)
    words.add_argument("--level", type=int, default=5)
    words.add_argument("--seed", type=int, default=1)
    asked = words.parse_args()
    if asked.solver == "vroom":
        from tests.bench.plan.by_vroom import day_by_vroom, vrptw_by_vroom

        search = (asked.seconds, asked.cores, asked.level)
        routes = (
            day_by_vroom(read_day(asked.file), *search)
            if asked.file.suffix == ".npz"
            else vrptw_by_vroom(read_vrptw(asked.file), *search)
        )
    else:
        from tests.bench.plan.by_pyvrp import day_by_pyvrp, vrptw_by_pyvrp

        routes = (
            day_by_pyvrp(read_day(asked.file), asked.seconds, asked.seed)
            if asked.file.suffix == ".npz"
            else vrptw_by_pyvrp(read_vrptw(asked.file), asked.seconds, asked.seed)
        )
    write_routes(routes, asked.plan)
    # The reference packages' threads and arenas are not waited for.
    sys.stdout.flush()
    os._exit(0)


if __name__ == "__main__":
    main()
