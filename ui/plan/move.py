"""The visits that a plan moves, as a table of which only what is in sight is written."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QAbstractItemView, QVBoxLayout, QWidget

from dispatcher_app.domain.command import Move
from dispatcher_app.text import t
from ui import theme
from ui.controls.section import label
from ui.controls.sheet import Grid
from ui.models.sheet import Column, SheetModel
from ui.plan import visit

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dispatcher_app.client.session import Session


class MoveTable(QWidget):
    """From where to where; the caret tells of an order (`order_chosen`), Enter opens it (`order_wanted`)."""

    order_chosen = Signal(str)
    order_wanted = Signal(str)

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.model = SheetModel(_columns(session), parent=self)
        self.model.set_open(False)
        self.grid = table(self.model, t("Moves##plan"), "plan_moves")
        self.grid.opened.connect(self._on_opened)
        self.grid.doubleClicked.connect(lambda index: self._on_opened(index.row()))
        self.grid.selectionModel().currentRowChanged.connect(
            lambda now, _before: self._on_current(now.row()) if self.grid.hasFocus() else None
        )
        self._none = label(
            t("Nothing moves: the plan in force is the best that was found."), "muted", wrap=True
        )
        column = QVBoxLayout(self)
        column.setContentsMargins(0, theme.current().space(1), 0, 0)
        column.addWidget(self.grid, 1)
        column.addWidget(self._none)
        self.setFocusProxy(self.grid)

    def show_moves(self, moves: Sequence[Move]) -> None:
        """Show these, in the order of the new day; those who lose their place come first."""
        self.model.show_rows(sorted(moves, key=lambda move: (move.start or 0, move.order)))
        self.grid.setVisible(bool(moves))
        self._none.setVisible(not moves)

    def _on_current(self, row: int) -> None:
        if 0 <= row < self.model.rowCount():
            self.order_chosen.emit(self.model.rows[row].order)

    def _on_opened(self, row: int) -> None:
        if 0 <= row < self.model.rowCount():
            self.order_wanted.emit(self.model.rows[row].order)


def table(model: SheetModel, name: str, code: str) -> Grid:
    """A table that is only read, a row at a time."""
    grid = Grid(model, name)
    grid.setObjectName(code)
    grid.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
    grid.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
    grid.setShowGrid(False)
    grid.verticalHeader().hide()
    return grid


def _along(move: Move) -> list[str]:
    """Who comes along to the new place."""
    return [each.technician for each in move.helpers or ()]


def _columns(session: Session) -> tuple[Column, ...]:
    def told(move: Move) -> bool:
        return move.state == "confirmed"

    return (
        Column(code="number", title=t("No.##order"), width=96, show=lambda move: visit.number(session, move.order)),
        Column(code="customer", title=t("Customer"), width=250,
               show=lambda move: visit.customer(session, move.order)),
        Column(code="from", title=t("So far##plan"), width=150, bold=told,
               show=lambda move: visit.place(session, move.from_technician, move.from_start, move.from_helpers or ())),
        Column(code="to", title=t("Then##plan"), width=150, bold=told,
               show=lambda move: visit.place(session, move.technician, move.start, _along(move))),
        Column(code="state", title=t("Technician knows##plan"), width=120,
               show=lambda move: t("dispatched##plan") if told(move) else t("planned only##plan")),
        Column(code="window", title=t("Promised##plan"), width=150,
               show=lambda move: visit.window(session, move.order)),
    )  # fmt: skip
