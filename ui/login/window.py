"""The log-in window: which server, who, and with one click for a practice city's people."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Sequence
from dataclasses import dataclass
from typing import Any, Final

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QCloseEvent, QKeyEvent
from PySide6.QtWidgets import (
    QComboBox,
    QFrame,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from dispatcher_app.client import credential, profile
from dispatcher_app.client.login import Account, Broken, Entrance, Founding, Offline, Outdated, WrongLogin
from dispatcher_app.client.profile import Profile, Settings
from dispatcher_app.client.session import Session
from dispatcher_app.domain.act import Rejected
from dispatcher_app.text import LANGUAGES, language, sentence, t
from ui import format, icons, name, theme
from ui.controls.field import Field
from ui.controls.section import label
from ui.login.account import AccountCard
from ui.login.founding import FoundingForm
from ui.task import Errands, Latest

Enter = Callable[[Profile], Coroutine[Any, Any, Entrance]]

_WIDTH_PX: Final = 460
_ADD: Final = "add"


class LoginWindow(QWidget):
    """Emits `entered` with the session, `language_chosen`, `settings_changed` when another server is chosen.

    `enter` opens the way to a server; with `again` the same person's session goes on.
    """

    entered = Signal(object)
    language_chosen = Signal(str)
    settings_changed = Signal(object)
    closed = Signal()

    def __init__(self, settings: Settings, enter: Enter, again: Session | None = None) -> None:
        super().__init__()
        self._settings, self._enter, self.again = settings, enter, again
        self._entrance: Entrance | None = None
        self._opening, self._asking, self._errands = Latest(self), Latest(self), Errands(self)
        self.setObjectName("login")
        self.setWindowTitle(t("Log in"))
        self.profiles, self._languages = QComboBox(), QComboBox()
        self.address, self.user = Field(), Field()
        self.password = QLineEdit()
        self.go = QPushButton(t("Log in"))
        self.offline = QPushButton(t("Work offline"))
        self.founding = FoundingForm()
        self._error, self._state = label("", "error", wrap=True), label("", "small", wrap=True)
        self._practice = label(t("Practice city: sit down as"), "section")
        self._accounts = QVBoxLayout()
        self._lay_out()
        self._connect()
        self._offer_profiles()
        self._open(settings.profile)
        (self.password if again is not None else self.user).setFocus()

    @property
    def entrance(self) -> Entrance | None:
        """The way to the chosen server, None while it is looked for."""
        return self._entrance

    # ------------------------------------------------------------ which server
    def _open(self, chosen: Profile) -> None:
        self._show_accounts(())
        self._say(
            "",
            t("Starting the server of this computer…") if chosen.embedded else t("Looking for the server…"),
        )

        self._opening.ask(self._found_way(chosen), self._on_open)

    async def _found_way(self, chosen: Profile) -> _Way:
        try:
            way = await self._enter(chosen)
        except Rejected as rejected:
            return _Way(error=sentence(rejected.code, rejected.params))
        try:
            await way.ready()
        except Broken as broken:
            return _Way(way, error=_not_starting(broken))
        except Offline:
            return _Way(way, state=t("The server can't be reached now."))
        if await way.founding_needed():
            return _Way(way, needed=True)
        return _Way(way, tuple(await way.accounts()))

    def _on_open(self, found: _Way) -> None:
        way, accounts, error, state = found.entrance, found.accounts, found.error, found.state
        self._entrance = way
        self._show_founding(found.needed)
        notice = (
            t("This computer has no keyring: the log-in lasts until you quit.") if way and way.notice else ""
        )
        self._say(error, state or notice)
        self._show_accounts(accounts)
        if way is not None and self.again is None:
            self._errands.run(_known(way), self._offer_to_go_on)

    def _offer_to_go_on(self, known: str) -> None:
        self.offline.setText(t("Go on as {name}, offline if need be", name=known))
        self.offline.setVisible(bool(known))

    # ------------------------------------------------------------ a company of one's own
    def _show_founding(self, needed: bool) -> None:
        for part in (self.user, self.password, self.go):
            part.setVisible(not needed)
        self.founding.setVisible(needed)
        if needed:
            self.founding.begin()

    def _found(self, founding: Founding) -> None:
        way = self._entrance
        if way is None or self._asking.busy:
            return
        self._wait(True)
        self._say("", t("Setting up the company…"))
        self._asking.ask(self._tried(way.found(founding)), self._on_tried)

    # ------------------------------------------------------------ who
    def log_in(self, user: str, password: str) -> None:
        """Log in; what goes wrong is said in the window."""
        way = self._entrance
        if way is None or self._asking.busy:
            return
        if not user or not password:
            (self.password if user else self.user).setFocus()
            return
        self._wait(True)
        self._say("", t("Logging in…"))
        work = way.log_in_again(password, user) if self.again is not None else way.log_in(user, password)
        self._asking.ask(self._tried(work), self._on_tried)

    def resume(self) -> None:
        """Go on as whoever was logged in last, with no server at all."""
        if self._entrance is not None and not self._asking.busy:
            self._wait(True)
            self._asking.ask(self._tried(self._entrance.resume()), self._on_tried)

    async def _tried(self, work: Coroutine[Any, Any, Session | None]) -> tuple[Session | None, str]:
        try:
            return await work, ""
        except WrongLogin as wrong:
            if wrong.retry_after_s is not None:
                wait = format.duration(max(1, round(wrong.retry_after_s)))
                return None, t("Too many tries. Wait {duration}, then try again.", duration=wait)
            return None, t("Name or password is wrong.")
        except Broken as broken:
            return None, _not_starting(broken)
        except Offline:
            return None, t("The server can't be reached. Check the network and the address.")
        except Outdated:
            return None, t("The server is newer than this program. Update this program.")
        except Rejected as rejected:
            return None, sentence(rejected.code, {**rejected.params, "field": name.field(rejected.field)})

    def _on_tried(self, result: tuple[Session | None, str]) -> None:
        session, error = result
        self._wait(False)
        self._say(error)
        if session is not None:
            self.password.clear()
            self.entered.emit(session)
        elif self.founding.isVisible():
            self.founding.password.setFocus()
        elif error:
            self.password.selectAll()
            self.password.setFocus()

    # ------------------------------------------------------------ the window
    def _say(self, error: str, state: str = "") -> None:
        self._error.setText(error)
        self._error.setVisible(bool(error))
        self._state.setText(state)
        self._state.setVisible(bool(state))

    def _wait(self, waiting: bool) -> None:
        for part in (self.go, self.user, self.password, self.profiles, self.offline, self.founding):
            part.setEnabled(not waiting)

    def _show_accounts(self, accounts: Sequence[Account]) -> None:
        while (item := self._accounts.takeAt(0)) is not None:
            if widget := item.widget():
                widget.hide()
                widget.deleteLater()
        self._practice.setVisible(bool(accounts))
        for account in accounts:
            card = AccountCard(account)
            card.clicked.connect(
                lambda _checked, account=account: self.log_in(account.user, account.password)
            )
            self._accounts.addWidget(card)

    def _offer_profiles(self) -> None:
        self.profiles.blockSignals(True)
        self.profiles.clear()
        for each in self._offered():
            own = {
                profile.HERE: t("Practice city on this computer"),
                profile.OWN_COMPANY.id: t("My company on this computer"),
            }
            self.profiles.addItem(icons.icon("server", "muted"), own.get(each.id, each.name), each.id)
        self.profiles.addItem(icons.icon("add", "muted"), t("A central server…"), _ADD)
        self.profiles.setCurrentIndex(self.profiles.findData(self._settings.profile.id))
        self.profiles.blockSignals(False)

    def _offered(self) -> list[Profile]:
        """The servers that are known, a company of one's own on this computer always among them."""
        others = [
            each for each in self._settings.profiles if each.id not in (profile.HERE, profile.OWN_COMPANY.id)
        ]
        here = [each for each in self._settings.profiles if each.id == profile.HERE]
        return [*here, profile.OWN_COMPANY, *others]

    def _on_profile(self) -> None:
        chosen = self.profiles.currentData()
        self.address.setVisible(chosen == _ADD)
        if chosen == _ADD:
            self.address.setFocus()
            return
        found = next(each for each in self._offered() if each.id == chosen)
        self._take(self._settings.with_profile(found))

    def _on_address(self) -> None:
        try:
            url = profile.checked_url(self.address.text())
        except Rejected as rejected:
            self.address.set_invalid(sentence(rejected.code, rejected.params))
            self._say(sentence(rejected.code, rejected.params))
            return
        self.address.set_invalid(None)
        known = url.partition("://")[2]
        self._take(
            self._settings.with_profile(
                Profile(id=known.replace("/", "_").replace(":", "_"), name=known, url=url)
            )
        )
        self._offer_profiles()
        self.address.hide()
        self.user.setFocus()

    def _take(self, settings: Settings) -> None:
        self._settings = settings
        self.settings_changed.emit(settings)
        self._open(settings.profile)

    def closeEvent(self, event: QCloseEvent) -> None:
        super().closeEvent(event)
        self.closed.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and isinstance(
            self.focusWidget(), QPushButton
        ):
            self.focusWidget().click()  # type: ignore[attr-defined]
        else:
            super().keyPressEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        if event.type() is QEvent.Type.PaletteChange:
            self._draw()
        super().changeEvent(event)

    def _draw(self) -> None:
        self._picture.setPixmap(icons.pixmap("technician", "accent", theme.current().px(36)))

    def _connect(self) -> None:
        self.profiles.currentIndexChanged.connect(self._on_profile)
        self.address.returnPressed.connect(self._on_address)
        self.user.returnPressed.connect(self.password.setFocus)
        self.password.returnPressed.connect(
            lambda: self.log_in(self.user.text().strip(), self.password.text())
        )
        self.go.clicked.connect(lambda: self.log_in(self.user.text().strip(), self.password.text()))
        self.offline.clicked.connect(self.resume)
        self.founding.founded.connect(self._found)
        self.founding.refused.connect(self._say)
        self._languages.currentIndexChanged.connect(
            lambda: self.language_chosen.emit(self._languages.currentData())
        )

    def _lay_out(self) -> None:
        look = theme.current()
        self._picture = QLabel()
        for field, word, code in (
            (self.user, t("User name"), "login_user"),
            (self.password, t("Password"), "login_password"),
            (self.address, t("Address, such as https://dispatch.example.com"), "login_address"),
        ):
            field.setPlaceholderText(word)
            field.setAccessibleName(word)
            field.setObjectName(code)
        self.password.setEchoMode(QLineEdit.EchoMode.Password)
        self.profiles.setObjectName("login_profile")
        self.profiles.setAccessibleName(t("Server"))
        self.go.setObjectName("login_go")
        self.go.setProperty("kind", "primary")
        self.offline.setObjectName("login_offline")
        hidden: tuple[QWidget, ...] = (self.offline, self.address, self.founding)
        for each in hidden:
            each.hide()
        self._error.setObjectName("login_error")
        self._languages.setAccessibleName("中文 / English")
        self._languages.setObjectName("login_language")
        for code in LANGUAGES:
            self._languages.addItem({"zh_CN": "中文", "en": "English"}[code], code)
        self._languages.setCurrentIndex(LANGUAGES.index(language()))
        if self.again is not None:
            self.user.setText(self.again.staff.id)
            self.profiles.setEnabled(False)
        card = QFrame()
        card.setProperty("panel", "surface")
        card.setFixedWidth(look.px(_WIDTH_PX))
        column = QVBoxLayout(card)
        column.setContentsMargins(*(look.space(7),) * 4)
        column.setSpacing(look.space(3))
        head = QHBoxLayout()
        head.setSpacing(look.space(3))
        head.addWidget(self._picture)
        words = QVBoxLayout()
        words.addWidget(label(t("Dispatcher##app"), "title"))
        words.addWidget(label(t("On-site repair: calls, appointments, technicians"), "muted", wrap=True))
        head.addLayout(words, 1)
        head.addWidget(self._languages, 0, Qt.AlignmentFlag.AlignTop)
        column.addLayout(head)
        column.addSpacing(look.space(2))
        for part in (
            self.profiles,
            self.address,
            self.user,
            self.password,
            self.founding,
            self._error,
            self._state,
            self.go,
            self.offline,
        ):
            column.addWidget(part)
        column.addWidget(self._practice)
        self._accounts.setSpacing(look.space(1))
        column.addLayout(self._accounts)
        outer = QVBoxLayout(self)
        outer.addStretch()
        outer.addWidget(card, 0, Qt.AlignmentFlag.AlignHCenter)
        outer.addStretch()
        self._draw()


@dataclass(frozen=True, slots=True)
class _Way:
    """What was found at a server: the way in, its practice accounts, whether it has no company yet."""

    entrance: Entrance | None = None
    accounts: tuple[Account, ...] = ()
    error: str = ""
    state: str = ""
    needed: bool = False


def _not_starting(broken: Broken) -> str:
    return t("The server of this computer does not start ({reason}).", reason=name.reason(broken.reason))


async def _known(way: Entrance) -> str:
    """Who was logged in last at that server and can go on without it, "" where nobody was."""
    kept = await asyncio.to_thread(credential.remembered, way.chain, way.profile.id)
    return kept.staff.name if kept is not None and kept.token else ""
