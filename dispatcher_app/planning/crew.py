"""All technicians of a region as columns: what each can do, whence he sets out, how he stands."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from dispatcher_app.domain.matching import Need
from dispatcher_app.domain.rating import rating
from dispatcher_app.domain.technician import Technician
from dispatcher_app.planning.cover import Cover

Flags = NDArray[np.bool_]
Moments = NDArray[np.int64]
"""Absolute times, UTC ms."""

T = TypeVar("T", bound=np.generic)

FOR_EVER = np.int64(2**62)
ROOM = 32
"""Rows that a new crew begins with; it grows by doubling."""


@dataclass(slots=True, eq=False)
class Crew:
    """Columns over technicians, one row each for as long as the plan lives; `people` are the entities themselves."""

    people: list[Technician] = field(default_factory=list)
    rows: dict[str, int] = field(default_factory=dict)
    _able: dict[tuple[str, str], Flags] = field(default_factory=dict)
    _until: dict[str, Moments] = field(default_factory=dict)
    _cover: Cover = field(default_factory=Cover)
    _suspended: Flags = field(default_factory=lambda: np.zeros(ROOM, np.bool_))
    _offline: Flags = field(default_factory=lambda: np.zeros(ROOM, np.bool_))
    _limit: NDArray[np.int64] = field(default_factory=lambda: np.full(ROOM, -1, np.int64))
    _stars: NDArray[np.float64] = field(default_factory=lambda: np.zeros(ROOM))
    _credit: NDArray[np.float64] = field(default_factory=lambda: np.zeros(ROOM))

    def __len__(self) -> int:
        return len(self.people)

    @property
    def offline(self) -> Flags:
        """Who can't be reached now."""
        return self._offline[: len(self)]

    @property
    def stars(self) -> NDArray[np.float64]:
        """The stars by which they are compared."""
        return self._stars[: len(self)]

    @property
    def credit(self) -> NDArray[np.float64]:
        """Their credit, out of 100."""
        return self._credit[: len(self)]

    def no_worse_than(self, id: str) -> Flags:
        """Who has stars and credit at least as good as somebody; nobody where he does not belong here."""
        row = self.rows.get(id)
        if row is None:
            return np.zeros(len(self), np.bool_)
        no_worse: Flags = (self.stars >= self._stars[row]) & (self.credit >= self._credit[row])
        return no_worse

    def limits(self, daily_limit: int) -> NDArray[np.int64]:
        """How many visits a day each takes, `daily_limit` where nothing else is agreed with him."""
        limit = self._limit[: len(self)]
        return np.where(limit < 0, daily_limit, limit)

    def put(self, technician: Technician) -> int:
        """Take in a technician as he is now; returns his row."""
        row = self.rows.setdefault(technician.id, len(self.people))
        if row == len(self.people):
            self.people.append(technician)
            if row == len(self._suspended):
                self._grow()
        else:
            self.people[row] = technician
        self._suspended[row] = technician.suspended
        self._offline[row] = technician.status == "offline"
        self._limit[row] = -1 if technician.daily_limit is None else max(0, technician.daily_limit)
        self._stars[row] = rating(technician.figures)
        self._credit[row] = technician.credit
        self._mark(row, "skill", technician.skills)
        self._mark(row, "brand", technician.brands or ("",))
        self._mark(row, "district", () if technician.area else technician.districts or ("",))
        self._cover.put(row, technician.area)
        for until in self._until.values():
            until[row] = 0
        for each in technician.certificates:
            column = self._until.setdefault(each.name, np.zeros(len(self._suspended), np.int64))
            column[row] = max(int(column[row]), each.expires_at)
        return row

    def fit(self, need: Need, at: int) -> Flags:
        """Who keeps, at a moment, the rules that hold at whatever time (`unfit` of the domain says which, one by one)."""
        fit = ~self._suspended[: len(self)] & (self.certified(need) > at)
        for skill in need.skills:
            fit &= self._have("skill", skill)
        any_brand = self._have("brand", "")
        for brand in need.brands:
            fit &= any_brand | self._have("brand", brand)
        covered = self._have("district", "") | self._have("district", need.district)
        fit &= covered | self._cover.holding(need.point, len(self))
        for id in need.blocked:
            if (row := self.rows.get(id)) is not None:
                fit[row] = False
        return fit

    def certified(self, need: Need) -> Moments:
        """Until when (UTC ms) each holds every certificate that is needed; 0 where he lacks one."""
        until = np.full(len(self), FOR_EVER)
        for name in need.certificates:
            held = self._until.get(name)
            np.minimum(until, 0 if held is None else held[: len(self)], out=until)
        return until

    def rows_of(self, ids: Iterable[str]) -> list[int]:
        """The rows of those among the ids who belong here."""
        return [row for id in ids if (row := self.rows.get(id)) is not None]

    def _have(self, what: str, name: str) -> Flags:
        known = self._able.get((what, name))
        return np.zeros(len(self), np.bool_) if known is None else known[: len(self)]

    def _mark(self, row: int, what: str, names: Iterable[str]) -> None:
        for (kind, _), column in self._able.items():
            if kind == what:
                column[row] = False
        for name in names:
            column = self._able.setdefault((what, name), np.zeros(len(self._suspended), np.bool_))
            column[row] = True

    def _grow(self) -> None:
        self._able = {key: doubled(column) for key, column in self._able.items()}
        self._until = {key: doubled(column) for key, column in self._until.items()}
        self._suspended, self._offline = doubled(self._suspended), doubled(self._offline)
        self._limit, self._stars, self._credit = (
            doubled(self._limit),
            doubled(self._stars),
            doubled(self._credit),
        )


def doubled(column: NDArray[T]) -> NDArray[T]:
    """The column with as many empty rows again."""
    return np.concatenate([column, np.zeros_like(column)])
