"""Orders on their way from one part of the desk to another, in the hand of a person."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from PySide6.QtCore import QMimeData, QPoint, Qt
from PySide6.QtGui import QDrag, QFontMetrics, QPainter, QPixmap
from PySide6.QtWidgets import QWidget

from ui import theme

MIME: Final = "application/x-dispatcher-order"
"""Ids of orders, one a line, as UTF-8: made by queue rows, board bars and map marks alike."""
MOST: Final = 200


def mime_of(orders: Iterable[str]) -> QMimeData:
    """What a drag of these orders carries."""
    data = QMimeData()
    data.setData(MIME, "\n".join(orders).encode())
    return data


def orders_in(data: QMimeData) -> tuple[str, ...]:
    """The orders that are dragged, each once; none where something else is."""
    if not data.hasFormat(MIME):
        return ()
    lines = bytes(data.data(MIME).data()).decode(errors="replace").splitlines()
    return tuple(dict.fromkeys(filter(None, lines)))[:MOST]


def carry(source: QWidget, orders: Iterable[str], said: str) -> bool:
    """Drag orders out of a part of the desk until they are let go of; whether somebody took them."""
    drag = QDrag(source)
    drag.setMimeData(mime_of(orders))
    drag.setPixmap(label(said))
    drag.setHotSpot(QPoint(-theme.current().px(10), -theme.current().px(6)))
    return drag.exec(Qt.DropAction.MoveAction) is Qt.DropAction.MoveAction


def label(said: str) -> QPixmap:
    """What hangs at the mouse while it drags."""
    look = theme.current()
    font = look.font(bold=True)
    metrics = QFontMetrics(font)
    made = QPixmap(metrics.horizontalAdvance(said) + look.px(16), metrics.height() + look.px(8))
    made.fill(look.colour("accent"))
    painter = QPainter(made)
    painter.setFont(font)
    painter.setPen(look.colour("on_accent"))
    painter.drawText(made.rect(), Qt.AlignmentFlag.AlignCenter, said)
    painter.end()
    return made
