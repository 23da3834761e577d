"""Putting promises into free places, several in one go: everybody gets at most one more visit a date in it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from dispatcher_app.domain.act import Rejected
from dispatcher_app.domain.command import Helper, Move
from dispatcher_app.planning.vacancy import Vacancy
from dispatcher_app.server import ask
from dispatcher_app.server.node import Node
from dispatcher_app.server.planner.book import Book, Promise


def moves_into_gaps(
    node: Node, book: Book, promises: Sequence[Promise]
) -> tuple[tuple[Move, ...], frozenset[str]]:
    """The moves of those promises that fit somewhere without moving anybody, and the orders of those that fit nowhere.

    Whose places others have just been given is in neither: he is looked for anew once they stand there.
    """
    with node.database.reading() as cursor:
        # By the same drives as the rest of the plan, or what one thinks good the other takes for late.
        asked = (each.order for each in promises)
        try:
            found = dict(ask.vacancies(cursor, asked, book.region.id, node.plans, node.travels))
        except Rejected:
            return (), frozenset(each.order for each in promises)
    taken: set[tuple[str, str]] = set()
    moves, nowhere = [], set[str]()
    for promise in promises:
        stop = book.stop_of(promise)
        here = (promise.day.rpartition(":")[0], stop.start, stop.helpers) if stop else (None, None, ())
        # Where it stands already is where it can't stay.
        free = [
            each
            for each in found.get(promise.order, ())
            if promise.window.start <= each.start <= promise.window.end
            and (each.technician, each.start, each.helpers) != here
        ]
        if not free:
            nowhere.add(promise.order)
        elif (place := first_of(free, taken)) is not None:
            taken.update((each, place.date) for each in (place.technician, *place.helpers))
            along = tuple(Helper(technician=each) for each in place.helpers)
            moves.append(
                Move(
                    order=promise.order, from_technician=here[0], from_start=here[1], from_helpers=here[2] or None,
                    technician=place.technician, start=place.start, helpers=along if here[2] or along else None,
                    travel_s=place.drive_s, source=place.source, why="placed",
                )
            )  # fmt: skip
    return tuple(moves), frozenset(nowhere)


def first_of(places: Iterable[Vacancy], taken: set[tuple[str, str]]) -> Vacancy | None:
    """The best place with people of whom nobody has just been given another promise that day."""
    for place in places:
        if taken.isdisjoint((who, place.date) for who in (place.technician, *place.helpers)):
            return place
    return None
