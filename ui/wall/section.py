"""How the wall of this computer is set up: the size of its screen, its pages, light and dark."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Final

from PySide6.QtCore import QSettings
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QCheckBox, QWidget

from dispatcher_app.text import t
from ui.controls.form import choice, figure, rows
from ui.controls.section import Section, label
from ui.wall import setting
from ui.wall.size import TEXT_MM, diagonal_of, scale_of

_LOOKS: Final = {"time": "By the time of day", "light": "Light", "dark": "Dark"}
_INCHES_MOST: Final = 200


class WallSection(Section):
    """Every choice is kept at once; a wall shows it when it is opened next."""

    def __init__(self, settings: QSettings, parent: QWidget | None = None) -> None:
        super().__init__(t("Wall##settings"), parent)
        self._settings = settings
        self.diagonal = figure("wall_diagonal", t("Size of the screen"), 0, _INCHES_MOST, 1, t(" in##inches"))
        self.diagonal.setSpecialValueText(t("As the screen says"))
        self.page = figure("wall_page", t("A page stays"), 5, 3600, 5, t(" s##seconds"))
        self.release = figure("wall_release", t("A map that was moved stays"), 1, 240, 1, t(" min##wall"))
        self.look = choice("wall_look", t("Light or dark"), {code: t(word) for code, word in _LOOKS.items()})
        self.light_from = figure("wall_light_from", t("Light from"), 0, 24, 1, ":00")
        self.light_until = figure("wall_light_until", t("Dark from"), 0, 24, 1, ":00")
        self.one = QCheckBox(t("Only on one screen"))
        self.one.setObjectName("wall_one_screen")
        self.said = label("", "muted", wrap=True)
        self.said.setObjectName("wall_text_size")
        form = rows(self.diagonal, self.page, self.release, self.look, self.light_from, self.light_until)
        form.addRow("", self.one)
        self.body.addLayout(form)
        self.body.addWidget(self.said)
        self.refresh()
        for field, key in (
            (self.diagonal, "diagonal_in"), (self.page, "page_s"), (self.release, "release_min"),
            (self.light_from, "light_from"), (self.light_until, "light_until"),
        ):  # fmt: skip
            field.valueChanged.connect(lambda value, key=key: self._keep(**{key: value}))
        self.look.activated.connect(lambda _at: self._keep(look=self.look.currentData()))
        self.one.clicked.connect(lambda one: self._keep(one_screen=one))

    def refresh(self) -> None:
        """Show what holds now."""
        held = setting.read(self._settings)
        self.diagonal.setValue(round(held.diagonal_in))
        self.page.setValue(held.page_s)
        self.release.setValue(held.release_min)
        self.look.setCurrentIndex(max(self.look.findData(held.look), 0))
        self.light_from.setValue(held.light_from)
        self.light_until.setValue(held.light_until)
        self.one.setChecked(held.one_screen)
        self._say()

    def _keep(self, **changed: Any) -> None:
        setting.write(self._settings, replace(setting.read(self._settings), **changed))
        self._say()

    def _say(self) -> None:
        """How large the type will be on this screen, and which hours mean anything."""
        held = setting.read(self._settings)
        for field in (self.light_from, self.light_until):
            field.setEnabled(held.look == "time")
        screen = (self.screen() if self.isVisible() else None) or QGuiApplication.primaryScreen()
        size = screen.size()
        scale = scale_of(size.width(), size.height(), diagonal_of(screen, held.diagonal_in))
        far = t("It is read from five metres.") if scale.readable else t(
            "That is less than the {least} mm that are read from five metres: the screen is too small for more.",
            least=round(TEXT_MM),
        )  # fmt: skip
        self.said.setText(" ".join((t("Text is {mm} mm high on this screen.", mm=round(scale.text_mm)), far)))
