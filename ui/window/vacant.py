"""The place of a tab whose panel is made only when somebody wants it: a window that starts makes few widgets."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QSignalBlocker
from PySide6.QtWidgets import QTabWidget, QWidget


class Vacant(QWidget):
    """Stands among the tabs until its panel is wanted; `wanted` makes the panel, which then calls `move_in`."""

    def __init__(self, wanted: Callable[[], QWidget], code: str) -> None:
        super().__init__()
        self.wanted = wanted
        self.setObjectName(code)


def move_in(tabs: QTabWidget, place: QWidget, panel: QWidget) -> None:
    """Put a panel where its place was kept, and show it if that was looked at; nobody is told of another tab."""
    at = tabs.indexOf(place)
    with QSignalBlocker(tabs):
        looked_at = tabs.currentIndex() == at
        # First the new one, or its neighbour would be shown for a moment.
        tabs.insertTab(at, panel, tabs.tabText(at))
        tabs.setTabToolTip(at, tabs.tabToolTip(at + 1))
        if looked_at:
            tabs.setCurrentIndex(at)
        tabs.removeTab(tabs.indexOf(place))
    place.deleteLater()
