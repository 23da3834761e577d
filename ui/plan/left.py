"""What a published plan left as it stood, row by row with its reason."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from dispatcher_app.domain.act import Broken
from dispatcher_app.text import t
from ui import name, theme
from ui.models.sheet import Column, SheetModel
from ui.plan import visit
from ui.plan.move import table

if TYPE_CHECKING:
    from dispatcher_app.client.session import Session

LEFT = frozenset({"move_skipped", "move_refused"})


@dataclass(frozen=True, slots=True)
class Left:
    """A visit that was not moved; `skipped` because somebody changed it meanwhile."""

    order: str
    why: tuple[Broken, ...]
    skipped: bool


class LeftTable(QWidget):
    """Enter opens the order (`order_wanted`)."""

    order_wanted = Signal(str)

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.model = SheetModel(_columns(session), parent=self)
        self.model.set_open(False)
        self.grid = table(self.model, t("Not moved##plan"), "plan_left")
        self.grid.opened.connect(self._on_opened)
        self.grid.doubleClicked.connect(lambda index: self._on_opened(index.row()))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, theme.current().space(1), 0, 0)
        column.addWidget(self.grid, 1)
        self.setFocusProxy(self.grid)

    def _on_opened(self, row: int) -> None:
        if 0 <= row < self.model.rowCount():
            self.order_wanted.emit(self.model.rows[row].order)


def left_of(warnings: Sequence[dict[str, Any]]) -> list[Left]:
    """The visits that the server's warnings name as not moved."""
    return [
        Left(
            order=str(each["params"]["order"]),
            why=tuple(Broken(why["code"], why.get("params", {})) for why in each["params"].get("broken", ())),
            skipped=each["code"] == "move_skipped",
        )
        for each in warnings
        if each["code"] in LEFT
    ]


def others(session: Session, warnings: Sequence[dict[str, Any]]) -> str:
    """What else the server remarks, as one sentence."""
    return name.sentences(
        session,
        [Broken(each["code"], each.get("params", {})) for each in warnings if each["code"] not in LEFT],
    )


def _columns(session: Session) -> tuple[Column, ...]:
    return (
        Column(code="number", title=t("No.##order"), width=96, show=lambda left: visit.number(session, left.order)),
        Column(code="customer", title=t("Customer"), width=250,
               show=lambda left: visit.customer(session, left.order)),
        Column(code="why", title=t("Why it stays as it was"), width=380,
               show=lambda left: name.sentences(session, left.why)),
    )  # fmt: skip
