"""A QR code, module by module, on whole dots: what a scanner reads is never blurred."""

from __future__ import annotations

from typing import Final

import segno
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter

QUIET: Final = 2
"""Modules left empty around it; the paper around is white as well."""
LEAST: Final = 2
"""Dots of a module below which a thermal printer smears it."""


def modules(text: str) -> list[list[bool]]:
    """The dark modules of the code for a text, row by row, without a margin."""
    return [[bool(each) for each in row] for row in segno.make(text, error="m", micro=False).matrix]


def draw(painter: QPainter, left: float, top: float, module: float, text: str) -> float:
    """Draw the code with modules of that many dots; its edge with the quiet zone, in dots."""
    rows = modules(text)
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(Qt.GlobalColor.black)
    for y, row in enumerate(rows):
        x = 0
        while x < len(row):
            run = x
            while run < len(row) and row[run]:
                run += 1
            if run > x:  # one rectangle for each run, or seams would show between them
                painter.drawRect(
                    QRectF(
                        left + (x + QUIET) * module, top + (y + QUIET) * module, (run - x) * module, module
                    )
                )
            x = max(run, x + 1)
    painter.restore()
    return edge(text, module)


def module_for(text: str, room: float) -> float:
    """The edge of a module, in whole dots, so that the code with its quiet zone fits into so many dots."""
    return float(max(LEAST, int(room // (len(modules(text)) + 2 * QUIET))))


def edge(text: str, module: float) -> float:
    """The edge of the code with its quiet zone, in dots."""
    return (len(modules(text)) + 2 * QUIET) * module
