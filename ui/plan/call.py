"""Whom to call before a plan is in force: a list that is worked off, and stays until all of it is."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

import msgspec
from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from dispatcher_app.planning.proposal import Call
from dispatcher_app.text import t
from ui import theme
from ui.controls.section import label
from ui.models.sheet import Column, SheetModel
from ui.plan import visit
from ui.plan.figure import spell
from ui.plan.move import table

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dispatcher_app.client.session import Session

_WHY: Final = {
    "no_room": "Another day: everybody is full##call",
    "nobody_fit": "Another day: nobody can do it that day##call",
    "nobody_works": "Another day: nobody works then##call",
    "no_coordinates": "The address is not on the map##call",
    "no_duration": "The item has no duration##call",
    "window_invalid": "The promised time is none##call",
    "window_passed": "The promised time has passed##call",
    "after_other": "The order before it is over too late##call",
    "after_unknown": "Nobody knows when the order before it is over##call",
    "before_other": "The order after it needs it over sooner##call",
}


@dataclass(frozen=True, slots=True)
class Due:
    """A call, and whether it was made."""

    call: Call
    made: bool = False


class CallList(QWidget):
    """Enter opens the order (`order_wanted`), a button its appointment (`change_wanted`), Space says that it was called.

    `order_chosen` tells on whom the caret stands.
    """

    order_chosen = Signal(str)
    order_wanted = Signal(str)
    change_wanted = Signal(str)
    ticked = Signal()

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.model = SheetModel(_columns(session), parent=self)
        self.model.set_open(False)
        self.grid = table(self.model, t("Customers to call"), "plan_calls")
        self.grid.opened.connect(lambda row: self._on(self.order_wanted, row))
        self.grid.doubleClicked.connect(lambda index: self._on(self.order_wanted, index.row()))
        self._none = label(t("Nobody has to be called: every promised time is kept."), "muted", wrap=True)
        self._tools = [
            self._tool(t("Open order##call"), "Enter", "plan_open", lambda: self._here(self.order_wanted)),
            self._tool(t("Change appointment…##call"), "F4", "plan_change", lambda: self._here(self.change_wanted)),
            self._tool(t("Called##do"), "Space", "plan_called", self.tick),
        ]  # fmt: skip
        self.grid.installEventFilter(self)
        self.grid.selectionModel().currentRowChanged.connect(
            lambda now, _before: self._on(self.order_chosen, now.row()) if self.grid.hasFocus() else None
        )
        self._lay_out()

    @property
    def due(self) -> tuple[Due, ...]:
        """The calls, made or not."""
        return self.model.rows

    @property
    def left(self) -> int:
        """How many were not made yet."""
        return sum(not each.made for each in self.due)

    def show_calls(self, due: Sequence[Due], *, working: bool) -> None:
        """Show these; they are ticked off once the plan is in force (`working`)."""
        self.model.show_rows(tuple(due))
        if due and not self.grid.currentIndex().isValid():
            self.grid.setCurrentIndex(self.model.index(0, 0))
        self.grid.setVisible(bool(due))
        self.grid.setColumnHidden(0, not working)
        self._none.setVisible(not due)
        for tool in self._tools:
            tool.setVisible(bool(due))
        self._tools[-1].setVisible(working and bool(due))

    def tick(self) -> None:
        """The call on which the caret stands was made, or was not after all."""
        at = self.grid.currentIndex().row()
        if not 0 <= at < len(self.due) or self.grid.isColumnHidden(0):
            return
        rows = [replace(each, made=not each.made) if row == at else each for row, each in enumerate(self.due)]
        self.model.show_rows(rows)
        if at + 1 < len(rows):
            self.grid.setCurrentIndex(self.model.index(at + 1, 0))
        self.ticked.emit()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if (
            event.type() is QEvent.Type.KeyPress
            and isinstance(event, QKeyEvent)
            and event.key() == Qt.Key.Key_Space
        ):
            self.tick()
            return True
        return super().eventFilter(watched, event)

    def _here(self, signal: Any) -> None:
        self._on(signal, self.grid.currentIndex().row())

    def _on(self, signal: Any, row: int) -> None:
        if 0 <= row < len(self.due):
            signal.emit(self.due[row].call.order)

    def _tool(self, word: str, keys: str, code: str, run: Any) -> QPushButton:
        button = QPushButton(word)
        button.setObjectName(code)
        button.setToolTip(f"{word} ({keys})")
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        button.clicked.connect(lambda: run())
        return button

    def _lay_out(self) -> None:
        look = theme.current()
        tools = QHBoxLayout()
        tools.setSpacing(look.space(2))
        for tool in self._tools:
            tools.addWidget(tool)
        tools.addStretch()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, look.space(1), 0, 0)
        column.setSpacing(look.space(1))
        column.addWidget(self._none)
        column.addWidget(self.grid, 1)
        column.addLayout(tools)
        column.addStretch()
        self.setFocusProxy(self.grid)


def why(call: Call) -> str:
    """Why a customer is called."""
    if call.reason == "late":
        return t("{time} later than promised##call", time=spell(60 * (call.minutes or 0)))
    return t(_WHY[call.reason])


def kept(due: Sequence[Due]) -> list[Any]:
    """The list as it is written down."""
    return ["calls", *(msgspec.to_builtins([each.call, each.made]) for each in due)]


def taken_up(data: Any) -> tuple[Due, ...]:
    """A list that was written down, empty where this version can't read it."""
    try:
        return tuple(Due(*msgspec.convert(each, tuple[Call, bool])) for each in list(data)[1:])
    except (msgspec.ValidationError, TypeError):
        return ()


def _columns(session: Session) -> tuple[Column, ...]:
    return (
        Column(code="made", title=t("Called##made"), width=84,
               show=lambda due: t("✓ called") if due.made else t("○ to call")),
        Column(code="number", title=t("No.##order"), width=96,
               show=lambda due: visit.number(session, due.call.order)),
        Column(code="customer", title=t("Customer"), width=250, bold=lambda due: not due.made,
               show=lambda due: visit.customer(session, due.call.order)),
        Column(code="window", title=t("Promised##plan"), width=150,
               show=lambda due: visit.promised(session, due.call.window)),
        Column(code="why", title=t("Why##call"), width=220, show=lambda due: why(due.call)),
    )  # fmt: skip
