"""A state as a chip: glyph and word in the state's ink on its wash."""

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from ui import icons, theme
from ui.mark import Mark


def paint(painter: QPainter, rect: QRect, mark: Mark, text: str | None = None) -> int:
    """Paint the chip of `mark` at the left of `rect`, centred vertically; returns its width.

    For delegates of tables as well as for `Chip`; `text` replaces the state's word.
    """
    look = theme.current()
    said = mark.label() if text is None else text
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setFont(look.font(12))
    size = _size(said).boundedTo(rect.size())
    box = QRect(rect.left(), rect.top() + (rect.height() - size.height()) // 2, size.width(), size.height())
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(look.wash(mark))
    painter.drawRoundedRect(box, look.space(1), look.space(1))
    edge = look.px(14)
    picture = QRect(box.left() + look.space(1.5), box.top() + (box.height() - edge) // 2, edge, edge)
    icons.mark_icon(mark).paint(painter, picture)
    words = box.adjusted(edge + look.space(2.5), 0, -look.space(1), 0)
    painter.setPen(look.ink(mark))
    fitting = painter.fontMetrics().elidedText(said, Qt.TextElideMode.ElideRight, words.width())
    painter.drawText(words, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, fitting)
    painter.restore()
    return size.width()


class Chip(QWidget):
    """A chip as a widget of its own, such as the status beside an order's number."""

    def __init__(self, mark: Mark, text: str | None = None, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._mark, self._text = mark, text
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.show_mark(mark, text)

    def show_mark(self, mark: Mark, text: str | None = None) -> None:
        """Show another state."""
        self._mark, self._text = mark, text
        self.setAccessibleName(self._said())
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        return _size(self._said())

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        paint(painter, self.rect(), self._mark, self._text)
        painter.end()

    def _said(self) -> str:
        return self._mark.label() if self._text is None else self._text


def _size(said: str) -> QSize:
    look = theme.current()
    words = QFontMetrics(look.font(12)).horizontalAdvance(said)
    return QSize(words + look.px(14) + look.space(4.5), look.px(20))
