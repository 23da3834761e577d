"""The tabs of an order with their counts; each page scrolls by itself and has a place for questions at its top."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QScrollArea, QStackedWidget, QTabBar, QVBoxLayout, QWidget

from ui import theme

_SAVED: Final = 12
"""What a tab is narrower by where they stand close, in the sheet."""


class Tabs(QWidget):
    """Emits `shown` with the code of the page that is looked at now."""

    shown = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.bar = QTabBar()
        self.bar.setObjectName("order_tabs")
        self.bar.setExpanding(False)
        self.bar.setDrawBase(False)
        self.bar.setUsesScrollButtons(False)
        self.bar.setElideMode(Qt.TextElideMode.ElideNone)
        self.bar.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._stack = QStackedWidget()
        self._codes: list[str] = []
        self._words: list[str] = []
        self._scrolls: dict[str, QScrollArea] = {}
        self._tops: dict[str, QVBoxLayout] = {}
        line = QFrame()
        line.setFrameShape(QFrame.Shape.HLine)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addWidget(self.bar)
        whole.addWidget(line)
        whole.addWidget(self._stack, 1)
        self.bar.currentChanged.connect(self._on_current)

    def add(self, code: str, word: str, *parts: QWidget) -> None:
        """One more page of these parts, one below the other."""
        look = theme.current()
        body = QFrame()
        body.setProperty("panel", "plain")
        column = QVBoxLayout(body)
        column.setContentsMargins(look.space(3), look.space(2), look.space(3), look.space(3))
        column.setSpacing(look.space(3))
        self._tops[code] = QVBoxLayout()
        column.addLayout(self._tops[code])
        for part in parts:
            column.addWidget(part)
        column.addStretch(1)
        scroll = QScrollArea()
        scroll.setWidget(body)
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._scrolls[code] = scroll
        self._codes.append(code)
        self._words.append(word)
        self._stack.addWidget(scroll)
        self.bar.addTab(word)

    @property
    def current(self) -> str:
        """The page that is looked at."""
        return self._codes[max(self.bar.currentIndex(), 0)]

    def go(self, code: str) -> None:
        """Look at a page."""
        self.bar.setCurrentIndex(self._codes.index(code))

    def area(self, code: str) -> QScrollArea:
        """What a page scrolls in."""
        return self._scrolls[code]

    def ask(self, code: str, question: QWidget) -> None:
        """Put a question at the top of a page."""
        self._tops[code].addWidget(question)

    def to_top(self) -> None:
        """All pages from their beginning."""
        for scroll in self._scrolls.values():
            scroll.verticalScrollBar().setValue(0)

    def say(self, code: str, count: str, hue: str = "") -> None:
        """Write a count beside a page's name; a hue says that something waits there."""
        at = self._codes.index(code)
        self.bar.setTabText(at, f"{self._words[at]} {count}".rstrip())
        usual = "text" if at == self.bar.currentIndex() else "muted"
        self.bar.setTabTextColor(at, theme.current().colour(hue or usual))
        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        """Stand close rather than lose the last tab: long words and large counts do not fit in a narrow drawer."""
        was = bool(self.bar.property("close"))
        wanted = self.bar.sizeHint().width() + (theme.current().px(_SAVED) * self.bar.count() if was else 0)
        close = wanted > self.width()
        if close != was:
            self.bar.setProperty("close", close)
            self.bar.style().unpolish(self.bar)
            self.bar.style().polish(self.bar)
            for at in range(self.bar.count()):
                self.bar.setTabText(at, self.bar.tabText(at))  # or they keep the width they had

    def _on_current(self, at: int) -> None:
        self._stack.setCurrentIndex(at)
        if 0 <= at < len(self._codes):
            self.shown.emit(self._codes[at])
