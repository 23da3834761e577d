"""What the map shows: which technicians, which orders."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QToolButton, QWidget

from dispatcher_app.domain.calendar import midnight, next_date
from dispatcher_app.rows import OrderRow
from dispatcher_app.text import t
from ui import icons, theme
from ui.controls.section import label
from ui.mark import TECHNICIAN

EVERYBODY: Final = frozenset(TECHNICIAN)


@dataclass(frozen=True, slots=True)
class MapFilter:
    """`statuses` are those of technicians; finished orders are today's only, there is no end to the others."""

    statuses: frozenset[str] = EVERYBODY
    today_only: bool = False
    finished: bool = False
    region: str = ""

    def shows(self, row: OrderRow, regions: tuple[str, ...], date: str, timezone: str) -> bool:
        """Whether an order is on the map; `date` is today's local date."""
        if row.region not in regions or (self.region and row.region != self.region):
            return False
        if row.closed and not self.finished:
            return False
        return of_day(row, date, timezone) if row.closed or self.today_only else True

    def views(self) -> tuple[str, ...]:
        """The saved views in which these orders are found."""
        if self.today_only:
            return ("today",)
        return ("open", "today") if self.finished else ("open",)


def of_day(row: OrderRow, date: str, timezone: str) -> bool:
    """Whether an order is promised for a local date or planned on it."""
    if row.planned_on == date:
        return True
    begin, end = midnight(date, timezone), midnight(next_date(date), timezone)
    return row.window_start is not None and begin <= row.window_start < end


class FilterBar(QWidget):
    """Switches above the map; emits `changed` with the new `MapFilter`."""

    changed = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.filter = MapFilter()
        self._statuses = {code: self._switch(f"map_{code}", checked=True) for code in TECHNICIAN}
        self._today = self._switch("map_today", t("Today only##map"))
        self._finished = self._switch("map_finished", t("Closed too##map"))
        look = theme.current()
        row = QHBoxLayout(self)
        row.setContentsMargins(look.space(2), look.space(1), look.space(2), look.space(1))
        row.setSpacing(look.space(1))
        self._words = (label(t("Technicians"), "small"), label(t("Orders"), "small"))
        row.addWidget(self._words[0])
        for button in self._statuses.values():
            row.addWidget(button)
        row.addSpacing(look.space(3))
        row.addWidget(self._words[1])
        row.addWidget(self._today)
        row.addWidget(self._finished)
        self._left_out = label("", "small")
        self._left_out.hide()
        row.addWidget(self._left_out)
        row.addStretch()
        self._draw()
        self._roomy_px = self.sizeHint().width()

    def show_region(self, region: str) -> None:
        """Only one region, or all for an empty one."""
        self._take(replace(self.filter, region=region))

    def say_left_out(self, count: int) -> None:
        """Say how many orders are too many to be drawn."""
        self._left_out.setText(t("{count} less urgent ones not drawn", count=count))
        self._left_out.setVisible(count > 0)

    def changeEvent(self, event: QEvent) -> None:
        if event.type() is QEvent.Type.PaletteChange:
            self._draw()
        super().changeEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Where there is little room the states are told by their icons alone, with the words as tips."""
        super().resizeEvent(event)
        roomy = event.size().width() >= self._roomy_px
        style = (
            Qt.ToolButtonStyle.ToolButtonTextBesideIcon if roomy else Qt.ToolButtonStyle.ToolButtonIconOnly
        )
        for word in self._words:
            word.setVisible(roomy)
        for button in self._statuses.values():
            button.setToolButtonStyle(style)

    def minimumSizeHint(self) -> QSize:
        return QSize(0, super().minimumSizeHint().height())

    def _on_clicked(self) -> None:
        statuses = frozenset(code for code, button in self._statuses.items() if button.isChecked())
        today, finished = self._today.isChecked(), self._finished.isChecked()
        self._take(replace(self.filter, statuses=statuses, today_only=today, finished=finished))

    def _take(self, wanted: MapFilter) -> None:
        if wanted != self.filter:
            self.filter = wanted
            self.changed.emit(wanted)

    def _switch(self, code: str, words: str = "", *, checked: bool = False) -> QToolButton:
        button = QToolButton()
        button.setObjectName(code)
        button.setCheckable(True)
        button.setChecked(checked)
        button.setText(words)
        button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        button.clicked.connect(self._on_clicked)
        return button

    def _draw(self) -> None:
        edge = theme.current().px(14)
        for code, button in self._statuses.items():
            button.setText(TECHNICIAN[code].label())
            button.setToolTip(TECHNICIAN[code].label())
            button.setAccessibleName(TECHNICIAN[code].label())
            button.setIcon(icons.mark_icon(TECHNICIAN[code]))
            button.setIconSize(QSize(edge, edge))
