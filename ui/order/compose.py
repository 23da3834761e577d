"""Writing a message: to whom is chosen each time, and said in words before it goes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QEvent, QMimeData, QObject, Qt
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QGuiApplication, QKeyEvent, QKeySequence
from PySide6.QtWidgets import (
    QComboBox,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QWidget,
)

from dispatcher_app.domain import life
from dispatcher_app.domain.act import Rejected
from dispatcher_app.domain.command import SendMessage
from dispatcher_app.domain.customer import Customer
from dispatcher_app.domain.order import Order, Party
from dispatcher_app.domain.rule.talking import MESSAGE_PHOTOS
from dispatcher_app.domain.talk import Template
from dispatcher_app.text import t
from ui import format, icons, name, theme
from ui.controls.paragraph import Paragraph
from ui.controls.section import Section, label
from ui.order.photoset import PhotoSet
from ui.order.uploading import carries_files
from ui.submit import submit

if TYPE_CHECKING:
    from dispatcher_app.client.session import Session

_PASTE: Final = QKeySequence.StandardKey.Paste
OTHERS: Final[tuple[Party, ...]] = ("customer", "technician")


@dataclass(frozen=True, slots=True)
class Draft:
    """What was typed for an order and not sent."""

    text: str = ""
    to: tuple[Party, ...] = ()
    photos: tuple[str, ...] = ()
    template: str | None = None


class Composer(Section):
    """Nothing goes before somebody has said who shall read it; a draft is kept for each order."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(t("Write a message"), parent)
        self._session = session
        self._order: Order | None = None
        self._drafts: dict[str, Draft] = {}
        self._template: str | None = None
        self.to = {party: _party_button(party) for party in OTHERS}
        self.templates = QComboBox()
        self.templates.setObjectName("message_templates")
        self.templates.setAccessibleName(t("Ready texts"))
        self.templates.setMinimumWidth(theme.current().px(118))
        self.templates.activated.connect(self._on_template)
        self.text = Paragraph()
        self.text.setObjectName("message_text")
        self.text.setAccessibleName(t("Message##field"))
        self.text.setPlaceholderText(t("Write here, Ctrl+Enter sends it"))
        self.text.setFixedHeight(theme.current().px(72))
        self.text.textChanged.connect(self._on_edited)
        self.text.installEventFilter(self)
        # What is dropped on the field is a photo for the message, never its path as text.
        self.text.setAcceptDrops(False)
        self.setAcceptDrops(True)
        self.photos = PhotoSet(session, "message", MESSAGE_PHOTOS)
        self.photos.hide()
        self.photos.changed.connect(self._on_edited)
        self.attach = QPushButton(icons.icon("photo"), "")
        self.attach.setObjectName("message_photos")
        self.attach.setProperty("kind", "quiet")
        self.attach.setCheckable(True)
        self.attach.setToolTip(t("Photos to go with the message, also dropped here or pasted with Ctrl+V"))
        self.attach.setAccessibleName(t("Photos to go with the message"))
        self.attach.toggled.connect(self.photos.setVisible)
        self._seen = label("", "muted", wrap=True)
        self._seen.setObjectName("message_seen_by")
        self._error = label("", "error", wrap=True)
        self._error.setObjectName("message_error")
        self._error.hide()
        self.send = QPushButton(t("Send##message"))
        self.send.setObjectName("message_send")
        self.send.setProperty("kind", "primary")
        self.send.clicked.connect(self.submit)
        self._lay_out()

    @property
    def unsaved(self) -> bool:
        """Whether something is typed that nobody was sent."""
        typed = bool(self.text.toPlainText().strip() or self.photos.photos)
        return typed or any(draft.text.strip() or draft.photos for draft in self._drafts.values())

    def show_order(self, order: Order) -> None:
        """Write about this order; what was typed for the one before is kept for it."""
        if self._order is None or self._order.id != order.id:
            if self._order is not None:
                draft = Draft(self.text.toPlainText(), self.chosen, self.photos.photos, self._template)
                self._drafts[self._order.id] = draft
            self._order = order
            self._error.hide()
            self._take(self._drafts.pop(order.id, Draft()))
        self._order = order
        refused = life.refusal(order.status, "message", self._session.actor, order.region)
        self.setVisible(refused is None)
        self.to["technician"].setEnabled(order.technician is not None)
        self._offer_templates()
        self._say()

    @property
    def chosen(self) -> tuple[Party, ...]:
        """Who shall read it."""
        return tuple(party for party, button in self.to.items() if button.isChecked() and button.isEnabled())

    def submit(self) -> None:
        """Send what is typed."""
        order, text = self._order, self.text.toPlainText().strip()
        if order is None or not (text or self.photos.photos or self.photos.waiting):
            return
        if not self.chosen:
            self._refuse(t("Choose first who shall read it."))
            self.to["customer"].setFocus()
            return
        if self.photos.waiting:
            self._refuse(t("Photos are still on their way; they go with it once they are there."))
            return
        fits = self._template_fits()
        command = SendMessage(
            order=order.id,
            to=self.chosen,
            text=text,
            template=self._template if fits else None,
            attachments=self.photos.photos,
        )
        if submit(self._session, command, self._on_refused):
            self._take(Draft())

    def _on_edited(self) -> None:
        self._error.hide()
        self._say()

    def _take(self, draft: Draft) -> None:
        self.text.setPlainText(draft.text)
        self._template = draft.template
        if self._order is not None:
            self.photos.show_order(self._order.id, draft.photos)
        self.attach.setChecked(bool(draft.photos))
        for party, button in self.to.items():
            button.setChecked(party in draft.to)
        self._error.hide()
        self._say()

    def _say(self) -> None:
        order, chosen = self._order, self.chosen
        self.send.setEnabled(bool(self.text.toPlainText().strip() or self.photos.photos))
        if order is None:
            return
        if not chosen:
            self._seen.setText(t("Nobody is chosen to read it yet."))
            return
        readers = t(", ").join(self._person(order, party) for party in chosen)
        others = [party for party in OTHERS if party not in chosen]
        if others:
            hidden = t(", ").join(name.party(party) for party in others)
            self._seen.setText(t("Read by: {readers}. Not by: {others}.", readers=readers, others=hidden))
        else:
            self._seen.setText(t("Read by: {readers}.", readers=readers))

    def _person(self, order: Order, party: Party) -> str:
        if party == "technician":
            return t(
                "{party} {who}", party=name.party(party), who=name.technician(self._session, order.technician)
            )
        customer = self._session.get(Customer, order.customer)
        return (
            t("{party} {who}", party=name.party(party), who=customer.name) if customer else name.party(party)
        )

    # ------------------------------------------------------------ ready texts
    def _offer_templates(self) -> None:
        found = [each for each in self._session.all(Template) if not each.retired]
        found = [each for each in found if not set(OTHERS).isdisjoint(each.to)]
        known = [self.templates.itemData(at) for at in range(1, self.templates.count())]
        if known != [each.id for each in found] or not self.templates.count():
            self.templates.clear()
            self.templates.addItem(t("Ready texts…"), None)
            for each in found:
                self.templates.addItem(name.template(each), each.id)
        self.templates.setVisible(bool(found))

    def _on_template(self, _at: int) -> None:
        id, order = self.templates.currentData(), self._order
        template = self._session.get(Template, id) if id else None
        self.templates.setCurrentIndex(0)
        if template is None or order is None:
            return
        self._template = template.id
        # In the customers' language, whichever this desk speaks.
        filled = fill_template(self._session, order, template.text)
        before = self.text.toPlainText().strip()
        self.text.setPlainText(f"{before}\n{filled}" if before else filled)
        self.text.setFocus()
        self.text.moveCursor(self.text.textCursor().MoveOperation.End)
        self._say()

    def _template_fits(self) -> bool:
        template = self._session.get(Template, self._template) if self._template else None
        return template is not None and set(self.chosen) <= set(template.to)

    # ------------------------------------------------------------ construction
    def _on_refused(self, sentence: str, _rejected: Rejected) -> None:
        self._refuse(sentence)

    def _refuse(self, sentence: str) -> None:
        self._error.setText(sentence)
        self._error.show()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        control = event.modifiers() & Qt.KeyboardModifier.ControlModifier
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and control:
            self.submit()
        else:
            super().keyPressEvent(event)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QKeyEvent) and event.type() is QEvent.Type.KeyPress and event.matches(_PASTE):
            mime = QGuiApplication.clipboard().mimeData()
            if not mime.hasText() and self._attach(mime):
                return True
        return super().eventFilter(watched, event)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if carries_files(event.mimeData()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        if self._attach(event.mimeData()):
            event.acceptProposedAction()

    def _attach(self, mime: QMimeData) -> bool:
        if not carries_files(mime):
            return False
        self.attach.setChecked(True)
        return self.photos.take(mime)

    def _lay_out(self) -> None:
        look = theme.current()
        who = QHBoxLayout()
        who.setSpacing(look.space(2))
        who.addWidget(_word(t("To##message")))
        for button in self.to.values():
            button.toggled.connect(lambda _on: self._on_edited())
            who.addWidget(button)
        who.addStretch()
        who.addWidget(self.templates)
        foot = QHBoxLayout()
        foot.setSpacing(look.space(2))
        foot.addWidget(self._seen, 1)
        foot.addWidget(self.attach)
        foot.addWidget(self.send)
        self.body.setSpacing(look.space(2))
        self.body.addLayout(who)
        self.body.addWidget(self.text)
        self.body.addWidget(self.photos)
        self.body.addLayout(foot)
        self.body.addWidget(self._error)


def _party_button(party: Party) -> QPushButton:
    button = QPushButton(name.party(party))
    button.setCheckable(True)
    button.setObjectName(f"message_to_{party}")
    return button


def _word(text: str) -> QLabel:
    return label(text, "muted")


def fill_template(session: Session, order: Order, text: str) -> str:
    """A ready text with what is known of the order."""
    now, timezone, window = session.now(), name.timezone(session), order.window
    values = {
        "number": order.number,
        "window": format.window(window.start, window.end, now, timezone) if window else "",
        "technician": name.technician(session, order.technician),
        "item": name.item(session, order.lines[0].item),
        "total": format.money(order.quote.total, order.quote.currency),
    }
    for key, value in values.items():
        text = text.replace("{" + key + "}", value)
    return text
