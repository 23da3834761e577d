"""Light or dark, how large, how strong the contrast, which language."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QSettings, Signal
from PySide6.QtWidgets import QCheckBox, QWidget

from dispatcher_app import text
from dispatcher_app.text import t
from ui import theme
from ui.controls import form
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
        self.mode = form.choice(
            "look_mode", t("Light or dark"), {code: t(word) for code, word in _MODES.items()}
        )
        self.scale = form.choice("look_scale", t("Size of type"), {})
        for scale in theme.SCALES:
            self.scale.addItem(f"{round(scale * 100)} %", scale)
        self.language = form.choice("look_language", t("Language"), _LANGUAGES)
        self.contrast = QCheckBox(t("High contrast"))
        self.contrast.setObjectName("look_contrast")
        rows = form.rows(self.mode, self.scale, self.language)
        rows.addRow("", self.contrast)
        self.body.addLayout(rows)
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
