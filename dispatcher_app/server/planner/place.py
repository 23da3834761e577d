"""Putting promises into free places, several in one go: everybody gets at most one more visit a date in it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from dispatcher_app.domain.act import Rejected
from dispatcher_app.domain.command import Helper, Move
from dispatcher_app.planning.vacancy import Vacancy
from dispatcher_app.server import ask
from dispatcher_app.server.node import Node
from dispatcher_app.server.planner.book import Book, Promise


def moves_into_gaps(node: Node, book: Book, promises: Sequence[Promise]) -> tuple[Move, ...]:
    """The moves of those promises that fit somewhere without moving anybody."""
    with node.database.reading() as cursor:
        # By the same drives as the rest of the plan, or what one thinks good the other takes for late.
        asked = (each.order for each in promises)
        try:
            found = dict(ask.vacancies(cursor, asked, book.region.id, node.plans, node.travels))
        except Rejected:
            return ()
    taken: set[tuple[str, str]] = set()
    moves = []
    for promise in promises:
        stop = book.stop_of(promise)
        here = (promise.day.rpartition(":")[0], stop.start, stop.helpers) if stop else (None, None, ())
        # Where it stands already is where it can't stay.
        free = (
            each
            for each in found.get(promise.order, ())
            if (each.technician, each.start, each.helpers) != here
        )
        place = first_of(free, promise, taken)
        if place is not None:
            taken.update((each, place.date) for each in (place.technician, *place.helpers))
            along = tuple(Helper(technician=each) for each in place.helpers)
            moves.append(
                Move(
                    order=promise.order, from_technician=here[0], from_start=here[1], from_helpers=here[2] or None,
                    technician=place.technician, start=place.start, helpers=along if here[2] or along else None,
                    travel_s=place.drive_s, source=place.source, why="placed",
                )
            )  # fmt: skip
    return tuple(moves)


def first_of(places: Iterable[Vacancy], promise: Promise, taken: set[tuple[str, str]]) -> Vacancy | None:
    """The best place that keeps the promised window and that no other promise has just been given."""
    window = promise.window
    return next(
        (
            each
            for each in places
            if window.start <= each.start <= window.end
            and taken.isdisjoint((who, each.date) for who in (each.technician, *each.helpers))
        ),
        None,
    )
