"""Public holidays and make-up days: shown for the dates in hand, entered here by administrators."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final, Literal, cast

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QFrame, QPushButton, QVBoxLayout, QWidget

from dispatcher_app.client.state import Changed
from dispatcher_app.domain import role
from dispatcher_app.domain.command import SaveHolidayYear
from dispatcher_app.domain.holiday import HolidayYear, SpecialDay
from dispatcher_app.text import t
from ui import theme
from ui.calendar.chosen import Chosen
from ui.calendar.face import special_name
from ui.calendar.period import dated
from ui.calendar.several import said, submit_all
from ui.controls.field import Field
from ui.controls.section import Section, label

if TYPE_CHECKING:
    from dispatcher_app.client.session import Session

_KINDS: Final = {
    "holiday": "public holiday##day", "workday": "working day (make-up)##day", "": "as its weekday says##day",
}  # fmt: skip


def unpublished(session: Session, dates: tuple[str, ...]) -> list[str]:
    """The years of these dates whose holidays nobody has entered."""
    return [year for year in sorted({each[:4] for each in dates}) if session.get(HolidayYear, year) is None]


class HolidayPage(QWidget):
    """Emits `years_wanted` for the list of whole years."""

    years_wanted = Signal()

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self._chosen = Chosen()
        self.opened = role.holds(session.actor, role.ADMINISTERS)
        self.words = label("", "", wrap=True)
        self.words.setObjectName("calendar_holiday_words")
        self.kind = QComboBox()
        self.kind.setObjectName("calendar_holiday_kind")
        self.kind.setAccessibleName(t("Kind"))
        for code, word in _KINDS.items():
            self.kind.addItem(t(word), code)
        self.chinese, self.english = Field(), Field()
        for field, code, word in (
            (self.chinese, "name", t("Name (Chinese)")), (self.english, "name_en", t("Name (English)")),
        ):  # fmt: skip
            field.setObjectName(f"calendar_holiday_{code}")
            field.setPlaceholderText(word)
            field.setAccessibleName(word)
            field.setMaxLength(40)
        self.save, self.years = QPushButton(t("Save")), QPushButton(t("All days of the year…"))
        self.error = label("", "error", wrap=True)
        self.error.setObjectName("calendar_holiday_error")
        self._lay_out()
        self.kind.currentIndexChanged.connect(lambda _at: self._on_kind())
        self.save.clicked.connect(self._on_save)
        self.chinese.returnPressed.connect(self._on_save)
        self.english.returnPressed.connect(self._on_save)
        self.years.clicked.connect(self.years_wanted)
        stop = session.subscribe(changed=self._on_changed)
        self.destroyed.connect(lambda: stop())
        self.refresh()

    def show_chosen(self, chosen: Chosen) -> None:
        """For these dates."""
        other = chosen.dates != self._chosen.dates
        self._chosen = chosen
        if other:
            self._fill()
        self.refresh()

    def refresh(self) -> None:
        """Say what the dates are."""
        dates = self._chosen.dates
        lines = [self._said(each) for each in dates[:10]]
        if len(dates) > 10:
            lines.append(t("and {n} more dates", n=len(dates) - 10))
        self.words.setText("\n".join(lines) or t("Choose dates in the calendar."))
        for part in (self.kind, self.chinese, self.english, self.save):
            part.setEnabled(self.opened and bool(dates))

    def _said(self, date: str) -> str:
        year = self._session.get(HolidayYear, date[:4])
        special = year.by_date.get(date) if year is not None else None
        if year is None:
            return t("{date}: the holidays of {year} are not entered", date=dated(date), year=date[:4])
        if special is None:
            return dated(date)
        kind = t(_KINDS[special.kind])
        return t("{date}: {name}, {kind}", date=dated(date), name=special_name(special), kind=kind)

    def _fill(self) -> None:
        dates = self._chosen.dates
        year = self._session.get(HolidayYear, dates[0][:4]) if dates else None
        special = year.by_date.get(dates[0]) if year is not None and dates else None
        self.error.hide()
        self.kind.setCurrentIndex(self.kind.findData(special.kind if special else ""))
        self.chinese.setText(special.name if special else "")
        self.english.setText(special.name_en if special else "")
        self._on_kind()

    def _on_kind(self) -> None:
        named = bool(self.kind.currentData())
        self.chinese.setVisible(named)
        self.english.setVisible(named)

    def _on_save(self) -> None:
        kind, title = str(self.kind.currentData()), self.chinese.text().strip()
        if kind and not title:
            self._refuse(t("Enter what the day is called."), True)
            self.chinese.setFocus()
            return
        commands = []
        for id in sorted({each[:4] for each in self._chosen.dates}):
            year = self._session.get(HolidayYear, id) or HolidayYear(id=id)
            dates = [each for each in self._chosen.dates if each[:4] == id]
            kept = [each for each in year.days if each.date not in dates]
            if kind:
                of = cast(Literal["holiday", "workday"], kind)
                english = self.english.text().strip()
                kept += [SpecialDay(date=each, kind=of, name=title, name_en=english) for each in dates]
            made = replace(year, days=tuple(sorted(kept, key=lambda each: each.date)))
            commands.append((id, SaveHolidayYear(year=made)))
        self._refuse(said(submit_all(self._session, commands)), False)
        self.refresh()

    def _refuse(self, sentence: str, at_name: bool) -> None:
        self.error.setText(sentence)
        self.error.setVisible(bool(sentence))
        self.chinese.set_invalid(sentence if at_name else None)

    def _on_changed(self, changed: Changed) -> None:
        if changed.everything or HolidayYear.kind in changed.ids:
            self.refresh()

    def _lay_out(self) -> None:
        look = theme.current()
        self.save.setObjectName("calendar_holiday_save")
        self.years.setProperty("kind", "quiet")
        self.error.hide()
        form = Section(t("What these dates are"))
        for part in (self.kind, self.chinese, self.english, self.error, self.save):
            form.body.addWidget(part)
        column = QVBoxLayout(body := QFrame())
        column.setContentsMargins(*(look.space(3),) * 4)
        column.setSpacing(look.space(3))
        for each in (self.words, form, self.years):
            column.addWidget(each)
        form.setVisible(self.opened)
        self.years.setVisible(self.opened)
        if not self.opened:
            column.addWidget(label(t("Only administrators change public holidays."), "muted", wrap=True))
        column.addStretch(1)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(body)
        self.setFocusProxy(self.kind if self.opened else self.years)
        self._on_kind()
