"""A sorted list of (key, id) and how it changes into another one: pure, so that it can be tested to the bone."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

Entry = tuple[Any, str]
"""A sort key and the id of what it sorts; equal keys are told apart by the id."""


def place(entries: Sequence[Entry], entry: Entry, *, descending: bool) -> int:
    """The row of an entry in a sorted list, or the row where it would have to go."""
    low, high = 0, len(entries)
    while low < high:
        middle = (low + high) // 2
        other = entries[middle]
        if (other > entry) if descending else (other < entry):
            low = middle + 1
        else:
            high = middle
    return low


def kept_first(old: Sequence[Entry], new: Sequence[Entry]) -> tuple[list[Entry], int]:
    """The old entries with those first that stay (in the old order), and how many these are."""
    staying = {id for _, id in new}
    kept = [entry for entry in old if entry[1] in staying]
    gone = [entry for entry in old if entry[1] not in staying]
    return kept + gone, len(kept)


def newcomers(old: Iterable[Entry], new: Iterable[Entry]) -> list[Entry]:
    """The entries that only the new list has."""
    known = {id for _, id in old}
    return [entry for entry in new if entry[1] not in known]


def rows_of(entries: Sequence[Entry]) -> Mapping[str, int]:
    """The row of each id."""
    return {id: row for row, (_, id) in enumerate(entries)}
