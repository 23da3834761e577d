"""What the person at this desk is doing: ready, on a call, after one, or away for a moment; apart from the connection."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Qt
from PySide6.QtGui import QActionGroup
from PySide6.QtWidgets import QMenu, QToolButton, QWidget

from dispatcher_app.client.presence import SEAT_STATES, SeatState
from dispatcher_app.text import t
from ui import icons

if TYPE_CHECKING:
    from dispatcher_app.client.session import Session

STATES: Final[dict[SeatState, tuple[str, str, str]]] = {
    "ready": ("Ready##seat", "accept", "green"),
    "on_call": ("On a call##seat", "call", "blue"),
    "wrap_up": ("After the call##seat", "note", "amber"),
    "break": ("Short break##seat", "timer", "muted"),
}


class SeatMenu(QToolButton):
    """The state as a word with its picture; a click offers the others."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._presences = getattr(session, "presences", None)
        self.setObjectName("seat_state")
        self.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        menu, group = QMenu(self), QActionGroup(self)
        self._actions = {}
        for state in SEAT_STATES:
            action = menu.addAction(t(STATES[state][0]))
            action.setObjectName(f"seat_{state}")
            action.setCheckable(True)
            action.triggered.connect(partial(self.be, state))
            group.addAction(action)
            self._actions[state] = action
        self.setMenu(menu)
        if self._presences is None:
            self.hide()
        self.draw()

    @property
    def state(self) -> SeatState:
        """What is said to the colleagues now."""
        found: SeatState = self._presences.state if self._presences is not None else "ready"
        return found

    def be(self, state: SeatState, _checked: bool = False) -> None:
        """Say so to the colleagues."""
        if self._presences is not None:
            self._presences.be(state)
        self.draw()

    def draw(self) -> None:
        """Take the colours of the look in use."""
        words, icon, colour = STATES[self.state]
        self._actions[self.state].setChecked(True)
        self.setText(t(words))
        self.setIcon(icons.icon(icon, colour))
        self.setToolTip(t("What your colleagues see of you: {state}", state=t(words)))
        self.setAccessibleName(t("What your colleagues see of you: {state}", state=t(words)))
