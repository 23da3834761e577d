"""What can be read on the screen: the words of the widgets in sight, never what the session knows."""

from __future__ import annotations

from collections.abc import Iterator

from PySide6.QtCore import QAbstractItemModel, QAbstractListModel, QPoint, QRect, Qt
from PySide6.QtGui import QTextDocumentFragment
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QApplication,
    QComboBox,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QTableView,
    QWidget,
)

_SPOKEN = Qt.ItemDataRole.AccessibleTextRole


def window() -> QWidget | None:
    """The window somebody would look at: the main window, else the log-in."""
    shown = {each.objectName(): each for each in QApplication.topLevelWidgets() if each.isVisible()}
    return shown.get("main_window") or shown.get("login")


def find(name: str) -> QWidget | None:
    """The widget of that name in sight: "focus" is the one with the focus, "window" all of it."""
    if name == "focus":
        return QApplication.focusWidget()
    whole = window()
    if whole is None or name in ("window", whole.objectName()):
        return whole
    return next((each for each in whole.findChildren(QWidget, name) if each.isVisible()), None)


def read(name: str) -> list[str]:
    """The words in a widget and all that is in it, one entry for each label, button, field and row."""
    if name == "title":
        whole = window()
        return [whole.windowTitle()] if whole is not None else []
    widget = find(name)
    if widget is None:
        return []
    if name == "focus":
        return [" ".join((widget.objectName(), widget.accessibleName(), *_own(widget)))]
    return [text for each in _shown(widget, _clip(widget)) for text in _own(each) if text]


def _clip(widget: QWidget) -> QRect:
    """The part of a widget that no widget around it cuts off, in its own coordinates."""
    rect, at = widget.rect(), widget
    while not at.isWindow() and (around := at.parentWidget()) is not None:
        rect = rect.translated(at.pos()).intersected(around.rect())
        at = around
    return rect.translated(widget.mapFrom(at, QPoint(0, 0)))


def _shown(widget: QWidget, clip: QRect) -> Iterator[QWidget]:
    """The widget and all in it that is in sight: what is scrolled away is visible to Qt, but to nobody else."""
    if clip.isEmpty():
        return
    yield widget
    if isinstance(widget, QComboBox):
        return
    inside, left = widget, clip
    if isinstance(widget, QAbstractItemView):  # a list's bars and headers say nothing
        inside = widget.viewport()
        left = clip.intersected(inside.geometry()).translated(-inside.pos())
    for child in inside.children():
        if isinstance(child, QWidget) and child.isVisible():
            yield from _shown(child, left.intersected(child.geometry()).translated(-child.pos()))


def _own(widget: QWidget) -> list[str]:
    if isinstance(widget, QLabel):
        rich = widget.textFormat() is not Qt.TextFormat.PlainText and "</" in widget.text()
        return [QTextDocumentFragment.fromHtml(widget.text()).toPlainText() if rich else widget.text()]
    if isinstance(widget, QAbstractButton):
        return [widget.text()]
    if isinstance(widget, QLineEdit):
        return [widget.text() or widget.placeholderText()]
    if isinstance(widget, QPlainTextEdit):
        return [widget.toPlainText()]
    if isinstance(widget, QComboBox):
        return [widget.currentText()]
    if isinstance(widget, QAbstractItemView):
        return _rows(widget)
    return [widget.accessibleName()] if not widget.children() else []


def _rows(view: QAbstractItemView) -> list[str]:
    """The rows in the viewport, the cells of a row in a line."""
    model, height = view.model(), view.viewport().height()
    first = max(view.indexAt(QPoint(2, 2)).row(), 0)
    said = []
    for row in range(first, model.rowCount()):
        if view.visualRect(model.index(row, 0)).top() >= height:
            break
        columns = [
            column
            for column in range(columns_of(model))
            if not (isinstance(view, QTableView) and view.isColumnHidden(column))
        ]
        cells = (model.index(row, column) for column in columns)
        said.append(" | ".join(_cell(index.data(), index.data(_SPOKEN)) for index in cells))
    return said


def columns_of(model: QAbstractItemModel) -> int:
    """How many columns a model has; a list keeps its one to itself."""
    return 1 if isinstance(model, QAbstractListModel) else model.columnCount()


def _cell(shown: object, spoken: object) -> str:
    return str(shown if shown is not None else spoken if spoken is not None else "")
