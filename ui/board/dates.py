"""Which days the board shows: a step back and forth, today, any date, one day or three."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QDate, QPoint, Qt, Signal
from PySide6.QtWidgets import QCalendarWidget, QHBoxLayout, QMenu, QToolButton, QWidget, QWidgetAction

from dispatcher_app.domain.calendar import midnight, next_date
from dispatcher_app.text import t
from ui import format, name, theme
from ui.board.tool import Tool
from ui.models.counts import today

if TYPE_CHECKING:
    from dispatcher_app.client.session import Session

SEVERAL: Final = 3


class DateBar(QWidget):
    """Emits `changed` with the first date and how many days are shown."""

    changed = Signal(str, int)

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self.first, self.days = today(session), 1
        self._followed = self.first
        self._today = Tool("board_today", self.go_today, t("Today"))
        self._date = QToolButton()
        self._date.setObjectName("board_date")
        self._date.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextOnly)
        self._date.clicked.connect(self._pick)
        self._one, self._three = QToolButton(), QToolButton()
        for button, code, words, days in (
            (self._one, "board_day", t("Day##board"), 1),
            (self._three, "board_three", t("3 days##board"), SEVERAL),
        ):
            button.setObjectName(code)
            button.setText(words)
            button.setToolTip(f"{words} (Alt+D)")
            button.setCheckable(True)
            button.clicked.connect(lambda _checked, days=days: self.show_days(days))
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme.current().space(0.5))
        for tool in (
            Tool("board_previous", lambda: self.step(-1)), self._today, Tool("board_next", lambda: self.step(1)),
            self._date, self._one, self._three,
        ):  # fmt: skip
            row.addWidget(tool)
        self._say()

    def step(self, by: int) -> None:
        """So many days later or, below zero, earlier."""
        self.go(next_date(self.first, by))

    def go_today(self) -> None:
        """To today."""
        self.go(today(self._session))

    def go(self, date: str) -> None:
        """To a local date."""
        if date != self.first:
            self.first = date
            self._tell()

    def show_days(self, days: int) -> None:
        """One day, or several."""
        if days != self.days:
            self.days = days
            self._tell()
        else:
            self._say()

    def toggle_days(self) -> None:
        """From one day to several, and back."""
        self.show_days(1 if self.days > 1 else SEVERAL)

    def follow_day(self) -> None:
        """Midnight has passed: whoever looked at today looks at today again."""
        now = today(self._session)
        if now != self._followed:
            before, self._followed = self._followed, now
            if self.first == before:
                self.go(now)
            else:
                self._say()

    def _tell(self) -> None:
        self._say()
        self.changed.emit(self.first, self.days)

    def _say(self) -> None:
        now, zone = self._session.now(), name.timezone(self._session)
        begin, last = midnight(self.first, zone), midnight(next_date(self.first, self.days - 1), zone)
        said = full(begin, now, zone)
        self._date.setText(said if self.days == 1 else f"{said} – {full(last, now, zone)}")
        self._date.setMinimumWidth(self._date.sizeHint().width())
        self._date.setAccessibleName(t("Date shown: {date}", date=self._date.text()))
        self._date.setToolTip(t("Choose a date"))
        self._today.setEnabled(self.first != today(self._session))
        self._one.setChecked(self.days == 1)
        self._three.setChecked(self.days > 1)

    def _pick(self) -> None:
        menu = QMenu(self)
        calendar = QCalendarWidget()
        calendar.setSelectedDate(QDate.fromString(self.first, Qt.DateFormat.ISODate))
        calendar.setMinimumWidth(theme.current().px(330))
        calendar.setVerticalHeaderFormat(QCalendarWidget.VerticalHeaderFormat.NoVerticalHeader)
        calendar.activated.connect(lambda date: self._picked(menu, date))
        calendar.clicked.connect(lambda date: self._picked(menu, date))
        shown = QWidgetAction(menu)
        shown.setDefaultWidget(calendar)
        menu.addAction(shown)
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(self._date.mapToGlobal(QPoint(0, self._date.height() + 2)))
        calendar.setFocus(Qt.FocusReason.PopupFocusReason)

    def _picked(self, menu: QMenu, date: QDate) -> None:
        menu.close()
        self.go(date.toString(Qt.DateFormat.ISODate))


def full(at: int, now: int, timezone: str) -> str:
    """The day of a moment with its weekday and date, today too: "周一 11-23"."""
    when, today = format.local(at, timezone).date(), format.local(now, timezone).date()
    date = f"{when:%m-%d}" if when.year == today.year else f"{when:%Y-%m-%d}"
    return f"{format.weekday(when.weekday())} {date}"
