"""Which technicians the board shows, in which groups and in which order."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Final, Literal

from dispatcher_app.domain.technician import Technician
from dispatcher_app.pinyin import initials

Grouping = Literal["", "team", "district", "skill"]
Sort = Literal["name", "free", "load"]
GROUPINGS: Final[tuple[Grouping, ...]] = ("", "team", "district", "skill")
SORTS: Final[tuple[Sort, ...]] = ("name", "free", "load")


@dataclass(frozen=True, slots=True, kw_only=True)
class BoardFilter:
    """Who is shown: `text` finds names and their initials; an empty field means all."""

    text: str = ""
    skill: str = ""
    district: str = ""
    team: str = ""
    status: str = ""
    alerts: bool = False
    region: str = ""

    @property
    def empty(self) -> bool:
        """Whether it leaves nobody out."""
        return self == BoardFilter(region=self.region)

    def shows(self, technician: Technician) -> bool:
        """Whether he is shown, alerts apart."""
        return (
            (not self.region or technician.region == self.region)
            and (not self.skill or self.skill in technician.skills)
            and (not self.district or not technician.districts or self.district in technician.districts)
            and (not self.team or technician.team == self.team)
            and (not self.status or technician.status == self.status)
            and self._finds(technician)
        )

    def _finds(self, technician: Technician) -> bool:
        name = technician.name.lower()
        said = f"{name} {initials(technician.name)} {technician.team.lower()}"
        return all(word in said for word in self.text.lower().split())


@dataclass(frozen=True, slots=True)
class Row:
    """A technician's row, or (`technician` is "") the heading of a group of `count`."""

    technician: str = ""
    group: str = ""
    count: int = 0
    folded: bool = False

    @property
    def key(self) -> str:
        """What stays the same while others come and go."""
        return self.technician or f"group {self.group}"


def rows_of(
    technicians: Iterable[Technician],
    wanted: BoardFilter,
    grouping: Grouping,
    folded: frozenset[str],
    rank: Callable[[Technician], tuple[int | str, ...]],
) -> tuple[Row, ...]:
    """The rows in their order; whoever belongs to several groups stands in the first of them that is asked for."""
    shown = sorted((each for each in technicians if wanted.shows(each)), key=rank)
    if not grouping:
        return tuple(Row(each.id) for each in shown)
    groups: dict[str, list[Technician]] = {}
    for each in shown:
        groups.setdefault(group_of(each, grouping, wanted), []).append(each)
    rows: list[Row] = []
    for group in sorted(groups, key=lambda group: (group == "", group)):
        closed = group in folded
        rows.append(Row("", group, len(groups[group]), closed))
        rows += () if closed else (Row(each.id, group) for each in groups[group])
    return tuple(rows)


def group_of(technician: Technician, grouping: Grouping, wanted: BoardFilter) -> str:
    """The group in which he stands: his team, or his first district or skill, "" for none."""
    if grouping == "team":
        return technician.team
    every, asked = (
        (technician.districts, wanted.district)
        if grouping == "district"
        else (technician.skills, wanted.skill)
    )
    return asked if asked in every and asked else next(iter(every), "")
