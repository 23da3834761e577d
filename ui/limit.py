"""How much fits into a field: as much as the rules of the trade take, so that nobody types what is refused."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from PySide6.QtWidgets import QLineEdit

from dispatcher_app.domain.rule.facts import TEXT_LIMIT

LONGEST: Final[Mapping[str, int]] = {
    "name": 80,
    "phone": 40,
    "team": 40,
    "compound": 200,
    "building": 60,
    "unit": 60,
    "door_code": 60,
    "brand": 60,
    "model": 60,
    "note": TEXT_LIMIT,
    "leave_reason": 120,
    "override_reason": 200,
    "reveal_reason": 200,
    "serial": 80,
    "custody_words": 200,
}
"""The characters of each text at most; the rules have the last word, and a test holds the two together."""


def limit(line: QLineEdit, what: str) -> None:
    """Let nobody type more than is taken."""
    line.setMaxLength(LONGEST[what])
