"""When a technician is away; the visits that a leave hits are named, and stay until somebody moves them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QDate, QDateTime, QTime
from PySide6.QtWidgets import QDateTimeEdit, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from dispatcher_app.clock import new_id
from dispatcher_app.domain.act import Rejected
from dispatcher_app.domain.calendar import MINUTE_MS, midnight
from dispatcher_app.domain.command import AddLeave, RemoveLeave
from dispatcher_app.domain.technician import Leave, Technician
from dispatcher_app.text import t
from ui import format, name, theme
from ui.controls.field import Field
from ui.controls.section import Section, label
from ui.limit import limit
from ui.roster.shift import empty_out, removable
from ui.submit import submit

if TYPE_CHECKING:
    from dispatcher_app.client.session import Session


class LeaveSection(Section):
    """Leaves that are not over, and one line to add another."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(t("Leave"), parent)
        self._session = session
        self._technician: Technician | None = None
        self._list = QVBoxLayout()
        self._list.setSpacing(theme.current().space(1))
        local = format.local(session.now(), name.timezone(session))
        start = QDateTime(QDate(local.year, local.month, local.day), QTime(local.hour, 0))
        self._start, self._end = QDateTimeEdit(start), QDateTimeEdit(start.addSecs(4 * 3600))
        for field, word in ((self._start, t("Away from")), (self._end, t("Away until"))):
            field.setCalendarPopup(True)
            field.setDisplayFormat("MM-dd HH:mm")
            field.setAccessibleName(word)
        self.reason = Field()
        limit(self.reason, "leave_reason")
        self.reason.setObjectName("leave_reason")
        self.reason.setPlaceholderText(t("Reason: ill, day off, training…"))
        self.reason.setAccessibleName(t("Reason for the leave"))
        self.reason.returnPressed.connect(self._on_add)
        self._add = QPushButton(t("Add leave"))
        self._add.setObjectName("add_leave")
        self._add.clicked.connect(self._on_add)
        self._hits = label("", "error", wrap=True)
        self._hits.setObjectName("leave_hits")
        self._hits.hide()
        times, rest = QHBoxLayout(), QHBoxLayout()
        for part in (self._start, label("–"), self._end):
            times.addWidget(part)
        times.addStretch()
        rest.addWidget(self.reason, 1)
        rest.addWidget(self._add)
        for row in (self._list, times, rest):
            row.setSpacing(theme.current().space(2))
            self.body.addLayout(row)
        self.body.addWidget(self._hits)

    def show_technician(self, technician: Technician) -> None:
        """Show the leaves that are not over."""
        if self._technician is not None and self._technician.id != technician.id:
            self.reason.clear()
            self._hits.hide()
        self._technician = technician
        empty_out(self._list)
        for leave in technician.leaves:
            if leave.end > self._session.now():
                self._list.addWidget(self._row(leave))

    def set_span(self, start: int, end: int) -> None:
        """Propose a time away (UTC ms)."""
        timezone = name.timezone(self._session)
        for field, at in ((self._start, start), (self._end, end)):
            local = format.local(at, timezone)
            field.setDateTime(
                QDateTime(QDate(local.year, local.month, local.day), QTime(local.hour, local.minute))
            )

    def _row(self, leave: Leave) -> QWidget:
        now, timezone = self._session.now(), name.timezone(self._session)
        said = f"{format.window(leave.start, leave.end, now, timezone)}   {leave.reason}"
        button = QPushButton(t("Take away"))
        button.clicked.connect(lambda: self._on_remove(leave.id))
        return removable(said, button)

    def _on_add(self) -> None:
        if self._technician is None:
            return
        command = AddLeave(
            technician=self._technician.id,
            leave=new_id(),
            start=self._moment(self._start),
            end=self._moment(self._end),
            reason=self.reason.text(),
        )
        self._hits.hide()
        made = submit(self._session, command, self._say)
        if made is None:
            return
        self.reason.clear()
        hit = [order for warning in made.warnings for order in warning.params.get("orders", ())]
        if hit:
            orders = t(", ").join(name.order(self._session, order) for order in hit)
            self._say(
                t("{n} visits fall into this leave, give them to others: {orders}", n=len(hit), orders=orders)
            )

    def _on_remove(self, leave: str) -> None:
        if self._technician is not None:
            submit(self._session, RemoveLeave(technician=self._technician.id, leave=leave), self._say)

    def _say(self, sentence: str, _rejected: Rejected | None = None) -> None:
        self._hits.setText(sentence)
        self._hits.show()

    def _moment(self, field: QDateTimeEdit) -> int:
        """The typed local time as UTC ms in the region's zone, whatever zone this computer is in."""
        typed = field.dateTime()
        begin = midnight(typed.date().toString("yyyy-MM-dd"), name.timezone(self._session))
        return begin + typed.time().msecsSinceStartOfDay() // MINUTE_MS * MINUTE_MS
