"""Other hours on the chosen dates, and the pattern of every week: for one technician or several at once."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date as calendar_date
from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QScrollArea, QVBoxLayout, QWidget

from dispatcher_app.client.state import Changed
from dispatcher_app.domain import role
from dispatcher_app.domain.calendar import local_date, midnight, moment, next_date
from dispatcher_app.domain.command import SetShiftException, SetShifts
from dispatcher_app.domain.region import Policy
from dispatcher_app.domain.technician import Shift, ShiftException, Span, Technician, hours_on
from dispatcher_app.text import t
from ui import name, theme
from ui.calendar.chosen import Chosen
from ui.calendar.day import hours, pattern_words
from ui.calendar.hit import Away, Hits
from ui.calendar.several import said, submit_all
from ui.controls.field import Field
from ui.controls.section import Section, label
from ui.controls.week import Week
from ui.models.pattern import NotATime, parse

if TYPE_CHECKING:
    from dispatcher_app.client.session import Session

DATES_MOST: Final = 31
"""More dates than a month has are not changed at once."""


class HoursPage(QWidget):
    """Emits `order_opened` for a visit that would be hit, and `saved` with what was done in words."""

    order_opened = Signal(str)

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self._chosen = Chosen()
        self._typing = False
        self.who = label("", "strong", wrap=True)
        self.now = label("", "muted", wrap=True)
        self.times = Field()
        self.times.setObjectName("calendar_times")
        self.times.setPlaceholderText("8:00-12:00 13:30-18:00")
        self.times.setAccessibleName(t("Working time"))
        self.save, self.off, self.back = (
            QPushButton(t("Save hours")), QPushButton(t("Day off")), QPushButton(t("Back to the pattern")),
        )  # fmt: skip
        self.error = label("", "error", wrap=True)
        self.error.setObjectName("calendar_hours_error")
        self.hits, self.week_hits = Hits(session), Hits(session)
        self.week = Week("calendar_week")
        self.save_week = QPushButton(t("Save every week"))
        self.save_week.setObjectName("calendar_save_week")
        self.week_error = label("", "error", wrap=True)
        self._lay_out()
        self._connect()
        self.show_chosen(Chosen())

    def show_chosen(self, chosen: Chosen) -> None:
        """Write for these technicians and dates; what is typed for others is let go."""
        other = (chosen.technicians, chosen.dates) != (self._chosen.technicians, self._chosen.dates)
        self._chosen = chosen
        if other:
            self._typing = False
            for shown in (self.error, self.week_error):
                shown.hide()
            self.hits.clear()
            self.week_hits.clear()
        self.refresh()

    def refresh(self) -> None:
        """Show the hours as they stand, unless somebody is typing others."""
        people = self._people()
        allowed = role.holds(self._session.actor, role.KEEPS_TECHNICIANS)
        ready = bool(people) and bool(self._chosen.dates) and allowed
        for part in (self.times, self.save, self.off, self.back):
            part.setEnabled(ready)
        self.week.setEnabled(bool(people) and allowed)
        self.who.setText(
            self._words(people) if people else t("Choose technicians and dates in the calendar.")
        )
        self.now.setText(self._now(people))
        if not self._typing and people and self._chosen.dates:
            self.times.setText(_same(people, self._chosen.dates) or "")
            self.times.set_invalid(None)
        if not self.save_week.isEnabled() or not people:
            self.week.write(people[0].shifts if people else ())
            self.save_week.setEnabled(False)

    # ------------------------------------------------------------ one date or several
    def _on_typed(self) -> None:
        self._typing = True
        self.error.hide()
        spans = self._parsed()
        if spans is None:
            self.hits.clear()
        else:
            self.hits.about(self._outside(spans))

    def _parsed(self) -> tuple[Span, ...] | None:
        """What is typed; says at the field what is wrong with it."""
        try:
            spans = tuple(parse(self.times.text()))
        except NotATime as wrong:
            self.times.set_invalid(str(wrong))
            self._refuse(str(wrong))
            return None
        self.times.set_invalid(None)
        self.error.hide()
        return spans

    def _outside(self, spans: tuple[Span, ...]) -> Iterator[Away]:
        """When they would work no more."""
        for id in self._chosen.technicians:
            for date in self._chosen.dates:
                yield from outside(id, date, spans, self._zone)

    def _on_save(self) -> None:
        spans = self._parsed()
        if spans is None:
            self.times.setFocus()
        elif not spans and self.times.text().strip() == "":
            self._refuse(t("Type hours, or press Day off."))
            self.times.setFocus()
        else:
            self._submit(lambda date: hours_on(date, spans))

    def _on_off(self) -> None:
        self._submit(ShiftException)

    def _on_back(self) -> None:
        self._submit(ShiftException, back=True)

    def _submit(self, made: Any, *, back: bool = False) -> None:
        if wrong := self._wrong():
            self._refuse(wrong)
            return
        commands = [
            (
                f"{each.name} {date}",
                SetShiftException(technician=each.id, exception=made(date), back_to_pattern=back),
            )
            for each in self._people()
            for date in self._chosen.dates
            if not back or any(known.date == date for known in each.exceptions)
        ]
        done = submit_all(self._session, commands)
        self._refuse(said(done))
        if done.count == len(commands):
            self._typing = False
            self.hits.clear()
        self.refresh()

    def _wrong(self) -> str:
        """Why nothing can be changed on these dates."""
        today = local_date(self._session.now(), self._zone)
        if any(date < today for date in self._chosen.dates):
            return t("Some of these dates are over; choose dates from today on.")
        if len(self._chosen.dates) > DATES_MOST:
            return t("At most {n} dates at once.", n=DATES_MOST)
        return ""

    # ------------------------------------------------------------ every week
    def _on_week_typed(self) -> None:
        self.save_week.setEnabled(bool(self._people()))
        shifts = self._week()
        if shifts is None:
            self.week_hits.clear()
            return
        self.week_hits.about(
            away
            for each in self._people()
            for date in self._ahead()
            if not any(known.date == date for known in each.exceptions)
            for away in outside(each.id, date, _on_weekday(shifts, date), self._zone)
        )

    def _ahead(self) -> list[str]:
        """The dates on which visits are planned."""
        policy = self._session.get(Policy, "policy") or Policy()
        today = local_date(self._session.now(), self._zone)
        return [next_date(today, each) for each in range(policy.horizon_days + 1)]

    def _week(self) -> tuple[Shift, ...] | None:
        try:
            shifts = self.week.read()
        except NotATime as wrong:
            self.week_error.setText(str(wrong))
            self.week_error.show()
            return None
        self.week_error.hide()
        return shifts

    def _on_save_week(self) -> None:
        if (shifts := self._week()) is None:
            self.week.setFocus()
            return
        commands = [
            (each.name, SetShifts(technician=each.id, from_version=each.version, shifts=shifts))
            for each in self._people()
        ]
        done = submit_all(self._session, commands)
        self.week_error.setText(said(done))
        self.week_error.setVisible(bool(done.refused))
        if done.count == len(commands):
            self.save_week.setEnabled(False)
            self.week_hits.clear()

    # ------------------------------------------------------------ inside
    @property
    def _zone(self) -> str:
        return name.timezone(self._session)

    def _people(self) -> list[Technician]:
        found = (self._session.get(Technician, id) for id in self._chosen.technicians)
        return [each for each in found if each is not None]

    def _words(self, people: list[Technician]) -> str:
        dates = self._chosen.dates
        who = people[0].name if len(people) == 1 else t("{n} technicians", n=len(people))
        when = (
            dates[0]
            if len(dates) == 1
            else t("{n} dates from {first} to {last}", n=len(dates), first=dates[0], last=dates[-1])
            if dates
            else ""
        )
        return " · ".join(filter(None, (who, when)))

    def _now(self, people: list[Technician]) -> str:
        if not people:
            return ""
        patterns = {pattern_words(each) for each in people}
        words = (
            t("Every week: {pattern}", pattern=patterns.pop())
            if len(patterns) == 1
            else t("Different patterns.")
        )
        if any(not each.shifts for each in people):
            words += " " + t("Without a shift nobody is ever offered work.")
        return words

    def _refuse(self, sentence: str) -> None:
        self.error.setText(sentence)
        self.error.setVisible(bool(sentence))

    def _on_changed(self, changed: Changed) -> None:
        if changed.everything or "technician" in changed.ids:
            self.refresh()

    def _connect(self) -> None:
        self.times.textEdited.connect(lambda _text: self._on_typed())
        self.times.returnPressed.connect(self._on_save)
        self.save.clicked.connect(self._on_save)
        self.off.clicked.connect(self._on_off)
        self.back.clicked.connect(self._on_back)
        self.week.edited.connect(self._on_week_typed)
        self.save_week.clicked.connect(self._on_save_week)
        for hits in (self.hits, self.week_hits):
            hits.order_wanted.connect(self.order_opened)
        stop = self._session.subscribe(changed=self._on_changed)
        self.destroyed.connect(lambda: stop())

    def _lay_out(self) -> None:
        look = theme.current()
        for button, code in ((self.save, "save"), (self.off, "off"), (self.back, "back")):
            button.setObjectName(f"calendar_hours_{code}")
        self.save.setProperty("kind", "primary")
        self.back.setProperty("kind", "quiet")
        buttons = QHBoxLayout()
        buttons.setSpacing(look.space(2))
        for button in (self.save, self.off, self.back):
            buttons.addWidget(button)
        buttons.addStretch()
        dates, week = Section(t("On the chosen dates")), Section(t("Every week##section"))
        for part in (self.times, self.error, self.hits):
            dates.body.addWidget(part)
        dates.body.addLayout(buttons)
        for widget in (self.week, self.week_error, self.week_hits, self.save_week):
            week.body.addWidget(widget)
        self.error.hide()
        self.week_error.hide()
        body = QFrame()
        column = QVBoxLayout(body)
        column.setContentsMargins(*(look.space(3),) * 4)
        column.setSpacing(look.space(3))
        for section in (self.who, self.now, dates, week):
            column.addWidget(section)
        column.addStretch(1)
        scroll = QScrollArea()
        scroll.setWidget(body)
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setFocusPolicy(scroll.focusPolicy().NoFocus)
        scroll.setHorizontalScrollBarPolicy(scroll.horizontalScrollBarPolicy().ScrollBarAlwaysOff)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(scroll)
        self.setFocusProxy(self.times)


def outside(technician: str, date: str, spans: tuple[Span, ...], timezone: str) -> Iterator[Away]:
    """What these hours leave of a local date."""
    at = midnight(date, timezone)
    for start, end in sorted(spans):
        begin = moment(date, start, timezone)
        if at < begin:
            yield Away(technician, at, begin)
        at = moment(date, end, timezone)
    if at < (last := midnight(next_date(date), timezone)):
        yield Away(technician, at, last)


def _on_weekday(shifts: tuple[Shift, ...], date: str) -> tuple[Span, ...]:
    weekday = calendar_date.fromisoformat(date).weekday()
    return tuple((each.start, each.end) for each in shifts if each.weekday == weekday)


def _same(people: list[Technician], dates: tuple[str, ...]) -> str | None:
    """The hours, where all of them have the same on all dates."""
    found = {hours(each, date) for each in people for date in dates}
    return found.pop() if len(found) == 1 else None
