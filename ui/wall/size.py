"""How large type has to be on a wall: 25 mm high on the glass, whatever the screen's points measure."""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil, hypot
from typing import Final

from PySide6.QtGui import QFont, QScreen

from ui import theme

TEXT_MM: Final = 25.0
"""What is read from 5 m."""
_CAPITAL: Final = 0.73
"""The share of the type's size that a capital or a figure is high."""
_INCH_MM: Final = 25.4
_LINES: Final = 16
"""So many lines must fit on the screen, or nothing could be told: small screens get smaller type."""
_LEAST: Final = 30
"""On very large screens type stays large enough to be looked at with pleasure."""
_PLAUSIBLE_IN: Final = (10.0, 200.0)


@dataclass(frozen=True, slots=True)
class Scale:
    """The type's size in pixels of the window (`unit`), and the height of a figure in it on the glass in mm."""

    unit: int
    text_mm: float

    @property
    def readable(self) -> bool:
        """Whether the type is read from 5 m."""
        return self.text_mm >= TEXT_MM - 0.5

    def px(self, units: float) -> int:
        """A length in the type's own measure."""
        return max(1, round(units * self.unit))

    def font(self, units: float = 1.0, *, bold: bool = False) -> QFont:
        """The interface's font at so many units; the desk's own size of type does not count here."""
        font = theme.current().font(bold=bold)
        font.setPixelSize(self.px(units))
        return font


def scale_of(width: int, height: int, diagonal_in: float) -> Scale:
    """The measure of a window of so many pixels on a screen of that diagonal."""
    per_mm = hypot(width, height) / (diagonal_in * _INCH_MM)
    wanted = TEXT_MM / _CAPITAL * per_mm
    unit = max(8, min(ceil(max(wanted, height / _LEAST)), height // _LINES, width // 28))
    return Scale(unit, unit * _CAPITAL / per_mm)


def diagonal_of(screen: QScreen | None, told: float = 0.0) -> float:
    """A screen's diagonal in inches: as somebody has told, else as the screen says, else a usual wall's."""
    least, most = _PLAUSIBLE_IN
    if least <= told <= most:
        return told
    if screen is not None:
        size = screen.physicalSize()
        said = hypot(size.width(), size.height()) / _INCH_MM
        if least <= said <= most:
            return said
    return 55.0
