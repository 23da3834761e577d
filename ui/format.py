"""How times, money, phones and distances are written; moments are UTC milliseconds, zones IANA names."""

from datetime import UTC, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from dispatcher_app.text import t

_SYMBOLS: Final = {"CNY": "¥", "HKD": "HK$", "TWD": "NT$", "USD": "$", "EUR": "€", "JPY": "¥", "GBP": "£"}
_DIGITS: Final = {"JPY": 0, "KRW": 0, "VND": 0}
_MINUTE_S: Final = 60
_HOUR_S: Final = 3600
_DAY_S: Final = 86_400


def window(start: int, end: int, now: int, timezone: str) -> str:
    """A promised window: "今天 14:00–16:00", "周三 11-25 14:00–16:00"; an end on another day is named."""
    begins, ends = local(start, timezone), local(end, timezone)
    last = clock(end, timezone)
    if ends.date() != begins.date():
        whole = ends - begins <= timedelta(days=1) and (ends.hour, ends.minute) == (0, 0)
        last = "24:00" if whole else f"{day(end, now, timezone)} {last}"
    return f"{day(start, now, timezone)} {clock(start, timezone)}–{last}"


def moment(at: int, now: int, timezone: str) -> str:
    """One time with its day: "今天 14:05"."""
    return f"{day(at, now, timezone)} {clock(at, timezone)}"


def moment_with_age(at: int, now: int, timezone: str) -> str:
    """The same with how long ago: "今天 14:05 · 3 分钟前"; the age never stands alone."""
    return f"{moment(at, now, timezone)} · {age(at, now)}"


def day(at: int, now: int, timezone: str) -> str:
    """The day of a moment: today, tomorrow, yesterday, else weekday and date (with the year if another)."""
    when, today = local(at, timezone).date(), local(now, timezone).date()
    if near := {0: t("Today"), 1: t("Tomorrow"), -1: t("Yesterday")}.get((when - today).days):
        return near
    date = f"{when:%m-%d}" if when.year == today.year else f"{when:%Y-%m-%d}"
    return f"{weekday(when.weekday())} {date}"


def weekday(index: int) -> str:
    """The short name of a weekday, Monday being 0."""
    return (t("Mon"), t("Tue"), t("Wed"), t("Thu"), t("Fri"), t("Sat"), t("Sun"))[index]


def clock(at: int, timezone: str) -> str:
    """The time of day, "14:05"."""
    return f"{local(at, timezone):%H:%M}"


def local(at: int, timezone: str) -> datetime:
    """A moment as the aware local time of `timezone`."""
    return datetime.fromtimestamp(at / 1000, UTC).astimezone(ZoneInfo(timezone))


def age(at: int, now: int) -> str:
    """How long ago, "3 分钟前"; a moment ahead is "in 3 min". Only ever beside the absolute time."""
    seconds = (now - at) // 1000
    if abs(seconds) < _MINUTE_S:
        return t("just now")
    if seconds < 0:
        return t("in {duration}", duration=duration(-seconds))
    return t("{duration} ago", duration=duration(seconds))


def duration(seconds: int) -> str:
    """A length of time in its two largest units: "45 分钟", "2 小时 5 分", "3 天"."""
    if seconds < _MINUTE_S:
        return t("{n} s", n=seconds)
    if seconds < _HOUR_S:
        return t("{n} min", n=seconds // _MINUTE_S)
    if seconds < _DAY_S:
        hours, rest = divmod(seconds // _MINUTE_S, 60)
        return t("{hours} h {minutes} min", hours=hours, minutes=rest) if rest else t("{n} h", n=hours)
    return t("{n} d", n=seconds // _DAY_S)


def countdown(left_ms: int) -> str:
    """What is left of a hold or a timer, "4:05" or "1:02:09"; "-0:30" when it has run over."""
    total, sign = abs(left_ms) // 1000, "-" if left_ms < 0 else ""
    minutes, seconds = divmod(total, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{sign}{hours}:{minutes:02}:{seconds:02}" if hours else f"{sign}{minutes}:{seconds:02}"


def money(minor: int, currency: str = "CNY") -> str:
    """An amount in minor units: "¥128.00", "-¥10.00", "¥1,280.00"."""
    whole, dot, rest = amount(abs(minor), currency).partition(".")
    symbol = _SYMBOLS.get(currency, f"{currency} ")
    return f"{'-' if minor < 0 else ''}{symbol}{int(whole):,}{dot}{rest}"


def amount(minor: int, currency: str = "CNY") -> str:
    """An amount as it is typed into a field, "1280.00"."""
    places = digits(currency)
    whole, rest = divmod(minor, 10**places)
    return f"{whole}" + (f".{rest:0{places}}" if places else "")


def digits(currency: str) -> int:
    """How many digits the minor unit of a currency takes."""
    return _DIGITS.get(currency, 2)


def phone_mask(phone: str) -> str:
    """A number with its middle hidden: "138****8000"; short ones keep two figures at most."""
    figures = "".join(sign for sign in phone if sign.isdigit() or sign == "+")
    if len(figures) < 7:
        return "*" * max(len(figures) - 2, 0) + figures[-2:]
    return f"{figures[:-8]}****{figures[-4:]}" if len(figures) > 10 else f"{figures[:2]}****{figures[-3:]}"


def phone(number: str) -> str:
    """A number as it is read aloud: "138 0013 8000"; others stay as they are."""
    bare = number.removeprefix("+86")
    if len(bare) == 11 and bare.isdigit() and bare.startswith("1"):
        return f"{bare[:3]} {bare[3:7]} {bare[7:]}"
    return number


def distance(metres: float) -> str:
    """A distance: "850 m", "3.2 km", "41 km"."""
    if metres < 1000:
        return f"{round(metres / 10) * 10} m" if metres >= 100 else f"{round(metres)} m"
    return f"{metres / 1000:.1f} km" if metres < 9_950 else f"{metres / 1000:.0f} km"


def count(number: int) -> str:
    """A number of things, "12,480"."""
    return f"{number:,}"


def size(octets: int) -> str:
    """The size of a file: "850 kB", "3.2 MB"."""
    if octets < 1_000_000:
        return f"{max(round(octets / 1000), 1)} kB"
    return f"{octets / 1_000_000:.1f} MB"
