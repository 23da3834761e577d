"""How the connection stands, in words: at the top of the window, and at the foot of what is torn off."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QWidget

from dispatcher_app.client.state import Link
from dispatcher_app.text import t
from ui import format, icons, name, theme
from ui.controls.section import label

if TYPE_CHECKING:
    from dispatcher_app.client.session import Session

_LINKS: Final = {
    "connecting": ("refresh", "muted"),
    "online": ("connected", "green"),
    "offline": ("disconnected", "orange"),
    "logged_out": ("lock", "red"),
    "outdated": ("warning", "red"),
}


class LinkState(QWidget):
    """A picture and what it means: connected or since when not, and what still waits."""

    def __init__(self, session: Session, code: str = "link_state", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._picture, self._state = QLabel(), label("")
        self._state.setObjectName(code)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme.current().space(2))
        row.addWidget(self._picture)
        row.addWidget(self._state)
        stop = session.subscribe(link=self.show_link)
        self.destroyed.connect(lambda: stop())
        self.show_link(session.link)

    def show_link(self, link: Link) -> None:
        """Say how the connection stands, since when, and what waits."""
        icon, colour = _LINKS[link.state]
        self._picture.setPixmap(icons.pixmap(icon, colour))
        said = [self._said(link)]
        if link.saving:
            said.append(t("{n} being saved", n=link.saving))
        elif link.waiting:
            said.append(t("{n} to sync", n=link.waiting))
        if link.others_waiting:
            said.append(t("{n} of other people", n=link.others_waiting))
        words = " · ".join(said)
        self._state.setText(words)
        self._state.setToolTip(name.reason(link.reason))
        self._state.setAccessibleName(t("Connection: {state}", state=words))

    def changeEvent(self, event: QEvent) -> None:
        if event.type() is QEvent.Type.PaletteChange:
            self.show_link(self._session.link)
        super().changeEvent(event)

    def _said(self, link: Link) -> str:
        since = format.clock(link.since, name.timezone(self._session))
        return {
            "connecting": t("Connecting…"),
            "online": t("Connected"),
            "offline": t("Offline since {time}", time=since),
            "logged_out": t("Log-in expired"),
            "outdated": t("The server is newer: update this program"),
        }[link.state]
