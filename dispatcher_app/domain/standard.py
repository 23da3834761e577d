"""Standards (服务标准): what a repair must have been checked for, by item and in versions."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Literal

from dispatcher_app.domain.edition import EditionState
from dispatcher_app.domain.entity import PLATFORM

Stage = Literal["before", "during", "parts", "after"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One thing to tick, or a photo to take; left out, finishing is refused or the order is marked."""

    id: str
    text: str
    text_en: str = ""
    stage: Stage = "before"
    photo: bool = False
    safety: bool = False
    left_out: Literal["refuse", "mark"] = "refuse"


@dataclass(frozen=True, slots=True, kw_only=True)
class Standard:
    """A version of a standard and the items it holds for; the series is `standard:<name>`."""

    kind: ClassVar[str] = "standard"
    id: str
    region: str = PLATFORM
    version: int = 0
    series: str
    number: int = 1
    name: str
    name_en: str = ""
    state: EditionState = "draft"
    starts_at: int | None = None
    published_by: str = ""
    items: tuple[str, ...] = ()
    checks: tuple[Check, ...] = ()
