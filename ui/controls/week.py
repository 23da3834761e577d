"""The working times of a week, a line a day."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QGridLayout, QWidget

from dispatcher_app.domain.technician import Shift
from dispatcher_app.text import t
from ui import format, theme
from ui.controls.field import Field
from ui.controls.section import label
from ui.models.pattern import NotATime, parse, written

USUAL = tuple(Shift(weekday, 9 * 60, 18 * 60) for weekday in range(6))
"""What somebody new works until it is said otherwise: Monday to Saturday, nine to six."""


class Week(QWidget):
    """Seven lines as people write working times; `edited` follows the typing."""

    edited = Signal()

    def __init__(self, code: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.fields = [Field() for _ in range(7)]
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(theme.current().space(2))
        grid.setVerticalSpacing(theme.current().space(1))
        for weekday, field in enumerate(self.fields):
            field.setObjectName(f"{code}_{weekday}")
            field.setPlaceholderText(t("off"))
            field.setAccessibleName(t("Shifts on {weekday}", weekday=format.weekday(weekday)))
            field.textEdited.connect(lambda _text: self.edited.emit())
            grid.addWidget(label(format.weekday(weekday), "muted"), weekday, 0)
            grid.addWidget(field, weekday, 1)
        self.setFocusProxy(self.fields[0])

    def write(self, shifts: Sequence[Shift]) -> None:
        """Show a pattern."""
        for weekday, field in enumerate(self.fields):
            field.setText(written([(each.start, each.end) for each in shifts if each.weekday == weekday]))
            field.set_invalid(None)

    def read(self) -> tuple[Shift, ...]:
        """The pattern as it is typed; raises NotATime and marks the line."""
        found: list[Shift] = []
        for weekday, field in enumerate(self.fields):
            try:
                found += [Shift(weekday, start, end) for start, end in parse(field.text())]
                field.set_invalid(None)
            except NotATime as wrong:
                field.set_invalid(str(wrong))
                self.setFocusProxy(field)
                raise
        return tuple(found)
