"""What is typed into a cell, read as the trade means it; each reader raises NotThat saying what it wants."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from decimal import Decimal, InvalidOperation
from typing import Any, Final

from dispatcher_app.domain.calendar import is_date
from dispatcher_app.text import t
from ui import format
from ui.models.sheet import Column, NotThat

_PARTS: Final = re.compile(r"[,，、;；\n]+")
_CLOCK: Final = re.compile(r"(\d{1,2})(?:[:：](\d{2}))?")
_MOST: Final = 10_000_000


def money(text: str, currency: str) -> int:
    """An amount in minor units: 128, 128.00, ¥128, -20."""
    bare = text.strip().lstrip("¥￥").replace(",", "").replace("，", "").replace("。", ".")
    try:
        amount = Decimal(bare)
    except InvalidOperation:
        raise NotThat(t("An amount is wanted, such as 128 or 128.00.")) from None
    minor = amount.scaleb(format.digits(currency))
    if not minor.is_finite() or minor != minor.to_integral_value() or abs(amount) > _MOST:
        raise NotThat(t("An amount is wanted, such as 128 or 128.00."))
    return int(minor)


def money_or_none(text: str, currency: str) -> int | None:
    """The same; nothing typed is none."""
    return money(text, currency) if text.strip() else None


def whole(text: str, least: int = 0, most: int = 1_000_000) -> int:
    """A whole number within bounds; a percent sign does no harm."""
    bare = text.strip().rstrip("%％").strip()
    if not re.fullmatch(r"[+-]?\d+", bare) or not least <= int(bare) <= most:
        raise NotThat(t("A whole number from {least} to {most} is wanted.", least=least, most=most))
    return int(bare)


def whole_or_none(text: str, least: int = 0, most: int = 1_000_000) -> int | None:
    """The same; nothing typed is none."""
    return whole(text, least, most) if text.strip() else None


def kilometres(text: str) -> int | None:
    """A distance in metres, typed in kilometres; nothing typed has no end."""
    bare = text.strip().lower().removesuffix("km").removesuffix("公里").strip()
    if not bare:
        return None
    try:
        metres = Decimal(bare) * 1000
    except InvalidOperation:
        raise NotThat(t("Kilometres are wanted, such as 5 or 7.5; empty has no end.")) from None
    if not metres.is_finite() or not 0 <= metres <= 1_000_000:
        raise NotThat(t("Kilometres are wanted, such as 5 or 7.5; empty has no end."))
    return int(metres)


def clock(text: str) -> int:
    """A time of day as minutes: 20:00, 7, 24:00."""
    found = _CLOCK.fullmatch(text.strip())
    minutes = int(found[1]) * 60 + int(found[2] or 0) if found else -1
    if not 0 <= minutes <= 24 * 60 or (found and int(found[2] or 0) > 59):
        raise NotThat(t("A time of day is wanted, such as 20:00."))
    return minutes


def clock_text(minutes: int) -> str:
    """Minutes of a day as a time."""
    return f"{minutes // 60:02}:{minutes % 60:02}"


def date(text: str) -> str:
    """A date as the calendar writes it; 2026/2/1 and 2026.2.1 are taken too."""
    parts = [part for part in re.split(r"[-/.年月日]", text.strip()) if part]
    if len(parts) == 3 and all(part.isdigit() for part in parts):
        made = f"{int(parts[0]):04}-{int(parts[1]):02}-{int(parts[2]):02}"
        if is_date(made):
            return made
    raise NotThat(t("A date is wanted, such as 2026-02-01."))


def date_or_none(text: str) -> str | None:
    """The same; nothing typed is none."""
    return date(text) if text.strip() else None


def words(text: str) -> tuple[str, ...]:
    """Several words, parted by commas of either kind."""
    return tuple(dict.fromkeys(part.strip() for part in _PARTS.split(text) if part.strip()))


def listed(parts: tuple[str, ...]) -> str:
    """Several words in one cell."""
    return t(", ").join(parts)


def choice(text: str, known: Mapping[str, str]) -> str:
    """A code by its word (or by itself); the beginning of a word is enough where only one begins so."""
    bare = text.strip().casefold()
    exact = [code for code, word in known.items() if bare in (word.casefold(), code.casefold())]
    found = exact or [code for code, word in known.items() if bare and word.casefold().startswith(bare)]
    if len(found) != 1:
        raise NotThat(t("One of these is wanted: {words}.", words=t(", ").join(list(known.values())[:12])))
    return found[0]


def choices(text: str, known: Mapping[str, str]) -> tuple[str, ...]:
    """Several codes by their words."""
    return tuple(dict.fromkeys(choice(part, known) for part in words(text)))


def text_column(code: str, title: str, width: int = 120, *, tip: str = "") -> Column:
    """A column of plain words in the field of that name."""
    return Column(
        code=code, title=title, width=width, tip=tip,
        show=lambda row: getattr(row, code) or "",
        write=lambda row, text: replace(row, **{code: text.strip()}),
    )  # fmt: skip


def read_column(
    code: str,
    title: str,
    show: Callable[[Any], str],
    read: Callable[[str], Any],
    *,
    width: int = 96,
    right: bool = False,
    choices: Callable[[], Any] = tuple,
    tip: str = "",
) -> Column:
    """A column in the field of that name, shown and read by these."""
    return Column(
        code=code, title=title, width=width, right=right, choices=choices, tip=tip,
        show=lambda row: show(getattr(row, code)),
        write=lambda row, text: replace(row, **{code: read(text)}),
    )  # fmt: skip


def words_column(code: str, title: str, width: int = 150, *, tip: str = "") -> Column:
    """A column of several words, parted by commas."""
    return read_column(code, title, listed, words, width=width, tip=tip)


def money_column(code: str, title: str, currency: str, *, needed: bool = True, width: int = 92) -> Column:
    """A column of amounts."""

    def show(amount: int | None) -> str:
        return "" if amount is None else signed(amount, currency)

    def read(text: str) -> int | None:
        return money(text or "0", currency) if needed else money_or_none(text, currency)

    return read_column(code, title, show, read, right=True, width=width)


def signed(amount: int, currency: str) -> str:
    """An amount as it is typed, below zero too."""
    return f"{'-' if amount < 0 else ''}{format.amount(abs(amount), currency)}"


def choice_column(code: str, title: str, known: Mapping[str, str], width: int = 90) -> Column:
    """A column of one code out of a few, shown by its word."""
    return read_column(
        code, title, lambda value: known.get(value, value), lambda text: choice(text, known),
        choices=lambda: list(known.values()), width=width,
    )  # fmt: skip


def yes_column(code: str, title: str, width: int = 70, *, tip: str = "") -> Column:
    """A column of yes or nothing."""
    known = {"yes": t("yes##cell"), "no": t("no##cell")}

    def read(text: str) -> bool:
        return bool(text.strip()) and choice(text, known) == "yes"

    return read_column(
        code, title, lambda value: known["yes"] if value else "", read,
        choices=lambda: list(known.values()), width=width, tip=tip,
    )  # fmt: skip
