"""The desktop from start to end: the look, the way to a server, the log-in, the window.

`build_window(session, settings)` (from `ui.window`) makes the main window on any session, for whoever drives
it from outside; `run` is the program. Object names of the widgets stand in `ui/window.py`.
"""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QEvent, QObject, QSettings, Qt
from PySide6.QtWidgets import QApplication, QWidget

from dispatcher_app.client import profile
from dispatcher_app.client.login import Entrance, Unsent, enter
from dispatcher_app.client.profile import Profile, Settings
from dispatcher_app.client.session import Session
from dispatcher_app.clock import now_ms
from dispatcher_app.domain.act import Rejected
from dispatcher_app.text import sentence, t
from ui import name, notify
from ui.garbage import Garbage
from ui.login.window import LoginWindow
from ui.loop import event_loop
from ui.settings import choice
from ui.sound.player import Player
from ui.sound.speaker import Loudspeaker
from ui.task import Errands
from ui.toast import Toasts
from ui.watchdog import Watchdog
from ui.window.main import MainWindow, build_window

if TYPE_CHECKING:
    from ui.wall.wall import Wall

__all__ = ["Desktop", "build_window", "run", "settings_file"]


def run(
    chosen: str | None = None, began: Callable[[Desktop], object] | None = None, *, wall: bool = False
) -> int:
    """The desktop until its last window is closed, at the server profile of that name; the exit code.

    `began` gets the desktop before its first window, for whoever plays on it; `wall` shows the wall instead of a desk.
    """
    # Before the application: the map's web engine shares its graphics with the windows.
    QCoreApplication.setAttribute(Qt.ApplicationAttribute.AA_ShareOpenGLContexts)
    QCoreApplication.setApplicationName("dispatcher")
    app = QApplication(sys.argv[:1])
    app.setQuitOnLastWindowClosed(False)
    loop = event_loop(app)
    asyncio.set_event_loop(loop)
    notify.install(app, loop)
    Watchdog(app).start()
    Garbage(app).start()
    desktop = Desktop(app, settings_file(), chosen, wall=wall)
    if began is not None:
        began(desktop)
    with loop:
        loop.run_until_complete(desktop.live())
        loop.run_until_complete(_rest())
    return 0


def settings_file() -> QSettings:
    """What the windows remember, in the data folder."""
    return QSettings(str(profile.home() / "windows.ini"), QSettings.Format.IniFormat)


class Desktop(QObject):
    """One desk: at most one log-in window and one main window, or a wall in its place, at a time."""

    def __init__(
        self, app: QApplication, settings: QSettings, chosen: str | None = None, *, wall: bool = False
    ) -> None:
        super().__init__(app)
        self._wall_wanted = wall
        self._app, self._settings = app, settings
        self._profiles = _chosen(profile.load(), chosen)
        self._errands = Errands(self)
        self._ended: asyncio.Future[None] = asyncio.get_event_loop().create_future()
        self.way: Entrance | None = None
        self.window: MainWindow | None = None
        self.wall: Wall | None = None
        self.login: LoginWindow | None = None
        self._player = Player(settings, Loudspeaker(self), now_ms, self)
        notify.notifier().shown.connect(self._player.on_notice)
        choice.dress(app, settings)

    async def live(self) -> None:
        """From the first window to the last one closed."""
        try:
            self.way = await enter(self._profiles.profile, self._profiles)
            session = await self.way.resume()
        except Rejected as rejected:
            notify.error(sentence(rejected.code, rejected.params))
            session = None
        if session is not None:
            self._begin(session)
        else:
            self.show_login()
        await self._ended
        self._end_wall()
        for shown in (self.window, self.login):
            if shown is not None:
                shown.close()
                _remove(shown)
        self.window = self.login = None
        if self.way is not None:
            await self.way.close()

    # ------------------------------------------------------------ logging in
    def show_login(self, again: Session | None = None) -> None:
        """Ask who sits down; with `again` the same session goes on."""
        if self.login is not None:
            self.login.activateWindow()
            return
        self.login = login = LoginWindow(self._profiles, self._enter, again)
        login.entered.connect(partial(self._on_entered, again))
        login.language_chosen.connect(self._on_language)
        login.settings_changed.connect(self._on_profiles)
        login.closed.connect(partial(self._on_login_closed, again))
        if again is None:
            Toasts(login, notify.notifier())
        login.resize(760, 720)
        login.show()

    async def _enter(self, chosen: Profile) -> Entrance:
        """The way to that server; the one in use is left for it."""
        if self.way is not None and self.way.profile == chosen:
            return self.way
        if self.way is not None:
            former, self.way = self.way, None
            await former.close()
        self.way = await enter(chosen, self._profiles)
        return self.way

    def _on_entered(self, again: Session | None, session: Session) -> None:
        if self.login is not None:
            login, self.login = self.login, None
            login.close()
            login.deleteLater()
        if session is not again:
            self._begin(session)

    def _on_login_closed(self, again: Session | None) -> None:
        if self.login is None:
            return
        login, self.login = self.login, None
        login.deleteLater()
        if again is None:
            self._end()

    def _on_language(self, language: str) -> None:
        self._settings.setValue("language", language)
        choice.dress(self._app, self._settings)
        login, self.login = self.login, None
        if login is not None:
            again = login.again
            login.close()
            login.deleteLater()
            self.show_login(again)
            if again is not None and self.window is not None:
                self._remake()

    def _on_profiles(self, settings: Settings) -> None:
        self._profiles = settings
        profile.save(settings)

    # ------------------------------------------------------------ working
    def _begin(self, session: Session) -> None:
        if self._wall_wanted or name.masked(session):
            self.show_wall(session)
        else:
            self.show_window(session)

    def show_wall(self, session: Session) -> Wall:
        """The wall on a session, on all screens."""
        from ui.wall.wall import Wall

        self._end_wall()
        self.wall = wall = Wall(session, self._settings)
        wall.quit_wanted.connect(self._end, Qt.ConnectionType.QueuedConnection)
        wall.log_out_wanted.connect(self._on_left, Qt.ConnectionType.QueuedConnection)
        wall.log_in_wanted.connect(lambda: self.show_login(session))
        wall.show()
        return wall

    def _end_wall(self) -> None:
        if self.wall is not None:
            wall, self.wall = self.wall, None
            wall.close()

    def show_window(self, session: Session) -> MainWindow:
        """The main window on a session, instead of the one before."""
        before, self.window = self.window, build_window(session, self._settings, self._player)
        window = self.window
        window.anew.connect(self._remake)
        window.left.connect(self._on_left)
        window.closed.connect(self._on_window_closed)
        window.log_in_wanted.connect(lambda: self.show_login(session))
        window.show()
        if before is not None:
            before.hide()
            before.deleteLater()
        return window

    def _remake(self) -> None:
        if (before := self.window) is None:
            return
        before.keep()
        before.booking.park()
        before.reception.park()
        looked_at, at_counter = before.inspector.order_id, before.reception.opened
        window = self.show_window(before.session)
        if looked_at is not None:
            window.look_at(looked_at, open_drawer=False)
        if at_counter:
            window.reception.open()

    def _on_window_closed(self) -> None:
        self._end()

    def _on_left(self, *, discard: bool = False) -> None:
        self._errands.run(self._leave(discard))

    async def _leave(self, discard: bool) -> None:
        shown = self.window or self.wall
        if self.way is None or shown is None:
            return
        window, session = self.window, shown.session
        try:
            session.check_sent(discard_unsent=discard)
        except Unsent as unsent:
            give_up = notify.Offer(t("Log out and lose them"), partial(self._on_left, discard=True))
            notify.warning(t("Not yet sent to the server: {n}.", n=unsent.count), give_up)
            return
        # The window goes first: nothing in it may ask a session that has closed.
        self._end_wall()
        if window is not None:
            window.keep()
            window.booking.park()
            window.reception.park()
            window.hide()
            self.window = None
            _remove(window)
        await self.way.log_out(discard_unsent=True)
        self.show_login()

    def _end(self) -> None:
        if not self._ended.done():
            self._ended.set_result(None)


def _remove(window: QWidget) -> None:
    """Take a window away now, with everything it has begun."""
    window.deleteLater()
    QCoreApplication.sendPostedEvents(window, QEvent.Type.DeferredDelete)


async def _rest() -> None:
    """Nothing that was begun outlives the loop."""
    left = asyncio.all_tasks() - {asyncio.current_task()}
    for task in left:
        task.cancel()
    await asyncio.gather(*left, return_exceptions=True)


def _chosen(settings: Settings, name: str | None) -> Settings:
    """The settings with the profile of that name chosen, as they are where there is none."""
    found = next((each for each in settings.profiles if name in (each.id, each.name)), None)
    return replace(settings, chosen=found.id) if found else settings
