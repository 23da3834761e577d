"""Run the named benchmarks (all without a name), print a table, and keep the figures as JSON.

The planning tools (`fieldday`, `vrptw`, `repair`, `live`, `yardstick`) take files and options of their own; README.md
tells them.
"""

from __future__ import annotations

import argparse
import importlib
import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from tests.bench.figure import Bar
from tests.bench.machine import machine, words
from tests.bench.plan.bars import BARS as PLAN_BARS
from tests.bench.plan.unusable import Unusable

BARS: dict[str, tuple[str, tuple[Bar, ...]]] = {
    "replica": (
        "tests.bench.replica_queries",
        (
            Bar("filter_ms", "at most", 50, "ms"),
            Bar("search_ms", "at most", 50, "ms"),
            Bar("sort_ms", "at most", 50, "ms"),
        ),
    ),
    "queue": (
        "tests.bench.queue_frames",
        (Bar("frame_p99_ms", "at most", 16, "ms"), Bar("memory_mb", "at most", 600, "MB")),
    ),
    "calendar": (
        "tests.bench.calendar",
        (
            Bar("month_painted_p99_ms", "at most", 150, "ms"),
            Bar("scroll_p99_ms", "at most", 16, "ms"),
            Bar("date_again_p50_ms", "at most", 300, "ms"),
        ),
    ),
    "board": (
        "tests.bench.board",
        (
            Bar("scroll_p99_ms", "at most", 16, "ms"),
            Bar("jump_p99_ms", "at most", 16, "ms"),
            Bar("sideways_p99_ms", "at most", 16, "ms"),
            Bar("zoom_p99_ms", "at most", 16, "ms"),
            Bar("rebuild_p99_ms", "at most", 150, "ms"),
            Bar("change_p99_ms", "at most", 50, "ms"),
        ),
    ),
    "board_drag": (
        "tests.bench.board_drag",
        (
            Bar("one_ghost_p99_ms", "at most", 10, "ms"),
            Bar("several_ghost_p99_ms", "at most", 10, "ms"),
            Bar("one_frame_p99_ms", "at most", 16, "ms"),
            Bar("drop_p99_ms", "at most", 50, "ms"),
        ),
    ),
    "replay": (
        "tests.bench.replay",
        (Bar("minute_p50_ms", "at most", 500, "ms"), Bar("minute_p99_ms", "at most", 500, "ms")),
    ),
    "visible": (
        "tests.bench.visible",
        (Bar("p50_ms", "at most", 10, "ms"), Bar("p99_ms", "at most", 50, "ms")),
    ),
    "commands": (
        "tests.bench.commands",
        (Bar("commands_per_s", "at least", 1500, "/s"), Bar("p99_ms", "at most", 50, "ms")),
    ),
    "posting": ("tests.bench.posting", (Bar("alone_waited_added_percent", "at most", 10, "%"),)),
    "fanout": (
        "tests.bench.fanout",
        (Bar("delivered_percent", "at least", 100, "%"), Bar("p99_ms", "at most", 100, "ms")),
    ),
    "map": ("tests.bench.map_frames", (Bar("frames_per_s_p50", "at least", 30, "frames/s"),)),
    "start": ("tests.bench.cold_start", (Bar("usable_queue_s", "at most", 2, "s"),)),
    "booking": ("tests.bench.booking_keys", (Bar("keys", "at most", 40, "keys"),)),
    "uploads": (
        "tests.bench.uploads",
        (
            Bar("large_growth_mb", "at most", 50, "MB"),
            Bar("fifty_growth_mb", "at most", 50, "MB"),
            Bar("command_p99_ms_meanwhile", "at most", 250, "ms"),
        ),
    ),
    "settlement": (
        "tests.bench.settlement",
        (
            Bar("sqlite_run_s", "at most", 60, "s"),
            Bar("postgresql_run_s", "at most", 60, "s"),
            Bar("memory_mb", "at most", 1000, "MB"),
        ),
    ),
    "inspector": ("tests.bench.inspector", (Bar("open_p95_ms", "at most", 100, "ms"),)),
    "planning": (
        "tests.bench.rank_windows",
        (
            Bar("rank_200_p95_ms", "at most", 5, "ms"),
            Bar("rank_200_road_p95_ms", "at most", 5, "ms"),
            Bar("windows_200_p95_ms", "at most", 15, "ms"),
            Bar("windows_2000_p95_ms", "at most", 40, "ms"),
            Bar("ghost_200_p95_ms", "at most", 1, "ms"),
            Bar("http_rank_p95_ms", "at most", 50, "ms"),
            Bar("http_windows_p95_ms", "at most", 100, "ms"),
        ),
    ),
    "travel": ("tests.bench.travel", ()),
    "yardstick": ("tests.bench.plan.yardstick", PLAN_BARS),
    "pricing": ("tests.bench.pricing", (Bar("quotes_per_s", "at least", 20_000, "quotes/s"),)),
}

# Each with a `main(words)` of its own. `yardstick` among other names is its short form.
TOOLS = {
    "fieldday": "tests.bench.plan.solve_day",
    "vrptw": "tests.bench.plan.solve_vrptw",
    "repair": "tests.bench.plan.repair_day",
    "live": "tests.bench.plan.live_day",
    "yardstick": "tests.bench.plan.yardstick",
}


def run_one(name: str) -> dict[str, Any]:
    """One benchmark in a process of its own, so that none warms or burdens another."""
    module, bars = BARS[name]
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "figures.json"
        begun = time.perf_counter()
        done = subprocess.run(
            [sys.executable, "-m", "tests.bench", "--child", module, "--json", str(out)], check=False
        )
        took_s = round(time.perf_counter() - begun, 1)
        if done.returncode or not out.exists():
            return {"failed": f"exit code {done.returncode}", "took_s": took_s}
        measured = json.loads(out.read_text())
    return {
        "figures": measured,
        "bars": [{"figure": bar.key, "bar": bar.words(), "met": bar.met(measured)} for bar in bars],
        "took_s": took_s,
    }


def table(results: dict[str, dict[str, Any]]) -> None:
    """The figures beside their bars, those that fall short marked."""
    for name, result in results.items():
        print(f"\n{name} ({result['took_s']} s)")
        if "failed" in result:
            print(f"  FAILED: {result['failed']}")
            continue
        bars = {bar["figure"]: bar for bar in result["bars"]}
        for key, value in result["figures"].items():
            bar = bars.get(key)
            mark = "" if bar is None else "ok   " if bar["met"] else "SHORT"
            print(f"  {mark:5} {key:32} {value!s:>16}  {'' if bar is None else bar['bar']}")


def use_tool(name: str, words: list[str]) -> int:
    """Run a planning tool; what it cannot use is one sentence and exit code 2."""
    try:
        code: int = importlib.import_module(TOOLS[name]).main(words)
    except Unusable as reason:
        print(reason, file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("Stopped before there was anything to write.", file=sys.stderr)
        return 130
    return code


def main() -> int:
    """Run what is asked for; a benchmark that falls short of its bar is printed, not failed."""
    if sys.argv[1:] and sys.argv[1] in TOOLS:
        return use_tool(sys.argv[1], sys.argv[2:])
    asked = argparse.ArgumentParser(prog="bench", epilog=f"planning tools: {', '.join(TOOLS)} (--help)")
    asked.add_argument("names", nargs="*", help=", ".join(BARS))
    asked.add_argument("--json", type=Path)
    asked.add_argument("--child", help=argparse.SUPPRESS)
    options = asked.parse_args()
    if options.child:
        measured = importlib.import_module(options.child).measure()
        options.json.write_text(json.dumps(measured))
        return 0
    if unknown := set(options.names).difference(BARS):
        asked.error(f"no benchmark {', '.join(sorted(unknown))}; there are {', '.join(BARS)}")
    about = machine()
    print(words(about))
    results = {}
    for name in options.names or BARS:
        print(f"… {name}", flush=True)
        results[name] = run_one(name)
    table(results)
    if options.json:
        options.json.write_text(json.dumps({"machine": about, "results": results}, indent=1))
    return 1 if any("failed" in result for result in results.values()) else 0


if __name__ == "__main__":
    sys.exit(main())
