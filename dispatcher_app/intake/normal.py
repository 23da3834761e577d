"""One foreign row as the typed fields of an order, or the reasons why it cannot be one."""

import dataclasses
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from dispatcher_app.intake import values
from dispatcher_app.intake.columns import BROKEN, FIELDS, PLACE, TIMES
from dispatcher_app.intake.profile import Datum, Profile
from dispatcher_app.intake.row import Row
from dispatcher_app.intake.words import STATUSES, URGENCIES

_VALUE_CUT: Final = 40
_KEY_CUT: Final = 100
_LONGEST: Final = 4_000
# From the wide to the narrow, as a person would say it.
_SAID: Final = ("category", "item", "fault", "description")
# What changes while an order lives, and so cannot tell it from others.
_CHANGING: Final = frozenset(
    {"external_id", "status", "closed_at", "technician", "window_start", "window_end", "urgency"}
)


@dataclass(frozen=True, slots=True)
class Reason:
    """What is wrong with a field: a code of `sentence.SENTENCES` and the value, cut to 40 characters.

    A rule of the domain that says no has its own code; `params` are what its sentence needs.
    """

    field: str
    code: str
    value: str
    params: Mapping[str, Any] = dataclasses.field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportRow:
    """An order as the source tells it: times in UTC ms, phone in E.164, degrees in `datum`, words translated.

    `key` is the same for the same order in every export of its source. `status` and `urgency` are of our own
    words or None. `said` is what is broken in the source's own words, `notes` are oddities that were put right
    or left out.
    """

    line: int
    key: str
    external_id: str | None = None
    created_at: int | None = None
    closed_at: int | None = None
    status: str | None = None
    customer_name: str | None = None
    phone: str | None = None
    category: str | None = None
    item: str | None = None
    fault: str | None = None
    description: str | None = None
    address: str | None = None
    compound: str | None = None
    building: str | None = None
    unit: str | None = None
    district: str | None = None
    city: str | None = None
    lon: float | None = None
    lat: float | None = None
    datum: Datum = "wgs84"
    window_start: int | None = None
    window_end: int | None = None
    urgency: str | None = None
    channel: str | None = None
    technician: str | None = None
    agency: str | None = None
    said: tuple[str, ...] = ()
    notes: tuple[Reason, ...] = ()


@dataclass(frozen=True, slots=True)
class BadRow:
    """A row that cannot become an order, with all reasons."""

    line: int
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class FilteredRow:
    """A row that the profile's filter leaves out; neither imported nor wrong."""

    line: int


@dataclass(slots=True)
class _Reading:
    """What has been found out about a row so far."""

    profile: Profile
    texts: Mapping[str, str]
    wrong: list[Reason] = field(default_factory=list)
    odd: list[Reason] = field(default_factory=list)

    def refuse(self, name: str, code: str, value: str = "") -> None:
        self.wrong.append(Reason(name, code, value[:_VALUE_CUT]))

    def note(self, name: str, code: str, value: str = "") -> None:
        self.odd.append(Reason(name, code, value[:_VALUE_CUT]))


def normalise(row: Row, profile: Profile) -> ImportRow | BadRow | FilteredRow:
    """Read a row with a profile fitted to the table (`profile.fit`); never raises, whatever it holds."""
    source = _source_texts(row, profile)
    if not _wanted(source, profile):
        return FilteredRow(row.line)
    if row.fault is not None:
        return BadRow(row.line, (Reason("", row.fault, row.detail[:_VALUE_CUT]),))
    reading = _Reading(profile, _translated(source, profile))
    created_at, closed_at = _time(reading, "created_at"), _time(reading, "closed_at")
    if created_at is not None and closed_at is not None and closed_at < created_at:
        reading.refuse("closed_at", "closed_before_created", reading.texts["closed_at"])
    window_start, window_end = _window(reading)
    place = _place(reading)
    phone = _phone(reading)
    status, urgency = _word(reading, "status", STATUSES), _word(reading, "urgency", URGENCIES)
    texts = reading.texts
    if not any(name in texts for name in BROKEN):
        reading.refuse("item", "nothing_broken")
    if place is None and not any(name in texts for name in PLACE if name != "point"):
        reading.refuse("address", "no_place")
    for name, text in texts.items():
        if len(text) > _LONGEST:
            reading.refuse(name, "too_long", text)
    if reading.wrong:
        return BadRow(row.line, tuple(reading.wrong))
    return ImportRow(
        line=row.line,
        key=source_key(profile, row),
        external_id=texts.get("external_id"),
        created_at=created_at,
        closed_at=closed_at,
        status=status,
        customer_name=texts.get("customer_name"),
        phone=phone,
        category=texts.get("category"),
        item=texts.get("item"),
        fault=texts.get("fault"),
        description=texts.get("description"),
        address=texts.get("address"),
        compound=texts.get("compound"),
        building=texts.get("building"),
        unit=texts.get("unit"),
        district=texts.get("district"),
        city=texts.get("city"),
        lon=None if place is None else place.lon,
        lat=None if place is None else place.lat,
        datum=profile.datum,
        window_start=window_start,
        window_end=window_end,
        urgency=urgency,
        channel=texts.get("channel"),
        technician=texts.get("technician"),
        agency=texts.get("agency"),
        said=tuple(dict.fromkeys(source[name] for name in _SAID if name in source)),
        notes=tuple(reading.odd),
    )


def source_key(profile: Profile, row: Row) -> str:
    """The row's identity at its source: the source's own id, else a hash of what does not change of an order.

    The same order has the same key in every export, whatever the file's format, order or further columns.
    """
    source = profile.source or profile.name
    texts = _source_texts(row, profile)
    own = texts.get("external_id")
    if own is not None:
        key = f"{source}:{own}"
        return key if len(key) <= _KEY_CUT else f"{source[:30]}:#{_digest(own)}"
    told = []
    for name in FIELDS:
        text = texts.get(name)
        if text is None or name in _CHANGING or name in profile.fixed:
            continue
        moment = values.instant(text, profile.tz, profile.day_first) if name in TIMES else None
        told.append(f"{name}={text if moment is None else moment}")
    return f"{source[:30]}:#{_digest(chr(0x1F).join(told))}"


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:32]


def _source_texts(row: Row, profile: Profile) -> dict[str, str]:
    """Field → text in the source's words, fixed values over columns."""
    texts = {}
    for name, columns in profile.columns.items():
        column = next((each for each in columns if each in row.cells), None)
        text = values.plain(row.cells[column]) if column is not None else None
        if text is not None:
            texts[name] = text
    return texts | dict(profile.fixed)


def _translated(texts: Mapping[str, str], profile: Profile) -> dict[str, str]:
    """The fields after translation; words are compared without case, all of them in the source's wording."""
    result = dict(texts)
    for name, words in profile.translations.items():
        text = texts.get(name)
        if text is None:
            continue
        sought = text.casefold()
        for word, sets in words.items():
            if (values.plain(word) or word).casefold() == sought:
                result.update(sets)
    return result


def _wanted(texts: Mapping[str, str], profile: Profile) -> bool:
    return all(
        (texts.get(name) or "").casefold() in {choice.casefold() for choice in choices}
        for name, choices in profile.only.items()
    )


def _time(reading: _Reading, name: str) -> int | None:
    text = reading.texts.get(name)
    if text is None:
        return None
    moment = values.instant(text, reading.profile.tz, reading.profile.day_first)
    if moment is None:
        reading.refuse(name, "unreadable_time", text)
    return moment


def _window(reading: _Reading) -> tuple[int | None, int | None]:
    """Start and end of the appointment, from two columns or from one that tells both."""
    end = _time(reading, "window_end")
    text = reading.texts.get("window_start")
    if text is None:
        return None, end
    span = values.window(text, reading.profile.tz, reading.profile.day_first)
    if span is None:
        reading.refuse("window_start", "unreadable_time", text)
        return None, end
    start, told_end = span
    end = told_end if end is None else end
    if end is not None and end < start:
        reading.refuse("window_end", "window_backwards", reading.texts.get("window_end", text))
    return start, end


def _phone(reading: _Reading) -> str | None:
    text = reading.texts.get("phone")
    if text is None:
        return None
    number = values.phone(text, reading.profile.phone_region)
    if number is None:
        reading.refuse("phone", "masked_phone" if "**" in text else "unreadable_phone", text)
    return number


def _place(reading: _Reading) -> values.Position | None:
    """The coordinates, from two columns if both are filled, else from one; 0, 0 is no place."""
    lon, lat, both = (reading.texts.get(name) for name in ("lon", "lat", "point"))
    if lon is not None and lat is not None:
        name, text, place = "lon", f"{lon}, {lat}", values.coordinates(lon, lat)
    elif both is not None:
        name, text, place = "point", both, values.position(both)
    else:
        return None
    if place is None:
        reading.refuse(name, "unreadable_coordinates", text)
    elif place.is_zero:
        reading.note(name, "zero_coordinates", text)
        return None
    elif place.swapped:
        reading.note(name, "swapped_coordinates", text)
    return place


def _word(reading: _Reading, name: str, words: Mapping[str, str]) -> str | None:
    """Our word for the source's; an unknown one is noted and left out."""
    text = reading.texts.get(name)
    if text is None:
        return None
    known = words.get(text.casefold())
    if known is None:
        reading.note(name, f"unknown_{name}", text)
    return known
