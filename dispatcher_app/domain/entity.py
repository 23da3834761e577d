"""What is stored and synchronised: an entity is a frozen record with an id, a region and a version."""

from __future__ import annotations

from typing import ClassVar, Protocol, TypeVar


class Entity(Protocol):
    """Every stored record; `version` counts its changes, `region` is the log it belongs to."""

    kind: ClassVar[str]

    @property
    def id(self) -> str: ...
    @property
    def region(self) -> str: ...
    @property
    def version(self) -> int: ...


E = TypeVar("E", bound=Entity)

PLATFORM = "platform"
"""The region of what belongs to the whole company: catalogue, prices, policies, staff."""
