"""What a foreign cell means: a time, a phone number, a place, a status."""

import json
import math
import re
import unicodedata
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from typing import Final
from zoneinfo import ZoneInfo

import phonenumbers

from dispatcher_app.intake.words import AFTERNOON, BLANKS, MORNING

_YEARS: Final = range(1900, 2201)
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_EXCEL_EPOCH: Final = datetime(1899, 12, 30, tzinfo=UTC)
_CLOCK: Final = (
    r"(?:[T\s]\s*|(?<=日)|(?=[^\W\d]{2}\d))(?P<half>[^\W\d]{2})?\s*(?P<hour>\d{1,2})"
    r"(?:\s*[:时点]\s*(?:(?P<minute>\d{1,2})\s*(?:[:分]\s*(?:(?P<second>\d{1,2})(?:[.,]\d{1,9})?\s*秒?)?)?)?)?"
    r"\s*(?P<ampm>[AaPp]\.?[Mm]\.?)?\s*(?P<zone>Z|[+-](?:0\d|1[0-4]):?\d{2})?"
)
_WEEKDAY: Final = re.compile(r"\s*\(?(?:周|星期|礼拜)[一二三四五六日天]\)?\s*")
_YEAR_FIRST: Final = re.compile(
    r"(?P<year>\d{4})\s*[-/.年]\s*(?P<month>\d{1,2})\s*[-/.月]\s*(?P<day>\d{1,2})\s*日?(?:" + _CLOCK + ")?"
)
_YEAR_LAST: Final = re.compile(
    r"(?P<first>\d{1,2})(?P<mark>[-/.])(?P<then>\d{1,2})[-/.](?P<year>\d{4})(?:" + _CLOCK + ")?"
)
_PACKED: Final = re.compile(r"(\d{4})(\d{2})(\d{2})(?:(\d{2})(\d{2})(\d{2})?)?")
_NUMBER: Final = re.compile(r"[+-]?\d{1,18}(?:\.\d{1,18})?")
_SPAN: Final = re.compile(
    r"(?P<start>.*\d.*?)\s*[-~—–至到]+\s*(?P<end>(?:上午|下午|晚上)?\d{1,2}(?:[:时点](?:\d{1,2}(?::\d{2}|分)?)?)?)"
)

_OFFSET: Final = re.compile(r"(:\d{2}:[\d.]+|\dT.*)[+-]\d{2}:?\d{2}$")
_LONGEST_WINDOW: Final = 80
_HALF: Final = re.compile(r"[^\W\d]{2}")
_BETWEEN: Final = re.compile(r"\s+[-—–]\s+|\s*[~至到]\s*")

_PHONE_SPLIT: Final = re.compile(r"[/;,、|\n]|或")
_EXTENSION: Final = re.compile(r"(转|分机|ext\.?|x)\s*\d{1,6}$", re.IGNORECASE)

_DECIMAL: Final = r"[+-]?\d{1,3}(?:\.\d{1,18})?"
_PAIR: Final = re.compile(rf"(?P<open>[(\[])?\s*({_DECIMAL})\s*°?\s*[,;\s]\s*({_DECIMAL})\s*°?\s*[)\]]?")
_WKT: Final = re.compile(rf"(?:SRID=\d+;)?POINT\s*\(\s*({_DECIMAL})\s+({_DECIMAL})\s*\)", re.IGNORECASE)
_NAMED_LAT: Final = re.compile(rf"\blat(?:itude)?['\"]?\s*[:=]\s*['\"]?({_DECIMAL})", re.IGNORECASE)
_NAMED_LON: Final = re.compile(rf"\b(?:lon|lng|longitude)['\"]?\s*[:=]\s*['\"]?({_DECIMAL})", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Position:
    """Degrees as the source gave them, in the source's datum; `swapped` when they had to be exchanged."""

    lon: float
    lat: float
    swapped: bool = False

    @property
    def is_zero(self) -> bool:
        """Whether this is 0, 0: how many systems write that they know no place."""
        return self.lon == 0 and self.lat == 0


def plain(text: str | None) -> str | None:
    """A cell's text with full-width forms narrowed, spaces joined; None for blanks such as `N/A` or `无`."""
    if text is None:
        return None
    joined = " ".join(unicodedata.normalize("NFKC", text).split())
    return None if not joined or joined.casefold() in BLANKS else joined


def instant(text: str, tz: str, day_first: bool = False) -> int | None:
    """A time in any of the usual forms as UTC milliseconds; None when it cannot be read.

    A time without a zone is taken in `tz`; `06/07/2018` is June 7 unless `day_first`. Excel serials and
    seconds or milliseconds since 1970 are understood too.
    """
    text = _WEEKDAY.sub(" ", unicodedata.normalize("NFKC", text[:200])).strip()
    if _NUMBER.fullmatch(text):
        return _numeric_instant(text, tz)
    if match := _YEAR_FIRST.fullmatch(text):
        return _instant(match, int(match["month"]), int(match["day"]), tz)
    if match := _YEAR_LAST.fullmatch(text):
        first, then = int(match["first"]), int(match["then"])
        if match["mark"] == "." or day_first or first > 12:
            first, then = then, first
        return _instant(match, first, then, tz)
    return None


def window(text: str, tz: str, day_first: bool = False) -> tuple[int, int | None] | None:
    """An appointment such as `2026-11-22 14:00-16:00` as start and end; a single time has no end."""
    text = unicodedata.normalize("NFKC", text).strip()
    if len(text) < _LONGEST_WINDOW and (span := _span(text, tz, day_first)) is not None:
        return span
    single = instant(text, tz, day_first)
    return None if single is None else (single, None)


def _span(text: str, tz: str, day_first: bool) -> tuple[int, int] | None:
    """Two full times, or one with the hour it lasts until."""
    whole = _BETWEEN.split(text)
    if len(whole) == 2 and (end := instant(whole[1], tz, day_first)) is not None:
        start = instant(whole[0], tz, day_first)
        return None if start is None else (start, end)
    # 14:00-10:00 lasts until ten; 14:00:00-10:00 is ten hours behind UTC.
    span = None if _OFFSET.search(text) else _SPAN.fullmatch(text)
    start = instant(span["start"], tz, day_first) if span else None
    if span is None or start is None:
        return None
    day = datetime.fromtimestamp(start / 1000, ZoneInfo(tz)).date().isoformat()
    until = instant(f"{day} {span['end']}", tz)
    if until is None:
        return None
    # 下午2:00-4:00: the half of the day is said once.
    if until < start and AFTERNOON & set(_HALF.findall(span["start"])):
        until += 12 * 3_600_000
    return start, until


def phone(text: str, region: str = "CN") -> str | None:
    """The first phone number in a cell as E.164 (`+8613800138000`), without extension; else None."""
    text = unicodedata.normalize("NFKC", text).strip()
    for part in _PHONE_SPLIT.split(text[:200]):
        number = _EXTENSION.sub("", part.strip().removesuffix(".0")).strip()
        try:
            parsed = phonenumbers.parse(number, region)
        except phonenumbers.NumberParseException:
            continue
        if phonenumbers.is_valid_number(parsed):
            return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164)
    return None


def coordinates(lon: str, lat: str) -> Position | None:
    """A position from two cells; exchanged when only that way it is on Earth, None if neither way."""
    x, y = _degrees(lon), _degrees(lat)
    if x is None or y is None:
        return None
    if abs(x) <= 180 and abs(y) <= 90:
        return Position(x, y)
    if abs(y) <= 180 and abs(x) <= 90:
        return Position(y, x, swapped=True)
    return None


def position(text: str) -> Position | None:
    """A position from one cell: GeoJSON, WKT, `(lat, lon)`, `lon,lat` or named members; None if unreadable.

    A bare pair is latitude first unless its first number can only be a longitude.
    """
    text = unicodedata.normalize("NFKC", text[:2000]).strip()
    if match := _WKT.fullmatch(text):
        return coordinates(match[1], match[2])
    if (lat := _NAMED_LAT.search(text)) and (lon := _NAMED_LON.search(text)):
        return coordinates(lon[1], lat[1])
    if text.startswith("{"):
        return _geojson(text)
    if match := _PAIR.fullmatch(text):
        first, second = match[2], match[3]
        lon_first = match["open"] == "[" or abs(float(first)) > 90
        return coordinates(first, second) if lon_first else coordinates(second, first)
    return None


def _geojson(text: str) -> Position | None:
    try:
        geometry = json.loads(text)
    except (ValueError, RecursionError):
        return None
    pair = geometry.get("coordinates") if isinstance(geometry, dict) else None
    if not isinstance(pair, list) or len(pair) not in (2, 3):
        return None
    return coordinates(str(pair[0]), str(pair[1]))


def _degrees(text: str) -> float | None:
    text = unicodedata.normalize("NFKC", text).strip().rstrip("°").strip()
    return float(text) if _NUMBER.fullmatch(text) else None


def _numeric_instant(text: str, tz: str) -> int | None:
    if packed := _PACKED.fullmatch(text):
        parts = [int(part) for part in packed.groups(default="0")]
        if parts[0] in _YEARS:
            year, month, day, hour, minute, second = parts
            return _utc_ms(year, month, day, hour, minute, second, tz=ZoneInfo(tz))
    number = float(text)
    if 20_000 <= number < 80_000:
        days = _EXCEL_EPOCH + timedelta(seconds=round(number * 86_400))
        return _ms(days.replace(tzinfo=ZoneInfo(tz)))
    if 1e8 <= number < 5e9:
        return math.floor(number * 1000)
    if 1e11 <= number < 5e12:
        return math.floor(number)
    return None


def _instant(match: re.Match[str], month: int, day: int, tz: str) -> int | None:
    hour = int(match["hour"] or 0)
    half = (match["half"] or "").casefold() or (match["ampm"] or "").replace(".", "").casefold()
    if half in AFTERNOON:
        hour += 12 if hour < 12 else 0
    elif half in MORNING:
        hour = 0 if hour == 12 and half == "am" else hour
    elif half:
        return None
    zone = _zone(match["zone"], tz)
    minute, second = int(match["minute"] or 0), int(match["second"] or 0)
    return _utc_ms(int(match["year"]), month, day, hour, minute, second, tz=zone)


def _zone(text: str | None, tz: str) -> tzinfo:
    if text is None:
        return ZoneInfo(tz)
    if text == "Z":
        return UTC
    minutes = int(text[1:3]) * 60 + int(text[-2:])
    return timezone(timedelta(minutes=-minutes if text[0] == "-" else minutes)) if minutes < 1440 else UTC


def _utc_ms(
    year: int, month: int, day: int, hour: int, minute: int, second: int, *, tz: tzinfo
) -> int | None:
    if year not in _YEARS:
        return None
    try:
        return _ms(datetime(year, month, day, hour, minute, second, tzinfo=tz))
    except ValueError:
        return None


def _ms(moment: datetime) -> int:
    return (moment - _EPOCH) // timedelta(milliseconds=1)
