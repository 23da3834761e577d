"""The rest of the map's filter, in a sheet that opens below its button: skill, team, hours."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from PySide6.QtCore import QPoint, Qt, QTime, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QFormLayout,
    QFrame,
    QHBoxLayout,
    QPushButton,
    QTimeEdit,
    QWidget,
)

from dispatcher_app.text import t
from ui import theme
from ui.controls.section import label

_FIRST: Final = QTime(8, 0)
_LAST: Final = QTime(12, 0)


class FilterSheet(QFrame):
    """Emits `changed`; `skill` and `team` are "" for all, `hours` minutes from midnight or None for all day."""

    changed = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self.setObjectName("map_filter_sheet")
        self._skill, self._team = QComboBox(), QComboBox()
        self._offered: tuple[Mapping[str, str], Mapping[str, str]] | None = None
        self._by_hours = QCheckBox(t("Only windows of today from … to"))
        self._since, self._until = QTimeEdit(_FIRST), QTimeEdit(_LAST)
        self._clear = QPushButton(t("Show all##filter"))
        self._lay_out()
        self._skill.currentIndexChanged.connect(self.changed)
        self._team.currentIndexChanged.connect(self.changed)
        self._by_hours.toggled.connect(self._on_hours)
        for edit in (self._since, self._until):
            edit.timeChanged.connect(self._on_time)
        self._clear.clicked.connect(self.clear)
        self._on_hours(on=False)

    @property
    def skill(self) -> str:
        """What technicians must be able to do, and orders need."""
        return str(self._skill.currentData() or "")

    @property
    def team(self) -> str:
        """The technicians' team."""
        return str(self._team.currentData() or "")

    @property
    def hours(self) -> tuple[int, int] | None:
        """Which part of today the promised windows must touch."""
        if not self._by_hours.isChecked():
            return None
        since, until = (each.time().msecsSinceStartOfDay() // 60_000 for each in (self._since, self._until))
        return (since, until) if since < until else (since, 24 * 60)

    @property
    def count(self) -> int:
        """How many of its filters are in force."""
        return bool(self.skill) + bool(self.team) + (self.hours is not None)

    def offer(self, skills: Mapping[str, str], teams: Mapping[str, str]) -> None:
        """What there is to choose from, by code; what was chosen stays."""
        if self._offered == (skills, teams):
            return
        self._offered = (skills, teams)
        for box, every, found in (
            (self._skill, t("All skills"), skills),
            (self._team, t("All teams"), teams),
        ):
            chosen = box.currentData()
            box.blockSignals(True)
            box.clear()
            box.addItem(every, "")
            for code, word in found.items():
                box.addItem(word, code)
            box.setCurrentIndex(max(0, box.findData(chosen)))
            box.blockSignals(False)
        self._team.setEnabled(bool(teams))

    def clear(self) -> None:
        """Show all again."""
        self._skill.setCurrentIndex(0)
        self._team.setCurrentIndex(0)
        self._by_hours.setChecked(False)

    def open_below(self, button: QWidget) -> None:
        """Open under a button, with the keys in it."""
        self.adjustSize()
        self.move(button.mapToGlobal(QPoint(0, button.height() + 2)))
        self.show()
        self._skill.setFocus(Qt.FocusReason.PopupFocusReason)

    def _on_hours(self, on: bool) -> None:
        self._since.setEnabled(on)
        self._until.setEnabled(on)
        self.changed.emit()

    def _on_time(self) -> None:
        if self._by_hours.isChecked():
            self.changed.emit()

    def _lay_out(self) -> None:
        look = theme.current()
        for name, part, word in (
            ("map_skill", self._skill, t("Skill")),
            ("map_team", self._team, t("Team")),
            ("map_hours", self._by_hours, self._by_hours.text()),
            ("map_since", self._since, t("from##hours")),
            ("map_until", self._until, t("to##hours")),
            ("map_filter_clear", self._clear, self._clear.text()),
        ):
            part.setObjectName(name)
            part.setAccessibleName(word)
        for edit in (self._since, self._until):
            edit.setDisplayFormat("HH:mm")
        span = QHBoxLayout()
        span.setSpacing(look.space(1))
        for each in (self._since, label("–"), self._until):
            span.addWidget(each)
        span.addStretch()
        form = QFormLayout(self)
        form.setContentsMargins(*(look.space(3),) * 4)
        form.setSpacing(look.space(2))
        form.addRow(label(t("Skill"), "small"), self._skill)
        form.addRow(label(t("Team"), "small"), self._team)
        form.addRow(self._by_hours)
        form.addRow(span)
        form.addRow(self._clear)
