"""Local dates and times as they are typed into a calendar's forms, whatever zone this computer is in."""

from __future__ import annotations

from datetime import datetime

from PySide6.QtCore import QDate, QDateTime, Qt, QTime
from PySide6.QtWidgets import QDateTimeEdit

from dispatcher_app.domain.calendar import MINUTE_MS, moment
from ui import format


def moment_edit(code: str, word: str) -> QDateTimeEdit:
    """A field for a moment."""
    made = QDateTimeEdit()
    made.setObjectName(code)
    made.setCalendarPopup(True)
    made.setDisplayFormat("yyyy-MM-dd HH:mm")
    made.setAccessibleName(word)
    return made


def read_moment(field: QDateTimeEdit, timezone: str) -> int:
    """What is typed, UTC ms."""
    typed = field.dateTime()
    minute = typed.time().msecsSinceStartOfDay() // MINUTE_MS
    return moment(typed.date().toString(Qt.DateFormat.ISODate), minute, timezone)


def write_moment(field: QDateTimeEdit, at: int, timezone: str) -> None:
    """Show a moment (UTC ms)."""
    local: datetime = format.local(at, timezone)
    field.setDateTime(QDateTime(QDate(local.year, local.month, local.day), QTime(local.hour, local.minute)))
