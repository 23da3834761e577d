"""Another visit for an order that rests, and a new order for a repair that did not last."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QCheckBox, QComboBox

from dispatcher_app.clock import new_id
from dispatcher_app.domain.calendar import local_date, midnight
from dispatcher_app.domain.command import AddVisit, ReturnVisit
from dispatcher_app.domain.order import Order
from dispatcher_app.text import t
from ui import format, name
from ui.controls.field import Field
from ui.controls.section import label
from ui.controls.ticks import Ticks
from ui.limit import limit
from ui.order.form import Form, row_of
from ui.order.maker import MakerField
from ui.order.offered import WindowChoice
from ui.order.reason import RETURNED, reason_word

if TYPE_CHECKING:
    from dispatcher_app.client.session import Session


class VisitForm(Form):
    """A window agreed with the customer; who goes is decided as for any other order."""

    def __init__(self, session: Session, order: Order) -> None:
        super().__init__(
            session, order, t("Another visit for {number}", number=order.number), t("Agree on it##visit")
        )
        self.choice = WindowChoice(session, order)
        self.consent = QCheckBox(t("The customer agrees to this window"))
        self.consent.setObjectName("visit_consent")
        if order.hold is not None:
            parts = t(", ").join(name.part(session, each) for each in order.hold.parts)
            said = " · ".join(filter(None, (reason_word(order.hold.reason), parts)))
            self.body.addWidget(label(t("On hold: {why}", why=said), "muted", wrap=True))
        self.body.addWidget(self.choice)
        self.body.addWidget(self.consent)
        self.choice.changed.connect(lambda: self.consent.setEnabled(self.choice.chosen is not None))
        self.ask = self._command
        self.setFocusProxy(self.choice)

    def _command(self) -> AddVisit:
        window = self.choice.window_meant()
        return AddVisit(
            order=self.order.id, window=window, consent=window is None or self.consent.isChecked()
        )


def under_warranty(session: Session, order: Order) -> dict[int, str]:
    """The lines whose warranty still runs, as they are offered: all of the last day counts."""
    now, timezone = session.now(), name.timezone(session)
    today = midnight(local_date(now, timezone), timezone)
    found: dict[int, str] = {}
    for at, line in enumerate(order.lines):
        until = max((each.until for each in order.warranty if each.line == at), default=0)
        if until >= today:
            fault = name.fault(session, line.item, line.fault)
            what = " · ".join(filter(None, (name.item(session, line.item), fault)))
            found[at] = t("{what} (until {day})", what=what, day=format.day(until, now, timezone))
    return found


class ReturnForm(Form):
    """The lines whose warranty still runs, each with its last day; nothing of it costs the customer anything."""

    def __init__(self, session: Session, order: Order) -> None:
        super().__init__(
            session,
            order,
            t("Return under warranty for {number}", number=order.number),
            t("Book the return##go"),
        )
        self._id = new_id()
        self.lines = Ticks(t("Failed again"))
        self.lines.setObjectName("return_lines")
        self.reason = QComboBox()
        self.reason.setObjectName("return_reason")
        self.reason.setAccessibleName(t("Reason"))
        for code, word in RETURNED.items():
            self.reason.addItem(t(word), code)
        self.choice = WindowChoice(session, order)
        self.same = QCheckBox(t("The same technician if possible"))
        self.same.setChecked(True)
        self.note = Field()
        limit(self.note, "note")
        self.note.setObjectName("return_note")
        self.note.setPlaceholderText(t("What the customer says"))
        self.note.setAccessibleName(t("What the customer says"))
        covered = under_warranty(session, order)
        self.lines.offer({str(at): said for at, said in covered.items()})
        self.lines.tick([str(at) for at in covered])
        if covered:
            self.body.addWidget(label(t("Failed again, still under warranty:"), "muted", wrap=True))
        else:
            self.body.addWidget(label(t("The warranty of every line is over."), "error", wrap=True))
        self.body.addWidget(self.lines)
        self.maker = MakerField(session, order)
        self.body.addWidget(self.maker)
        self.body.addLayout(row_of(t("Reason"), self.reason))
        self.body.addWidget(self.choice)
        self.body.addWidget(self.same)
        self.body.addWidget(self.note)
        self.ask = self._command
        self.setFocusProxy(self.lines)

    def _command(self) -> ReturnVisit | None:
        lines = tuple(int(code) for code in self.lines.ticked)
        if not lines:
            self.refuse(t("Tick what has failed again."))
            return None
        return ReturnVisit(
            order=self._id,
            of=self.order.id,
            lines=lines,
            window=self.choice.window_meant(),
            same_technician=self.same.isChecked(),
            maker_until=self.maker.date,
            reason=self.reason.currentData(),
            note=self.note.text().strip(),
        )
