"""What to plan anew: a date, how long to search, and whether dispatched visits may go to others."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QCheckBox, QComboBox, QHBoxLayout, QVBoxLayout, QWidget

from dispatcher_app.client.search import Sought
from dispatcher_app.domain.calendar import local_date, midnight, next_date
from dispatcher_app.domain.region import Policy
from dispatcher_app.text import t
from ui import format, name, theme
from ui.controls.section import label

if TYPE_CHECKING:
    from dispatcher_app.client.session import Session

SECONDS: Final = {10: "10 s, a first look", 30: "30 s", 60: "60 s, thorough"}
REASON: Final = "plan"


class DayForm(QWidget):
    """The date is today unless somebody chooses another."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self.title = t("Plan of the day")
        self.date, self.seconds = QComboBox(), QComboBox()
        self.date.setObjectName("plan_date")
        self.date.setAccessibleName(t("Date##plan"))
        self.seconds.setObjectName("plan_seconds")
        self.seconds.setAccessibleName(t("Search for##plan"))
        for number, word in SECONDS.items():
            self.seconds.addItem(t(word), number)
        self.seconds.setCurrentIndex(1)
        self.resend = QCheckBox(t("Dispatched visits may go to another technician"))
        self.resend.setObjectName("plan_resend")
        self._lay_out()
        self._offer_dates()
        self.setFocusProxy(self.date)

    def sought(self) -> Sought | str:
        """What to search, or why nothing can be."""
        return Sought(
            region=self._session.region_id, date=str(self.date.currentData()),
            seconds=float(self.seconds.currentData()), dispatched=self.resend.isChecked(),
        )  # fmt: skip

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._offer_dates()

    def _offer_dates(self) -> None:
        """From today on, as far as windows are promised."""
        session, timezone = self._session, name.timezone(self._session)
        today = local_date(session.now(), timezone)
        if self.date.count() and self.date.itemData(0) == today:
            return
        chosen = self.date.currentData()
        self.date.clear()
        days = (session.get(Policy, "policy") or Policy()).horizon_days
        for date in (next_date(today, each) for each in range(days)):
            self.date.addItem(format.day(midnight(date, timezone), session.now(), timezone), date)
        self.date.setCurrentIndex(max(self.date.findData(chosen), 0))

    def _lay_out(self) -> None:
        look = theme.current()
        row = QHBoxLayout()
        row.setSpacing(look.space(2))
        for word, field in ((t("Date##plan"), self.date), (t("Search for##plan"), self.seconds)):
            row.addWidget(label(word, "muted"))
            row.addWidget(field)
        row.addStretch()
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(look.space(1))
        whole.addLayout(row)
        whole.addWidget(self.resend)
