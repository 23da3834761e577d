"""One cell read as what its column holds; what it can't be is said in a code."""

from __future__ import annotations

import re
from datetime import date, datetime, time
from decimal import Decimal, InvalidOperation
from typing import Any, Final

from dispatcher_app.domain.calendar import is_date
from dispatcher_app.pricelist.layout import Column, code_of

TEXT_LIMIT: Final = 2000
MOST: Final = 10_000_000
"""Nothing in a price list is larger: it is a slip of the keyboard, and no database holds everything."""
_MONEY: Final = re.compile(r"^[¥\uffe5$€£]?\s*(-?[\d,]+(?:\.\d+)?)\s*(?:元|块|CNY|RMB)?$", re.IGNORECASE)
_PARTS: Final = re.compile(r"[\u3001,\uff0c;\uff1b\n]+")
_PACK: Final = re.compile(r"^\s*(?P<item>[^/]+?)\s*/\s*(?P<fault>.+?)\s*(?:[×x*]\s*(?P<quantity>\d+))?\s*$")


class Unreadable(Exception):
    """A cell that is not what its column holds: the code of the sentence about it."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def read(column: Column, value: Any) -> Any:
    """The value of a cell, None where it is empty; raises Unreadable."""
    if value is None or (isinstance(value, str) and not value.strip()):
        return None
    if isinstance(value, bool) and column.form != "flag":
        raise Unreadable(_CODES.get(column.form, "cell_text"))
    match column.form:
        case "money":
            return _hundredths(value)
        case "km":
            return _scaled(value, 1000, "cell_number")
        case "number" | "percent":
            return _whole(value, column.form == "percent")
        case "time":
            return _minute(value)
        case "date":
            return _date(value)
        case "list":
            return _list(column, value)
        case "choice":
            return _choice(column.field, str(value))
        case "flag":
            return value if isinstance(value, bool) else _choice("retired", str(value)) == "yes"
        case "pack":
            return _pack(_text(value))
    return _text(value)


def _text(value: Any) -> str:
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    said = str(value).strip()
    if len(said) > TEXT_LIMIT or any(ord(char) < 32 and char not in "\n\t" for char in said):
        raise Unreadable("cell_text")
    return said


def _decimal(value: Any, code: str) -> Decimal:
    if isinstance(value, datetime | date | time):
        raise Unreadable(code)
    said = str(value).strip()
    if isinstance(value, str):
        match = _MONEY.match(said)
        if match is None:
            raise Unreadable(code)
        said = match.group(1).replace(",", "")
    try:
        found = Decimal(said)
    except InvalidOperation:
        raise Unreadable(code) from None
    if not found.is_finite() or abs(found) > MOST:
        raise Unreadable(code)
    return found


def _hundredths(value: Any) -> int:
    """Money in minor units; a fraction of one is nobody's price."""
    return _scaled(value, 100, "cell_money")


def _scaled(value: Any, scale: int, code: str) -> int:
    found = _decimal(value, code) * scale
    # A workbook keeps 19.99 as the nearest binary fraction: a millionth more or less is that, not a price.
    whole = found.to_integral_value()
    if abs(found - whole) > Decimal("0.000001"):
        raise Unreadable(code)
    return int(whole)


def _whole(value: Any, percent: bool) -> int:
    if percent and isinstance(value, str):
        value = value.strip().rstrip("%\uff05").strip()
    return _scaled(value, 1, "cell_number")


def _minute(value: Any) -> int:
    if isinstance(value, datetime):
        value = value.time()
    if isinstance(value, time):
        return value.hour * 60 + value.minute
    match = re.match(r"^(\d{1,2})[:\uff1a](\d{2})(?::00)?$", str(value).strip())
    if match is None or int(match.group(2)) > 59 or int(match.group(1)) * 60 + int(match.group(2)) > 24 * 60:
        raise Unreadable("cell_time")
    return int(match.group(1)) * 60 + int(match.group(2))


def _date(value: Any) -> str:
    if isinstance(value, datetime):
        return value.date().isoformat()
    if isinstance(value, date):
        return value.isoformat()
    said = re.sub(r"[/.年月]", "-", str(value).strip()).removesuffix("日")
    parts = said.split("-")
    if len(parts) == 3 and all(part.isdigit() for part in parts):
        said = f"{int(parts[0]):04}-{int(parts[1]):02}-{int(parts[2]):02}"
    if not is_date(said):
        raise Unreadable("cell_date")
    return said


def _list(column: Column, value: Any) -> tuple[str, ...]:
    words = [each.strip() for each in _PARTS.split(_text(value)) if each.strip()]
    return tuple(_choice("days", each) for each in words) if column.field == "days" else tuple(words)


def _choice(field: str, said: str) -> str:
    code = code_of(field, said)
    if code is None:
        raise Unreadable("cell_choice")
    return code


def _pack(said: str) -> tuple[tuple[str, str, int], ...]:
    """What a package contains: item, fault, how many."""
    found = []
    for each in _PARTS.split(said):
        if not each.strip():
            continue
        match = _PACK.match(each)
        if match is None:
            raise Unreadable("cell_package")
        found.append((match["item"], match["fault"], int(match["quantity"] or 1)))
    return tuple(found)


_CODES: Final = {
    "money": "cell_money",
    "km": "cell_number",
    "number": "cell_number",
    "percent": "cell_number",
    "time": "cell_time",
    "date": "cell_date",
}
