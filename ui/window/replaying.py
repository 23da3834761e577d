"""The replay's window: board, map and queue as they stood at a minute of a day, and no way to change anything."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, Qt, QTimer, QUrl
from PySide6.QtGui import QCloseEvent, QDesktopServices, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QMenu, QSplitter, QStackedWidget, QTabWidget, QVBoxLayout, QWidget

from dispatcher_app.client.api import Offline
from dispatcher_app.client.replay import ReplaySession, open_replay
from dispatcher_app.domain.act import Rejected
from dispatcher_app.domain.calendar import local_date
from dispatcher_app.domain.order import Order
from dispatcher_app.text import t
from ui import format, name, notify, theme
from ui.action.deck import Deck
from ui.board.panel import BoardPanel
from ui.controls.banner import Banner
from ui.controls.empty import EmptyState
from ui.desk_map.panel import MapPanel
from ui.models.counts import Counts
from ui.order.step import events
from ui.queue.panel import QueuePanel
from ui.replay.bar import ReplayBar
from ui.replay.story import Story, Told
from ui.replay.watermark import Watermark
from ui.task import Errands, Latest
from ui.window.minute import report

if TYPE_CHECKING:
    from dispatcher_app.client.session import Session

_FRAME_PX: Final = 4
_LATENESS_MS: Final = 120
_SIZE: Final = (1440, 860)


class Room(QWidget):
    """Queue, board, map and the steps of an order, all on one past day."""

    def __init__(self, session: ReplaySession, live: Session) -> None:
        super().__init__()
        self.session, self.live = session, live
        self.order: str | None = None
        seat: Session = session  # type: ignore[assignment]  # it reads alike, and refuses what would change something
        self.queue = QueuePanel(seat, Counts(seat, self), QMenu)
        self.queue.table.carries = False
        self.board = BoardPanel(seat, read_only=True)
        self.board.wide.hide()
        self.map = MapPanel(seat, read_only=True)
        self.story = Story(session.timezone)
        self.tabs = QTabWidget()
        self.tabs.setDocumentMode(True)
        self.tabs.setObjectName("replay_tabs")
        self.tabs.addTab(self.board, t("Board##tab"))
        self.tabs.addTab(self.map, t("Map##tab"))
        self.marks = [Watermark(self.board), Watermark(self.map)]
        split = QSplitter()
        for part, stretch in ((self.queue, 3), (self.tabs, 5), (self.story, 1)):
            split.addWidget(part)
            split.setStretchFactor(split.indexOf(part), stretch)
        split.setChildrenCollapsible(False)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(split)
        self._asking = Latest(self)
        self._moments: list[int] = []
        # Who drags along the day is shown what changed at once, and who is late when he stops.
        self.lateness = QTimer(self, singleShot=True, interval=_LATENESS_MS)
        self.lateness.timeout.connect(self.board.schedule.tick)
        for panel in (self.queue, self.board, self.map):
            panel.order_chosen.connect(self.show_order)
            panel.order_opened.connect(self.show_order)
        self.queue.look_at("open")

    def show_order(self, id: str | None) -> None:
        """Look at one order everywhere."""
        if not id or id == self.order:
            return
        self.order = id
        self.queue.choose(id)
        self.board.show_order(id)
        self.map.show_order(id)
        self._asking.ask(self.session.moments_of(id), self._on_moments)

    def follow(self, *, anew: bool) -> None:
        """Another moment is shown: what depends on the time alone is looked at again."""
        if not anew:
            self.queue.model.ask(self.queue.query)
            self.lateness.start()
        self.board.view.viewport().update()
        self._tell()

    def told(self) -> list[Told]:
        """The steps that the order has taken in this day, each with the moment since which the desks knew it."""
        order = (self.order and self.live.get(Order, self.order)) or self._as_shown()
        if order is None:
            return []
        head, steps = self.session.head, []
        for each in reversed(events(self.live, order, ())):
            known = next((at for at in self._moments if at >= each.at), each.at)
            if head.begin <= known <= head.end:
                steps.append(Told(known, each.text, each.who))
        return steps

    def _as_shown(self) -> Order | None:
        return self.session.get(Order, self.order) if self.order else None

    def _on_moments(self, moments: list[int]) -> None:
        self._moments = moments
        self._tell()

    def _tell(self) -> None:
        if self.order is None:
            return
        order = self._as_shown()
        number = name.order(self.live, self.order)
        state = t("Not there yet at this minute")
        if order is not None:
            number = order.number or number
            who = name.technician(self.live, order.technician) if order.technician else t("Nobody")
            state = f"{name.status(order.status)} · {who}"
        self.story.show_order(number, state, self.told(), self.session.now())


class ReplayWindow(QWidget):
    """A window of its own that can't be taken for the present one."""

    def __init__(self, live: Session, date: str, parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Window)
        self.setObjectName("replay_window")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.live = live
        self.room: Room | None = None
        self._loading, self._moving = Latest(self), Errands(self)
        self._wanted: tuple[int | None, str | None] = (None, None)
        self.bar = ReplayBar(date, local_date(live.now(), live.timezone), self)
        self.banner = Banner(dismissible=False)
        self._empty = EmptyState("", "", "history")
        self._pages = QStackedWidget()
        self._pages.addWidget(self._empty)
        look = theme.current()
        edge = look.px(_FRAME_PX)
        column = QVBoxLayout(self)
        column.setContentsMargins(edge, edge, edge, edge)
        column.setSpacing(0)
        column.addWidget(self.banner)
        column.addWidget(self._pages, 1)
        column.addWidget(self.bar)
        self.bar.day_chosen.connect(self.show_day)
        self.bar.moment_chosen.connect(self._go)
        self.bar.order_chosen.connect(self._on_order)
        self.resize(*_SIZE)
        self.setMinimumSize(look.px(900), look.px(520))
        self.show_day(date)

    def show_day(self, date: str, at: int | None = None, order: str | None = None) -> None:
        """Fetch a day and show it, at a moment (UTC ms) and with an order where they are given."""
        self._wanted = (at, order)
        self._leave()
        self._say(t("Replay of {date}##title", date=date), t("Replay {date} · read-only", date=date))
        self._empty.say(t("Fetching {date}…", date=date), "")
        self._pages.setCurrentWidget(self._empty)
        self._loading.ask(self._fetch(date), lambda found: self._on_fetched(date, found))

    def look_at(self, at: int, order: str) -> None:
        """Show a moment (UTC ms) and an order of it, of another day too."""
        date = local_date(at, self.live.timezone)
        if self.room is None or self.room.session.head.date != date:
            self.bar.date.blockSignals(True)
            self.bar.date.setDate(self.bar.date.date().fromString(date, Qt.DateFormat.ISODate))
            self.bar.date.blockSignals(False)
            self.show_day(date, at, order)
        else:
            self.room.show_order(order)
            self.bar.choose(at)

    # ------------------------------------------------------------ inside
    async def _fetch(self, date: str) -> ReplaySession | str:
        def told(share: float) -> None:
            said = t("Fetching {date}…", date=date)
            self._empty.say(said, f"{share:.0%}")

        try:
            return await open_replay(self.live, date, heard=told)
        except Offline:
            return t("The server can't be reached: a day can be replayed when the connection is back.")
        except Rejected as rejected:
            return name.refusal(self.live, rejected)

    def _on_fetched(self, date: str, found: ReplaySession | str) -> None:
        if isinstance(found, str):
            self._empty.say(t("{date} can't be shown", date=date), found)
            return
        self.room = Room(found, self.live)
        self._pages.addWidget(self.room)
        self._pages.setCurrentWidget(self.room)
        self.room.story.moment_chosen.connect(self.bar.choose)
        self.room.story.report_wanted.connect(self._report)
        self.bar.show_day(found)
        at, order = self._wanted
        self.room.board.dates.go(date)
        if order is not None:
            self.room.show_order(order)
        # A day that is still going on is shown as it is now; one that is over from the morning on.
        going_on = found.head.date == local_date(self.live.now(), self.live.timezone)
        self.bar.choose(at or (found.head.end if going_on else found.head.begin + 8 * 3_600_000))
        self.bar.slider.setFocus()
        if found.missing:
            notify.warning(
                t(
                    "{n} changes of this day are not kept any more: what they made is left out.",
                    n=found.missing,
                )
            )

    def _go(self, at: int) -> None:
        if (room := self.room) is not None:
            self._moving.run(room.session.go(at), lambda anew: self._on_gone(room, anew))

    def _on_gone(self, room: Room, anew: bool) -> None:
        if room is not self.room or room.session.closed:
            return
        at, zone = room.session.now(), room.session.timezone
        when = f"{room.session.head.date} {format.clock(at, zone)}"
        self._say(t("Replay {moment}##title", moment=when), t("Replay {moment} · read-only", moment=when))
        room.follow(anew=anew)

    def _on_order(self, id: str) -> None:
        if self.room is not None:
            self.room.show_order(id)

    def _say(self, title: str, words: str) -> None:
        self.setWindowTitle(title)
        self.banner.say("warning", words)

    def _report(self) -> None:
        if self.room is None or self.room.order is None:
            return
        path = report(self.room.session, self.room.order, self.room.told(), self.room.board)
        if path is not None:
            self.open(path)

    def open(self, path: Path) -> None:
        """Show a paper that was made."""
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(path)))

    def _leave(self) -> None:
        self.bar.set_enabled(False)
        self._moving.forget()
        self._loading.forget()
        if (room := self.room) is not None:
            self.room = None
            self._pages.removeWidget(room)
            room.deleteLater()
            # Nobody waits for it, and it goes on without this window.
            asyncio.get_event_loop().create_task(room.session.close())

    def closeEvent(self, event: QCloseEvent) -> None:
        self._leave()
        super().closeEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        look = theme.current()
        edge = look.px(_FRAME_PX)
        painter = QPainter(self)
        painter.setPen(QPen(look.ink("amber"), edge * 2))
        painter.drawRect(self.rect())


class Replaying(QObject):
    """The replay beside the main window."""

    def __init__(self, live: Session, deck: Deck, window: QWidget) -> None:
        super().__init__(window)
        self._live, self._deck, self._window = live, deck, window
        self.shown: ReplayWindow | None = None

    def handlers(self) -> dict[str, Callable[[], object]]:
        """The actions that are answered here."""
        return {"replay": self.open, "replay_order": self._open_order}

    def open(self) -> ReplayWindow:
        """The window, on today where it is not open yet."""
        if self.shown is None:
            self._make(local_date(self._live.now(), self._live.timezone))
        return self._raised()

    def open_at(self, at: int, order: str) -> None:
        """The window at a moment (UTC ms) of an order."""
        if self.shown is None:
            self._make(local_date(at, self._live.timezone))
        self._raised().look_at(at, order)

    def _open_order(self) -> None:
        if (order := self._deck.scene.order) is not None:
            last = order.steps[-1].at if order.steps else order.created_at
            self.open_at(last, order.id)

    def _make(self, date: str) -> None:
        self.shown = ReplayWindow(self._live, date, self._window)
        self.shown.destroyed.connect(self._on_destroyed)

    def _raised(self) -> ReplayWindow:
        assert self.shown is not None
        self.shown.show()
        self.shown.raise_()
        self.shown.activateWindow()
        return self.shown

    def _on_destroyed(self) -> None:
        self.shown = None
