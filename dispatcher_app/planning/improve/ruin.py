"""Ruin: strings of neighbouring stops are taken out of neighbouring routes.

Adjacent string removal of Christiaens & Vanden Berghe, Slack Induction by String Removals for Vehicle Routing
Problems, Transportation Science 54 (2020): https://doi.org/10.1287/trsc.2019.0914
"""

from __future__ import annotations

from typing import Final

from dispatcher_app.planning.improve.chance import Chance, below, fraction
from dispatcher_app.planning.improve.compiled import woven
from dispatcher_app.planning.improve.layout import (
    ABSENT,
    COST,
    DEMAND,
    FIXED,
    FORMER,
    LENGTH,
    LOAD,
    LOCKED,
    NOW,
    OVERTIME,
    POSITION,
    ROUTE,
    RUINED,
    STAMP,
    USED,
    WAITING,
    WAY,
    Board,
    Day,
)
from dispatcher_app.planning.improve.route import (
    overtime,
    renew,
    shift,
    time_backwards,
    time_forwards,
    way_along,
)
from dispatcher_app.planning.improve.undo import touch

LONGEST: Final = 10
"""Most stops in a string, in the paper L max."""
SPLIT: Final = 0.5
"""How often some stops in the middle of a string stay, in the paper alpha."""
ROOM: Final = 0.1
"""How often the ruin is around an unserved visit, to make room for it."""
DEEPER: Final = 0.01
"""How often one more of them stays, in the paper beta."""


@woven
def ruin(day: Day, board: Board, chance: Chance, average: float) -> None:
    """Take about `average` stops around a random visit out of their routes; they wait to be put back."""
    tally, visit, route, near, tech = board.tally, board.visit, board.route, day.near, day.tech
    tally[WAITING] = 0
    used = tally[USED]
    if used == 0:
        return
    n = len(visit)
    longest = min(float(LONGEST), (n - tally[ABSENT]) / used)
    strings = int(1.0 + fraction(chance) * max(0.0, 4.0 * average / (1.0 + longest) - 1.0))
    seed = below(chance, n)
    if tally[ABSENT] > 0 and fraction(chance) < ROOM:
        seed = board.absent[below(chance, tally[ABSENT])]
    for at in range(near.shape[1]):
        c = near[seed, at]
        r = visit[c, ROUTE]
        if r < 0 or visit[c, FIXED] != 0 or route[r, RUINED] == tally[STAMP]:
            continue
        most = min(longest, float(route[r, LENGTH] - tech[r, LOCKED]))
        take_string(day, board, chance, r, visit[c, POSITION], int(1.0 + fraction(chance) * most))
        route[r, RUINED] = tally[STAMP]
        strings -= 1
        if strings <= 0:
            break


@woven
def take_string(day: Day, board: Board, chance: Chance, r: int, row: int, count: int) -> None:
    """Take `count` neighbouring stops, the one at `row` among them, sometimes sparing a few in the middle."""
    first, last = day.tech[r, LOCKED] + 1, board.route[r, LENGTH]
    count = min(count, last - first + 1)
    spared = 0
    if count > 1 and count < last - first + 1 and fraction(chance) < SPLIT:
        spared = 1
        while count + spared < last - first + 1 and fraction(chance) < DEEPER:
            spared += 1
    span = count + spared
    low, high = max(first, row - span + 1), min(row, last - span + 1)
    begin = low + below(chance, high - low + 1)
    gap = begin + 1 + below(chance, count - 1) if spared > 0 else begin + span
    take(day, board, r, begin, begin + span, gap, gap + spared)


@woven
def take(day: Day, board: Board, r: int, first: int, last: int, spare: int, spare_end: int) -> None:
    """Take the stops at rows first..last-1 but those at spare..spare_end-1 and the fixed ones."""
    touch(board, r)
    stops, route, tally, visit, waiting = board.stops, board.route, board.tally, board.visit, board.waiting
    when, travel = board.when, day.travel
    length, cost = route[r, LENGTH], route[r, COST] - route[r, OVERTIME]
    tally[NOW] -= route[r, COST]
    to = first
    cost -= way_along(board, r, first - 1, last)
    for row in range(first, last):
        here = stops[r, row]
        if not spare <= row < spare_end and visit[here, FIXED] == 0:
            visit[here, ROUTE] = -1
            route[r, LOAD] -= visit[here, DEMAND]
            waiting[tally[WAITING]] = here
            tally[WAITING] += 1
            tally[NOW] += day.penalty[here]
            if visit[here, FORMER] >= 0 and visit[here, FORMER] != r:
                tally[NOW] -= day.move_cost[here]
        else:
            shift(board, r, row, to)
            when[r, to, WAY] = travel[stops[r, to - 1], here]
            visit[here, POSITION] = to
            to += 1
    joint = to
    for row in range(last, length + 1):
        shift(board, r, row, to)
        visit[stops[r, to], POSITION] = to
        to += 1
    shift(board, r, length + 1, to)
    when[r, joint, WAY] = travel[stops[r, joint - 1], stops[r, joint]]
    route[r, LENGTH] = to - 1
    if length > 0 and to == 1:
        tally[USED] -= 1
    cost = cost + way_along(board, r, first - 1, joint) if to > 1 else 0
    time_forwards(day, board, r, first, joint)
    time_backwards(day, board, r, joint - 1, first - 1)
    renew(board, r)
    route[r, OVERTIME] = overtime(day, board, r)
    route[r, COST] = cost + route[r, OVERTIME]
    tally[NOW] += route[r, COST]
