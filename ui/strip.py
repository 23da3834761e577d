"""The exceptions strip: what wants a person, by kind, with counts; a click shows only these."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QToolButton, QWidget

from dispatcher_app.domain.alert import ALERTS
from dispatcher_app.text import t
from ui import format, icons, theme
from ui.controls.section import label
from ui.mark import ALERT, Mark

KINDS: Final[dict[str, Mark]] = {
    **{kind: ALERT[kind] for kind in ALERTS},
    "callback": Mark("callback", "To call back##alert", "☏", "call", "blue"),
    "attention": Mark("attention", "Conflicts##alert", "⑂", "conflict", "red"),
}
"""The trade's kinds in their order, then what is only this desk's; the code is the queue's view."""


class ExceptionStrip(QFrame):
    """Emits `kind_chosen` with a kind's code, "" for all orders again."""

    kind_chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        look = theme.current()
        self.setObjectName("strip")
        self.setProperty("panel", "bar")
        self.setAccessibleName(t("Exceptions"))
        self._counts = dict.fromkeys(KINDS, 0)
        self._beside = 0
        self._chosen = ""
        self._buttons: dict[str, QToolButton] = {}
        row = QHBoxLayout(self)
        row.setContentsMargins(look.space(3), look.space(0.5), look.space(3), look.space(0.5))
        row.setSpacing(look.space(1))
        self._title, self._hint = label(t("Exceptions"), "section"), label(t("F8 next"), "small")
        self._tight, self._widest = False, 0
        row.addWidget(self._title)
        for code in KINDS:
            self._buttons[code] = button = QToolButton()
            button.setObjectName(f"exception_{code}")
            button.setCheckable(True)
            button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
            button.clicked.connect(lambda checked, code=code: self.kind_chosen.emit(code if checked else ""))
            row.addWidget(button)
        row.addStretch()
        row.addWidget(self._hint)
        self._draw()

    def say(self, counts: Mapping[str, int]) -> None:
        """Write how many there are of some kinds."""
        known = {code: counts[code] for code in KINDS if code in counts}
        if known != {code: self._counts[code] for code in known}:
            self._counts.update(known)
            self._draw()

    def say_beside(self, count: int) -> None:
        """Write how many problems of data there are that are no order's."""
        if count != self._beside:
            self._beside = count
            self._draw()

    def check(self, kind: str) -> None:
        """Show which kind the queue shows alone."""
        self._chosen = kind
        for code, button in self._buttons.items():
            button.setChecked(code == kind)

    def count(self, kind: str) -> int:
        """How many there are of a kind."""
        return self._counts[kind]

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def changeEvent(self, event: QEvent) -> None:
        if event.type() is QEvent.Type.PaletteChange:
            self._draw()
        super().changeEvent(event)

    def _draw(self) -> None:
        for code, button in self._buttons.items():
            shown = KINDS[code]
            beside = self._beside if code == "approximate" else 0
            count = self._counts[code] + beside
            said = t("{n} orders, {m} in catalogue, prices and technicians", n=count - beside, m=beside)
            named = f"{shown.label()} {format.count(count)}"
            button.setToolTip(said if beside else named if self._tight and not count else "")
            button.setText(format.count(count) if self._tight and not count else named)
            button.setAccessibleName(named)
            hue = shown.hue if count else "disabled"
            button.setIcon(icons.icon(shown.icon, hue))
            colour = theme.current().colour(hue if count else "muted").name()
            weight = "600" if count else "400"
            button.setStyleSheet(f"QToolButton {{ color: {colour}; font-weight: {weight}; }}")
        self._fit()

    def _fit(self) -> None:
        """Where there is little room the hint goes first, then the heading, then the words of kinds without any."""
        look = theme.current()
        needed = 2 * look.space(3) + sum(
            each.sizeHint().width() + look.space(1) for each in self._buttons.values()
        )
        title, hint = (each.sizeHint().width() + look.space(2) for each in (self._title, self._hint))
        self._title.setVisible(needed + title <= self.width())
        self._hint.setVisible(needed + title + hint <= self.width())
        if needed > self.width() and not self._tight:
            self._tight, self._widest = True, needed
            self._draw()
        elif self._tight and self.width() > self._widest:
            self._tight = False
            self._draw()
