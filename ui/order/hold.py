"""The work rests: why, when somebody calls again, and which parts it waits for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QDate, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QComboBox, QDateEdit, QListWidget, QListWidgetItem

from dispatcher_app.domain.command import HoldOrder
from dispatcher_app.domain.order import Order
from dispatcher_app.text import t
from ui import format, name, theme
from ui.controls.section import label
from ui.order.form import Form, row_of
from ui.order.partpick import PartPick
from ui.order.reason import HELD

if TYPE_CHECKING:
    from dispatcher_app.client.session import Session

_PART = 0x0100


class HoldForm(Form):
    """The next contact is a date, so that nobody is forgotten."""

    def __init__(self, session: Session, order: Order) -> None:
        super().__init__(session, order, t("Put {number} on hold", number=order.number), t("Hold##go"))
        self.reason = QComboBox()
        self.reason.setObjectName("hold_reason")
        self.reason.setAccessibleName(t("Reason"))
        for code, word in HELD.items():
            self.reason.addItem(t(word), code)
        self.contact = QDateEdit()
        self.contact.setObjectName("hold_contact")
        self.contact.setAccessibleName(t("Next contact"))
        self.contact.setCalendarPopup(True)
        self.contact.setDisplayFormat("yyyy-MM-dd")
        local = format.local(session.now(), name.timezone(session))
        self.contact.setDate(QDate(local.year, local.month, local.day).addDays(1))
        self.pick = PartPick(session, frozenset(line.item for line in order.lines))
        self.parts = QListWidget()
        self.parts.setAccessibleName(t("Waiting for these parts"))
        self.parts.setMaximumHeight(theme.current().px(31) * 3 + 2)
        self.parts.hide()
        self._parts_word = label(t("Waiting for these parts, Del takes one away"), "small", wrap=True)
        self._parts_word.hide()
        self.body.addLayout(row_of(t("Reason"), self.reason))
        self.body.addLayout(row_of(t("Next contact"), self.contact))
        self.body.addWidget(self.pick)
        self.body.addWidget(self._parts_word)
        self.body.addWidget(self.parts)
        self.pick.chosen.connect(self._add)
        self.parts.itemDoubleClicked.connect(lambda item: self._drop(item))
        self.ask = self._command
        self.setFocusProxy(self.reason)

    def _add(self, part: str) -> None:
        if part not in self._chosen():
            item = QListWidgetItem(name.part(self.session, part))
            item.setData(_PART, part)
            self.parts.addItem(item)
        self._show_parts()

    def _drop(self, item: QListWidgetItem) -> None:
        self.parts.takeItem(self.parts.row(item))
        self._show_parts()

    def _show_parts(self) -> None:
        self.parts.setVisible(self.parts.count() > 0)
        self._parts_word.setVisible(self.parts.count() > 0)

    def _chosen(self) -> tuple[str, ...]:
        return tuple(self.parts.item(at).data(_PART) for at in range(self.parts.count()))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        item = self.parts.currentItem()
        if event.key() == Qt.Key.Key_Delete and self.parts.hasFocus() and item is not None:
            self._drop(item)
        else:
            super().keyPressEvent(event)

    def _command(self) -> HoldOrder:
        return HoldOrder(
            order=self.order.id,
            reason=self.reason.currentData(),
            next_contact=self.contact.date().toString("yyyy-MM-dd"),
            parts=self._chosen(),
        )
