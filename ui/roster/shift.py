"""The weekly pattern of a technician, and other working times on single dates."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from PySide6.QtCore import QDate, Qt
from PySide6.QtWidgets import QDateEdit, QGridLayout, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from dispatcher_app.domain.act import Rejected
from dispatcher_app.domain.calendar import local_date
from dispatcher_app.domain.command import SetShiftException, SetShifts
from dispatcher_app.domain.technician import Shift, ShiftException, Technician, hours_on
from dispatcher_app.text import t
from ui import format, name, theme
from ui.controls.field import Field
from ui.controls.section import Section, label
from ui.models.pattern import NotATime, parse, written
from ui.submit import submit

if TYPE_CHECKING:
    from dispatcher_app.client.session import Session


class PatternSection(Section):
    """A line a weekday; what is typed is kept until it is saved or another technician is shown."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(t("Weekly shifts"), parent)
        self._session = session
        self._technician: Technician | None = None
        self._save = QPushButton(t("Save shifts"))
        self.fields = [Field() for _ in range(7)]
        grid = QGridLayout()
        grid.setHorizontalSpacing(theme.current().space(2))
        grid.setVerticalSpacing(theme.current().space(1))
        for weekday, field in enumerate(self.fields):
            field.setObjectName(f"shift_{weekday}")
            field.setPlaceholderText(t("off"))
            field.setAccessibleName(t("Shifts on {weekday}", weekday=format.weekday(weekday)))
            field.textEdited.connect(lambda _text: self._save.setEnabled(True))
            field.returnPressed.connect(self._on_save)
            grid.addWidget(label(format.weekday(weekday), "muted"), weekday, 0)
            grid.addWidget(field, weekday, 1)
        self._error = label("", "error", wrap=True)
        self._error.hide()
        self._save.setObjectName("save_shifts")
        self._save.setEnabled(False)
        self._save.clicked.connect(self._on_save)
        self.body.addLayout(grid)
        self.body.addWidget(self._error)
        self.body.addWidget(self._save, 0, Qt.AlignmentFlag.AlignLeft)

    def set_open(self, opened: bool) -> None:
        """Whether this person may write here, or only read."""
        for field in self.fields:
            field.setReadOnly(not opened)
        self._save.setVisible(opened)

    def show_technician(self, technician: Technician) -> None:
        """Show his pattern, unless somebody is just typing another one for him."""
        other = self._technician is None or self._technician.id != technician.id
        if not other and self._save.isEnabled():
            return
        self._technician = technician
        self._save.setEnabled(False)
        self._error.hide()
        for weekday, field in enumerate(self.fields):
            spans = [(shift.start, shift.end) for shift in technician.shifts if shift.weekday == weekday]
            if field.text() != written(spans):
                field.setText(written(spans))
            field.set_invalid(None)

    def _on_save(self) -> None:
        if self._technician is None:
            return
        shifts: list[Shift] = []
        for weekday, field in enumerate(self.fields):
            try:
                shifts += [Shift(weekday, start, end) for start, end in parse(field.text())]
                field.set_invalid(None)
            except NotATime as wrong:
                field.set_invalid(str(wrong))
                field.setFocus()
                self._refuse(str(wrong))
                return
        chosen = self._technician
        command = SetShifts(technician=chosen.id, from_version=chosen.version, shifts=tuple(shifts))
        if submit(self._session, command, self._refuse):
            self._save.setEnabled(False)
            self._error.hide()
            if (now := self._session.get(Technician, chosen.id)) is not None:
                self.show_technician(now)

    def _refuse(self, sentence: str, _rejected: Rejected | None = None) -> None:
        self._error.setText(sentence)
        self._error.show()


class ExceptionSection(Section):
    """Other times on one date, or a day off; the way back to the pattern beside each."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(t("Other times on a date"), parent)
        self._session = session
        self._technician: Technician | None = None
        self._list = QVBoxLayout()
        self._list.setSpacing(theme.current().space(1))
        self._date = QDateEdit()
        self._date.setCalendarPopup(True)
        self._date.setDisplayFormat("yyyy-MM-dd")
        self._date.setAccessibleName(t("Date"))
        today = date.fromisoformat(local_date(session.now(), name.timezone(session)))
        self._date.setDate(QDate(today.year, today.month, today.day))
        self.times = Field()
        self.times.setObjectName("exception_times")
        self.times.setPlaceholderText(t("times, or empty for a day off"))
        self.times.setAccessibleName(t("Working time"))
        self.times.returnPressed.connect(self._on_set)
        put = QPushButton(t("Set##times"))
        put.clicked.connect(self._on_set)
        self._error = label("", "error", wrap=True)
        self._error.hide()
        row = QHBoxLayout()
        row.setSpacing(theme.current().space(2))
        row.addWidget(self._date)
        row.addWidget(self.times, 1)
        row.addWidget(put)
        self.body.addLayout(self._list)
        self.body.addLayout(row)
        self.body.addWidget(self._error)

    def show_technician(self, technician: Technician) -> None:
        """Show his exceptions from today on."""
        if self._technician is not None and self._technician.id != technician.id:
            self.times.clear()
            self._error.hide()
        self._technician = technician
        empty_out(self._list)
        today = local_date(self._session.now(), name.timezone(self._session))
        for each in technician.exceptions:
            if each.date >= today:
                self._list.addWidget(self._row(each))

    def _row(self, exception: ShiftException) -> QWidget:
        said = written(exception.hours) or t("off")
        button = QPushButton(t("Back to the pattern"))
        button.clicked.connect(lambda: self._submit(exception, back=True))
        return removable(f"{exception.date}   {said}", button)

    def _on_set(self) -> None:
        try:
            spans = parse(self.times.text())
        except NotATime as wrong:
            self._refuse(str(wrong))
            return
        day = self._date.date().toString(Qt.DateFormat.ISODate)
        if self._submit(hours_on(day, tuple(spans))):
            self.times.clear()

    def _submit(self, exception: ShiftException, *, back: bool = False) -> bool:
        if self._technician is None:
            return False
        command = SetShiftException(technician=self._technician.id, exception=exception, back_to_pattern=back)
        self._error.hide()
        return submit(self._session, command, self._refuse) is not None

    def _refuse(self, sentence: str, _rejected: Rejected | None = None) -> None:
        self._error.setText(sentence)
        self._error.show()


def removable(said: str, button: QPushButton) -> QWidget:
    """A line with a small button at its end."""
    line = QWidget()
    row = QHBoxLayout(line)
    row.setContentsMargins(0, 0, 0, 0)
    row.addWidget(label(said), 1)
    button.setProperty("kind", "link")
    button.setProperty("compact", True)
    button.setAccessibleName(f"{button.text()}: {said}")
    row.addWidget(button)
    return line


def empty_out(column: QVBoxLayout) -> None:
    """Take all lines away."""
    while (item := column.takeAt(0)) is not None:
        if widget := item.widget():
            widget.hide()
            widget.deleteLater()
