"""Recreate: what waits is put back one by one where it costs least, now and then blinking at the best place."""

from __future__ import annotations

from typing import Final

from dispatcher_app.planning.improve.chance import Chance, below, fraction
from dispatcher_app.planning.improve.compiled import woven
from dispatcher_app.planning.improve.layout import (
    ABSENT,
    CHOICES,
    DEMAND,
    EARLIEST,
    FORMER,
    FOUND_COST,
    FOUND_GAP,
    FOUND_VERSION,
    LATEST,
    LENGTH,
    LINKED,
    MARK,
    NO_GAP,
    NOW,
    REMOTE,
    ROUTE,
    SCAN,
    STAMP,
    TRIED,
    TWIN,
    VERSION,
    WAITING,
    Board,
    Day,
)
from dispatcher_app.planning.improve.link import insert_linked
from dispatcher_app.planning.improve.route import best_gap
from dispatcher_app.planning.improve.undo import join

BLINK: Final = 0.01
"""How often a better place is overlooked."""
WAYS: Final = 17
"""Of so many draws each decides in which order the waiting are put back; the weights are those of the paper."""


@woven
def recreate(day: Day, board: Board, chance: Chance, blink: float, limit: float) -> None:
    """Put back what waits; what fits nowhere, or only dearer than its penalty, is unserved.

    It gives up once the plan costs `limit` however cheap the rest would be: the iteration will be taken back.
    """
    sort_waiting(day, board, chance)
    tally, waiting, visit, penalty = board.tally, board.waiting, board.visit, day.penalty
    open_penalty = 0
    for at in range(tally[WAITING]):
        open_penalty += penalty[waiting[at]]
    left = False
    for at in range(tally[WAITING]):
        v = waiting[at]
        open_penalty -= penalty[v]
        if visit[v, ROUTE] >= 0:
            continue
        if visit[v, LINKED] != 0:
            left = not insert_linked(day, board, chance, v, blink) or left
        else:
            insert(day, board, chance, v, blink)
            if tally[NOW] - open_penalty >= limit and not left:
                return
    if left:
        # Whoever waits for another visit may have come before it.
        for at in range(tally[WAITING]):
            v = waiting[at]
            if visit[v, ROUTE] < 0 and visit[v, LINKED] != 0:
                insert_linked(day, board, chance, v, blink)


@woven
def insert(day: Day, board: Board, chance: Chance, v: int, blink: float) -> bool:
    """Put a visit where it costs least, if that is less than leaving it out."""
    visit, route, found, tally = board.visit, board.route, board.found, board.tally
    choice, tech = day.choice, day.tech
    best, best_route, best_at = day.penalty[v], -1, 0
    former, move_cost = visit[v, FORMER], day.move_cost[v]
    tally[SCAN] += 1
    for at in range(visit[v, CHOICES]):
        r = choice[v, at]
        if route[r, LENGTH] == 0:
            twin = tech[r, TWIN]
            if route[twin, TRIED] == tally[SCAN]:
                continue
            route[twin, TRIED] = tally[SCAN]
        if found[v, at, FOUND_VERSION] != route[r, VERSION]:
            cost, row = best_gap(day, board, v, r)
            found[v, at, FOUND_VERSION] = route[r, VERSION]
            found[v, at, FOUND_COST], found[v, at, FOUND_GAP] = cost, row
        cost = found[v, at, FOUND_COST]
        if cost == NO_GAP:
            continue
        total = cost + (move_cost if former >= 0 and former != r else 0)
        if total < best and fraction(chance) >= blink:
            best, best_route, best_at = total, r, at
    if best_route < 0:
        return False
    join(day, board, v, best_route, found[v, best_at, FOUND_GAP], found[v, best_at, FOUND_COST])
    return True


@woven
def sort_waiting(day: Day, board: Board, chance: Chance) -> None:
    """Order the waiting by one of several measures: chance, bulk, rarity, penalty, remoteness, window."""
    count, order, waiting, visit = board.tally[WAITING], board.order, board.waiting, board.visit
    penalty = day.penalty
    way = below(chance, WAYS)
    for at in range(count):
        v = waiting[at]
        if way < 4:
            order[at] = fraction(chance)
        elif way < 7:
            order[at] = visit[v, CHOICES] + fraction(chance) - 1000.0 * visit[v, DEMAND]
        elif way < 8:
            order[at] = -float(penalty[v]) * (0.5 + fraction(chance))
        elif way < 10:
            order[at] = -float(visit[v, REMOTE])
        elif way < 11:
            order[at] = float(visit[v, REMOTE])
        elif way < 13:
            order[at] = float(visit[v, LATEST] - visit[v, EARLIEST])
        elif way < 15:
            order[at] = float(visit[v, EARLIEST])
        else:
            order[at] = -float(visit[v, LATEST])
    for at in range(1, count):
        v, key = waiting[at], order[at]
        to = at
        while to > 0 and order[to - 1] > key:
            waiting[to], order[to] = waiting[to - 1], order[to - 1]
            to -= 1
        waiting[to], order[to] = v, key


@woven
def call_absent(board: Board, chance: Chance, most: int) -> None:
    """Let unserved visits wait too: all of them, or `most` drawn at random."""
    tally, absent, waiting = board.tally, board.absent, board.waiting
    count = tally[ABSENT]
    for drawn in range(min(count, most)):
        if count > most:
            other = drawn + below(chance, count - drawn)
            absent[drawn], absent[other] = absent[other], absent[drawn]
        waiting[tally[WAITING]] = absent[drawn]
        tally[WAITING] += 1


@woven
def count_absent(board: Board) -> None:
    """Set who is unserved after an iteration: of those before and of the waiting, who stands in no route."""
    tally, absent, waiting, visit = board.tally, board.absent, board.waiting, board.visit
    stamp, count = tally[STAMP], 0
    for at in range(tally[ABSENT]):
        v = absent[at]
        if visit[v, ROUTE] < 0:
            visit[v, MARK] = stamp
            absent[count] = v
            count += 1
    for at in range(tally[WAITING]):
        v = waiting[at]
        if visit[v, ROUTE] < 0 and visit[v, MARK] != stamp:
            visit[v, MARK] = stamp
            absent[count] = v
            count += 1
    tally[ABSENT] = count
