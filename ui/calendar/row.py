"""The rows of a calendar: technicians one by one, or their teams and districts with them folded inside."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

from dispatcher_app.domain.technician import Technician
from dispatcher_app.pinyin import initials
from dispatcher_app.text import t
from ui import name

if TYPE_CHECKING:
    from dispatcher_app.client.session import Session

Group = Literal["technician", "team", "district", "all"]
GROUPS: Final[dict[Group, str]] = {
    "technician": "By technician##calendar", "team": "By team##calendar", "district": "By district##calendar",
    "all": "All together##calendar",
}  # fmt: skip
ALL: Final = "all:"


@dataclass(frozen=True, slots=True)
class Wanted:
    """Who is looked at: a part of the name, its initials or the team's; one team, district or skill."""

    text: str = ""
    team: str = ""
    district: str = ""
    skill: str = ""

    def shows(self, technician: Technician) -> bool:
        """Whether he is among them; whoever has no districts goes to all."""
        if self.team and technician.team != self.team:
            return False
        if self.skill and self.skill not in technician.skills:
            return False
        if self.district and technician.districts and self.district not in technician.districts:
            return False
        words = (technician.name, initials(technician.name), technician.team, initials(technician.team))
        return not self.text or any(self.text.lower() in each.lower() for each in words)


@dataclass(frozen=True, slots=True)
class Row:
    """One row: its key, its title, the technicians in it; `open_` says whether they stand below (None: they can't)."""

    key: str
    title: str
    people: tuple[str, ...]
    level: int = 0
    open_: bool | None = None

    @property
    def technician(self) -> str | None:
        """Whose row it is, None where it is that of several."""
        return self.people[0] if self.open_ is None and self.key != ALL else None


def rows(session: Session, people: Sequence[Technician], group: Group, opened: Collection[str]) -> list[Row]:
    """The rows of these technicians."""
    ordered = sorted(people, key=lambda each: (each.name, each.id))
    if group == "all":
        return [Row(ALL, t("All together##calendar"), tuple(each.id for each in ordered))]
    if group == "technician":
        return [Row(each.id, each.name, (each.id,)) for each in ordered]
    found: dict[str, list[Technician]] = {}
    for each in ordered:
        found.setdefault(part_of(each, group), []).append(each)
    made: list[Row] = []
    for part in sorted(found, key=lambda each: (not each, title(session, group, each))):
        key, members = f"{group}:{part}", found[part]
        made.append(
            Row(key, title(session, group, part), tuple(each.id for each in members), 0, key in opened)
        )
        if key in opened:
            made += [Row(each.id, each.name, (each.id,), 1) for each in members]
    return made


def part_of(technician: Technician, group: Group) -> str:
    """Where he is counted: everybody in one place only, with the first of his districts."""
    if group == "team":
        return technician.team
    return technician.districts[0] if technician.districts else ""


def title(session: Session, group: Group, part: str) -> str:
    """What a team or a district is called."""
    if group == "team":
        return part or t("no team##calendar")
    return name.district(session, part) if part else t("all districts")
