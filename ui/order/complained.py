"""What is said of complaints, by code: where they come from, what they are about, how grave they are."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final

from dispatcher_app.domain.money.complaint import Category, Severity, Source
from dispatcher_app.text import t

CATEGORIES: Final[Mapping[Category, str]] = {
    "late": "Came late##complaint",
    "no_show": "Did not come##complaint",
    "quality": "Not repaired well##complaint",
    "price": "Price##complaint",
    "attitude": "Manners##complaint",
    "damage": "Damage##complaint",
    "injury": "Injury or danger##complaint",
    "parts": "Parts##complaint",
    "privacy": "Privacy##complaint",
    "refund": "Money back##complaint",
    "other": "Something else##complaint",
}
SEVERITIES: Final[Mapping[Severity, str]] = {
    "normal": "Ordinary##severity",
    "serious": "Serious##severity",
    "urgent": "Urgent##severity",
}
SOURCES: Final[Mapping[Source, str]] = {
    "phone": "By telephone##source",
    "counter": "At the counter##source",
    "message": "In a message##source",
    "review": "In a review##source",
    "page": "On his page##source",
    "authority": "From an authority (12315 …)##source",
    "visit": "On a call-back##source",
}


def category_words(codes: Iterable[str]) -> str:
    """What it is about."""
    return t(", ").join(_word(CATEGORIES, each) for each in codes)


def severity_word(code: str) -> str:
    """How grave it is."""
    return _word(SEVERITIES, code)


def source_word(code: str) -> str:
    """Where it comes from."""
    return _word(SOURCES, code)


def _word(words: Mapping[Any, str], code: str) -> str:
    """What a code is called; one of a newer server stands as it is."""
    return t(words.get(code, code))
