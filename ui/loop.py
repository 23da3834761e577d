"""Qt and asyncio on one loop."""

from __future__ import annotations

import asyncio
from typing import Any

from PySide6 import QtCore
from PySide6.QtWidgets import QApplication
from qasync import QEventLoop

AGAIN_S = 0.001


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


class Turn(asyncio.Handle):
    """A callback whose turn has come; that of a task waits while another task's step lets Qt's events happen.

    WORKAROUND: asyncio refuses to enter a task from within another one, and the turn would be lost: the task would
    wait for ever, and could not even be cancelled.
    """

    __slots__ = ()

    def _run(self) -> None:
        loop: Any = self._loop  # type: ignore[attr-defined]
        callback = self._callback  # type: ignore[attr-defined]
        if (
            isinstance(getattr(callback, "__self__", None), asyncio.Task)
            and asyncio.current_task(loop) is not None
        ):
            loop._add_callback(self, AGAIN_S)
        else:
            super()._run()


class Loop(QEventLoop):  # type: ignore[misc]
    """An asyncio loop on Qt's events (qasync ships no types)."""

    def call_later(self, delay: float, callback: Any, *args: Any, context: Any = None) -> asyncio.Handle:
        """Have something called so many seconds from now."""
        made: asyncio.Handle = self._add_callback(Turn(callback, args, self, context), delay)
        return made


def event_loop(app: QApplication) -> Any:
    """Qt's loop as asyncio's; it is not running yet."""
    return Loop(Turns(app), set_running_loop=False)
