"""How a file is read besides its columns: zone, datum, wanted rows, fixed values."""

from __future__ import annotations

from dataclasses import replace
from typing import Final
from zoneinfo import available_timezones

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QCompleter, QFormLayout, QScrollArea, QWidget

from dispatcher_app.intake.profile import Profile
from dispatcher_app.text import t
from ui import theme
from ui.controls.field import Field
from ui.controls.section import label
from ui.intake.columns import StillCombo
from ui.intake.pairs import Pairs

_NEAR: Final = ("Asia/Shanghai", "Asia/Hong_Kong", "Asia/Urumqi", "UTC")


class ReadingForm(QScrollArea):
    """Emits `changed` when the file has to be read another way."""

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        look = theme.current()
        self.zone = StillCombo()
        self.zone.setEditable(True)
        self.zone.setInsertPolicy(StillCombo.InsertPolicy.NoInsert)
        known = available_timezones()
        self.zone.addItems([*(each for each in _NEAR if each in known), *sorted(known.difference(_NEAR))])
        completer = QCompleter(self.zone.model(), self.zone)
        completer.setFilterMode(Qt.MatchFlag.MatchContains)
        completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        self._typed = Field()
        self.zone.setLineEdit(self._typed)
        self.zone.setCompleter(completer)
        self.datum = StillCombo()
        self.datum.addItem(t("WGS-84 (satellites)"), "wgs84")
        self.datum.addItem(t("GCJ-02 (maps of the mainland)"), "gcj02")
        self.only = Pairs(t("Only rows where…"), t("is one of these, separated by commas"))
        self.fixed = Pairs(t("The same for all rows…"), t("is always this"))
        body = QWidget()
        form = QFormLayout(body)
        form.setContentsMargins(*(look.space(3),) * 4)
        form.setVerticalSpacing(look.space(2))
        form.setRowWrapPolicy(QFormLayout.RowWrapPolicy.WrapLongRows)
        form.addRow(t("Times without a zone are in"), self.zone)
        form.addRow(t("Coordinates are in"), self.datum)
        form.addRow(t("Filter##import"), self.only)
        form.addRow(t("Fixed values"), self.fixed)
        form.addRow(label(t("Fields of the profile that are not shown here (translations) stay as they are."), "small",
                          wrap=True))  # fmt: skip
        self.setWidget(body)
        self.setWidgetResizable(True)
        for part, name in ((self.zone, "import_zone"), (self.datum, "import_datum"), (self.only, "import_only"),
                           (self.fixed, "import_fixed")):  # fmt: skip
            part.setObjectName(name)
        self.zone.activated.connect(lambda _index: self.changed.emit())
        self._typed.editingFinished.connect(self._on_zone_typed)
        self.datum.activated.connect(lambda _index: self.changed.emit())
        self.only.changed.connect(self.changed)
        self.fixed.changed.connect(self.changed)

    def show_profile(self, profile: Profile) -> None:
        """Show how a profile reads."""
        if self.zone.findText(profile.tz) < 0:
            self.zone.addItem(profile.tz)
        self.zone.setCurrentText(profile.tz)
        self.datum.setCurrentIndex(self.datum.findData(profile.datum))
        self.only.show_values({name: ", ".join(values) for name, values in profile.only.items()})
        self.fixed.show_values(profile.fixed)

    def applied(self, profile: Profile) -> Profile:
        """The profile as it is read with what stands here."""
        zone = self.zone.currentText().strip()
        return replace(
            profile,
            tz=zone if self.zone.findText(zone) >= 0 else profile.tz,
            datum=self.datum.currentData(),
            only={name: _list(text) for name, text in self.only.values().items()},
            fixed=self.fixed.values(),
        )

    def _on_zone_typed(self) -> None:
        typed = self.zone.findText(self.zone.currentText().strip())
        if typed >= 0 and typed != self.zone.currentIndex():
            self.zone.setCurrentIndex(typed)
            self.changed.emit()


def _list(text: str) -> tuple[str, ...]:
    parts = text.replace("，", ",").replace("、", ",").split(",")
    return tuple(part.strip() for part in parts if part.strip())
