"""Ranked technicians as rows: the fit ones with what speaks for them, the others with every reason why not."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, QRect, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter
from PySide6.QtWidgets import QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from dispatcher_app.domain.technician import Technician
from dispatcher_app.planning.rank import Eligible, Excluded
from dispatcher_app.text import t
from ui import format, icons, name, theme
from ui.mark import mark
from ui.order.sure import Drive

if TYPE_CHECKING:
    from dispatcher_app.client.session import Session

CANDIDATE: Final = Qt.ItemDataRole.UserRole

Index = QModelIndex | QPersistentModelIndex
_LEFT: Final = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
_WRAPPED: Final = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop | Qt.TextFlag.TextWordWrap
_PARTS: Final = {
    "travel": "Travel##part",
    "slack": "Spare time##part",
    "load": "Load##part",
    "rating": "Stars##part",
    "credit": "Credit##part",
    "preference": "Wished for##part",
    "overtime": "Overtime##part",
    "displaced": "Pushes others aside##part",
}


@dataclass(frozen=True, slots=True)
class Candidate:
    """One technician as he is shown: `start` (UTC ms) is None where he can't go."""

    technician: str
    name: str
    status: str
    start: int | None
    score: str
    when: str
    detail: str
    tip: str
    current: bool = False
    overridable: bool = False
    helpers: tuple[str, ...] = ()


def eligible(session: Session, found: Eligible, drive: Drive | None = None) -> Candidate:
    """A technician who can go: when he is there, what it costs, what to watch; `drive` is as the traffic stands."""
    known = session.get(Technician, found.technician)
    now, timezone = session.now(), name.timezone(session)
    said = [
        t("+{n} min travel", n=round(found.travel_s / 60)),
        t("{distance} away", distance=format.distance(found.distance_m)),
        t("{n} min spare", n=max(0, found.slack_s // 60)),
        t("visits: {n}", n=found.load),
    ]
    if drive is not None:
        minutes = max(1, round(drive.seconds / 60))
        late = t("{n} min there by AMap, {late} min late", n=minutes, late=drive.late)
        said.insert(0, late if drive.late else t("{n} min there by AMap", n=minutes))
    if found.planned:
        said.insert(0, t("planned with him already"))
    if found.after_order:
        said.append(t("after {order}", order=name.short_order(session, found.after_order)))
    said += [
        t("{order} {n} min late", order=name.short_order(session, late.order), n=late.minutes)
        for late in found.late
    ]
    said += [name.broken(session, warning) for warning in found.warnings]
    parts = [
        f"{t(_PARTS[part.name])} {part.points:g}" + (f"/{part.most:g}" if part.most else "")
        for part in found.parts
    ]
    when = t("arrives {when}", when=format.moment(found.start, now, timezone))
    if found.along is not None:
        who = name.technician(session, found.along.technician)
        when = t("{when}, with {who}", when=when, who=who)
        more = round(found.along.travel_s / 60)
        said.insert(0, t("{who} +{n} min travel", who=who, n=more))
    return Candidate(
        technician=found.technician,
        name=known.name if known else found.technician,
        status=known.status if known else "offline",
        start=found.start,
        score=f"{found.score:.0f}",
        when=when,
        detail=" · ".join(said),
        tip="\n".join((t("Score {score}", score=f"{found.score:g}"), *parts)),
        current=found.current,
        helpers=found.helpers,
    )


def excluded(session: Session, found: Excluded) -> Candidate:
    """A technician who can't go: every reason, and what would let him."""
    known = session.get(Technician, found.technician)
    reasons = name.sentences(session, found.broken)
    ways = name.sentences(session, found.would_be_eligible_if)
    started = (way.params.get("start") for way in found.would_be_eligible_if if way.code == "if_started")
    return Candidate(
        technician=found.technician,
        name=known.name if known else found.technician,
        status=known.status if known else "offline",
        start=next(started, None),
        score="–",
        when=reasons,
        detail=t("Would help: {ways}", ways=ways) if ways else "",
        tip=f"{reasons}\n{ways}".strip(),
        current=found.current,
        overridable=any(way.code == "if_overridden" for way in found.would_be_eligible_if),
    )


class CandidateModel(QAbstractListModel):
    """The rows; showing others keeps those that stay, so that the caret stays on its technician."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._rows: list[Candidate] = []

    def show_rows(self, rows: list[Candidate]) -> None:
        """Show these candidates instead."""
        if rows == self._rows:
            return
        if [each.technician for each in rows] == [each.technician for each in self._rows]:
            self._rows = rows
            self.dataChanged.emit(self.index(0), self.index(len(rows) - 1))
            return
        if self._rows:
            self.beginRemoveRows(QModelIndex(), 0, len(self._rows) - 1)
            self._rows = []
            self.endRemoveRows()
        if rows:
            self.beginInsertRows(QModelIndex(), 0, len(rows) - 1)
            self._rows = rows
            self.endInsertRows()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        return 0 if parent.isValid() else len(self._rows)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        row = self._rows[index.row()]
        if role == CANDIDATE:
            return row
        if role == Qt.ItemDataRole.DisplayRole:
            return row.name
        if role == Qt.ItemDataRole.ToolTipRole:
            return row.tip
        if role == Qt.ItemDataRole.AccessibleTextRole:
            state = mark("technician", row.status).label()
            return ", ".join(filter(None, (row.name, state, row.when, row.detail, row.tip)))
        return None


class CandidateRows(QStyledItemDelegate):
    """Two lines: who and when, then what it costs; a row that can't go wraps its reasons."""

    def __init__(self, parent: QListView, *, wraps: bool) -> None:
        super().__init__(parent)
        self._view, self._wraps = parent, wraps

    def sizeHint(self, _option: QStyleOptionViewItem, index: Index) -> QSize:
        look, row = theme.current(), index.data(CANDIDATE)
        if not self._wraps:
            return QSize(0, look.px(44))
        width = self._view.viewport().width() - look.px(34)
        metrics = QFontMetrics(look.font(12))
        tall = sum(
            metrics.boundingRect(QRect(0, 0, width, 400), _WRAPPED, said).height()
            for said in (row.when, row.detail)
            if said
        )
        return QSize(0, look.px(24) + tall + look.space(2))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        given: Any = option  # the stubs of PySide6 leave out what a style option inherits
        look, row, rect = theme.current(), index.data(CANDIDATE), QRect(given.rect)
        painter.save()
        if given.state & QStyle.StateFlag.State_Selected:
            focused = self._view.hasFocus()
            painter.fillRect(rect, look.colour("selection" if focused else "selection_idle"))
        elif given.state & QStyle.StateFlag.State_MouseOver:
            painter.fillRect(rect, look.colour("hover"))
        painter.fillRect(rect.left(), rect.bottom(), rect.width(), 1, look.colour("line"))
        inside = rect.adjusted(look.space(2), look.space(1), -look.space(2), -look.space(1))
        first = QRect(inside.left(), inside.top(), inside.width(), look.px(18))
        self._first_line(painter, first, row)
        below = inside.adjusted(look.px(18), look.px(18), 0, 0)
        painter.setFont(look.font(12))
        painter.setPen(look.colour("muted"))
        if self._wraps:
            used = painter.drawText(below, _WRAPPED, row.when)
            tall = used.height() if hasattr(used, "height") else look.px(16)
            painter.setPen(look.colour("blue"))
            painter.drawText(below.adjusted(0, tall, 0, 0), _WRAPPED, row.detail)
        else:
            said = painter.fontMetrics().elidedText(row.detail, Qt.TextElideMode.ElideRight, below.width())
            painter.drawText(below, _LEFT, said)
        painter.restore()

    def _first_line(self, painter: QPainter, rect: QRect, row: Candidate) -> None:
        look, state = theme.current(), mark("technician", row.status)
        edge = look.px(14)
        icons.mark_icon(state).paint(painter, QRect(rect.left(), rect.top() + 2, edge, edge))
        words = rect.adjusted(look.px(18), 0, 0, 0)
        painter.setFont(look.font(bold=True))
        painter.setPen(look.colour("text"))
        painter.drawText(words, _LEFT, row.name)
        at = painter.fontMetrics().horizontalAdvance(row.name) + look.space(2)
        if row.current:
            painter.setFont(look.font(12))
            painter.setPen(look.colour("accent"))
            said = t("has it now")
            painter.drawText(words.adjusted(at, 0, 0, 0), _LEFT, said)
            at += painter.fontMetrics().horizontalAdvance(said) + look.space(2)
        right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        painter.setFont(look.font(12))
        painter.setPen(look.colour("muted"))
        score = t("{n} points", n=row.score) if not self._wraps else state.label()
        painter.drawText(words, right, score)
        if not self._wraps:
            room = painter.fontMetrics().horizontalAdvance(score) + look.space(2)
            painter.setFont(look.font())
            painter.setPen(look.colour("text"))
            left = words.adjusted(max(at, look.px(84)), 0, -room, 0)
            painter.drawText(
                left,
                _LEFT,
                painter.fontMetrics().elidedText(row.when, Qt.TextElideMode.ElideRight, left.width()),
            )


def candidate_list(
    model: CandidateModel, words: str, *, wraps: bool, parent: QWidget | None = None
) -> QListView:
    """A list of candidates."""
    view = QListView(parent)
    view.setModel(model)
    view.setItemDelegate(CandidateRows(view, wraps=wraps))
    view.setMouseTracking(True)
    view.setAccessibleName(words)
    view.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
    view.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    view.setResizeMode(QListView.ResizeMode.Adjust)
    return view
