"""The window in hand: what can be offered, what was chosen, and the hour kept for it while the caller is there."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import QObject, QTimer

from dispatcher_app.domain.act import Rejected
from dispatcher_app.domain.command import BookedLine, HoldWindow
from dispatcher_app.domain.order import Urgency, Window
from dispatcher_app.domain.place import Point
from dispatcher_app.planning.windows import Offered, OfferedWindow
from dispatcher_app.text import t
from ui import format, name
from ui.booking import order
from ui.models.holding import Holding
from ui.task import Latest

if TYPE_CHECKING:
    from dispatcher_app.client.state import Changed
    from ui.booking.form import Form

LOOK_AGAIN_MS: Final = 1500
"""So often windows are asked anew at most while colleagues hold, book and send."""
TRIES: Final = 3
"""So many hours in a row may be snatched away; then the window is booked without one."""


class Promise(QObject):
    """Asks in the background and tells by the form's `offered_changed`; `notice` is what happened to the window."""

    def __init__(self, form: Form) -> None:
        super().__init__(form)
        self._form, self._session = form, form.session
        self.offered: Offered | None = None
        self.refused = self.notice = ""
        self._watching = True
        self._asked: Any = None
        self._held_for: Any = None
        self._lost: Window | None = None
        self._tries = 0
        self._asking = Latest(self)
        self._again = QTimer(self, singleShot=True, interval=LOOK_AGAIN_MS)
        self._again.timeout.connect(self._ask_again)
        self.holding = Holding(form.session, self._hour, self)
        self.holding.follow(form.draft.order)
        self.holding.changed.connect(self._on_held)
        self.holding.lost.connect(self._on_lost)

    # ------------------------------------------------------------------ the draft in hand

    def begin(self) -> None:
        """Another draft is in hand; an hour that was kept for it may have run out while it was parked."""
        draft = self._form.draft
        self._asking.forget()
        self.offered, self._asked, self._held_for = None, None, None
        self.notice, self._lost, self._tries = "", None, 0
        self.holding.follow(draft.order, draft.held)
        if draft.held and self.holding.until is None:
            self.notice = t("The hour kept for the caller ran out meanwhile.")
            self.holding.follow(draft.order)
        elif draft.held:
            self.notice = t("The hour is still kept for the caller.")

    def end(self) -> None:
        """The draft is booked, its hour with it, or given up."""
        self._asking.forget()
        self.holding.follow("")

    def watch(self, watching: bool) -> None:
        """Whether somebody looks at it: only then an hour that runs out is asked for again."""
        self._watching = self.holding.renewing = watching
        if watching:
            self.look_again()
        else:
            self._again.stop()

    # ------------------------------------------------------------------ choosing

    def choose(self, window: Window, provisional: bool = False) -> None:
        """Take a window, and keep its hour for the caller."""
        self.notice, self._lost, self._tries = "", None, 0
        self._take(window, provisional)

    def call_back(self) -> None:
        """No window for now."""
        self.notice, self._lost = "", None
        self._form.change(window_start=None, window_end=None, call_back=True, provisional=False)
        self.holding.release()

    def at(self, window: Window | None) -> OfferedWindow | None:
        """What is offered in a window, None where nothing is."""
        found = self.offered.windows if self.offered is not None else ()
        return next((each for each in found if window == Window(each.start, each.end)), None)

    def _take(self, window: Window, provisional: bool = False) -> None:
        self._form.change(
            window_start=window.start, window_end=window.end, call_back=False, provisional=provisional
        )
        self._held_for = self._asked
        found = self.at(window)
        self.holding.ask(found if found is not None and not found.full and not provisional else None)

    def _hour(self, technician: str, start: int) -> HoldWindow | None:
        """What is to be held for the window chosen."""
        draft, place = self._form.draft, self._form.place
        window = order.window_of(draft)
        if window is None or place is None or self._form.booked:
            return None
        return HoldWindow(
            order=draft.order, window=window, technician=technician, start=start,
            lines=order.booked_lines(draft), district=place[0], point=place[1], after=order.after_of(draft),
        )  # fmt: skip

    # ------------------------------------------------------------------ asking

    def ask(self) -> None:
        """Ask what can be offered, once what is broken and where are known; the same is not asked twice."""
        draft = self._form.draft
        lines, place = order.booked_lines(draft), self._form.place
        if not lines or place is None:
            return
        asked = (lines, place, draft.urgency, draft.customer, draft.after, draft.pause)
        if asked == self._asked:
            return
        self._asked = asked
        self.offered, self.refused = None, ""
        self._form.offered_changed.emit()
        self._query(lines, place, draft.urgency)

    def look_again(self) -> None:
        """Ask anew in a moment: what was asked may have another answer now."""
        if self._asked is not None and self._watching and not self._again.isActive():
            self._again.start()

    def on_news(self, changed: Changed) -> None:
        """Colleagues hold and send."""
        if changed.everything or "day" in changed.ids:
            self.look_again()

    def _ask_again(self) -> None:
        if self._asked is not None and not self._form.booked:
            self._query(*self._asked[:3])

    def _query(self, lines: tuple[BookedLine, ...], place: tuple[str, Point], urgency: Urgency) -> None:
        self._asking.ask(self._answer(lines, place, urgency), self._on_offered)

    async def _answer(
        self, lines: tuple[BookedLine, ...], place: tuple[str, Point], urgency: Urgency
    ) -> Offered | Rejected:
        try:
            draft = self._form.draft
            return await self._session.windows(
                lines, place[0], place[1], urgency, draft.order, order.after_of(draft)
            )
        except Rejected as rejected:
            return rejected

    def _on_offered(self, offered: Offered | Rejected) -> None:
        if isinstance(offered, Rejected):
            self.refused = name.refusal(self._session, offered)
        else:
            self.offered = offered
            window = order.window_of(self._form.draft)
            if window is not None and not self._form.draft.provisional:
                self._settle(offered, window)
            self._lost = None
        self._form.offered_changed.emit()

    # ------------------------------------------------------------------ the hour

    def _settle(self, offered: Offered, window: Window) -> None:
        """The window chosen as it stands now: kept, kept anew, changed for the next best one, or given up."""
        kept = self.holding.asking or self.holding.until is not None
        if kept and self._held_for == self._asked:
            return
        found = self.at(window)
        if found is not None and not found.full:
            if self._tries <= TRIES:
                self._take(window)
        elif self._lost is not None and offered.best:
            other = Window(offered.best[0].start, offered.best[0].end)
            self.notice = t(
                "{window} has just been taken; now {other}.",
                window=self._said(window),
                other=self._said(other),
            )
            self._take(other)
        else:
            self.notice = t(
                "{window} can't be promised any more; choose another one.", window=self._said(window)
            )
            self._form.change(window_start=None, window_end=None)
            self.holding.release()

    def _on_held(self) -> None:
        self._form.change(held=self.holding.day)

    def _on_lost(self) -> None:
        """A colleague was faster, or it ran out: what is still free is asked for, and the next best taken."""
        if not self._watching:
            return
        self._tries += 1
        self._lost = order.window_of(self._form.draft)
        if self._tries <= TRIES:
            self._ask_again()
            return
        self._lost = None
        self.notice = t("No hour could be kept for the caller; who comes is settled once it is booked.")
        self._form.offered_changed.emit()

    def _said(self, window: Window) -> str:
        zone = name.timezone(self._session)
        return format.window(window.start, window.end, self._session.now(), zone)
