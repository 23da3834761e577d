"""What a repair costs at a time the caller names: amount by amount, each with its reason."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QDate, Qt, Signal
from PySide6.QtWidgets import QComboBox, QDateEdit, QGridLayout, QVBoxLayout, QWidget

from dispatcher_app.domain.act import Rejected
from dispatcher_app.domain.calendar import MINUTE_MS, local_date, midnight
from dispatcher_app.domain.catalogue import Item
from dispatcher_app.domain.order import Quote, Urgency, Window
from dispatcher_app.domain.place import Point
from dispatcher_app.domain.pricing import Wanted, priced_line, quote
from dispatcher_app.domain.region import Policy
from dispatcher_app.domain.rule.facts import tariff
from dispatcher_app.text import t
from ui import charge, format, name, theme
from ui.controls.flow import Flow
from ui.controls.section import label

if TYPE_CHECKING:
    from dispatcher_app.client.session import Session

_URGENCIES: Final[tuple[tuple[Urgency, str], ...]] = (
    ("normal", "Not urgent"),
    ("same_day", "Same day"),
    ("emergency", "Emergency##urgency"),
)


class Price(QWidget):
    """The price of one fault; `told` follows it."""

    told = Signal(object)

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._item: Item | None = None
        self._fault: str | None = None
        self._brand = ""
        self._point: Point | None = None
        self.date, self.hour, self.urgency = QDateEdit(), QComboBox(), QComboBox()
        self._rows = QGridLayout()
        self.quote: Quote | None = None
        self._lay_out()
        for change in (
            self.date.dateChanged,
            self.hour.currentIndexChanged,
            self.urgency.currentIndexChanged,
        ):
            change.connect(lambda _now: self.refresh())

    def show_fault(self, item: Item | None, fault: str | None, brand: str, point: Point | None) -> None:
        """Price this fault; without a point the way is not known."""
        self._item, self._fault, self._brand, self._point = item, fault, brand, point
        self.refresh()

    def refresh(self) -> None:
        """Work it out anew, by the prices that are in force now."""
        while (item := self._rows.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        self.quote = self._quoted()
        if self.quote is None:
            self._rows.addWidget(label(t("No price book is in force here."), "small", wrap=True), 0, 0)
            self.told.emit(None)
            return
        found = self.quote
        for line in found.lines:
            self._add(charge.said(self._session, line, place=self._point is not None),
                      charge.amount(line, found.currency), "small")  # fmt: skip
        self._add(t("Total"), format.money(found.total, found.currency), "strong")
        self._add(
            t("If the caller declines on site"), format.money(found.if_declined, found.currency), "small"
        )
        for code in found.warnings:
            self._rows.addWidget(
                label(charge.warning(code), "error", wrap=True), self._rows.rowCount(), 0, 1, 2
            )
        self.told.emit(found)

    def _quoted(self) -> Quote | None:
        item = self._item
        if item is None:
            return None
        window = self._window()
        try:
            prices = tariff(self._session, self._session.region_id, self._session.now(), window)
            line = priced_line(item, self._fault, self._brand, "", 1, prices.book)
            region = prices.region
            point = self._point or (region.service_points or (region.centre,))[0]
            wanted = Wanted(
                lines=(line,), point=point, urgency=self.urgency.currentData(), window=window,
                at=self._session.now(),
            )  # fmt: skip
            return quote(wanted, prices)
        except Rejected:
            return None

    def _window(self) -> Window:
        day = self.date.date().toString(Qt.DateFormat.ISODate)
        start = midnight(day, name.timezone(self._session)) + int(self.hour.currentData()) * MINUTE_MS
        return Window(start, start + self._policy.window_minutes * MINUTE_MS)

    @property
    def _policy(self) -> Policy:
        return self._session.get(Policy, "policy") or Policy()

    def _add(self, said: str, amount: str, role: str) -> None:
        row = self._rows.rowCount()
        self._rows.addWidget(label(said, role, wrap=True), row, 0)
        figure = label(amount, role)
        self._rows.addWidget(figure, row, 1, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignTop)

    def _lay_out(self) -> None:
        look = theme.current()
        today = date.fromisoformat(local_date(self._session.now(), name.timezone(self._session)))
        self.date.setCalendarPopup(True)
        self.date.setDisplayFormat("yyyy-MM-dd")
        self.date.setDate(QDate(today.year, today.month, today.day))
        self.date.setObjectName("catalogue_date")
        self.date.setAccessibleName(t("Date"))
        # Also the hours in which nobody books by himself: callers ask what the night costs.
        length = max(30, self._policy.window_minutes)
        for minute in range(0, 24 * 60, length):
            end = min(minute + length, 24 * 60)
            self.hour.addItem(f"{charge.clock(minute)}–{charge.clock(end)}", minute)
        self.hour.setCurrentIndex(max(0, self.hour.findText("14:00", Qt.MatchFlag.MatchStartsWith)))
        self.hour.setObjectName("catalogue_hour")
        self.hour.setAccessibleName(t("Hours"))
        for code, said in _URGENCIES:
            self.urgency.addItem(t(said), code)
        self.urgency.setObjectName("catalogue_urgency")
        self.urgency.setAccessibleName(t("Urgency"))
        when = QWidget()
        flow = Flow(when, look.space(2))
        for part in (self.date, self.hour, self.urgency):
            flow.addWidget(part)
        self._rows.setHorizontalSpacing(look.space(2))
        self._rows.setVerticalSpacing(look.space(0.5))
        self._rows.setColumnStretch(0, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(look.space(2))
        column.addWidget(when)
        column.addLayout(self._rows)
