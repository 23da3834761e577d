"""What the page shows now, and what it has not been told yet."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any

from ui.map.marks import MarkKind, OrderMark, Position, TechnicianMark

Shift = Callable[[float, float], tuple[float, float]]
Message = dict[str, Any]


class Picture:
    """All marks of the map; `difference()` is what changed since the last one, `whole()` everything.

    A difference holds `t` (technicians), `m` (positions only), `o` (orders), `gone` (kind, id) and, when
    marks came or went, `refit`. However many changes lie between two of them, each mark is told once.
    """

    def __init__(self, shift: Shift) -> None:
        self._shift = shift
        self.technicians: dict[str, TechnicianMark] = {}
        self.orders: dict[str, OrderMark] = {}
        self._forget()

    def put_technicians(self, marks: Iterable[TechnicianMark]) -> None:
        """Add or replace technicians; one given without a position keeps the last one known."""
        for mark in marks:
            known = self.technicians.get(mark.id)
            if known is not None and mark.position is None:
                mark = replace(mark, position=known.position)
            if mark == known:
                continue
            self._refit |= known is None
            self.technicians[mark.id] = mark
            self._changed.add(mark.id)
            self._gone.discard(("technician", mark.id))

    def put_orders(self, marks: Iterable[OrderMark]) -> None:
        """Add or replace orders."""
        for mark in marks:
            known = self.orders.get(mark.id)
            if mark == known:
                continue
            self._refit |= known is None
            self.orders[mark.id] = mark
            self._ordered.add(mark.id)
            self._gone.discard(("order", mark.id))

    def move(self, positions: Iterable[Position]) -> None:
        """Take newer positions; of an unknown technician, or older than the known one, they are passed over."""
        for position in positions:
            mark = self.technicians.get(position.id)
            if mark is None or (mark.position is not None and mark.position.at_ms > position.at_ms):
                continue
            self.technicians[position.id] = replace(mark, position=position)
            self._moved.add(position.id)

    def remove(self, kind: MarkKind, ids: Iterable[str]) -> None:
        """Take marks off the map; unknown ones are passed over."""
        known: dict[str, Any] = self.technicians if kind == "technician" else self.orders
        for id in list(ids):
            if known.pop(id, None) is not None:
                self._gone.add((kind, id))
                self._refit = True
                for pending in (self._changed, self._moved) if kind == "technician" else (self._ordered,):
                    pending.discard(id)

    def difference(self) -> Message:
        """What the page has not been told yet; empty when it knows all."""
        message: Message = {}
        if self._changed:
            message["t"] = [self._technician(self.technicians[id]) for id in self._changed]
        if moved := self._moved - self._changed:
            message["m"] = [[id, *self._moved_to(self.technicians[id])] for id in moved]
        if self._ordered:
            message["o"] = [self._order(self.orders[id]) for id in self._ordered]
        if self._gone:
            message["gone"] = [list(gone) for gone in self._gone]
        if self._refit:
            message["refit"] = True
        self._forget()
        return message

    def whole(self) -> Message:
        """Everything, for a page that has just been loaded."""
        self._forget()
        return {
            "full": True,
            "t": [self._technician(mark) for mark in self.technicians.values()],
            "o": [self._order(mark) for mark in self.orders.values()],
        }

    def _forget(self) -> None:
        self._changed: set[str] = set()
        self._moved: set[str] = set()
        self._ordered: set[str] = set()
        self._gone: set[tuple[MarkKind, str]] = set()
        self._refit = False

    def _position(self, mark: TechnicianMark) -> list[float | None]:
        if mark.position is None:
            return [None, None, None]
        return [*self._place(mark.position.lon, mark.position.lat), mark.position.at_ms]

    def _moved_to(self, mark: TechnicianMark) -> list[float | None]:
        place = self._position(mark)
        known = mark.position is not None and mark.position.accuracy_m
        return [*place, known] if known else place

    def _technician(self, mark: TechnicianMark) -> list[Any]:
        accuracy = mark.position.accuracy_m if mark.position is not None else 0
        row = [mark.id, mark.name, mark.status, list(mark.skills), *self._position(mark)]
        return [*row, accuracy, list(mark.lines)]

    def _order(self, mark: OrderMark) -> list[Any]:
        place = self._place(mark.lon, mark.lat)
        return [mark.id, mark.number, mark.status, mark.urgency, *place, mark.approximate, list(mark.lines)]

    def _place(self, lon: float, lat: float) -> list[float]:
        # A sixth decimal is ten centimetres: less than a position knows, and shorter on the wire.
        return [round(degrees, 6) for degrees in self._shift(lon, lat)]
