"""One line of the yardstick's table: an instance, what each solver made of it, and what is known."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, Literal

Kind = Literal["vrptw", "day", "repair", "live"]

HEADINGS = ("instance", "time", "best known", "ours", "VROOM", "PyVRP", "ours is", "more")


@dataclass(frozen=True)
class Result:
    """A solver's plan: distance or hours and how many rules it breaks, or the word why there is none."""

    value: float | None = None
    broken: int = 0
    word: str = "–"
    first_plan_s: float | None = None

    def told(self) -> str:
        """The value, with a mark for each broken rule."""
        if self.value is None:
            return self.word
        return f"{self.value:.1f}" + (f" ({self.broken}!)" if self.broken else "")


@dataclass(frozen=True)
class Row:
    """An instance and its results; `more` holds the figures that only this kind has."""

    kind: Kind
    name: str
    size: int
    seconds: float
    ours: Result
    best_known: float | None = None
    vroom: Result = Result()
    pyvrp: Result = Result()
    more: dict[str, float] = field(default_factory=dict)

    @property
    def gap_percent(self) -> float | None:
        """How far ours is above the best-known, in per cent."""
        return _above(self.ours.value, self.best_known)

    @property
    def below_vroom_percent(self) -> float | None:
        """How far ours is below VROOM's best, in per cent of it."""
        above = _above(self.ours.value, self.vroom.value)
        return None if above is None else -above

    def cells(self) -> tuple[str, ...]:
        """The line as it is printed."""
        return (
            self.name,
            f"{self.seconds:g} s",
            "–" if self.best_known is None else f"{self.best_known:.1f}",
            self.ours.told(),
            self._beside(self.vroom),
            self._beside(self.pyvrp),
            self._standing(),
            ", ".join(f"{name} {value:g}" for name, value in self.more.items()),
        )

    def figures(self) -> dict[str, Any]:
        """The line as it is kept."""
        return asdict(self) | {
            "gap_percent": self.gap_percent,
            "below_vroom_percent": self.below_vroom_percent,
        }

    def _beside(self, other: Result) -> str:
        gap = _above(other.value, self.best_known)
        return other.told() if gap is None else f"{other.told()} +{gap:.2f} %"

    def _standing(self) -> str:
        if self.gap_percent is not None:
            return f"+{self.gap_percent:.2f} %"
        if self.below_vroom_percent is not None:
            sense = "below" if self.below_vroom_percent >= 0 else "above"
            return f"{abs(self.below_vroom_percent):.1f} % {sense} VROOM"
        return ""


def table(rows: Sequence[Row]) -> str:
    """All lines under their headings."""
    lines = [HEADINGS, *(row.cells() for row in rows)]
    widths = [max(len(line[column]) for line in lines) for column in range(len(HEADINGS))]
    return "\n".join(
        "  ".join(
            cell.ljust(width) if column in (0, 7) else cell.rjust(width)
            for column, (cell, width) in enumerate(zip(line, widths, strict=True))
        ).rstrip()
        for line in lines
    )


def _above(value: float | None, other: float | None) -> float | None:
    return None if value is None or not other else 100 * (value - other) / other
