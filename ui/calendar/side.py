"""Beside the calendar: what is in the cell in hand, and the forms that change it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QTabWidget, QWidget

from dispatcher_app.text import t
from ui.calendar.asked import RequestsPage
from ui.calendar.away import AwayPage
from ui.calendar.chosen import Chosen
from ui.calendar.figures import Figures
from ui.calendar.holiday import HolidayPage
from ui.calendar.hours import HoursPage
from ui.calendar.what import WhatPage

if TYPE_CHECKING:
    from dispatcher_app.client.session import Session

_PAGES: Final = {
    "what": "Cell##calendar", "hours": "Hours##calendar", "away": "Leave##calendar", "asked": "Requests##calendar",
    "holiday": "Holidays##calendar",
}  # fmt: skip


class CalendarSide(QTabWidget):
    """Passes on what its pages emit; a screen that only looks has no forms."""

    order_opened = Signal(str)
    technician_wanted = Signal(str)
    book_wanted = Signal(str)
    absence_wanted = Signal(str, object, object)
    looked_at = Signal(str, object)
    years_wanted = Signal()
    counted = Signal(int)

    def __init__(self, session: Session, figures: Figures, *, read_only: bool) -> None:
        super().__init__()
        self.setObjectName("calendar_side")
        self.setDocumentMode(True)
        self.what = WhatPage(session, figures, read_only=read_only)
        self.hours, self.away = HoursPage(session), AwayPage(session)
        self.asked, self.holiday = RequestsPage(session), HolidayPage(session)
        self._pages: dict[str, QWidget] = {
            "what": self.what, "hours": self.hours, "away": self.away, "asked": self.asked, "holiday": self.holiday,
        }  # fmt: skip
        for code, page in self._pages.items():
            if code == "what" or not read_only:
                self.addTab(page, t(_PAGES[code]))
            else:
                page.setParent(self)
                page.hide()
        for opens in (self.what, self.hours, self.away, self.asked):
            opens.order_opened.connect(self.order_opened)
        self.what.technician_wanted.connect(self.technician_wanted)
        self.what.book_wanted.connect(self.book_wanted)
        self.away.absence_wanted.connect(self.absence_wanted)
        self.asked.looked_at.connect(self.looked_at)
        self.asked.counted.connect(self._on_counted)
        self.holiday.years_wanted.connect(self.years_wanted)

    @property
    def waiting(self) -> int:
        """How many requests wait."""
        return self.asked.list.count()

    def show_chosen(self, chosen: Chosen) -> None:
        """Everything here is about this from now on."""
        self.what.show_chosen(chosen)
        for page in (self.hours, self.away, self.holiday):
            page.show_chosen(chosen)

    def go(self, code: str) -> None:
        """Show a page and give it the keys."""
        page = self._pages[code]
        if self.indexOf(page) >= 0:
            self.setCurrentWidget(page)
            (self.what.first() if page is self.what else page).setFocus()

    def _on_counted(self, count: int) -> None:
        at = self.indexOf(self.asked)
        if at >= 0:
            words = t(_PAGES["asked"])
            self.setTabText(at, f"{words} {count}" if count else words)
        self.counted.emit(count)
