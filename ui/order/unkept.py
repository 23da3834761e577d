"""A promise that can't be kept: why, since when, and what can be done about it right here."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final, Literal

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from dispatcher_app.client.api import Offline
from dispatcher_app.domain import role
from dispatcher_app.domain.act import Rejected
from dispatcher_app.domain.order import Order, Window
from dispatcher_app.planning.rank import Eligible, Ranking
from dispatcher_app.planning.windows import Offered
from dispatcher_app.text import t
from ui import format, name, theme
from ui.controls.banner import Banner
from ui.controls.choices import Choices
from ui.controls.section import label
from ui.models.choice import Choice
from ui.models.offer import reason
from ui.order.offered import booked
from ui.order.reason import UNKEPT
from ui.task import Latest

if TYPE_CHECKING:
    from dispatcher_app.client.session import Session

_WINDOWS: Final = 3
_PEOPLE: Final = 4
_SETTLE_MS: Final = 500


@dataclass(frozen=True, slots=True)
class Way:
    """One way out: another window to agree on by telephone, or somebody who could keep the promise."""

    kind: Literal["window", "technician"]
    window: Window | None = None
    technician: str = ""


class UnkeptPromise(QWidget):
    """Hidden while the promise is kept. Emits `window_wanted` (a window) or `technician_wanted` (his id)."""

    window_wanted = Signal(object)
    technician_wanted = Signal(str)

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._order: Order | None = None
        self._offered: Offered | None = None
        self._ranking: Ranking | None = None
        self._asking = Latest(self)
        self._asked: tuple[object, ...] = ()
        self.banner = Banner(dismissible=False)
        self.ways = Choices(t("Ways out"))
        self.ways.setObjectName("unkept_ways")
        self.ways.chosen.connect(self._on_chosen)
        self._hint = label("", "small", wrap=True)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.current().space(1))
        for part in (self.banner, self.ways, self._hint):
            column.addWidget(part)
        self._soon = QTimer(self, singleShot=True, interval=_SETTLE_MS)
        self._soon.timeout.connect(self._ask)
        self.setObjectName("unkept")
        self.hide()

    def show_order(self, order: Order) -> None:
        """Say why the promise of an order breaks; nothing where it is kept."""
        same = self._order is not None and self._order.id == order.id
        self._order = order
        self.setVisible(order.unkept is not None)
        if not same:
            self._offered = self._ranking = None
            self._asked = ()
        if order.unkept is None:
            self._soon.stop()
            return
        self.banner.say("error", said(self._session, order))
        asked = (order.id, order.window, order.lines, order.technician, order.unkept.reason)
        if asked != self._asked:
            self._asked = asked
            self._ask() if not same else self._soon.start()
        self._show()

    def show_ranking(self, ranking: Ranking | None) -> None:
        """Who could keep it after all, by the ranking of this order."""
        if self._order is None or ranking is None or ranking.order != self._order.id:
            return
        self._ranking = ranking
        if self._order.unkept is not None:
            self._show()
            self._soon.start()  # the plan is another one: so are the windows

    def take_focus(self) -> None:
        """Put the caret on the first way out."""
        self.ways.setFocus(Qt.FocusReason.ShortcutFocusReason)
        if self.ways.current is None:
            self.ways.walk(1)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.ways.current is not None:
            self.ways.choose(self.ways.current)
        else:
            super().keyPressEvent(event)

    def _ask(self) -> None:
        order = self._order
        if order is None or order.unkept is None:
            return
        lines = booked(order.lines)

        async def ask() -> Offered | None:
            try:
                return await self._session.windows(
                    lines, district=order.district, point=order.point, urgency=order.urgency, order=order.id
                )
            except (Offline, Rejected):
                return None

        self._asking.ask(ask(), self._on_offered)

    def _on_offered(self, offered: Offered | None) -> None:
        self._offered = offered
        self._show()

    def _show(self) -> None:
        order = self._order
        if order is None or order.unkept is None:
            return
        rows = [*self._windows(order), *self._people(order)]
        keyed = [replace(row, key=str(at) if row.enabled else "") for at, row in enumerate(rows, 1)]
        self.ways.show_choices(keyed, None)
        self.ways.setVisible(bool(keyed))
        waiting = self._offered is None or self._ranking is None
        self._hint.setText(
            t("Looking for other ways…") if waiting and not keyed
            else t("Shift+F4, then the number") if keyed
            else t("Nobody and no other window was found. Call the customer.")
        )  # fmt: skip

    def _windows(self, order: Order) -> Sequence[Choice]:
        """Up to three other windows, the best first."""
        if self._offered is None:
            return ()
        now, zone = self._session.now(), name.timezone(self._session)
        best = {each.start: each.reason for each in self._offered.best}
        free = [
            each
            for each in self._offered.windows
            if not each.full and Window(each.start, each.end) != order.window
        ]
        free.sort(key=lambda each: (each.start not in best, each.start))
        return [
            Choice(
                format.window(each.start, each.end, now, zone),
                Way("window", Window(each.start, each.end)),
                detail=t("Call and change"),
                note=reason(self._session, best[each.start])
                if each.start in best
                else t("{n} could come", n=each.left),
                hue="blue",
            )
            for each in sorted(free[:_WINDOWS], key=lambda each: each.start)
        ]

    def _people(self, order: Order) -> Sequence[Choice]:
        """Who could keep the promise: at a price first, then against a rule that a supervisor lets go."""
        if self._ranking is None or order.window is None:
            return ()
        able = [
            each
            for each in self._ranking.eligible
            if each.technician != order.technician and max(each.start, each.arrival) <= order.window.end
        ]
        overrides = role.holds(self._session.actor, role.OVERRIDES)
        rows = [
            Choice(
                t(
                    "{who} {time}",
                    who=name.technician(self._session, each.technician),
                    time=self._clock(each.start),
                ),
                Way("technician", technician=each.technician),
                detail=t("Send him"),
                note=price(self._session, each),
                hue="green",
            )
            for each in able
        ]
        rows += [
            Choice(
                name.technician(self._session, each.technician),
                Way("technician", technician=each.technician),
                detail=t("Override…") if overrides else t("Only a supervisor"),
                note=name.sentences(self._session, each.broken),
                hue="amber",
                enabled=overrides,
            )
            for each in self._ranking.excluded
            if any(way.code == "if_overridden" for way in each.would_be_eligible_if)
            and each.technician != order.technician
        ]
        return rows[:_PEOPLE]

    def _clock(self, at: int) -> str:
        return format.clock(at, name.timezone(self._session))

    def _on_chosen(self, way: Any) -> None:
        if isinstance(way, Way) and way.window is not None:
            self.window_wanted.emit(way.window)
        elif isinstance(way, Way):
            self.technician_wanted.emit(way.technician)


def said(session: Session, order: Order) -> str:
    """Why a promise can't be kept, and since when."""
    unkept = order.unkept
    if unkept is None:
        return ""
    why = t(UNKEPT.get(unkept.reason, "Nobody can keep it"))
    if unkept.minutes:
        why = t("{why}, late by {n} min", why=why, n=unkept.minutes)
    since = format.moment(unkept.since, session.now(), name.timezone(session))
    return t("The promised time can't be kept: {why}. Since {when}.", why=why, when=since)


def price(session: Session, found: Eligible) -> str:
    """What it costs to send him."""
    parts = []
    if found.overtime_minutes:
        parts.append(t("{n} min overtime", n=found.overtime_minutes))
    if found.displaces:
        parts.append(t("moves {n} planned visits", n=len(found.displaces)))
    parts += [
        t("{order} {n} min late", order=name.short_order(session, late.order), n=late.minutes)
        for late in found.late
    ]
    return t(", ").join(parts) or t("without costs to anybody else")
