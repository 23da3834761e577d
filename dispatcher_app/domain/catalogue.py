"""What is repaired: categories, items, and their common faults with duration and labour price."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from dispatcher_app.domain.entity import PLATFORM


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
class Fault:
    """A common fault of an item: minutes on site, labour in minor units, words that callers use for it."""

    id: str
    name: str
    name_en: str
    minutes: int
    labour: int
    words: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """Something that breaks; `skill` is what a technician needs, `certificates` are required by law."""

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
    retired: bool = False

    def fault(self, id: str | None) -> Fault | None:
        """The fault of that id, None where the item has none such."""
        return next((fault for fault in self.faults if fault.id == id), None)
