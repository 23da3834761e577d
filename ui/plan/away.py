"""Who does not come, from when to when, and why; what that hits is said before anything is searched."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QDate, QDateTime, QTime
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDateTimeEdit,
    QGridLayout,
    QHBoxLayout,
    QVBoxLayout,
    QWidget,
)

from dispatcher_app.client.search import Sought
from dispatcher_app.clock import new_id
from dispatcher_app.domain.calendar import DAY_MS, MINUTE_MS, local_date, midnight, next_date, working
from dispatcher_app.domain.command import Absence
from dispatcher_app.domain.day import Day, day_id
from dispatcher_app.domain.technician import Leave, Technician
from dispatcher_app.planning import absence as away
from dispatcher_app.text import t
from ui import format, name, theme
from ui.controls.section import label

if TYPE_CHECKING:
    from dispatcher_app.client.session import Session

REASON: Final = "absence"
SECONDS: Final = 6.0
DAYS_MOST: Final = 14
SPANS: Final = {
    "rest": "The rest of today", "tomorrow": "All of tomorrow", "three": "Today and the next two days",
    "own": "From … to …",
}  # fmt: skip
WHY: Final = {
    "ill": "Ill##absence", "accident": "Accident##absence", "family": "Family matter##absence",
    "car": "Car broken down##absence", "other": "Other##absence",
}  # fmt: skip


class AbsenceForm(QWidget):
    """About one technician, whom `show_technician` names."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._id: str | None = None
        self.title = t("A technician does not come")
        self.who = label("", "strong")
        self.who.setObjectName("absence_who")
        self.span, self.reason = QComboBox(), QComboBox()
        self.span.setObjectName("absence_span")
        self.span.setAccessibleName(t("When##absence"))
        self.reason.setObjectName("absence_reason")
        self.reason.setAccessibleName(t("Reason"))
        for code, word in SPANS.items():
            self.span.addItem(t(word), code)
        for code, word in WHY.items():
            self.reason.addItem(t(word), code)
        self.start, self.end = QDateTimeEdit(), QDateTimeEdit()
        for field, code, word in (
            (self.start, "absence_start", t("Away from")), (self.end, "absence_end", t("Away until")),
        ):  # fmt: skip
            field.setObjectName(code)
            field.setCalendarPopup(True)
            field.setDisplayFormat("MM-dd HH:mm")
            field.setAccessibleName(word)
            field.dateTimeChanged.connect(lambda _to: self._on_typed())
        self.resend = QCheckBox(t("Dispatched visits of others may move as well"))
        self.resend.setObjectName("absence_resend")
        self.hit = label("", "muted", wrap=True)
        self.hit.setObjectName("absence_hit")
        self._filling = False
        self.span.currentIndexChanged.connect(lambda _at: self._fill())
        self._lay_out()
        self._fill()
        self.setFocusProxy(self.span)

    @property
    def technician(self) -> Technician | None:
        """Who does not come, as he stands now."""
        return self._session.get(Technician, self._id) if self._id else None

    def show_technician(self, id: str) -> None:
        """Ask about another technician."""
        self._id = id
        self.who.setText(name.technician(self._session, id))
        self.span.setCurrentIndex(0)
        self._fill()

    def sought(self) -> Sought | str:
        """What to search, or in plain words why there is nothing to search."""
        technician = self.technician
        if technician is None:
            return t("Choose a technician first.")
        start, end = self._span()
        who = technician.name
        if end <= max(start, self._session.now()):
            return t("This time is over; choose an end that is still to come.")
        if end - start > DAYS_MOST * DAY_MS:
            return t("At most {n} days can be planned anew at once.", n=DAYS_MOST)
        if not self._works(technician, start, end):
            return t("{name} does not work then; nothing has to be moved.", name=who)
        if not self._hits(technician, start, end):
            return t(
                "{name} has no visits then; nothing has to be moved. Enter the leave with Ctrl+Alt+L.",
                name=who,
            )
        code = str(self.reason.currentData())
        absence = Absence(technician=technician.id, leave=new_id(), start=start, end=end, reason=t(WHY[code]))
        return Sought(
            region=technician.region, seconds=SECONDS * len(self._dates(start, end)),
            dispatched=self.resend.isChecked(), absence=absence,
        )  # fmt: skip

    # ------------------------------------------------------------ the time
    def set_span(self, start: int, end: int) -> None:
        """Propose a time away (UTC ms)."""
        self.span.setCurrentIndex(self.span.findData("own"))
        self._write(start, end)

    def _fill(self) -> None:
        """Write the chosen span; one's own stays as it is typed."""
        timezone, now = name.timezone(self._session), self._session.now()
        today = local_date(now, timezone)
        minute = now // MINUTE_MS * MINUTE_MS
        spans = {
            "rest": (minute, midnight(next_date(today), timezone)),
            "tomorrow": (midnight(next_date(today), timezone), midnight(next_date(today, 2), timezone)),
            "three": (minute, midnight(next_date(today, 3), timezone)),
        }
        if (span := spans.get(str(self.span.currentData()))) is not None:
            self._write(*span)
        self._say_hit()

    def _write(self, start: int, end: int) -> None:
        timezone = name.timezone(self._session)
        self._filling = True
        for field, at in ((self.start, start), (self.end, end)):
            local = format.local(at, timezone)
            field.setDateTime(
                QDateTime(QDate(local.year, local.month, local.day), QTime(local.hour, local.minute))
            )
        self._filling = False
        self._say_hit()

    def _on_typed(self) -> None:
        if not self._filling:
            self.span.setCurrentIndex(self.span.findData("own"))
            self._say_hit()

    def _span(self) -> tuple[int, int]:
        return self._moment(self.start), self._moment(self.end)

    def _moment(self, field: QDateTimeEdit) -> int:
        """The typed local time as UTC ms in the region's zone, whatever zone this computer is in."""
        typed = field.dateTime()
        begin = midnight(typed.date().toString("yyyy-MM-dd"), name.timezone(self._session))
        return begin + typed.time().msecsSinceStartOfDay() // MINUTE_MS * MINUTE_MS

    # ------------------------------------------------------------ what it hits
    def _say_hit(self) -> None:
        technician = self.technician
        if technician is None:
            self.hit.setText("")
            return
        start, end = self._span()
        hit = self._hits(technician, start, end) if start < end <= start + DAYS_MOST * DAY_MS else []
        told = sum(each == "confirmed" for each in hit)
        self.hit.setText(
            t("{n} visits fall into it, {told} of them dispatched.", n=len(hit), told=told)
            if hit else t("No visits fall into it.")
        )  # fmt: skip

    def _dates(self, start: int, end: int) -> list[str]:
        timezone = name.timezone(self._session)
        first, last = local_date(max(start, self._session.now()), timezone), local_date(end - 1, timezone)
        return [date for each in range(DAYS_MOST + 1) if (date := next_date(first, each)) <= last]

    def _works(self, technician: Technician, start: int, end: int) -> bool:
        timezone = name.timezone(self._session)
        return bool(self._hits(technician, start, end)) or any(
            begins < end and start < ends
            for date in self._dates(start, end)
            for begins, ends in working(technician, date, timezone)
        )

    def _hits(self, technician: Technician, start: int, end: int) -> list[str]:
        """The states of his visits that the span hits."""
        found = (self._session.get(Day, day_id(technician.id, date)) for date in self._dates(start, end))
        days = {day.id: day for day in found if day is not None}
        hit = set(away.hit(days, technician.id, Leave("", start, end, ""), self._session.now()))
        return [stop.state for day in days.values() for stop in day.stops if stop.order in hit]

    def _lay_out(self) -> None:
        look = theme.current()
        times = QHBoxLayout()
        times.setSpacing(look.space(2))
        for part in (self.span, self.start, label("–"), self.end):
            times.addWidget(part)
        times.addStretch()
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(look.space(3))
        grid.setVerticalSpacing(look.space(1))
        reason = QHBoxLayout()
        reason.addWidget(self.reason)
        reason.addStretch()
        for row, word in enumerate((t("Technician"), t("Away##absence"), t("Reason"))):
            grid.addWidget(label(word, "muted"), row, 0)
        grid.addWidget(self.who, 0, 1)
        grid.addLayout(times, 1, 1)
        grid.addLayout(reason, 2, 1)
        below = QVBoxLayout()
        below.setSpacing(look.space(1))
        below.addWidget(self.hit)
        below.addWidget(self.resend)
        grid.addLayout(below, 3, 1)
        grid.setColumnStretch(1, 1)
