"""How the parts stand in the window: side by side, as a drawer where it is narrow, and the same tomorrow."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from PySide6.QtCore import QSettings, Qt
from PySide6.QtWidgets import QMainWindow, QSplitter, QTabWidget, QWidget

from dispatcher_app.text import language
from ui import theme
from ui.booking.panel import BookingPanel
from ui.counter.panel import CounterPanel
from ui.drawer import Place
from ui.order.inspector import Inspector
from ui.queue.panel import QueuePanel
from ui.settings import choice

_CROWDED_PX: Final = 1960
"""Narrower windows have no room for booking and middle side by side; grows with the type."""
_QUEUE_PX: Final = {"zh_CN": 700, "en": 890}
"""English words are longer: with less the queue would have to hide what is to be repaired."""
_QUEUE_LEAST_PX: Final = 480
_MIDDLE_PX: Final = 470
"""With less nobody can work on the board."""
_LEAST_PX: Final = 1050
"""The queue and the booking beside it."""
_FIRST_SIZE: Final = (1440, 900)
_FIRST_SPLIT: Final = {"zh_CN": (760, 380, 820, 420), "en": (1000, 380, 840, 420)}


class Arrangement:
    """Queue, booking, the middle's tabs and the inspector, in one splitter."""

    def __init__(
        self, window: QMainWindow, queue: QueuePanel, booking: BookingPanel, inspector: Inspector
    ) -> None:
        self._window, self._queue, self._booking, self._inspector = window, queue, booking, inspector
        self.tabs, self.split = QTabWidget(), QSplitter()
        self._place = Place(inspector, self.split)
        self._was_crowded = False
        self._counter: CounterPanel | None = None
        self.at_counter = False
        self._wide: set[QWidget] = set()
        self._widened: set[QWidget] = set()
        self.on_widened: list[Callable[[], object]] = []
        self.tabs.currentChanged.connect(lambda _at: self._show_queue())
        self.tabs.setObjectName("tabs")
        self.tabs.setDocumentMode(True)
        booking.setObjectName("booking")
        booking.hide()
        look = theme.current()
        for part, least, stretch in (
            (queue, look.px(_QUEUE_PX[language()]), 4),
            (booking, booking.minimumWidth(), 0),
            (self.tabs, look.px(_MIDDLE_PX), 4),
            (inspector, look.px(400), 0),
        ):
            self.split.addWidget(part)
            part.setMinimumWidth(least)
            self.split.setStretchFactor(self.split.indexOf(part), stretch)
        self.split.setChildrenCollapsible(False)
        # Or parts that give way only after the window has shrunk would keep it from shrinking.
        window.setMinimumWidth(look.px(_LEAST_PX))

    @property
    def drawer(self) -> bool:
        """Whether the inspector is a drawer at this width."""
        return self._place.drawer

    def show_drawer(self, shown: bool) -> None:
        """Open or put away the inspector where it is a drawer."""
        self._place.show(shown)
        self._clear_counter()

    def _clear_counter(self) -> None:
        """At the counter the drawer lies over nothing: the list gives way."""
        if self._counter is not None:
            over = self.drawer and not self._inspector.isHidden()
            self._counter.devices.keep_clear(self._inspector.width() if over else 0)

    def fit(self) -> None:
        """Follow the window's width."""
        changed = self._place.arrange(self._window.width())
        if changed:
            self._inspector.head.set_closable(self.drawer)
        if changed or self._was_crowded != self._crowded:
            self._was_crowded = self._crowded
            self.make_room()
        self._narrow_queue()
        self._clear_counter()

    def add_counter(self, counter: CounterPanel) -> None:
        """The counter has its place between the middle and the inspector, and is hidden at first."""
        self._counter = counter
        counter.hide()
        self.split.insertWidget(self.split.indexOf(self.tabs) + 1, counter)
        self.split.setStretchFactor(self.split.indexOf(counter), 4)

    def show_counter(self, shown: bool) -> None:
        """Show the counter instead of queue and middle, or these again."""
        if self._counter is None or shown == self.at_counter:
            return
        self.at_counter = shown
        self._counter.setVisible(shown)
        self.make_room()

    def make_room(self) -> None:
        """Where there is little room, the booking takes that of the middle; at the counter that of the drop-off."""
        booking = self._booking.isVisible()
        self.tabs.setVisible(not self.at_counter and not (self._crowded and booking))
        if self._counter is not None and self.at_counter:
            self._counter.make_room(booking=booking)
        self._show_queue()
        self._narrow_queue()

    @property
    def home(self) -> QWidget:
        """Where the keys go when somebody steps back: the queue, or the guest that stands in its place."""
        return self.tabs.currentWidget() if self._guest_is_wide else self._queue.table

    def leave_wide(self) -> None:
        """Show the queue again, whatever stood in its place."""
        if self.tabs.currentWidget() in self._widened:
            self.widen(self.tabs.currentWidget(), False)
        elif self._guest_is_wide:
            self.tabs.setCurrentIndex(0)

    def widen(self, tab: QWidget, wide: bool) -> None:
        """Give a tab the queue's room as well, or the queue its room back."""
        if wide:
            self._widened.add(tab)
        else:
            self._widened.discard(tab)
        self.make_room()
        for told in self.on_widened:
            told()

    def is_widened(self, tab: QWidget) -> bool:
        """Whether somebody has given a tab the queue's room."""
        return tab in self._widened

    @property
    def _guest_is_wide(self) -> bool:
        current = self.tabs.currentWidget()
        return self.tabs.isVisibleTo(self.split) and (current in self._wide or current in self._widened)

    def _show_queue(self) -> None:
        self._queue.setVisible(not self.at_counter and not self._guest_is_wide)

    @property
    def _crowded(self) -> bool:
        return self._window.width() < theme.current().px(_CROWDED_PX)

    def _narrow_queue(self) -> None:
        """Let the queue give way where all four parts stand side by side."""
        look = theme.current()
        others = [
            part for part in (self._booking, self.tabs, self._inspector) if part.isVisibleTo(self.split)
        ]
        taken = sum(
            part.minimumWidth() + self.split.handleWidth()
            for part in others
            if part.parentWidget() is self.split
        )
        left = self._window.width() - taken
        self._queue.setMinimumWidth(min(look.px(_QUEUE_PX[language()]), max(look.px(_QUEUE_LEAST_PX), left)))

    def go(self, tab: QWidget) -> None:
        """Show a tab of the middle, with nothing over it, and give it the keys."""
        self.show_counter(False)
        self.tabs.show()
        self.tabs.setCurrentWidget(tab)
        self._show_queue()
        self._narrow_queue()
        tab.setFocus(Qt.FocusReason.ShortcutFocusReason)
        if self.drawer:
            self.show_drawer(False)

    def lodge(self, *guests: QWidget) -> None:
        """Keep tabs that are not always there with the window, or they would outlive it."""
        for guest in guests:
            guest.setParent(self.tabs)
            guest.hide()

    def go_to_guest(self, tab: QWidget, title: str, *, wide: bool = False) -> None:
        """The same for a tab that is there only while it is used; a `wide` one has the queue's room as well."""
        if wide:
            self._wide.add(tab)
        if self.tabs.indexOf(tab) < 0:
            self.tabs.addTab(tab, title)
        self.go(tab)

    def dismiss(self, tab: QWidget) -> None:
        """A guest has been used."""
        self.tabs.removeTab(self.tabs.indexOf(tab))
        self.make_room()
        self._queue.table.setFocus()

    def restore(self, settings: QSettings) -> None:
        """As it was yesterday; on a screen that has gone, where it can be seen."""
        geometry = choice.read_bytes(settings, "window/geometry")
        if geometry is None or not self._window.restoreGeometry(geometry):
            self._window.resize(*_FIRST_SIZE)
        if (split := choice.read_bytes(settings, "window/split")) is not None:
            self.split.restoreState(split)
        else:
            look = theme.current()
            self.split.setSizes([look.px(width) for width in _FIRST_SPLIT[language()]])
        self._booking.hide()
        self.tabs.setCurrentIndex(int(str(settings.value("window/tab", 0))))
        self._queue.restore(choice.read_group(settings, "queue"))
        self.fit()

    def keep(self, settings: QSettings) -> None:
        """Write down what comes back tomorrow: geometry, splitter, tab, views, sort."""
        settings.setValue("window/geometry", self._window.saveGeometry())
        if not self.drawer:
            settings.setValue("window/split", self.split.saveState())
        settings.setValue("window/tab", self.tabs.currentIndex())
        choice.write_group(settings, "queue", self._queue.state())
