"""Somebody's picture in a circle; where there is none, the first letter of the name."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QFont, QPainter, QPainterPath, QPaintEvent, QPixmap
from PySide6.QtWidgets import QSizePolicy, QWidget

from dispatcher_app.client.api import Offline
from dispatcher_app.domain.act import Rejected
from dispatcher_app.domain.technician import Technician
from dispatcher_app.text import t
from ui import theme
from ui.task import Latest

if TYPE_CHECKING:
    from dispatcher_app.client.session import Session


class Portrait(QWidget):
    """A technician's; the letter stands until the picture has come, and where it can't."""

    def __init__(self, session: Session, edge_px: int = 56, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._edge = edge_px
        self._shown = self._letter = ""
        self.picture = QPixmap()
        self._asking = Latest(self)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def show_technician(self, technician: Technician) -> None:
        """Show another one."""
        self._letter = technician.name[:1].upper()
        self.setAccessibleName(t("Portrait of {name}", name=technician.name))
        wanted = technician.portrait or ""
        if wanted != self._shown:
            self._shown, self.picture = wanted, QPixmap()
            self._asking.forget()
            if wanted:
                self._asking.ask(self._fetch(technician.id), self._on_here)
        self.update()

    def show_file(self, file: Path | None) -> None:
        """Show a picture of this computer that is still to be sent."""
        self.picture = QPixmap(str(file)) if file is not None else QPixmap()
        self.update()

    def sizeHint(self) -> QSize:
        edge = theme.current().px(self._edge)
        return QSize(edge, edge)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        whole = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        draw(painter, whole, self.picture, self._letter, theme.current().font(self._edge * 2 // 5, bold=True))
        painter.end()

    async def _fetch(self, technician: str) -> Path | None:
        try:
            return await self._session.portrait(technician)
        except (Offline, Rejected):
            return None

    def _on_here(self, file: Path | None) -> None:
        self.show_file(file)


def draw(painter: QPainter, whole: QRectF, picture: QPixmap, letter: str, font: QFont) -> None:
    """Paint a picture in a circle, or the letter where the picture is null."""
    look = theme.current()
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
    circle = QPainterPath()
    circle.addEllipse(whole)
    painter.fillPath(circle, look.wash("blue"))
    if picture.isNull():
        painter.setFont(font)
        painter.setPen(look.ink("blue"))
        painter.drawText(whole, Qt.AlignmentFlag.AlignCenter, letter)
    else:
        painter.setClipPath(circle)
        side = min(picture.width(), picture.height())
        left, top = (picture.width() - side) / 2, (picture.height() - side) / 4
        painter.drawPixmap(whole, picture, QRectF(left, top, side, side))
        painter.setClipping(False)
    painter.setPen(look.colour("line"))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawPath(circle)
    painter.restore()
