"""Data health: what is wrong in catalogue, prices, technicians and orders, and the way to where it is mended."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from dispatcher_app.client.state import Changed
from dispatcher_app.domain import role
from dispatcher_app.domain.health import MENDS, Problem, problems
from dispatcher_app.text import t
from ui import name, theme
from ui.controls.empty import EmptyState
from ui.controls.section import label
from ui.controls.sheet import Sheet
from ui.models.bench import store_of
from ui.models.health import KINDS, OrderHealth, known
from ui.models.sheet import Column, SheetModel

if TYPE_CHECKING:
    from dispatcher_app.client.session import Session

_SETTLE_MS: Final = 300
PLACES: Final = {
    "item": ("catalogue", "item:"),
    "part": ("parts", "part:"),
    "holiday_year": ("holidays", "year:"),
    "region": ("prices", ""),
    "store": ("stores", "store:"),
}
"""The page and the kind of row where each kind of problem is mended; people and orders have screens of their own."""
_PRICES: Final = frozenset({"health_no_price", "health_part_no_price", "health_no_prices"})
_STANDARDS: Final = frozenset({"health_no_standard"})


class HealthPage(QWidget):
    """`wanted` carries page and row, `technician_wanted` and `order_wanted` an id, `left` steps back."""

    wanted = Signal(str, str)
    technician_wanted = Signal(str)
    order_wanted = Signal(str)
    left = Signal()
    unsaved = False

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self._orders: tuple[Problem, ...] = ()
        self._shown: tuple[Problem, ...] = ()
        self.setObjectName("health")
        words = {
            "item": t("Item"), "part": t("Part"), "technician": t("Technician##health"), "region": t("Region"),
            "store": t("Store"), "holiday_year": t("Holidays"), "order": t("Order##health"),
            "travel": t("Drives##health"),
        }  # fmt: skip
        self.model = SheetModel(
            (
                Column(code="kind", title=t("What##health"), show=lambda row: words[row.kind], width=90),
                Column(code="about", title=t("Which"), show=lambda row: _about(session, row), width=180),
                Column(code="why", title=t("What is wrong, and what follows"), width=460,
                       show=lambda row: name.broken(session, row.rule)),
                Column(code="who", title=t("Who mends it"), width=240, show=lambda row: _who(session, row)),
            )
        )  # fmt: skip
        self.model.set_open(False)
        self.sheet = Sheet(self.model, t("Data health"))
        self.sheet.setObjectName("health_list")
        header = self.sheet.grid.horizontalHeader()
        header.setStretchLastSection(False)
        header.setSectionResizeMode(2, header.ResizeMode.Stretch)
        self._none = EmptyState(
            t("Nothing is wrong"), t("Every item, price and technician can be planned with."), "success"
        )
        self._open = QPushButton(t("Open where it is mended (Enter)"))
        self._count = label("", "muted")
        self._lay_out()
        self._order_health = OrderHealth(session, self)
        self._order_health.found.connect(self._on_orders)
        self._soon = QTimer(self, singleShot=True, interval=_SETTLE_MS)
        self._soon.timeout.connect(self.refresh)
        stop = session.subscribe(changed=self._on_changed)
        self.destroyed.connect(lambda: stop())
        self.refresh()

    def begin(self) -> None:
        """The caret on the first problem."""
        self.refresh()
        self.sheet.grid.setFocus(Qt.FocusReason.ShortcutFocusReason)
        if self._shown and not self.sheet.grid.currentIndex().isValid():
            self.sheet.grid.setCurrentIndex(self.model.index(0, 0))

    def open(self, _id: str) -> None:
        """There is nothing to open here but the list."""
        self.begin()

    def refresh(self) -> None:
        """The list as things stand."""
        self._order_health.look()
        self._show()

    def go(self, row: int) -> None:
        """To the place where a problem is mended."""
        if not 0 <= row < len(self._shown):
            return
        problem = self._shown[row]
        if problem.kind == "technician":
            self.technician_wanted.emit(problem.id)
        elif problem.kind == "order":
            self.order_wanted.emit(problem.id)
        elif problem.kind == "travel":
            # Sources of travel times are set up where the server runs: there is no page to go to.
            return
        elif problem.code in _PRICES:
            self.wanted.emit("prices", "")
        elif problem.code in _STANDARDS:
            self.wanted.emit("standards", "")
        else:
            page, kind = PLACES[problem.kind]
            self.wanted.emit(page, f"{kind}{problem.id}" if kind else "")

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.left.emit()
        else:
            super().keyPressEvent(event)

    def _on_orders(self, found: tuple[Problem, ...]) -> None:
        self._orders = found
        self._show()

    def _show(self) -> None:
        roles = frozenset(self._session.staff.roles)
        found = (*problems(known(self._session)), *self._orders)
        mine = [each for each in found if not roles.isdisjoint(MENDS[each.kind])]
        others = [each for each in found if roles.isdisjoint(MENDS[each.kind])]
        self._shown = (*mine, *others)
        self.model.show_rows(self._shown)
        self.sheet.setVisible(bool(self._shown))
        self._none.setVisible(not self._shown)
        self._open.setVisible(bool(self._shown))
        self._count.setText(
            t("{n} things are wrong, {mine} of them are yours to mend", n=len(self._shown), mine=len(mine))
        )

    def _on_changed(self, changed: Changed) -> None:
        if changed.everything or not (KINDS | {"order"}).isdisjoint(changed.ids):
            self._soon.start()

    def _lay_out(self) -> None:
        look = theme.current()
        self.sheet.grid.doubleClicked.connect(lambda index: self.go(index.row()))
        self.sheet.grid.opened.connect(self.go)
        self._open.setObjectName("health_open")
        self._open.clicked.connect(lambda: self.go(self.sheet.grid.currentIndex().row()))
        top = QHBoxLayout()
        top.addWidget(self._count)
        top.addStretch()
        top.addWidget(self._open)
        column = QVBoxLayout(self)
        column.setContentsMargins(*(look.space(3),) * 4)
        column.setSpacing(look.space(2))
        column.addLayout(top)
        column.addWidget(self.sheet, 1)
        column.addWidget(self._none, 1)


def _about(session: Session, problem: Problem) -> str:
    match problem.kind:
        case "item":
            return name.item(session, problem.id)
        case "part":
            return name.part(session, problem.id)
        case "technician":
            return name.technician(session, problem.id)
        case "order":
            return name.order(session, problem.id)
        case "store":
            store = store_of(session, problem.id)
            return name.store(store) if store else problem.id
        case "region" | "travel":
            found = name.region(session, problem.id)
            return name.region_name(found) if found else problem.id
    return problem.id


def _who(session: Session, problem: Problem) -> str:
    if role.holds(session.actor, MENDS[problem.kind]):
        return t("you##mends")
    return t(", ").join(name.role(each) for each in sorted(MENDS[problem.kind]))
