"""What stands around each page of a wall: its title and the time above, how old it is, which pages there are below."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QRect, QTimer
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from dispatcher_app.client.state import Link
from dispatcher_app.text import t
from ui import format, name, theme
from ui.wall.brush import CENTRE, LEFT, RIGHT, block, width, write
from ui.wall.rotation import PAGES, Rotation
from ui.wall.size import Scale

if TYPE_CHECKING:
    from dispatcher_app.client.session import Session

TITLES: Final = {
    "map": "Map##wall",
    "alerts": "Exceptions",
    "board": "Teams##wall",
    "figures": "Today##wall",
}
_HINT_MS: Final = 8_000


class Head(QWidget):
    """The page's title, the region, and a clock whose seconds show that the picture is alive."""

    def __init__(self, session: Session, scale: Scale, parent: QWidget) -> None:
        super().__init__(parent)
        self._session, self._scale = session, scale
        self._page = PAGES[0]
        self.setFixedHeight(scale.px(1.8))
        second = QTimer(self, interval=1000)
        second.timeout.connect(self._on_second)
        second.start()
        self._on_second()

    def show_page(self, page: str) -> None:
        """The title of this one."""
        self._page = page
        self._on_second()

    def said(self) -> list[str]:
        """Everything that is written here."""
        now, zone = self._session.now(), name.timezone(self._session)
        found = name.region(self._session)
        local = format.local(now, zone)
        day = f"{format.weekday(local.weekday())} {local:%m-%d}"
        return [t(TITLES[self._page]), name.region_name(found) if found else "", day, f"{local:%H:%M:%S}"]

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, look, scale = QPainter(self), theme.current(), self._scale
        title, region, day, clock = self.said()
        place = QRect(0, 0, self.width(), self.height())
        big = scale.font(1.3, bold=True)
        used = write(painter, place, title, big, look.colour("text"), LEFT)
        right = write(painter, place, clock, big, look.colour("text"), RIGHT)
        between = place.adjusted(used + scale.px(0.8), 0, -right - scale.px(0.8), 0)
        write(painter, between, region, scale.font(), look.colour("muted"), LEFT)
        write(painter, between, day, scale.font(), look.colour("muted"), RIGHT)

    def _on_second(self) -> None:
        self.setAccessibleName(" ".join(self.said()))
        self.update()


class Stale(QWidget):
    """A red bar while there is no connection: since when nothing is new, and what helps."""

    def __init__(self, session: Session, scale: Scale, parent: QWidget) -> None:
        super().__init__(parent)
        self._session, self._scale = session, scale
        self.setObjectName("wall_stale")
        self.setFixedHeight(scale.px(1.7))
        stop = session.subscribe(link=self.show_link)
        self.destroyed.connect(lambda: stop())
        self.show_link(session.link)

    def show_link(self, link: Link) -> None:
        """The connection stands so now."""
        self.setVisible(link.state != "online")
        self.setAccessibleName(self.said())
        self.update()

    def said(self) -> str:
        """What stands in the bar; empty while everything is live."""
        link = self._session.link
        since = format.clock(link.since, name.timezone(self._session))
        return {
            "online": "",
            "connecting": t("Connecting: nothing here is newer than {time}##wall", time=since),
            "offline": t("Offline since {time}: nothing here is newer##wall", time=since),
            "logged_out": t(
                "Logged out since {time}: nothing here is newer. Enter logs in##wall", time=since
            ),
            "outdated": t(
                "This program is too old for the server: nothing here is newer than {time}##wall", time=since
            ),
        }[link.state]

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, look, scale = QPainter(self), theme.current(), self._scale
        block(painter, self.rect(), look.colour("red"), scale.px(0.2))
        inner = self.rect().adjusted(scale.px(0.5), 0, -scale.px(0.5), 0)
        write(painter, inner, f"⚠ {self.said()}", scale.font(1.0, bold=True), look.colour("surface"), CENTRE)


class Foot(QWidget):
    """The pages with the one in sight, and what somebody has stopped; the keys for a moment after a touch."""

    def __init__(
        self,
        rotation: Rotation,
        screen: int,
        scale: Scale,
        held: Callable[[], bool],
        leaves: bool,
        parent: QWidget,
    ) -> None:
        super().__init__(parent)
        self._rotation, self._screen, self._scale = rotation, screen, scale
        self._held, self._leaves = held, leaves
        self.setFixedHeight(scale.px(1.5))
        self._hint = QTimer(self, singleShot=True, interval=_HINT_MS)
        self._hint.timeout.connect(self.draw)
        rotation.turned.connect(self.draw)
        self.draw()

    def hint(self) -> None:
        """Show the keys for a while."""
        self._hint.start()
        self.draw()

    def draw(self) -> None:
        """Write it anew."""
        self.setAccessibleName(" ".join(self.said()))
        self.update()

    def said(self) -> list[str]:
        """Everything that is written here."""
        return [*(t(TITLES[page]) for page in PAGES), self._state()]

    def _state(self) -> str:
        if self._hint.isActive():
            back = t("Esc back##wall") if self._leaves else t("Ctrl+Q quit##wall")
            return t("1–4 page · Space stop · F fit · {back}##wall", back=back)
        if self._held() and self._rotation.page(self._screen) == "map":
            return t("Map held: F lets go##wall")
        if self._rotation.paused:
            return t("‖ Stopped: Space goes on##wall")
        return ""

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, look, scale = QPainter(self), theme.current(), self._scale
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        left, page = 0, self._rotation.page(self._screen)
        *titles, state = self.said()
        for code, words in zip(PAGES, titles, strict=True):
            font = scale.font(1.0, bold=code == page)
            wide = width(words, font)
            place = QRect(left, 0, wide + scale.px(0.1), self.height())
            write(painter, place, words, font, look.colour("text" if code == page else "muted"))
            if code == page:
                block(
                    painter,
                    QRect(left, self.height() - scale.px(0.14), wide, scale.px(0.14)),
                    look.colour("accent"),
                )
            left += wide + scale.px(0.8)
        room = QRect(left, 0, self.width() - left, self.height())
        write(
            painter,
            room,
            state,
            scale.font(),
            look.colour("amber" if not self._hint.isActive() else "muted"),
            RIGHT,
        )
