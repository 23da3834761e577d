"""Drafts and what they change: a published price book is copied, and two books are laid side by side."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from typing import Any

from dispatcher_app.domain.book import PriceBook
from dispatcher_app.domain.flaw import Sheet

Rows = dict[tuple[str, ...], Any]
FEES = ("currency", "same_day", "emergency", "inspection_percent", "inspection_max")


@dataclass(frozen=True, slots=True, kw_only=True)
class Changed:
    """One row that differs: None before where it is new, None after where it is gone.

    `fields` names what differs where it was there before and still is.
    """

    sheet: Sheet
    key: tuple[str, ...]
    before: Any
    after: Any
    fields: tuple[str, ...] = ()


def draft_of(book: PriceBook, id: str, name: str = "") -> PriceBook:
    """A draft to edit with everything that a book has, whether that is published or not."""
    return replace(
        book,
        id=id,
        version=0,
        name=name or book.name,
        number=book.number + 1,
        state="draft",
        starts_at=None,
        published_by="",
    )


def difference(old: PriceBook, new: PriceBook) -> tuple[Changed, ...]:
    """Every row that a new book has otherwise than an old one, sheet by sheet in the new one's order."""
    found: list[Changed] = []
    for name in FEES:
        before, after = getattr(old, name), getattr(new, name)
        if before != after:
            found.append(Changed(sheet="fees", key=(name,), before=before, after=after, fields=(name,)))
    found += _rows("labour", _labour(old), _labour(new))
    found += _rows("parts", _by(old.part_by_id), _by(new.part_by_id))
    found += _rows("bands", _numbered(old.bands), _numbered(new.bands))
    found += _rows("times", _keyed(old.times, "id"), _keyed(new.times, "id"))
    found += _rows("packages", _keyed(old.packages, "id"), _keyed(new.packages, "id"))
    found += _rows("coupons", _keyed(old.coupons, "code"), _keyed(new.coupons, "code"))
    return tuple(found)


def _rows(
    sheet: Sheet, old: Mapping[tuple[str, ...], Any], new: Mapping[tuple[str, ...], Any]
) -> list[Changed]:
    found = []
    for key, after in new.items():
        before = old.get(key)
        if before != after:
            differing = () if before is None else _fields(before, after)
            found.append(Changed(sheet=sheet, key=key, before=before, after=after, fields=differing))
    found += [
        Changed(sheet=sheet, key=key, before=before, after=None)
        for key, before in old.items()
        if key not in new
    ]
    return found


def _fields(before: Any, after: Any) -> tuple[str, ...]:
    return tuple(
        each.name for each in fields(after) if getattr(before, each.name) != getattr(after, each.name)
    )


def _labour(book: PriceBook) -> Rows:
    return {(each.item, each.fault): each for each in book.labour}


def _by(found: Mapping[str, Any]) -> Rows:
    return {(key,): each for key, each in found.items()}


def _numbered(rows: tuple[Any, ...]) -> Rows:
    return {(str(number),): each for number, each in enumerate(rows, start=1)}


def _keyed(rows: tuple[Any, ...], name: str) -> Rows:
    return {(getattr(each, name),): each for each in rows}
