"""The help beside the work: topics at the left, what is said about them at the right."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt, Signal
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
from ui.controls.field import SearchField
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
        self.search = SearchField(t("Find a shortcut or a topic"))
        self.search.setObjectName("help_search")
        self.search.searched.connect(self._find)
        self.list.installEventFilter(self)
        close = QPushButton(t("Close##panel"))
        close.setObjectName("help_close")
        close.setProperty("kind", "quiet")
        close.clicked.connect(self.closed)
        self._add(Topic(_KEYS, t("Shortcuts"), ""))
        for topic in topics():
            self._add(topic)
        self.list.currentItemChanged.connect(lambda now, _before: self._show(now))
        head = QHBoxLayout()
        head.addWidget(label(t("Help##tab"), "title"))
        head.addWidget(self.search, 1)
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
        self._fit()

    def _fit(self) -> None:
        look = theme.current()
        narrow = self.width() < look.px(_NARROW_PX)
        self._body.setDirection(
            QBoxLayout.Direction.TopToBottom if narrow else QBoxLayout.Direction.LeftToRight
        )
        # In a column of its own the list scrolls: what went into a second one would be out of sight.
        self.list.setWrapping(narrow)
        self.list.setFlow(QListWidget.Flow.LeftToRight if narrow else QListWidget.Flow.TopToBottom)
        self.list.setMaximumSize(_MOST, self._lines_height() if narrow else _MOST)
        self.list.setMinimumWidth(0 if narrow else look.px(_LIST_PX))
        self.list.setMaximumWidth(_MOST if narrow else look.px(_LIST_PX))

    def _lines_height(self) -> int:
        """Above the page the list is as high as its topics need, side by side."""
        space, lines, used = self.width() - theme.current().space(6), 1, 0
        for row in range(self.list.count()):
            if self.list.isRowHidden(row):
                continue
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
            self.page.setHtml(key.table(self.search.text()))
        else:
            self.page.setMarkdown(topic.text)
        dress(self.page.document())
        self.page.moveCursor(QTextCursor.MoveOperation.Start)

    def _find(self, text: str) -> None:
        """Leave the topics that say it, and the shortcuts, with what they have of it."""
        said = text.casefold()
        for row in range(self.list.count()):
            item = self.list.item(row)
            topic = item.data(_TEXT)
            item.setHidden(topic.code != _KEYS and said not in topic.text.casefold())
        self._fit()
        if self.list.currentRow() != 0:
            self.list.setCurrentRow(0)
        else:
            self._show(self.list.item(0))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() is not QEvent.Type.KeyPress or not isinstance(event, QKeyEvent):
            return super().eventFilter(watched, event)
        aside = {Qt.Key.Key_Right: Qt.Key.Key_Down, Qt.Key.Key_Left: Qt.Key.Key_Up}.get(Qt.Key(event.key()))
        if aside is not None and not self.list.isWrapping():
            # The same keys lead through the topics, however they stand.
            self.list.keyPressEvent(QKeyEvent(event.type(), aside, event.modifiers()))
            return True
        if _is_letter(event):
            self.search.setFocus(Qt.FocusReason.OtherFocusReason)
            self.search.insert(event.text())
            return True
        return super().eventFilter(watched, event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.closed.emit()
        else:
            super().keyPressEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        if event.type() is QEvent.Type.PaletteChange:
            self._show(self.list.currentItem())  # rendered text keeps the colours it was made with
        super().changeEvent(event)


def _is_letter(event: QKeyEvent) -> bool:
    others = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier
    return (
        event.text().strip().isprintable() and bool(event.text().strip()) and not event.modifiers() & others
    )
