"""The calendar in the window: a tab of the middle, with what it wants of booking, planning and administration."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import QObject, QSettings, QTimer, Signal
from PySide6.QtWidgets import QWidget

from dispatcher_app.client.state import Changed
from dispatcher_app.text import t
from ui.calendar.asked import waiting
from ui.calendar.panel import CalendarPanel
from ui.settings import choice
from ui.window.arrangement import Arrangement

if TYPE_CHECKING:
    from dispatcher_app.client.session import Session

_KEPT: Final = "calendar"
_AGE_MS: Final = 30_000
"""Requests lapse without anybody doing anything."""


class Availability(QObject):
    """Emits what is chosen or opened in it, `book_wanted` with a date, `absence_wanted` and `years_wanted`."""

    order_opened = Signal(str)
    technician_chosen = Signal(str)
    book_wanted = Signal(str)
    absence_wanted = Signal(str, object, object)
    years_wanted = Signal()

    def __init__(self, session: Session, arranged: Arrangement, before: QWidget) -> None:
        super().__init__(arranged.split)
        self._session, self._arranged = session, arranged
        self._kept: dict[str, Any] = {}
        self._order: str | None = None
        self._technician: str | None = None
        self._tab = arranged.keep_place(
            arranged.tabs.indexOf(before), t("Calendar##tab"), lambda: self.panel, "calendar_panel"
        )
        arranged.tabs.currentChanged.connect(lambda _at: self._say_wide())
        arranged.on_widened.append(self._say_wide)
        self._age = QTimer(self, interval=_AGE_MS)
        self._age.timeout.connect(self._count)
        self._age.start()
        stop = session.subscribe(changed=self._on_changed)
        self.destroyed.connect(lambda: stop())
        self._count()

    @cached_property
    def panel(self) -> CalendarPanel:
        """The calendar, made when somebody first wants it: to count a month of everybody takes a while."""
        panel = CalendarPanel(self._session)
        panel.restore(self._kept)
        panel.show_order(self._order)
        panel.show_technician(self._technician)
        for told, passed in (
            (panel.order_opened, self.order_opened),
            (panel.technician_chosen, self.technician_chosen),
            (panel.book_wanted, self.book_wanted),
            (panel.absence_wanted, self.absence_wanted),
            (panel.years_wanted, self.years_wanted),
        ):
            told.connect(passed)
        panel.wide_wanted.connect(self._widen)
        place, self._tab = self._tab, panel
        self._arranged.move_in(place, panel)
        panel.bar.wide.setChecked(self._arranged.is_widened(panel))
        return panel

    @property
    def _made(self) -> CalendarPanel | None:
        """The calendar if somebody has wanted it."""
        return self._tab if isinstance(self._tab, CalendarPanel) else None

    def handlers(self) -> dict[str, Callable[[], object]]:
        """The actions that are answered here."""
        return {
            "calendar": lambda: self._arranged.go(self.panel),
            "calendar_requests": self._here(lambda: self.panel.show_requests()),
            "calendar_today": self._here(lambda: self.panel.bar.go_today()),
            "calendar_previous": self._here(lambda: self.panel.bar.step(-1)),
            "calendar_next": self._here(lambda: self.panel.bar.step(1)),
            "calendar_month": self._here(lambda: self.panel.bar.show_view("month")),
            "calendar_week": self._here(lambda: self.panel.bar.show_view("week")),
            "calendar_day": self._here(lambda: self.panel.bar.show_view("day")),
            "calendar_group": self._here(lambda: self.panel.bar.next_group()),
            "calendar_find": self._here(lambda: self.panel.seek()),
        }

    def show_order(self, id: str | None) -> None:
        """The order that is looked at everywhere."""
        self._order = id
        if self._made is not None:
            self._made.show_order(id)

    def show_technician(self, id: str | None) -> None:
        """The technician who is looked at everywhere."""
        self._technician = id
        if self._made is not None:
            self._made.show_technician(id)

    def keep(self, settings: QSettings) -> None:
        """Write down what comes back tomorrow."""
        state = self._made.state() if self._made is not None else self._kept
        choice.write_group(settings, _KEPT, {**state, "wide": self._arranged.is_widened(self._tab)})

    def restore(self, settings: QSettings) -> None:
        """As it was yesterday; at first it has the whole width, which a month needs."""
        self._kept = choice.read_group(settings, _KEPT)
        if self._made is not None:
            self._made.restore(self._kept)
        self._arranged.widen(self._tab, self._kept.get("wide", True) is not False)
        self._say_wide()

    def _here(self, do: Callable[[], object]) -> Callable[[], object]:
        """Do it where it can be seen."""

        def done() -> None:
            panel = self.panel
            if not self._arranged.shows(panel):
                self._arranged.go(panel)
            do()

        return done

    def _widen(self) -> None:
        self._arranged.only(self.panel)
        self._say_wide()

    def _say_wide(self) -> None:
        if self._made is not None:
            self._made.bar.wide.setChecked(self._arranged.is_widened(self._made))

    def _on_changed(self, changed: Changed) -> None:
        if changed.everything or not {"shift_requests", "technician"}.isdisjoint(changed.ids):
            self._count()

    def _count(self) -> None:
        """Write on the tab how many requests wait, whether the calendar is looked at or not."""
        count = len(waiting(self._session))
        words = t("Calendar##tab")
        tip = t("{n} requests wait##calendar", n=count) if count else ""
        self._arranged.panels.retitle(self._tab, f"{words} {count}" if count else words, tip)
