"""From the search field into the queue: to the first order found, also where its answer is still on its way."""

from __future__ import annotations

from PySide6.QtCore import QObject

from dispatcher_app.client.replica.ask import OrderQuery
from ui.layout.panels import take_keys
from ui.queue.panel import QueuePanel
from ui.window.topbar import TopBar


class Search(QObject):
    """Holds the field and the queue together."""

    def __init__(self, topbar: TopBar, queue: QueuePanel) -> None:
        super().__init__(queue)
        self._field, self._queue = topbar.search, queue
        self._entering = False
        topbar.searched.connect(queue.search)
        topbar.left_search.connect(self._leave)
        queue.shown.connect(self._on_shown)

    def begin(self) -> None:
        """Put the caret into the field."""
        take_keys(self._field)
        self._field.selectAll()

    def enter_queue(self) -> None:
        """Put the caret on the first order, unless it is on one."""
        table = self._queue.table
        if not table.currentIndex().isValid() and self._queue.model.rowCount():
            table.setCurrentIndex(self._queue.model.index(0, 0))

    def _leave(self) -> None:
        self._queue.search(self._field.text())
        take_keys(self._queue.table)
        self._entering = self._queue.model.query != self._queue.query
        if not self._entering:
            self.enter_queue()

    def _on_shown(self, query: OrderQuery) -> None:
        if self._entering and query == self._queue.query:
            self._entering = False
            self.enter_queue()
