"""A device that was handed back and has failed again: taken in once more, for nothing, as carefully as at first."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QComboBox

from dispatcher_app.clock import new_id
from dispatcher_app.domain.catalogue import Item
from dispatcher_app.domain.command import ReturnVisit
from dispatcher_app.domain.order import Order
from dispatcher_app.text import t
from ui import custody
from ui.controls.field import Field
from ui.controls.section import label
from ui.controls.ticks import Ticks
from ui.limit import limit
from ui.models.bench import promised_days
from ui.order.device import ShelfBox
from ui.order.form import Form, row_of
from ui.order.maker import MakerField
from ui.order.reason import RETURNED
from ui.order.visit import under_warranty

if TYPE_CHECKING:
    from dispatcher_app.client.session import Session


class DeviceReturnForm(Form):
    """What has failed again, what came with it this time, how it looks, and what may happen to its data."""

    def __init__(self, session: Session, order: Order) -> None:
        super().__init__(
            session,
            order,
            t("Take {number} in again under warranty", number=order.number),
            t("Take in##again"),
        )
        self.makes = new_id()
        item = session.get(Item, order.lines[0].item)
        self.lines = _ticks(t("Failed again"), "return_lines")
        self.accessories = _ticks(t("Came with it"), "return_accessories")
        self.condition = _ticks(t("Condition"), "return_condition")
        covered = under_warranty(session, order)
        self.lines.offer({str(at): said for at, said in covered.items()})
        self.lines.tick([str(at) for at in covered])
        self.accessories.offer(custody.accessories_for(item))
        self.condition.offer(custody.conditions_for(item))
        self.reason, self.consent = QComboBox(), QComboBox()
        self.reason.setObjectName("return_reason")
        self.reason.setAccessibleName(t("Reason"))
        for code, word in RETURNED.items():
            self.reason.addItem(t(word), code)
        self.consent.setObjectName("return_consent")
        self.consent.setAccessibleName(t("Data##device"))
        self._has_data = custody.has_data(item)
        self.consent.addItem(t("Ask the owner…"), None)
        for code, word in custody.CONSENT.items():
            self.consent.addItem(t(word), code)
        self.maker = MakerField(session, order)
        self.shelf = ShelfBox(session, order, keeps=t("no shelf yet"))
        self.promised = QComboBox()
        self.promised.setObjectName("return_promised")
        self.promised.setAccessibleName(t("Promised##step"))
        self.promised.addItem(t("no date promised"), None)
        for date, said in promised_days(session):
            self.promised.addItem(said, date)
        self.note = Field()
        limit(self.note, "note")
        self.note.setObjectName("return_note")
        self.note.setPlaceholderText(t("What the customer says"))
        self.note.setAccessibleName(t("What the customer says"))
        self._lay_out(bool(covered))
        self.ask = self._command
        self.setFocusProxy(self.lines)

    def _lay_out(self, covered: bool) -> None:
        if covered:
            self.body.addWidget(label(t("Failed again, still under warranty:"), "muted", wrap=True))
        else:
            self.body.addWidget(label(t("The warranty of every line is over."), "error", wrap=True))
        self.body.addWidget(self.lines)
        self.body.addWidget(self.maker)
        self.body.addLayout(row_of(t("Reason"), self.reason))
        for word, ticks in ((t("Came with it"), self.accessories), (t("Condition"), self.condition)):
            self.body.addWidget(label(word, "muted"))
            self.body.addWidget(ticks)
        if self._has_data:
            self.body.addLayout(row_of(t("Data##device"), self.consent))
        else:
            self.consent.setParent(self)
            self.consent.hide()
        self.body.addLayout(row_of(t("Shelf"), self.shelf))
        self.body.addLayout(row_of(t("Promised##step"), self.promised))
        self.body.addWidget(self.note)

    def _command(self) -> ReturnVisit | None:
        lines = tuple(int(code) for code in self.lines.ticked)
        if not lines:
            self.refuse(t("Tick what has failed again."))
            return None
        if self._has_data and self.consent.currentData() is None:
            self.refuse(t("Ask the owner what may happen to the data."))
            return None
        return ReturnVisit(
            order=self.makes,
            of=self.order.id,
            lines=lines,
            reason=self.reason.currentData(),
            note=self.note.text().strip(),
            accessories=self.accessories.ticked,
            condition=self.condition.ticked,
            data_consent=self.consent.currentData() if self._has_data else "none",
            shelf=self.shelf.shelf,
            promised_on=self.promised.currentData(),
            maker_until=self.maker.date,
        )


def _ticks(word: str, object_name: str) -> Ticks:
    made = Ticks(word)
    made.setObjectName(object_name)
    return made
