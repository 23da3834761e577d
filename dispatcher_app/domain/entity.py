"""What is stored and synchronised: an entity is a frozen record with an id, a region and a version."""

from __future__ import annotations

from dataclasses import fields
from functools import cache
from typing import Any, ClassVar, Protocol, TypeVar


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
R = TypeVar("R")

PLATFORM = "platform"
"""The region of what belongs to the whole company: catalogue, prices, policies, staff."""


def changed(entity: R, **changes: Any) -> R:
    """The record with these fields as given: `dataclasses.replace` without its checks, which cost an order 20 µs."""
    made: R = object.__new__(type(entity))
    kind: type = type(entity)
    known = names_of(kind)
    if not known.issuperset(changes):
        raise TypeError(f"{type(entity).__name__} has no {', '.join(changes.keys() - known)}")
    if (held := getattr(entity, "__dict__", None)) is not None:
        made.__dict__.update(held)
        made.__dict__.update(changes)
        return made
    for name in known:
        object.__setattr__(made, name, changes[name] if name in changes else getattr(entity, name))
    return made


@cache
def names_of(type_: type) -> frozenset[str]:
    """The fields of a record."""
    return frozenset(each.name for each in fields(type_))
