"""What the map shows: which technicians, which orders."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Final

from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtGui import QAction, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QToolButton, QWidget

from dispatcher_app.domain.calendar import MINUTE_MS, midnight, next_date
from dispatcher_app.domain.technician import Technician
from dispatcher_app.rows import OrderRow
from dispatcher_app.text import t
from ui import icons, theme
from ui.controls.section import label
from ui.desk_map.choice import FilterSheet
from ui.mark import TECHNICIAN

EVERYBODY: Final = frozenset(TECHNICIAN)


@dataclass(frozen=True, slots=True)
class MapFilter:
    """`statuses` and `team` are those of technicians; finished orders are today's only, there is no end to the others.

    `skill` is what technicians can do and orders need, `hours` (minutes from midnight) what windows of today touch.
    """

    statuses: frozenset[str] = EVERYBODY
    today_only: bool = False
    finished: bool = False
    region: str = ""
    skill: str = ""
    team: str = ""
    hours: tuple[int, int] | None = None

    def takes(self, technician: Technician, regions: tuple[str, ...]) -> bool:
        """Whether a technician is on the map."""
        return (
            technician.region in ((self.region,) if self.region else regions)
            and technician.status in self.statuses
            and (not self.skill or self.skill in technician.skills)
            and (not self.team or technician.team == self.team)
        )

    def shows(
        self, row: OrderRow, regions: tuple[str, ...], date: str, timezone: str, skill: str | None = None
    ) -> bool:
        """Whether an order is on the map; `date` is today's local date, `skill` what the order needs."""
        if self.skill and skill != self.skill:
            return False
        if self.hours is not None and not _touches(row, date, timezone, self.hours):
            return False
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


def _touches(row: OrderRow, date: str, timezone: str, hours: tuple[int, int]) -> bool:
    """Whether an order is promised for a part of a local date (minutes from midnight)."""
    if row.window_start is None or row.window_end is None:
        return False
    begin = midnight(date, timezone)
    return row.window_start < begin + hours[1] * MINUTE_MS and begin + hours[0] * MINUTE_MS < row.window_end


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
        self.sheet = FilterSheet(self)
        self.more = QToolButton()
        self.more.setObjectName("map_more")
        self.more.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.more.clicked.connect(lambda: self.sheet.open_below(self.more))
        self.sheet.changed.connect(self._on_clicked)
        self._words = (label(t("Technicians"), "small"), label(t("Orders"), "small"))
        row.addWidget(self._words[0])
        for button in self._statuses.values():
            row.addWidget(button)
        row.addSpacing(look.space(3))
        row.addWidget(self._words[1])
        row.addWidget(self._today)
        row.addWidget(self._finished)
        row.addWidget(self.more)
        self._left_out = label("", "small")
        self._left_out.hide()
        row.addWidget(self._left_out)
        row.addStretch()
        self._row = row
        self._tools: list[QToolButton] = []
        self._draw()
        self._roomy_px = self.sizeHint().width()

    def show_region(self, region: str) -> None:
        """Only one region, or all for an empty one."""
        self._take(replace(self.filter, region=region))

    def add_tools(self, actions: Iterable[QAction]) -> None:
        """Actions of the map at the right end, as icons."""
        for action in actions:
            button = QToolButton()
            button.setDefaultAction(action)
            button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonIconOnly)
            self._row.addWidget(button)
            button.setVisible(action.isVisible())
            self._tools.append(button)
        self._roomy_px = max(self._roomy_px, self.sizeHint().width())

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
        for button in (*self._statuses.values(), self.more):
            button.setToolButtonStyle(style)

    def minimumSizeHint(self) -> QSize:
        return QSize(0, super().minimumSizeHint().height())

    def _on_clicked(self) -> None:
        statuses = frozenset(code for code, button in self._statuses.items() if button.isChecked())
        today, finished = self._today.isChecked(), self._finished.isChecked()
        sheet = self.sheet
        self._take(
            replace(
                self.filter, statuses=statuses, today_only=today, finished=finished, skill=sheet.skill,
                team=sheet.team, hours=sheet.hours,
            )
        )  # fmt: skip

    def _take(self, wanted: MapFilter) -> None:
        if wanted != self.filter:
            self.filter = wanted
            self._say_more()
            self.changed.emit(wanted)

    def _say_more(self) -> None:
        """How many filters of the sheet are in force is seen without opening it."""
        count = self.sheet.count
        self.more.setText(t("Filter ({n})", n=count) if count else t("Filter##map"))
        self.more.setToolTip(t("Skill, team, hours"))
        self.more.setAccessibleName(self.more.text())
        self.more.setIcon(icons.icon("filter", "accent" if count else "text"))

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
        self.more.setIconSize(QSize(edge, edge))
        self._say_more()
