"""From when something holds: at once, or from a date and time in the region's zone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QDate, QDateTime, QTime
from PySide6.QtWidgets import QCheckBox, QDateTimeEdit, QHBoxLayout, QWidget

from dispatcher_app.domain.calendar import MINUTE_MS, local_date, midnight, next_date
from dispatcher_app.text import t
from ui import name, theme
from ui.controls.section import label

if TYPE_CHECKING:
    from dispatcher_app.client.session import Session


class StartField(QWidget):
    """Proposes the coming midnight."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        tomorrow = next_date(local_date(session.now(), name.timezone(session)), 1)
        self.at = QDateTimeEdit(QDateTime(QDate(*(int(part) for part in tomorrow.split("-"))), QTime(0, 0)))
        self.at.setCalendarPopup(True)
        self.at.setDisplayFormat("yyyy-MM-dd HH:mm")
        self.at.setAccessibleName(t("Holds from"))
        self.at.setObjectName("admin_start")
        self.now = QCheckBox(t("at once##publish"))
        self.now.setObjectName("admin_start_now")
        self.now.toggled.connect(lambda on: self.at.setEnabled(not on))
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme.current().space(2))
        for part in (label(t("Holds from"), "muted"), self.at, self.now):
            row.addWidget(part)

    def read(self) -> int:
        """The moment (UTC ms)."""
        if self.now.isChecked():
            return self._session.now()
        typed = self.at.dateTime()
        begin = midnight(typed.date().toString("yyyy-MM-dd"), name.timezone(self._session))
        return begin + typed.time().msecsSinceStartOfDay() // MINUTE_MS * MINUTE_MS
