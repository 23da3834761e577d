"""Times, money and people as customers read them, in the language of the reader and the time of the place."""

from __future__ import annotations

import functools
import json
from collections.abc import Mapping
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from dispatcher_app import resource
from dispatcher_app.text import Language, has_cjk

SYMBOLS = {"CNY": "¥", "USD": "US$", "EUR": "€", "HKD": "HK$", "GBP": "£"}
WEEKDAYS = "一二三四五六日"


@functools.cache
def surnames() -> Mapping[str, str]:
    """Chinese family names of one or two characters, and how they are written in letters."""
    read: dict[str, str] = json.loads(resource.path("notices", "surname.json").read_text(encoding="utf-8"))
    return read


def surname(name: str) -> str:
    """The family name: its one or two characters, or the last word of a name in letters."""
    name = name.strip()
    if not name:
        return ""
    if not has_cjk(name[0]):
        return name.split()[-1]
    return name[:2] if len(name) > 2 and name[:2] in surnames() else name[0]


def shifu(name: str, language: Language) -> str:
    """How a customer is told who comes: surname and 师傅, never more."""
    family = surname(name)
    if language == "zh_CN":
        return f"{family}师傅" if has_cjk(family) or not family else f"{family} 师傅"
    return surnames().get(family, family)


def money(amount: int, currency: str) -> str:
    """An amount in minor units; whole units without decimals."""
    sign, whole = "-" if amount < 0 else "", abs(amount)
    figures = f"{whole // 100:,}" + (f".{whole % 100:02d}" if whole % 100 else "")
    return f"{sign}{SYMBOLS.get(currency, currency + ' ')}{figures}"


def local(at: int, timezone: str) -> datetime:
    """The moment (UTC ms) on the clocks of the place."""
    return datetime.fromtimestamp(at / 1000, UTC).astimezone(ZoneInfo(timezone))


def day(on: date, language: Language) -> str:
    """A date: 11月23日周一."""
    if language == "zh_CN":
        return f"{on.month}月{on.day}日周{WEEKDAYS[on.weekday()]}"
    return f"{on:%a} {on.day} {on:%b}"


def long_day(on: date, language: Language) -> str:
    """A date that may be years away: 2027年5月22日."""
    return f"{on.year}年{on.month}月{on.day}日" if language == "zh_CN" else f"{on.day} {on:%b} {on.year}"


def clock(at: int, timezone: str) -> str:
    """An hour: 14:00."""
    return f"{local(at, timezone):%H:%M}"


def moment(at: int, timezone: str, language: Language) -> str:
    """A date with its hour."""
    return f"{day(local(at, timezone).date(), language)} {clock(at, timezone)}"


def span(start: int, end: int, timezone: str, language: Language) -> str:
    """A window: 11月23日周一 14:00–16:00."""
    first, last = local(start, timezone), local(end, timezone)
    if first.date() == last.date():
        return f"{moment(start, timezone, language)}–{last:%H:%M}"
    return f"{moment(start, timezone, language)} – {moment(end, timezone, language)}"
