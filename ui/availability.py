"""The calendar in the window: a tab of the middle, with what it wants of booking, planning and administration."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, QSettings, Signal
from PySide6.QtWidgets import QWidget

from dispatcher_app.text import t
from ui.arrangement import Arrangement
from ui.calendar.panel import CalendarPanel
from ui.settings import choice

if TYPE_CHECKING:
    from dispatcher_app.client.session import Session

_KEPT: Final = "calendar"


class Availability(QObject):
    """Emits what is chosen or opened in it, `book_wanted` with a date, `absence_wanted` and `years_wanted`."""

    order_opened = Signal(str)
    technician_chosen = Signal(str)
    book_wanted = Signal(str)
    absence_wanted = Signal(str, object, object)
    years_wanted = Signal()

    def __init__(self, session: Session, arranged: Arrangement, before: QWidget) -> None:
        super().__init__(arranged.split)
        self._arranged = arranged
        self.panel = panel = CalendarPanel(session)
        arranged.tabs.insertTab(arranged.tabs.indexOf(before), panel, t("Calendar##tab"))
        for told, passed in (
            (panel.order_opened, self.order_opened),
            (panel.technician_chosen, self.technician_chosen),
            (panel.book_wanted, self.book_wanted),
            (panel.absence_wanted, self.absence_wanted),
            (panel.years_wanted, self.years_wanted),
        ):
            told.connect(passed)
        panel.wide_wanted.connect(self._widen)
        panel.counted.connect(self._on_counted)
        arranged.tabs.currentChanged.connect(lambda _at: self._say_wide())
        arranged.on_widened.append(self._say_wide)
        self._on_counted(panel.side.waiting)

    def handlers(self) -> dict[str, Callable[[], object]]:
        """The actions that are answered here."""
        bar = self.panel.bar
        return {
            "calendar": lambda: self._arranged.go(self.panel),
            "calendar_requests": self._here(self.panel.show_requests),
            "calendar_today": self._here(bar.go_today),
            "calendar_previous": self._here(lambda: bar.step(-1)),
            "calendar_next": self._here(lambda: bar.step(1)),
            "calendar_month": self._here(lambda: bar.show_view("month")),
            "calendar_week": self._here(lambda: bar.show_view("week")),
            "calendar_day": self._here(lambda: bar.show_view("day")),
            "calendar_group": self._here(bar.next_group),
            "calendar_find": self._here(self.panel.seek),
        }

    def show_order(self, id: str | None) -> None:
        """The order that is looked at everywhere."""
        self.panel.show_order(id)

    def show_technician(self, id: str | None) -> None:
        """The technician who is looked at everywhere."""
        self.panel.show_technician(id)

    def keep(self, settings: QSettings) -> None:
        """Write down what comes back tomorrow."""
        wide = self._arranged.is_widened(self.panel)
        choice.write_group(settings, _KEPT, {**self.panel.state(), "wide": wide})

    def restore(self, settings: QSettings) -> None:
        """As it was yesterday; at first it has the whole width, which a month needs."""
        kept = choice.read_group(settings, _KEPT)
        self.panel.restore(kept)
        self._arranged.widen(self.panel, kept.get("wide", True) is not False)
        self._say_wide()

    def _here(self, do: Callable[[], object]) -> Callable[[], object]:
        """Do it where it can be seen."""

        def done() -> None:
            if self._arranged.tabs.currentWidget() is not self.panel or self._arranged.at_counter:
                self._arranged.go(self.panel)
            do()

        return done

    def _widen(self) -> None:
        self._arranged.widen(self.panel, not self._arranged.is_widened(self.panel))
        self._say_wide()

    def _say_wide(self) -> None:
        self.panel.bar.wide.setChecked(self._arranged.is_widened(self.panel))

    def _on_counted(self, count: int) -> None:
        at = self._arranged.tabs.indexOf(self.panel)
        words = t("Calendar##tab")
        self._arranged.tabs.setTabText(at, f"{words} {count}" if count else words)
        self._arranged.tabs.setTabToolTip(at, t("{n} requests wait##calendar", n=count) if count else "")
