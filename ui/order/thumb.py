"""Small pictures in as many columns as fit; each stands as an empty frame until it has come."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QIcon, QPixmap, QResizeEvent
from PySide6.QtWidgets import QGridLayout, QSizePolicy, QToolButton, QWidget

from dispatcher_app.client.api import Offline
from dispatcher_app.domain.act import Rejected
from dispatcher_app.domain.talk import Attachment
from dispatcher_app.text import t
from ui import format, icons, name, theme
from ui.order.purpose import purpose_word

if TYPE_CHECKING:
    from dispatcher_app.client.session import Session

_EDGE = 88


class Thumb(QToolButton):
    """Emits `opened` with the photo's id."""

    opened = Signal(str)

    def __init__(self, session: Session, photo: Attachment, *, edge: int = _EDGE) -> None:
        super().__init__()
        self._session, self.photo = session, photo
        self.arrived = False
        look = theme.current()
        now, timezone = session.now(), name.timezone(session)
        when = format.moment(photo.at, now, timezone)
        self.setObjectName(f"thumb_{photo.id}")
        self.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonIconOnly)
        self.setIconSize(QSize(look.px(edge), look.px(edge)))
        self.setFixedSize(look.px(edge) + look.space(2), look.px(edge) + look.space(2))
        self.setIcon(icons.icon("photo" if self.picture else "video", "muted"))
        who = name.actor(session, photo.actor)
        said = f"{purpose_word(photo.purpose)} · {when} · {who}"
        self.setToolTip(said)
        self.setAccessibleName(
            t("Photo: {what}", what=said) if self.picture else t("Video: {what}", what=said)
        )
        if not self.picture:  # nothing of it can be seen here, but whether it is long
            self.setToolTip(t("Video: {what}", what=said))
            self.setText(format.size(photo.size))
            self.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextUnderIcon)
            self.setIconSize(QSize(look.px(edge // 2), look.px(edge // 2)))
        self.clicked.connect(lambda: self.opened.emit(photo.id))

    @property
    def picture(self) -> bool:
        """Whether it is a photo rather than a video."""
        return self.photo.media.startswith("image/")

    async def fetch(self) -> None:
        """Show the small picture once it is there; without the server the frame stays empty. A video has none."""
        if not self.picture:
            return
        try:
            path = await self._session.picture(self.photo, "thumb")
        except (Offline, Rejected):
            return
        found = QPixmap(str(path))
        if not found.isNull():
            self.arrived = True
            self.setIcon(QIcon(found))


class Flow(QWidget):
    """Widgets of one size, in as many columns as fit."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._parts: list[QWidget] = []
        self._columns = 0
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setSpacing(theme.current().space(1))
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)

    def add(self, part: QWidget) -> None:
        """One more, at the end."""
        self._parts.append(part)
        self._columns = 0
        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        edge = self._parts[0].width() + self._grid.spacing() if self._parts else 1
        columns = max(1, (self.width() + self._grid.spacing()) // edge)
        if columns == self._columns:
            return
        self._grid.setColumnStretch(self._columns, 0)
        self._columns = columns
        for at, part in enumerate(self._parts):
            self._grid.addWidget(part, at // columns, at % columns)
        self._grid.setColumnStretch(columns, 1)
        self.updateGeometry()
