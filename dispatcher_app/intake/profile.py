"""How one source's tables are read: its columns, fixed values, translations, filter, zone and datum."""

import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any, Final, Literal, get_args
from zoneinfo import ZoneInfo

from dispatcher_app.intake.columns import FIELDS, ColumnMapping, lacking, same_name

Datum = Literal["wgs84", "gcj02"]

_SUFFIX: Final = ".json"
_NOT_IN_FILE_NAME: Final = re.compile(r"[^\w\- ]")


class ProfileError(ValueError):
    """A profile cannot be used; the text says why."""


@dataclass(frozen=True, slots=True)
class Profile:
    """What a source's tables mean.

    `columns` gives each field its column, or several where the source changed its names (the first one that
    a table has counts). `fixed` sets fields that have no column or whose column is not wanted.
    `translations` is field, then the source's word, then the fields it sets, so that one complaint type may
    set category and item. `only` keeps rows whose field has one of the values. `source` names where the
    orders come from: keys of the same source are compared, whatever its profile is called.
    """

    name: str
    columns: Mapping[str, tuple[str, ...]]
    source: str = ""
    fixed: Mapping[str, str] = field(default_factory=dict)
    translations: Mapping[str, Mapping[str, Mapping[str, str]]] = field(default_factory=dict)
    only: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    tz: str = "Asia/Shanghai"
    datum: Datum = "wgs84"
    phone_region: str = "CN"
    day_first: bool = False

    def __post_init__(self) -> None:
        named = {*self.columns, *self.fixed, *self.only, *self.translations}
        for words in self.translations.values():
            named |= {target for sets in words.values() for target in sets}
        if unknown := sorted(named - set(FIELDS)):
            raise ProfileError(f"unknown fields: {', '.join(unknown)}")
        if self.datum not in get_args(Datum):
            raise ProfileError(f"unknown datum: {self.datum}")
        if not self.name.strip():
            raise ProfileError("a profile needs a name")
        try:
            ZoneInfo(self.tz)
        except (KeyError, ValueError, OSError) as error:
            raise ProfileError(f"unknown time zone: {self.tz}") from error

    @property
    def lacks(self) -> tuple[str, ...]:
        """Codes of what orders read with this profile would lack."""
        return lacking({*self.columns, *self.fixed})


def from_guess(
    name: str,
    columns: Sequence[str],
    mapping: ColumnMapping,
    *,
    tz: str = "Asia/Shanghai",
    datum: Datum = "wgs84",
) -> Profile:
    """A profile of a guessed (or corrected) mapping; its source is told by the table's column names."""
    fingerprint = hashlib.sha256("\n".join(sorted(map(same_name, columns))).encode()).hexdigest()[:12]
    pairs = {found.field: (found.column,) for found in mapping.guesses}
    return Profile(name=name, columns=pairs, source=fingerprint, tz=tz, datum=datum)


def named(profile: Profile, name: str) -> Profile:
    """The same profile under another name; its source, and so its orders' keys, stay the same."""
    return replace(profile, name=name, source=profile.source or profile.name)


def fit(profile: Profile, columns: Sequence[str]) -> Profile:
    """The profile with just those columns that a table has, found by name without case and punctuation."""
    present = {same_name(column): column for column in reversed(columns)}
    found = {
        name: (present[wanted],)
        for name, choices in profile.columns.items()
        if (wanted := next((same_name(choice) for choice in choices if same_name(choice) in present), None))
    }
    return replace(profile, columns=found)


def choose(profiles: Sequence[Profile], columns: Sequence[str]) -> Profile | None:
    """The profile made for tables with these columns, fitted; None if each misses a column."""
    fitted = [(profile, fit(profile, columns)) for profile in profiles]
    whole = [fits for profile, fits in fitted if set(fits.columns) == set(profile.columns) and not fits.lacks]
    return max(whole, key=lambda profile: len(profile.columns), default=None)


def save(profile: Profile, folder: Path) -> Path:
    """Write a profile into a folder of profiles, over an older one of the same name."""
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / _file_name(profile.name)
    draft = file.with_suffix(".part")
    draft.write_text(json.dumps(asdict(profile), ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    draft.replace(file)
    return file


def load(name: str, folder: Path) -> Profile:
    """The profile of that name. Raises ProfileError when it is damaged, FileNotFoundError when absent."""
    return _read(folder / _file_name(name))


def load_all(folder: Path) -> tuple[Profile, ...]:
    """All sound profiles of a folder by name; damaged files are passed over, `load` says what is wrong."""
    found = []
    for file in sorted(folder.glob(f"*{_SUFFIX}")):
        try:
            found.append(_read(file))
        except ProfileError:
            continue
    return tuple(found)


def _read(file: Path) -> Profile:
    try:
        body: Any = json.loads(file.read_text(encoding="utf-8"))
        return Profile(
            name=_text(body["name"]),
            source=_text(body.get("source", "")),
            columns=_lists(body["columns"]),
            fixed=_texts(body.get("fixed", {})),
            translations={
                str(key): {str(word): _texts(sets) for word, sets in words.items()}
                for key, words in body.get("translations", {}).items()
            },
            only=_lists(body.get("only", {})),
            tz=_text(body.get("tz", "Asia/Shanghai")),
            datum=body.get("datum", "wgs84"),
            phone_region=_text(body.get("phone_region", "CN")),
            day_first=body.get("day_first", False) is True,
        )
    except ProfileError:
        raise
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise ProfileError(f"damaged: {error}") from error


def _lists(body: Any) -> dict[str, tuple[str, ...]]:
    return {str(key): tuple(_text(value) for value in values) for key, values in body.items()}


def _texts(body: Any) -> dict[str, str]:
    return {str(key): _text(value) for key, value in body.items()}


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError(f"a text was expected, not {value!r}"[:80])
    return value


def _file_name(name: str) -> str:
    """A file name of any profile name; a hash keeps names apart that differ in signs a file cannot have."""
    plain = _NOT_IN_FILE_NAME.sub("_", name)[:60]
    if plain != name:
        plain += "-" + hashlib.sha256(name.encode()).hexdigest()[:8]
    return plain + _SUFFIX
