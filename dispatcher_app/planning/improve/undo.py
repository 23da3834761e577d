"""Taking an iteration back, and keeping the best plan: routes are copied when they are first touched."""

from __future__ import annotations

from dispatcher_app.planning.improve.compiled import woven
from dispatcher_app.planning.improve.layout import (
    ABSENT,
    BEST,
    BEST_ABSENT,
    CLOSES,
    COST,
    FORMER,
    KEPT,
    LENGTH,
    NOW,
    OPENS,
    OVERTIME,
    POSITION,
    ROUTE,
    ROUTE_COLUMNS,
    SAVED,
    STAMP,
    TOUCHED,
    USED,
    VERSION,
    Board,
    Day,
)
from dispatcher_app.planning.improve.route import overtime, put


@woven
def begin(day: Day, board: Board) -> None:
    """Begin an iteration: nothing is touched yet."""
    tally, absent, saved_absent = board.tally, board.absent, board.saved_absent
    tally[STAMP] += 1
    tally[TOUCHED] = 0
    for at in range(tally[ABSENT]):
        saved_absent[at] = absent[at]
    linked, visit, saved_window = day.linked, board.visit, board.saved_window
    for at in range(len(linked)):
        saved_window[at, 0] = visit[linked[at], OPENS]
        saved_window[at, 1] = visit[linked[at], CLOSES]


@woven
def touch(board: Board, r: int) -> None:
    """Save a route before its first change in this iteration."""
    route, tally = board.route, board.tally
    if route[r, SAVED] == tally[STAMP]:
        return
    stops, when, touched = board.stops, board.when, board.touched
    saved_stops, saved_when, saved_route = board.saved_stops, board.saved_when, board.saved_route
    route[r, SAVED] = tally[STAMP]
    touched[tally[TOUCHED]] = r
    tally[TOUCHED] += 1
    for column in range(ROUTE_COLUMNS):
        saved_route[r, column] = route[r, column]
    for row in range(route[r, LENGTH] + 2):
        saved_stops[r, row] = stops[r, row]
        saved_when[r, row, 0], saved_when[r, row, 1] = when[r, row, 0], when[r, row, 1]
        saved_when[r, row, 2], saved_when[r, row, 3] = when[r, row, 2], when[r, row, 3]
        saved_when[r, row, 4] = when[r, row, 4]


@woven
def join(day: Day, board: Board, v: int, r: int, row: int, cost: int) -> None:
    """Put a visit into a route after `row` at a known cost, and account for it."""
    route, tally, visit = board.route, board.tally, board.visit
    touch(board, r)
    put(day, board, v, r, row)
    route[r, COST] += cost
    route[r, OVERTIME] = overtime(day, board, r)
    tally[NOW] += cost - day.penalty[v]
    if visit[v, FORMER] >= 0 and visit[v, FORMER] != r:
        tally[NOW] += day.move_cost[v]


@woven
def take_back(day: Day, board: Board, absent: int, used: int) -> None:
    """Undo the iteration: routes, windows and the unserved are what they were."""
    tally, visit, route = board.tally, board.visit, board.route
    stops, when, touched = board.stops, board.when, board.touched
    saved_stops, saved_when, saved_route = board.saved_stops, board.saved_when, board.saved_route
    for at in range(tally[TOUCHED]):
        r = touched[at]
        for row in range(1, route[r, LENGTH] + 1):
            visit[stops[r, row], ROUTE] = -1
    for at in range(tally[TOUCHED]):
        r = touched[at]
        for column in range(ROUTE_COLUMNS):
            route[r, column] = saved_route[r, column]
        length = route[r, LENGTH]
        for row in range(length + 2):
            v = saved_stops[r, row]
            stops[r, row] = v
            when[r, row, 0], when[r, row, 1] = saved_when[r, row, 0], saved_when[r, row, 1]
            when[r, row, 2], when[r, row, 3] = saved_when[r, row, 2], saved_when[r, row, 3]
            when[r, row, 4] = saved_when[r, row, 4]
            if 0 < row <= length:
                visit[v, ROUTE], visit[v, POSITION] = r, row
    now_absent, saved_absent = board.absent, board.saved_absent
    for at in range(absent):
        now_absent[at] = saved_absent[at]
    linked, saved_window = day.linked, board.saved_window
    for at in range(len(linked)):
        visit[linked[at], OPENS], visit[linked[at], CLOSES] = saved_window[at, 0], saved_window[at, 1]
    tally[ABSENT], tally[USED] = absent, used


@woven
def keep(day: Day, board: Board) -> None:
    """Keep the routes of the moment as the best so far."""
    route, stops, tally, visit = board.route, board.stops, board.tally, board.visit
    best_stops, best_length, best_window = board.best_stops, board.best_length, board.best_window
    for r in range(len(route)):
        if route[r, KEPT] == route[r, VERSION]:
            continue
        route[r, KEPT] = route[r, VERSION]
        length = route[r, LENGTH]
        best_length[r] = length
        for row in range(1, length + 1):
            best_stops[r, row] = stops[r, row]
    linked = day.linked
    for at in range(len(linked)):
        best_window[at, 0], best_window[at, 1] = visit[linked[at], OPENS], visit[linked[at], CLOSES]
    tally[BEST], tally[BEST_ABSENT] = tally[NOW], tally[ABSENT]
