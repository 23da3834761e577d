"""What is published in versions from a date on: price books and standards. A published one never changes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Literal

from dispatcher_app.domain.entity import PLATFORM

EditionState = Literal["draft", "published", "discarded"]
"""Nothing vanishes: a draft that is thrown away stays, shown nowhere, until it is saved again."""


@dataclass(frozen=True, slots=True)
class Edition:
    """A published version and the moment (UTC ms) from which it is in force."""

    id: str
    starts_at: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Series:
    """All published versions of one thing, by the moment they start: `prices`, `prices:shanghai`, `standard:ac`."""

    kind: ClassVar[str] = "series"
    id: str
    region: str = PLATFORM
    version: int = 0
    editions: tuple[Edition, ...] = ()

    def at(self, moment: int) -> str | None:
        """The id of the version in force at that moment, None before the first."""
        started = [each for each in self.editions if each.starts_at <= moment]
        return max(started, key=lambda each: each.starts_at).id if started else None
