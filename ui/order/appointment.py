"""Another promised window: from the offered ones or freely, with reason, side and the customer's consent."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QDate, Qt, QTime
from PySide6.QtWidgets import QCheckBox, QComboBox, QDateEdit, QListWidget, QListWidgetItem, QTimeEdit

from dispatcher_app.client.api import Offline
from dispatcher_app.domain.act import Rejected
from dispatcher_app.domain.calendar import MINUTE_MS, midnight
from dispatcher_app.domain.command import BookedLine, ChangeAppointment
from dispatcher_app.domain.order import Order, Side, Window
from dispatcher_app.planning.windows import Offered
from dispatcher_app.text import t
from ui import format, name, theme
from ui.controls.section import label
from ui.order.form import Form, row_of
from ui.order.reason import CHANGE, SIDES
from ui.task import Latest

if TYPE_CHECKING:
    from dispatcher_app.client.session import Session

_WINDOW: Final = Qt.ItemDataRole.UserRole
_OTHER: Final = "other"


class AppointmentForm(Form):
    """Windows come with how many people could take them; full ones are shown and can't be chosen."""

    def __init__(self, session: Session, order: Order) -> None:
        super().__init__(
            session, order, t("Change appointment of {number}", number=order.number), t("Change##go")
        )
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
        self.reason, self.side = QComboBox(), QComboBox()
        self.reason.setAccessibleName(t("Reason"))
        self.side.setAccessibleName(t("From whose side"))
        for code, (word, _side) in CHANGE.items():
            self.reason.addItem(t(word), code)
        for code in SIDES:
            self.side.addItem(name.side(code), code)
        self.consent = QCheckBox(t("The customer agrees to this window"))
        self.consent.setObjectName("consent")
        self._asking = Latest(self)
        self._lay_out()
        self._ask_windows()
        self.reason.currentIndexChanged.connect(self._on_reason)
        self.windows.currentItemChanged.connect(lambda _now, _before: self._on_window())
        self.ask = self._command
        self.setFocusProxy(self.windows)

    def _lay_out(self) -> None:
        said = self.order.window
        now, timezone = self.session.now(), name.timezone(self.session)
        before = format.window(said.start, said.end, now, timezone) if said else t("no window yet")
        self.body.addWidget(label(t("Promised now: {window}", window=before), "muted", wrap=True))
        if self.order.technician is not None:
            who = name.technician(self.session, self.order.technician)
            self.body.addWidget(
                label(t("{name} is taken off and planned anew.", name=who), "small", wrap=True)
            )
        self.body.addWidget(self.windows)
        self.body.addLayout(row_of(self.date, self.begin, "–", self.end))
        self.body.addLayout(row_of(t("Reason"), self.reason))
        self.body.addLayout(row_of(t("From whose side"), self.side))
        self.body.addWidget(self.consent)
        local = format.local(said.start if said else now, timezone)
        self.date.setDate(QDate(local.year, local.month, local.day))
        self.begin.setTime(QTime(local.hour, 0))
        self.end.setTime(QTime(min(local.hour + 2, 23), 59 if local.hour > 21 else 0))
        self._on_window()

    def _ask_windows(self) -> None:
        order = self.order
        lines = tuple(
            BookedLine(
                item=line.item, fault=line.fault, brand=line.brand, model=line.model, quantity=line.quantity
            )
            for line in order.lines
        )

        async def ask() -> Offered | None:
            try:
                return await self.session.windows(
                    lines, district=order.district, point=order.point, urgency=order.urgency, order=order.id
                )
            except (Offline, Rejected):
                return None

        self.windows.addItem(t("Looking for windows…"))
        self._asking.ask(ask(), self._on_offered)

    def _on_offered(self, offered: Offered | None) -> None:
        self.windows.clear()
        now, timezone = self.session.now(), name.timezone(self.session)
        best = {each.start: each for each in offered.best} if offered else {}
        found = offered.windows if offered else ()
        for each in sorted(found, key=lambda window: (window.start not in best, window.start)):
            said = format.window(each.start, each.end, now, timezone)
            if each.start in best:
                why = t("best: {reason}", reason=name.broken(self.session, best[each.start].reason))
            elif each.full:
                why = name.broken(self.session, each.reason) if each.reason else t("full")
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
        later = QListWidgetItem(t("No window yet, call the customer back"))
        self.windows.addItem(later)
        self.windows.setCurrentRow(0)

    @property
    def chosen(self) -> Window | str | None:
        """The window chosen, a word for one to be typed, None for none yet."""
        if self.windows.currentRow() < 0:
            return _OTHER
        item = self.windows.currentItem()
        chosen: Window | str | None = item.data(_WINDOW)
        return chosen

    def _on_window(self) -> None:
        chosen = self.chosen
        for field in (self.date, self.begin, self.end):
            field.setEnabled(chosen == _OTHER)
        self.consent.setEnabled(chosen is not None)

    def _on_reason(self) -> None:
        _word, side = CHANGE[self.reason.currentData()]
        self.side.setCurrentIndex(SIDES.index(side))

    def _command(self) -> ChangeAppointment:
        chosen, side = self.chosen, self.side.currentData()
        window = self._typed() if isinstance(chosen, str) else chosen
        by: Side = side
        return ChangeAppointment(
            order=self.order.id,
            from_window=self.order.window,
            window=window,
            side=by,
            reason=self.reason.currentData(),
            consent=self.consent.isChecked(),
        )

    def _typed(self) -> Window:
        begin = midnight(self.date.date().toString(Qt.DateFormat.ISODate), name.timezone(self.session))
        return Window(begin + _minutes(self.begin) * MINUTE_MS, begin + _minutes(self.end) * MINUTE_MS)


def _minutes(field: QTimeEdit) -> int:
    return int(field.time().msecsSinceStartOfDay() // MINUTE_MS)
