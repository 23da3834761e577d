"""What a version of the prices would have done to the orders of the last 90 days."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from dispatcher_app.client.api import Offline
from dispatcher_app.client.state import Effect, ItemEffect
from dispatcher_app.domain.act import Rejected
from dispatcher_app.domain.book import PriceBook
from dispatcher_app.text import t
from ui import format, name, theme
from ui.admin.version import in_force
from ui.controls.section import label
from ui.controls.sheet import Sheet
from ui.models.sheet import Column, SheetModel
from ui.task import Latest

if TYPE_CHECKING:
    from dispatcher_app.client.session import Session


class EffectTab(QWidget):
    """Asked of the server while it is looked at, anew once the saved version or the one in force is another."""

    def __init__(self, session: Session, book: str, unsaved: Callable[[], bool]) -> None:
        super().__init__()
        self._session, self._book, self._unsaved = session, book, unsaved
        self._asked: object = None
        self._currency, self._left_out = "CNY", 0
        self._asking = Latest(self)
        self._said = label("", "strong", wrap=True)
        self._said.setObjectName("effect_said")
        self._note = label("", "muted", wrap=True)
        self._note.setObjectName("effect_note")
        self._again = QPushButton(t("Work out again"))
        self._again.setObjectName("effect_again")
        self._again.clicked.connect(self.ask)
        self.model = SheetModel(self._columns())
        self.model.set_open(False)
        self._lay_out()

    def keep_up(self) -> None:
        """Ask again if something that the answer rests on is another; only while somebody looks."""
        if not self.isVisible():
            return
        self._say_note()
        if self._asked != self._standing():
            self.ask()

    def ask(self) -> None:
        """Ask what the saved version does; one that the server has not got yet is waited for."""
        self._asked = self._standing()
        self.model.show_rows(())
        self._left_out = 0
        self._say_note()
        if self._session.is_pending("price_book", self._book):
            self._asking.forget()
            self._again.setEnabled(True)
            self._said.setText(
                t("The draft is still on its way to the server; what it does is worked out there.")
            )
            return
        self._said.setText(t("Working it out…"))
        self._again.setEnabled(False)
        self._asking.ask(self._answer(), self._show)

    async def _answer(self) -> Effect | str:
        try:
            return await self._session.effect_of(self._book)
        except Offline:
            return t("The effect is worked out by the server, which can't be reached now.")
        except Rejected as rejected:
            return name.refusal(self._session, rejected)

    def _show(self, found: Effect | str) -> None:
        self._again.setEnabled(True)
        if isinstance(found, str):
            self._said.setText(found)
            return
        self._currency, self._left_out = found.currency, found.skipped
        self.model.show_rows(found.by_item)
        self._said.setText(sentence(found))
        self._say_note()

    def _say_note(self) -> None:
        said = []
        if self._unsaved():
            said.append(t("What is typed and not saved yet is not in these figures."))
        if self._left_out:
            left = format.count(self._left_out)
            said.append(t("{n} orders are left out: one of the versions has no price for them.", n=left))
        self._note.setText("\n".join(said))
        self._note.setVisible(bool(said))

    def _standing(self) -> object:
        stored = self._session.get(PriceBook, self._book)
        held = in_force(self._session, stored.series) if stored is not None else None
        return (
            stored.version if stored is not None else 0, held.id if held is not None else "",
            self._session.is_pending("price_book", self._book), self._session.link.state,
        )  # fmt: skip

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.keep_up()

    def _columns(self) -> tuple[Column, ...]:
        def money(minor: int) -> str:
            return format.money(minor, self._currency)

        def moved(row: ItemEffect) -> str:
            return f"{'+' if row.after > row.before else ''}{money(row.after - row.before)}"

        return (
            Column(code="item", title=t("First item of the order"), width=260,
                   show=lambda row: name.item(self._session, row.item)),
            Column(code="orders", title=t("Orders##effect"), width=80, right=True,
                   show=lambda row: format.count(row.orders)),
            Column(code="before", title=t("In force"), width=140, right=True, show=lambda row: money(row.before)),
            Column(code="after", title=t("Here##version"), width=140, right=True, show=lambda row: money(row.after)),
            Column(code="moved", title=t("Difference##effect"), width=140, right=True, show=moved),
        )  # fmt: skip

    def _lay_out(self) -> None:
        look = theme.current()
        top = QHBoxLayout()
        top.setSpacing(look.space(2))
        top.addWidget(self._said, 1)
        top.addWidget(self._again, 0, Qt.AlignmentFlag.AlignTop)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(look.space(3), look.space(3), look.space(3), 0)
        whole.setSpacing(look.space(2))
        whole.addLayout(top)
        whole.addWidget(self._note)
        self._table = Sheet(self.model, t("Effect##tab"))
        self._table.setObjectName("book_effect")
        whole.addWidget(self._table, 1)


def sentence(found: Effect) -> str:
    """All of it in one sentence."""
    if not found.orders:
        return t("No order of the last 90 days could be worked out by both versions.")
    params = {
        "orders": format.count(found.orders), "changed": format.count(found.changed),
        "before": format.money(found.before, found.currency), "after": format.money(found.after, found.currency),
    }  # fmt: skip
    if not found.before:
        return t("Last 90 days: {orders} orders, {changed} change, {before} → {after}", **params)
    percent = f"{(found.after - found.before) / found.before * 100:+.1f}"
    return t("Last 90 days: {orders} orders, {changed} change, {before} → {after} ({percent} %)",
             percent=percent, **params)  # fmt: skip
