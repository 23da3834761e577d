"""What plans come to, side by side: the one in force, and each that could be, with what would be more or less."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from dispatcher_app.planning.figures import Figures
from dispatcher_app.planning.proposal import Proposal
from dispatcher_app.text import t
from ui import format
from ui.mark import Hue


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """A line of the comparison: its word, how it is read and written, and whether less of it is better."""

    code: str
    word: str
    read: Callable[[Figures], int]
    write: Callable[[int], str]
    less_is_better: bool = True


def spell(seconds: int) -> str:
    """A length of work in hours and minutes, however many hours: days would hide what is compared."""
    minutes = round(seconds / 60)
    if not minutes:
        return "0"
    if minutes < 60:
        return t("{n} min", n=minutes)
    return t("{hours} h {minutes} min", hours=format.count(minutes // 60), minutes=minutes % 60)


def _minutes(number: int) -> str:
    return spell(number * 60)


FIGURES: Final = (
    Figure(code="unserved", word="Visits without a place", read=lambda each: each.unserved, write=format.count),
    Figure(code="late", word="Late##plan", read=lambda each: each.late_minutes, write=_minutes),
    Figure(code="travel", word="Driving time", read=lambda each: each.travel_s,
           write=spell,),
    Figure(code="metres", word="Distance##plan", read=lambda each: each.metres, write=format.distance),
    Figure(code="overtime", word="Overtime", read=lambda each: each.overtime_minutes, write=_minutes),
    Figure(code="technicians", word="Technicians with visits", read=lambda each: each.technicians, write=format.count,
           less_is_better=False),
)  # fmt: skip
"""What the plan in force and a new one both have."""


@dataclass(frozen=True, slots=True)
class Said:
    """A cell: the figure, how much it differs in words, and in which colour."""

    figure: str
    differs: str = ""
    hue: Hue | None = None


def compared(figure: Figure, proposal: Proposal) -> Said:
    """A proposal's figure beside that of the plan in force."""
    before, after = figure.read(proposal.before), figure.read(proposal.after)
    written = figure.write(after)
    if figure.code == "late" and proposal.after.late_visits:
        written = t("{time} ({n} visits)", time=written, n=proposal.after.late_visits)
    less = figure.write(abs(after - before))
    if less in {"0", "0 m", figure.write(0)}:
        return Said(written, t("same##plan"))
    words = t("{amount} more##plan", amount=less) if after > before else t("{amount} less##plan", amount=less)
    if not figure.less_is_better:
        return Said(written, words)
    return Said(written, words, "red" if after > before else "green")


def standing(figure: Figure, proposal: Proposal) -> str:
    """The same of the plan in force."""
    written = figure.write(figure.read(proposal.before))
    if figure.code == "late" and proposal.before.late_visits:
        return t("{time} ({n} visits)", time=written, n=proposal.before.late_visits)
    return written


def disturbed(proposal: Proposal) -> list[tuple[str, str, Said]]:
    """Who hears of it: code, word and number of customers called, visits moved, and dispatched ones sent anew."""
    calls, after = len(proposal.calls), proposal.after
    return [
        ("calls", "Customers to call", _noticed(calls)),
        ("moves", "Visits that move", Said(format.count(len(proposal.moves)))),
        ("moved", "Dispatched, at another time", _noticed(after.moved)),
        ("resent", "Dispatched, to another technician", _noticed(after.resent)),
    ]


def _noticed(number: int) -> Said:
    return Said(format.count(number), "", "amber" if number else None)


def words(choices: Sequence[str]) -> list[str]:
    """What the ways are called."""
    return [t(_CHOICES[each]) for each in choices]


_CHOICES: Final = {
    "best": "Plan found##plan",
    "least_late": "Least late##plan",
    "least_driving": "Least driving##plan",
    "fewest_calls": "Fewest calls##plan",
}
