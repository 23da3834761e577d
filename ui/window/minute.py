"""A short report for a complaint: one order at one minute of a day, without anything about other customers."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QPoint, QRect
from PySide6.QtGui import QColor, QImage, QPainter, QPixmap

from dispatcher_app.client import profile
from dispatcher_app.domain.day import Day
from dispatcher_app.domain.order import Order
from dispatcher_app.domain.place import Point, distance_m
from dispatcher_app.domain.technician import Technician
from dispatcher_app.text import t
from ui import format, name
from ui.paper import press
from ui.paper.block import Block, Image, Pair, Rule, Words
from ui.paper.format import Format
from ui.replay.story import Told

if TYPE_CHECKING:
    from dispatcher_app.client.replay import ReplaySession
    from dispatcher_app.client.session import Session
    from ui.board.panel import BoardPanel
    from ui.board.view import BoardView

A4: Final = Format(id="a4", word="A4##paper", width=210, height=297, margin=18, text=10.5, title=18, code=30)
_AROUND: Final = 12
"""So many steps around the minute are told."""
_EDGE_PX: Final = 3


def report(session: ReplaySession, order: str, told: Sequence[Told], board: BoardPanel) -> Path | None:
    """Write the report as a PDF; where it is, None where the order was not there yet at that minute."""
    found = session.get(Order, order)
    if found is None:
        return None
    folder = profile.home() / "papers"
    folder.mkdir(parents=True, exist_ok=True)
    title = t("Replay {number} {date}##file", number=found.number, date=session.head.date)
    path = folder / f"{title}.pdf"
    press.to_pdf(blocks(session, found, told, picture(board.view, order)), A4, path, title)
    return path


def blocks(session: ReplaySession, order: Order, told: Sequence[Told], row: QImage | None) -> list[Block]:
    """What stands on it."""
    seat: Session = session  # type: ignore[assignment]  # it reads alike
    at, zone = session.now(), session.timezone
    shown = session.order_row(order.id)
    window = order.window
    made: list[Block] = [
        Words(t("How it stood: order {number}", number=order.number), "title", bold=True),
        Pair(t("Minute shown"), f"{session.head.date} {format.clock(at, zone)}", bold=True),
        Pair(t("Customer"), f"{shown.name} …{shown.phone_tail}" if shown else ""),
        Pair(t("What is repaired"), name.item(seat, order.lines[0].item)),
        Pair(t("State then"), name.status(order.status)),
        Pair(
            t("Promised window"),
            format.window(window.start, window.end, at, zone) if window else t("None promised"),
        ),
        *where(session, order),
        Rule(),
        Words(t("Steps around it"), "large", bold=True),
    ]
    before = [each for each in told if each.at <= at][-_AROUND // 2 :]
    after = [each for each in told if each.at > at][: _AROUND // 2]
    made += [Pair(format.clock(each.at, zone), f"{each.text} · {each.who}") for each in before]
    made.append(Pair(format.clock(at, zone), t("◀ the minute shown"), bold=True))
    made += [Pair(format.clock(each.at, zone), f"{each.text} · {each.who}") for each in after]
    if row is not None:
        made += [
            Rule(),
            Image(row, t("The technician's row on the board then; other customers are blacked out.")),
        ]
    made += [
        Rule(),
        Words(t("Taken from the log, which nobody can change. Names are shown as they are now."), "small"),
    ]
    return made


def where(session: ReplaySession, order: Order) -> list[Block]:
    """Who was to come, what he was at, and how far away he was."""
    technician = session.get(Technician, order.technician) if order.technician else None
    if technician is None:
        return [Pair(t("Technician then"), t("Nobody"))]
    made: list[Block] = [Pair(t("Technician then"), technician.name)]
    seen = session.positions.get(technician.id)
    if seen is None:
        made.append(Pair(t("Where he was"), t("Not known: his phone sent no position")))
    else:
        away = format.distance(distance_m(Point(seen.lon, seen.lat), order.point))
        since = format.clock(seen.at, session.timezone)
        made.append(
            Pair(t("Where he was"), t("{away} from the customer, seen at {time}", away=away, time=since))
        )
    stops = [
        stop
        for day in session.all(Day)
        if day.technician == technician.id
        for stop in day.stops
        if stop.order == order.id
    ]
    made += [
        Pair(
            t("Planned then"),
            f"{format.clock(stop.start, session.timezone)}–{format.clock(stop.end, session.timezone)}",
        )
        for stop in stops[:1]
    ]
    return made


def picture(view: BoardView, order: str) -> QImage | None:
    """The row of an order on the board with the hours above it, every other customer's visit blacked out."""
    bars = view.schedule.find(order)
    mine = next((view.rect_of(bar) for bar in bars if bar.technician), QRect())
    technician = next((bar.technician for bar in bars if bar.technician), "")
    body, whole = view.body(), view.viewport().rect()
    if not technician or not mine.intersects(body):
        return None
    shown = view.viewport().grab()
    others = [view.rect_of(bar) for bar in view.schedule.bars(technician) if bar.order != order]
    row = QRect(whole.left(), mine.top() - _EDGE_PX, whole.width(), mine.height() + 2 * _EDGE_PX)
    head = QRect(whole.left(), whole.top(), whole.width(), body.top())
    return stacked(shown, (head, row), [each.intersected(body) for each in others])


def stacked(shown: QPixmap, parts: Sequence[QRect], black: Iterable[QRect]) -> QImage:
    """Some stripes of a picture, one below the other, with these places black."""
    painter = QPainter(shown)
    for each in black:
        painter.fillRect(each, QColor("black"))
    painter.end()
    ratio = shown.devicePixelRatio()
    size = QRect(0, 0, parts[0].width(), sum(each.height() for each in parts))
    made = QImage(size.size() * ratio, QImage.Format.Format_RGB32)
    made.setDevicePixelRatio(ratio)
    made.fill(QColor("white"))
    painter = QPainter(made)
    top = 0
    for each in parts:
        painter.drawPixmap(QPoint(0, top), shown, QRect(each.topLeft() * ratio, each.size() * ratio))
        top += each.height()
    painter.end()
    return made
