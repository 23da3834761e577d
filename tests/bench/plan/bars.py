"""What the improver has to reach, and what a run of the yardstick says about it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from tests.bench.figure import Bar
from tests.bench.plan.row import Kind, Row

BARS = (
    Bar("gap_100_worst_percent", "at most", 0, "%"),
    Bar("gap_200_worst_percent", "at most", 0.3, "%"),
    Bar("gap_400_worst_percent", "at most", 1, "%"),
    Bar("gap_1000_r1_percent", "at most", 3.5, "%"),
    Bar("below_vroom_300_least_percent", "at least", 12, "%"),
    Bar("below_vroom_1000_least_percent", "at least", 12, "%"),
    Bar("first_plan_1000_s", "at most", 2, "s"),
    Bar("first_plan_10000_s", "at most", 10, "s"),
    Bar("repair_s", "at most", 1, "s"),
    Bar("locks_kept_percent", "at least", 100, "%"),
    Bar("unmoved_least_percent", "at least", 85, "%"),
    Bar("live_worse_mean_percent", "at most", 5, "%"),
    Bar("rules_broken", "at most", 0, "rules"),
)


def figures(rows: Sequence[Row]) -> dict[str, float]:
    """The figures that the bars speak of; what was not run is left out."""
    found: dict[str, float] = {}

    def note(name: str, how: Callable[[list[float]], float], values: Iterable[float | None]) -> None:
        if there := [value for value in values if value is not None]:
            found[name] = round(how(there), 3)

    for size in (100, 200, 400):
        gaps = [row.gap_percent for row in _of(rows, "vrptw", size)]
        note(f"gap_{size}_worst_percent", max, gaps)
        note(f"gap_{size}_mean_percent", _mean, gaps)
    long = _of(rows, "vrptw", 1000)
    note("gap_1000_r1_percent", max, [row.gap_percent for row in long if row.name.upper().startswith("R1")])
    for size in (300, 1000):
        below = [row.below_vroom_percent for row in _of(rows, "day", size)]
        note(f"below_vroom_{size}_least_percent", min, below)
        note(f"below_vroom_{size}_mean_percent", _mean, below)
    for size in (1000, 10_000):
        note(f"first_plan_{size}_s", max, [row.ours.first_plan_s for row in _of(rows, "day", size)])
    repairs = _of(rows, "repair")
    # The bar is for what one dispatch center has a day; a whole country's day takes longer to read alone.
    note("repair_s", max, [row.more.get("seconds") for row in repairs if row.size <= 1000])
    note("locks_kept_percent", min, [row.more.get("locks kept %") for row in repairs])
    note("unmoved_least_percent", min, [row.more.get("unmoved %") for row in repairs])
    worse = [row.more.get("worse %") for row in _of(rows, "live")]
    note("live_worse_mean_percent", _mean, worse)
    note("live_worse_most_percent", max, worse)
    note("rules_broken", sum, [row.ours.broken for row in rows])
    note("without_result", sum, [row.ours.value is None for row in rows])
    return found


def told(found: dict[str, float]) -> str:
    """Each figure beside its bar, those that fall short marked."""
    bars = {bar.key: bar for bar in BARS}
    lines = []
    for name, value in found.items():
        bar = bars.get(name)
        mark = "" if bar is None else "ok" if bar.met(found) else "SHORT"
        lines.append(f"  {mark:5} {name:32} {value:>10g}  {'' if bar is None else bar.words()}".rstrip())
    return "\n".join(lines)


def _of(rows: Sequence[Row], kind: Kind, size: int | None = None) -> list[Row]:
    return [row for row in rows if row.kind == kind and size in (None, row.size)]


def _mean(values: list[float]) -> float:
    return sum(values) / len(values)
