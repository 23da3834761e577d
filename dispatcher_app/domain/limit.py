"""What every text of every command must be: short enough to keep, and made of characters that can be read."""

from __future__ import annotations

from typing import Any

from dispatcher_app.domain.act import Rejected

LONGEST = 2000
"""Characters; many fields take fewer, none takes more."""

PLAIN = frozenset({int, float, bool, type(None)})


def bounded(value: Any, field: str | None = None) -> None:
    """Raises Rejected naming the field of a command in which a text, however deep, is too long or can't be read."""
    if isinstance(value, str):
        if len(value) > LONGEST:
            raise Rejected("too_long", field, limit=LONGEST)
        if not value.isprintable() and unreadable(value):
            raise Rejected("text_invalid", field)
    elif isinstance(value, tuple):
        for each in value:
            bounded(each, field)
    elif isinstance(value, dict):
        for key, each in value.items():
            bounded(key, field)
            bounded(each, field)
    else:
        for name in getattr(value, "__dataclass_fields__", ()):
            if (inner := getattr(value, name)).__class__ not in PLAIN:
                bounded(inner, name if field is None else field)


def unreadable(value: str) -> bool:
    """Whether it holds a control character other than those that break lines, or half of a character."""
    return any(
        (char < " " and char not in "\n\t") or "\x7f" <= char <= "\x9f" or "\ud800" <= char <= "\udfff"
        for char in value
    )
