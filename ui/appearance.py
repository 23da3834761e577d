"""How the window looks and speaks: light or dark at once; language and size of type by a new window."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QObject, QSettings, Signal
from PySide6.QtWidgets import QApplication

from dispatcher_app.text import t
from ui import notify
from ui.settings import choice


class Appearance(QObject):
    """Emits `anew` where the window has to be made again; an `unsaved` form would not come along."""

    anew = Signal()

    def __init__(self, settings: QSettings, unsaved: Callable[[], bool], parent: QObject) -> None:
        super().__init__(parent)
        self._settings, self._unsaved = settings, unsaved

    def handlers(self) -> dict[str, Callable[[], object]]:
        """The actions that are answered here."""
        return {
            "theme": self._toggle_theme,
            "language": lambda: self._ask_before(self._switch_language),
            "larger": lambda: self._ask_before(partial(self._switch_size, 1)),
            "smaller": lambda: self._ask_before(partial(self._switch_size, -1)),
        }

    def _toggle_theme(self) -> None:
        app = QApplication.instance()
        assert isinstance(app, QApplication)
        choice.toggle_mode(app, self._settings)

    def _switch_language(self) -> None:
        choice.toggle_language(self._settings)
        self.anew.emit()

    def _switch_size(self, step: int) -> None:
        app = QApplication.instance()
        assert isinstance(app, QApplication)
        if choice.step_scale(app, self._settings, step):
            self.anew.emit()

    def _ask_before(self, switch: Callable[[], None]) -> None:
        if self._unsaved():
            said = t("What was typed is not saved yet and would be lost.")
            notify.warning(said, notify.Offer(t("Switch and lose it"), switch))
        else:
            switch()
