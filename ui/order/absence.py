"""Nobody at home: waited since, called when, a photo of the door, and what becomes of the order."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from PySide6.QtCore import QDate, QTime
from PySide6.QtWidgets import QComboBox, QDateEdit, QTimeEdit

from dispatcher_app.domain.calendar import MINUTE_MS, local_date, moment
from dispatcher_app.domain.command import ReportAbsence
from dispatcher_app.domain.order import Order
from dispatcher_app.domain.region import Policy
from dispatcher_app.text import t
from ui import format, name
from ui.controls.field import inset
from ui.controls.section import label
from ui.order.form import Form, row_of
from ui.order.photopick import PhotoPick

if TYPE_CHECKING:
    from dispatcher_app.client.session import Session


class AbsenceForm(Form):
    """Says what is still missing: the minutes waited, the calls, the photo."""

    def __init__(self, session: Session, order: Order) -> None:
        super().__init__(
            session, order, t("Customer of {number} not at home", number=order.number), t("Report##absence")
        )
        self._policy = session.get(Policy, "policy") or Policy()
        self.since = _clock(t("Waiting since"))
        self.since.setObjectName("absent_since")
        self.calls = [_clock(t("Call {n}", n=n)) for n in range(1, self._policy.absent_calls + 1)]
        self.photo = PhotoPick(session, order.id, "absent")
        self.outcome = QComboBox()
        self.outcome.setObjectName("absent_outcome")
        self.outcome.setAccessibleName(t("What follows"))
        self.outcome.addItem(t("on hold, agree on another visit"), "hold")
        fee = format.money(order.quote.door_fee, order.quote.currency)
        self.outcome.addItem(t("cancelled, door fee {fee}", fee=fee), "cancel")
        self.contact = QDateEdit()
        self.contact.setAccessibleName(t("Next contact"))
        self.contact.setCalendarPopup(True)
        self.contact.setDisplayFormat("yyyy-MM-dd")
        self._waited = label("", "muted", wrap=True)
        self._waited.setObjectName("absent_waited")
        self._begin()
        self.body.addLayout(row_of(t("Waiting since"), self.since))
        self.body.addLayout(row_of(t("Called at"), *self.calls))
        self.body.addWidget(self._waited)
        self.body.addLayout(row_of(t("Photo##field"), self.photo))
        self.body.addLayout(row_of(t("What follows"), self.outcome))
        self._contact_row = label(t("Next contact"), "muted")
        self.body.addLayout(row_of(self._contact_row, self.contact))
        for field in (self.since, *self.calls):
            field.timeChanged.connect(self._say)
        self.outcome.currentIndexChanged.connect(self._say)
        self.ask = self._command
        self.setFocusProxy(self.since)
        self._say()

    def _begin(self) -> None:
        now, timezone = self.session.now(), name.timezone(self.session)
        visit = self.order.visit
        since = visit.arrival.at if visit.arrival else max(visit.departed_at or now, now - 30 * MINUTE_MS)
        self.since.setTime(_local(since, timezone))
        for at, field in enumerate(self.calls, 1):
            field.setTime(_local(since + (now - since) * at // (len(self.calls) + 1), timezone))
        tomorrow = format.local(now, timezone)
        self.contact.setDate(QDate(tomorrow.year, tomorrow.month, tomorrow.day).addDays(1))

    def _at(self, field: QTimeEdit) -> int:
        """The moment of that time of day, today."""
        timezone = name.timezone(self.session)
        today = local_date(self.session.now(), timezone)
        return moment(today, field.time().hour() * 60 + field.time().minute(), timezone)

    def _since(self) -> int:
        """When the wait began; the minute of departure is not before the departure."""
        return max(self._at(self.since), self.order.visit.departed_at or 0)

    def _say(self) -> None:
        waited = max(0, (self.session.now() - self._since()) // MINUTE_MS)
        self._waited.setText(
            t("{n} of {m} minutes waited, {calls} calls needed", n=waited, m=self._policy.absent_wait,
              calls=self._policy.absent_calls)
        )  # fmt: skip
        rests = self.outcome.currentData() == "hold"
        self._contact_row.setVisible(rests)
        self.contact.setVisible(rests)

    def show_order(self, order: Order) -> None:
        super().show_order(order)
        self._say()

    def _command(self) -> ReportAbsence | None:
        if self.photo.photo is None:
            self.refuse(t("A photo of the door is needed."))
            return None
        outcome: Literal["hold", "cancel"] = self.outcome.currentData()
        since = self._since()
        return ReportAbsence(
            order=self.order.id,
            technician=self.order.technician or "",
            waited_from=since,
            calls=tuple(max(self._at(each), since) for each in self.calls),
            photo=self.photo.photo,
            outcome=outcome,
            next_contact=self.contact.date().toString("yyyy-MM-dd") if outcome == "hold" else None,
        )


def _clock(word: str) -> QTimeEdit:
    field = QTimeEdit()
    field.setDisplayFormat("HH:mm")
    inset(field)
    field.setAccessibleName(word)
    return field


def _local(at: int, timezone: str) -> QTime:
    local = format.local(at, timezone)
    return QTime(local.hour, local.minute)
