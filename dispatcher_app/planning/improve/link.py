"""Visits that hang together across routes: two technicians at one moment, a visit after another has ended.

While both are planned their windows are narrowed so that each route can be timed by itself: a pair to one moment,
an order after order to a moment that parts them. Taking one out widens the other's window again.
"""

from __future__ import annotations

from typing import Final

from dispatcher_app.planning.improve.chance import Chance, below, fraction
from dispatcher_app.planning.improve.compiled import compiled
from dispatcher_app.planning.improve.layout import (
    AFTER,
    CHOICES,
    CLOSES,
    COST,
    DONE,
    EARLIEST,
    FIXED,
    FORMER,
    LATE_DONE,
    LATE_OPEN,
    LATEST,
    LENGTH,
    LINKED,
    NEVER,
    NO_GAP,
    NOW,
    OPEN,
    OPENS,
    PAIR,
    PAUSE,
    POSITION,
    ROUTE,
    SERVICE,
    WAITING,
    Board,
    Day,
)
from dispatcher_app.planning.improve.route import best_gap, price, refresh
from dispatcher_app.planning.improve.ruin import take
from dispatcher_app.planning.improve.undo import join, touch

MOMENTS: Final = 12
"""How many starts are tried for a pair, of each of its rows."""


@compiled
def take_linked(day: Day, board: Board) -> None:
    """After a ruin, take out also the partners and successors of what has been taken."""
    visit, at = board.visit, 0
    while at < board.tally[WAITING]:
        v = board.waiting[at]
        at += 1
        if visit[v, LINKED] == 0:
            continue
        for other in range(len(day.linked)):
            w = day.linked[other]
            r, row = visit[w, ROUTE], visit[w, POSITION]
            if r >= 0 and visit[w, FIXED] == 0 and (visit[v, PAIR] == w or visit[w, AFTER] == v):
                take(day, board, r, row, row + 1, 0, 0)
    for index in range(at):
        v = board.waiting[index]
        if visit[v, LINKED] != 0:
            visit[v, OPENS], visit[v, CLOSES] = visit[v, EARLIEST], visit[v, LATEST]
            if visit[v, AFTER] >= 0:
                loosen(day, board, visit[v, AFTER])
            if visit[v, PAIR] >= 0:
                loosen(day, board, visit[v, PAIR])


@compiled
def loosen(day: Day, board: Board, u: int) -> None:
    """Give a planned visit back the window that its remaining links leave it."""
    visit = board.visit
    if visit[u, ROUTE] < 0:
        return
    partner, before = visit[u, PAIR], visit[u, AFTER]
    if partner >= 0 and visit[partner, ROUTE] >= 0:
        return
    if before < 0 or visit[before, ROUTE] < 0:
        visit[u, OPENS] = visit[u, EARLIEST]
    closes = visit[u, LATEST]
    for at in range(len(day.linked)):
        w = day.linked[at]
        if visit[w, AFTER] == u and visit[w, ROUTE] >= 0:
            closes = min(closes, visit[w, OPENS] - visit[u, SERVICE] - visit[w, PAUSE])
    narrow(day, board, u, visit[u, OPENS], max(closes, visit[u, OPENS]))


@compiled
def narrow(day: Day, board: Board, u: int, opens: int, closes: int) -> None:
    """Set the window of a planned visit and time its route anew."""
    visit, r = board.visit, board.visit[u, ROUTE]
    touch(board, r)
    visit[u, OPENS], visit[u, CLOSES] = opens, closes
    was = board.route[r, COST]
    refresh(day, board, r)
    price(day, board, r)
    board.tally[NOW] += board.route[r, COST] - was


@compiled
def possible_start(day: Day, board: Board, u: int) -> tuple[int, int]:
    """Earliest and latest start of a planned visit that the rest of its route allows."""
    r, row = board.visit[u, ROUTE], board.visit[u, POSITION]
    when = board.when[r]
    way = day.travel[board.stops[r, row - 1], u]
    opens = board.visit[u, OPENS]
    done, still = max(when[row - 1, DONE] + way, opens), max(when[row - 1, OPEN] + way, opens)
    late_done, late_open = when[row, LATE_DONE], when[row, LATE_OPEN]
    rest_done, rest_open = done <= late_done, still <= late_open
    if rest_open and (not rest_done or still < done):
        return still, late_open
    if rest_done:
        return done, late_done
    return NEVER, -NEVER


@compiled
def insert_linked(day: Day, board: Board, chance: Chance, v: int, blink: float) -> bool:
    """Put a visit with a partner or predecessor back, with its partner; False where it has to wait or fits nowhere."""
    visit = board.visit
    partner = visit[v, PAIR]
    opens, closes = max(visit[v, EARLIEST], hold_predecessor(day, board, v)), visit[v, LATEST]
    if partner >= 0:
        opens = max(opens, max(visit[partner, EARLIEST], hold_predecessor(day, board, partner)))
        closes = min(closes, visit[partner, LATEST])
    done = False
    if opens <= closes:
        if partner < 0:
            done = insert_after(day, board, chance, v, opens, closes, blink)
        elif visit[partner, ROUTE] >= 0:
            done = insert_beside(day, board, chance, v, partner, opens, closes)
        else:
            done = insert_pair(day, board, chance, v, partner, opens, closes, blink)
    if not done:
        visit[v, OPENS], visit[v, CLOSES] = visit[v, EARLIEST], visit[v, LATEST]
    if visit[v, AFTER] >= 0:
        loosen(day, board, visit[v, AFTER])
    if partner >= 0 and visit[partner, AFTER] >= 0:
        loosen(day, board, visit[partner, AFTER])
    return done


@compiled
def hold_predecessor(day: Day, board: Board, v: int) -> int:
    """Hold the predecessor at its earliest start until the follower has found its place; when that may begin."""
    visit, u = board.visit, board.visit[v, AFTER]
    if u < 0:
        return -NEVER
    if visit[u, ROUTE] < 0:
        return NEVER
    begin, _ = possible_start(day, board, u)
    if begin >= NEVER:
        return NEVER
    narrow(day, board, u, visit[u, OPENS], min(begin, visit[u, CLOSES]))
    return int(begin + visit[u, SERVICE] + visit[v, PAUSE])


@compiled
def cheapest(
    day: Day, board: Board, chance: Chance, v: int, other: int, blink: float
) -> tuple[int, int, int, int]:
    """Best cost with moving, its route, gap and cost without moving, in the window of the moment; never `other`."""
    visit = board.visit
    best, best_route, best_row, best_cost = NO_GAP, -1, 0, NO_GAP
    for at in range(visit[v, CHOICES]):
        r = day.choice[v, at]
        if r == other:
            continue
        cost, row = best_gap(day, board, v, r)
        if cost == NO_GAP:
            continue
        total = cost + (day.move_cost[v] if visit[v, FORMER] >= 0 and visit[v, FORMER] != r else 0)
        if total < best and fraction(chance) >= blink:
            best, best_route, best_row, best_cost = total, r, row, cost
    return best, best_route, best_row, best_cost


@compiled
def insert_after(
    day: Day, board: Board, chance: Chance, v: int, opens: int, closes: int, blink: float
) -> bool:
    """Put a visit into the window that its predecessor leaves."""
    visit = board.visit
    visit[v, OPENS], visit[v, CLOSES] = opens, closes
    total, r, row, cost = cheapest(day, board, chance, v, -1, blink)
    if r < 0 or total >= day.penalty[v]:
        return False
    join(day, board, v, r, row, cost)
    # What lies between the two is left to the predecessor.
    begin, _ = possible_start(day, board, v)
    narrow(day, board, v, begin, closes)
    return True


@compiled
def moment(day: Day, board: Board, chance: Chance, v: int) -> int:
    """The earliest start of a visit in a random gap of a random technician, perhaps an impossible one."""
    if board.visit[v, CHOICES] == 0:
        return NEVER
    r = day.choice[v, below(chance, board.visit[v, CHOICES])]
    row = below(chance, board.route[r, LENGTH] + 1)
    way = day.back[v, board.stops[r, row]]
    leave = board.when[r, row, OPEN] if fraction(chance) < 0.5 else board.when[r, row, DONE]
    return leave + way if leave < NEVER else NEVER


@compiled
def insert_beside(
    day: Day, board: Board, chance: Chance, v: int, partner: int, opens: int, closes: int
) -> bool:
    """Put a visit beside its partner that stays where it is."""
    visit = board.visit
    first, last = possible_start(day, board, partner)
    opens, closes = max(opens, first), min(closes, last)
    best, best_route, best_row, best_cost, best_at = day.penalty[v], -1, 0, 0, 0
    for drawn in range(MOMENTS):
        at = opens if drawn == 0 else max(opens, moment(day, board, chance, v))
        if at > closes:
            continue
        visit[v, OPENS], visit[v, CLOSES] = at, at
        total, r, row, cost = cheapest(day, board, chance, v, visit[partner, ROUTE], 0.0)
        if r >= 0 and total < best:
            best, best_route, best_row, best_cost, best_at = total, r, row, cost, at
    if best_route < 0:
        return False
    visit[v, OPENS], visit[v, CLOSES] = best_at, best_at
    narrow(day, board, partner, best_at, best_at)
    join(day, board, v, best_route, best_row, best_cost)
    return True


@compiled
def insert_pair(
    day: Day, board: Board, chance: Chance, v: int, w: int, opens: int, closes: int, blink: float
) -> bool:
    """Put both rows of a visit by two technicians on two routes at the moment that costs least."""
    visit = board.visit
    best, best_at = day.penalty[v] + day.penalty[w], NEVER
    best_v, row_v, cost_v, best_w, row_w, cost_w = -1, 0, 0, -1, 0, 0
    for drawn in range(2 * MOMENTS):
        at = opens if drawn == 0 else max(opens, moment(day, board, chance, v if drawn % 2 == 0 else w))
        if at > closes:
            continue
        visit[v, OPENS], visit[v, CLOSES], visit[w, OPENS], visit[w, CLOSES] = at, at, at, at
        for turn in range(2):
            # Whoever chooses first may take the other's best technician: both ways are tried.
            one, two = (v, w) if turn == 0 else (w, v)
            total, r, row, cost = cheapest(day, board, chance, one, -1, blink)
            if r < 0 or total >= best:
                break
            more, s, there, price_there = cheapest(day, board, chance, two, r, blink)
            if s < 0 or total + more >= best:
                continue
            best, best_at = total + more, at
            if turn == 0:
                best_v, row_v, cost_v, best_w, row_w, cost_w = r, row, cost, s, there, price_there
            else:
                best_v, row_v, cost_v, best_w, row_w, cost_w = s, there, price_there, r, row, cost
    if best_v < 0:
        visit[w, OPENS], visit[w, CLOSES] = visit[w, EARLIEST], visit[w, LATEST]
        return False
    visit[v, OPENS], visit[v, CLOSES], visit[w, OPENS], visit[w, CLOSES] = best_at, best_at, best_at, best_at
    join(day, board, v, best_v, row_v, cost_v)
    join(day, board, w, best_w, row_w, cost_w)
    return True
