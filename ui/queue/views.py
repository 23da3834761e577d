"""The saved views of the queue with their counts, one button each."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QToolButton, QWidget

from dispatcher_app.client.replica.ask import OrderQuery
from dispatcher_app.client.state import Changed
from dispatcher_app.domain.calendar import local_date
from dispatcher_app.text import t
from ui import format, name, theme
from ui.task import Latest

if TYPE_CHECKING:
    from collections.abc import Mapping

    from dispatcher_app.client.session import Session

VIEWS: Final[dict[str, str]] = {
    "pending": "To assign##view",
    "overdue": "Overdue##view",
    "today": "Today##view",
    "callback": "Call back##view",
    "rebooked": "Rebooked##view",
    "urged": "Urged##view",
    "open": "Open##view",
    "all": "All##view",
}
"""The views in their order, with what they are called."""

_SETTLE_MS: Final = 200
_AGAIN_MS: Final = 20_000


def today(session: Session) -> str:
    """The local date in the region of this desk."""
    return local_date(session.now(), name.timezone(session))


class ViewBar(QWidget):
    """Emits `view_chosen` with the view's code; counts follow the replica and the clock."""

    view_chosen = Signal(str)
    counted = Signal(object)

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._counts: Mapping[str, int] = {}
        self._asking = Latest(self)
        self._group = QButtonGroup(self)
        self._buttons: dict[str, QToolButton] = {}
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme.current().space(0.5))
        for code in VIEWS:
            self._buttons[code] = button = QToolButton()
            button.setObjectName(f"view_{code}")
            button.setCheckable(True)
            button.clicked.connect(lambda _checked, code=code: self.view_chosen.emit(code))
            self._group.addButton(button)
            row.addWidget(button)
        row.addStretch()
        self._soon = QTimer(self, singleShot=True, interval=_SETTLE_MS)
        self._soon.timeout.connect(self._ask)
        # "overdue" and "today" change with the clock, without anybody doing anything.
        self._again = QTimer(self, interval=_AGAIN_MS)
        self._again.timeout.connect(self._ask)
        self._again.start()
        stop = session.subscribe(changed=self._on_changed)
        self.destroyed.connect(lambda: stop())
        self._say()
        self._soon.start()

    def check(self, code: str | None) -> None:
        """Show which view is seen; None while a search looks through all of them."""
        self._group.setExclusive(False)
        for known, button in self._buttons.items():
            button.setChecked(known == code)
        self._group.setExclusive(code is not None)

    def _on_changed(self, changed: Changed) -> None:
        if (changed.everything or "order" in changed.ids) and not self._soon.isActive():
            self._soon.start()

    def _ask(self) -> None:
        date = today(self._session)
        queries = {code: OrderQuery(view=code, today=date) for code in VIEWS}
        self._asking.ask(self._session.view_counts(queries), self._on_counted)

    def _on_counted(self, counts: Mapping[str, int]) -> None:
        self._counts = counts
        self._say()
        self.counted.emit(counts)

    def _say(self) -> None:
        for code, button in self._buttons.items():
            count = self._counts.get(code)
            said = t(VIEWS[code])
            button.setText(said if count is None else f"{said} {format.count(count)}")
            button.setAccessibleName(button.text())
