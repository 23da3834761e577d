"""The top of the window: region, command bar, search; who sits here and how the connection stands."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QMenu, QPushButton, QToolButton, QWidget

from dispatcher_app.client.state import Link
from dispatcher_app.domain.region import Region
from dispatcher_app.text import t
from ui import icons, name, theme
from ui.action.deck import Deck
from ui.controls.field import SearchField
from ui.window.link import LinkState
from ui.window.seat import SeatMenu

if TYPE_CHECKING:
    from dispatcher_app.client.session import Session


class TopBar(QFrame):
    """Emits `searched` while typing pauses, `left_search` on Enter or Down, `region_chosen` ("" for all)."""

    searched = Signal(str)
    left_search = Signal()
    region_chosen = Signal(str)

    def __init__(self, session: Session, deck: Deck, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self.setObjectName("topbar")
        self.setProperty("panel", "bar")
        self._region = self._region_switch()
        self._commands = QPushButton(f"{t('Commands')}   Ctrl+K")
        self._commands.setObjectName("command_bar")
        self._commands.setProperty("kind", "quiet")
        self._commands.clicked.connect(deck["palette"].trigger)
        self.search = _Search(t("Search: number, phone tail, name, initials, compound  (Ctrl+F)"))
        self.search.setObjectName("search")
        self.search.searched.connect(self.searched)
        self.search.left.connect(self.left_search)
        self._attention = QToolButton()
        self._attention.setObjectName("attention_button")
        self._attention.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self._attention.clicked.connect(deck["attention"].trigger)
        self._link = LinkState(session)
        self._again = QPushButton(t("Log in again"))
        self._again.setObjectName("log_in_again")
        self._again.setProperty("kind", "link")
        self._again.clicked.connect(deck["log_in_again"].trigger)
        self.layouts = QToolButton()
        self.layouts.setObjectName("windows")
        self.layouts.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.layouts.setAccessibleName(t("Windows and layouts"))
        self.layouts.setToolTip(t("Windows and layouts"))
        self.seat = SeatMenu(session)
        self._person = QToolButton()
        self._person.setObjectName("person")
        self._person.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self._person.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self._person.setText(self._who())
        self._person.setAccessibleName(self._who())
        menu = QMenu(self._person)
        for id in (
            "import",
            "settings",
            "silence",
            "theme",
            "language",
            "larger",
            "smaller",
            "log_out",
            "quit",
        ):
            menu.addAction(deck[id])
        self._person.setMenu(menu)
        self._lay_out()
        stop = session.subscribe(link=self.show_link)
        self.destroyed.connect(lambda: stop())
        self._draw()

    def show_link(self, link: Link) -> None:
        """Offer what the connection asks for."""
        self._again.setVisible(link.state == "logged_out")
        self._attention.setVisible(link.attention > 0)
        self._attention.setText(t("{n} to decide", n=link.attention))

    def _who(self) -> str:
        roles = [name.role(role) for role in self._session.staff.roles]
        return " · ".join(filter(None, (self._session.staff.name, roles[0] if roles else "")))

    def _region_switch(self) -> QToolButton:
        button = QToolButton()
        button.setObjectName("region")
        button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        regions = [each for id in self._session.staff.regions if (each := self._session.get(Region, id))]
        button.setText(name.region_name(regions[0]) if len(regions) == 1 else t("All my regions"))
        button.setAccessibleName(t("Region: {name}", name=button.text()))
        if len(regions) > 1:
            menu = QMenu(button)
            everywhere = menu.addAction(t("All my regions"))
            everywhere.triggered.connect(partial(self._choose, button, "", t("All my regions")))
            for each in regions:
                said = name.region_name(each)
                action = menu.addAction(said)
                action.triggered.connect(partial(self._choose, button, each.id, said))
            button.setMenu(menu)
            button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        else:
            button.setEnabled(bool(regions))
            button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        return button

    def _choose(self, button: QToolButton, id: str, said: str, _checked: bool = False) -> None:
        button.setText(said)
        self.region_chosen.emit(id)

    def changeEvent(self, event: QEvent) -> None:
        if event.type() is QEvent.Type.PaletteChange:
            self._draw()
        super().changeEvent(event)

    def _draw(self) -> None:
        self._region.setIcon(icons.icon("district", "muted"))
        self._commands.setIcon(icons.icon("palette", "muted"))
        self._person.setIcon(icons.icon("person", "muted"))
        self.layouts.setIcon(icons.icon("layout", "muted"))
        self.seat.draw()
        self._attention.setIcon(icons.icon("attention", "red"))
        self.show_link(self._session.link)

    def _lay_out(self) -> None:
        look = theme.current()
        row = QHBoxLayout(self)
        row.setContentsMargins(look.space(2), look.space(1), look.space(2), look.space(1))
        row.setSpacing(look.space(2))
        self.search.setMinimumWidth(look.px(220))
        self.search.setMaximumWidth(look.px(520))
        row.addWidget(self._region)
        row.addWidget(self._commands)
        row.addWidget(self.search, 1)
        row.addStretch()
        shown: tuple[QWidget, ...] = (
            self._attention, self._link, self._again, self.layouts, self.seat, self._person,
        )  # fmt: skip
        for part in shown:
            row.addWidget(part)
        self.search.setVisible(not name.masked(self._session))


class _Search(SearchField):
    left = Signal()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        leaves = (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Down)
        empty = event.key() == Qt.Key.Key_Escape and not self.text()
        if (event.key() in leaves or empty) and not self.composing:
            self.left.emit()
        else:
            super().keyPressEvent(event)
