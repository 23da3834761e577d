"""The papers there are: width, height and margin in millimetres, sizes of type in points."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal

Kind = Literal["receipt", "label"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Format:
    """One paper; a roll has no height of its own, it is cut where the text ends."""

    code: str
    word: str
    width: float
    height: float | None
    margin: float
    text: float
    title: float
    module: float
    """The edge of one module of a QR code at least, in millimetres."""


ROLL: Final = Format(
    code="roll", word="80 mm roll##paper", width=80, height=None, margin=4, text=9, title=14, module=0.5
)
A5: Final = Format(
    code="a5", word="A5##paper", width=148, height=210, margin=12, text=9.5, title=16, module=0.6
)
TAG: Final = Format(
    code="tag", word="Label 62 × 29 mm##paper", width=62, height=29, margin=2, text=8, title=17, module=0.4
)
STRIP: Final = Format(
    code="strip", word="80 mm roll##paper", width=80, height=None, margin=4, text=10, title=26, module=0.5
)

FORMATS: Final[Mapping[Kind, tuple[Format, ...]]] = {"receipt": (ROLL, A5), "label": (TAG, STRIP)}
"""What each kind can be printed on, the usual one first."""
DPI: Final = 203
"""What thermal printers have; text and codes are laid out on their dots."""


def dots(mm: float, dpi: int = DPI) -> float:
    """Millimetres in dots."""
    return mm / 25.4 * dpi
