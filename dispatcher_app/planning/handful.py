"""Visits in a dispatcher's hand, one or several: what comes of it where all of them stand at once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from dispatcher_app.domain.calendar import MINUTE_MS, local_date
from dispatcher_app.domain.day import Day, Stop, day_id
from dispatcher_app.domain.matching import unfit
from dispatcher_app.domain.order import Window
from dispatcher_app.planning.ghost import Dragged, Ghost, ghost
from dispatcher_app.planning.place import Late
from dispatcher_app.planning.spots import place_of

Place = tuple[str, int]
"""A technician and a start (UTC ms)."""


@dataclass(slots=True)
class Handful:
    """The visits that move together, by order, over one plan; `days` are its plans as they stand, by id.

    `windows` are what is promised to the others, as each of the `drags` knows them. `touched` are plans of which the
    arrays say something else than stands, from the last question.
    """

    drags: Mapping[str, Dragged]
    days: dict[str, Day]
    windows: dict[str, Window] = field(default_factory=dict)
    touched: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        # Every place is numbered before drives are asked for: what is known of them is counted by these numbers.
        for each in self.drags.values():
            each.plan.spots.add([place_of(each.need.point)])


def ghosts(hand: Handful, places: Mapping[str, Place]) -> dict[str, Ghost]:
    """Each visit at its place while the others of the hand stand at theirs; raises KeyError for an unknown technician."""
    if len(places) == 1:
        reset(hand)
        return {order: ghost(hand.drags[order], *place) for order, place in places.items()}
    days = dict(without(hand, places))
    for order, (technician, start) in places.items():
        at(hand, days, hand.drags[order], technician, start)
    put(hand, days)
    found: dict[str, Ghost] = {}
    for order, (technician, start) in sorted(places.items(), key=lambda each: (each[1][1], each[0])):
        drag = hand.drags[order]
        drag.absent.clear()
        found[order] = ghost(drag, technician, start)
        stand(days, drag, technician, start)
    return found


def stand(days: dict[str, Day], drag: Dragged, technician: str, start: int) -> None:
    """From now on the visit stands there, for those that are asked about next."""
    id = day_id(technician, local_date(start, drag.plan.timezone))
    days[id] = days[id].with_stop(stop_of(drag, start))
    drag.plan.put_day(days[id])


def shared(hand: Handful, takers: Iterable[str]) -> dict[str, Place]:
    """Each visit at its hour with whoever of these can take it best; who fits nobody there is left out.

    First whoever breaks fewest promises and makes others least late, then whoever drives least more for it.
    """
    starts = {
        stop.order: stop.start for day in hand.days.values() for stop in day.stops if stop.order in hand.drags
    }
    days = dict(without(hand, starts))
    who = tuple(takers)
    for order, start in starts.items():
        for technician in who:
            at(hand, days, hand.drags[order], technician, start)
    put(hand, days)
    found: dict[str, Place] = {}
    for order, start in sorted(starts.items(), key=lambda each: each[1]):
        drag = hand.drags[order]
        drag.absent.clear()
        best: tuple[tuple[int, int], str] | None = None
        for technician in who:
            made = ghost(drag, technician, start)
            cost = (sum(each.minutes for each in (*made.unkept, *made.shifted)), made.travel_s)
            if not made.broken and (best is None or cost < best[0]):
                best = cost, technician
        if best is not None:
            found[order] = best[1], start
            stand(days, drag, *found[order])
    return found


def able(hand: Handful, takers: Iterable[str]) -> dict[str, int]:
    """How many of the visits each of these could do by skill, brand, certificate and area, whatever else he has."""
    people = next(iter(hand.drags.values())).plan.crew
    found = {}
    for who in takers:
        if (row := people.rows.get(who)) is not None:
            fits = (not unfit(people.people[row], each.need, each.now) for each in hand.drags.values())
            found[who] = sum(fits)
    return found


def stop_of(drag: Dragged, start: int) -> Stop:
    """The visit as it would stand."""
    return Stop(
        order=drag.order.id, visit=drag.order.visit.number, start=start,
        end=start + drag.need.minutes * MINUTE_MS, point=drag.need.point,
    )  # fmt: skip


def instead_of(former: Handful, better: Handful) -> Handful:
    """A hand whose drives are known better than a moment ago: what was reckoned with the former ones is forgotten."""
    if better is not former:
        better.touched = former.touched
        for each in better.drags.values():
            each.reach.clear()
    return better


def learn(hand: Handful, days: Iterable[Day], windows: Mapping[str, Window]) -> None:
    """Take in plans as they stand now, with what was promised to the orders in them."""
    plan = next(iter(hand.drags.values())).plan
    known = plan.spots.size
    for day in days:
        hand.days[day.id] = day
        plan.put_day(day)
    hand.windows.update(windows)
    for each in hand.drags.values():
        each.absent.clear()
        if plan.spots.size != known:
            each.reach.clear()


def without(hand: Handful, places: Iterable[str]) -> Iterable[tuple[str, Day]]:
    """The plans in which they stand, as they are once all have been taken out."""
    orders = frozenset(places)
    for id, day in hand.days.items():
        kept = tuple(stop for stop in day.stops if stop.order not in orders or stop.state in ("done", "held"))
        if len(kept) < len(day.stops):
            yield id, replace(day, stops=kept)


def at(hand: Handful, days: dict[str, Day], drag: Dragged, technician: str, start: int) -> Day:
    """The plan to which a visit comes, with those of the hand that are there already."""
    date = local_date(start, drag.plan.timezone)
    id = day_id(technician, date)
    fresh = Day(id=id, region=drag.order.region, technician=technician, date=date)
    return days.setdefault(id, hand.days.get(id, fresh))


def put(hand: Handful, days: Mapping[str, Day]) -> None:
    """Tell the arrays of these plans, and of those that they were told otherwise of before."""
    plan = next(iter(hand.drags.values())).plan
    for id in hand.touched - days.keys():
        technician, _, date = id.rpartition(":")
        plan.put_day(hand.days.get(id, Day(id=id, region="", technician=technician, date=date)))
    for day in days.values():
        plan.put_day(day)
    hand.touched = set(days)


def reset(hand: Handful) -> None:
    """Tell the arrays how everything stands."""
    if hand.touched:
        put(hand, {})
        for each in hand.drags.values():
            each.absent.clear()


def together(found: Mapping[str, Ghost]) -> tuple[tuple[Late, ...], tuple[Late, ...]]:
    """Whom all of them make begin later, and whose promises they break, once each; theirs apart where they moved them."""
    shifted: dict[str, int] = {}
    unkept: dict[str, int] = {}
    for each in found.values():
        for late in each.shifted:
            shifted[late.order] = max(late.minutes, shifted.get(late.order, 0))
        for late in each.unkept:
            unkept[late.order] = max(late.minutes, unkept.get(late.order, 0))
    kept = [Late(order=order, minutes=minutes) for order, minutes in shifted.items() if order not in found]
    return tuple(kept), tuple(Late(order=order, minutes=minutes) for order, minutes in unkept.items())
