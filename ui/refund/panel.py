"""The desk of refunds: what waits for a decision, for cash, for a provider or for a look; beside it the one in hand."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import (
    QButtonGroup,
    QHBoxLayout,
    QPushButton,
    QSplitter,
    QStackedWidget,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from dispatcher_app.client.state import Changed
from dispatcher_app.domain import role
from dispatcher_app.domain.money.refund import Refund
from dispatcher_app.text import t
from ui import format, theme
from ui.controls.choices import Choices
from ui.controls.empty import EmptyState
from ui.controls.field import SearchField
from ui.controls.flow import Flow
from ui.controls.section import label
from ui.refund.detail import Detail
from ui.refund.export import Export, Table
from ui.refund.row import VIEWS, choice, counts, head, line, listed

if TYPE_CHECKING:
    from dispatcher_app.client.session import Session

_SETTLE_MS: Final = 100
_NARROW_PX: Final = 820
_HUES: Final = {"decide": "orange", "wrong": "red"}


class RefundPanel(QWidget):
    """Emits `order_chosen` with the order of the refund in hand, `order_opened` on Enter, `reasons_wanted`, `closed`."""

    order_chosen = Signal(str)
    order_opened = Signal(str)
    reasons_wanted = Signal()
    closed = Signal()

    def __init__(self, session: Session) -> None:
        super().__init__()
        self.setObjectName("refund_panel")
        self.setAccessibleName(t("Refunds##tab"))
        self._session = session
        self._view = "decide"
        self._held: str | None = None
        self.list = Choices(t("Refunds##tab"), rows=None)
        self.list.setObjectName("refund_list")
        self.search = SearchField(t("No., customer, colleague"))
        self.search.setObjectName("refund_search")
        self.views: dict[str, QToolButton] = {}
        self.detail = Detail(session)
        self._none = EmptyState(
            t("Nothing waits here"), t("Alt+R proposes one for the order in hand."), "refund"
        )
        self._pages = QStackedWidget()
        self.export = Export(self, t("Refunds##tab"), self._table)
        self._soon = QTimer(self, singleShot=True, interval=_SETTLE_MS)
        self._soon.timeout.connect(self.refresh)
        self._lay_out()
        self.list.selectionModel().currentChanged.connect(lambda _now, _before: self._on_row())
        self.search.searched.connect(lambda _text: self.refresh())
        self.detail.order_opened.connect(self.order_opened)
        stop = session.subscribe(changed=self._on_changed)
        self.destroyed.connect(lambda: stop())

    # ------------------------------------------------------------ what the window asks
    def show_order(self, id: str | None) -> None:
        """The order that is looked at everywhere: its refund is taken in hand where it is listed."""
        held = self._session.get(Refund, self._held) if self._held else None
        if id is None or (held is not None and held.order == id):
            return
        for at, each in enumerate(self.shown):
            if each.order == id:
                self.list.highlight(at)
                return

    def take_in_hand(self, order: str | None) -> None:
        """Begin with the refund of the order that is looked at; where it has none here, look at the one in hand."""
        self.show_order(order)
        held = self.detail.refund
        if held is not None and held.order != order:
            self.order_chosen.emit(held.order)

    def look_at(self, refund: Refund) -> None:
        """Show one refund, in the view that it belongs to."""
        view = next(code for code, (_word, fits) in VIEWS.items() if fits(refund))
        self.search.clear()
        self._held = refund.id
        self.show_view(view)

    def show_view(self, view: str) -> None:
        """List another view."""
        self._view = view
        self.views[view].setChecked(True)
        self.refresh()

    def start(self, what: str, order: str | None) -> bool:
        """Do something with the refund in hand, of the order in hand where one is; False where that can't be."""
        held = self.detail.refund
        if order is not None and (held is None or held.order != order):
            return False
        return self.detail.deal.start(what)

    @property
    def shown(self) -> list[Refund]:
        """The refunds that are listed now."""
        return listed(self._session, self._view, self.search.text())

    # ------------------------------------------------------------ inside
    def refresh(self) -> None:
        """List what there is now; the row in hand stays in hand."""
        found = self.shown
        at = next((row for row, each in enumerate(found) if each.id == self._held), None)
        # What was decided leaves its view, but not the eyes of who has decided it.
        row = 0 if at is None and self._held is None and found else at
        self.list.show_choices([choice(self._session, each) for each in found], row)
        self.list.highlight(row)
        self._pages.setCurrentIndex(0 if found else 1)
        self._on_row()
        for code, count in counts(self._session).items():
            said, button = t(VIEWS[code][0]), self.views[code]
            button.setText(f"{said} {format.count(count)}" if count and code != "over" else said)
            button.setAccessibleName(button.text())
            hue = theme.current().colour(_HUES.get(code, "text")).name()
            button.setStyleSheet(f"QToolButton {{ color: {hue}; }}" if count and code in _HUES else "")

    def _table(self) -> Table:
        return head(), [line(self._session, each) for each in self.shown]

    def _on_row(self) -> None:
        current = self.list.current
        found = self._session.get(Refund, str(current.value)) if current is not None else None
        if found is None and self._held is not None:
            found = self._session.get(Refund, self._held)
        changed = found is not None and found.id != self._held
        self._held = found.id if found is not None else None
        self.detail.show_refund(found)
        if found is not None and changed and self.list.hasFocus():
            self.order_chosen.emit(found.order)

    def _on_changed(self, changed: Changed) -> None:
        kinds = {"refund", "order", "allowance", "policy"}
        if self.isVisible() and (changed.everything or not kinds.isdisjoint(changed.ids)):
            self._soon.start()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.refresh()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        held = self.detail.refund
        if event.key() == Qt.Key.Key_Escape:
            self.closed.emit()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and held is not None:
            self.order_opened.emit(held.order)
        else:
            super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        narrow = self.width() < theme.current().px(_NARROW_PX)
        wanted = Qt.Orientation.Vertical if narrow else Qt.Orientation.Horizontal
        if wanted != self._split.orientation():
            self._split.setOrientation(wanted)

    def _lay_out(self) -> None:
        look = theme.current()
        head, group = QHBoxLayout(), QButtonGroup(self)
        head.setSpacing(look.space(2))
        head.addWidget(label(t("Refunds##tab"), "title"), 1)
        for id, said, told in (
            ("refund_reasons", t("Why money went back"), self.reasons_wanted),
            ("refund_export", t("Export…"), self.export.wanted),
            ("refund_close", t("Close##panel"), self.closed),
        ):  # fmt: skip
            button = QPushButton(said)
            button.setObjectName(id)
            button.setProperty("kind", "quiet")
            button.clicked.connect(lambda _checked=False, told=told: told.emit())
            button.setVisible(id != "refund_reasons" or role.holds(self._session.actor, role.SEES_REASONS))
            head.addWidget(button)
        filters = QWidget()
        flow = Flow(filters, look.space(1))
        for code in VIEWS:
            self.views[code] = tool = QToolButton()
            tool.setObjectName(f"refunds_{code}")
            tool.setCheckable(True)
            tool.setChecked(code == self._view)
            tool.clicked.connect(lambda _checked=False, code=code: self.show_view(code))
            group.addButton(tool)
            flow.addWidget(tool)
        for page in (self.list, self._none):
            self._pages.addWidget(page)
        listing = QWidget()
        column = QVBoxLayout(listing)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(look.space(2))
        column.addWidget(filters)
        column.addWidget(self.search)
        column.addWidget(self._pages, 1)
        self._split = QSplitter()
        self._split.addWidget(listing)
        self._split.addWidget(self.detail)
        self._split.setChildrenCollapsible(False)
        self._split.setStretchFactor(0, 1)
        self._split.setStretchFactor(1, 1)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(look.space(3), look.space(2), look.space(2), look.space(2))
        whole.setSpacing(look.space(2))
        whole.addLayout(head)
        whole.addWidget(self._split, 1)
        self.setFocusProxy(self.list)
