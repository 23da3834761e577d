"""Leave of the chosen technicians: the visits it hits are said before it is saved, and the way on from there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from dispatcher_app.client.state import Changed
from dispatcher_app.clock import new_id
from dispatcher_app.domain import role
from dispatcher_app.domain.calendar import midnight, next_date
from dispatcher_app.domain.command import AddLeave, RemoveLeave
from dispatcher_app.domain.technician import Leave, Technician
from dispatcher_app.text import t
from ui import format, name, theme
from ui.calendar.chosen import Chosen
from ui.calendar.hit import Away, Hits
from ui.calendar.several import said, submit_all
from ui.calendar.typed import moment_edit, read_moment, write_moment
from ui.controls.field import Field
from ui.controls.section import Section, label
from ui.limit import limit

if TYPE_CHECKING:
    from dispatcher_app.client.session import Session


class AwayPage(QWidget):
    """Emits `order_opened`, and `absence_wanted` with technician, start and end (UTC ms) to plan without him."""

    order_opened = Signal(str)
    absence_wanted = Signal(str, object, object)

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self._chosen = Chosen()
        self._filling = False
        self.who = label("", "strong", wrap=True)
        self.start, self.end = (
            moment_edit("calendar_away_start", t("Away from")),
            moment_edit("calendar_away_end", t("Away until")),
        )
        self.reason = Field()
        self.reason.setObjectName("calendar_away_reason")
        self.reason.setPlaceholderText(t("Reason: ill, day off, training…"))
        self.reason.setAccessibleName(t("Reason for the leave"))
        limit(self.reason, "leave_reason")
        self.error = label("", "error", wrap=True)
        self.error.setObjectName("calendar_away_error")
        self.hits = Hits(session)
        self.save, self.plan = QPushButton(t("Add leave")), QPushButton(t("Plan the absence…"))
        self.listed = Section(t("Leave entered"))
        self._rows = QVBoxLayout()
        self._lay_out()
        self._connect()
        self.refresh()

    def show_chosen(self, chosen: Chosen) -> None:
        """For these technicians, the chosen dates being proposed as a whole."""
        other = (chosen.technicians, chosen.dates) != (self._chosen.technicians, self._chosen.dates)
        self._chosen = chosen
        if other and chosen.dates:
            self._filling = True
            write_moment(
                self.start, max(midnight(chosen.dates[0], self._zone), self._now_minute()), self._zone
            )
            write_moment(self.end, midnight(next_date(chosen.dates[-1]), self._zone), self._zone)
            self._filling = False
            self.error.hide()
        self.refresh()
        self._check()

    def refresh(self) -> None:
        """Show who is meant and which leaves they have."""
        people = self._people()
        allowed = role.holds(self._session.actor, role.KEEPS_TECHNICIANS)
        for part in (self.start, self.end, self.reason, self.save):
            part.setEnabled(bool(people) and allowed)
        self.plan.setVisible(role.holds(self._session.actor, role.DISPATCHES))
        names = t(", ").join(each.name for each in people[:4])
        more = t("{names} and {n} more", names=names, n=len(people) - 4) if len(people) > 4 else names
        self.who.setText(more or t("Choose technicians in the calendar."))
        while (item := self._rows.takeAt(0)) is not None:
            if widget := item.widget():
                widget.hide()
                widget.deleteLater()
        now = self._session.now()
        known = [(each, leave) for each in people for leave in each.leaves if leave.end > now]
        for technician, leave in known[:20]:
            self._rows.addWidget(self._row(technician, leave, several=len(people) > 1, allowed=allowed))
        self.listed.setVisible(bool(known))

    # ------------------------------------------------------------ before it is saved
    def _span(self) -> tuple[int, int]:
        return read_moment(self.start, self._zone), read_moment(self.end, self._zone)

    def _check(self) -> bool:
        """Say at the fields what is wrong, else whom it hits."""
        start, end = self._span()
        self.plan.setEnabled(False)
        wrong = ""
        if self._people():
            if end <= start:
                wrong = t("The leave must end after it begins.")
            elif end <= self._session.now():
                wrong = t("This time is over; choose an end that is still to come.")
        self._refuse(wrong)
        if wrong or not self._people():
            self.hits.clear()
            return not wrong
        self.hits.about(Away(each.id, start, end) for each in self._people())
        twice = [
            t(
                "{name} is away already until {until} ({reason}).",
                name=each.name,
                until=self._moment(leave.end),
                reason=leave.reason,
            )
            for each in self._people()
            for leave in each.leaves
            if leave.start < end and start < leave.end
        ]
        self._refuse("\n".join(twice[:3]))
        return True

    def _on_told(self, count: int) -> None:
        self.plan.setEnabled(count > 0 and self._chosen.technician is not None)

    def _on_plan(self) -> None:
        if (technician := self._chosen.technician) is not None:
            self.absence_wanted.emit(technician, *self._span())

    def _on_save(self) -> None:
        if not self._check() or not self._people():
            return
        start, end = self._span()
        commands = [
            (
                each.name,
                AddLeave(
                    technician=each.id,
                    leave=new_id(),
                    start=start,
                    end=end,
                    reason=self.reason.text().strip(),
                ),
            )
            for each in self._people()
        ]
        done = submit_all(self._session, commands)
        self._refuse(said(done))
        if done.field == "reason":
            self.reason.setFocus()
        if done.count == len(commands):
            self.reason.clear()
            self.refresh()

    def _on_remove(self, technician: str, leave: str) -> None:
        done = submit_all(self._session, [("", RemoveLeave(technician=technician, leave=leave))])
        self._refuse(said(done))
        self.refresh()

    # ------------------------------------------------------------ inside
    @property
    def _zone(self) -> str:
        return name.timezone(self._session)

    def _now_minute(self) -> int:
        return self._session.now() // 60_000 * 60_000

    def _moment(self, at: int) -> str:
        return format.moment(at, self._session.now(), self._zone)

    def _people(self) -> list[Technician]:
        found = (self._session.get(Technician, id) for id in self._chosen.technicians)
        return [each for each in found if each is not None]

    def _row(self, technician: Technician, leave: Leave, *, several: bool, allowed: bool) -> QWidget:
        span = format.window(leave.start, leave.end, self._session.now(), self._zone)
        words = f"{technician.name} · {span}" if several else span
        line = QWidget()
        row = QHBoxLayout(line)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(label(f"{words}   {leave.reason}", wrap=True), 1)
        gone = QPushButton(t("Take away"))
        gone.setProperty("kind", "link")
        gone.setProperty("compact", True)
        gone.setAccessibleName(f"{gone.text()}: {words}")
        gone.clicked.connect(lambda: self._on_remove(technician.id, leave.id))
        row.addWidget(gone, 0, Qt.AlignmentFlag.AlignTop)
        gone.setVisible(allowed)  # not before it has its place, or it would be a window of its own
        return line

    def _refuse(self, sentence: str) -> None:
        self.error.setText(sentence)
        self.error.setVisible(bool(sentence))

    def _on_edited(self) -> None:
        if not self._filling:
            self._check()

    def _on_changed(self, changed: Changed) -> None:
        if changed.everything or "technician" in changed.ids:
            self.refresh()

    def _connect(self) -> None:
        for field in (self.start, self.end):
            field.dateTimeChanged.connect(lambda _at: self._on_edited())
        self.reason.returnPressed.connect(self._on_save)
        self.save.clicked.connect(self._on_save)
        self.plan.clicked.connect(self._on_plan)
        self.hits.told.connect(self._on_told)
        self.hits.order_wanted.connect(self.order_opened)
        stop = self._session.subscribe(changed=self._on_changed)
        self.destroyed.connect(lambda: stop())

    def _lay_out(self) -> None:
        look = theme.current()
        self.save.setObjectName("calendar_away_save")
        self.save.setProperty("kind", "primary")
        self.plan.setObjectName("calendar_away_plan")
        self.error.hide()
        body = QFrame()
        column = QVBoxLayout(body)
        column.setContentsMargins(*(look.space(3),) * 4)
        column.setSpacing(look.space(2))
        for part, word in ((self.start, t("Away from")), (self.end, t("Away until"))):
            row = QHBoxLayout()
            row.addWidget(label(word, "muted"), 1)
            row.addWidget(part, 2)
            if part is self.start:
                column.addWidget(self.who)
            column.addLayout(row)
        buttons = QHBoxLayout()
        buttons.setSpacing(look.space(2))
        buttons.addWidget(self.save)
        buttons.addWidget(self.plan)
        buttons.addStretch()
        for widget in (self.reason, self.error, self.hits):
            column.addWidget(widget)
        column.addLayout(buttons)
        self.listed.body.addLayout(self._rows)
        column.addWidget(self.listed)
        column.addStretch(1)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(body)
        self.setFocusProxy(self.reason)
