"""How many orders each saved view and each kind of exception has, following the replica and the clock."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, QTimer, Signal

from dispatcher_app.client.replica.ask import OrderQuery
from dispatcher_app.client.state import Changed
from dispatcher_app.domain.alert import ALERTS
from dispatcher_app.domain.calendar import local_date
from ui import name
from ui.task import Latest

if TYPE_CHECKING:
    from dispatcher_app.client.session import Session

VIEWS: Final[dict[str, str]] = {
    "pending": "To assign##view",
    "overdue": "Overdue##view",
    "today": "Today##view",
    "callback": "Call back##view",
    "rebooked": "Rebooked##view",
    "urged": "Urged##view",
    "complaints": "Complaints##view",
    "on_hold": "On hold##view",
    "quote_open": "Quote open##view",
    "owing": "Unpaid##view",
    "returns": "Returns##view",
    "refunds": "Refunds##view",
    "workshop": "Workshop##view",
    "to_check": "To look at##view",
    "unread": "Unread##view",
    "snoozed": "Resting##view",
    "open": "Open##view",
    "all": "All##view",
}
"""The saved views in their order, with what they are called."""

RARE: Final = (
    "on_hold", "quote_open", "owing", "returns", "refunds", "workshop", "complaints", "to_check", "unread", "snoozed",
)  # fmt: skip
"""The views that stand in a menu: there is no room for a button each."""

EXCEPTIONS: Final = (*ALERTS, "callback")
"""The views that are exceptions, in the order in which they are worked off."""

_SETTLE_MS: Final = 150
_AGAIN_MS: Final = 20_000


class Counts(QObject):
    """Emits `counted` with the number of orders by view."""

    counted = Signal(object)

    def __init__(self, session: Session, parent: QObject) -> None:
        super().__init__(parent)
        self._session = session
        self.by_view: Mapping[str, int] = {}
        self._asking = Latest(self)
        self._soon = QTimer(self, singleShot=True, interval=_SETTLE_MS)
        self._soon.timeout.connect(self._ask)
        # "overdue" and "today" change with the clock, without anybody doing anything.
        self._again = QTimer(self, interval=_AGAIN_MS)
        self._again.timeout.connect(self._ask)
        self._again.start()
        stop = session.subscribe(changed=self._on_changed)
        self.destroyed.connect(lambda: stop())
        self._soon.start()

    def _on_changed(self, changed: Changed) -> None:
        if (changed.everything or "order" in changed.ids) and not self._soon.isActive():
            self._soon.start()

    def _ask(self) -> None:
        date = today(self._session)
        queries = {code: OrderQuery(view=code, today=date) for code in {*VIEWS, *EXCEPTIONS}}
        self._asking.ask(self._session.view_counts(queries), self._on_counted)

    def _on_counted(self, counts: Mapping[str, int]) -> None:
        self.by_view = counts
        self.counted.emit(counts)


def today(session: Session) -> str:
    """The local date in the region of this desk."""
    return local_date(session.now(), name.timezone(session))
