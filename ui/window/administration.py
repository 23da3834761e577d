"""The administration in the window: instead of queue, middle and inspector, as long as somebody works in it."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from dispatcher_app.domain import role
from dispatcher_app.text import t
from ui import notify
from ui.admin.panel import AdminPanel
from ui.layout.panels import bring_forward

if TYPE_CHECKING:
    from dispatcher_app.client.session import Session

ANYWHERE: Final = frozenset({
    "admin", "data_health", "palette", "undo", "theme", "language", "larger", "smaller", "attention", "log_in_again",
    "log_out", "quit",
})  # fmt: skip
"""What is done without leaving it."""
SEES: Final = role.ADMINISTERS | {"supervisor"}
"""Who sees it; only administrators change anything there."""


class Administration(QObject):
    """`left` tells that the orders are shown again."""

    left = Signal()

    def __init__(self, session: Session, work: QWidget, column: QVBoxLayout) -> None:
        super().__init__(work)
        self._session, self._work = session, work
        self.panel = AdminPanel(session)
        column.addWidget(self.panel, 1)
        self.panel.closed.connect(self.leave)
        self._may_go = False

    @property
    def opened(self) -> bool:
        """Whether it is shown now."""
        return not self.panel.isHidden()

    @property
    def sees(self) -> bool:
        """Whether this person sees it."""
        return role.holds(self._session.actor, SEES)

    def handlers(self) -> dict[str, Callable[[], object]]:
        """The actions that are answered here."""
        return {"admin": self.open, "data_health": partial(self.open, "health")}

    def open(self, page: str | None = None, id: str = "") -> None:
        """Show it, at a page and perhaps at one thing in it."""
        bring_forward(self._work)
        self._work.hide()
        self.panel.show()
        self.panel.go(page, id)

    def leave(self) -> None:
        """Show the orders again; what was typed stays."""
        if self.opened:
            self.panel.hide()
            self._work.show()
            self.left.emit()

    def keeps(self, go: Callable[[], object]) -> bool:
        """Whether something typed is not saved: then the person is asked before the window goes."""
        if self._may_go or not self.panel.unsaved:
            return False

        def lose() -> None:
            self._may_go = True
            go()

        said = t("What was typed is not saved yet and would be lost.")
        notify.warning(said, notify.Offer(t("Quit and lose it"), lose))
        return True
