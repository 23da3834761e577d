"""Filling a board: the routes of a given plan, and the first plan where there is none."""

from __future__ import annotations

from dispatcher_app.planning.improve.chance import Chance
from dispatcher_app.planning.improve.compiled import compiled
from dispatcher_app.planning.improve.layout import (
    CAPACITY,
    COST,
    DEMAND,
    FIXED,
    FORMER,
    LENGTH,
    LIMIT,
    LINKED,
    LOAD,
    NOW,
    ROUTE,
    USED,
    Board,
    Day,
)
from dispatcher_app.planning.improve.link import insert_linked
from dispatcher_app.planning.improve.recreate import insert
from dispatcher_app.planning.improve.route import is_sound, price, put, refresh
from dispatcher_app.planning.problem import Ints


@compiled
def lay(day: Day, board: Board, r: int, visits: Ints) -> None:
    """Lay visits one after the other into an empty route; those that break a rule there stay unserved, unless fixed."""
    route, visit, tally, tech, stops = board.route, board.visit, board.tally, day.tech, board.stops
    refresh(day, board, r)
    for v in visits:
        length = route[r, LENGTH]
        room = length < tech[r, LIMIT] and route[r, LOAD] + visit[v, DEMAND] <= tech[r, CAPACITY]
        if length + 2 >= stops.shape[1] or (not room and visit[v, FIXED] == 0):
            continue
        put(day, board, v, r, length)
        if is_sound(day, board, r) or visit[v, FIXED] != 0:
            tally[NOW] -= day.penalty[v]
            if visit[v, FORMER] >= 0 and visit[v, FORMER] != r:
                tally[NOW] += day.move_cost[v]
            continue
        stops[r, length + 1] = stops[r, length + 2]
        route[r, LENGTH] = length
        route[r, LOAD] -= visit[v, DEMAND]
        visit[v, ROUTE] = -1
        if length == 0:
            tally[USED] -= 1
        refresh(day, board, r)
    price(day, board, r)
    tally[NOW] += route[r, COST]


@compiled
def insert_all(day: Day, board: Board, chance: Chance, order: Ints) -> None:
    """Put unserved visits in one by one where they cost least; those that wait for another one in a second round."""
    for turn in range(2):
        for v in order:
            if board.visit[v, ROUTE] >= 0:
                continue
            if board.visit[v, LINKED] != 0:
                insert_linked(day, board, chance, v, 0.0)
            elif turn == 0:
                insert(day, board, chance, v, 0.0)
