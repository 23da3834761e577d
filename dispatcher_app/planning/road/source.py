"""The prepared cities as a source of travel times: the one that covers a question answers it."""

from __future__ import annotations

import logging
from pathlib import Path

import numpy as np

from dispatcher_app.domain.act import Broken
from dispatcher_app.domain.day import TravelSource
from dispatcher_app.domain.place import Point
from dispatcher_app.planning.road.city import BrokenCity, names, page_of
from dispatcher_app.planning.road.engine import Busy, City
from dispatcher_app.planning.road.speed import slice_of
from dispatcher_app.planning.travel.answer import ERROR_PERCENT, Route, Routes
from dispatcher_app.planning.travel.chain import Partial, Unanswered
from dispatcher_app.planning.travel.estimate import Ground
from dispatcher_app.planning.travel.places import Places

log = logging.getLogger(__name__)


class Roads:
    """All prepared cities of a folder, opened in the background."""

    name: TravelSource = "road"
    precise = False

    def __init__(self, folder: Path, *, quick: bool | None = None) -> None:
        self._folder = folder
        self._quick = quick
        self.broken: dict[str, Broken] = {}
        self.cities: tuple[City, ...] = ()
        self.refresh()

    def refresh(self) -> None:
        """Open what was imported since, let go of what was removed."""
        former = {city.page.name: city for city in self.cities}
        kept: list[City] = []
        self.broken = {name: why for name, why in self.broken.items() if name in names(self._folder)}
        for name in names(self._folder):
            try:
                page = page_of(self._folder, name)
            except BrokenCity as error:
                self._say(name, error)
                continue
            known = former.get(name)
            if known is not None and known.page == page:
                kept.append(former.pop(name))
                continue
            self.broken.pop(name, None)
            kept.append(City(self._folder, page, quick=self._quick))
        self.cities = tuple(kept)
        for city in former.values():
            city.close()

    def _say(self, name: str, error: BrokenCity) -> Broken:
        if name not in self.broken:
            log.warning("city can't be used", extra={"city": name, "code": error.reason.code})
        self.broken[name] = error.reason
        return error.reason

    def city_of(self, *groups: Places) -> City:
        """The city that most of these places are in; raises Unanswered where none covers any."""
        inside = [(sum(int(each.covers(group).sum()) for group in groups), each) for each in self.cities]
        most, city = max(inside, key=lambda found: found[0], default=(0, None))
        if city is None or not most:
            raise Unanswered(Broken("travel_not_covered"))
        return city

    def matrix(self, origins: Places, targets: Places, at: int, ground: Ground) -> Partial:
        """Drives on the roads at that slice of the day, as much longer as trips here have shown."""
        city = self.city_of(origins, targets)
        hour = ground.hour(at)
        try:
            found = city.drives(origins, targets, slice_of(hour))
        except Busy:
            raise Unanswered(Broken("travel_city_busy", {"city": city.page.name})) from None
        except BrokenCity as error:
            raise Unanswered(self._say(city.page.name, error)) from None
        seconds = np.where(
            np.isinf(found.seconds), np.nan, found.seconds * ground.road.at(hour) + ground.policy.parking_s
        )
        notes = [Broken("travel_by_road")] if np.isfinite(seconds).any() else []
        if found.off:
            notes.append(Broken("travel_off_road", {"count": found.off}))
        if found.cut:
            notes.append(Broken("travel_cut_off", {"count": found.cut}))
        return Partial(seconds, ground.road.error_percent or ERROR_PERCENT["road"], tuple(notes))

    def routes(self, origin: Point, target: Point, at: int, ground: Ground, wanted: int) -> Routes:
        """The quickest way, with the forbidden turns that it may not have heeded said."""
        a, b = Places((origin,)), Places((target,))
        city = self.city_of(a, b)
        hour = ground.hour(at)
        try:
            found = city.way(a, b, slice_of(hour))
        except Busy:
            raise Unanswered(Broken("travel_city_busy", {"city": city.page.name})) from None
        except BrokenCity as error:
            raise Unanswered(self._say(city.page.name, error)) from None
        if found is None:
            raise Unanswered(Broken("travel_no_way"))
        route = Route(
            seconds=round(found.ms / 1000 * ground.road.at(hour)) + ground.policy.parking_s,
            metres=round(found.metres),
            line=found.line,
            source="road",
            error_percent=ground.road.error_percent or ERROR_PERCENT["road"],
        )
        unheeded = city.page.figures.unheeded
        notes = (Broken("travel_turns", {"count": unheeded}),) if unheeded else ()
        return Routes((route,), (Broken("travel_by_road"), *notes))

    def uncovered(self, places: Places) -> int:
        """How many of these places are at no road of any prepared city; raises Unanswered where there are none."""
        if not self.cities:
            raise Unanswered(Broken("travel_not_covered"))
        off = np.ones(len(places), bool)
        for city in self.cities:
            try:
                off &= city.off(places)
            except Busy:
                off &= ~city.covers(places)
            except BrokenCity as error:
                self._say(city.page.name, error)
                off &= ~city.covers(places)
        return int(off.sum())

    def distrust(self) -> Broken:
        """The map says what can't be: speeds or places in it are wrong."""
        return Broken("travel_unfit", {"provider": self.name})

    def troubles(self) -> tuple[Broken, ...]:
        """The cities that can't be used."""
        return tuple(self.broken.values())

    def close(self) -> None:
        """Let go of all cities."""
        for city in self.cities:
            city.close()
