"""The calendar's table: rows of people, columns of dates or parts of one; it follows the replica cell by cell."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from dispatcher_app.domain.holiday import HolidayYear
from dispatcher_app.domain.technician import Technician
from dispatcher_app.planning.capacity import Slot
from dispatcher_app.text import t
from ui import format, name
from ui.calendar.day import DayWord, day_word
from ui.calendar.face import Face, date_words, face, minutes
from ui.calendar.figures import Figures, Load
from ui.calendar.period import dated
from ui.calendar.row import ALL, Row

if TYPE_CHECKING:
    from dispatcher_app.client.session import Session

Index = QModelIndex | QPersistentModelIndex
LOAD: Final = Qt.ItemDataRole.UserRole
"""The `Load` of a cell, None while nobody knows."""
WORD: Final = Qt.ItemDataRole.UserRole + 1
"""The `DayWord` of one technician's cell."""
ROW: Final = Qt.ItemDataRole.UserRole + 2
SLOT: Final = Qt.ItemDataRole.UserRole + 3


class CalendarModel(QAbstractTableModel):
    """One row a `Row`, one column a `Slot`; in a month of all together one row a week."""

    def __init__(self, session: Session, figures: Figures, parent: QObject) -> None:
        super().__init__(parent)
        self._session, self._figures = session, figures
        self.rows: list[Row] = []
        self.slots: tuple[Slot, ...] = ()
        self._weeks: list[list[Slot | None]] = []
        self._faces: dict[tuple[int, int, bool], Face] = {}
        figures.came.connect(self.repaint)

    @property
    def in_weeks(self) -> bool:
        """Whether the rows are the weeks of a month."""
        return bool(self._weeks)

    def show(self, rows: Sequence[Row], slots: Sequence[Slot]) -> None:
        """Show other rows and columns; where only rows come and go, the others stay where they are."""
        weeks = _weeks(slots) if len(slots) > 7 and [each.key for each in rows] == [ALL] else []
        if tuple(slots) != self.slots or bool(weeks) != self.in_weeks:
            self.beginResetModel()
            self._faces.clear()
            self.rows, self.slots, self._weeks = list(rows), tuple(slots), weeks
            self.endResetModel()
            return
        self._become(list(rows))

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        return 0 if parent.isValid() else len(self._weeks or self.rows)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else 7 if self._weeks else len(self.slots)

    def slot_at(self, row: int, column: int) -> Slot | None:
        """The date, or part of one, of a cell; None where a month has no day."""
        if self._weeks:
            return self._weeks[row][column]
        return self.slots[column]

    def row_at(self, row: int) -> Row:
        """Whose a row is."""
        return self.rows[0] if self._weeks else self.rows[row]

    def place_of(self, key: str, date: str) -> tuple[int, int] | None:
        """Where a row's date stands."""
        if self._weeks:
            found = (
                (row, column)
                for row, week in enumerate(self._weeks)
                for column, slot in enumerate(week)
                if slot is not None and slot.date == date
            )
            return next(found, None)
        row = next((at for at, each in enumerate(self.rows) if each.key == key), None)
        column = next((at for at, each in enumerate(self.slots) if each.date == date), None)
        return None if row is None or column is None else (row, column)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid() or (slot := self.slot_at(index.row(), index.column())) is None:
            return None
        row = self.row_at(index.row())
        if role == LOAD:
            return self._figures.load(slot, row.people)
        if role == WORD:
            return self._word(row, slot)
        if role == ROW:
            return row
        if role == SLOT:
            return slot
        if role in (Qt.ItemDataRole.AccessibleTextRole, Qt.ItemDataRole.ToolTipRole):
            return said(row, slot, self._figures.load(slot, row.people), self._word(row, slot), self._zone)
        return None

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        if role not in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return None
        if orientation is Qt.Orientation.Vertical:
            if self._weeks:
                first = next(each for each in self._weeks[section] if each is not None)
                return t("from {date}##week", date=first.date[5:])
            return self.rows[section].title
        if self._weeks:
            return format.weekday(section)
        return column_title(self.slots[section], self._zone)

    def face(self, row: int, column: int, *, wide: bool) -> Face | None:
        """What a cell looks like, None where a month has no day."""
        known = self._faces.get((row, column, wide))
        if known is not None or (slot := self.slot_at(row, column)) is None:
            return known
        of = self.row_at(row)
        year = self._session.get(HolidayYear, slot.date[:4]) if self._weeks else None
        special = year.by_date.get(slot.date) if year is not None else None
        made = face(
            self._figures.load(slot, of.people), self._word(of, slot), wide=wide, part=slot.part,
            past=slot.end <= self._session.now(), several=of.technician is None,
            date=date_words(slot.date, special) if self._weeks else None,
        )  # fmt: skip
        self._faces[row, column, wide] = made
        return made

    def repaint(self) -> None:
        """Say that figures or words are otherwise."""
        self._faces.clear()
        if self.rowCount() and self.columnCount():
            last = self.index(self.rowCount() - 1, self.columnCount() - 1)
            self.dataChanged.emit(self.index(0, 0), last)

    @property
    def _zone(self) -> str:
        return name.timezone(self._session)

    def _word(self, row: Row, slot: Slot) -> DayWord | None:
        if row.technician is None:
            return None
        technician = self._session.get(Technician, row.technician)
        return day_word(self._session, technician, slot) if technician is not None else None

    def _become(self, wanted: list[Row]) -> None:
        self._faces.clear()
        keys = {(each.key, each.level) for each in wanted}
        for at in reversed(range(len(self.rows))):
            if (self.rows[at].key, self.rows[at].level) not in keys:
                self.beginRemoveRows(QModelIndex(), at, at)
                del self.rows[at]
                self.endRemoveRows()
        for at, row in enumerate(wanted):
            if at < len(self.rows) and self.rows[at].key == row.key:
                continue
            old = next((each for each in range(at, len(self.rows)) if self.rows[each].key == row.key), None)
            if old is not None:
                self.beginMoveRows(QModelIndex(), old, old, QModelIndex(), at)
                self.rows.insert(at, self.rows.pop(old))
                self.endMoveRows()
            else:
                self.beginInsertRows(QModelIndex(), at, at)
                self.rows.insert(at, row)
                self.endInsertRows()
        self.rows = wanted
        self.headerDataChanged.emit(Qt.Orientation.Vertical, 0, max(0, len(wanted) - 1))
        self.repaint()


def _weeks(slots: Sequence[Slot]) -> list[list[Slot | None]]:
    """A month's dates as weeks from Monday."""
    weeks: list[list[Slot | None]] = []
    for slot in slots:
        weekday = date.fromisoformat(slot.date).weekday()
        if not weeks or weekday == 0:
            weeks.append([None] * 7)
        weeks[-1][weekday] = slot
    return weeks


def column_title(slot: Slot, timezone: str) -> str:
    """What a column is called where it is read aloud."""
    if not slot.part:
        return dated(slot.date)
    return f"{format.clock(slot.start, timezone)}–{format.clock(slot.end, timezone)}".replace(
        "–00:00", "–24:00"
    )


def said(row: Row, slot: Slot, load: Load | None, word: DayWord | None, timezone: str) -> str:
    """A cell in words."""
    parts = [f"{row.title} · {column_title(slot, timezone)}"]
    if word is not None:
        parts.append(word.hours or t("off"))
        if word.leave is not None:
            parts.append(t("away: {reason}", reason=word.leave.reason))
        if word.other:
            parts.append(t("other hours than every week##calendar"))
        if word.asked:
            parts.append(t("{n} requests wait##calendar", n=word.asked))
    if load is not None:
        parts += load_words(load, several=word is None)
    return "\n".join(parts)


def load_words(load: Load, *, several: bool) -> list[str]:
    """The figures in words."""
    found = []
    if load.percent is not None:
        found.append(
            t(
                "{percent}% taken: {load} of {work}",
                percent=load.percent,
                load=minutes(load.load),
                work=minutes(load.work),
            )
        )
    elif load.load:
        found.append(t("{load} without working time##calendar", load=minutes(load.load)))
    found.append(t("{n} visits##calendar", n=load.visits))
    if several:
        found.append(
            t(
                "{n} at work, {off} off, {leave} on leave",
                n=load.people - load.off,
                off=load.off,
                leave=load.leave,
            )
        )
    return found
