"""The messages tab: what the parties of an order say to one another, and what we say to whom."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QEvent, Qt, QTimer, Signal
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from dispatcher_app.domain import life
from dispatcher_app.domain.act import Rejected
from dispatcher_app.domain.command import MarkRead
from dispatcher_app.domain.order import Order
from dispatcher_app.domain.talk import Attachment, Message
from dispatcher_app.text import t
from ui import format, name, theme
from ui.controls.section import Section, label
from ui.order.compose import Composer
from ui.order.thumb import Flow, Thumb
from ui.order.told import Told
from ui.task import Errands, Latest

if TYPE_CHECKING:
    from dispatcher_app.client.session import Session

_READ_MS: Final = 1500
"""So long a message is looked at before it counts as read."""
_FIRST: Final = 60
_EDGE: Final = 56
_SELECTABLE: Final = Qt.TextInteractionFlag.TextSelectableByMouse


class MessagePage(QWidget):
    """Newest first, below the field; reading them takes the unread mark away for all of our staff.

    Emits `opened` with the photos of a message and which of them is to be seen large.
    """

    opened = Signal(object, str)

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._order: Order | None = None
        self._messages: Sequence[Message] = ()
        self._shown: object = None
        self._asking = Latest(self)
        self._fetching = Errands(self)
        self.composer = Composer(session)
        self.told = Told(session)
        self._said = Section(t("Messages##section"))
        self._none = label(t("Nothing has been said yet."), "muted", wrap=True)
        self._list = QVBoxLayout()
        self._list.setSpacing(theme.current().space(2))
        self._said.body.addWidget(self._none)
        self._said.body.addLayout(self._list)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.current().space(3))
        column.addWidget(self.composer)
        column.addWidget(self._said)
        column.addWidget(self.told)
        self._reading = QTimer(self, singleShot=True, interval=_READ_MS)
        self._reading.timeout.connect(self._read)

    def show_order(self, order: Order) -> None:
        """Show what was said about an order; what is being typed for another one is kept for it."""
        if self._order is None or self._order.id != order.id:
            self._messages, self._shown = (), None
        self._order = order
        self.composer.show_order(order)
        self._draw()
        self._asking.ask(self._session.messages_of(order.id), self._on_messages)
        self.told.show_order(order)

    def texts(self) -> list[str]:
        """What is shown, the newest first."""
        return [each.text for each in reversed(self._messages)]

    def _on_messages(self, found: Sequence[Message]) -> None:
        self._messages = found
        self._draw()
        if self.isVisible() and self._unread():
            self._reading.start()

    def _unread(self) -> int:
        talk = self._order.talk if self._order else None
        return talk.staff if talk else 0

    def _read(self) -> None:
        order = self._order
        if order is None or not self._messages or not self._unread() or not self.window().isActiveWindow():
            return
        if life.refusal(order.status, "message", self._session.actor, order.region) is not None:
            return
        last = max(self._messages, key=lambda each: each.number)
        try:
            self._session.submit(MarkRead(order=order.id, party="staff", upto=last.id))
        except Rejected:
            return  # a colleague has read them in the meantime

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self._unread():
            self._reading.start()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._reading.stop()

    def changeEvent(self, event: QEvent) -> None:
        if event.type() is QEvent.Type.PaletteChange:
            self._shown = None
        super().changeEvent(event)

    def _draw(self) -> None:
        order = self._order
        if order is None:
            return
        total = order.talk.total if order.talk else 0
        unread = self._unread()
        photos = tuple(each.id for message in self._messages for each in self._photos(message))
        shown = (order.id, tuple(each.id for each in self._messages), photos, unread)
        if shown == self._shown:
            return
        self._shown = shown
        self._fetching.forget()
        while (item := self._list.takeAt(0)) is not None:
            if widget := item.widget():
                widget.hide()
                widget.deleteLater()
        self._said.set_count(format.count(total) if total else "")
        self._none.setVisible(not total)
        for message in sorted(self._messages, key=lambda each: -each.number)[:_FIRST]:
            fresh = "staff" in message.to and message.number > total - unread
            self._list.addWidget(_bubble(self._session, message, fresh, self._pictures(message)))

    def _photos(self, message: Message) -> list[Attachment]:
        """The photos of a message that are still there."""
        found = (self._session.get(Attachment, id) for id in message.attachments)
        return [each for each in found if each is not None and each.removed is None]

    def _pictures(self, message: Message) -> QWidget | None:
        photos = self._photos(message)
        if not photos:
            return None
        flow = Flow()
        for photo in photos:
            thumb = Thumb(self._session, photo, edge=_EDGE)
            thumb.opened.connect(lambda id: self.opened.emit(tuple(photos), id))
            flow.add(thumb)
            self._fetching.run(thumb.fetch())
        return flow


def _bubble(session: Session, message: Message, fresh: bool, pictures: QWidget | None) -> QWidget:
    look = theme.current()
    now, timezone = session.now(), name.timezone(session)
    bubble = QFrame()
    bubble.setProperty("panel", "surface")
    column = QVBoxLayout(bubble)
    column.setContentsMargins(look.space(3), look.space(2), look.space(3), look.space(2))
    column.setSpacing(look.space(1))
    to = t(", ").join(name.party(each) for each in message.to)
    said_by = name.actor(session, message.author)  # a technician is named as one, the customer only so
    if message.party == "staff":
        said_by = t("{party} {who}", party=name.party("staff"), who=said_by)
    head = QHBoxLayout()
    head.setSpacing(look.space(2))
    head.addWidget(label(t("{who} → {to}", who=said_by, to=to), "strong"))
    head.addStretch()
    if fresh:
        unread = label(t("unread"), "error")
        unread.setObjectName("message_unread")
        head.addWidget(unread)
    column.addLayout(head)
    if message.text:
        text = label(message.text, wrap=True)
        text.setTextInteractionFlags(text.textInteractionFlags() | _SELECTABLE)
        column.addWidget(text)
    if pictures is not None:
        column.addWidget(pictures)
    column.addWidget(label(format.moment_with_age(message.at, now, timezone), "small"))
    bubble.setAccessibleName(f"{said_by}: {message.text}")
    # Ours stand a little to the right, as everywhere where people write to each other.
    holder = QWidget()
    row = QHBoxLayout(holder)
    ours = message.party == "staff"
    row.setContentsMargins(look.space(6) if ours else 0, 0, 0 if ours else look.space(6), 0)
    row.addWidget(bubble)
    return holder
