"""Which panel stands in the main window, and which in a window of its own."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtWidgets import QApplication, QSplitter, QTabWidget, QWidget

from ui.layout.frame import Frame, fitted, frame_of, put
from ui.layout.screen import Screen
from ui.layout.shell import Shell

PARTS: Final = ("queue", "booking", "tabs", "counter_panel", "inspector")
"""The parts of the window from left to right."""
TABS: Final = ("board_panel", "map_panel", "calendar_panel", "roster", "complaint_panel", "reconcile_panel")
"""The tabs that are always there, in their order; guests stand behind them."""
_OFFSET_PX: Final = 40


@dataclass(frozen=True, slots=True)
class Part:
    """A panel beside the tabs: its name, and what the window does when it leaves and comes back.

    One that `comes` by itself, as a booking does, is hidden as long as nobody needs it.
    """

    panel: QWidget
    title: str
    left: Callable[[], object]
    back: Callable[[], object]
    comes: bool = False


class Panels(QObject):
    """Knows panels by their object names.

    Emits `torn` with a new window, `went` when a panel has come or gone, `changed` when something stands elsewhere,
    `stepped_back` on Escape in one of the windows.
    """

    torn = Signal(object)
    went = Signal()
    changed = Signal()
    stepped_back = Signal()

    def __init__(
        self, window: QWidget, tabs: QTabWidget, split: QSplitter, screens: Callable[[], Sequence[Screen]]
    ) -> None:
        super().__init__(window)
        self._window, self._tabs, self._split, self.screens = window, tabs, split, screens
        self._parts: dict[str, Part] = {}
        self._shells: dict[str, Shell] = {}
        self._frames: dict[str, Frame] = {}
        self._titles: dict[str, tuple[str, str]] = {}
        self._active = window
        window.installEventFilter(self)

    # ------------------------------------------------------------ asking
    @property
    def active(self) -> QWidget:
        """The window that somebody works in: the main one, or one of a panel's own."""
        return self._active if self._active.isVisible() else self._window

    def shell(self, panel: QWidget | None) -> Shell | None:
        """The window of its own that a panel stands in."""
        return self._shells.get(panel.objectName()) if panel is not None else None

    def shells(self) -> list[Shell]:
        """All windows of panels."""
        return list(self._shells.values())

    def frames(self) -> dict[str, Frame]:
        """Where panels stand by themselves; also those that are not there now, for when they come."""
        here = self.screens()
        for id, shell in self._shells.items():
            self._frames[id] = frame_of(shell, here)
        return dict(self._frames)

    def tearable(self) -> list[tuple[QWidget, str]]:
        """The panels that are there, with their names."""
        tabs = [
            (tab, self._tabs.tabText(at)) for at, tab in enumerate(self._tabs_there()) if tab.objectName()
        ]
        away = [(shell.panel, self._titles[id][0]) for id, shell in self._shells.items()
                if id not in self._parts]  # fmt: skip
        parts = [(part.panel, part.title) for part in self._parts.values()]
        return [*parts, *sorted((*tabs, *away), key=lambda each: _rank(TABS, each[0].objectName()))]

    def in_hand(self) -> QWidget | None:
        """The panel that has the keys; else the tab that is looked at."""
        if isinstance(self.active, Shell):
            return self.active.panel
        held = QApplication.focusWidget()
        while held is not None:
            if held.objectName() in self._parts or self._tabs.indexOf(held) >= 0:
                return held
            held = held.parentWidget()
        return self._tabs.currentWidget()

    # ------------------------------------------------------------ doing
    def know(self, part: Part) -> None:
        """A panel beside the tabs that may be torn off."""
        self._parts[part.panel.objectName()] = part

    def came(self, panel: QWidget) -> None:
        """A tab is there: if it stood by itself when it was here last, it does so again."""
        frame = self._frames.get(panel.objectName())
        if frame is not None and self.shell(panel) is None:
            self.tear(panel, frame)

    def tear(self, panel: QWidget, frame: Frame | None = None) -> Shell:
        """Put a panel into a window of its own, at a frame or beside where it stood."""
        id = panel.objectName()
        if (shell := self._shells.get(id)) is not None:
            if frame is not None:
                self._put(shell, frame)
            return shell
        part, at = self._parts.get(id), self._tabs.indexOf(panel)
        where = frame or self._frames.get(id) or self._beside(panel)
        self._titles[id] = (part.title, "") if part else (self._tabs.tabText(at), self._tabs.tabToolTip(at))
        hidden, held = part is not None and part.comes and panel.isHidden(), _held_in(panel)
        if self._tabs.currentIndex() == at:
            self._tabs.setCurrentIndex(
                0 if at else 1
            )  # not just any neighbour: a wide one would hide the queue
        self._shells[id] = shell = Shell(self._window, panel, self._titles[id][0])
        shell.closed.connect(lambda: self.bring_back(panel, looked_at=True))
        shell.stepped_back.connect(self.stepped_back)
        shell.moved.connect(self.changed)
        shell.installEventFilter(self)
        if part is not None:
            part.left()
        self._put(shell, where)
        self._frames[id] = where
        self.torn.emit(shell)
        panel.setVisible(not hidden)
        self.went.emit()
        if held is not None:
            held.setFocus()
        self.changed.emit()
        return shell

    def bring_back(self, panel: QWidget, *, looked_at: bool = False) -> None:
        """Put a panel back where it belongs in the main window, and look at it there."""
        id = panel.objectName()
        self._frames.pop(id, None)
        if (shell := self._shells.pop(id, None)) is None:
            return
        hidden, held = panel.isHidden(), _held_in(panel)
        shell.let_go()
        self._forget(shell)
        if (part := self._parts.get(id)) is not None:
            at = _place([self._split.widget(each) for each in range(self._split.count())], PARTS, id)
            self._split.insertWidget(at, panel)
            panel.setVisible(not hidden)
            part.back()
        else:
            title, tip = self._titles[id]
            at = _place(self._tabs_there(), TABS, id)
            self._tabs.insertTab(at, panel, title)
            self._tabs.setTabToolTip(at, tip)
        self.went.emit()
        if looked_at:
            self._tabs.setCurrentIndex(max(self._tabs.indexOf(panel), 0))
            if held is not None:
                held.setFocus()
        self.changed.emit()

    def put_away(self, panel: QWidget) -> bool:
        """A guest goes; it comes again where it stood. False where it has no window of its own."""
        if (shell := self._shells.pop(panel.objectName(), None)) is None:
            return False
        self._frames[panel.objectName()] = frame_of(shell, self.screens())
        shell.let_go()
        self._forget(shell)
        panel.setParent(self._tabs)
        panel.hide()
        return True

    def stand(self, frames: Mapping[str, Frame], panel_of: Callable[[str], QWidget | None]) -> None:
        """These panels, and no others, stand by themselves; those that are not there do so when they come."""
        for id, shell in list(self._shells.items()):
            if id not in frames:
                self.bring_back(shell.panel)
        self._frames = dict(frames)
        for id, frame in frames.items():
            if (panel := panel_of(id)) is not None:
                self.tear(panel, frame)

    def retitle(self, panel: QWidget, title: str, tip: str = "") -> None:
        """Call a tab otherwise, wherever it stands."""
        if (shell := self.shell(panel)) is not None:
            self._titles[panel.objectName()] = (title, tip)
            shell.say(title)
        else:
            at = self._tabs.indexOf(panel)
            self._tabs.setTabText(at, title)
            self._tabs.setTabToolTip(at, tip)

    # ------------------------------------------------------------ windows
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        kind = event.type()
        if kind is QEvent.Type.WindowActivate and isinstance(watched, QWidget):
            self._active = watched
        elif watched is self._window and kind is QEvent.Type.Show and not event.spontaneous():
            for shell in self._shells.values():
                shell.setVisible(not shell.panel.isHidden())
        elif watched is self._window and kind is QEvent.Type.Hide and not event.spontaneous():
            for shell in self._shells.values():
                shell.hide()
        elif watched is self._window and kind in (QEvent.Type.Move, QEvent.Type.Resize):
            self.changed.emit()
        return super().eventFilter(watched, event)

    def _tabs_there(self) -> list[QWidget]:
        return [tab for at in range(self._tabs.count()) if (tab := self._tabs.widget(at)) is not None]

    def _put(self, shell: Shell, frame: Frame) -> None:
        screens = self.screens()
        put(shell, fitted(frame, screens, frame_of(self._window, screens).screen), screens)

    def _beside(self, panel: QWidget) -> Frame:
        """As large as it is, on the monitor that the main window is not on, else over it."""
        screens = self.screens()
        main = frame_of(self._window, screens).screen
        other = next((each for each in screens if each.name != main), None)
        if other is not None:
            return Frame(other.name, 0, 0, other.width, other.height, "maximized")
        corner = panel.mapTo(self._window, panel.rect().topLeft()) + self._window.pos()
        screen = next(each for each in screens if each.name == main)
        return Frame(main, corner.x() - screen.x + _OFFSET_PX, corner.y() - screen.y + _OFFSET_PX,
                     panel.width(), panel.height())  # fmt: skip

    def _forget(self, shell: Shell) -> None:
        if self._active is shell:
            self._active = self._window


def _rank(order: Sequence[str], id: str) -> int:
    return order.index(id) if id in order else len(order)


def _place(there: Sequence[QWidget | None], order: Sequence[str], id: str) -> int:
    """Before the first one that stands behind it."""
    rank = _rank(order, id)
    return next(
        (at for at, each in enumerate(there) if each is not None and _rank(order, each.objectName()) > rank),
        len(there),
    )


def _held_in(panel: QWidget) -> QWidget | None:
    """What has the keys, if it stands in this panel: a new parent takes them away."""
    held: QWidget | None = QApplication.focusWidget()
    return held if held is not None and (held is panel or panel.isAncestorOf(held)) else None


def take_keys(widget: QWidget, reason: Qt.FocusReason = Qt.FocusReason.ShortcutFocusReason) -> None:
    """Give the keys to a widget, in whatever window of the desk it stands."""
    bring_forward(widget)
    widget.setFocus(reason)


def bring_forward(widget: QWidget) -> None:
    """Work in the window in which a widget stands, if another one of the desk has the keys."""
    window = widget.window()
    if isinstance(window, Shell):
        window.come()
    elif isinstance(QApplication.activeWindow(), Shell):
        window.activateWindow()
