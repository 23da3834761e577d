"""How many more visits of each skill fit: skills down, the calendar's columns across, with figures and colours."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QRect, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPen
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from dispatcher_app.planning.capacity import Slot
from dispatcher_app.text import t
from ui import name, theme
from ui.calendar.figures import Figures
from ui.calendar.model import SLOT, Index, column_title

if TYPE_CHECKING:
    from dispatcher_app.client.session import Session

LEFT: Final = Qt.ItemDataRole.UserRole + 10
"""How many more fit, less the promises that have no place yet; None while nobody knows."""
SKILL: Final = Qt.ItemDataRole.UserRole + 11
_FEW: Final = 3
"""So few, and a caller may be told that it is nearly full."""


class HeatModel(QAbstractTableModel):
    """A row a skill of those who are looked at."""

    def __init__(self, session: Session, figures: Figures, parent: QObject) -> None:
        super().__init__(parent)
        self._session, self._figures = session, figures
        self.skills: list[str] = []
        self.slots: tuple[Slot, ...] = ()
        self._people: tuple[str, ...] = ()
        self._everybody = True
        figures.came.connect(self.repaint)

    def show(
        self, skills: Sequence[str], slots: Sequence[Slot], people: Sequence[str], *, everybody: bool
    ) -> None:
        """Count among these people; promises without a place are taken off only where it is `everybody`."""
        self._people, self._everybody = tuple(people), everybody
        if list(skills) != self.skills or tuple(slots) != self.slots:
            self.beginResetModel()
            self.skills, self.slots = list(skills), tuple(slots)
            self.endResetModel()
        self.repaint()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        return 0 if parent.isValid() else len(self.skills)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self.slots)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        skill, slot = self.skills[index.row()], self.slots[index.column()]
        if role == SKILL:
            return skill
        if role == SLOT:
            return slot
        if role == LEFT:
            return self.left(skill, slot)
        if role in (Qt.ItemDataRole.AccessibleTextRole, Qt.ItemDataRole.ToolTipRole):
            return self.said(skill, slot)
        return None

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        if role not in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return None
        if orientation is Qt.Orientation.Vertical:
            return name.capital(name.skill(self.skills[section]))
        return column_title(self.slots[section], name.timezone(self._session))

    def left(self, skill: str, slot: Slot) -> int | None:
        """How many more visits fit, None where nobody knows and where it is over."""
        if slot.end <= self._session.now():
            return None
        free = self._figures.free(slot, self._people, skill)
        if free is None or not self._everybody:
            return free
        return max(0, free - self._figures.waiting(slot, skill))

    def said(self, skill: str, slot: Slot) -> str:
        """A cell in words."""
        words = [f"{name.capital(name.skill(skill))} · {column_title(slot, name.timezone(self._session))}"]
        left = self.left(skill, slot)
        if left is not None:
            usual = self._figures.minutes.get(skill, 0)
            if slot.part:
                words.append(t("{n} people could begin a visit of {minutes} min", n=left, minutes=usual))
            else:
                words.append(t("{n} more visits of {minutes} min fit", n=left, minutes=usual))
        if waiting := self._figures.waiting(slot, skill):
            words.append(t("{n} promised ones have no place yet##calendar", n=waiting))
        return "\n".join(words)

    def repaint(self) -> None:
        """Say that figures are otherwise."""
        if self.rowCount() and self.columnCount():
            last = self.index(self.rowCount() - 1, self.columnCount() - 1)
            self.dataChanged.emit(self.index(0, 0), last)


class HeatDelegate(QStyledItemDelegate):
    """The more there is, the greener; nothing and little are set apart by more than colour."""

    def sizeHint(self, _option: QStyleOptionViewItem, _index: Index) -> QSize:
        look = theme.current()
        return QSize(look.px(30), look.px(24))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        look = theme.current()
        box: QRect = option.rect
        state: QStyle.StateFlag = option.state
        left, slot = index.data(LEFT), index.data(SLOT)
        painter.save()
        inner = box.adjusted(0, 0, -1, -1)
        over = left == 0
        painter.fillRect(inner, look.colour("surface"))
        if left is not None and not over:
            painter.fillRect(inner, _shade(left, part=slot.part))
        elif over:
            painter.fillRect(inner, look.wash("red"))
        if left is not None:
            painter.setFont(look.font(12, bold=left <= _FEW and not over))
            painter.setPen(look.ink("red") if over else look.colour("text"))
            painter.drawText(inner, Qt.AlignmentFlag.AlignCenter, "–" if over else f"{left}")
        if state & QStyle.StateFlag.State_Selected:
            painter.setPen(QPen(look.colour("accent"), 2))
            painter.drawRect(box.adjusted(1, 1, -2, -2))
        painter.restore()


def _shade(left: int, *, part: bool) -> QColor:
    """Green as deep as there is room, amber where there is little."""
    look = theme.current()
    if left <= _FEW:
        return look.wash("amber")
    shade = QColor(look.ink("green"))
    full = 20 if part else 80
    shade.setAlpha(round(25 + 95 * min(left, full) / full))
    return shade
