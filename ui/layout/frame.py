"""Where a window stands on a monitor, and the same place on the monitors that are there now."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QWidget

from ui.layout.screen import Screen

State = Literal["", "maximized", "full"]

_STATES: Final[dict[State, Qt.WindowState]] = {
    "": Qt.WindowState.WindowNoState,
    "maximized": Qt.WindowState.WindowMaximized,
    "full": Qt.WindowState.WindowFullScreen,
}
_TITLE_PX: Final = 40
"""What a system's title bar may need above a window."""


@dataclass(frozen=True, slots=True)
class Frame:
    """A window's place: pixels from the corner of the monitor of that name, and whether it fills it."""

    screen: str
    x: int
    y: int
    width: int
    height: int
    state: State = ""


def frame_of(window: QWidget, screens: Sequence[Screen]) -> Frame:
    """Where a window stands now; of one that fills its monitor, where it would stand otherwise."""
    state: State = "full" if window.isFullScreen() else "maximized" if window.isMaximized() else ""
    normal = window.normalGeometry() if window.normalGeometry().isValid() else window.geometry()
    # Some desktops put a minimised window far out of sight.
    place = normal if window.isMinimized() else window.geometry()
    screen = _under(place.center(), screens)
    usual = normal if state else place
    return Frame(
        screen.name, usual.x() - screen.x, usual.y() - screen.y, usual.width(), usual.height(), state
    )


def at_point(point: QPoint, size: QSize, screens: Sequence[Screen]) -> Frame:
    """A window of that size that is held by its title at a point of the desktop."""
    screen = _under(point, screens)
    return Frame(
        screen.name,
        point.x() - size.width() // 2 - screen.x,
        point.y() - screen.y,
        size.width(),
        size.height(),
    )


def fitted(frame: Frame, screens: Sequence[Screen], main: str) -> Frame:
    """The frame where its monitor is there; else on another one than the main window's, if there is any.

    What comes to a foreign monitor does not fill it, or it would cover what somebody is working with.
    """
    own = next((each for each in screens if each.name == frame.screen), None)
    if own is not None:
        return _within(frame, own, 0)
    other = next((each for each in screens if each.name != main), screens[0])
    moved = Frame(other.name, frame.x, frame.y, frame.width, frame.height)
    return _within(moved, other, _TITLE_PX)


def put(window: QWidget, frame: Frame, screens: Sequence[Screen]) -> None:
    """Move a window to a frame on one of these monitors."""
    screen = next(each for each in screens if each.name == frame.screen)
    wanted = _STATES[frame.state]
    place = QRect(screen.x + frame.x, screen.y + frame.y, frame.width, frame.height)
    if window.windowState() == wanted and _stands(window, screen, place):
        return
    if window.windowState() != Qt.WindowState.WindowNoState:
        window.setWindowState(Qt.WindowState.WindowNoState)
    if (there := QGuiApplication.screenAt(place.center())) is not None:
        window.setScreen(there)  # first, or it would fill the monitor that it comes from
    window.setGeometry(place)
    if frame.state:
        window.setWindowState(wanted)


def _stands(window: QWidget, screen: Screen, place: QRect) -> bool:
    if window.windowState() == Qt.WindowState.WindowNoState:
        return window.geometry() == place
    return QRect(screen.x, screen.y, screen.width, screen.height).contains(window.geometry().center())


def _within(frame: Frame, screen: Screen, least_y: int) -> Frame:
    width, height = min(frame.width, screen.width), min(frame.height, screen.height - least_y)
    x = max(0, min(frame.x, screen.width - width))
    y = max(least_y, min(frame.y, screen.height - height))
    return Frame(screen.name, x, y, width, height, frame.state)


def _under(point: QPoint, screens: Sequence[Screen]) -> Screen:
    """The monitor that shows a point, or the nearest one."""

    def away(screen: Screen) -> int:
        rect = QRect(screen.x, screen.y, screen.width, screen.height)
        across = max(rect.left() - point.x(), 0, point.x() - rect.right())
        down = max(rect.top() - point.y(), 0, point.y() - rect.bottom())
        return across + down

    return min(screens, key=away)
