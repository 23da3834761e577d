"""Light or dark, how large, how strong the contrast, which language."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QSettings, Signal
from PySide6.QtWidgets import QCheckBox, QComboBox, QFormLayout, QWidget

from dispatcher_app import text
from dispatcher_app.text import t
from ui import theme
from ui.controls.section import Section
from ui.settings import choice

_MODES: Final = {"system": "As the system has it", "light": "Light", "dark": "Dark"}
_LANGUAGES: Final[dict[text.Language, str]] = {"zh_CN": "中文", "en": "English"}


class LookSection(Section):
    """Emits what is chosen; `refresh` shows what holds, where a choice was not carried out."""

    mode_chosen = Signal(str)
    scale_chosen = Signal(float)
    language_chosen = Signal(str)
    contrast_chosen = Signal(bool)

    def __init__(self, settings: QSettings, parent: QWidget | None = None) -> None:
        super().__init__(t("Look and language"), parent)
        self._settings = settings
        self.mode = _box("look_mode", t("Light or dark"))
        for code, word in _MODES.items():
            self.mode.addItem(t(word), code)
        self.scale = _box("look_scale", t("Size of type"))
        for scale in theme.SCALES:
            self.scale.addItem(f"{round(scale * 100)} %", scale)
        self.language = _box("look_language", t("Language"))
        for language, name in _LANGUAGES.items():
            self.language.addItem(name, language)
        self.contrast = QCheckBox(t("High contrast"))
        self.contrast.setObjectName("look_contrast")
        form = QFormLayout()
        form.setHorizontalSpacing(theme.current().space(3))
        form.setVerticalSpacing(theme.current().space(2))
        for box in (self.mode, self.scale, self.language):
            form.addRow(box.accessibleName(), box)
        form.addRow("", self.contrast)
        self.body.addLayout(form)
        self.refresh()
        self.mode.activated.connect(lambda _at: self.mode_chosen.emit(self.mode.currentData()))
        self.scale.activated.connect(lambda _at: self.scale_chosen.emit(self.scale.currentData()))
        self.language.activated.connect(lambda _at: self.language_chosen.emit(self.language.currentData()))
        self.contrast.clicked.connect(self.contrast_chosen)

    def refresh(self) -> None:
        """Show what holds now."""
        self.mode.setCurrentIndex(self.mode.findData(choice.mode(self._settings)))
        self.scale.setCurrentIndex(self.scale.findData(choice.scale(self._settings)))
        self.language.setCurrentIndex(self.language.findData(text.language()))
        self.contrast.setChecked(choice.contrast(self._settings))


def _box(name: str, word: str) -> QComboBox:
    box = QComboBox()
    box.setObjectName(name)
    box.setAccessibleName(word)
    return box
