"""The queue: saved views with counts, filters, the table, and what is said when nothing is found."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import QByteArray, QTimer, Signal
from PySide6.QtWidgets import QHBoxLayout, QMenu, QPushButton, QStackedWidget, QVBoxLayout, QWidget

from dispatcher_app.client.api import Offline
from dispatcher_app.client.replica.ask import OrderQuery
from dispatcher_app.domain.catalogue import Item
from dispatcher_app.domain.order import STATUSES
from dispatcher_app.domain.technician import Technician
from dispatcher_app.rows import OrderRow
from dispatcher_app.text import language, t
from ui import format, name, theme
from ui.controls.empty import EmptyState
from ui.controls.filter import Choice
from ui.controls.section import label
from ui.models.counts import VIEWS, Counts, today
from ui.models.queue import QueueModel
from ui.queue.found import FoundOnServer
from ui.queue.table import OrderTable
from ui.queue.views import ViewBar
from ui.task import Latest

if TYPE_CHECKING:
    from dispatcher_app.client.session import Session

_MIDNIGHT_MS: Final = 60_000


class QueuePanel(QWidget):
    """Emits `order_chosen` (another order is looked at), `order_opened` (Enter), `shown` (the query seen now).

    `found_opened` carries the row of an order that was found on the server.
    """

    order_chosen = Signal(str)
    order_opened = Signal(str)
    found_opened = Signal(object)
    shown = Signal(object)

    def __init__(
        self,
        session: Session,
        counts: Counts,
        menu: Callable[[QWidget], QMenu],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._session = session
        self._view = "pending"
        self.setObjectName("queue")
        self.query = OrderQuery(view=self._view, today=today(session))
        self.model = QueueModel(session, self.query, self)
        self.table = OrderTable(session, self.model, menu)
        self.views = ViewBar()
        self._counts = counts
        self._server = Latest(self)
        self._filters = {code: Choice("") for code in ("district", "technician", "item", "status")}
        self._clear = QPushButton(t("Clear filters"))
        self._count = label("", "small")
        self._empty = EmptyState("")
        self._ask_server = QPushButton(t("Search the server too"))
        self._found = FoundOnServer(session)
        self._pages = QStackedWidget()
        self._lay_out()
        self._connect()
        self._offer_filters()
        self._show(self.query)

    # ------------------------------------------------------------ what others ask
    def look_at(self, view: str, **filters: Any) -> None:
        """Show a saved view, with these filters only."""
        for code, choice in self._filters.items():
            choice.choose(filters.get(code))
        self._view = view
        self._refine(text="")

    def search(self, text: str) -> None:
        """Look for a text in all orders; an empty one goes back to the view."""
        self._refine(text=text.strip())

    def show_region(self, region: str) -> None:
        """Only the orders of one region, of all for an empty one."""
        self._refine(region=region or None)

    def choose(self, id: str) -> bool:
        """Put the caret on an order if it is listed."""
        return self.table.choose(id)

    def state(self) -> dict[str, Any]:
        """What comes back tomorrow: view, filters, sort, columns."""
        header: QByteArray = self.table.kept_columns()
        return {
            "view": self._view,
            "sort": self.query.sort,
            "descending": self.query.descending,
            _columns(): bytes(header.toBase64().data()).decode(),
            **{f"filter_{code}": choice.code or "" for code, choice in self._filters.items()},
        }

    def restore(self, state: Mapping[str, Any]) -> None:
        """Show it as it was."""
        if columns := str(state.get(_columns(), "")):
            self.table.restore_columns(QByteArray.fromBase64(columns.encode()))
        view = str(state.get("view", ""))
        self._view = view if view in VIEWS else self._view
        for code, choice in self._filters.items():
            choice.choose(str(state.get(f"filter_{code}", "")) or None)
        sort = str(state.get("sort", "")) or self.query.sort
        self.query = replace(self.query, sort=sort, descending=bool(state.get("descending", False)))
        self._refine(text="")

    # ------------------------------------------------------------ the query
    def _refine(self, **changes: Any) -> None:
        status = self._filters["status"].code
        query = replace(
            self.query,
            district=self._filters["district"].code,
            technician=self._filters["technician"].code,
            item=self._filters["item"].code,
            statuses=frozenset({status} if status else ()),
            today=today(self._session),
            **changes,
        )
        # Whoever types a number wants that order, whatever view he happens to look at.
        query = replace(query, view="all" if query.text else self._view)
        if query != self.query or not self._pages.isVisible():
            self._show(query)

    def _show(self, query: OrderQuery) -> None:
        self.query = query
        self._server.forget()
        self.views.check(None if query.text else self._view)
        self.table.show_sort(query.sort, query.descending)
        self._clear.setVisible(any(choice.code for choice in self._filters.values()))
        self.model.ask(query)

    def _on_loaded(self, _count: int) -> None:
        self._say_count()
        self.shown.emit(self.model.query)

    def _say_count(self) -> None:
        count, query = self.model.rowCount(), self.model.query
        self._count.setText(t("{n} orders", n=format.count(count)))
        self._pages.setCurrentWidget(self.table if count else self._empty)
        self._ask_server.setVisible(bool(query.text))
        if count:
            return
        if query.text:
            self._empty.say(
                t("Nothing found for “{text}”", text=query.text),
                t("Closed orders older than 30 days are only on the server."),
            )
        elif any(choice.code for choice in self._filters.values()):
            self._empty.say(t("No order fits these filters"), t("Clear the filters to see the others."))
        else:
            self._empty.say(*_EMPTY.get(query.view, _EMPTY["all"])())

    def _search_server(self) -> None:
        self._ask_server.setEnabled(False)
        text = self.query.text

        async def ask() -> list[OrderRow] | None:
            try:
                return await self._session.search_server(text)
            except Offline:
                return None

        self._server.ask(ask(), self._on_server_answer)

    def _on_server_answer(self, rows: list[OrderRow] | None) -> None:
        self._ask_server.setEnabled(True)
        if rows is None:
            self._empty.say(
                t("The server can't be reached now"), t("Search again when the connection is back.")
            )
        elif not rows:
            self._empty.say(t("The server doesn't know “{text}” either", text=self.query.text), "")
            self._ask_server.hide()
        else:
            self._found.show_rows(rows)
            self._pages.setCurrentWidget(self._found)

    def _on_day_passed(self) -> None:
        if today(self._session) != self.query.today:
            self._refine()

    # ------------------------------------------------------------ construction
    def _lay_out(self) -> None:
        look = theme.current()
        bar = QHBoxLayout()
        bar.setContentsMargins(look.space(2), 0, look.space(2), look.space(1))
        bar.setSpacing(look.space(1))
        for code, choice in self._filters.items():
            choice.setObjectName(f"filter_{code}")
            bar.addWidget(choice)
        self._clear.setProperty("kind", "link")
        self._clear.setProperty("compact", True)
        bar.addWidget(self._clear)
        bar.addStretch()
        bar.addWidget(self._count)
        top = QHBoxLayout()
        top.setContentsMargins(look.space(1), look.space(1), look.space(1), 0)
        top.addWidget(self.views)
        self._empty.set_button(self._ask_server)
        for page in (self.table, self._empty, self._found):
            self._pages.addWidget(page)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(top)
        column.addLayout(bar)
        column.addWidget(self._pages, 1)
        self.setFocusProxy(self.table)
        self._ask_server.setObjectName("search_server")
        self._count.setObjectName("queue_count")

    def _connect(self) -> None:
        self.views.view_chosen.connect(self.look_at)
        self._counts.counted.connect(self.views.say)
        self.table.order_chosen.connect(self.order_chosen)
        self.table.order_opened.connect(self.order_opened)
        self.table.sort_asked.connect(lambda sort, down: self._refine(sort=sort, descending=down))
        self._found.order_opened.connect(self.found_opened)
        self.model.loaded.connect(self._on_loaded)
        self.model.settled.connect(lambda _added: self._say_count())
        self._clear.clicked.connect(lambda: self.look_at(self._view))
        self._ask_server.clicked.connect(self._search_server)
        for choice in self._filters.values():
            choice.chosen.connect(lambda _code: self._refine())
        stop = self._session.subscribe(changed=self._on_changed)
        self.destroyed.connect(lambda: stop())
        day = QTimer(self, interval=_MIDNIGHT_MS)
        day.timeout.connect(self._on_day_passed)
        day.start()

    def _on_changed(self, changed: Any) -> None:
        if changed.everything or not {"technician", "item", "region"}.isdisjoint(changed.ids):
            self._offer_filters()

    def _offer_filters(self) -> None:
        found = name.region(self._session)
        districts = found.districts if found else ()
        everybody = self._session.all(Technician)
        people = sorted(
            (each for each in everybody if each.region in self._session.staff.regions),
            key=lambda each: each.name,
        )
        items = [each for each in self._session.all(Item) if not each.retired]
        status = [(code, name.status(code)) for code in STATUSES]
        for code, word, options in (
            (
                "district",
                t("District"),
                [(each.id, name.district(self._session, each.id)) for each in districts],
            ),
            ("technician", t("Technician"), [(each.id, each.name) for each in people]),
            ("item", t("Item"), [(each.id, name.item(self._session, each.id)) for each in items]),
            ("status", t("Status"), status),
        ):
            self._filters[code].word = word
            self._filters[code].offer(options)


def _columns() -> str:
    """Widths fit the words and the type that they were made for."""
    return f"columns_{language()}_{theme.current().scale:g}"


_EMPTY: Final[dict[str, Callable[[], tuple[str, str]]]] = {
    "pending": lambda: (t("Every order has a technician"), t("F2 takes the next call.")),
    "no_show": lambda: (t("Every promise can be kept"), t("Orders whose time can't be kept appear here.")),
    "overdue": lambda: (t("Nothing is overdue"), t("Orders appear here when nobody has taken them in time.")),
    "late": lambda: (t("Nobody is late"), t("Orders appear here whose time is over or planned too late.")),
    "overlap": lambda: (
        t("No visits overlap"),
        t("Visits that nobody can do one after the other appear here."),
    ),
    "no_position": lambda: (
        t("Everybody is seen"),
        t("Orders appear here whose technician is not seen on his way."),
    ),
    "snoozed": lambda: (t("Nothing rests"), t("Exceptions that somebody lets rest appear here, Alt+Z.")),
    "callback": lambda: (t("Nobody waits for a call back"), t("Bookings without a window appear here.")),
    "urged": lambda: (t("Nobody urges"), t("F7 counts a customer who asks where we are.")),
    "complaint": lambda: (
        t("Every complaint is answered"),
        t("Complaints appear here that wait for an answer or are overdue."),
    ),
    "complaints": lambda: (t("No complaint is open"), t("Orders with an open complaint appear here.")),
    "refunds": lambda: (
        t("No refund is under way"),
        t("Orders with money that is still to go back appear here."),
    ),
    "all": lambda: (t("No orders here"), t("F2 takes the next call.")),
}
