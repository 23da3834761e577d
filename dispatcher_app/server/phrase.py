"""Times, money and people as customers read them, in the language of the reader and the time of the place."""

from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from pypinyin import lazy_pinyin

from dispatcher_app.text import Language, has_cjk

COMPOUND_SURNAMES = frozenset({
    "欧阳", "司马", "上官", "诸葛", "东方", "皇甫", "尉迟", "公孙", "慕容", "令狐", "司徒", "司空", "夏侯", "轩辕",
    "宇文", "长孙", "端木", "独孤", "南宫", "西门", "百里", "呼延", "闻人", "澹台", "公冶", "宗政", "濮阳", "淳于",
    "单于", "太史", "申屠", "赫连", "钟离", "鲜于", "闾丘", "拓跋",
})  # fmt: skip
ODD_SURNAMES = {
    "单": "Shan", "仇": "Qiu", "曾": "Zeng", "解": "Xie", "查": "Zha", "朴": "Piao", "区": "Ou", "尉": "Yuchi",
    "乐": "Yue", "翟": "Zhai",
}  # fmt: skip
"""Surnames read otherwise than the character usually is, as far as initials know them too."""

SYMBOLS = {"CNY": "¥", "USD": "US$", "EUR": "€", "HKD": "HK$", "GBP": "£"}
WEEKDAYS = "一二三四五六日"


def surname(name: str) -> str:
    """The family name: its one or two characters, or the last word of a name in letters."""
    name = name.strip()
    if not name:
        return ""
    if not has_cjk(name[0]):
        return name.split()[-1]
    return name[:2] if name[:2] in COMPOUND_SURNAMES and len(name) > 2 else name[0]


def shifu(name: str, language: Language) -> str:
    """How a customer is told who comes: surname and 师傅, never more."""
    family = surname(name)
    if language == "zh_CN":
        return f"{family}师傅" if has_cjk(family) or not family else f"{family} 师傅"
    if not has_cjk(family):
        return family
    return ODD_SURNAMES.get(family) or "".join(lazy_pinyin(family)).capitalize()


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
