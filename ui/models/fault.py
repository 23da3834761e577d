"""What a caller says is broken, found in the catalogue: by words, pinyin initials, English, or a whole sentence."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from dispatcher_app.domain.catalogue import Fault, Item
from dispatcher_app.pinyin import initials
from dispatcher_app.text import has_cjk

_ENOUGH: Final = 0.35
_WASTED: Final = 0.6
_FILLER: Final = re.compile(
    r"the|an?|is|are|my|our|it|and|not|with|has|have|to|of|in|on|does|doesn't|won't|i|we|hi|hello|please"
)
_PARTS: Final = re.compile(r"[^\s,，。.、;；!！?？:：/]+")
_QUANTITY: Final = re.compile(r"(?:[x×*]\s?(\d{1,2})|(\d{1,2})\s?[台个把套])\s*$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Proposal:
    """An item and perhaps its fault, with how well the words fit (about 0 to 2)."""

    item: Item
    fault: Fault | None
    score: float


@dataclass(frozen=True, slots=True)
class _Names:
    """All the forms under which people type one thing."""

    name: str
    letters: tuple[str, ...]
    english: tuple[str, ...]
    words: tuple[str, ...] = ()


def propose(said: str, items: Iterable[Item], limit: int = 8) -> list[Proposal]:
    """Items and faults that the words may mean, best first; nothing typed lists every item."""
    known = [item for item in items if not item.retired]
    every = tuple(part.casefold() for part in _PARTS.findall(_QUANTITY.sub("", said)))
    parts = tuple(part for part in every if not _FILLER.fullmatch(part)) or every
    if not parts:
        return [Proposal(item, None, 0.0) for item in known]
    found: list[Proposal] = []
    for item in known:
        found.extend(_of_item(item, parts))
    found.sort(key=lambda each: -each.score)
    return found[:limit]


def quantity(said: str) -> int:
    """How many of it: `空调加氟 x2`, `空调 2台`; one where nothing is said."""
    found = _QUANTITY.search(said.strip())
    return max(1, int(found[1] or found[2])) if found else 1


def narrated(said: str) -> bool:
    """Whether the words are a sentence of the caller worth keeping as a note."""
    return len(said) >= 8 if has_cjk(said) else len(said.split()) >= 4


def _of_item(item: Item, parts: tuple[str, ...]) -> list[Proposal]:
    """The item alone and with each fault, where the words fit."""
    names = _names(item.name, item.name_en)
    of_item = [_strength(part, names) for part in parts]
    best_item = max(of_item)
    found = []
    if best_item >= _ENOUGH:
        wasted = sum(1 for each in of_item if each < _ENOUGH) / len(parts)
        found.append(Proposal(item, None, best_item - _WASTED * wasted + 0.05))
    for fault in item.faults:
        known = _names(fault.name, fault.name_en, fault.words)
        of_fault = [_strength(part, known) for part in parts]
        best_fault = max(of_fault)
        if len(parts) == 1 and _run_together(parts[0], names.letters, known.letters):
            found.append(Proposal(item, fault, 1.7))
            continue
        if best_fault < _ENOUGH:
            # Behind every item that fits come its faults, so that one more key is enough.
            if best_item >= 0.8 and len(parts) == 1:
                found.append(Proposal(item, fault, best_item - 0.5))
            continue
        pairs = zip(of_item, of_fault, strict=True)
        wasted = sum(1 for a, b in pairs if a < _ENOUGH and b < _ENOUGH) / len(parts)
        item_part = best_item if best_item >= _ENOUGH else 0.0
        found.append(Proposal(item, fault, item_part + best_fault - _WASTED * wasted))
    return [each for each in found if each.score > 0]


def _run_together(part: str, item: tuple[str, ...], fault: tuple[str, ...]) -> bool:
    """Whether the letters are an item's and at least two of a fault's without a blank: `ktbzl`."""
    return any(
        part.startswith(head) and len(part) >= len(head) + 2 and letters.startswith(part[len(head) :])
        for head in item
        for letters in fault
    )


def _strength(part: str, names: _Names) -> float:
    """How well one typed word fits a thing, 0 to 1."""
    if part == names.name:
        return 1.0
    if has_cjk(part):
        return max([_shared(part, names.name), *(_shared(part, word) for word in names.words)])
    return _latin(part, names)


def _latin(part: str, names: _Names) -> float:
    if part in names.letters:
        return 0.95
    if len(part) >= 2 and any(letters.startswith(part) for letters in names.letters):
        return 0.85
    if part in names.english:
        return 0.95
    if len(part) >= 2 and any(word.startswith(part) for word in names.english):
        return 0.7 + 0.1 * (len(part) >= 4)
    if any(part in word or word in part for word in names.words if len(word) >= 3 and len(part) >= 3):
        return 0.8
    if len(part) >= 2 and any(part in letters for letters in names.letters):
        return 0.5
    return 0.0


def _shared(part: str, name: str) -> float:
    """How much of a Chinese name stands in the words, or of the words in the name."""
    if not name:
        return 0.0
    if name in part:
        return 1.0 if len(name) > 1 else 0.5
    if part in name:
        return 0.95 if name.startswith(part) else 0.8
    longest = _longest(part, name)
    return 0.8 * longest / len(name) if longest >= 2 else 0.0


def _longest(part: str, name: str) -> int:
    """The length of the longest piece of the name that stands in the words."""
    for length in range(len(name) - 1, 1, -1):
        if any(name[at : at + length] in part for at in range(len(name) - length + 1)):
            return length
    return 0


@lru_cache(maxsize=4096)
def _names(name: str, english: str, words: tuple[str, ...] = ()) -> _Names:
    low = english.casefold()
    first = "".join(word[0] for word in low.split())
    letters = [*initials(name).split(), *([first] if len(first) >= 2 else [])]
    for word in words:
        letters.extend(initials(word).split())
    return _Names(
        name.casefold(),
        tuple(letters),
        (low, *re.findall(r"[a-z0-9]+", low)),
        tuple(word.casefold() for word in words),
    )
