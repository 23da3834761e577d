"""The best distances that are known, by name of the instance."""

from __future__ import annotations

import json
from pathlib import Path

from tests.bench.plan.vrptw import Vrptw

FILE = Path(__file__).with_name("best_known.json")


def best_known(instance: Vrptw) -> float | None:
    """The best-known distance, None where none is stored for an instance of this name and size."""
    found = json.loads(FILE.read_text("utf-8"))["distances"].get(instance.name.upper())
    # A file that only borrows the name of a known one is not measured by it.
    return found["distance"] if found and found["customers"] == instance.customers else None


def gap_percent(distance: float, best: float) -> float:
    """How far above the best-known distance, in per cent of it."""
    return 100 * (distance - best) / best
