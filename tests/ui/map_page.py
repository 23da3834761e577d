"""The map's page in a real web engine: asked what it shows, given real mouse events."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from PySide6.QtCore import QCoreApplication, QPoint, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from ui.map.engine import MapPage
from ui.map.view import MapView

if sys.platform == "linux" and os.geteuid() == 0:
    os.environ.setdefault("QTWEBENGINE_CHROMIUM_FLAGS", "--no-sandbox")

NOW = 1_790_000_000_000
WAIT_MS = 20_000
_LEFT, _NONE = Qt.MouseButton.LeftButton, Qt.MouseButton.NoButton


@contextmanager
def maps(qtbot: QtBot) -> Iterator[Callable[[MapView], MapView]]:
    """Shows maps of 800 × 600 until they are loaded, and takes them away in the end."""
    made: list[MapView] = []

    def show(view: MapView) -> MapView:
        made.append(view)
        view.resize(800, 600)
        with qtbot.waitSignal(view.loaded, timeout=WAIT_MS):
            view.show()
        return view

    yield show
    for view in made:
        view.close()
        view.deleteLater()
    QCoreApplication.sendPostedEvents(None, 52)  # DeferredDelete: the engine must end before its profile


def page_of(view: MapView) -> MapPage:
    page = view.findChild(MapPage)
    assert isinstance(page, MapPage)
    return page


def ask(qtbot: QtBot, view: MapView, script: str) -> Any:
    answer: list[str] = []
    page_of(view).runJavaScript(f"JSON.stringify({script})", answer.append)
    qtbot.waitUntil(lambda: bool(answer), timeout=WAIT_MS)
    return json.loads(answer[0])


def wait_for(qtbot: QtBot, view: MapView, script: str, right: Callable[[Any], bool]) -> Any:
    """Ask the page until the answer is right; returns it."""
    last: list[Any] = []

    def answered() -> bool:
        last[:] = [ask(qtbot, view, script)]
        return right(last[0])

    qtbot.waitUntil(answered, timeout=WAIT_MS)
    return last[0]


def settled(qtbot: QtBot, view: MapView, kind: str, id: str) -> QPoint:
    """Where a mark is seen once it lies still and has been drawn there."""
    script = f"(Dispatch.page.marks.changed ? null : Dispatch.page.place('{kind}', '{id}'))"
    seen = wait_for(qtbot, view, script, lambda place: place is not None and not place["moving"])
    return QPoint(round(seen["x"]), round(seen["y"]))


def surface_of(view: MapView) -> QWidget:
    """The widget that takes the mouse and the keys for the engine."""
    surface: QWidget = view
    while (inner := surface.focusProxy()) is not None:
        surface = inner
    return surface


def click(view: MapView, at: QPoint, times: int = 1) -> None:
    """Real mouse events, near enough in time for a double click (those of QTest are kept apart)."""
    for step in range(times):
        _send(view, QMouseEvent.Type.MouseMove, at, _NONE, _NONE, step)
        _send(view, QMouseEvent.Type.MouseButtonPress, at, _LEFT, _LEFT, step)
        _send(view, QMouseEvent.Type.MouseButtonRelease, at, _LEFT, _NONE, step)


def pull(view: MapView, places: Iterable[QPoint], *, release: bool = True) -> None:
    """Press at the first place and move on with the button down."""
    first, *others = places
    _send(view, QMouseEvent.Type.MouseMove, first, _NONE, _NONE)
    _send(view, QMouseEvent.Type.MouseButtonPress, first, _LEFT, _LEFT)
    for at in others:
        _send(view, QMouseEvent.Type.MouseMove, at, _NONE, _LEFT)
    if release:
        _send(view, QMouseEvent.Type.MouseButtonRelease, others[-1], _LEFT, _NONE)


def right_click(view: MapView, at: QPoint) -> None:
    """Ask for the menu of what is there."""
    right = Qt.MouseButton.RightButton
    _send(view, QMouseEvent.Type.MouseMove, at, _NONE, _NONE)
    _send(view, QMouseEvent.Type.MouseButtonPress, at, right, right)
    _send(view, QMouseEvent.Type.MouseButtonRelease, at, right, _NONE)


def _send(
    view: MapView,
    type: QMouseEvent.Type,
    at: QPoint,
    button: Qt.MouseButton,
    down: Qt.MouseButton,
    step: int = 0,
) -> None:
    surface = surface_of(view)
    event = QMouseEvent(type, at, surface.mapToGlobal(at), button, down, Qt.KeyboardModifier.NoModifier)
    event.setTimestamp(1_000_000 + at.x() * 10_000 + step * 50)
    QCoreApplication.sendEvent(surface, event)
