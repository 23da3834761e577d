"""Photos of a device as it was handed in; they go on their way once the order is there."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtWidgets import QPushButton, QWidget

from dispatcher_app.text import t
from ui.booking.form import Form
from ui.booking.step import Step
from ui.controls.section import label
from ui.order.uploading import choose_files


class PhotoStep(Step):
    """Ctrl+J chooses files; Enter goes on."""

    def __init__(self, form: Form) -> None:
        super().__init__(form, "photos", t("Photos##custody"))
        self.button = QPushButton(t("Add photos…  Ctrl+J"))
        self.button.setObjectName("custody_photos")
        self.button.setAutoDefault(False)
        self.button.clicked.connect(self.choose)
        self._names = label("", "small", wrap=True)
        self.body.addWidget(self.button)
        self.body.addWidget(self._names)

    def target(self) -> QWidget:
        return self.button

    def choose(self) -> None:
        """Ask for files."""
        self.add(choose_files(self))

    def add(self, files: list[Path]) -> None:
        """Take these files along."""
        chosen = dict.fromkeys((*self.form.draft.photos, *map(str, files)))
        self.form.change(photos=tuple(chosen))

    def refresh(self, touched: frozenset[str]) -> None:
        names = [Path(each).name for each in self.form.draft.photos]
        self._names.setText("\n".join(names))
        self._names.setVisible(bool(names))
