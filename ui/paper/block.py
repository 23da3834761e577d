"""What a paper is made of, from top to bottom."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from PySide6.QtGui import QImage

Size = Literal["title", "large", "text", "small"]


@dataclass(frozen=True, slots=True)
class Words:
    """A paragraph."""

    text: str
    size: Size = "text"
    bold: bool = False
    centred: bool = False


@dataclass(frozen=True, slots=True)
class Pair:
    """What it is at the left, what it says beside it; `apart` puts that at the right edge, as amounts stand."""

    name: str
    value: str
    bold: bool = False
    apart: bool = False


@dataclass(frozen=True, slots=True)
class Rule:
    """A line across."""


@dataclass(frozen=True, slots=True)
class Code:
    """A QR code with what is to be said of it at its right."""

    text: str
    caption: tuple[Words, ...] = ()


@dataclass(frozen=True, slots=True)
class Sign:
    """A line to sign on."""

    words: str


@dataclass(frozen=True, slots=True)
class Image:
    """A picture over the whole width; `words` say what it shows."""

    shown: QImage
    words: str


@dataclass(frozen=True, slots=True)
class Pictures:
    """Pictures side by side, each with what it shows below it."""

    shown: tuple[Image, ...]


Block = Words | Pair | Rule | Code | Sign | Image | Pictures
