"""Who else has an order open, in words; nobody where a day is only looked back upon."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QLabel, QWidget

from dispatcher_app.client.presence import Attendance, Doing, Presence
from dispatcher_app.text import t
from ui import name
from ui.controls.section import label

if TYPE_CHECKING:
    from dispatcher_app.client.session import Session

_DOING: Final = {
    "looking": "{who} is looking##watch",
    "editing": "{who} is editing##watch",
    "calling": "{who} is on the phone about it##watch",
}
_AGAIN_MS: Final = 15_000
_NAMED: Final = 3


def watching(session: Session, order: str) -> list[Presence]:
    """Who else has an order open; whoever edits it first."""
    presences = getattr(session, "presences", None)
    found: list[Presence] = presences.at(order) if presences is not None else []
    return sorted(found, key=lambda each: (each.doing == "looking", each.staff, each.desk))


def watched(session: Session) -> dict[str, Doing]:
    """What somebody at another desk does with each order that is open anywhere, the weightiest of it."""
    presences = getattr(session, "presences", None)
    if presences is None:
        return {}
    open_at = {each.order for each in presences.others.values() if each.order}
    return {order: found[0].doing for order in open_at if (found := watching(session, order))}


def follow(session: Session, owner: QObject, told: Callable[[Attendance], None]) -> None:
    """Tell of everybody who comes and goes as long as `owner` lives; a day that is over has nobody."""
    if getattr(session, "presences", None) is not None:
        stop = session.subscribe(presence=told)
        owner.destroyed.connect(lambda: stop())


def said(session: Session, found: list[Presence]) -> str:
    """The same as one line."""
    words = [t(_DOING[each.doing], who=name.actor(session, f"staff:{each.staff}")) for each in found[:_NAMED]]
    more = len(found) - _NAMED
    if more > 0:
        words.append(t("{n} more people", n=more))
    return " · ".join(words)


class Watchers(QLabel):
    """The line in the head of an order; it takes no room while nobody else is there."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session, self._order = session, ""
        shown = label("", "small")
        self.setTextFormat(shown.textFormat())
        self.setProperty("role", "small")
        self.setObjectName("watchers")
        self.hide()
        self._again = QTimer(self, interval=_AGAIN_MS)  # silence alone makes somebody stale
        self._again.timeout.connect(self.say)
        self._again.start()
        follow(session, self, self._on_presence)

    def show_order(self, order: str) -> None:
        """Tell of this order."""
        self._order = order
        self.say()

    def say(self) -> None:
        """Tell who is there now."""
        words = said(self._session, watching(self._session, self._order)) if self._order else ""
        if words != self.text():
            self.setText(words)
            self.setAccessibleName(words)
        self.setVisible(bool(words))

    def _on_presence(self, news: Attendance) -> None:
        if self._order in news.orders:
            self.say()
