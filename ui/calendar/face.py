"""What a cell of the calendar looks like, before it is painted: many cells look the same, and are painted once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from dispatcher_app.domain.holiday import SpecialDay
from dispatcher_app.text import language, t
from ui import format
from ui.calendar.day import DayWord, brief
from ui.calendar.figures import Load
from ui.mark import Hue

_STEPS: Final[tuple[tuple[int, Hue], ...]] = ((60, "green"), (85, "olive"), (100, "amber"))


@dataclass(frozen=True, slots=True)
class Face:
    """Words and hues; `ground` and inks are palette tokens or hues, a ground that is a hue is a wash of it.

    `lines` are one word in the middle, or two lines from the left; `bar` is how much per cent the foot is filled,
    `corner` the hue of the right one, `dot` whether a request waits, `date` the day of the month and its ink.
    """

    ground: str
    lines: tuple[tuple[str, str], ...] = ()
    bold: bool = False
    hatched: bool = False
    bar: int = 0
    bar_hue: Hue = "dim"
    corner: str = ""
    dot: bool = False
    date: tuple[str, str] | None = None


def hue_of(percent: int | None) -> Hue:
    """The hue of a load: free, filling, nearly full, more than there is."""
    if percent is None:
        return "dim"
    return next((hue for limit, hue in _STEPS if percent <= limit), "red")


def face(
    load: Load | None, word: DayWord | None, *, wide: bool, part: bool, past: bool, several: bool,
    date: tuple[str, str] | None = None,
) -> Face:  # fmt: skip
    """A cell; `wide` has room for two lines, `part` is some hours of a date only."""
    corner = "" if word is None else "purple" if word.leave is not None else "blue" if word.other else ""
    dot = word is not None and word.asked > 0
    if load is None:
        return Face("surface", ((_first(load, word), "muted"), ("…", "muted")) if wide else (), date=date)
    hue = hue_of(load.percent)
    idle = past and not load.load
    if idle:
        ground = "surface"
    elif load.work > 0:
        ground = hue
    else:
        ground = "purple" if word is not None and word.leave is not None and not word.off else "sunken"
    lines: tuple[tuple[str, str], ...] = ()
    if not idle and wide:
        lines = _two(load, word, hue, part=part)
    elif not idle:
        lines = (_one(load, word, hue),)
    elif wide and not part and word is not None:
        lines = ((_first(load, word), "disabled"), ("", "disabled"))
    return Face(
        ground, lines, bold=several or (load.percent or 0) > 100, hatched=load.work <= 0 and load.load > 0,
        bar=min(load.percent or 0, 100) if load.load else 0, bar_hue=hue, corner=corner, dot=dot, date=date,
    )  # fmt: skip


def _one(load: Load, word: DayWord | None, hue: Hue) -> tuple[str, str]:
    """One figure or word, and its ink."""
    if load.percent is not None:
        return f"{load.percent}", hue if load.load else "disabled"
    if word is not None and word.leave is not None and not word.off:
        return t("lv##calendar"), "purple"
    return t("off##calendar"), "red" if load.load else "disabled"


def _two(load: Load, word: DayWord | None, hue: Hue, *, part: bool) -> tuple[tuple[str, str], ...]:
    """The hours, or the figure of several, above; what is taken of it below."""
    ink = "text"
    if word is not None and word.leave is not None:
        ink = "purple"
    elif load.work <= 0:
        ink = "muted"
    below = hue if load.load else "muted"
    if part and word is not None:
        first = (
            t("{n} vis.##calendar", n=load.visits)
            if load.visits
            else ""
            if load.load
            else t("free##calendar")
        )
        taken = f"{compact(load.load)} / {compact(load.work)}"
        return ((first, ink), (taken, below)) if load.work > 0 else (("", ink), (_without(load), "red"))
    if load.work <= 0:
        return (_first(load, word), ink), (_without(load), "red")
    taken = f"{compact(load.load)} / {compact(load.work)}"
    if word is None:
        taken = f"{rough(load.load)} / {rough(load.work)} h"
    said = t("{taken} · {n} vis.##calendar", taken=taken, n=load.visits) if load.visits else taken
    return (_first(load, word), ink), (said, below)


def _first(load: Load | None, word: DayWord | None) -> str:
    if word is not None:
        if word.leave is not None and not word.off:
            return t("away: {reason}", reason=word.leave.reason)
        return brief(word.hours) or t("off")
    if load is None:
        return ""
    return f"{load.percent}%" if load.percent is not None else t("nobody##calendar")


def _without(load: Load) -> str:
    return minutes(load.load) if load.load else ""


def date_words(day: str, special: SpecialDay | None) -> tuple[str, str]:
    """The day of the month with the holiday that it is, and its ink."""
    number = day[8:].lstrip("0")
    if special is None:
        return number, "muted"
    if special.kind == "workday":
        return f"{t('work##make-up')} {number}", "blue"
    return f"{special_name(special)} {number}", "red"


def special_name(special: SpecialDay) -> str:
    """What a special day is called."""
    return special.name_en if special.name_en and language() == "en" else special.name


def compact(count: int) -> str:
    """A time in little room: "5:20" hours."""
    return f"{count // 60}:{count % 60:02}" if count < 100 * 60 else f"{round(count / 60)}h"


def rough(count: int) -> str:
    """Hours of several people in little room: "14.6", "216"."""
    hours = count / 60
    return f"{hours:.0f}" if hours >= 100 or count % 60 == 0 else f"{hours:.1f}"


def minutes(count: int) -> str:
    """A time that is worked: "0 min", "5 h 20 min", "63 h"."""
    if count < 60:
        return t("{n} min", n=count)
    return format.duration(count * 60) if count < 24 * 60 else t("{n} h", n=round(count / 60))
