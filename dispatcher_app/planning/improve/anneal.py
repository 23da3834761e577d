"""The search: ruin, recreate, and keep or take back, colder and colder (simulated annealing)."""

from __future__ import annotations

import math
from typing import Final

from dispatcher_app.planning.improve.chance import Chance, fraction
from dispatcher_app.planning.improve.compiled import compiled
from dispatcher_app.planning.improve.layout import (
    ABSENT,
    BEST,
    ITERATIONS,
    NOW,
    USED,
    Board,
    Day,
)
from dispatcher_app.planning.improve.link import take_linked
from dispatcher_app.planning.improve.recreate import BLINK, call_absent, count_absent, recreate
from dispatcher_app.planning.improve.ruin import ruin
from dispatcher_app.planning.improve.undo import begin, keep, take_back

AVERAGE: Final = 10.0
"""How many stops are taken out in an iteration, about."""
CALLED: Final = 12
"""How many unserved visits are tried in an iteration."""


@compiled
def anneal(day: Day, board: Board, chance: Chance, iterations: int, hot: float, cold: float) -> None:
    """Run some iterations while the temperature falls evenly (by factors) from `hot` to `cold`, in units of cost."""
    tally = board.tally
    temperature = hot
    fall = (cold / hot) ** (1.0 / max(1, iterations))
    links = len(day.linked) > 0
    for _ in range(iterations):
        was, absent, used = tally[NOW], tally[ABSENT], tally[USED]
        limit = was - temperature * math.log(fraction(chance) + 1e-300)
        begin(day, board)
        ruin(day, board, chance, AVERAGE)
        if links:
            take_linked(day, board)
        call_absent(board, chance, CALLED)
        recreate(day, board, chance, BLINK, limit)
        count_absent(board)
        if tally[NOW] < limit:
            if tally[NOW] < tally[BEST]:
                keep(day, board)
        else:
            take_back(day, board, absent, used)
            tally[NOW] = was
        temperature *= fall
    tally[ITERATIONS] += iterations
