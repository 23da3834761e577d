"""Orders booked and finished by the hour, as bars beside each other, in the type of the wall."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRect
from PySide6.QtGui import QPainter

from dispatcher_app.client.tally import FIRST_HOUR, LAST_HOUR
from dispatcher_app.text import t
from ui import theme
from ui.wall.brush import CENTRE, RIGHT, block, write
from ui.wall.size import Scale

_LINES = 4


def said(booked: Sequence[int], finished: Sequence[int]) -> list[str]:
    """What the chart tells, in words."""
    return [t("Booked: {n}##wall", n=sum(booked)), t("Finished: {n}##wall", n=sum(finished))]


def paint(
    painter: QPainter, place: QRect, scale: Scale, booked: Sequence[int], finished: Sequence[int]
) -> None:
    """Draw 24 figures of each, of the hours that an overview shows."""
    look = theme.current()
    block(painter, place, look.colour("surface"), scale.px(0.2))
    inner = place.adjusted(scale.px(0.4), scale.px(0.2), -scale.px(0.4), -scale.px(0.1))
    head = QRect(inner.x(), inner.y(), inner.width(), scale.px(1.3))
    one, other = said(booked, finished)
    half = head.adjusted(0, 0, -head.width() // 2, 0)
    write(painter, half, f"■ {one}", scale.font(1.0, bold=True), look.colour("blue"))
    write(
        painter,
        half.translated(half.width(), 0),
        f"■ {other}",
        scale.font(1.0, bold=True),
        look.colour("green"),
    )
    plot = inner.adjusted(scale.px(1.7), head.height() + scale.px(0.6), 0, -scale.px(1.4))
    most = max([_LINES, *booked[FIRST_HOUR:LAST_HOUR], *finished[FIRST_HOUR:LAST_HOUR]])
    every = -(-most // _LINES)
    top = every * _LINES
    for line in range(0, top + 1, every):
        y = plot.bottom() - plot.height() * line // top
        block(painter, QRect(plot.x(), y, plot.width(), max(1, scale.px(0.03))), look.colour("line"))
        if line % (2 * every) == 0:
            words = QRect(inner.x(), y - scale.px(0.7), scale.px(1.5), scale.px(1.4))
            write(painter, words, str(line), scale.font(), look.colour("muted"), RIGHT)
    wide = plot.width() / (LAST_HOUR - FIRST_HOUR)
    for hour in range(FIRST_HOUR, LAST_HOUR):
        left = plot.x() + (hour - FIRST_HOUR) * wide
        for shift, figures, hue in ((0.08, booked, "blue"), (0.5, finished, "green")):
            high = plot.height() * figures[hour] // top
            bar = QRect(round(left + shift * wide), plot.bottom() - high, max(2, round(wide * 0.4)), high)
            block(painter, bar, look.colour(hue))
        if hour % 3 == 0:
            below = QRect(
                round(left) - scale.px(1), plot.bottom() + scale.px(0.1), scale.px(2), scale.px(1.3)
            )
            write(painter, below, str(hour), scale.font(), look.colour("muted"), CENTRE)
