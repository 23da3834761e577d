"""The complaint in hand: how it stands, what can be done, and everything that became of it, the order's story between."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QEvent, Qt, QTimer, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QHBoxLayout,
    QPushButton,
    QScrollArea,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from dispatcher_app.client.api import Offline
from dispatcher_app.client.state import Changed, ComplaintRecord
from dispatcher_app.clock import new_id
from dispatcher_app.domain import role
from dispatcher_app.domain.act import Rejected
from dispatcher_app.domain.customer import Note
from dispatcher_app.domain.money.complaint import Complaint, ComplaintNote, upheld
from dispatcher_app.domain.money.deduction import Deduction
from dispatcher_app.domain.money.handing import fine, proposal
from dispatcher_app.domain.money.refund import GIVEN_UP, Refund
from dispatcher_app.domain.order import Order
from dispatcher_app.domain.talk import Attachment
from dispatcher_app.text import t
from ui import format, name, theme
from ui.action.deck import Deck
from ui.complaint.ask import FORMS
from ui.complaint.facts import TicketFacts
from ui.complaint.tell import TOLD_HERE, story
from ui.complaint.word import due_hue, due_word
from ui.controls.chip import Chip
from ui.controls.empty import EmptyState
from ui.controls.flow import Flow
from ui.controls.section import Section, label
from ui.mark import mark
from ui.order.button import link
from ui.order.complained import category_words
from ui.order.form import Form
from ui.order.gallery import Gallery
from ui.order.step import Event, events
from ui.order.timeline import entry_of
from ui.order.viewer import Viewer
from ui.submit import submit
from ui.task import Errands, Latest

if TYPE_CHECKING:
    from dispatcher_app.client.session import Session

_KINDS: Final = frozenset(
    {
        "complaint",
        "complaint_note",
        "order",
        "note",
        "attachment",
        "refund",
        "deduction",
        "staff",
        "technician",
    }
)
_AGE_MS: Final = 1_000
_FIRST: Final = 80
_BUTTONS: Final = (
    "complaint_take", "complaint_answer", "complaint_wait", "complaint_judge", "complaint_resolve", "complaint_close",
    "complaint_reopen", "complaint_note", "complaint_report",
)  # fmt: skip


class Ticket(QWidget):
    """Emits `order_opened` with its order, `stepped_back` on Escape where nothing is asked."""

    order_opened = Signal(str)
    stepped_back = Signal()

    def __init__(self, session: Session, deck: Deck) -> None:
        super().__init__()
        self.setObjectName("complaint_ticket")
        self._session, self._deck = session, deck
        self.id: str | None = None
        self.form: Form | None = None
        self._forms: dict[tuple[str, str], Form] = {}
        self._shown: list[Event] = []
        self._asking, self._recording, self._fetching = Latest(self), Latest(self), Errands(self)
        self._viewer: Viewer | None = None
        self.number = QPushButton()
        self.number.setObjectName("complaint_order")
        self.number.setProperty("kind", "link")
        self.state = Chip(mark("complaint", "open"))
        self.due = label("", "strong")
        self.due.setObjectName("complaint_due")
        self.facts = TicketFacts(session)
        self.hand = QPushButton()
        self.hand.setObjectName("complaint_hand")
        self.fine = QPushButton()
        self.fine.setObjectName("complaint_fine")
        self.photos = Gallery(session)
        self.with_order = QCheckBox(t("With the order's own story"))
        self.with_order.setObjectName("complaint_with_order")
        self.with_order.setChecked(True)
        self._error = label("", "error", wrap=True)
        self._error.setObjectName("complaint_error")
        self._list = QVBoxLayout()
        self._asked = QVBoxLayout()
        self.none = EmptyState(
            t("No complaint chosen"), t("Ctrl+T opens one about the order in hand."), "alert.complaint"
        )
        self._pages = QStackedWidget()
        self._lay_out()
        self._age = QTimer(self, interval=_AGE_MS)
        self._age.timeout.connect(self._say_due)
        self._age.start()
        self.number.clicked.connect(self._on_number)
        self.hand.clicked.connect(self._on_hand)
        self.fine.clicked.connect(self._on_fine)
        self.with_order.toggled.connect(lambda _on: self.refresh())
        self.photos.opened.connect(self._look_at)
        stop = session.subscribe(changed=self._on_changed)
        self.destroyed.connect(lambda: stop())

    @property
    def complaint(self) -> Complaint | None:
        """The complaint as it stands now."""
        return self._session.get(Complaint, self.id) if self.id else None

    def show_complaint(self, id: str | None) -> None:
        """Look at another one; a question that is open is kept for the one before."""
        if id != self.id:
            self._put_away()
            self._shown = []
            self.facts.say_record(None)
            self._refuse("")
        self.id = id
        self.refresh()
        if id is not None:
            self._recording.ask(self._record(id), lambda found: self.facts.say_record(found))

    def start(self, action: str) -> None:
        """Ask what an action asks; what was begun before is taken up again."""
        found = self.complaint
        order = self._session.get(Order, found.order) if found is not None else None
        if found is None or order is None:
            return
        self._put_away()
        form = self._forms.get((found.id, action))
        if form is None:
            form = FORMS[action](self._session, order, found)
            form.setObjectName(f"form_{action}")
            form.left.connect(lambda form=form: self._on_left(form))
            self._forms[found.id, action] = form
            self._asked.addWidget(form)
        self.form = form
        form.show()
        form.setFocus()

    def refresh(self) -> None:
        """Show it as it stands now."""
        found = self.complaint
        self._pages.setCurrentIndex(0 if found is None else 1)
        if found is None:
            return
        order = self._session.get(Order, found.order)
        self.number.setText(t("Order {number}##complaint", number=name.order(self._session, found.order)))
        self.state.show_mark(mark("complaint", found.state))
        self.facts.show_complaint(found)
        self._say_due()
        self._offer_hand(found, order)
        self._offer_fine(found)
        if self.form is not None and order is not None:
            self.form.show_order(order)
        self._asking.ask(self._read(found), lambda told: self._on_read(found, *told))

    # ------------------------------------------------------------ inside
    async def _read(self, found: Complaint) -> tuple[list[ComplaintNote], list[Note], list[Attachment]]:
        notes = [
            each for each in await self._session.complaint_notes(found.order) if each.complaint == found.id
        ]
        photos = await self._session.attachments_of(found.order)
        return notes, await self._session.notes_of(found.order), photos

    def _on_read(
        self,
        found: Complaint,
        said: Sequence[ComplaintNote],
        notes: Sequence[Note],
        photos: Sequence[Attachment],
    ) -> None:
        told = story(self._session, found, said)
        order = self._session.get(Order, found.order)
        if self.with_order.isChecked() and order is not None:
            own = replace(order, steps=tuple(each for each in order.steps if each.action not in TOLD_HERE))
            told = sorted([*told, *events(self._session, own, notes)], key=lambda each: -each.at)
        shown = tuple(each for each in photos if each.id in found.attachments)
        if {each.id for each in shown} != {each.id for each in self.photos.photos}:
            self.photos.show_photos(shown)
        self.photos.setVisible(bool(shown))
        if told != self._shown:
            self._shown = told
            self._draw()

    def _draw(self) -> None:
        while (item := self._list.takeAt(0)) is not None:
            if widget := item.widget():
                widget.hide()
                widget.deleteLater()
        now, zone = self._session.now(), name.timezone(self._session)
        for each in self._shown[:_FIRST]:
            self._list.addWidget(entry_of(each, now, zone))

    def _say_due(self) -> None:
        found = self.complaint
        if found is None:
            return
        now = self._session.now()
        self.due.setText(due_word(found, now, name.timezone(self._session)))
        hue = theme.current().colour(due_hue(found, now) or "text").name()
        self.due.setStyleSheet(f"color: {hue};")

    async def _record(self, id: str) -> ComplaintRecord | None:
        try:
            return await self._session.complaint_record(id)
        except (Offline, Rejected):
            return None

    def _offer_hand(self, found: Complaint, order: Order | None) -> None:
        """What was judged right is proposed by one press, once."""
        given = (self._session.get(Refund, id) for id in (order.refunds if order else ()))
        there = any(
            each is not None and each.complaint == found.id and each.state not in GIVEN_UP for each in given
        )
        wanted = found.compensation > 0 and found.responsibility is not None and not there
        self.hand.setVisible(wanted and order is not None)
        amount = format.money(found.compensation, found.currency)
        self.hand.setText(t("Propose the compensation of {amount}", amount=amount))

    def _on_hand(self) -> None:
        if (found := self.complaint) is not None:
            self._refuse("")
            submit(self._session, proposal(found, new_id()), lambda said, _why: self._refuse(said))
            self.refresh()

    def _offer_fine(self, found: Complaint) -> None:
        """What was upheld against him is taken off him by one press, once; he may appeal."""
        made = any(each.complaint == found.id for each in self._session.all(Deduction))
        may = role.holds(self._session.actor, role.DEDUCTS)
        wanted = bool(upheld(found)) and found.penalty > 0 and may and not made
        self.fine.setVisible(wanted)
        if wanted:
            who = name.technician(self._session, found.technicians[0])
            amount = format.money(found.penalty, found.currency)
            self.fine.setText(t("Take the fine of {amount} off {technician}", amount=amount, technician=who))

    def _on_fine(self) -> None:
        if (found := self.complaint) is None:
            return
        self._refuse("")
        number = name.order(self._session, found.order)
        words = t(
            "Complaint about {number}, upheld: {about}", number=number, about=category_words(found.categories)
        )
        if (command := fine(found, new_id(), words)) is not None:
            submit(self._session, command, lambda said, _why: self._refuse(said))
            self.refresh()

    def _refuse(self, sentence: str) -> None:
        self._error.setText(sentence)
        self._error.setVisible(bool(sentence))

    def _put_away(self) -> None:
        if self.form is not None:
            self.form.hide()
            self.form = None

    def _on_left(self, form: Form) -> None:
        if form.answered:
            self._forms = {key: each for key, each in self._forms.items() if each is not form}
            form.deleteLater()
        form.hide()
        if self.form is form:
            self.form = None
        self.refresh()
        self.stepped_back.emit()

    @property
    def unsaved(self) -> bool:
        """Whether an answer was begun and not given."""
        return any(form.touched for form in self._forms.values())

    def _on_number(self) -> None:
        if (found := self.complaint) is not None:
            self.order_opened.emit(found.order)

    def _look_at(self, photos: Sequence[Attachment], id: str) -> None:
        if self._viewer is None:
            self._viewer = Viewer(self._session, self.window())
        self._viewer.open(photos, id)

    def _on_changed(self, changed: Changed) -> None:
        if changed.everything or not _KINDS.isdisjoint(changed.ids):
            self.refresh()

    def changeEvent(self, event: QEvent) -> None:
        if event.type() is QEvent.Type.PaletteChange:
            self._draw()
        super().changeEvent(event)

    def _lay_out(self) -> None:
        look = theme.current()
        head = QHBoxLayout()
        head.setSpacing(look.space(2))
        for part in (self.number, self.state, self.due):
            head.addWidget(part)
        head.addStretch()
        tools = QWidget()
        flow = Flow(tools, look.space(1))
        for id in _BUTTONS:
            flow.addWidget(link(self._deck[id], "plain"))
        self.hand.hide()
        self.fine.hide()
        self._error.hide()
        told = Section(t("What became of it"))
        told.add_tool(self.with_order)
        told.body.addLayout(self._list)
        body = QWidget()
        column = QVBoxLayout(body)
        column.setContentsMargins(*(look.space(3),) * 4)
        column.setSpacing(look.space(3))
        column.addLayout(head)
        column.addWidget(tools)
        column.addLayout(self._asked)
        column.addWidget(self.hand, 0, Qt.AlignmentFlag.AlignLeft)
        column.addWidget(self.fine, 0, Qt.AlignmentFlag.AlignLeft)
        column.addWidget(self._error)
        column.addWidget(self.facts)
        column.addWidget(self.photos)
        column.addWidget(told)
        column.addStretch()
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QScrollArea.Shape.NoFrame)
        scroll.setWidget(body)
        self._pages.addWidget(self.none)
        self._pages.addWidget(scroll)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(self._pages)
