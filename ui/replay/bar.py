"""What moves the replay: which day, a step back and forth, playing, and the line of the day."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from PySide6.QtCore import QDate, Qt, QTimer, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QComboBox, QDateEdit, QHBoxLayout, QLabel, QToolButton, QVBoxLayout, QWidget

from dispatcher_app.client.replay import ReplaySession
from dispatcher_app.clock import ticks_ms
from dispatcher_app.domain.calendar import MINUTE_MS
from dispatcher_app.text import t
from ui import format, theme
from ui.controls.section import label
from ui.replay.slider import DaySlider

SPEEDS: Final = (1, 10, 60, 600)
_TICK_MS: Final = 250


class ReplayBar(QWidget):
    """Emits `moment_chosen` (UTC ms), `day_chosen` with a local date, `order_chosen` with the order of a tick."""

    moment_chosen = Signal(object)
    day_chosen = Signal(str)
    order_chosen = Signal(str)

    def __init__(self, date: str, today: str, window: QWidget) -> None:
        super().__init__(window)
        self._begin, self._end, self._timezone = 0, 0, "UTC"
        self._moment, self._since = 0, 0
        self.slider = DaySlider()
        self.clock = QLabel("--:--")
        self.clock.setObjectName("replay_clock")
        self.clock.setProperty("role", "number")
        self.date = QDateEdit(QDate.fromString(date, Qt.DateFormat.ISODate))
        self.date.setObjectName("replay_date")
        self.date.setAccessibleName(t("Day to replay"))
        self.date.setDisplayFormat("yyyy-MM-dd")
        self.date.setCalendarPopup(True)
        self.date.setKeyboardTracking(False)
        self.date.setMaximumDate(QDate.fromString(today, Qt.DateFormat.ISODate))
        self.speed = QComboBox()
        self.speed.setObjectName("replay_speed")
        self.speed.setAccessibleName(t("Speed"))
        self.speed.setToolTip(t("How much faster than it was"))
        for each in SPEEDS:
            self.speed.addItem(f"{each}×", each)
        self.speed.setCurrentIndex(SPEEDS.index(60))
        self.play = QToolButton()
        self.play.setObjectName("replay_play")
        self.play.setCheckable(True)
        self._timer = QTimer(self, interval=_TICK_MS)
        self._timer.timeout.connect(self._on_tick)
        self._lay_out()
        self._connect()
        self.set_enabled(False)

    def show_day(self, session: ReplaySession) -> None:
        """The day that has come."""
        head = session.head
        self._begin, self._end, self._timezone = head.begin, head.end, session.timezone
        self.slider.show_day(head.begin, head.end, session.timezone, session.marks)
        self.set_enabled(True)

    def show_moment(self, at: int) -> None:
        """The moment that is shown now (UTC ms)."""
        self._moment = at
        self.clock.setText(format.clock(at, self._timezone))
        self.slider.blockSignals(True)
        self.slider.setValue((at - self._begin) // MINUTE_MS)
        self.slider.blockSignals(False)
        self.slider.update()

    def set_enabled(self, enabled: bool) -> None:
        """Whether there is a day to move in."""
        for each in (self.slider, self.play, *self._steps):
            each.setEnabled(enabled)
        if not enabled:
            self.play.setChecked(False)

    def choose(self, at: int) -> None:
        """Go to a moment (UTC ms)."""
        at = max(self._begin, min(at, self._end))
        self.show_moment(at)
        self.moment_chosen.emit(at)

    def step(self, minutes: int) -> None:
        """So many minutes later or, below zero, earlier; on a whole minute."""
        whole = (self._moment - self._begin) // MINUTE_MS
        self.choose(self._begin + (whole + minutes) * MINUTE_MS)

    def step_mark(self, step: int) -> None:
        """To where something went wrong next, or last."""
        mark = self.slider.next_mark((self._moment - self._begin) // MINUTE_MS, step)
        if mark is not None:
            self.choose(self._begin - (-(mark.at - self._begin) // MINUTE_MS) * MINUTE_MS)
            self.order_chosen.emit(mark.order)

    # ------------------------------------------------------------ inside
    def _lay_out(self) -> None:
        look = theme.current()
        steps: list[tuple[str, str, str, str, Callable[[], object]]] = [
            ("mark_before", "|◀", t("The exception before"), "Ctrl+Left", lambda: self.step_mark(-1)),
            ("five_back", "−5", t("Five minutes back"), "Alt+Shift+Left", lambda: self.step(-5)),
            ("one_back", "−1", t("A minute back"), "Alt+Left", lambda: self.step(-1)),
            ("one_on", "+1", t("A minute on"), "Alt+Right", lambda: self.step(1)),
            ("five_on", "+5", t("Five minutes on"), "Alt+Shift+Right", lambda: self.step(5)),
            ("mark_after", "▶|", t("The next exception"), "Ctrl+Right", lambda: self.step_mark(1)),
        ]
        row = QHBoxLayout()
        row.setSpacing(look.space(1))
        row.addWidget(label(t("Day##replay"), "muted"))
        row.addWidget(self.date)
        row.addSpacing(look.space(2))
        row.addWidget(self.clock)
        row.addSpacing(look.space(2))
        self._steps: list[QToolButton] = []
        for code, sign, words, keys, act in steps:
            made = QToolButton()
            made.setObjectName(f"replay_{code}")
            made.setText(sign)
            made.setAccessibleName(words)
            made.setToolTip(f"{words} ({keys})")
            made.clicked.connect(lambda _checked=False, act=act: act())
            QShortcut(QKeySequence(keys), self.window(), made.click)
            self._steps.append(made)
            row.addWidget(made)
            if code == "one_back":
                row.addWidget(self.play)
        row.addWidget(self.speed)
        row.addStretch()
        column = QVBoxLayout(self)
        column.setContentsMargins(look.space(3), look.space(1), look.space(3), look.space(1))
        column.setSpacing(0)
        column.addLayout(row)
        column.addWidget(self.slider)
        QShortcut(QKeySequence("Ctrl+Space"), self.window(), self.play.click)
        self._say_play()

    def _connect(self) -> None:
        self.slider.valueChanged.connect(lambda minute: self.choose(self._begin + minute * MINUTE_MS))
        self.slider.mark_chosen.connect(self.order_chosen)
        self.play.toggled.connect(self._on_play)
        self.date.dateChanged.connect(lambda date: self.day_chosen.emit(date.toString(Qt.DateFormat.ISODate)))

    def _on_play(self, playing: bool) -> None:
        self._since = ticks_ms()
        (self._timer.start if playing else self._timer.stop)()
        self._say_play()

    def _say_play(self) -> None:
        playing = self.play.isChecked()
        self.play.setText("⏸" if playing else "▶")
        words = t("Stop playing") if playing else t("Play##replay")
        self.play.setAccessibleName(words)
        self.play.setToolTip(f"{words} (Ctrl+Space)")

    def _on_tick(self) -> None:
        now = ticks_ms()
        passed, self._since = now - self._since, now
        self.choose(self._moment + passed * int(self.speed.currentData()))
        if self._moment >= self._end:
            self.play.setChecked(False)
