"""The catalogue that a new installation starts with, read from `resources/catalogue/first.json`."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from dispatcher_app import codec, resource
from dispatcher_app.domain.catalogue import Category, Item


@dataclass(frozen=True, slots=True, kw_only=True)
class Catalogue:
    """Categories and the items in them."""

    categories: tuple[Category, ...]
    items: tuple[Item, ...]


@cache
def first_catalogue() -> Catalogue:
    """The categories, items and faults of the trade; raises msgspec.ValidationError where the file is wrong."""
    return codec.decode(resource.path("catalogue", "first.json").read_bytes(), Catalogue)
