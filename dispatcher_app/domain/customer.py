"""Customers and the homes they live in. Secrets (phone, unit, door code) are masks here, never values."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import ClassVar, Literal

from dispatcher_app.domain.act import Rejected
from dispatcher_app.domain.place import Point

Entry = Literal["unknown", "free", "intercom", "door_code", "card", "guard"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Customer:
    """Somebody with something to repair; `phone_mask` is what everyone may see of the number.

    `number_by` is who has put another number in the place of the one he gave, at `number_at` (UTC ms).
    """

    kind: ClassVar[str] = "customer"
    id: str
    region: str
    version: int = 0
    name: str
    phone_mask: str
    number_by: str = ""
    number_at: int = 0
    addresses: tuple[str, ...] = ()
    blocked_technicians: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """A home: compound, building and how one gets in; approximate means only its district is sure."""

    kind: ClassVar[str] = "address"
    id: str
    region: str
    version: int = 0
    customer: str
    district: str
    compound: str
    building: str = ""
    unit_mask: str = ""
    entry: Entry = "unknown"
    has_door_code: bool = False
    point: Point
    approximate: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Compound:
    """A residential compound or building known by name, so that an address is found by typing a few letters."""

    kind: ClassVar[str] = "compound"
    id: str
    region: str
    version: int = 0
    name: str
    district: str
    point: Point


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """What somebody typed about an order."""

    kind: ClassVar[str] = "note"
    id: str
    region: str
    version: int = 0
    order: str
    text: str
    author: str
    at: int


def phone_mask(phone: str) -> str:
    """The number with its middle hidden: 138****8000, +86138****8000 shown without the country code."""
    digits = re.sub(r"^\+86", "", phone)
    keep = 3 if len(digits) >= 11 else max(0, len(digits) - 8)
    return digits[:keep] + "*" * max(0, len(digits) - keep - 4) + digits[-4:]


def normal_phone(text: str, field: str = "phone") -> str:
    """The number in E.164, mainland China where no country is said; raises Rejected for what is no number."""
    text = unicodedata.normalize("NFKC", text)
    if "*" in text:
        raise Rejected("masked_value", field)
    digits = re.sub(r"[\s\-‐-―().]", "", text)
    if not digits.isascii():
        raise Rejected("phone_invalid", field)
    if re.fullmatch(r"(\+?86|0086)?1[3-9]\d{9}", digits):
        return "+86" + digits[-11:]
    # A fixed line says its area code with a 0 (or 86) before it; else a mobile with a digit missing would pass.
    if found := re.fullmatch(r"(?:(?:\+?86|0086)0?|0)((?:10|2\d)\d{8}|[3-9]\d{2}\d{7,8})", digits):
        return "+86" + found[1]
    if found := re.fullmatch(r"(?:\+?86|0086)?([48]00\d{7})", digits):
        return "+86" + found[1]
    if re.fullmatch(r"\+(?!86|0)\d{7,15}", digits):
        return digits
    raise Rejected("phone_invalid", field)


def unit_mask(unit: str) -> str:
    """The unit with everything but its first character hidden."""
    return unit[:1] + "*" * (len(unit) - 1) if unit else ""
