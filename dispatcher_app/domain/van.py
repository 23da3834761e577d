"""What a technician has in the van (车存): moved by issue, fitting and return."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar


@dataclass(frozen=True, slots=True)
class Stocked:
    """So many of a part."""

    part: str
    quantity: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Van:
    """The parts in a technician's van; its id is the technician's."""

    kind: ClassVar[str] = "van"
    id: str
    region: str
    version: int = 0
    stock: tuple[Stocked, ...] = ()

    def quantity(self, part: str) -> int:
        """How many of a part there are."""
        return next((each.quantity for each in self.stock if each.part == part), 0)

    def moved(self, part: str, by: int) -> tuple[Stocked, ...]:
        """The stock with so many more (or fewer) of a part."""
        kept = tuple(each for each in self.stock if each.part != part)
        left = self.quantity(part) + by
        return tuple(sorted((*kept, Stocked(part, left)), key=lambda each: each.part)) if left else kept
