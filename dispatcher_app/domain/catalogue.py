"""What is repaired: categories, items and their common faults with durations; prices stand in the price book."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Literal

from dispatcher_app.domain.entity import PLATFORM

CREW_MOST = 2
"""So many technicians come to a visit at most: more than that no planner looks for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Category:
    """家电, 家居, 数码: the first choice of a caller."""

    kind: ClassVar[str] = "category"
    id: str
    region: str = PLATFORM
    version: int = 0
    name: str
    name_en: str
    rank: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A spare part, the items it fits, and how long a new one is warranted (days; None: as the policy says)."""

    kind: ClassVar[str] = "part"
    id: str
    region: str = PLATFORM
    version: int = 0
    name: str
    name_en: str = ""
    items: tuple[str, ...] = ()
    brands: tuple[str, ...] = ()
    unit: str = "个"
    warranty_days: int | None = None
    retired: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Packing:
    """What staff add to the packing list for a brand (or every one, "") and a fault (or every one, None) of an item."""

    brand: str = ""
    fault: str | None = None
    tools: tuple[str, ...] = ()
    parts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """A common fault of an item: minutes on site, words that callers use for it.

    `method` is how it is usually repaired, `parts` and `tools` are what that is likely to take.
    """

    id: str
    name: str
    name_en: str
    minutes: int
    words: tuple[str, ...] = ()
    method: str = ""
    method_en: str = ""
    parts: tuple[str, ...] = ()
    tools: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """Something that breaks; `skill` is what a technician needs, `certificates` are required by law.

    `materials` says whether small materials are in the labour price; `tools` are needed for every fault. `standard`
    names the series of the standard that it is repaired by; only publishing a standard sets it. `crew` is how many
    technicians a visit for it takes (CREW_MOST at most).
    """

    kind: ClassVar[str] = "item"
    id: str
    region: str = PLATFORM
    version: int = 0
    category: str
    name: str
    name_en: str
    skill: str
    certificates: tuple[str, ...] = ()
    brands: tuple[str, ...] = ()
    faults: tuple[Fault, ...] = ()
    materials: Literal["included", "extra"] = "extra"
    materials_note: str = ""
    materials_note_en: str = ""
    tools: tuple[str, ...] = ()
    packing: tuple[Packing, ...] = ()
    warranty_days: int | None = None
    standard: str | None = None
    crew: int = 1
    retired: bool = False

    def fault(self, id: str | None) -> Fault | None:
        """The fault of that id, None where the item has none such."""
        return next((fault for fault in self.faults if fault.id == id), None)
