"""The evidence of a complaint as one PDF: gathered from the copy, the server and the replay, written, and opened."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, Qt, QUrl, Signal
from PySide6.QtGui import QDesktopServices, QImage

from dispatcher_app.client import profile
from dispatcher_app.client.api import Offline
from dispatcher_app.client.replay import ReplaySession, open_replay
from dispatcher_app.client.state import Seen
from dispatcher_app.domain.act import Rejected
from dispatcher_app.domain.calendar import local_date
from dispatcher_app.domain.day import Day, day_id
from dispatcher_app.domain.money.complaint import Complaint
from dispatcher_app.domain.money.evidence import stays
from dispatcher_app.domain.order import Order
from dispatcher_app.domain.talk import Attachment
from dispatcher_app.text import t
from ui import name, notify
from ui.board.panel import BoardPanel
from ui.complaint.evidence import Evidence, about_others, blocks
from ui.order.step import events
from ui.paper import press
from ui.paper.block import Block, Words
from ui.replay.story import Told
from ui.task import Latest
from ui.window import minute

if TYPE_CHECKING:
    from dispatcher_app.client.session import Session

_BOARD_PX: Final = (1280, 900)
_PATIENCE_S: Final = 8.0
_LOOK_S: Final = 0.05


class Witness(QObject):
    """Makes the evidence of a complaint; `made` tells where it is."""

    made = Signal(object)

    def __init__(self, session: Session, parent: QObject) -> None:
        super().__init__(parent)
        self._session = session
        self._making = Latest(self)
        self.opens = True

    def report(self, complaint: str) -> None:
        """Gather everything, write it, show it."""
        if self._making.busy:
            return
        notify.info(t("The evidence is being gathered…"))
        self._making.ask(self._make(complaint), self._on_made)

    async def _make(self, complaint: str) -> Path | None:
        session = self._session
        case = session.get(Complaint, complaint)
        order = session.get(Order, case.order) if case is not None else None
        if case is None or order is None:
            return None
        missing: list[str] = []
        way = await self._way(case.id, missing)
        pictures = [(each, await self._picture(each)) for each in await self._photos(order.id)]
        notes = [each for each in await session.complaint_notes(order.id) if each.complaint == case.id]
        found = Evidence(
            complaint=case, order=order, notes=notes, messages=await session.messages_of(order.id), photos=pictures,
            way=way, minute=await self._minute(order, missing), missing=missing,
            hidden=about_others(session, self._neighbours(order), order),
        )  # fmt: skip
        folder = profile.home() / "papers"
        folder.mkdir(parents=True, exist_ok=True)
        title = t("Complaint {number}##file", number=order.number)
        path = folder / f"{title}.pdf"
        press.to_pdf(blocks(session, found), minute.A4, path, title)
        return path

    async def _way(self, complaint: str, missing: list[str]) -> list[Seen]:
        try:
            return await self._session.complaint_track(complaint)
        except (Offline, Rejected):
            missing.append(t("positions##evidence"))
            return []

    async def _photos(self, order: str) -> list[Attachment]:
        return [each for each in await self._session.attachments_of(order) if each.media.startswith("image/")]

    async def _picture(self, photo: Attachment) -> QImage | None:
        try:
            found = QImage(str(await self._session.picture(photo)))
        except (Offline, Rejected):
            return None
        return None if found.isNull() else found

    def _neighbours(self, order: Order) -> Iterable[str]:
        """The orders that the same people had on the days of its visits."""
        zone = name.timezone(self._session)
        for who, begin, end in stays(order):
            for date in {local_date(begin, zone), local_date(end, zone)}:
                day = self._session.get(Day, day_id(who, date))
                yield from (stop.order for stop in (day.stops if day is not None else ()))

    async def _minute(self, order: Order, missing: list[str]) -> list[Block]:
        """How it stood when somebody arrived, or was to; nothing of it where nobody ever set out."""
        at = turning(order)
        if at is None or at > self._session.now():
            return []
        try:
            replay = await open_replay(
                self._session, local_date(at, name.timezone(self._session)), order.region
            )
        except (Offline, Rejected):
            missing.append(t("the replay of that day##evidence"))
            return []
        try:
            found = await self._looked_back(replay, order, at)
            if not found:
                missing.append(t("the replay of that day##evidence"))
            return found
        finally:
            await replay.close()

    async def _looked_back(self, replay: ReplaySession, order: Order, at: int) -> list[Block]:
        await replay.go(min(max(at, replay.head.begin), replay.head.end))
        if replay.get(Order, order.id) is None and (known := await replay.moments_of(order.id)):
            await replay.go(max(known))  # all of it was reported late: the log knows it from then on
        then = replay.get(Order, order.id)
        if then is None:
            return []
        seat: Session = replay  # type: ignore[assignment]  # it reads alike
        told = [Told(each.at, each.text, each.who) for each in reversed(events(self._session, order, ()))]
        board = BoardPanel(seat, read_only=True)
        board.setAttribute(Qt.WidgetAttribute.WA_DontShowOnScreen)
        board.resize(*_BOARD_PX)
        board.show()
        try:
            board.dates.go(replay.head.date)
            board.show_order(order.id)
            picture = await seen(board, order.id)
        finally:
            board.hide()
            board.deleteLater()
        made = minute.blocks(replay, then, told, picture)
        return [each for each in made if not (isinstance(each, Words) and each.size == "title")]

    def _on_made(self, path: Path | None) -> None:
        if path is None:
            notify.warning(t("The order of this complaint is not on this computer."))
            return
        notify.success(t("The evidence is written: {file}", file=path.name))
        self.made.emit(path)
        if self.opens:
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(path)))


async def seen(board: BoardPanel, order: str) -> QImage | None:
    """The row of the order once the board has read the day and painted it all; None where it never does."""
    loop = asyncio.get_running_loop()
    until, before = loop.time() + _PATIENCE_S, None
    while loop.time() < until:
        now = minute.picture(board.view, order) if board.view.schedule.find(order) else None
        if now is not None and now == before:
            return now
        before = now
        await asyncio.sleep(_LOOK_S)
    return before


def turning(order: Order) -> int | None:
    """The minute that matters most: the first arrival, else when somebody set out or was to have come."""
    arrived = (visit.arrival.at for visit in order.visits if visit.arrival is not None)
    left = (visit.departed_at for visit in order.visits if visit.departed_at is not None)
    due = (visit.window.end for visit in order.visits if visit.window is not None and visit.technician)
    return next(arrived, next(left, next(due, None)))
