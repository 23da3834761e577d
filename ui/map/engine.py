"""The web engine's side of the map: a page that shows one document and goes nowhere.

Import it only when a map is shown: loading the engine takes a while, and may fail.
"""

import logging
import os
import sys

from PySide6.QtCore import QObject, Qt, QUrl
from PySide6.QtWebChannel import QWebChannel
from PySide6.QtWebEngineCore import QWebEnginePage, QWebEngineProfile, QWebEngineSettings
from PySide6.QtWebEngineWidgets import QWebEngineView
from PySide6.QtWidgets import QWidget

_log = logging.getLogger(__name__)


class MapPage(QWebEnginePage):
    """One document, given as text; every link and every other navigation is refused."""

    def acceptNavigationRequest(
        self, url: QUrl | str, type: QWebEnginePage.NavigationType, isMainFrame: bool
    ) -> bool:
        return type is QWebEnginePage.NavigationType.NavigationTypeTyped

    def javaScriptConsoleMessage(
        self,
        level: QWebEnginePage.JavaScriptConsoleMessageLevel,
        message: str,
        lineNumber: int,
        sourceID: str,
    ) -> None:
        if level is not QWebEnginePage.JavaScriptConsoleMessageLevel.InfoMessageLevel:
            _log.warning("map page, %s:%s: %s", sourceID[:80], lineNumber, message)


def open_view(parent: QWidget, bridge: QObject) -> QWebEngineView:
    """A view whose page shares `bridge`; nothing of it is kept on the disk.

    Raises OSError when the engine would end the whole process instead of starting.
    """
    if sys.platform == "linux" and os.geteuid() == 0 and "--no-sandbox" not in _flags():
        raise OSError("the web engine does not run as root")
    view = QWebEngineView(parent)
    profile = QWebEngineProfile()
    page = MapPage(profile, view)
    profile.setParent(
        view
    )  # after the page: children end in this order, and a profile must outlive its pages
    channel = QWebChannel(page)
    channel.registerObject("bridge", bridge)
    page.setWebChannel(channel)
    settings = page.settings()
    attribute = QWebEngineSettings.WebAttribute
    settings.setAttribute(attribute.JavascriptCanOpenWindows, False)
    settings.setAttribute(attribute.ShowScrollBars, False)
    view.setPage(page)
    view.setContextMenuPolicy(Qt.ContextMenuPolicy.NoContextMenu)
    return view


def _flags() -> list[str]:
    return os.environ.get("QTWEBENGINE_CHROMIUM_FLAGS", "").split() + sys.argv
