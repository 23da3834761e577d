"""The windows of a desk: panels torn off and brought back, layouts by name, monitors that come and go."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, QPoint, QSettings, Qt, QTimer, Signal
from PySide6.QtGui import QAction, QGuiApplication
from PySide6.QtWidgets import QMainWindow, QMenu, QTabBar, QToolButton, QWidget

from dispatcher_app.text import t
from ui import icons, notify
from ui.action.deck import Deck
from ui.layout.foot import FootButton, Possible
from ui.layout.frame import at_point, fitted, frame_of, put
from ui.layout.layout import Layout, brought, title
from ui.layout.panel import LayoutsPanel
from ui.layout.pull import Pull
from ui.layout.screen import Screen, setup
from ui.layout.shelf import Shelf
from ui.layout.shell import Shell
from ui.palette import CommandPalette
from ui.toast import Toasts
from ui.window.arrangement import Arrangement
from ui.window.link import LinkState

if TYPE_CHECKING:
    from dispatcher_app.client.session import Session

_FIRST_SIZE: Final = (1440, 900)
_QUIET_MS: Final = 1_000
"""How long nothing moves before the desk's windows are where somebody wants them."""
_SETTLING_MS: Final = 500
"""Monitors come one after the other."""


class Layouts(QObject):
    """Remembers how the windows stand for each set of monitors, and brings them there again.

    Emits `stepped_back` on Escape in a window of a panel's own.
    """

    stepped_back = Signal()

    def __init__(
        self, session: Session, settings: QSettings, arranged: Arrangement, deck: Deck, button: QToolButton,
        window: QMainWindow,
    ) -> None:  # fmt: skip
        super().__init__(window)
        self._session, self._arranged, self._deck, self._window = session, arranged, deck, window
        self.panels, self.shelf = arranged.panels, Shelf(settings)
        self.panel = LayoutsPanel(self.shelf)
        arranged.lodge(self.panel)
        self._screens = self.panels.screens()
        self._actions: list[QAction] = []
        self.palette = self._talk(window)
        self._menu = QMenu(button)
        self._menu.aboutToShow.connect(self._fill)
        button.setMenu(self._menu)
        self._quiet = QTimer(self, singleShot=True, interval=_QUIET_MS)
        self._quiet.timeout.connect(self.keep)
        self._settling = QTimer(self, singleShot=True, interval=_SETTLING_MS)
        self._settling.timeout.connect(self.follow_screens)
        self._connect()
        self._name_layouts()

    def _connect(self) -> None:
        self.panels.torn.connect(self._fit_out)
        self.panels.changed.connect(self._quiet.start)
        self.panels.stepped_back.connect(self.stepped_back)
        self.panel.wanted.connect(self.use)
        self.panel.saved.connect(self.save)
        self.panel.altered.connect(self._name_layouts)
        self.panel.closed.connect(lambda: self._arranged.dismiss(self.panel))
        app = QGuiApplication.instance()
        assert isinstance(app, QGuiApplication)
        for told in (app.screenAdded, app.screenRemoved):
            told.connect(self._on_screens)
        bar = self._arranged.tabs.tabBar()
        bar.tabBarDoubleClicked.connect(self._tear_tab)
        Pull(bar).pulled.connect(self._pull_tab, Qt.ConnectionType.QueuedConnection)
        bar.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        bar.customContextMenuRequested.connect(lambda at: self._tab_menu(bar, bar.tabAt(at)))

    def handlers(self) -> dict[str, Callable[[], object]]:
        """The actions that are answered here."""
        return {
            "palette": self._open_commands,
            "tear_off": self.turn,
            "all_back": self.all_back,
            "layouts": self.open,
            "save_layout": self.ask_name,
        }

    def actions(self) -> list[QAction]:
        """One for each layout, for whoever finds it by typing."""
        return self._actions

    def open(self) -> None:
        """Show the layouts."""
        self.panel.refresh()
        self._arranged.go_to_guest(self.panel, t("Layouts##tab"))

    def ask_name(self) -> None:
        """Ask what the present windows shall be called."""
        self.open()
        self.panel.ask_name()

    # ------------------------------------------------------------ tearing off
    def turn(self, panel: QWidget | None = None) -> None:
        """Tear the panel in hand off, or bring it back."""
        panel = self._arranged.made(panel or self.panels.in_hand())
        if panel is None or not panel.objectName():
            return
        if self.panels.shell(panel) is not None:
            self.panels.bring_back(panel, looked_at=True)
        else:
            self.panels.tear(panel).come()

    def all_back(self) -> None:
        """One window again."""
        self.panels.stand({}, self._arranged.panel_of)

    def _tear_tab(self, at: int) -> None:
        if at >= 0:
            self.turn(self._arranged.tabs.widget(at))

    def _pull_tab(self, at: int, where: QPoint) -> None:
        """Out of the row and on with the mouse, as long as its button is held."""
        panel = self._arranged.made(self._arranged.tabs.widget(at))
        if panel is None:
            return
        shell = self.panels.tear(panel, at_point(where, panel.size(), self.panels.screens()))
        shell.come()
        if (handle := shell.windowHandle()) is not None:
            handle.startSystemMove()

    def _tab_menu(self, bar: QTabBar, at: int) -> None:
        if at < 0:
            return
        menu = QMenu(bar)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.addAction(icons.icon("detach"), t("Into a window of its own"), partial(self._tear_tab, at))
        menu.popup(bar.mapToGlobal(bar.tabRect(at).bottomLeft()))

    def _fit_out(self, shell: Shell) -> None:
        """Every key, the commands, notices, connection and undo serve there as in the main window."""
        shell.addActions(self._deck.all())
        self._talk(shell)
        shell.add_left(LinkState(self._session, "shell_link"))
        for id in ("redo", "undo"):
            shell.add_right(Possible(f"shell_{id}", self._deck[id]))
        back = FootButton("shell_back")
        back.setText(t("Back into the main window"))
        back.setIcon(icons.icon("attach"))
        back.setToolTip(self._deck["tear_off"].toolTip())
        back.clicked.connect(lambda: self.turn(shell.panel))
        shell.add_right(back)

    def _talk(self, window: QWidget) -> CommandPalette:
        """Notices and commands of a window, where somebody works in it."""
        Toasts(window, notify.notifier(), lambda: self.panels.active is window)
        return CommandPalette(window, lambda: [*self._deck.all(), *self._actions])

    def _open_commands(self) -> None:
        palette = self.panels.active.findChild(
            CommandPalette, options=Qt.FindChildOption.FindDirectChildrenOnly
        )
        (palette or self.palette).open()

    def _fill(self) -> None:
        """Which panels stand by themselves, and the layouts."""
        self._menu.clear()
        for panel, words in self.panels.tearable():
            if panel.objectName() != "booking" or not panel.isHidden():
                made = self._menu.addAction(words, partial(self.turn, panel))
                made.setCheckable(True)
                made.setChecked(self.panels.shell(panel) is not None)
        self._menu.addAction(self._deck["all_back"])
        self._menu.addSeparator()
        self._menu.addActions(self._actions)
        self._menu.addSeparator()
        self._menu.addActions([self._deck["save_layout"], self._deck["layouts"]])

    # ------------------------------------------------------------ layouts
    def use(self, name: str) -> None:
        """Show the windows as a layout has them."""
        screens = self.panels.screens()
        layout = self.shelf.get(name, screens, self._here(screens))
        if layout is None:
            return
        self.shelf.choose(name)
        self.take(layout)
        self.panel.refresh()
        self._name_layouts()
        self.keep()

    def save(self, name: str) -> None:
        """The windows as they stand, under a name."""
        self.shelf.save(name, self.panels.screens(), self.layout())
        self.shelf.choose(name)
        self.panel.refresh()
        self._name_layouts()
        notify.success(t("Layout “{name}” is saved.", name=title(name)))

    def layout(self) -> Layout:
        """How the windows stand now."""
        return self._arranged.layout(frame_of(self._window, self.panels.screens()), self.panels.frames())

    def take(self, layout: Layout) -> None:
        """Put everything where a layout has it."""
        screens = self.panels.screens()
        if layout.main is not None:
            put(self._window, fitted(layout.main, screens, ""), screens)
        self._arranged.take(layout)

    def restore(self) -> None:
        """As it stood with these monitors; the first time, one window of a usual size."""
        screens = self.panels.screens()
        self._window.resize(*_FIRST_SIZE)
        self._arranged.begin()
        layout = self.shelf.stood(screens) or Layout()
        self.take(brought(layout, screens, self._here(screens)))
        self._quiet.stop()

    def keep(self) -> None:
        """Write down how it stands with these monitors; while they come and go nothing stands."""
        self._quiet.stop()
        screens = self.panels.screens()
        if not self._settling.isActive() and setup(screens) == setup(self._screens):
            self.shelf.stands(screens, self.layout())

    # ------------------------------------------------------------ monitors
    def _on_screens(self) -> None:
        self._quiet.stop()  # the desktop moves windows by itself: nobody wanted them there
        self._settling.start()

    def follow_screens(self) -> None:
        """Other monitors are there: windows go where they stood with these, or to one that is there."""
        self._settling.stop()
        screens = self.panels.screens()
        if setup(screens) == setup(self._screens):
            return
        self._screens = screens
        layout = self.shelf.stood(screens)
        if layout is not None:
            self.take(brought(layout, screens, self._here(screens)))
        self.keep()

    def _here(self, screens: Sequence[Screen]) -> str:
        return frame_of(self._window, screens).screen

    def _name_layouts(self) -> None:
        """An action for each layout, as the palette and the menu show them."""
        for each in self._actions:
            each.deleteLater()
        self._actions = []
        for name in self.shelf.names():
            made = QAction(icons.icon("layout"), t("Layout: {name}", name=title(name)), self)
            made.setIconVisibleInMenu(False)  # or it would stand where the mark of the one in use belongs
            made.setCheckable(True)
            made.setChecked(name == self.shelf.chosen)
            made.triggered.connect(partial(self._on_named, name))
            self._actions.append(made)

    def _on_named(self, name: str, _checked: bool = False) -> None:
        self.use(name)
