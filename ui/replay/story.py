"""What happened to one order: every step leads to its minute."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QListWidget, QListWidgetItem, QPushButton, QVBoxLayout, QWidget

from dispatcher_app.text import t
from ui import format, theme
from ui.controls.section import label

_AT = Qt.ItemDataRole.UserRole


@dataclass(frozen=True, slots=True)
class Told:
    """One step: when (UTC ms), what, and who did it."""

    at: int
    text: str
    who: str


class Story(QWidget):
    """Emits `moment_chosen` with the moment (UTC ms) just after a step, `report_wanted` for a paper about this minute."""

    moment_chosen = Signal(object)
    report_wanted = Signal()

    def __init__(self, timezone: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._timezone = timezone
        look = theme.current()
        self.title = label(t("Choose an order to see its steps"), "strong", wrap=True)
        self.state = label("", "muted", wrap=True)
        self.steps = QListWidget()
        self.steps.setObjectName("replay_steps")
        self.steps.setAccessibleName(t("Steps of this order"))
        self.steps.setWordWrap(True)
        self.steps.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.report = QPushButton(t("Report for a complaint (PDF)"))
        self.report.setObjectName("replay_report")
        self.report.setEnabled(False)
        column = QVBoxLayout(self)
        column.setContentsMargins(look.space(3), look.space(2), look.space(3), look.space(2))
        column.setSpacing(look.space(1))
        for each in (self.title, self.state):
            column.addWidget(each)
        column.addWidget(self.steps, 1)
        column.addWidget(self.report)
        self.setMinimumWidth(look.px(240))
        self.steps.itemActivated.connect(self._on_item)
        self.steps.itemClicked.connect(self._on_item)
        self.report.clicked.connect(self.report_wanted)

    def show_order(self, title: str, state: str, told: Sequence[Told], now: int) -> None:
        """An order as it stood, with the steps of its day; those still to come are paler."""
        self.title.setText(title)
        self.state.setText(state)
        self.report.setEnabled(bool(title) and now > 0)
        self.steps.clear()
        muted, latest = theme.current().colour("disabled"), None
        for each in told:
            item = QListWidgetItem(f"{format.clock(each.at, self._timezone)}  {each.text}\n{each.who}")
            item.setData(_AT, each.at)
            if each.at > now:
                item.setForeground(muted)
            else:
                latest = item
            self.steps.addItem(item)
        if latest is not None:
            self.steps.setCurrentItem(latest)

    def _on_item(self, item: QListWidgetItem) -> None:
        self.moment_chosen.emit(item.data(_AT))
