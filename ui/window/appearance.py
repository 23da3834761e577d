"""How the window looks and speaks: light or dark at once; language and size of type by a new window."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QObject, QSettings, Signal
from PySide6.QtWidgets import QApplication

from dispatcher_app.text import language as spoken
from dispatcher_app.text import t
from ui import notify
from ui.settings import choice


class Appearance(QObject):
    """Emits `anew` where the window has to be made again; an `unsaved` form would not come along.

    `settled` tells that what was chosen holds, or waits for a yes.
    """

    anew = Signal()
    settled = Signal()

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

    def choose_mode(self, mode: str) -> None:
        """Light, dark, or as the system has it, at once."""
        self._settings.setValue("theme", mode)
        choice.dress(_app(), self._settings)
        self.settled.emit()

    def choose_contrast(self, stronger: bool) -> None:
        """Stronger lines and words, or the quiet ones, at once."""
        self._settings.setValue("contrast", stronger)
        choice.dress(_app(), self._settings)
        self.settled.emit()

    def choose_scale(self, scale: float) -> None:
        """Another size of type."""
        if scale != choice.scale(self._settings):
            self._ask_before(partial(self._keep, "scale", scale))
        self.settled.emit()

    def choose_language(self, language: str) -> None:
        """Another language."""
        if language != spoken():
            self._ask_before(partial(self._keep, "language", language))
        self.settled.emit()

    def _keep(self, key: str, value: object) -> None:
        self._settings.setValue(key, value)
        choice.dress(_app(), self._settings)
        self.anew.emit()

    def _toggle_theme(self) -> None:
        choice.toggle_mode(_app(), self._settings)
        self.settled.emit()

    def _switch_language(self) -> None:
        choice.toggle_language(self._settings)
        self.anew.emit()

    def _switch_size(self, step: int) -> None:
        if choice.step_scale(_app(), self._settings, step):
            self.anew.emit()

    def _ask_before(self, switch: Callable[[], None]) -> None:
        if self._unsaved():
            said = t("What was typed is not saved yet and would be lost.")
            notify.warning(said, notify.Offer(t("Switch and lose it"), switch))
        else:
            switch()


def _app() -> QApplication:
    app = QApplication.instance()
    assert isinstance(app, QApplication)
    return app
