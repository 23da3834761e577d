"""Which column of a foreign table is which field of an order, guessed from names and values."""

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from dispatcher_app.intake import values
from dispatcher_app.intake.row import Row
from dispatcher_app.intake.words import COLUMN_NAMES, NOT_IN_NAME, ONLY_WHOLE

FIELDS: Final[tuple[str, ...]] = tuple(COLUMN_NAMES)
BROKEN: Final = ("item", "category", "fault", "description")
PLACE: Final = ("address", "compound", "point")
TIMES: Final = frozenset({"created_at", "closed_at", "window_start", "window_end"})

_ENOUGH: Final = 0.5
_FILLED_SAMPLE: Final = 200
_WORD: Final = re.compile(r"[a-z]+|\d+|[^\W\d_a-z]+")
_HAN_PARTS: Final = 2


@dataclass(frozen=True, slots=True)
class Guess:
    """A column taken for a field: how surely (0 to 1), and the code of the reason."""

    field: str
    column: str
    confidence: float
    reason: str


@dataclass(frozen=True)
class ColumnMapping:
    """At most one column for each field, and at most one field for each column."""

    guesses: tuple[Guess, ...]

    @cached_property
    def column_of(self) -> Mapping[str, str]:
        """Field → column."""
        return {guess.field: guess.column for guess in self.guesses}

    @property
    def lacks(self) -> tuple[str, ...]:
        """Codes of what an order cannot do without and no column gives."""
        return lacking(self.column_of)


def lacking(fields: Iterable[str]) -> tuple[str, ...]:
    """Codes of what is missing in a set of fields: something broken, something of a place."""
    given = set(fields)
    codes = []
    if given.isdisjoint(BROKEN):
        codes.append("lacks_fault")
    if given.isdisjoint(PLACE) and not {"lon", "lat"} <= given:
        codes.append("lacks_place")
    return tuple(codes)


def same_name(name: str) -> str:
    """A column name without case, spaces and punctuation: `Unique Key` and `unique_key` are one."""
    return "".join(_words(name))


def guess(columns: Sequence[str], sample: Sequence[Row]) -> ColumnMapping:
    """Take each field's best column; surer pairs choose first, ties go to the earlier field and column."""
    offers: list[tuple[float, int, int, Guess]] = []
    for at, column in enumerate(columns):
        cells = [text for row in sample if (text := values.plain(row.cells.get(column))) is not None]
        for rank, field in enumerate(FIELDS):
            found = _offer(field, column, cells[:_FILLED_SAMPLE])
            if found is not None:
                offers.append((-found.confidence, rank, at, found))
    taken: dict[str, Guess] = {}
    used: set[str] = set()
    for _, _, _, offer in sorted(offers, key=lambda each: each[:3]):
        if offer.field not in taken and offer.column not in used:
            taken[offer.field] = offer
            used.add(offer.column)
    # Half a pair of coordinates is none.
    if ("lon" in taken) != ("lat" in taken):
        taken.pop("lon", None)
        taken.pop("lat", None)
    return ColumnMapping(tuple(taken[field] for field in FIELDS if field in taken))


def _offer(field: str, column: str, cells: Sequence[str]) -> Guess | None:
    """How well a column suits a field; None when it does not."""
    name, reason = _name_score(field, column)
    fits = _FITS.get(field)
    if fits is None or not cells:
        return Guess(field, column, round(name, 3), reason) if name >= _ENOUGH else None
    value = fits(cells)
    if name and value >= _ENOUGH:
        sure = 0.7 * name + 0.3 * value
        return Guess(field, column, round(sure, 3), "by_name_and_values") if sure >= _ENOUGH else None
    tells = _TELLS.get(field)
    if tells is not None and len(cells) >= 3 and tells(cells) >= 0.9:
        return Guess(field, column, 0.5, "by_values")
    return None


def _name_score(field: str, column: str) -> tuple[float, str]:
    words = _words(column)
    joined = "".join(words)
    forbidden = NOT_IN_NAME.get(field, ())
    known = [same_name(name) for name in COLUMN_NAMES[field]]
    if joined in known:
        return 1.0 - 0.01 * known.index(joined), "by_name"
    if any(word in words or (not word.isascii() and word in joined) for word in forbidden):
        return 0.0, "by_name"
    best = 0.0
    for rank, name in enumerate(COLUMN_NAMES[field]):
        if name in ONLY_WHOLE:
            continue
        part = _words(name)
        if _holds(words, part, joined, known[rank]):
            # The more of the column's name the synonym explains, the surer.
            best = max(best, 0.5 + 0.3 * len(known[rank]) / max(len(joined), 1) - 0.002 * rank)
    return best, "by_part_of_name"


def _holds(words: list[str], part: list[str], joined: str, name: str) -> bool:
    """Whether a column name holds the words of a synonym in a row, or its Chinese text."""
    if not name.isascii():
        return len(name) >= _HAN_PARTS and name in joined
    if len(name) < 3:
        return False
    return any(words[at : at + len(part)] == part for at in range(len(words) - len(part) + 1))


def _words(name: str) -> list[str]:
    narrowed = unicodedata.normalize("NFKC", re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name))
    return _WORD.findall(narrowed.casefold())


def _share(test: Callable[[str], bool]) -> Callable[[Sequence[str]], float]:
    return lambda cells: sum(map(test, cells)) / len(cells)


def _is_time(text: str) -> bool:
    return values.window(text, "UTC") is not None


def _is_phone(text: str) -> bool:
    return values.phone(text) is not None or bool(re.fullmatch(r"\+?[\d\s()*-]{7,20}", text))


def _is_mobile(text: str) -> bool:
    return bool(re.fullmatch(r"(\+?86[ -]?)?1[3-9]\d[ -]?\d{4}[ -]?\d{4}", text))


def _is_point(text: str) -> bool:
    # Two whole numbers with a space between are anything but a place.
    return "." in text and values.position(text) is not None


def _is_degrees(text: str) -> bool:
    return bool(re.fullmatch(r"[+-]?\d{1,3}(\.\d+)?°?", text)) and abs(float(text.rstrip("°"))) <= 180


def _unique(cells: Sequence[str]) -> float:
    return 1.0 if len(set(cells)) == len(cells) else len(set(cells)) / len(cells) - 0.5


_FITS: Final[Mapping[str, Callable[[Sequence[str]], float]]] = {
    "external_id": _unique,
    "phone": _share(_is_phone),
    "lon": _share(_is_degrees),
    "lat": _share(_is_degrees),
    "point": _share(_is_point),
} | dict.fromkeys(TIMES, _share(_is_time))

# Values so telling that they need no name.
_TELLS: Final[Mapping[str, Callable[[Sequence[str]], float]]] = {
    "phone": _share(_is_mobile),
    "point": _share(_is_point),
}
