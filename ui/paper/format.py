"""The papers there are: width, height and margin in millimetres, sizes of type in points."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal

Kind = Literal["receipt", "label", "voucher", "certificate"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Format:
    """One paper; a roll has no height of its own, it is cut where the text ends."""

    id: str
    word: str
    width: float
    height: float | None
    margin: float
    text: float
    title: float
    code: float
    """The edge of a QR code with its quiet zone, as far as whole dots allow, in millimetres."""
    framed: bool = False
    """A line around what is written, as certificates have."""
    single: bool = False
    """One piece: what does not fit is written smaller, never cut off or on a second one."""


ROLL: Final = Format(
    id="roll", word="80 mm roll##paper", width=80, height=None, margin=4, text=9, title=14, code=26
)
A5: Final = Format(id="a5", word="A5##paper", width=148, height=210, margin=12, text=9.5, title=16, code=28)
A4: Final = Format(id="a4", word="A4##paper", width=210, height=297, margin=18, text=10.5, title=20, code=32)
FRAMED: Final = Format(
    id="framed",
    word="A4 across##paper",
    width=297,
    height=210,
    margin=30,
    text=15,
    title=38,
    code=30,
    framed=True,
    single=True,
)
TAG: Final = Format(
    id="tag",
    word="Label 62 × 29 mm##paper",
    width=62,
    height=29,
    margin=2,
    text=8,
    title=17,
    code=19,
    single=True,
)
STRIP: Final = Format(
    id="strip", word="80 mm roll##paper", width=80, height=None, margin=4, text=10, title=26, code=26
)

FORMATS: Final[Mapping[Kind, tuple[Format, ...]]] = {
    "receipt": (ROLL, A5), "label": (TAG, STRIP), "voucher": (A5, A4, ROLL), "certificate": (FRAMED,),
}  # fmt: skip
"""What each kind can be printed on, the usual one first."""
DPI: Final = 203
"""What thermal printers have; text and codes are laid out on their dots."""


def dots(mm: float, dpi: int = DPI) -> float:
    """Millimetres in dots."""
    return mm / 25.4 * dpi
