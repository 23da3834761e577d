"""What somebody may choose for this desk: how it looks and speaks, what it lets hear, and whatever else there is."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QScrollArea, QVBoxLayout, QWidget

from dispatcher_app.text import t
from ui import theme
from ui.controls.section import label
from ui.settings.look import LookSection
from ui.settings.sound import SoundSection

_WIDE_PX = 560


class SettingsPanel(QScrollArea):
    """Emits `closed` when somebody has chosen; every choice holds at once."""

    closed = Signal()

    def __init__(
        self, look: LookSection, sound: SoundSection, *more: QWidget, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.look, self.sound = look, sound
        self.setObjectName("settings_panel")
        self.setAccessibleName(t("Settings"))
        self.setWidgetResizable(True)
        self.setFrameShape(QScrollArea.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        space = theme.current().space
        close = QPushButton(t("Close##panel"))
        close.setObjectName("settings_close")
        close.setProperty("kind", "quiet")
        close.clicked.connect(self.closed)
        head = QHBoxLayout()
        head.addWidget(label(t("Settings"), "title"), 1)
        head.addWidget(close)
        inside = QWidget()
        column = QVBoxLayout(inside)
        column.setContentsMargins(space(3), space(2), space(3), space(3))
        column.setSpacing(space(4))
        column.addLayout(head)
        column.addWidget(label(t("For this desk only; every choice holds at once."), "muted", wrap=True))
        column.addWidget(look)
        column.addWidget(sound)
        for section in more:
            column.addWidget(section)
        column.addStretch()
        inside.setMaximumWidth(theme.current().px(_WIDE_PX))
        self.setWidget(inside)
        self.setFocusProxy(look.mode)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.closed.emit()
        else:
            super().keyPressEvent(event)
