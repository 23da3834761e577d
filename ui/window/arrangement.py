"""How the parts stand in the window: side by side, as a drawer where it is narrow, and the same tomorrow."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Final

from PySide6.QtCore import QSettings
from PySide6.QtWidgets import QMainWindow, QSplitter, QTabWidget, QWidget

from dispatcher_app.text import language, t
from ui import theme
from ui.booking.panel import BookingPanel
from ui.controls.empty import EmptyState
from ui.counter.panel import CounterPanel
from ui.layout.frame import Frame
from ui.layout.layout import Layout
from ui.layout.panels import Panels, Part, take_keys
from ui.layout.screen import Screen, present
from ui.layout.shell import Shell
from ui.order.inspector import Inspector
from ui.queue.panel import QueuePanel
from ui.settings import choice
from ui.window.drawer import Place
from ui.window.vacant import Vacant, move_in

_CROWDED_PX: Final = 1960
"""Narrower windows have no room for booking and middle side by side; grows with the type."""
_QUEUE_PX: Final = {"zh_CN": 700, "en": 890}
"""English words are longer: with less the queue would have to hide what is to be repaired."""
_QUEUE_LEAST_PX: Final = 480
_MIDDLE_PX: Final = 470
"""With less nobody can work on the board."""
_LEAST_PX: Final = 1050
"""The queue and the booking beside it."""
_FIRST_SPLIT: Final = {"zh_CN": (760, 380, 820, 420), "en": (1000, 380, 840, 420)}


class Arrangement:
    """Queue, booking, the middle's tabs and the inspector, in one splitter."""

    def __init__(
        self, window: QMainWindow, queue: QueuePanel, booking: BookingPanel, inspector: Inspector,
        screens: Callable[[], Sequence[Screen]] = present,
    ) -> None:  # fmt: skip
        self._window, self._queue, self._booking, self._inspector = window, queue, booking, inspector
        self.tabs, self.split = QTabWidget(), QSplitter()
        self._place = Place(inspector, self.split)
        self._was_crowded = False
        self._counter: CounterPanel | None = None
        self._counter_place = QWidget()
        self.at_counter = False
        self._restored = False
        self._divided = b""
        self._wide: set[QWidget] = set()
        self._widened: set[QWidget] = set()
        self.on_widened: list[Callable[[], object]] = []
        self.tabs.currentChanged.connect(self._on_tab)
        self.tabs.setObjectName("tabs")
        self.tabs.setDocumentMode(True)
        self._nothing = EmptyState(
            t("Every panel stands in a window of its own"),
            t("Ctrl+Shift+F11 brings all of them back."),
            "layout",
        )
        self._nothing.setParent(self.tabs)
        self._nothing.hide()
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
        self._counter_place.hide()
        self.split.insertWidget(self.split.indexOf(self.tabs) + 1, self._counter_place)
        self.split.setChildrenCollapsible(False)
        # Or parts that give way only after the window has shrunk would keep it from shrinking.
        window.setMinimumWidth(look.px(_LEAST_PX))
        self.panels = Panels(window, self.tabs, self.split, screens)
        self.panels.went.connect(self.make_room)
        self.panels.know(Part(queue, t("Queue##panel"), self.make_room, self.make_room))
        self.panels.know(Part(booking, t("Booking##panel"), self.make_room, self.make_room, comes=True))
        self.panels.know(Part(inspector, t("Order details"), self._leave_inspector, self._take_inspector))

    @property
    def drawer(self) -> bool:
        """Whether the inspector is a drawer at this width."""
        return self._place.drawer

    def show_drawer(self, shown: bool) -> None:
        """Open or put away the inspector where it is a drawer."""
        self._place.show(shown)
        self._clear_counter()

    def _leave_inspector(self) -> None:
        self._place.leave()
        self._inspector.head.set_closable(False)

    def _take_inspector(self) -> None:
        self._place.come_back()
        self.fit()

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
        self.split.replaceWidget(self.split.indexOf(self._counter_place), counter)
        self._counter_place.deleteLater()
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
        booking = self._booking.isVisible() and self.panels.shell(self._booking) is None
        self._say_nothing()
        room = self.tabs.count() > 0 and not self.at_counter
        self.tabs.setVisible(room and not (self._crowded and booking))
        if self._counter is not None and self.at_counter:
            self._counter.make_room(booking=booking)
        self._show_queue()
        self._narrow_queue()

    def _say_nothing(self) -> None:
        """A window all of whose panels stand elsewhere says so, and how they come back."""
        at = self.tabs.indexOf(self._nothing)
        shown = self.tabs.count() - (at >= 0) > 0 or self.panels.shell(self._queue) is None
        if shown and at >= 0:
            self.tabs.removeTab(at)
            self._nothing.hide()
            self.tabs.setTabBarAutoHide(False)
        elif not shown and at < 0:
            self.tabs.setTabBarAutoHide(True)
            self.tabs.addTab(self._nothing, "")

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

    def only(self, tab: QWidget) -> None:
        """Let a tab be alone in its window, or no longer."""
        if (shell := self.panels.shell(tab)) is not None:
            shell.fill()
        else:
            self.widen(tab, not self.is_widened(tab))

    @property
    def current(self) -> QWidget | None:
        """The tab that somebody works with, wherever it stands."""
        active = self.panels.active
        return active.panel if isinstance(active, Shell) else self.tabs.currentWidget()

    def is_widened(self, tab: QWidget) -> bool:
        """Whether somebody has given a tab the queue's room."""
        return tab in self._widened

    @property
    def _guest_is_wide(self) -> bool:
        current = self.tabs.currentWidget()
        return self.tabs.isVisibleTo(self.split) and (current in self._wide or current in self._widened)

    def _show_queue(self) -> None:
        if self.panels.shell(self._queue) is None:
            self._queue.setVisible(not self.at_counter and not self._guest_is_wide)

    @property
    def _crowded(self) -> bool:
        return self._window.width() < theme.current().px(_CROWDED_PX)

    def _narrow_queue(self) -> None:
        """Let the queue give way where all four parts stand side by side."""
        look = theme.current()
        if self.panels.shell(self._queue) is not None:
            self._queue.setMinimumWidth(look.px(_QUEUE_LEAST_PX))
            return
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

    def keep_place(self, at: int, title: str, wanted: Callable[[], QWidget], code: str) -> QWidget:
        """A tab whose panel, of that object name, is made when it is first looked at: `wanted` makes it, `move_in`
        puts it there."""
        place = Vacant(wanted, code)
        self.tabs.insertTab(at, place, title)
        return place

    def move_in(self, place: QWidget, panel: QWidget) -> None:
        """A panel for which a place was kept; it is as wide as that was."""
        if place in self._widened:
            self._widened.remove(place)
            self._widened.add(panel)
        move_in(self.tabs, place, panel)

    def _on_tab(self, _at: int) -> None:
        self._fill()
        self._show_queue()

    def _fill(self) -> None:
        """Have the panel made that is looked at now; tabs come and go before anybody looks."""
        tab = self.tabs.currentWidget()
        if self._restored and isinstance(tab, Vacant):
            tab.wanted()

    def go(self, tab: QWidget) -> None:
        """Show a tab of the middle, with nothing over it, and give it the keys; in its own window if it has one."""
        if self.panels.shell(tab) is not None:
            take_keys(tab)
            return
        self.show_counter(False)
        self.tabs.show()
        self.tabs.setCurrentWidget(tab)
        self._show_queue()
        self._narrow_queue()
        take_keys(tab)
        if self.drawer:
            self.show_drawer(False)

    def shows(self, tab: QWidget) -> bool:
        """Whether a tab of the middle is in sight, in the window or in one of its own."""
        if (shell := self.panels.shell(tab)) is not None:
            return shell.isVisible() and not shell.isMinimized()
        return self.tabs.currentWidget() is tab and not self.at_counter

    def lodge(self, *guests: QWidget) -> None:
        """Keep tabs that are not always there with the window, or they would outlive it."""
        for guest in guests:
            guest.setParent(self.tabs)
            guest.hide()

    def go_to_guest(self, tab: QWidget, title: str, *, wide: bool = False) -> None:
        """The same for a tab that is there only while it is used; a `wide` one has the queue's room as well."""
        if wide:
            self._wide.add(tab)
        if self.tabs.indexOf(tab) < 0 and self.panels.shell(tab) is None:
            self.tabs.addTab(tab, title)
            self.panels.came(tab)
        self.go(tab)

    def dismiss(self, tab: QWidget) -> None:
        """A guest has been used."""
        if not self.panels.put_away(tab):
            self.tabs.removeTab(self.tabs.indexOf(tab))
        self.make_room()
        take_keys(self._queue.table)

    # ------------------------------------------------------------ as it was
    def begin(self) -> None:
        """As it is when nobody has chosen anything yet."""
        self.split.setSizes([theme.current().px(width) for width in _FIRST_SPLIT[language()]])
        self.tabs.setCurrentIndex(0)

    def layout(self, main: Frame, torn: Mapping[str, Frame]) -> Layout:
        """How everything stands: panels by themselves, the parts of the window, the tab that is looked at."""
        if not self.drawer:
            self._divided = bytes(self.split.saveState().data())
        current: QWidget | None = self.tabs.currentWidget()
        wide = tuple(sorted(each.objectName() for each in self._widened))
        return Layout(main, torn, self._divided, current.objectName() if current is not None else "", wide)

    def take(self, layout: Layout) -> None:
        """Stand like this; what somebody is typing stays as it is."""
        booking = not self._booking.isHidden()
        self._restored = False
        self.panels.stand(layout.torn, lambda code: self.made(self.panel_of(code)))
        if layout.split:
            self._divided = layout.split
            self.split.restoreState(layout.split)
            self._booking.setVisible(booking)
        if (tab := self._tab(layout.tab)) is not None:
            self.tabs.setCurrentWidget(tab)
        if layout.wide is not None:
            self._widened = {each for code in layout.wide if (each := self.panel_of(code))}
        self._restored = True
        self._fill()
        self.make_room()
        self.fit()
        for told in self.on_widened:
            told()

    def panel_of(self, code: str) -> QWidget | None:
        """The panel of that name if it is there; a place that is kept for it where nobody has wanted it yet."""
        parts: tuple[QWidget, ...] = (self._queue, self._booking, self._inspector)
        shells = (shell.panel for shell in self.panels.shells())
        found = (each for each in (*parts, *shells) if each.objectName() == code)
        return next(found, None) or self._tab(code)

    def made(self, panel: QWidget | None) -> QWidget | None:
        """The panel, or that for which its place was kept."""
        return panel.wanted() if isinstance(panel, Vacant) else panel

    def _tab(self, code: str) -> QWidget | None:
        tabs = (self.tabs.widget(at) for at in range(self.tabs.count()))
        return next((tab for tab in tabs if tab is not None and tab.objectName() == code), None)

    def restore(self, settings: QSettings) -> None:
        """Views and sort of the queue as they were yesterday."""
        self._queue.restore(choice.read_group(settings, "queue"))

    def keep(self, settings: QSettings) -> None:
        """Write down what comes back tomorrow: views and sort of the queue."""
        choice.write_group(settings, "queue", self._queue.state())
