"""The wall's board: each team with its people, its visits and how full its day is, by the half hour."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QRect, QRectF
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from dispatcher_app.client.tally import FIRST_HOUR, LAST_HOUR, STEPS, TeamTally
from dispatcher_app.domain.calendar import HOUR_MS, moment
from dispatcher_app.text import t
from ui import name, theme
from ui.mark import ALERT
from ui.wall.brush import CENTRE, LEFT, RIGHT, block, write
from ui.wall.news import News
from ui.wall.size import Scale

if TYPE_CHECKING:
    from dispatcher_app.client.session import Session

_WIDTHS: Final = (5.0, 3.9, 4.1, 2.6, 3.1)
"""Team, people, visits, late, taken: in units of the type; the rest is the day."""
_ROW: Final = (1.4, 2.6)
"""The least and the greatest height of a row."""


class BoardPage(QWidget):
    """A row a team; nobody of it is named."""

    def __init__(self, session: Session, news: News, scale: Scale, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session, self._news, self.scale = session, news, scale
        self.setObjectName("wall_board")
        news.read.connect(self._on_read)
        self._on_read()

    def said(self) -> list[str]:
        """Everything that is written on the page."""
        return [
            *self._heads(),
            *(words for team in self._teams() for words in self._cells(team)),
            *self._left_out(),
        ]

    def _teams(self) -> tuple[TeamTally, ...]:
        """As many as there is room for, those with late visits first where not all have any."""
        teams = self._news.tally.teams if self._news.tally else ()
        room = max(1, int(self.height() / self.scale.px(_ROW[0])) - 2)
        if len(teams) <= room:
            return teams
        return tuple(sorted(teams, key=lambda each: (-each.late, -each.visits, each.team))[:room])

    def _left_out(self) -> list[str]:
        count = len(self._news.tally.teams) - len(self._teams()) if self._news.tally else 0
        return [t("{n} more teams##wall", n=count)] if count else []

    def _heads(self) -> list[str]:
        return [
            t("Team"),
            t("At work##wall"),
            t("Done##wall"),
            ALERT["late"].label(),
            t("Taken##wall"),
        ]

    def _cells(self, team: TeamTally) -> list[str]:
        return [
            team.team or t("Without a team##wall"),
            f"{team.at_work}/{team.people}",
            f"{team.done}/{team.visits}",
            str(team.late) if team.late else "–",
            percent(team.taken),
        ]

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        look, scale, teams = theme.current(), self.scale, self._teams()
        least, most = _ROW
        high = int(max(scale.px(least), min(scale.px(most), self.height() / (len(teams) + 2))))
        for place, words, align in zip(self._places(0, high), self._heads(), _ALIGN, strict=True):
            write(painter, place, words, scale.font(), look.colour("muted"), align)
        self._hours(painter, self._day(0, high))
        for at, team in enumerate(teams):
            self._row(painter, (at + 1) * high, high, team)
        for words in self._left_out():
            left_out = QRect(0, (len(teams) + 1) * high, self.width(), high)
            write(painter, left_out, words, scale.font(), look.colour("muted"))
        self._now(painter, high, (len(teams) + 1) * high)

    def _row(self, painter: QPainter, top: int, high: int, team: TeamTally) -> None:
        look, scale = theme.current(), self.scale
        block(painter, QRect(0, top + 2, self.width(), high - 4), look.colour("surface"), scale.px(0.15))
        for at, (place, words, align) in enumerate(
            zip(self._places(top, high), self._cells(team), _ALIGN, strict=True)
        ):
            late = at == 3 and team.late > 0
            colour = look.ink(ALERT["late"]) if late else look.colour("text")
            write(painter, place, words, scale.font(1.0, bold=late or at == 0), colour, align)
        day = self._day(top, high).adjusted(0, high // 6, 0, -high // 6)
        step = day.width() / STEPS
        for at, share in enumerate(team.load):
            ink = look.ink("blue")
            ink.setAlphaF(0.08 + 0.92 * share)
            block(painter, QRectF(day.x() + at * step, day.y(), step - 1, day.height()), ink)

    def _hours(self, painter: QPainter, day: QRect) -> None:
        every, step = 3, day.width() / (LAST_HOUR - FIRST_HOUR)
        for hour in range(FIRST_HOUR + 2, LAST_HOUR, every):
            middle = round(day.x() + (hour - FIRST_HOUR) * step)
            place = QRect(middle - self.scale.px(1.2), day.y(), self.scale.px(2.4), day.height())
            write(painter, place, str(hour), self.scale.font(), theme.current().colour("muted"), CENTRE)

    def _now(self, painter: QPainter, top: int, bottom: int) -> None:
        tally = self._news.tally
        if tally is None:
            return
        begin = moment(tally.date, FIRST_HOUR * 60, name.timezone(self._session))
        gone = (self._session.now() - begin) / ((LAST_HOUR - FIRST_HOUR) * HOUR_MS)
        if 0 <= gone <= 1:
            day = self._day(0, top)
            at = day.x() + round(gone * day.width())
            block(painter, QRect(at - 2, top, 4, bottom - top), theme.current().colour("red"))

    def _places(self, top: int, high: int) -> list[QRect]:
        left, found = self.scale.px(0.3), []
        for units in _WIDTHS:
            found.append(QRect(left, top, self.scale.px(units - 0.3), high))
            left += self.scale.px(units)
        return found

    def _day(self, top: int, high: int) -> QRect:
        left = self.scale.px(sum(_WIDTHS) + 0.9)
        return QRect(left, top, self.width() - left - self.scale.px(0.4), high)

    def _on_read(self) -> None:
        self.setAccessibleName(t(", ##list").join(self.said()))
        self.update()


_ALIGN = (LEFT, RIGHT, RIGHT, RIGHT, RIGHT)


def percent(share: float | None) -> str:
    """A share in words; a dash where there is nothing to have a share of."""
    return "–" if share is None else f"{round(share * 100)}%"
