"""A bar that was set, and what was measured against it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal


@dataclass(frozen=True, slots=True)
class Bar:
    """What a benchmark has to reach: the key of the figure, the sense, the value, in words."""

    key: str
    sense: Literal["at least", "at most"]
    value: float
    unit: str

    def met(self, measured: dict[str, Any]) -> bool | None:
        """Whether the figure reaches the bar, None where it was not measured."""
        found = measured.get(self.key)
        if not isinstance(found, int | float):
            return None
        return found >= self.value if self.sense == "at least" else found <= self.value

    def words(self) -> str:
        """The bar as it is printed."""
        return f"{self.sense} {self.value:g} {self.unit}"


def percentile(values: list[float], share: float) -> float:
    """The value below which that share of the values lies."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))]
