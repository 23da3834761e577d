"""A photo as it was taken: the sealed original for a reason that is kept, and what it says of itself."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QPushButton, QVBoxLayout, QWidget

from dispatcher_app.client.api import Offline
from dispatcher_app.client.state import Taken
from dispatcher_app.domain import role
from dispatcher_app.domain.act import Rejected
from dispatcher_app.domain.customer import Address
from dispatcher_app.domain.order import Order
from dispatcher_app.domain.place import Point, distance_m
from dispatcher_app.domain.talk import Attachment
from dispatcher_app.text import t
from ui import format, name, theme
from ui.controls.facts import Facts
from ui.controls.section import label
from ui.limit import limit
from ui.order.secret import Reason
from ui.task import Latest

if TYPE_CHECKING:
    from dispatcher_app.client.session import Session

_OPENS: Final = role.OVERRIDES | {"complaints"}


class Original(QWidget):
    """Emits `opened` with the file of the original, `left` when the reason was stepped back from or given."""

    opened = Signal(str)
    left = Signal()

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._photo: Attachment | None = None
        self._asking = Latest(self)
        self.open = _button("open_original", t("Original…"), self._ask_reason)
        self.taken = _button("show_taken", t("How it was taken"), self._ask_taken)
        self.reason = Reason()
        limit(self.reason, "reveal_reason")
        self.reason.setObjectName("original_reason")
        self.reason.setPlaceholderText(t("Why? Enter opens it, it is recorded"))
        self.reason.setAccessibleName(t("Reason for opening the original"))
        self.reason.returnPressed.connect(self._on_reason)
        self.reason.left.connect(self._put_away)
        self._said = label("", "small", wrap=True)
        self._said.setObjectName("original_said")
        self._error = label("", "error", wrap=True)
        self._error.setObjectName("original_error")
        self._facts = Facts()
        for code, word in (
            ("when", t("Taken##photo")), ("where", t("Place##photo")), ("door", t("From the door")),
            ("device", t("Camera")), ("file", t("File##photo")), ("size", t("Original##photo")),
        ):  # fmt: skip
            self._facts.add(f"taken_{code}", word)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.current().space(2))
        for part in (self.open, self.reason, self._said, self.taken, self._facts, self._error):
            column.addWidget(part)

    def show_photo(self, photo: Attachment) -> None:
        """Begin with another photo; nothing of the one before stays open."""
        self._photo = photo
        self._asking.forget()
        actor = self._session.actor
        self.open.setVisible(role.holds(actor, _OPENS))
        self.taken.setVisible(role.holds(actor, role.OVERRIDES))
        for asks in (self.open, self.taken, self.reason):
            asks.setEnabled(True)
        self.reason.clear()
        for said in (self.reason, self._said, self._facts, self._error):
            said.hide()

    def _ask_reason(self) -> None:
        self.reason.show()
        self.reason.setFocus(Qt.FocusReason.OtherFocusReason)

    def _put_away(self) -> None:
        self.reason.hide()
        self.left.emit()

    def _on_reason(self) -> None:
        photo, reason = self._photo, self.reason.text().strip()
        if photo is None or not reason:
            return
        self.reason.setEnabled(False)

        async def fetch() -> tuple[str, str]:
            try:
                return str(await self._session.picture(photo, "original", reason)), ""
            except Offline:
                return "", t("The original comes from the server, which can't be reached now.")
            except Rejected as rejected:
                return "", name.refusal(self._session, rejected)

        self._asking.ask(fetch(), self._on_original)

    def _on_original(self, answer: tuple[str, str]) -> None:
        path, refused = answer
        self.reason.setEnabled(True)
        self._refuse(refused)
        if refused:
            self.reason.setFocus(Qt.FocusReason.OtherFocusReason)
            return
        self.reason.clear()
        self.open.setEnabled(False)
        self._said.setText(t("This is the original. That you opened it, and why, is recorded."))
        self._said.show()
        self.opened.emit(path)
        self._put_away()

    def _ask_taken(self) -> None:
        photo = self._photo
        if photo is None:
            return

        async def fetch() -> tuple[Taken | None, str]:
            try:
                return await self._session.taken(photo.id), ""
            except Offline:
                return None, t("Only the server knows it, and it can't be reached now.")
            except Rejected as rejected:
                return None, name.refusal(self._session, rejected)

        self._asking.ask(fetch(), self._on_taken)

    def _on_taken(self, answer: tuple[Taken | None, str]) -> None:
        found, refused = answer
        self._refuse(refused)
        photo = self._photo
        if found is None or photo is None:
            return
        now, zone = self._session.now(), name.timezone(self._session)
        unknown, say = t("not in the photo"), self._facts.say
        say("taken_when", format.moment(found.taken_at, now, zone) if found.taken_at else unknown)
        place = Point(found.lon, found.lat) if found.lon is not None and found.lat is not None else None
        say("taken_where", f"{place.lat:.5f}, {place.lon:.5f}" if place else unknown)
        door = self._door(photo)
        say("taken_door", format.distance(distance_m(place, door)) if place and door else "")
        say("taken_device", found.device or unknown)
        say("taken_file", found.name)
        say("taken_size", f"{found.original_media} · {format.size(found.original_size)}")
        self._facts.show()
        self.taken.setEnabled(False)

    def _door(self, photo: Attachment) -> Point | None:
        order = self._session.get(Order, photo.order)
        home = self._session.get(Address, order.address) if order and order.address else None
        return home.point if home else None

    def _refuse(self, sentence: str) -> None:
        self._error.setText(sentence)
        self._error.setVisible(bool(sentence))


def _button(id: str, words: str, pressed: Callable[[], None]) -> QPushButton:
    button = QPushButton(words)
    button.setObjectName(id)
    button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    button.clicked.connect(pressed)
    return button
