"""Somebody of the practice city, to sit down as with one click."""

from __future__ import annotations

from PySide6.QtWidgets import QHBoxLayout, QPushButton, QSizePolicy, QWidget

from dispatcher_app.client.login import Account
from dispatcher_app.text import t
from ui import icons, name, theme
from ui.controls.section import label


class AccountCard(QPushButton):
    """Name and roles."""

    def __init__(self, account: Account, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        look = theme.current()
        roles = t(", ").join(name.role(role) for role in account.roles)
        self.setObjectName(f"account_{account.user}")
        self.setAccessibleName(f"{account.name}, {roles}")
        self.setIcon(icons.icon("person", "muted"))
        self.setText(account.name)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, look.space(3), 0)
        row.addStretch()
        row.addWidget(label(roles, "small"))
