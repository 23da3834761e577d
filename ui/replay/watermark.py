"""Words across a panel that say what it is not: the present."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QPointF, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from dispatcher_app.text import t
from ui import theme


class Watermark(QWidget):
    """Lies over a panel, as large as it is, and lets everything through."""

    def __init__(self, over: QWidget) -> None:
        super().__init__(over)
        self.setObjectName("watermark")
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        over.installEventFilter(self)
        self._cover(over)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if (
            event.type() in (QEvent.Type.Resize, QEvent.Type.Show, QEvent.Type.ChildAdded)
            and watched is self.parent()
        ):
            assert isinstance(watched, QWidget)
            self._cover(watched)
        return super().eventFilter(watched, event)

    def _cover(self, over: QWidget) -> None:
        self.setGeometry(over.rect())
        self.raise_()

    def paintEvent(self, event: QPaintEvent) -> None:
        look = theme.current()
        painter = QPainter(self)
        ink = look.ink("amber")
        ink.setAlphaF(0.16)
        painter.setPen(ink)
        painter.setFont(look.font(40, bold=True))
        word = t("REPLAY##watermark")
        across, down = look.px(420), look.px(260)
        for row in range(self.height() // down + 2):
            for column in range(self.width() // across + 2):
                painter.save()
                painter.translate(
                    QPointF(column * across + (row % 2) * across / 2, row * down + look.px(120))
                )
                painter.rotate(-24)
                painter.drawText(QPointF(0, 0), word)
                painter.restore()
