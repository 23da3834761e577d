"""The help beside the work: topics at the left, what is said about them at the right."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent, QTextCursor
from PySide6.QtWidgets import (
    QBoxLayout,
    QHBoxLayout,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QTextBrowser,
    QVBoxLayout,
    QWidget,
)

from dispatcher_app.text import t
from ui import theme
from ui.controls.section import label
from ui.help import key
from ui.help.page import dress
from ui.help.topic import Topic, topics

_KEYS = "keys"
_LIST_PX = 170
_NARROW_PX = 640
_MOST = 16_777_215
"""As large as Qt lets a widget be."""
_TEXT = Qt.ItemDataRole.UserRole


class HelpPanel(QWidget):
    """Emits `closed` when it has been read; it opens with the shortcuts."""

    closed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        look = theme.current()
        self.setObjectName("help_panel")
        self.setAccessibleName(t("Help and shortcuts"))
        self.list, self.page = QListWidget(), QTextBrowser()
        self.list.setObjectName("help_topics")
        self.list.setAccessibleName(t("Topics"))
        self.list.setWrapping(True)
        self.list.setResizeMode(QListWidget.ResizeMode.Adjust)
        self.page.setObjectName("help_page")
        self.page.setAccessibleName(t("Help and shortcuts"))
        self.page.setFrameShape(QTextBrowser.Shape.NoFrame)
        self.page.document().setDocumentMargin(look.space(4))
        close = QPushButton(t("Close##panel"))
        close.setObjectName("help_close")
        close.setProperty("kind", "quiet")
        close.clicked.connect(self.closed)
        self._add(Topic(_KEYS, t("Shortcuts"), ""))
        for topic in topics():
            self._add(topic)
        self.list.currentItemChanged.connect(lambda now, _before: self._show(now))
        head = QHBoxLayout()
        head.addWidget(label(t("Help##tab"), "title"), 1)
        head.addWidget(close)
        self._body = body = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        body.setSpacing(look.space(2))
        body.addWidget(self.list)
        body.addWidget(self.page, 1)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(look.space(3), look.space(2), look.space(2), look.space(2))
        whole.setSpacing(look.space(2))
        whole.addLayout(head)
        whole.addLayout(body, 1)
        self.setFocusProxy(self.list)
        self.list.setCurrentRow(0)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        look = theme.current()
        narrow = self.width() < look.px(_NARROW_PX)
        self._body.setDirection(
            QBoxLayout.Direction.TopToBottom if narrow else QBoxLayout.Direction.LeftToRight
        )
        self.list.setFlow(QListWidget.Flow.LeftToRight if narrow else QListWidget.Flow.TopToBottom)
        self.list.setMaximumSize(_MOST, self._lines_height() if narrow else _MOST)
        self.list.setMinimumWidth(0 if narrow else look.px(_LIST_PX))
        self.list.setMaximumWidth(_MOST if narrow else look.px(_LIST_PX))

    def _lines_height(self) -> int:
        """Above the page the list is as high as its topics need, side by side."""
        space, lines, used = self.width() - theme.current().space(6), 1, 0
        for row in range(self.list.count()):
            wide = self.list.sizeHintForIndex(self.list.model().index(row, 0)).width()
            used, lines = (used + wide, lines) if used + wide <= space else (wide, lines + 1)
        return lines * self.list.sizeHintForRow(0) + theme.current().space(1)

    def _add(self, topic: Topic) -> None:
        item = QListWidgetItem(topic.title)
        item.setData(_TEXT, topic)
        self.list.addItem(item)

    def _show(self, item: QListWidgetItem | None) -> None:
        topic = item.data(_TEXT) if item else None
        if topic is None:
            return
        if topic.code == _KEYS:
            self.page.setHtml(key.table())
        else:
            self.page.setMarkdown(topic.text)
        dress(self.page.document())
        self.page.moveCursor(QTextCursor.MoveOperation.Start)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.closed.emit()
        else:
            super().keyPressEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        if event.type() is QEvent.Type.PaletteChange:
            self._show(self.list.currentItem())  # rendered text keeps the colours it was made with
        super().changeEvent(event)
