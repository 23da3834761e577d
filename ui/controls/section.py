"""A titled part of a panel."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from ui import theme


class Section(QWidget):
    """A small heading, tools at its right, and a body below; put rows into `body`."""

    def __init__(self, title: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        look = theme.current()
        self._title = label(title, "section")
        self._count = label("", "small")
        self._head = QHBoxLayout()
        self._head.setSpacing(look.space(2))
        self._head.addWidget(self._title)
        self._head.addWidget(self._count)
        self._head.addStretch()
        self.body = QVBoxLayout()
        self.body.setSpacing(look.space(1))
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(look.space(1))
        whole.addLayout(self._head)
        whole.addLayout(self.body)
        self.setAccessibleName(title)

    def set_title(self, title: str) -> None:
        """Say another heading."""
        self._title.setText(title)
        self.setAccessibleName(title)

    def set_count(self, count: str) -> None:
        """Say how many are below, beside the heading; empty hides it."""
        self._count.setText(count)

    def add_tool(self, tool: QWidget) -> None:
        """Put a small button at the right of the heading."""
        self._head.addWidget(tool, 0, Qt.AlignmentFlag.AlignRight)


def label(text: str, role: str = "", *, wrap: bool = False) -> QLabel:
    """A label in one of the sheet's roles: title, section, strong, muted, small, number, error."""
    shown = QLabel(text)
    shown.setTextFormat(Qt.TextFormat.PlainText)
    shown.setWordWrap(wrap)
    if role:
        shown.setProperty("role", role)
    return shown
