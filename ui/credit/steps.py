"""The ledger of one technician's credit: each step, the latest first, with what became of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QBrush
from PySide6.QtWidgets import QHeaderView, QTreeWidget, QTreeWidgetItem

from dispatcher_app.domain.money.credit import Credit, CreditStep, counted
from dispatcher_app.text import t
from ui import format, merit, name, theme
from ui.models.roster import ID

if TYPE_CHECKING:
    from dispatcher_app.client.session import Session

TITLES: Final = ("When", "What##credit", "Points", "Order", "State##credit")
_POINTS: Final = 2


class Steps(QTreeWidget):
    """Emits `step_chosen` with the step in hand or None, `order_opened` on Enter."""

    step_chosen = Signal(object)
    order_opened = Signal(str)

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self._credit: Credit | None = None
        look = theme.current()
        self.setObjectName("credit_steps")
        self.setAccessibleName(t("Credit, step by step"))
        self.setHeaderLabels([t(title) for title in TITLES])
        self.setRootIsDecorated(False)
        self.setIndentation(0)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setUniformRowHeights(True)
        self.setTextElideMode(Qt.TextElideMode.ElideRight)
        self.setMinimumHeight(look.px(28 * 5))
        header = self.header()
        header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        header.setStretchLastSection(True)
        self.currentItemChanged.connect(lambda _now, _before: self.step_chosen.emit(self.current))
        self.itemActivated.connect(self._on_activated)

    @property
    def current(self) -> CreditStep | None:
        """The step in hand as it stands."""
        item = self.currentItem()
        return self._credit.find(item.data(0, ID)) if item is not None and self._credit is not None else None

    def show_credit(self, credit: Credit | None) -> None:
        """Show these steps; the one in hand stays in hand."""
        other = self._credit is None or credit is None or credit.id != self._credit.id
        held = None if other else self.current
        self._credit = credit
        steps = sorted(credit.steps if credit else (), key=lambda each: (-each.at, each.id))
        if other:
            self.clear()
        policy, now = merit.policy_of(self._session), self._session.now()
        counts = {each.id for each in counted(steps, policy, now)}
        ids = [each.id for each in steps]
        for row in reversed(range(self.topLevelItemCount())):
            if self._item(row).data(0, ID) not in ids:
                self.takeTopLevelItem(row)
        for row, step in enumerate(steps):
            if row >= self.topLevelItemCount() or self._item(row).data(0, ID) != step.id:
                made = QTreeWidgetItem()
                made.setData(0, ID, step.id)
                made.setTextAlignment(_POINTS, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
                self.insertTopLevelItem(row, made)
            self._write(self._item(row), step, step.id in counts)
        if held is not None:
            self.choose(held.id)
        if not self.updatesEnabled() or self.currentItem() is None:
            self.step_chosen.emit(self.current)

    def choose(self, id: str) -> None:
        """Take a step in hand."""
        for row in range(self.topLevelItemCount()):
            if self._item(row).data(0, ID) == id:
                self.setCurrentItem(self._item(row))

    def _item(self, row: int) -> QTreeWidgetItem:
        found = self.topLevelItem(row)
        assert found is not None
        return found

    def _write(self, item: QTreeWidgetItem, step: CreditStep, counts: bool) -> None:
        session, look = self._session, theme.current()
        when = format.moment(step.at, session.now(), name.timezone(session))
        state = merit.state_words(step) or ("" if counts else t("Too old to count##credit"))
        said = (when, merit.step_words(step), merit.points_words(step.points), step.number, state)
        for column, words in enumerate(said):
            if item.text(column) != words:
                item.setText(column, words)
            item.setToolTip(column, words)
            item.setForeground(column, QBrush(look.colour("text" if counts else "disabled")))
            font = item.font(column)
            font.setStrikeOut(bool(step.void) and column in (1, _POINTS))
            item.setFont(column, font)

    def _on_activated(self, _item: QTreeWidgetItem) -> None:
        if (step := self.current) is not None and step.order:
            self.order_opened.emit(step.order)
