"""The administration: its pages at the left, each with its list and form; it takes the whole width of the window."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from dispatcher_app.text import t
from ui import icons, theme
from ui.admin.catalogue import catalogue_page, part_page
from ui.admin.dispatch import dispatch_page
from ui.admin.explainer import Explainer
from ui.admin.health import HealthPage
from ui.admin.holiday import holiday_page
from ui.admin.price import price_page
from ui.admin.standard import standard_page
from ui.admin.store import store_page
from ui.admin.template import template_page
from ui.controls.section import label

if TYPE_CHECKING:
    from dispatcher_app.client.session import Session

_NAV_PX: Final = 168
_WORDS: Final = {
    "catalogue": ("Items##admin", "item"),
    "parts": ("Parts##admin", "part"),
    "prices": ("Price book", "price"),
    "explainer": ("Try a price", "quote"),
    "holidays": ("Holidays", "calendar"),
    "standards": ("Standards", "checks"),
    "templates": ("Message templates", "message"),
    "stores": ("Stores", "counter"),
    "dispatch": ("Dispatching##admin", "state.offered"),
    "health": ("Data health", "alert.data_health"),
}
"""The pages in their order, with their word and picture."""


class AdminPanel(QFrame):
    """`closed` tells that somebody steps back out of it; pages are made when they are first looked at.

    `technician_wanted` and `order_wanted` carry what is mended elsewhere.
    """

    closed = Signal()
    technician_wanted = Signal(str)
    order_wanted = Signal(str)

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("admin")
        self.setProperty("panel", "canvas")
        self._session = session
        self._pages: dict[str, Any] = {}
        self.nav, self._stack = QListWidget(), QStackedWidget()
        self._lay_out()
        self.nav.currentRowChanged.connect(self._on_page)
        self.hide()

    @property
    def unsaved(self) -> bool:
        """Whether a form or a draft holds what is not saved."""
        return any(page.unsaved for page in self._pages.values())

    def page(self, code: str) -> Any:
        """The page of that name, made now where it was not looked at yet."""
        if code not in self._pages:
            made = self._makers()[code]()
            made.left.connect(self._step_back)
            self._pages[code] = made
            self._stack.addWidget(made)
        return self._pages[code]

    def go(self, code: str | None = None, id: str = "") -> None:
        """Show a page (the one looked at last), and in it the form of something."""
        if code is not None:
            self.nav.setCurrentRow(list(_WORDS).index(code))
        elif self.nav.currentRow() < 0:
            self.nav.setCurrentRow(0)
        page = self.page(self._code())
        self._stack.setCurrentWidget(page)
        if id:
            page.open(id)
        else:
            page.begin()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.closed.emit()
        else:
            super().keyPressEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        if event.type() is QEvent.Type.PaletteChange:
            self._draw()
        super().changeEvent(event)

    def _makers(self) -> dict[str, Callable[[], Any]]:
        session = self._session
        return {
            "catalogue": lambda: catalogue_page(session),
            "parts": lambda: part_page(session),
            "prices": lambda: price_page(session),
            "explainer": lambda: Explainer(session),
            "holidays": lambda: holiday_page(session),
            "standards": lambda: standard_page(session),
            "templates": lambda: template_page(session),
            "stores": lambda: store_page(session),
            "dispatch": lambda: dispatch_page(session),
            "health": self._health,
        }

    def _health(self) -> HealthPage:
        made = HealthPage(self._session)
        made.wanted.connect(self.go)
        made.technician_wanted.connect(self.technician_wanted)
        made.order_wanted.connect(self.order_wanted)
        return made

    def _code(self) -> str:
        return list(_WORDS)[max(0, self.nav.currentRow())]

    def _on_page(self, row: int) -> None:
        if row >= 0:
            self._stack.setCurrentWidget(self.page(self._code()))

    def _step_back(self) -> None:
        if self.nav.hasFocus():
            self.closed.emit()
        else:
            self.nav.setFocus(Qt.FocusReason.OtherFocusReason)

    def _draw(self) -> None:
        for at, (_word, icon) in enumerate(_WORDS.values()):
            self.nav.item(at).setIcon(icons.icon(icon))

    def _lay_out(self) -> None:
        look = theme.current()
        self.nav.setObjectName("admin_nav")
        self.nav.setAccessibleName(t("Administration"))
        self.nav.setFixedWidth(look.px(_NAV_PX))
        self.nav.setIconSize(QSize(look.icon_size, look.icon_size))
        for word, icon in _WORDS.values():
            self.nav.addItem(QListWidgetItem(icons.icon(icon), t(word)))
        head = QHBoxLayout()
        head.setContentsMargins(look.space(3), look.space(2), look.space(3), look.space(2))
        head.setSpacing(look.space(2))
        title: QLabel = label(t("Administration"), "title")
        head.addWidget(title)
        head.addStretch()
        close = QPushButton(t("Back to the orders (Esc)"))
        close.setObjectName("admin_close")
        close.setProperty("kind", "quiet")
        close.clicked.connect(self.closed)
        head.addWidget(close)
        body = QHBoxLayout()
        body.setContentsMargins(0, 0, 0, 0)
        body.setSpacing(1)
        body.addWidget(self.nav)
        body.addWidget(self._stack, 1)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addLayout(head)
        whole.addLayout(body, 1)
