"""Somebody of the practice city, to sit down as with one click."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QSizePolicy, QWidget

from dispatcher_app.client.login import Account
from dispatcher_app.text import t
from ui import icons, name, theme
from ui.controls.section import label


class AccountCard(QPushButton):
    """Name at the left, roles at the right."""

    def __init__(self, account: Account, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        look = theme.current()
        roles = t(", ").join(name.role(role) for role in account.roles)
        self.setObjectName(f"account_{account.user}")
        self.setAccessibleName(f"{account.name}, {roles}")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._picture = QLabel()
        row = QHBoxLayout(self)
        row.setContentsMargins(look.space(3), 0, look.space(3), 0)
        row.setSpacing(look.space(2))
        for part in (self._picture, label(account.name), label(roles, "small")):
            part.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
            row.addWidget(part)
        row.insertStretch(2)
        self._draw()

    def changeEvent(self, event: QEvent) -> None:
        if event.type() is QEvent.Type.PaletteChange:
            self._draw()
        super().changeEvent(event)

    def _draw(self) -> None:
        self._picture.setPixmap(icons.pixmap("person", "muted"))
