"""Moments as the providers write them: China's time, whatever zone a company works in."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from decimal import Decimal, InvalidOperation
from typing import Any

CHINA = timezone(timedelta(hours=8))


def china(at: int) -> datetime:
    """A moment (UTC ms) on China's clocks."""
    return datetime.fromtimestamp(at / 1000, CHINA)


def written(at: int) -> str:
    """A moment as Alipay and both bills write it: 2026-11-23 14:05:09."""
    return china(at).strftime("%Y-%m-%d %H:%M:%S")


def moment_of(text: Any) -> int | None:
    """UTC ms of a moment with or without its zone (then China's); None where it is none."""
    if not isinstance(text, str) or len(text) > 40:
        return None
    try:
        found = datetime.fromisoformat(text.strip())
    except ValueError:
        return None
    found = found if found.tzinfo is not None else found.replace(tzinfo=CHINA)
    return round(found.timestamp() * 1000)


def minor(text: Any) -> int | None:
    """Minor units of an amount in yuan as text ("88.80"); None where it is none: signs, exponents, three decimals."""
    if not isinstance(text, str) or len(text) > 20:
        return None
    digits = text.strip()
    whole, point, cents = digits.partition(".")
    if not (whole.isascii() and whole.isdecimal()) or (point and not (cents.isascii() and cents.isdecimal())):
        return None
    try:
        found = Decimal(digits) * 100
    except InvalidOperation:
        return None
    return int(found) if found == found.to_integral_value() else None


def yuan(amount: int) -> str:
    """An amount in minor units as Alipay reads it."""
    return f"{amount // 100}.{amount % 100:02d}"
