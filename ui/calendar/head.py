"""The dates above a calendar: weekday and day, public holidays and the working days that make up for them."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QHeaderView, QWidget

from dispatcher_app.domain.calendar import local_date
from dispatcher_app.domain.holiday import HolidayYear, SpecialDay
from dispatcher_app.planning.capacity import Slot
from dispatcher_app.text import t
from ui import format, name, theme
from ui.calendar.face import special_name
from ui.calendar.model import CalendarModel, column_title

if TYPE_CHECKING:
    from dispatcher_app.client.session import Session


def special_day(session: Session, day: str) -> SpecialDay | None:
    """What a local date is besides its weekday, None where it is nothing, or its year is not kept."""
    year = session.get(HolidayYear, day[:4])
    return year.by_date.get(day) if year is not None else None


class DateHead(QHeaderView):
    """Two lines a column: the weekday or the holiday, and the date; today is set apart."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self._session = session
        self.setSectionsClickable(True)
        self.setHighlightSections(False)

    def sizeHint(self) -> QSize:
        return QSize(super().sizeHint().width(), theme.current().px(38))

    def paintSection(self, painter: QPainter, rect: QRect, logical: int) -> None:
        look, model = theme.current(), self.model()
        painter.save()
        painter.fillRect(rect, look.colour("sunken"))
        painter.setPen(look.colour("line"))
        painter.drawLine(rect.bottomLeft(), rect.bottomRight())
        painter.drawLine(rect.topRight(), rect.bottomRight())
        if isinstance(model, CalendarModel) and logical < model.columnCount():
            if model.in_weeks:
                painter.setPen(look.colour("muted"))
                painter.drawText(rect, Qt.AlignmentFlag.AlignCenter, format.weekday(logical))
            else:
                self._paint_slot(painter, rect, model.slots[logical])
        painter.restore()

    def _paint_slot(self, painter: QPainter, rect: QRect, slot: Slot) -> None:
        look, zone = theme.current(), name.timezone(self._session)
        upper = rect.adjusted(1, look.px(3), -1, -rect.height() // 2)
        lower = rect.adjusted(1, rect.height() // 2 - look.px(1), -1, -look.px(3))
        if slot.part:
            here = slot.start <= self._session.now() < slot.end
            painter.setFont(look.font(12, bold=here))
            painter.setPen(look.colour("accent" if here else "text"))
            painter.drawText(rect, Qt.AlignmentFlag.AlignCenter, column_title(slot, zone))
            return
        today = slot.date == local_date(self._session.now(), zone)
        weekday, special = date.fromisoformat(slot.date).weekday(), special_day(self._session, slot.date)
        free = special.kind == "holiday" if special is not None else weekday >= 5
        word = format.weekday(weekday)
        if special is not None:
            word = special_name(special) if special.kind == "holiday" else t("work##make-up")
        painter.setFont(look.font(11))
        painter.setPen(look.ink("red") if free else look.colour("muted"))
        if special is not None and special.kind == "workday":
            painter.setPen(look.ink("blue"))
        fitting = painter.fontMetrics().elidedText(word, Qt.TextElideMode.ElideRight, upper.width())
        painter.drawText(upper, Qt.AlignmentFlag.AlignCenter, fitting)
        narrow = rect.width() < look.px(50)
        said = slot.date[8:].lstrip("0") if narrow else f"{slot.date[5:7]}-{slot.date[8:]}"
        painter.setFont(look.font(12, bold=today))
        if today:
            width = min(lower.width() - 2, painter.fontMetrics().horizontalAdvance(said) + look.px(10))
            pill = QRect(0, 0, width, lower.height())
            pill.moveCenter(lower.center())
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(look.colour("accent"))
            painter.drawRoundedRect(pill, look.px(6), look.px(6))
            painter.setPen(look.colour("on_accent"))
        else:
            painter.setPen(look.ink("red") if free else look.colour("text"))
        painter.drawText(lower, Qt.AlignmentFlag.AlignCenter, said)
