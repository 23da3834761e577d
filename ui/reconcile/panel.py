"""Reconciliation: differences, bills, and what providers told, as three pages."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QTabBar, QToolButton, QVBoxLayout, QWidget

from dispatcher_app.text import t
from ui import theme
from ui.reconcile.bills import BillsPage
from ui.reconcile.differences import DifferencesPage
from ui.reconcile.heard import HeardPage

if TYPE_CHECKING:
    from dispatcher_app.client.session import Session

PAGES: Final = {
    "differences": "Differences",
    "bills": "Bills##tab",
    "heard": "Told by providers##tab",
}


class ReconcilePanel(QWidget):
    """Emits `order_chosen` and `order_opened` with the order that a difference is about."""

    order_chosen = Signal(str)
    order_opened = Signal(str)
    wide_wanted = Signal()

    def __init__(self, session: Session) -> None:
        super().__init__()
        self.setObjectName("reconcile_panel")
        look = theme.current()
        self.bar = QTabBar()
        self.bar.setObjectName("reconcile_tabs")
        self.bar.setExpanding(False)
        self.bar.setDrawBase(False)
        self.differences, self.bills, self.heard = (
            DifferencesPage(session),
            BillsPage(session),
            HeardPage(session),
        )
        self._pages = QStackedWidget()
        for code, page in (("differences", self.differences), ("bills", self.bills), ("heard", self.heard)):
            self.bar.addTab(t(PAGES[code]))
            self._pages.addWidget(page)
        self.bar.currentChanged.connect(self._pages.setCurrentIndex)
        self.wide = QToolButton()
        self.wide.setObjectName("reconcile_wide")
        self.wide.setText(t("Whole width"))
        self.wide.setCheckable(True)
        self.wide.clicked.connect(self.wide_wanted)
        head = QHBoxLayout()
        head.addWidget(self.bar, 1)
        head.addWidget(self.wide)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(look.space(3), look.space(2), look.space(3), look.space(2))
        whole.setSpacing(look.space(2))
        whole.addLayout(head)
        whole.addWidget(self._pages, 1)
        self.differences.order_chosen.connect(self.order_chosen)
        self.differences.order_opened.connect(self.order_opened)
        self.bills.read.connect(self.differences.fill)
        self.setFocusProxy(self._pages)

    def go(self, page: str) -> None:
        """Show a page by its code."""
        self.bar.setCurrentIndex(list(PAGES).index(page))
        shown = self._pages.currentWidget()
        if shown is not None:
            shown.setFocus()

    @property
    def unsaved(self) -> bool:
        """Whether a settlement was begun."""
        form = self.differences.form
        return form is not None and form.touched
