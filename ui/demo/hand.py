"""A hand at the keyboard and the mouse of this desk: real events at the widget that has the focus."""

from __future__ import annotations

import asyncio
from typing import Any, Final

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QInputMethodEvent, QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractItemView, QApplication, QTableView, QWidget

from ui.demo import screen

_TURN_S: Final = 0.004
_TURNS: Final = 500


async def activate(window: QWidget) -> None:
    """Bring the window to the front, as whoever sits down before it does; two seconds at most."""
    for turn in range(_TURNS):
        if window.isActiveWindow():
            return
        if turn % 100 == 0:
            window.raise_()
            window.activateWindow()
        await asyncio.sleep(_TURN_S)


def press(window: QWidget, keys: str) -> None:
    """One key with what is held beside it, such as "Ctrl+Return"."""
    sequence: Any = QKeySequence.fromString(keys, QKeySequence.SequenceFormat.PortableText)
    combination = sequence[0]  # the stubs of PySide6 leave out that a sequence has items
    QTest.keyClick(_focus(window), combination.key(), combination.keyboardModifiers())


def write(window: QWidget, text: str) -> None:
    """Letters and figures one by one; what no key has goes in as an input method hands it over."""
    for sign in text:
        if sign.isascii():
            QTest.keyClicks(_focus(window), sign)
        else:
            composed = QInputMethodEvent()
            composed.setCommitString(sign)
            QApplication.sendEvent(_focus(window), composed)


def click(target: QWidget) -> None:
    """The left button in the middle of a widget."""
    QTest.mouseClick(target, Qt.MouseButton.LeftButton)


def click_row(view: QAbstractItemView, words: list[str]) -> bool:
    """The left button on the row that shows these words; False where there is none in sight."""
    model = view.model()
    for row in range(model.rowCount()):
        cells = [str(model.index(row, column).data() or "") for column in range(screen.columns_of(model))]
        place = view.visualRect(model.index(row, 0))
        if all(any(word in cell for cell in cells) for word in words) and view.viewport().rect().intersects(
            place
        ):
            left = QPoint(place.left() + 20, place.center().y())
            QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=left)
            return True
    return False


def click_header(table: QTableView, title: str) -> bool:
    """The left button on a column's header."""
    header, model = table.horizontalHeader(), table.model()
    for column in range(header.count()):
        if model.headerData(column, Qt.Orientation.Horizontal) == title:
            at = QPoint(header.sectionViewportPosition(column) + 12, header.height() // 2)
            QTest.mouseClick(header.viewport(), Qt.MouseButton.LeftButton, pos=at)
            return True
    return False


def _focus(window: QWidget) -> QWidget:
    # Neither need be there, whatever the stubs of PySide6 say.
    found: QWidget | None = QApplication.focusWidget()
    return found if found is not None else window
