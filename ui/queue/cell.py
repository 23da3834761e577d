"""How one cell of the queue is painted: quick enough for a whole screen of rows in one frame."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPixmap, QStaticText
from PySide6.QtWidgets import QAbstractScrollArea, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from dispatcher_app.rows import OrderRow
from dispatcher_app.text import t
from ui import icons, name, theme
from ui.controls import chip
from ui.mark import ORDER, Mark, mark
from ui.models import column
from ui.models.queue import QueueModel
from ui.watchers import watching

if TYPE_CHECKING:
    from dispatcher_app.client.session import Session

# As numbers: Python's flags would cost a third of the time of painting a cell.
_SELECTED: Final = QStyle.StateFlag.State_Selected.value
_ACTIVE: Final = QStyle.StateFlag.State_Active.value
_HOVERED: Final = QStyle.StateFlag.State_MouseOver.value
_CACHED: Final = 20_000
_MINUTE_MS: Final = 60_000
_HURRY_MS: Final = 5 * 60_000

Index = QModelIndex | QPersistentModelIndex


class OrderCells(QStyledItemDelegate):
    """Paints the cells of the queue; call `dress` after the look has changed."""

    def __init__(self, session: Session, model: QueueModel, parent: QWidget) -> None:
        super().__init__(parent)
        self._session, self._model = session, model
        if isinstance(parent, QAbstractScrollArea) and getattr(session, "presences", None) is not None:
            stop = session.subscribe(presence=lambda _news: parent.viewport().update())
            self.destroyed.connect(lambda: stop())
        self._painters: dict[str, Callable[[QPainter, QRect, OrderRow], None]] = {
            "number": self._number,
            "status": self._status,
            "timer": self._timer,
            "window": self._window,
            "item": self._item,
            "compound": self._compound,
            "technician": self._technician,
            "marks": self._marks,
            "phone": self._phone,
        }
        self._by_column = [self._painters.get(each.id) for each in column.COLUMNS]
        self.dress()

    def dress(self) -> None:
        """Take fonts and colours of the look in use; forget what was measured with the old one."""
        look = theme.current()
        self._look = look
        self._font, self._bold, self._small = look.font(), look.font(bold=True), look.font(12)
        self._laid_out: dict[tuple[str, int, int], tuple[QStaticText, int, int]] = {}
        self._chips: dict[tuple[str, int], QPixmap] = {}
        self._icons: dict[tuple[str, str], QPixmap] = {}
        self._pens = {
            token: look.colour(token)
            for token in ("text", "muted", "red", "orange", "dim", "blue", "amber", "line")
        }
        self._grounds = {token: look.colour(token) for token in ("selection", "selection_idle", "hover")}
        self._metrics = {id(font): QFontMetrics(font) for font in (self._font, self._bold, self._small)}
        self._pad, self._gap = look.space(2), look.space(1)
        self._words: dict[tuple[str, str], str] = {}
        self._windows: dict[tuple[int | None, int | None, int, int], str] = {}

    def now(self) -> int:
        """The desk's time (UTC ms) by which timers are painted."""
        return self._session.now()

    def width(self, shown: column.Column) -> int:
        """Room for a column in the language spoken: its title, and the longest that is usual in it."""
        usual = {
            "status": [each.label() for each in ORDER.values()],
            "window": [f"{t('Tomorrow')} 12:00–14:00"],
            "timer": [f"{t('Today')} 18:00"],
        }.get(shown.id, [])
        extra = {"status": self._look.px(14) + self._look.space(7), "timer": self._pad * 2}.get(
            shown.id, self._pad * 2
        )
        words = [self._metrics[id(self._small)].horizontalAdvance(each) for each in usual]
        if shown.id == "window":
            words = [self._metrics[id(self._font)].horizontalAdvance(each) for each in usual]
        title = self._metrics[id(self._small)].horizontalAdvance(shown.title()) + self._look.px(28)
        return max(self._look.px(shown.width), title, *(each + extra for each in words))

    def sizeHint(self, _option: QStyleOptionViewItem, _index: Index) -> QSize:
        return QSize(40, self._look.px(28))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        given: Any = option  # the stubs of PySide6 leave out what a style option inherits
        rect, state = given.rect, given.state.value
        self._ground(painter, rect, state)
        row = self._model.row_at(index.row())
        if row is None:
            return
        inside = rect.adjusted(self._pad, 0, -self._gap, 0)
        paint = self._by_column[index.column()]
        if paint is not None:
            paint(painter, inside, row)
        else:
            said = column.spoken(self._session, row, column.COLUMNS[index.column()].id)
            self._write(painter, inside, said, "dim" if row.closed else "text")

    def _ground(self, painter: QPainter, rect: QRect, state: int) -> None:
        if state & _SELECTED:
            painter.fillRect(rect, self._grounds["selection" if state & _ACTIVE else "selection_idle"])
        elif state & _HOVERED:
            painter.fillRect(rect, self._grounds["hover"])
        painter.fillRect(rect.left(), rect.bottom(), rect.width(), 1, self._pens["line"])

    def _write(
        self, painter: QPainter, rect: QRect, text: str, pen: str = "text", font: QFont | None = None
    ) -> int:
        """Write what fits, and say how wide it is. Texts are laid out once: a screen has hundreds of them."""
        font = font or self._font
        key = (text, rect.width(), id(font))
        found = self._laid_out.get(key)
        if found is None:
            if len(self._laid_out) > _CACHED:
                self._laid_out.clear()
            found = self._laid_out[key] = self._lay_out(text, rect.width(), font)
        laid_out, width, height = found
        painter.setFont(font)
        painter.setPen(self._pens[pen])
        painter.drawStaticText(rect.left(), rect.top() + (rect.height() - height) // 2, laid_out)
        return width

    def _lay_out(self, text: str, width: int, font: QFont) -> tuple[QStaticText, int, int]:
        metrics = self._metrics[id(font)]
        said = metrics.elidedText(text, Qt.TextElideMode.ElideRight, width)
        made = QStaticText(said)
        made.setTextFormat(Qt.TextFormat.PlainText)
        made.prepare(font=font)
        return made, metrics.horizontalAdvance(said), metrics.height()

    def _number(self, painter: QPainter, rect: QRect, row: OrderRow) -> None:
        head, spoken = name.split_number(row.number)
        wide = self._write(painter, rect, head, "muted", self._small)
        rest = rect.adjusted(wide, 0, 0, 0)
        self._write(painter, rest, spoken, "dim" if row.closed else "text", self._bold)

    def _status(self, painter: QPainter, rect: QRect, row: OrderRow) -> None:
        key = (row.status, rect.width())
        picture = self._chips.get(key)
        if picture is None:
            picture = self._chips[key] = self._chip(mark("order", row.status), rect.size(), painter)
        painter.drawPixmap(rect.topLeft(), picture)

    def _chip(self, shown: Mark, size: QSize, painter: QPainter) -> QPixmap:
        ratio = painter.device().devicePixelRatioF()
        picture = QPixmap(size * ratio)
        picture.setDevicePixelRatio(ratio)
        picture.fill(QColor(0, 0, 0, 0))
        inner = QPainter(picture)
        chip.paint(inner, QRect(0, 0, size.width(), size.height()), shown)
        inner.end()
        return picture

    def _timer(self, painter: QPainter, rect: QRect, row: OrderRow) -> None:
        if row.due is None or row.closed:
            return
        now = self._session.now()
        left = row.due - now
        said = column.timer(self._session, row, now)
        if left < 0:
            self._write(painter, rect, said, "red", self._bold)
        elif left <= _HURRY_MS:
            self._write(painter, rect, said, "orange", self._bold)
        elif left <= column.SOON_MS:
            self._write(painter, rect, said, "text")
        else:
            self._write(painter, rect, said, "muted", self._small)

    def _window(self, painter: QPainter, rect: QRect, row: OrderRow) -> None:
        # The day changes what a window is called; within a minute nothing does.
        key = (row.window_start, row.window_end, row.provisional, self._session.now() // _MINUTE_MS)
        said = self._windows.get(key)
        if said is None:
            if len(self._windows) > _CACHED:
                self._windows.clear()
            said = self._windows[key] = column.window(self._session, row)
        if row.window_start is None:
            self._write(painter, rect, said, "orange")
        else:
            self._write(painter, rect, said, "amber" if row.provisional else "dim" if row.closed else "text")

    def _item(self, painter: QPainter, rect: QRect, row: OrderRow) -> None:
        item = self._named("item", row.item)
        wide = self._write(painter, rect, item, "dim" if row.closed else "text")
        fault = self._named(row.item, row.fault or "")
        more = f" +{row.lines - 1}" if row.lines > 1 else ""
        if fault or more:
            self._write(painter, rect.adjusted(wide + self._gap, 0, 0, 0), fault + more, "muted")

    def _named(self, item: str, id: str) -> str:
        key = (item, id)
        if key not in self._words:
            known = (
                name.item(self._session, id)
                if item == "item"
                else name.fault(self._session, item, id or None)
            )
            self._words[key] = known
        return self._words[key]

    def _compound(self, painter: QPainter, rect: QRect, row: OrderRow) -> None:
        if row.approximate:
            rect = rect.adjusted(self._write(painter, rect, "≈ ", "amber", self._bold), 0, 0, 0)
        said = row.compound or name.district(self._session, row.district)
        wide = self._write(painter, rect, said, "dim" if row.closed else "text")
        if row.building:
            self._write(painter, rect.adjusted(wide + self._gap, 0, 0, 0), row.building, "muted")

    def _phone(self, painter: QPainter, rect: QRect, row: OrderRow) -> None:
        self._write(painter, rect, row.phone_tail, "muted")

    def _technician(self, painter: QPainter, rect: QRect, row: OrderRow) -> None:
        said = name.whoever(self._session, row)
        if row.status == "offered" and row.technician is not None:
            said = t("{name}?", name=said)
        if "?" in (row.helpers or "") and not row.closed:
            rect = self._missing(painter, rect, row)
        self._write(painter, rect, said or "–", "text" if said and not row.closed else "dim")

    def _missing(self, painter: QPainter, rect: QRect, row: OrderRow) -> QRect:
        """How many are to come, or are missing, at the right; returns the room that is left for the name."""
        along = (row.helpers or "").split()
        said, pen = t("×{n}##row", n=len(along) + 1), "muted"
        if row.technician is not None:
            said, pen = t("{n} short##row", n=along.count("?")), "orange"
        wide = self._metrics[id(self._small)].horizontalAdvance(said)
        self._write(painter, rect.adjusted(max(0, rect.width() - wide - 1), 0, 0, 0), said, pen, self._small)
        return rect.adjusted(0, 0, -min(rect.width(), wide), 0)

    def _marks(self, painter: QPainter, rect: QRect, row: OrderRow) -> None:
        at = rect.left()
        if self._session.is_pending("order", row.id):
            at = self._icon(painter, rect, at, "pending_sync", "blue")
        if self._watched(row.id):
            at = self._icon(painter, rect, at, "reveal", "blue")
        if row.urgency != "normal":
            shown = mark("urgency", row.urgency)
            at = self._icon(painter, rect, at, shown.icon, shown.hue)
        if row.helpers and "?" not in row.helpers and not row.closed:
            at = self._icon(painter, rect, at, "team", "muted")
        if row.urged:
            at = self._icon(painter, rect, at, "urge", "orange")
            at = self._count(painter, rect, at, row.urged, "orange")
        if row.complaint:
            at = self._icon(painter, rect, at, "alert.complaint", "red" if row.complaint_due else "muted")
        if row.rebooked:
            at = self._icon(painter, rect, at, "change", "muted")
            at = self._count(painter, rect, at, row.rebooked, "muted")
        if row.flags:
            shown = mark("flag", row.flags.partition(" ")[0])
            at = self._icon(painter, rect, at, shown.icon, shown.hue)
        if row.notes:
            self._icon(painter, rect, at, "note", "muted")

    def _watched(self, order: str) -> bool:
        """Whether somebody else has it open; looked up only while anybody is at a desk."""
        return bool(watching(self._session, order))

    def _icon(self, painter: QPainter, rect: QRect, at: int, icon: str, colour: str) -> int:
        key = (icon, colour)
        if key not in self._icons:
            self._icons[key] = icons.pixmap(icon, colour)
        edge = self._look.icon_size
        if at + edge <= rect.right():
            painter.drawPixmap(at, rect.top() + (rect.height() - edge) // 2, edge, edge, self._icons[key])
        return at + edge + 2

    def _count(self, painter: QPainter, rect: QRect, at: int, count: int, pen: str) -> int:
        if count < 2:
            return at + 2
        return (
            at
            + self._write(painter, rect.adjusted(at - rect.left(), 0, 0, 0), str(count), pen, self._small)
            + 4
        )
