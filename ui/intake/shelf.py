"""The profiles there are: choose one for the file, or save how it is read under a name."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QPushButton, QWidget

from dispatcher_app.intake import profile as profiles
from dispatcher_app.intake.nyc311 import BUILT_IN
from dispatcher_app.intake.profile import Profile
from dispatcher_app.text import t
from ui import notify, theme
from ui.controls.field import Field


class Shelf(QWidget):
    """Emits `chosen` with a profile, or None to guess again; `present` gives the profile to be saved."""

    chosen = Signal(object)
    saved = Signal(object)

    def __init__(self, folder: Path, present: Callable[[], Profile], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._folder, self._present = folder, present
        self.profiles = QComboBox()
        self.profiles.setObjectName("import_profile")
        self.profiles.setAccessibleName(t("Profile"))
        self.name = Field()
        self.name.setObjectName("import_profile_name")
        self.name.setPlaceholderText(t("Name of the profile"))
        self.name.setAccessibleName(t("Name of the profile"))
        self.save = QPushButton(t("Save profile"))
        self.save.setObjectName("import_save_profile")
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme.current().space(2))
        row.addWidget(self.profiles, 2)
        row.addWidget(self.name, 2)
        row.addWidget(self.save)
        self.profiles.activated.connect(lambda _index: self._on_chosen())
        self.save.clicked.connect(self._on_save)

    def offer(self, offered: Sequence[Profile], chosen: str | None) -> None:
        """Show these profiles, with the chosen one (None: guessed)."""
        self.profiles.clear()
        self.profiles.addItem(t("Guessed from the file"), None)
        for each in offered:
            self.profiles.addItem(each.name, each)
        self.choose(chosen)

    def choose(self, name: str | None) -> None:
        """Make a profile the chosen one without reading the file anew."""
        at = self.profiles.findText(name) if name else 0
        self.profiles.setCurrentIndex(max(at, 0))
        self._name_it(name)

    def _on_chosen(self) -> None:
        found = self.profiles.currentData()
        self._name_it(found.name if found else None)
        self.chosen.emit(found)

    def _name_it(self, name: str | None) -> None:
        self.name.set_invalid(None)
        self.name.setText(name if name and name not in _built_in() else "")

    def _on_save(self) -> None:
        name = self.name.text().strip()
        if not name or name in _built_in():
            self.name.set_invalid(t("Give the profile a name of its own."))
            self.name.setFocus()
            return
        made = profiles.named(self._present(), name)
        try:
            file = profiles.save(made, self._folder)
        except OSError as error:
            self.name.set_invalid(t("The profile can't be saved: {reason}", reason=error.strerror or error))
            return
        self.offer((*profiles.load_all(self._folder), *BUILT_IN), name)
        notify.success(t("Profile “{name}” is saved: {file}", name=name, file=file))
        self.saved.emit(made)


def _built_in() -> frozenset[str]:
    return frozenset(each.name for each in BUILT_IN)
