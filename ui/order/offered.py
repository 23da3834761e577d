"""A window to be promised: one of those that are offered, another one typed, or none yet."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QDate, Qt, QTime, Signal
from PySide6.QtWidgets import QDateEdit, QListWidget, QListWidgetItem, QTimeEdit, QVBoxLayout, QWidget

from dispatcher_app.client.api import Offline
from dispatcher_app.domain.act import Rejected
from dispatcher_app.domain.calendar import MINUTE_MS, midnight
from dispatcher_app.domain.command import BookedLine
from dispatcher_app.domain.order import Line, Order, Window
from dispatcher_app.planning.windows import Offered, OfferedWindow
from dispatcher_app.text import t
from ui import format, name, theme
from ui.controls.field import inset
from ui.models.offer import reason
from ui.order.form import row_of
from ui.task import Latest

if TYPE_CHECKING:
    from dispatcher_app.client.session import Session

_WINDOW: Final = Qt.ItemDataRole.UserRole
_OTHER: Final = "other"


class WindowChoice(QWidget):
    """Windows come with how many people could take them; full ones are shown and can't be chosen."""

    changed = Signal()

    def __init__(self, session: Session, order: Order, lines: Sequence[Line] | None = None) -> None:
        super().__init__()
        self._session, self._order = session, order
        self._lines = order.lines if lines is None else lines
        self.windows = QListWidget()
        self.windows.setObjectName("windows")
        self.windows.setAccessibleName(t("Windows"))
        self.windows.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.windows.setTextElideMode(Qt.TextElideMode.ElideRight)
        self.windows.setFixedHeight(theme.current().px(31) * 5 + 2)
        self.date = QDateEdit()
        self.date.setCalendarPopup(True)
        self.date.setDisplayFormat("yyyy-MM-dd")
        self.begin, self.end = QTimeEdit(), QTimeEdit()
        for field, word in ((self.date, t("Date")), (self.begin, t("From")), (self.end, t("To"))):
            field.setAccessibleName(word)
        for field in (self.begin, self.end):
            field.setDisplayFormat("HH:mm")
            inset(field)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.current().space(2))
        column.addWidget(self.windows)
        column.addLayout(row_of(self.date, self.begin, "–", self.end))
        self._asking = Latest(self)
        self.offered: Offered | None = None
        self._meant: Window | None = None
        self._insisted: Window | None = None
        self._begin_with(order.window)
        self.setFocusProxy(self.windows)
        self.ask()
        self.windows.currentItemChanged.connect(lambda _now, _before: self._on_window())
        self._on_window()

    @property
    def chosen(self) -> Window | str | None:
        """The window chosen, a word for one to be typed, None for none yet."""
        if self.windows.currentRow() < 0:
            return _OTHER
        chosen: Window | str | None = self.windows.currentItem().data(_WINDOW)
        return chosen

    def window_meant(self) -> Window | None:
        """The window to be promised, None for none yet."""
        chosen = self.chosen
        return self._typed() if isinstance(chosen, str) else chosen

    def choose(self, window: Window) -> None:
        """Put the caret on a window, as soon as it is known whether it can be promised."""
        self._meant = window
        for row in range(self.windows.count()):
            item = self.windows.item(row)
            if item.data(_WINDOW) == window and item.flags() & Qt.ItemFlag.ItemIsEnabled:
                self.windows.setCurrentRow(row)
                return
        if self._insisted == window:
            self._type(window)

    def insist(self, window: Window) -> None:
        """Put the caret on a window, be it offered or not: somebody has a place for it already."""
        self._insisted = window
        self.choose(window)

    def _type(self, window: Window) -> None:
        begin, end = (format.local(each, name.timezone(self._session)) for each in (window.start, window.end))
        self.date.setDate(QDate(begin.year, begin.month, begin.day))
        self.begin.setTime(QTime(begin.hour, begin.minute))
        self.end.setTime(QTime(end.hour, end.minute))
        other = [row for row in range(self.windows.count()) if self.windows.item(row).data(_WINDOW) == _OTHER]
        self.windows.setCurrentRow(other[0] if other else -1)

    def found(self) -> OfferedWindow | None:
        """What is offered in the window chosen, None for one that is typed."""
        chosen, windows = self.chosen, self.offered.windows if self.offered is not None else ()
        return next((each for each in windows if chosen == Window(each.start, each.end)), None)

    def _begin_with(self, said: Window | None) -> None:
        local = format.local(said.start if said else self._session.now(), name.timezone(self._session))
        self.date.setDate(QDate(local.year, local.month, local.day))
        self.begin.setTime(QTime(local.hour, 0))
        self.end.setTime(QTime(min(local.hour + 2, 23), 59 if local.hour > 21 else 0))

    def ask(self) -> None:
        """Ask what can be promised now."""
        order = self._order
        lines = booked(self._lines)

        async def ask() -> Offered | None:
            try:
                return await self._session.windows(
                    lines, district=order.district, point=order.point, urgency=order.urgency, order=order.id
                )
            except (Offline, Rejected):
                return None

        if self.offered is None:
            self.windows.addItem(t("Looking for windows…"))
        self._asking.ask(ask(), self._on_offered)

    def _on_offered(self, offered: Offered | None) -> None:
        self.offered = offered
        self.windows.clear()
        now, timezone = self._session.now(), name.timezone(self._session)
        best = {each.start: each for each in offered.best} if offered else {}
        found = offered.windows if offered else ()
        for each in sorted(found, key=lambda window: (window.start not in best, window.start)):
            said = format.window(each.start, each.end, now, timezone)
            if each.start in best:
                why = t("best: {reason}", reason=reason(self._session, best[each.start].reason))
            elif each.full:
                why = reason(self._session, each.reason) if each.reason else t("full")
            else:
                why = t("{n} could come", n=each.left)
            item = QListWidgetItem(f"{said}   {why}")
            item.setData(_WINDOW, Window(each.start, each.end))
            if each.full:
                item.setFlags(Qt.ItemFlag.NoItemFlags)
            self.windows.addItem(item)
        other = QListWidgetItem(t("Another time, set below"))
        other.setData(_WINDOW, _OTHER)
        self.windows.addItem(other)
        self.windows.addItem(QListWidgetItem(t("No window yet, call the customer back")))
        self.windows.setCurrentRow(0)
        if self._meant is not None:
            self.choose(self._meant)

    def _on_window(self) -> None:
        for field in (self.date, self.begin, self.end):
            field.setEnabled(self.chosen == _OTHER)
        self.changed.emit()

    def _typed(self) -> Window:
        begin = midnight(self.date.date().toString(Qt.DateFormat.ISODate), name.timezone(self._session))
        return Window(begin + _minutes(self.begin) * MINUTE_MS, begin + _minutes(self.end) * MINUTE_MS)


def booked(lines: Sequence[Line]) -> tuple[BookedLine, ...]:
    """The lines of an order as they are asked about."""
    return tuple(
        BookedLine(
            item=line.item, fault=line.fault, brand=line.brand, model=line.model, quantity=line.quantity
        )
        for line in lines
    )


def _minutes(field: QTimeEdit) -> int:
    return int(field.time().msecsSinceStartOfDay() // MINUTE_MS)
