"""Qt and asyncio on one loop."""

from __future__ import annotations

from typing import Any

from PySide6 import QtCore
from PySide6.QtWidgets import QApplication
from qasync import QEventLoop


class Turns:
    """The application as qasync drives it, but a run that ends is not the end of the program.

    WORKAROUND: `QCoreApplication.exit` announces `aboutToQuit` at the end of every run; the web engine then
    takes itself apart, and the second announcement ends the process.
    """

    def __init__(self, app: QApplication) -> None:
        self._app = app
        self._turn: QtCore.QEventLoop | None = None

    def exec(self) -> int:
        """Let events happen until `exit`."""
        self._turn = QtCore.QEventLoop()
        return self._turn.exec()

    def exit(self) -> None:
        """End the run that goes on."""
        if self._turn is not None:
            self._turn.exit()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._app, name)


def event_loop(app: QApplication) -> Any:
    """An asyncio loop on Qt's events (qasync ships no types); it is not running yet."""
    return QEventLoop(Turns(app), set_running_loop=False)
