"""Waiting for something to become true, never for time to pass."""

import time
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")

DEADLINE_S = 30.0


def until(condition: Callable[[], T], otherwise: str, seconds: float = DEADLINE_S) -> T:
    """What the condition gives once it gives something true; fails saying what never came."""
    deadline = time.monotonic() + seconds
    while not (found := condition()):
        if time.monotonic() > deadline:
            raise AssertionError(f"{otherwise} (within {seconds:g} s)")
        time.sleep(0.005)
    return found
