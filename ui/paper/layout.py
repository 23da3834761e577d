"""Blocks on a paper: measured and drawn by the same code, on the dots of the printer."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QFont, QFontMetricsF, QPaintDevice, QPainter, QPen

from ui import theme
from ui.paper import code
from ui.paper.block import Block, Code, Image, Pair, Pictures, Rule, Sign, Size, Words
from ui.paper.format import Format, dots

_GAP_MM: Final = 0.9
_SIGN_MM: Final = 11.0
_BESIDE_MM: Final = 2.0
_NAMES: Final = 0.3
"""The share of the width that the names of pairs take."""


class Layout:
    """Draws blocks with one painter; `dpi` is the device's, so that all stands on its dots; `scale` is of the type."""

    def __init__(self, paper: Format, device: QPaintDevice, dpi: int, scale: float = 1.0) -> None:
        self._paper, self._device, self._dpi, self._scale = paper, device, dpi, scale
        self.width = self.mm(paper.width - 2 * paper.margin)

    def mm(self, length: float) -> float:
        """Millimetres in dots of the device, a whole number."""
        return float(round(dots(length, self._dpi)))

    def font(self, size: Size, *, bold: bool = False) -> QFont:
        """The type of that size on this paper."""
        paper = self._paper
        points = {
            "title": paper.title,
            "large": paper.text * 1.3,
            "text": paper.text,
            "small": paper.text * 0.85,
        }
        font = QFont(theme.families())
        font.setPixelSize(max(1, round(points[size] * self._scale / 72 * self._dpi)))
        font.setWeight(QFont.Weight.Bold if bold else QFont.Weight.Normal)
        return font

    def height(self, blocks: Sequence[Block]) -> float:
        """How much all of it takes, in dots."""
        return self._all(None, blocks, 0.0, 0.0, self.width)

    def draw(self, painter: QPainter, blocks: Sequence[Block], left: float, top: float) -> float:
        """Draw all of it; where it ends."""
        return top + self._all(painter, blocks, left, top, self.width)

    def _all(
        self, painter: QPainter | None, blocks: Sequence[Block], left: float, top: float, width: float
    ) -> float:
        y = 0.0
        for block in blocks:
            y += self._one(painter, block, left, top + y, width) + self.mm(_GAP_MM)
        return y

    def _one(self, painter: QPainter | None, block: Block, left: float, top: float, width: float) -> float:
        match block:
            case Words():
                return self._words(painter, block, left, top, width)
            case Pair():
                return self._pair(painter, block, left, top, width)
            case Rule():
                return self._rule(painter, left, top, width)
            case Code():
                return self._code(painter, block, left, top, width)
            case Sign():
                return self._sign(painter, block, left, top, width)
            case Image():
                return self._image(painter, block, left, top, width)
            case Pictures():
                return self._pictures(painter, block, left, top, width)

    def _words(self, painter: QPainter | None, block: Words, left: float, top: float, width: float) -> float:
        font = self.font(block.size, bold=block.bold)
        side = Qt.AlignmentFlag.AlignHCenter if block.centred else Qt.AlignmentFlag.AlignLeft
        return self._text(painter, block.text, font, QRectF(left, top, width, 0), side)

    def _pair(self, painter: QPainter | None, block: Pair, left: float, top: float, width: float) -> float:
        font = self.font("text", bold=block.bold)
        if block.apart:
            amount = QFontMetricsF(font, self._device).horizontalAdvance(block.value) + self.mm(_BESIDE_MM)
            right = Qt.AlignmentFlag.AlignRight
            high = self._text(painter, block.name, font, QRectF(left, top, width - amount, 0))
            self._text(painter, block.value, font, QRectF(left + width - amount, top, amount, 0), right)
            return high
        names = width * _NAMES
        high = self._text(painter, block.name, self.font("text"), QRectF(left, top, names, 0))
        beside = QRectF(left + names, top, width - names, 0)
        return max(high, self._text(painter, block.value, font, beside))

    def _rule(self, painter: QPainter | None, left: float, top: float, width: float) -> float:
        if painter is not None:
            painter.setPen(QPen(Qt.GlobalColor.black, max(1.0, self._dpi / 150)))
            middle = top + self.mm(0.6)
            painter.drawLine(int(left), int(middle), int(left + width), int(middle))
        return self.mm(1.2)

    def _code(self, painter: QPainter | None, block: Code, left: float, top: float, width: float) -> float:
        module = code.module_for(block.text, self.mm(self._paper.code))
        if painter is not None:
            code.draw(painter, left, top, module, block.text)
        edge = code.edge(block.text, module)
        beside = edge + self.mm(_BESIDE_MM)
        return max(edge, self._all(painter, block.caption, left + beside, top, width - beside))

    def _sign(self, painter: QPainter | None, block: Sign, left: float, top: float, width: float) -> float:
        high = self.mm(_SIGN_MM)
        if painter is not None:
            self._rule(painter, left, top + high - self.mm(1.2), width)
        return high + self._text(painter, block.words, self.font("small"), QRectF(left, top + high, width, 0))

    def _image(self, painter: QPainter | None, block: Image, left: float, top: float, width: float) -> float:
        high = width * block.shown.height() / max(1, block.shown.width())
        if painter is not None:
            painter.drawImage(QRectF(left, top, width, high), block.shown)
        return high + self._text(painter, block.words, self.font("small"), QRectF(left, top + high, width, 0))

    def _pictures(
        self, painter: QPainter | None, block: Pictures, left: float, top: float, width: float
    ) -> float:
        beside = self.mm(_BESIDE_MM)
        each = (width - beside * (len(block.shown) - 1)) / max(1, len(block.shown))
        return max(
            (
                self._image(painter, image, left + at * (each + beside), top, each)
                for at, image in enumerate(block.shown)
            ),
            default=0.0,
        )

    def _text(
        self, painter: QPainter | None, text: str, font: QFont, where: QRectF,
        side: Qt.AlignmentFlag = Qt.AlignmentFlag.AlignLeft,
    ) -> float:  # fmt: skip
        """Draw a text in the width of `where`; its height."""
        flags = int(Qt.TextFlag.TextWordWrap | Qt.AlignmentFlag.AlignTop | side)
        room = QRectF(where.left(), where.top(), where.width(), 1e6)
        metrics = QFontMetricsF(font, self._device)
        high = metrics.boundingRect(room, flags, text).height()
        if painter is not None:
            painter.setPen(Qt.GlobalColor.black)
            painter.setFont(font)
            painter.drawText(room, flags, text)
        return high
