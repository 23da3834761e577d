"""One route: its times forwards and backwards, and what another stop in it would cost, without trying it.

A break that may stand anywhere is two columns of times, one with it still to come and one with it behind;
so a gap is checked in a few steps, however long the route is.
"""

from __future__ import annotations

from dispatcher_app.planning.improve.compiled import woven
from dispatcher_app.planning.improve.layout import (
    BREAK_EARLIEST,
    BREAK_LATEST,
    BREAK_LENGTH,
    CAPACITY,
    CLOCK,
    CLOSES,
    COST,
    DEMAND,
    DONE,
    HARD_END,
    LATE_DONE,
    LATE_OPEN,
    LENGTH,
    LIMIT,
    LOAD,
    LOCKED,
    NEVER,
    NO_GAP,
    OPEN,
    OPENS,
    OVERTIME,
    OVERTIME_COST,
    POSITION,
    ROUTE,
    SERVICE,
    SHIFT_END,
    SHIFT_START,
    USED,
    VERSION,
    WAY,
    Board,
    Day,
)
from dispatcher_app.planning.problem import UNREACHABLE


@woven
def time_forwards(day: Day, board: Board, r: int, first: int, known: int) -> None:
    """Earliest departures from row `first` on; rows from `known` on hold old ones, and end it where nothing changes."""
    stops, when, tech, visit = board.stops, board.when, day.tech, board.visit
    rest, opens, closes = tech[r, BREAK_LENGTH], tech[r, BREAK_EARLIEST], tech[r, BREAK_LATEST]
    if first == 0:
        start = tech[r, SHIFT_START]
        if rest == 0:
            when[r, 0, OPEN], when[r, 0, DONE] = NEVER, start
        else:
            begin = max(start, opens)
            when[r, 0, OPEN], when[r, 0, DONE] = start, begin + rest if begin <= closes else NEVER
        first = 1
    for row in range(first, board.route[r, LENGTH] + 1):
        here = stops[r, row]
        way = when[r, row, WAY]
        earliest, latest, service = visit[here, OPENS], visit[here, CLOSES], visit[here, SERVICE]
        still, done = when[r, row - 1, OPEN], when[r, row - 1, DONE]
        if done < NEVER:
            done = max(done + way, earliest)
            done = done + service if done <= latest else NEVER
        if still < NEVER:
            still = max(still + way, earliest)
            if still <= latest:
                still += service
                begin = max(still, opens)
                if begin <= closes and begin + rest < done:
                    done = begin + rest
            else:
                still = NEVER
        if row >= known and when[r, row, OPEN] == still and when[r, row, DONE] == done:
            break
        when[r, row, OPEN], when[r, row, DONE] = still, done


@woven
def time_backwards(day: Day, board: Board, r: int, last: int, known: int) -> None:
    """Latest arrivals from row `last` down; rows down from `known` hold old ones, and end it where nothing changes."""
    stops, when, tech, visit = board.stops, board.when, day.tech, board.visit
    length = board.route[r, LENGTH]
    rest, opens, closes = tech[r, BREAK_LENGTH], tech[r, BREAK_EARLIEST], tech[r, BREAK_LATEST]
    if last > length:
        when[r, length + 1, LATE_OPEN], when[r, length + 1, LATE_DONE] = -NEVER, tech[r, HARD_END]
        last = length
    for row in range(last, 0, -1):
        here = stops[r, row]
        way = when[r, row + 1, WAY]
        earliest, latest, service = visit[here, OPENS], visit[here, CLOSES], visit[here, SERVICE]
        still, done = when[r, row + 1, LATE_OPEN], when[r, row + 1, LATE_DONE]
        leave = -NEVER
        if still > -NEVER:
            leave = still - way
        if done > -NEVER:
            done -= way
            begin = min(done - rest, closes)
            if rest > 0 and begin >= opens and begin > leave:
                leave = begin
            done = min(done - service, latest)
            if done < earliest:
                done = -NEVER
        still = -NEVER
        if leave > -NEVER:
            still = min(leave - service, latest)
            if still < earliest:
                still = -NEVER
        if row <= known and when[r, row, LATE_OPEN] == still and when[r, row, LATE_DONE] == done:
            break
        when[r, row, LATE_OPEN], when[r, row, LATE_DONE] = still, done


@woven
def price(day: Day, board: Board, r: int) -> None:
    """Set travel and overtime cost of the route from its stops and times."""
    route = board.route
    length, cost = route[r, LENGTH], 0
    if length > 0:
        cost = way_along(board, r, 0, length + 1)
    over = overtime(day, board, r)
    route[r, OVERTIME] = over
    route[r, COST] = cost + over


@woven
def way_along(board: Board, r: int, first: int, last: int) -> int:
    """Travel from row `first` to row `last` of a route."""
    when, way = board.when, 0
    for row in range(first, last):
        way += when[r, row + 1, WAY]
    return way


@woven
def overtime(day: Day, board: Board, r: int) -> int:
    """Overtime cost of a timed route."""
    tech, length = day.tech, board.route[r, LENGTH]
    if length == 0 or tech[r, OVERTIME_COST] == 0 or tech[r, HARD_END] <= tech[r, SHIFT_END]:
        return 0
    end = board.when[r, length, DONE] + board.when[r, length + 1, WAY]
    return int(max(0, end - tech[r, SHIFT_END]) * tech[r, OVERTIME_COST])


@woven
def refresh(day: Day, board: Board, r: int) -> None:
    """Time a whole route."""
    stops, when, travel = board.stops, board.when, day.travel
    for row in range(1, board.route[r, LENGTH] + 2):
        when[r, row, WAY] = travel[stops[r, row - 1], stops[r, row]]
    time_forwards(day, board, r, 0, NEVER)
    time_backwards(day, board, r, NEVER, -1)
    renew(board, r)


@woven
def renew(board: Board, r: int) -> None:
    """Give a changed route a new version: what is known about its gaps is no longer true."""
    tally = board.tally
    tally[CLOCK] += 1
    board.route[r, VERSION] = tally[CLOCK]


@woven
def shift(board: Board, r: int, row: int, to: int) -> None:
    """Copy a stop and its times to another row of its route."""
    stops, when = board.stops, board.when
    stops[r, to] = stops[r, row]
    when[r, to, OPEN], when[r, to, DONE] = when[r, row, OPEN], when[r, row, DONE]
    when[r, to, LATE_OPEN], when[r, to, LATE_DONE] = when[r, row, LATE_OPEN], when[r, row, LATE_DONE]
    when[r, to, WAY] = when[r, row, WAY]


@woven
def is_sound(day: Day, board: Board, r: int) -> bool:
    """The timed route keeps its windows, its break and its end."""
    when = board.when
    if board.route[r, LENGTH] == 0:
        return True
    way = when[r, 1, WAY]
    if when[r, 0, DONE] + way <= when[r, 1, LATE_DONE]:
        return True
    return bool(when[r, 0, OPEN] + way <= when[r, 1, LATE_OPEN])


@woven
def later_end(day: Day, board: Board, r: int, gap: int, v: int) -> int:
    """When the route would end with the visit in the gap; the gap has been found to be possible."""
    tech, visit, stops, travel = day.tech, board.visit, board.stops, day.travel
    rest, opens, closes = tech[r, BREAK_LENGTH], tech[r, BREAK_EARLIEST], tech[r, BREAK_LATEST]
    length = board.route[r, LENGTH]
    still, done = board.when[r, gap, OPEN], board.when[r, gap, DONE]
    before = stops[r, gap]
    for row in range(gap, length + 1):
        here = v if row == gap else stops[r, row]
        way = travel[before, here]
        if done < NEVER:
            done = max(done + way, visit[here, OPENS])
            done = done + visit[here, SERVICE] if done <= visit[here, CLOSES] else NEVER
        if still < NEVER:
            still = max(still + way, visit[here, OPENS])
            if still <= visit[here, CLOSES]:
                still += visit[here, SERVICE]
                begin = max(still, opens)
                if begin <= closes:
                    done = min(done, begin + rest)
            else:
                still = NEVER
        before = here
    return int(done + travel[before, stops[r, length + 1]])


@woven
def best_gap(day: Day, board: Board, v: int, r: int) -> tuple[int, int]:
    """Least cost of the visit in the route and after which row it would stand; NO_GAP where it fits nowhere."""
    # Whole arrays are taken out of the tuples once: a row's view would cost more than reading the row.
    travel, back, tech = day.travel, day.back, day.tech
    visit, route, stops, when = board.visit, board.route, board.stops, board.when
    length = route[r, LENGTH]
    best, best_row = NO_GAP, 0
    if length >= tech[r, LIMIT] or route[r, LOAD] + visit[v, DEMAND] > tech[r, CAPACITY]:
        return best, best_row
    if length + 2 >= stops.shape[1]:
        return best, best_row
    earliest, latest, service = visit[v, OPENS], visit[v, CLOSES], visit[v, SERVICE]
    rest, opens, closes = tech[r, BREAK_LENGTH], tech[r, BREAK_EARLIEST], tech[r, BREAK_LATEST]
    paid = tech[r, OVERTIME_COST] > 0 and tech[r, HARD_END] > tech[r, SHIFT_END]
    first = tech[r, LOCKED]
    while first <= length and when[r, first + 1, LATE_DONE] < earliest + service:
        first += 1
    for row in range(first, length + 1):
        still, done = when[r, row, OPEN], when[r, row, DONE]
        if still > latest and done > latest:
            break
        before, after = stops[r, row], stops[r, row + 1]
        way, way_on = back[v, before], travel[v, after]
        cost = way + way_on
        if length > 0:
            cost -= when[r, row + 1, WAY]
        if cost >= best or way >= UNREACHABLE or way_on >= UNREACHABLE:
            continue
        late_done = when[r, row + 1, LATE_DONE] - way_on
        leave = max(done + way, earliest)
        fits = leave <= latest and leave + service <= late_done
        if not fits and still < NEVER:
            leave = max(still + way, earliest)
            if leave <= latest:
                leave += service
                fits = leave <= when[r, row + 1, LATE_OPEN] - way_on
                if not fits and leave <= closes:
                    fits = max(leave, opens) + rest <= late_done
        if not fits:
            continue
        if paid:
            end = later_end(day, board, r, row, v)
            cost += max(0, end - tech[r, SHIFT_END]) * tech[r, OVERTIME_COST] - route[r, OVERTIME]
            if cost >= best:
                continue
        best, best_row = cost, row
    return best, best_row


@woven
def put(day: Day, board: Board, v: int, r: int, row: int) -> None:
    """Put an unserved visit into a route after `row`; times are right afterwards, the price is not."""
    route, stops, visit, when = board.route, board.stops, board.visit, board.when
    length = route[r, LENGTH]
    if length == 0:
        board.tally[USED] += 1
    shift(board, r, length + 1, length + 2)
    for at in range(length, row, -1):
        shift(board, r, at, at + 1)
        visit[stops[r, at], POSITION] = at + 1
    stops[r, row + 1] = v
    when[r, row + 1, WAY], when[r, row + 2, WAY] = (
        day.back[v, stops[r, row]],
        day.travel[v, stops[r, row + 2]],
    )
    route[r, LENGTH] = length + 1
    route[r, LOAD] += visit[v, DEMAND]
    visit[v, ROUTE], visit[v, POSITION] = r, row + 1
    time_forwards(day, board, r, row + 1, row + 2)
    time_backwards(day, board, r, row + 1, row)
    renew(board, r)
