"""Fonts, pens and laid-out texts of the board, made once for a look: a frame has no time to make them."""

from __future__ import annotations

from typing import Final, cast

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QFont, QFontMetricsF, QPainter, QPen, QPixmap, QStaticText

from ui import icons, theme
from ui.mark import Hue

_KEPT: Final = 20_000
_BOXES: Final = 1_000
_ROUND: Final = 3.0
TOKENS: Final = ("canvas", "surface", "sunken", "hover", "line", "border", "text", "muted", "disabled", "accent",
                 "selection", "red", "orange", "amber", "blue", "green")  # fmt: skip


class Brush:
    """What painting needs of the look in use; made anew when the look changes."""

    def __init__(self) -> None:
        self.look = theme.current()
        self.font, self.bold = self.look.font(12), self.look.font(13, bold=True)
        self.small, self.figure = self.look.font(11), self.look.font(11, bold=True)
        self._metrics = {
            id(font): QFontMetricsF(font) for font in (self.font, self.bold, self.small, self.figure)
        }
        self.colours = {token: self.look.colour(token) for token in TOKENS}
        self._inks: dict[str, QColor] = {}
        self._washes: dict[str, QColor] = {}
        self._hatches: dict[str, QBrush] = {}
        self._pens: dict[tuple[str, float, Qt.PenStyle], QPen] = {}
        self._texts: dict[tuple[str, int, int], tuple[QStaticText, float, float]] = {}
        self._widths: dict[tuple[str, int], float] = {}
        self._icons: dict[tuple[str, str, int], QPixmap] = {}
        self._boxes: dict[tuple[str, str, int, int, float], QPixmap] = {}

    def ink(self, hue: Hue | str) -> QColor:
        """The strong colour of a state."""
        if hue not in self._inks:
            self._inks[hue] = self.look.colour(hue)
        return self._inks[hue]

    def wash(self, hue: Hue) -> QColor:
        """Its soft ground."""
        if hue not in self._washes:
            self._washes[hue] = self.look.wash(hue)
        return self._washes[hue]

    def hatch(self, hue: Hue | str, strength: int = 70) -> QBrush:
        """Thin stripes in that colour."""
        key = f"{hue}{strength}"
        if key not in self._hatches:
            colour = QColor(self.ink(hue))
            colour.setAlpha(strength)
            self._hatches[key] = QBrush(colour, Qt.BrushStyle.BDiagPattern)
        return self._hatches[key]

    def pen(self, token: str, width: float = 1.0, style: Qt.PenStyle = Qt.PenStyle.SolidLine) -> QPen:
        """A pen in a token's colour."""
        key = (token, width, style)
        if key not in self._pens:
            made = QPen(self.ink(token), width, style)
            made.setJoinStyle(Qt.PenJoinStyle.MiterJoin)
            self._pens[key] = made
        return self._pens[key]

    def icon(self, name: str, token: str, edge: int) -> QPixmap:
        """An icon of that many pixels."""
        key = (name, token, edge)
        if key not in self._icons:
            self._icons[key] = icons.pixmap(name, token, edge)
        return self._icons[key]

    def write(
        self, painter: QPainter, box: QRectF, text: str, font: QFont, colour: QColor, *, right: bool = False
    ) -> float:
        """Write what fits into a box, in the middle of its height, and say how wide it is; "" where nothing fits."""
        if box.width() < 8 or not text:
            return 0.0
        laid_out, width, height = self._lay_out(text, int(box.width()), font)
        painter.setFont(font)
        painter.setPen(colour)
        left = box.right() - width if right else box.left()
        painter.drawStaticText(QPointF(left, box.top() + (box.height() - height) / 2), laid_out)
        return width

    def width(self, text: str, font: QFont) -> float:
        """How wide a text is."""
        key = (text, id(font))
        found = self._widths.get(key)
        if found is None:
            if len(self._widths) > _KEPT:
                self._widths.clear()
            found = self._widths[key] = self._metrics[id(font)].horizontalAdvance(text)
        return found

    def box(self, kind: str, hue: str, width: int, height: int, ratio: float) -> QPixmap:
        """A rounded box of a kind of visit (with "!" for an alert).

        Visits are of few sizes, and drawing an arc takes longer than laying a picture.
        """
        key = (kind, hue, width, height, ratio)
        found = self._boxes.get(key)
        if found is None:
            if len(self._boxes) > _BOXES:
                self._boxes.clear()
            found = self._boxes[key] = self._boxed(kind, hue, width, height, ratio)
        return found

    def _boxed(self, kind: str, hue: str, width: int, height: int, ratio: float) -> QPixmap:
        made = QPixmap(round(width * ratio), round(height * ratio))
        made.setDevicePixelRatio(ratio)
        made.fill(Qt.GlobalColor.transparent)
        painter = QPainter(made)
        self.draw_box(painter, kind, hue, QRectF(0, 0, width, height))
        painter.end()
        return made

    def draw_box(self, painter: QPainter, kind: str, hue: str, whole: QRectF) -> None:
        """The same, drawn."""
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        ground, line = self._ground(kind, hue)
        painter.setBrush(ground)
        painter.setPen(line)
        inset = line.widthF() / 2
        edge = whole.adjusted(inset, inset, -inset, -inset)
        painter.drawRoundedRect(edge, _ROUND, _ROUND)
        if kind.startswith("tentative"):
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(self.hatch(hue, 60))
            painter.drawRoundedRect(edge, _ROUND, _ROUND)

    def _ground(self, kind: str, hue: str) -> tuple[QColor | QBrush, QPen]:
        """What fills a box of a kind, and its edge."""
        alert = kind.endswith("!")
        surface, red = self.colours["surface"], self.pen("red", 2.0)
        match kind.rstrip("!"):
            case "promise":
                return QBrush(Qt.BrushStyle.NoBrush), self.pen("border")
            case "tentative":
                return surface, red if alert else self.pen(hue, 1.0, Qt.PenStyle.DashLine)
            case "held":
                return surface, red if alert else self.pen("muted", 1.5, Qt.PenStyle.DotLine)
            case "done":
                return self.colours["sunken"], self.pen("border")
            case "solid":
                return self.ink(hue), red if alert else self.pen(hue)
        return self.wash(cast(Hue, hue)), red if alert else self.pen(hue)

    def _lay_out(self, text: str, width: int, font: QFont) -> tuple[QStaticText, float, float]:
        key = (text, width, id(font))
        found = self._texts.get(key)
        if found is None:
            if len(self._texts) > _KEPT:
                self._texts.clear()
            metrics = self._metrics[id(font)]
            said = metrics.elidedText(text, Qt.TextElideMode.ElideRight, width)
            made = QStaticText(said)
            made.setTextFormat(Qt.TextFormat.PlainText)
            made.prepare(font=font)
            found = self._texts[key] = made, metrics.horizontalAdvance(said), metrics.height()
        return found
