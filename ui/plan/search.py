"""A search for a plan on the server: begun, asked about until it ends, told to stop when it is good enough."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, Signal

from dispatcher_app.client.api import Offline
from dispatcher_app.client.search import Sought
from dispatcher_app.domain.act import Rejected
from dispatcher_app.planning.proposal import PlanRun
from dispatcher_app.text import t
from ui import name
from ui.task import Errands, Latest

if TYPE_CHECKING:
    from dispatcher_app.client.session import Session

ASK_S: Final = 0.5
"""So often the server is asked how far it is."""
PATIENCE_S: Final = 2.0
"""The same while it can't be reached."""


class Search(QObject):
    """Emits `got_on` with how far it is, `cut_off` with whether the server can't be reached, and `ended` with the
    run or a sentence why there is none; `unstopped` where it could not be told to stop."""

    got_on = Signal(object)
    cut_off = Signal(bool)
    ended = Signal(object)
    unstopped = Signal()

    def __init__(self, session: Session, parent: QObject) -> None:
        super().__init__(parent)
        self._session = session
        self._following, self._stopping = Latest(self), Errands(self)
        self._id = ""

    def begin(self, sought: Sought) -> None:
        """Search this; what was searched before is followed no more."""
        self._id = ""
        self._following.ask(self._follow(sought), self.ended.emit)

    def stop(self) -> None:
        """The best plan so far will do."""
        if self._id:
            self._stopping.run(self._stop(self._id))

    async def _follow(self, sought: Sought) -> PlanRun | str:
        try:
            run = await self._session.begin_plan(
                date=sought.date, seconds=sought.seconds, dispatched=sought.dispatched, absence=sought.absence
            )
        except Offline:
            return t(
                "Plans are searched by the server, which can't be reached now. The plan in force stays as it is."
            )
        except Rejected as rejected:
            return name.refusal(self._session, rejected)
        self._id = run.id
        self.got_on.emit(run)
        while run.state == "searching":
            await asyncio.sleep(ASK_S)
            try:
                run = await self._session.plan_run(run.id)
            except Offline:
                self.cut_off.emit(True)
                await asyncio.sleep(PATIENCE_S)
                continue
            except Rejected as rejected:
                return name.refusal(self._session, rejected)
            self.cut_off.emit(False)
            self.got_on.emit(run)
        return run

    async def _stop(self, id: str) -> None:
        try:
            await self._session.stop_plan(id)
        except (Offline, Rejected):
            self.unstopped.emit()
