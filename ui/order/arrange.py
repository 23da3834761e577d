"""What a visit takes besides a technician: a second one, or that another order is over first."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QComboBox, QSpinBox

from dispatcher_app.client.replica.ask import OrderQuery
from dispatcher_app.domain.catalogue import CREW_MOST, Item
from dispatcher_app.domain.command import ArrangeVisit
from dispatcher_app.domain.order import CLOSED, After, Order
from dispatcher_app.rows import OrderRow
from dispatcher_app.text import t
from ui import name
from ui.controls.field import Field, inset
from ui.controls.section import label
from ui.order.form import Form, row_of
from ui.task import Latest

if TYPE_CHECKING:
    from dispatcher_app.client.session import Session

_PAUSE_MOST = 24 * 60
_STEP = 15
_SAID = 4
"""So many characters of a number tell which order is meant."""


class ArrangeForm(Form):
    """How many come, which order is first (the customer's others, or any by its number), and how long after it."""

    def __init__(self, session: Session, order: Order) -> None:
        super().__init__(
            session, order, t("Technicians and turn of {number}", number=order.number), t("Save")
        )
        least = max((item.crew for line in order.lines if (item := session.get(Item, line.item))), default=1)
        self.crew = QComboBox()
        self.crew.setObjectName("arrange_crew")
        self.crew.setAccessibleName(t("Technicians a visit takes"))
        for n in range(least, CREW_MOST + 1):
            self.crew.addItem(t("one technician") if n == 1 else t("{n} technicians##crew", n=n), n)
        self.crew.setCurrentIndex(max(0, self.crew.findData(order.crew)))
        self.first = QComboBox()
        self.first.setObjectName("arrange_first")
        self.first.setAccessibleName(t("Comes after"))
        self.first.addItem(t("no other order"), None)
        self.number = Field()
        self.number.setObjectName("arrange_number")
        self.number.setPlaceholderText(t("or the number of another order"))
        self.number.setAccessibleName(t("Number of the order that comes first"))
        self.pause = QSpinBox()
        self.pause.setObjectName("arrange_pause")
        self.pause.setAccessibleName(t("Minutes after it"))
        self.pause.setRange(0, _PAUSE_MOST)
        self.pause.setSingleStep(_STEP)
        self.pause.setSuffix(t(" min"))
        inset(self.pause)
        if order.after is not None:
            self._offer(order.after.order, name.order(session, order.after.order))
            self.first.setCurrentIndex(1)
            self.pause.setValue(order.after.pause)
        self.body.addLayout(row_of(t("Takes##crew"), self.crew))
        self.body.addLayout(row_of(t("Comes after"), self.first))
        self.body.addWidget(self.number)
        self.body.addLayout(row_of(t("Then wait"), self.pause))
        self.body.addWidget(
            label(t("Nobody goes before the other order is over: parts are there, the workshop is done."), "small",
                  wrap=True)
        )  # fmt: skip
        self._off = label("", "small", wrap=True)
        self._off.setObjectName("arrange_off")
        self.body.addWidget(self._off)
        self.crew.currentIndexChanged.connect(lambda _at: self._say_off())
        self._say_off()
        self._asking, self._looking = Latest(self), Latest(self)
        self._asking.ask(session.orders_of_customer(order.customer), self._on_others)
        self.number.textEdited.connect(self._look_for)
        self.ask = self._command
        self.setFocusProxy(self.crew)

    def _say_off(self) -> None:
        """Who would not come along any more."""
        gone = self.order.helpers[self.crew.currentData() - 1 :]
        who = name.people(name.technician(self.session, each) for each in gone)
        self._off.setText(t("{who} does not come along any more.", who=who) if gone else "")
        self._off.setVisible(bool(gone))

    def show_order(self, order: Order) -> None:
        super().show_order(order)
        self._say_off()

    def _offer(self, id: str, said: str) -> None:
        if id != self.order.id and self.first.findData(id) < 0:
            self.first.addItem(said, id)

    def _on_others(self, rows: Sequence[OrderRow]) -> None:
        for row in rows:
            if row.status not in CLOSED and row.status != "finished":
                what = name.item(self.session, row.item)
                self._offer(row.id, t("{number} {item}", number=row.number, item=what))

    def _look_for(self, typed: str) -> None:
        wanted = typed.strip()
        if len(wanted) < _SAID:
            self._looking.forget()
            return
        self._looking.ask(self._found(wanted), self._on_found)

    async def _found(self, wanted: str) -> list[OrderRow]:
        keys = await self.session.order_keys(OrderQuery(text=wanted))
        rows = await self.session.order_rows([id for _key, id in keys[:5]])
        return [row for row in rows.values() if row.number.replace("-", "").endswith(wanted.replace("-", ""))]

    def _on_found(self, rows: Sequence[OrderRow]) -> None:
        others = [row for row in rows if row.id != self.order.id]
        if len(others) == 1:
            row = others[0]
            self._offer(
                row.id, t("{number} {item}", number=row.number, item=name.item(self.session, row.item))
            )
            self.first.setCurrentIndex(self.first.findData(row.id))

    def _command(self) -> ArrangeVisit | None:
        first, typed = self.first.currentData(), self.number.text().strip()
        if typed and first is None:
            self.refuse(t("No open order has the number {number}.", number=typed))
            return None
        after = After(order=first, pause=self.pause.value()) if first is not None else None
        if (self.crew.currentData(), after) == (self.order.crew, self.order.after):
            self.refuse(t("Nothing has been changed yet."))
            return None
        return ArrangeVisit(
            order=self.order.id, from_crew=self.order.crew, crew=self.crew.currentData(),
            from_after=self.order.after, after=after,
        )  # fmt: skip
