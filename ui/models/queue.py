"""The queue as a table: the whole sorted list of ids, and the rows that somebody looks at.

After the first load it is never reset: changes of the replica insert, remove and move single rows, another
view or filter is a reordering with rows removed and added, so that selection and scroll position survive.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Collection, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import (
    QAbstractTableModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    Qt,
    QTimer,
    Signal,
)

from dispatcher_app.client.replica.ask import OrderQuery
from dispatcher_app.client.state import Changed
from dispatcher_app.rows import OrderRow
from ui.models.column import COLUMNS, spoken
from ui.models.sorted import Entry, kept_first, newcomers, place, rows_of
from ui.task import Errands, Latest

if TYPE_CHECKING:
    from dispatcher_app.client.session import Session

ROW: Final = Qt.ItemDataRole.UserRole
"""The OrderRow of an index, None while it is being fetched."""
ID: Final = Qt.ItemDataRole.UserRole + 1

_PAGE: Final = 120
_KEPT: Final = 4_000
_FEW: Final = 200

Index = QModelIndex | QPersistentModelIndex


class QueueModel(QAbstractTableModel):
    """The orders of one query, live.

    `changing` comes before rows are inserted, removed or moved by others, with the ids concerned;
    `settled` after it with the ids that are new; `loaded` when another query has been answered.
    """

    changing = Signal(object)
    settled = Signal(object)
    loaded = Signal(int)

    def __init__(self, session: Session, query: OrderQuery, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self.query = query
        self._entries: list[Entry] = []
        self._key_of: dict[str, Any] = {}
        self._cache: OrderedDict[str, OrderRow] = OrderedDict()
        self._stale: set[str] = set()
        self._wanted: set[int] = set()
        self._began = False
        self._asking = Latest(self)
        self._following = Errands(self)
        self._followed = False
        self._pending: set[str] = set()
        self._fetching = Errands(self)
        self._fetch_soon = QTimer(self, singleShot=True, interval=0)
        self._fetch_soon.timeout.connect(self._fetch)
        self._unsubscribe = session.subscribe(changed=self._on_changed)
        self.destroyed.connect(lambda _=None, stop=self._unsubscribe: stop())

    # ------------------------------------------------------------ what Qt asks
    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        return 0 if parent.isValid() else len(self._entries)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(COLUMNS)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        if role == ID:
            return self._entries[index.row()][1]
        if role not in (ROW, Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return None
        row = self.row_at(index.row())
        if role == ROW or row is None:
            return row
        return spoken(self._session, row, COLUMNS[index.column()].id)

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        if orientation is not Qt.Orientation.Horizontal or section >= len(COLUMNS):
            return None
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return COLUMNS[section].title()
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        return None

    # ------------------------------------------------------------ what the queue asks
    def row_at(self, at: int) -> OrderRow | None:
        """The row there; one that is not at hand comes soon, and dataChanged says so."""
        id = self._entries[at][1]
        found = self._cache.get(id)
        if found is None or id in self._stale:
            self._wanted.add(at)
            if not self._fetch_soon.isActive():
                self._fetch_soon.start()
        return found

    def id_at(self, at: int) -> str | None:
        """The id of the order in a row."""
        return self._entries[at][1] if 0 <= at < len(self._entries) else None

    def row_of(self, id: str) -> int:
        """The row of an order, -1 where this query does not have it."""
        if id not in self._key_of:
            return -1
        return place(self._entries, (self._key_of[id], id), descending=self.query.descending)

    def index_of(self, id: str) -> QModelIndex:
        """The first cell of an order, invalid where this query does not have it."""
        row = self.row_of(id)
        return self.index(row, 0) if row >= 0 else QModelIndex()

    def ask(self, query: OrderQuery) -> None:
        """Show another query; what is shown stays until the answer is there, a newer question wins."""
        self._asking.ask(self._answer(query), lambda answer: self._show(query, *answer))

    def refresh_texts(self) -> None:
        """The language has changed: every word is another one."""
        self.headerDataChanged.emit(Qt.Orientation.Horizontal, 0, len(COLUMNS) - 1)
        self._emit_changed(0, len(self._entries) - 1)

    async def _answer(self, query: OrderQuery) -> tuple[list[Entry], Mapping[str, OrderRow]]:
        return await self._session.order_list(query, _PAGE)

    def _show(self, query: OrderQuery, entries: list[Entry], rows: Mapping[str, OrderRow]) -> None:
        self._keep(rows)
        if self._began:
            self._become(entries, query)
        else:
            self._began = True
            self.beginResetModel()
            self._take(entries, query)
            self.endResetModel()
        self.loaded.emit(len(entries))
        self._follow()

    def _catch_up(self, query: OrderQuery, entries: list[Entry], rows: Mapping[str, OrderRow]) -> None:
        """So much has changed that the list is read anew; for who looks at it that is still others' doing."""
        self._keep(rows)
        former = dict(self._key_of)
        now = {id: key for key, id in entries}
        moving = {id for id in former.keys() | now.keys() if former.get(id) != now.get(id)}
        self.changing.emit(frozenset(moving))
        self._become(entries, query)
        self.settled.emit(frozenset(now.keys() - former.keys()))
        self._emit_changed(0, len(self._entries) - 1)
        self._follow()

    # ------------------------------------------------------------ another list, without a reset
    def _take(self, entries: list[Entry], query: OrderQuery) -> None:
        self._entries, self.query = entries, query
        self._key_of = {id: key for key, id in entries}

    def _become(self, new: list[Entry], query: OrderQuery) -> None:
        ordered, kept = kept_first(self._entries, new)
        self._reorder(ordered)
        if kept < len(ordered):
            self.beginRemoveRows(QModelIndex(), kept, len(ordered) - 1)
            del self._entries[kept:]
            self.endRemoveRows()
        if added := newcomers(self._entries, new):
            self.beginInsertRows(QModelIndex(), kept, kept + len(added) - 1)
            self._entries.extend(added)
            self.endInsertRows()
        self._reorder(new)
        self._take(new, query)

    def _reorder(self, ordered: list[Entry]) -> None:
        if ordered == self._entries:
            return
        self.layoutAboutToBeChanged.emit()
        before = self._entries
        held = self.persistentIndexList()
        self._entries = list(ordered)
        if held:
            rows = rows_of(ordered)
            self.changePersistentIndexList(
                held, [self.index(rows[before[index.row()][1]], index.column()) for index in held]
            )
        self.layoutChanged.emit()

    # ------------------------------------------------------------ following the replica
    def _on_changed(self, changed: Changed) -> None:
        if changed.everything:
            self._cache.clear()
            self.ask(self.query)
            return
        if ids := changed.ids.get("order"):
            self._stale |= ids & self._cache.keys()
            self._pending.update(ids)
            self._follow()

    def _follow(self) -> None:
        if self._followed or not self._began or not self._pending:
            return
        self._followed = True
        ids = frozenset(self._pending)
        self._pending.clear()
        self._following.run(self._look(ids, self.query), self._on_looked)

    async def _look(
        self, ids: Collection[str], query: OrderQuery
    ) -> tuple[Collection[str], OrderQuery, Mapping[str, Any], Mapping[str, OrderRow]]:
        keys, rows = await self._session.order_news(query, ids)
        return ids, query, keys, rows

    def _on_looked(
        self, answer: tuple[Collection[str], OrderQuery, Mapping[str, Any], Mapping[str, OrderRow]]
    ) -> None:
        ids, query, keys, rows = answer
        self._followed = False
        self._keep(rows)
        if query != self.query:  # another query was shown meanwhile: ask again for that one
            self._pending.update(ids)
        elif len(ids) > _FEW:
            self._asking.ask(self._answer(query), lambda answer: self._catch_up(query, *answer))
        else:
            self._apply(ids, keys)
        self._follow()

    def _apply(self, ids: Collection[str], keys: Mapping[str, Any]) -> None:
        moving = [
            id for id in ids if self._key_of.get(id) != keys.get(id) or (id in self._key_of) != (id in keys)
        ]
        self.changing.emit(frozenset(moving))
        added = set()
        for id in ids:
            if id not in keys:
                self._remove(id)
            elif id not in self._key_of:
                self._insert(id, keys[id])
                added.add(id)
            else:
                self._move(id, keys[id])
        self.settled.emit(frozenset(added))

    def _remove(self, id: str) -> None:
        row = self.row_of(id)
        if row < 0:
            return
        self.beginRemoveRows(QModelIndex(), row, row)
        del self._entries[row]
        del self._key_of[id]
        self.endRemoveRows()

    def _insert(self, id: str, key: Any) -> None:
        row = place(self._entries, (key, id), descending=self.query.descending)
        self.beginInsertRows(QModelIndex(), row, row)
        self._entries.insert(row, (key, id))
        self._key_of[id] = key
        self.endInsertRows()

    def _move(self, id: str, key: Any) -> None:
        row = self.row_of(id)
        if self._key_of[id] != key:
            others_before = place(self._entries, (key, id), descending=self.query.descending)
            target = others_before - 1 if others_before > row else others_before
            if target != row:
                self.beginMoveRows(QModelIndex(), row, row, QModelIndex(), others_before)
                del self._entries[row]
                self._entries.insert(target, (key, id))
                self._key_of[id] = key
                self.endMoveRows()
                row = target
            else:
                self._entries[row] = (key, id)
                self._key_of[id] = key
        self._emit_changed(row, row)

    # ------------------------------------------------------------ rows at hand
    def _fetch(self) -> None:
        wanted, self._wanted = self._wanted, set()
        pages = {at // _PAGE for at in wanted}
        ids: list[str] = []
        for page in pages:
            span = self._entries[page * _PAGE : (page + 1) * _PAGE]
            ids += [id for _, id in span if id not in self._cache or id in self._stale]
        if ids:
            self._fetching.run(self._session.order_rows(ids), self._on_fetched)

    def _on_fetched(self, rows: Mapping[str, OrderRow]) -> None:
        self._keep(rows)
        places = sorted(row for id in rows if (row := self.row_of(id)) >= 0)
        for first, last in _runs(places):
            self._emit_changed(first, last)

    def _keep(self, rows: Mapping[str, OrderRow]) -> None:
        self._stale.difference_update(rows)
        self._cache.update(rows)
        for id in rows:
            self._cache.move_to_end(id)
        while len(self._cache) > _KEPT:
            self._cache.popitem(last=False)

    def _emit_changed(self, first: int, last: int) -> None:
        if 0 <= first <= last < len(self._entries):
            self.dataChanged.emit(self.index(first, 0), self.index(last, len(COLUMNS) - 1))


def _runs(places: Sequence[int]) -> list[tuple[int, int]]:
    runs: list[tuple[int, int]] = []
    for at in places:
        if runs and runs[-1][1] == at - 1:
            runs[-1] = (runs[-1][0], at)
        else:
            runs.append((at, at))
    return runs
