"""What a photo is of, in words, in the order in which a repair makes them."""

from __future__ import annotations

from typing import Final

from dispatcher_app.domain.talk import Purpose
from dispatcher_app.text import t
from ui import name

PURPOSES: Final[tuple[Purpose, ...]] = (
    "fault", "custody", "arrival", "absent", "before", "during", "parts", "quote", "after", "hand_back", "message",
    "review", "complaint",
)  # fmt: skip


def purpose_word(code: str) -> str:
    """What a photo is of."""
    return name.capital(t(f"{code}##purpose"))
