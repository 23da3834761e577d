"""How the map is looked at: one technician followed, all but a few marks dimmed, a distance measured."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject

from dispatcher_app.domain.order import Order
from dispatcher_app.domain.place import Point, distance_m
from dispatcher_app.text import t
from ui import format, name
from ui.desk_map.banner import Banner
from ui.desk_map.day import stops_of
from ui.map.marks import MarkKind
from ui.map.view import MapView

if TYPE_CHECKING:
    from dispatcher_app.client.session import Session

Mark = tuple[MarkKind, str]
_FOLLOWED: Final = "follow"


class Lens(QObject):
    """Each way of looking lasts until it is ended: by the same action, by Escape, or by moving the view."""

    def __init__(self, session: Session, view: MapView, banner: Banner, parent: QObject) -> None:
        super().__init__(parent)
        self._session, self._view, self._banner = session, view, banner
        self.following = ""
        self.focused: Mark | None = None
        self.measuring = False
        view.released.connect(lambda: self.follow(""))
        view.sketched.connect(self._on_sketched)

    def follow(self, technician: str) -> None:
        """Keep the view on a technician; the same one again, or "", lets him go."""
        self.following = "" if technician == self.following else technician
        self._view.follow(self.following)
        who = name.technician(self._session, self.following)
        said = t("The view follows {name} · Esc or moving the map ends it", name=who) if who else ""
        self._banner.put("follow", said, _FOLLOWED)

    def look_only_at(self, mark: Mark | None) -> None:
        """Dim all that has nothing to do with a mark; None shows all alike again."""
        self.focused = mark
        self._view.look_only_at(None if mark is None else concerned(self._session, mark))
        if mark is None:
            self._banner.put("focus", "")
            return
        kind, id = mark
        what = (
            name.technician(self._session, id)
            if kind == "technician"
            else name.short_order(self._session, id)
        )
        self._banner.put("focus", t("Only what concerns {what} · Esc shows all", what=what))

    def refresh(self) -> None:
        """Plans have changed: look at what is concerned now."""
        if self.focused is not None:
            self._view.look_only_at(concerned(self._session, self.focused))

    def measure(self, on: bool) -> None:
        """Let a person lay places and tell how far they are apart."""
        if on == self.measuring:
            return
        self.measuring = on
        if on:
            self._view.begin_measure()
        else:
            self._view.end_sketch()
            self._banner.put("sketch", "")

    def step_back(self) -> bool:
        """End what began last; returns whether there was anything."""
        if self.measuring:
            self.measure(False)
        elif self.focused is not None:
            self.look_only_at(None)
        elif self.following:
            self.follow("")
        else:
            return False
        return True

    def _on_sketched(self, places: list[tuple[float, float]]) -> None:
        if not self.measuring:
            return
        legs = legs_of(places)
        totals = [sum(legs[: at + 1]) for at in range(len(legs))]
        self._view.write_sketch(["", *(format.distance(each) for each in totals)])
        keys = t("click or Enter adds a point, Backspace takes it back, Esc ends")
        if totals:
            total = format.distance(totals[-1])
            self._banner.put("sketch", t("{distance} in straight lines · {keys}", distance=total, keys=keys))
        else:
            self._banner.put("sketch", t("Measure a distance: {keys}", keys=keys))


def legs_of(places: Iterable[tuple[float, float]]) -> list[float]:
    """Metres from each place to the next, along the ground."""
    return [distance_m(a, b) for a, b in pairwise(Point(lon, lat) for lon, lat in places)]


def concerned(session: Session, mark: Mark) -> set[Mark]:
    """What belongs to a mark: a technician's stops of today, an order's technician with his."""
    kind, id = mark
    technician: str | None = id
    if kind == "order":
        order = session.get(Order, id)
        technician = order.technician if order is not None else None
    if technician is None:
        return {mark}
    stops: set[Mark] = {("order", stop.order) for stop in stops_of(session, technician)}
    return {mark, ("technician", technician), *stops}
