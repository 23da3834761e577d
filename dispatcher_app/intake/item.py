"""What is broken in a foreign system's words, as an item and a fault of our catalogue."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

from dispatcher_app.domain.catalogue import Fault, Item
from dispatcher_app.intake.normal import ImportRow

OTHER: Final = "other"
"""Where everything goes that fits nothing: somebody has to look at it."""

_SHORTEST_PART: Final = 2


@dataclass(slots=True)
class Recogniser:
    """The catalogue, and what was found for the same words before."""

    items: Sequence[Item]
    known: dict[tuple[str, ...], tuple[str, str | None] | None] = field(default_factory=dict)

    def find(self, row: ImportRow) -> tuple[str, str | None] | None:
        """Item and fault of a row; the item `other` for what fits nothing, None where there is none such."""
        words = tuple(text or "" for text in (row.item, row.fault, row.description, row.category))
        if words not in self.known:
            self.known[words] = _find([item for item in self.items if not item.retired], *words)
        return self.known[words]


def _find(
    items: Sequence[Item], item: str, fault: str, description: str, category: str
) -> tuple[str, str | None] | None:
    named = next((each for each in items if _is(item, each.id, each.name, each.name_en)), None)
    told = " ".join(filter(None, (item, fault, description, category))).casefold()
    if named is None:
        named = _best(items, told)
    if named is None:
        named = next((each for each in items if each.id == OTHER), None)
    if named is None:
        return None
    return named.id, _fault(named, fault, told)


def _best(items: Sequence[Item], told: str) -> Item | None:
    """The item whose name, or else whose callers' words, the text holds most of.

    Where several names fit equally the words of their faults decide, then the order of the catalogue; by
    words alone an item is taken only if no other fits as well.
    """
    scored = [(_name_length(each, told), _word_length(each, told), -at) for at, each in enumerate(items)]
    best = max(scored, default=(0, 0, 0))
    if best[0]:
        return items[-best[2]]
    by_words = max((words for _, words, _ in scored), default=0)
    fits = [at for at, (_, words, _) in enumerate(scored) if words == by_words]
    return items[fits[0]] if by_words and len(fits) == 1 else None


def _name_length(item: Item, told: str) -> int:
    """How much of an item's name the text holds: 空调 is the end of 挂式空调, 电视 the beginning of 电视机."""
    if item.id == OTHER:
        return 0
    return max((len(part) for part in _parts(item.name.casefold()) if part in told), default=0) or (
        len(item.name_en) if _holds(told, item.name_en) else 0
    )


def _parts(name: str) -> Iterator[str]:
    for length in range(_SHORTEST_PART, len(name) + 1):
        yield name[:length]
        yield name[-length:]


def _word_length(item: Item, told: str) -> int:
    return max((_fault_length(fault, told) for fault in item.faults), default=0)


def _fault_length(fault: Fault, told: str) -> int:
    return max(
        (len(word) for word in (fault.name, fault.name_en, *fault.words) if _holds(told, word)), default=0
    )


def _fault(item: Item, fault: str, told: str) -> str | None:
    """The item's fault by id or name, else the one of which the text holds the longest words."""
    for each in item.faults:
        if _is(fault, each.id, each.name, each.name_en):
            return each.id
    length, _, id = max(
        ((_fault_length(each, told), -at, each.id) for at, each in enumerate(item.faults)),
        default=(0, 0, ""),
    )
    return id if length else None


def _is(text: str, *names: str) -> bool:
    sought = text.casefold()
    return bool(sought) and any(sought == name.casefold() for name in names)


def _holds(told: str, word: str) -> bool:
    """Whether a text holds a word: anywhere in Chinese, between word boundaries in letters."""
    word = word.casefold()
    if len(word) < _SHORTEST_PART or word not in told:
        return False
    return not word.isascii() or re.search(rf"(?<!\w){re.escape(word)}(?!\w)", told) is not None
