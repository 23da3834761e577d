"""A whole life in which everything is said twice, sooner or later, ends as the one in which nothing was."""

from __future__ import annotations

import json
import tempfile
from contextlib import closing
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dispatcher_app import clock
from dispatcher_app.server.verify import verify
from tests.server.city import Gate, copy_of, open_gate
from tests.server.lived import STEPS, live

SOON = ("lapses_at", "starts_at")
"""What counts from when the server decided, and so differs between two lives."""


def lived(seeded: Path, at: int, later: list[int]) -> dict[tuple[str, str], Any]:
    """A life in which act n is said again after `later[n]` more acts, and all of them once more in the end."""
    with tempfile.TemporaryDirectory() as folder:
        place = copy_of(seeded, Path(folder) / "data")
        with closing(open_gate(place)) as gate:
            live(gate, at, later)
            assert verify(gate.database, gate.vault) == []
            return state(gate)


def state(gate: Gate) -> dict[tuple[str, str], Any]:
    """Every entity with its version, without the moments that count from when the server decided."""
    found = gate.all("SELECT kind, id, version, body FROM entity")
    return {(kind, id): (version, timeless(json.loads(body))) for kind, id, version, body in found}


def timeless(value: Any) -> Any:
    """The value without those moments, however deep they stand."""
    if isinstance(value, list):
        return [timeless(each) for each in value]
    if isinstance(value, dict):
        return {name: timeless(each) for name, each in value.items() if name not in SOON}
    return value


@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
@given(later=st.lists(st.integers(0, 9), min_size=STEPS, max_size=STEPS))
def test_a_life_in_which_everything_is_said_twice_ends_the_same(seeded: Path, later: list[int]) -> None:
    at = clock.now_ms() - 60_000
    once = lived(seeded, at, [])
    assert once["order", "o-1"][1]["status"] == "completed"
    assert once["order", "w-1"][1]["status"] == "handed_back"
    assert lived(seeded, at, later) == once
