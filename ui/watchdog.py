"""Says in the log where the Qt thread was when it did not answer."""

import logging
import sys
import threading
import time
import traceback
from typing import Final

from PySide6.QtCore import QCoreApplication, QObject, QTimer

LIMIT_MS: Final = 200

_log = logging.getLogger("ui.watchdog")


class Watchdog(QObject):
    """A heartbeat in the Qt thread and a daemon thread that listens to it.

    When the heart has not beaten for `limit_ms`, the stack of the Qt thread is logged, once a stall.
    Make it in the Qt thread; `stop` ends the listener before the application goes.
    """

    def __init__(self, parent: QObject, limit_ms: int = LIMIT_MS) -> None:
        super().__init__(parent)
        self._limit_s = limit_ms / 1000
        self._watched = threading.get_ident()
        self._beat_at = time.monotonic()
        self._ended = threading.Event()
        self._heart = QTimer(self, interval=max(limit_ms // 4, 1))
        self._heart.timeout.connect(self._on_beat)
        self._listener = threading.Thread(target=self._listen, name="ui-watchdog", daemon=True)

    def start(self) -> None:
        """Begin to watch."""
        self._on_beat()
        self._heart.start()
        self._listener.start()
        if app := QCoreApplication.instance():
            app.aboutToQuit.connect(self.stop)

    def stop(self) -> None:
        """Stop watching; harmless when repeated."""
        self._heart.stop()
        self._ended.set()
        if self._listener.is_alive():
            self._listener.join()

    def _on_beat(self) -> None:
        self._beat_at = time.monotonic()

    def _listen(self) -> None:
        told = 0.0
        while not self._ended.wait(self._limit_s / 4):
            beat = self._beat_at
            if beat != told and time.monotonic() - beat > self._limit_s:
                told = beat
                frame = sys._current_frames().get(self._watched)
                stack = "".join(traceback.format_stack(frame)) if frame else ""
                _log.warning("the Qt thread has not answered for %d ms\n%s", self._limit_s * 1000, stack)
