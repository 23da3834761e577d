"""Chance for the inner loops: one state a search, so that a seed always gives the same plan (xorshift64*)."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from dispatcher_app.planning.improve.compiled import woven

Chance = npt.NDArray[np.uint64]


def chance_of(seed: int) -> Chance:
    """The state for a seed; neighbouring seeds are unlike each other."""
    return np.random.default_rng(seed).integers(1, 2**63, 1, dtype=np.uint64)


@woven
def fraction(chance: Chance) -> float:
    """An even number in [0, 1)."""
    x = chance[0]
    x ^= x >> np.uint64(12)
    x ^= x << np.uint64(25)
    x ^= x >> np.uint64(27)
    chance[0] = x
    return float((x * np.uint64(2685821657736338717)) >> np.uint64(11)) * (1.0 / 9007199254740992.0)


@woven
def below(chance: Chance, count: int) -> int:
    """An even whole number in 0..count-1."""
    return int(fraction(chance) * count)
