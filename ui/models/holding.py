"""An hour kept for a caller while he is on the phone (X3): asked for, counted down, renewed, let go."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, QTimer, Signal

from dispatcher_app.client.state import Accepted, Outcome
from dispatcher_app.domain.act import Rejected
from dispatcher_app.domain.calendar import local_date
from dispatcher_app.domain.command import HoldWindow, ReleaseHold
from dispatcher_app.domain.day import Day, Stop, day_id
from dispatcher_app.planning.windows import OfferedWindow
from dispatcher_app.text import t
from ui import format, name
from ui.task import Errands

if TYPE_CHECKING:
    from dispatcher_app.client.session import Session
    from dispatcher_app.client.state import Submission

RENEW_MS: Final = 3_000
"""So long before it runs out it is asked for again, so that no colleague gets in between."""
RENEWALS: Final = 12
"""A form that nobody looks at does not keep an hour for a whole day."""
ARRIVES_MS: Final = 10_000
"""So long an hour that was granted may take to arrive in this desk's copy."""

Wanted = Callable[[str, int], HoldWindow | None]
"""What is to be held, for a technician and a start (UTC ms); None where nothing is chosen."""


class Holding(QObject):
    """At most one hour for one order. `changed` tells that there is something else to say, each second too;
    `lost` that the hour could not be had or kept."""

    changed = Signal()
    lost = Signal()

    def __init__(self, session: Session, wanted: Wanted, parent: QObject) -> None:
        super().__init__(parent)
        self._session, self._wanted = session, wanted
        self.order, self.day = "", ""
        self.renewing = True
        self._renewed = self._since = 0
        self._asked: HoldWindow | None = None
        self._errands = Errands(self)
        self._second = QTimer(self, interval=1000)
        self._second.timeout.connect(self._tick)

    @property
    def until(self) -> int | None:
        """Until when (UTC ms) the hour is kept; None where none is."""
        return stop.expires_at if (stop := self.stop) is not None else None

    @property
    def stop(self) -> Stop | None:
        """The hour as it stands in the plan."""
        day = self._session.get(Day, self.day) if self.day else None
        stop = day.hold_of(self.order) if day is not None else None
        if stop is None or stop.expires_at is None or stop.expires_at <= self._session.now():
            return None
        return stop

    @property
    def asking(self) -> bool:
        """Whether the server has not answered yet."""
        return self._asked is not None

    def follow(self, order: str, day: str = "") -> None:
        """From now on it is about this order, for which an hour of that `Day` may be held already."""
        self._errands.forget()
        self.order, self.day, self._asked, self._renewed = order, day, None, 0
        self._run()

    def ask(self, offered: OfferedWindow | None) -> None:
        """Hold what was chosen instead of what was held before; nothing where nobody could be held."""
        online = self._session.link.state == "online"
        if offered is None or offered.technician is None or offered.at is None or not online:
            self.release()
            return
        self._renewed = 0
        self._hold(offered.technician, offered.at, offered.helpers)

    def release(self) -> None:
        """The caller does not want it."""
        held, order, day = self.stop is not None, self.order, self.day
        self.day, self._asked = "", None
        self._run()
        if not held or self._session.link.state != "online":
            return  # it runs out by itself
        try:
            self._session.submit(ReleaseHold(order=order, day=day))
        except Rejected:
            return  # gone already, which is what was wanted

    def said(self) -> str:
        """What is kept and how long still, "" while nothing is."""
        until = self.until
        if until is None:
            return ""
        left = format.countdown(max(0, until - self._session.now()))
        if self._renewed:
            return t("Kept for the caller again {time}", time=left)
        return t("Kept for the caller {time}", time=left)

    # ------------------------------------------------------------ asking
    def _hold(self, technician: str, start: int, helpers: tuple[str, ...]) -> None:
        wanted = self._wanted(technician, start)
        if wanted is None:
            self.release()
            return
        command, former = replace(wanted, from_day=self.day, helpers=helpers), self.day
        try:
            made = self._session.submit(command)
        except Rejected:
            self._drop(former)
            return
        self.day = day_id(technician, local_date(start, name.timezone(self._session)))
        self._asked, self._since = command, self._session.now()
        self._errands.run(_answer(made), lambda outcome: self._on_answer(command, former, outcome))
        self._run()

    def _on_answer(self, command: HoldWindow, former: str, outcome: Outcome) -> None:
        if self._asked is not command:
            return  # another one was chosen meanwhile
        self._asked = None
        if isinstance(outcome, Accepted):
            self._run()
        else:
            self._drop(former)

    def _drop(self, former: str) -> None:
        # What was held before still is, until the next one replaces it.
        self.day, self._asked = former, None
        self._run()
        self.lost.emit()

    # ------------------------------------------------------------ running out
    def _run(self) -> None:
        if self.day:
            self._second.start()
        else:
            self._second.stop()
        self.changed.emit()

    def _tick(self) -> None:
        stop, now = self.stop, self._session.now()
        if stop is None:
            if self._asked is None and now - self._since > ARRIVES_MS:
                self._drop("")
            return
        left = (stop.expires_at or 0) - now
        may = self.renewing and self._asked is None and self._session.link.state == "online"
        if left <= RENEW_MS and may and self._renewed < RENEWALS:
            self._renewed += 1
            self._hold(self.day.rpartition(":")[0], stop.start, stop.helpers)
        self.changed.emit()


async def _answer(made: Submission) -> Outcome:
    """What the server says; the act goes on whoever waits for it."""
    return await asyncio.shield(made.outcome)
