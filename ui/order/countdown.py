"""Something that runs out, as a strip with the time that is left."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QWidget

from dispatcher_app.text import t
from ui import format
from ui.controls.banner import Banner

if TYPE_CHECKING:
    from dispatcher_app.client.session import Session


class Countdown(Banner):
    """Hidden while nothing runs."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent, dismissible=False)
        self._session = session
        self._words, self._until = "", 0
        self._second = QTimer(self, interval=1000)
        self._second.timeout.connect(self._tell)

    def show_until(self, words: str, until: int | None) -> None:
        """Count down to `until` (UTC ms); None ends it."""
        if until is None:
            self._second.stop()
            self.hide()
            return
        self._words, self._until = words, until
        self._second.start()
        self._tell()

    def _tell(self) -> None:
        left = max(self._until - self._session.now(), 0)
        self.say("warning", t("{what}, {time} left", what=self._words, time=format.countdown(left)))
