"""What a window shows and says: controls without a name, and words that have not enough room."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from PySide6.QtCore import QRect
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractSlider,
    QAbstractSpinBox,
    QCheckBox,
    QComboBox,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QPushButton,
    QRadioButton,
    QScrollBar,
    QStyle,
    QTabBar,
    QTextEdit,
    QToolButton,
    QWidget,
)

_USED: Final = (
    QAbstractButton, QAbstractItemView, QAbstractSlider, QAbstractSpinBox, QComboBox, QLineEdit, QPlainTextEdit,
    QTextEdit,
)  # fmt: skip
_WHOLES: Final = (QAbstractSpinBox, QComboBox, QAbstractItemView, QTabBar)
"""What stands inside these has the name of the whole."""
_INNER: Final = ("qt_", "ScrollLeftButton", "ScrollRightButton")
_SLACK_PX: Final = 1


def nameless(window: QWidget) -> list[str]:
    """Controls of which a screen reader could not say what they are, by where they stand."""
    return sorted({where(each) for each in _controls(window) if not spoken(each).strip()})


def spoken(widget: QWidget) -> str:
    """What a screen reader calls it."""
    if isinstance(widget, QLineEdit | QPlainTextEdit | QTextEdit | QComboBox | QAbstractSpinBox):
        labelled = QAccessible.queryAccessibleInterface(widget).text(QAccessible.Text.Name)
        return widget.accessibleName() or labelled
    return widget.accessibleName() or QAccessible.queryAccessibleInterface(widget).text(QAccessible.Text.Name)


def cut(window: QWidget) -> list[str]:
    """Labels and buttons in sight whose words are wider than their room."""
    written: list[QLabel | QAbstractButton] = [
        *window.findChildren(QLabel),
        *window.findChildren(QAbstractButton),
    ]
    seen = (each for each in written if each.isVisible() and not each.visibleRegion().isEmpty())
    return sorted(
        {
            f"{where(each)}: {_words(each)!r} lacks {lacking(each)} px"
            for each in seen
            if lacking(each) > _SLACK_PX
        }
    )


def lacking(widget: QLabel | QAbstractButton) -> int:
    """How many pixels its longest line has too little; 0 where it may break or leave out words."""
    said = _words(widget)
    if not said or (isinstance(widget, QLabel) and (widget.wordWrap() or "<" in said)):
        return 0
    needed = max(widget.fontMetrics().horizontalAdvance(line) for line in said.split("\n"))
    return needed - _room(widget)


def where(widget: QWidget) -> str:
    """The widget and what it stands in, by their names."""
    names = [widget.objectName() or type(widget).__name__]
    above = widget.parentWidget()
    while above is not None and len(names) < 5:
        if above.objectName() and not above.objectName().startswith("qt_"):
            names.append(above.objectName())
        elif type(above).__module__.startswith("ui."):
            names.append(type(above).__name__)
        above = above.parentWidget()
    return " < ".join(names)


def _controls(window: QWidget) -> Iterator[QWidget]:
    for each in window.findChildren(QWidget):
        # A button that is not shown yet gets its words with what it is about.
        waits = isinstance(each, QAbstractButton) and not each.isVisible() and not each.text()
        if isinstance(each, _USED) and not isinstance(each, QScrollBar) and not waits and _ours(each):
            yield each


def _ours(widget: QWidget) -> bool:
    if widget.objectName().startswith(_INNER) or type(widget).__name__.startswith("QTableCorner"):
        return False
    above = widget.parentWidget()
    while above is not None:
        if isinstance(above, _WHOLES) or type(above).__name__ in (
            "QComboBoxPrivateContainer",
            "QCalendarWidget",
        ):
            return False
        above = above.parentWidget()
    return True


def _words(widget: QLabel | QAbstractButton) -> str:
    if isinstance(widget, QToolButton) and widget.toolButtonStyle().name == "ToolButtonIconOnly":
        return "" if not widget.icon().isNull() else widget.text()
    return re.sub(r"&(.)", r"\1", widget.text()) if isinstance(widget, QAbstractButton) else widget.text()


def _room(widget: QLabel | QAbstractButton) -> int:
    if isinstance(widget, QLabel):
        return widget.contentsRect().width() - 2 * widget.margin()
    inside: QRect = widget.rect()
    taken = 0
    if not widget.icon().isNull():
        taken = widget.iconSize().width() + 4
    if isinstance(widget, QCheckBox | QRadioButton):
        taken += widget.style().pixelMetric(QStyle.PixelMetric.PM_IndicatorWidth, None, widget) + 4
    if isinstance(widget, QPushButton | QToolButton):
        # What the sheet adds around the words is what the hint has more than words and picture.
        words = max(widget.fontMetrics().horizontalAdvance(line) for line in widget.text().split("\n"))
        hint = widget.sizeHint().width()
        if widget.maximumWidth() >= hint:
            return words - max(0, hint - inside.width())
    return inside.width() - taken
