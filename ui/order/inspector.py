"""The order inspector: everything about one order, live, with its questions asked inside it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QEvent, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QStackedWidget, QVBoxLayout, QWidget
from shiboken6 import isValid

from dispatcher_app.client.state import Changed
from dispatcher_app.domain.command import AcceptOrder
from dispatcher_app.domain.order import Order, Window
from dispatcher_app.domain.talk import Attachment
from dispatcher_app.rows import OrderRow
from dispatcher_app.text import t
from ui import name, theme
from ui.action.deck import BY_ID, Deck
from ui.controls.empty import EmptyState
from ui.controls.section import label
from ui.order.appointment import AppointmentForm
from ui.order.asked import FORMS
from ui.order.button import link
from ui.order.check import CheckPage, progress
from ui.order.custody import Custody
from ui.order.detail import Appointment, People, Price
from ui.order.flag import Flags
from ui.order.form import Form
from ui.order.grievance import Grievance
from ui.order.hand import InHand
from ui.order.head import Head
from ui.order.old import OldOrder
from ui.order.photo import PhotoPage
from ui.order.pool import Asked
from ui.order.questions import Questions
from ui.order.quote import QuotePage
from ui.order.ranking import RankedTechnicians
from ui.order.repaid import Repaid
from ui.order.review import Judged
from ui.order.tabs import Tabs
from ui.order.talk import MessagePage
from ui.order.timeline import Timeline
from ui.order.unkept import UnkeptPromise
from ui.order.viewer import Viewer
from ui.submit import submit

if TYPE_CHECKING:
    from dispatcher_app.client.session import Session

TABS: Final[dict[str, str]] = {
    "overview": "Order##tab",
    "quote": "Quote##tab",
    "photos": "Photos##tab",
    "messages": "Messages##tab",
    "checks": "Checks##tab",
}
ANSWERED: Final = frozenset({
    *("assign", "accept", "keep_promise", "show_ways", "pool", "note", "reveal", "message", "photo", "pay_code", *FORMS),
    *(f"tab_{code}" for code in TABS),
})  # fmt: skip
"""The actions that the inspector answers."""

_KINDS: Final = frozenset({
    "order", "customer", "address", "day", "technician", "note", "item", "policy", "staff", "message", "attachment",
    "standard", "template", "part", "van", "price_book", "review", "refund", "complaint", "payment",
})  # fmt: skip
_CALLS: Final = frozenset(
    {"change_appointment", "cancel", "confirm", "confirm_quote", "decline_quote", "remind"}
)
"""What is agreed on the phone."""
_RANKED: Final = frozenset({"pending", "offered", "accepted"})


class Inspector(QFrame):
    """Emits `candidate_chosen` (technician or "", start or None), `closed` (put the drawer away), `pick_wanted` with
    the form that asks for a point of the map, and `taken_in` with the order of a device that has come again."""

    candidate_chosen = Signal(str, object)
    closed = Signal()
    stepped_back = Signal()
    pick_wanted = Signal(object)
    taken_in = Signal(str)

    def __init__(self, session: Session, deck: Deck, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session, self._deck = session, deck
        self.order_id: str | None = None
        self.setObjectName("inspector")
        self.head = Head(session, deck)
        self._refusal = label("", "error", wrap=True)
        self._refusal.setObjectName("order_error")
        self._refusal.hide()
        self.tabs = Tabs()
        self._questions = Questions(session, self.tabs)
        self.in_hand = InHand(session)
        self.flags = Flags(link(deck["clear_flag"], "plain"))
        self.grievance = Grievance(session, link(deck["complaints"], "plain"))
        self.unkept = UnkeptPromise(session)
        self.appointment = Appointment(session, link(deck["dispatch_planned"], "plain"))
        self.custody = Custody(session)
        self.repaid = Repaid(session)
        self.judged = Judged(session)
        for id in ("review", "reply_review"):
            self.judged.add_tool(link(deck[id]))
        self.asked = Asked(session)
        self.ranked = RankedTechnicians(session)
        self.people = People(session)
        for id in ("correct_customer", "add_address"):
            self.people.add_tool(link(deck[id]))
        self.price = Price(session)
        self.timeline = Timeline(session)
        self.quotes = QuotePage(session, deck)
        self.photos = PhotoPage(session)
        self.messages = MessagePage(session)
        self.checks = CheckPage(session)
        self.old = OldOrder(session)
        self._viewer: Viewer | None = None
        self._refused: Order | None = None
        self._pages = QStackedWidget()
        self._empty = EmptyState(
            t("No order chosen"), t("Choose one in the queue, or press F2 for a new booking."), "order"
        )
        self._lay_out()
        self.head.closed.connect(self.closed)
        self._questions.left.connect(self.stepped_back)
        self._questions.pick_wanted.connect(self.pick_wanted)
        self._questions.taken_in.connect(self.taken_in)
        self._questions.typed.connect(self.in_hand.typed)
        self._questions.put_off.connect(self.in_hand.end)
        self.in_hand.look_only.connect(self.step_back)
        self.ranked.candidate_chosen.connect(self.candidate_chosen)
        self.ranked.answered_with.connect(self.asked.show_ranking)
        self.ranked.answered_with.connect(self.unkept.show_ranking)
        self.unkept.window_wanted.connect(self._change_to)
        self.unkept.technician_wanted.connect(self._send)
        self.asked.candidate_chosen.connect(self.candidate_chosen)
        self.tabs.shown.connect(lambda _code: self.refresh())
        bar = self.tabs.area("overview").verticalScrollBar()
        bar.rangeChanged.connect(lambda _least, _most: self._keep_note_in_sight())
        for page in (self.photos, self.messages, self.old):
            page.opened.connect(self._look_at_photos)
        self._soon = QTimer(self, singleShot=True, interval=0)
        self._soon.timeout.connect(self.refresh)
        stop = session.subscribe(changed=self._on_changed)
        self.destroyed.connect(lambda: stop())

    # ------------------------------------------------------------ what the window asks
    def show_order(self, id: str | None) -> None:
        """Look at another order; a question that is open is kept for the one before."""
        if id != self.order_id:
            self._questions.put_away()
            self.say("")
            self.tabs.to_top()
        self.order_id = id
        self.in_hand.show_order(id)
        self.refresh()

    def show_found(self, row: OrderRow) -> None:
        """Look at an order that was found on the server, whether it is on this computer or not."""
        self.show_order(row.id)
        if self.order is None:
            self._pages.setCurrentWidget(self.old)
            self.old.show_row(row)

    @property
    def order(self) -> Order | None:
        """The order as it stands now."""
        return self._session.get(Order, self.order_id) if self.order_id else None

    def refresh(self) -> None:
        """Show the order as it stands now."""
        order = self.order
        if order is None:
            if self._pages.currentWidget() is self.old and self.order_id == self.old.id:
                return
            if self.order_id:
                self._empty.say(
                    t("This order is not on this computer"), t("It was closed long ago; the server has it.")
                )
            self._pages.setCurrentWidget(self._empty)
            return
        self._pages.setCurrentIndex(1)
        self.head.show_order(order)
        self._count(order)
        match self.tabs.current:
            case "quote":
                self.quotes.show_order(order)
            case "photos":
                self.photos.show_order(order)
            case "messages":
                self.messages.show_order(order)
            case "checks":
                self.checks.show_order(order)
            case _:
                self._show_overview(order)
        self._questions.show_order(order)
        if self._refused is not None and order != self._refused:
            self.say("")

    def _show_overview(self, order: Order) -> None:
        ranked = order.status in _RANKED and BY_ID["assign"].refused(self._deck.scene) is None
        offered = order.status == "offered" and BY_ID["accept"].refused(self._deck.scene) is None
        self.ranked.setVisible(ranked or offered)
        self.asked.setVisible(order.status == "offered")
        self.asked.show_order(order)
        self.unkept.show_order(order)
        self.grievance.show_order(order)
        self.flags.show_order(order)
        self.flags.setVisible(bool(order.flags) and not name.masked(self._session))
        self.appointment.setVisible(order.service == "home")
        self.appointment.show_order(order)
        self.custody.setVisible(order.service == "workshop")
        self.custody.show_order(order)
        self.repaid.show_order(order)
        self.judged.show_order(order)
        self.people.setVisible(not name.masked(self._session))
        self.people.show_order(order)
        self.timeline.field.setVisible(self._deck["note"].isVisible())
        self.price.show_order(order)
        self.timeline.show_order(order)
        if ranked or offered:
            self.ranked.show_order(order)

    def _count(self, order: Order) -> None:
        """Write on the tabs how much there is, and where something waits."""
        say, talk = self.tabs.say, order.talk
        say("overview", "")
        say("quote", str(len(order.revisions) or ""), "amber" if order.proposed else "")
        say("photos", str(order.attachments or ""))
        unread = talk.staff if talk else 0
        total = str(talk.total) if talk and talk.total else ""
        say("messages", t("{n} new", n=unread) if unread else total, "red" if unread else "")
        say("checks", progress(self._session, order))

    def start(self, action: str) -> None:
        """Begin an action that asks something first."""
        order = self.order
        if order is None:
            return
        if action.startswith("tab_"):
            self.tabs.go(action.removeprefix("tab_"))
            self.tabs.bar.setFocus(Qt.FocusReason.ShortcutFocusReason)
        elif action in FORMS:
            self._ask(action, order)
        elif action == "message":
            self.tabs.go("messages")
            self.messages.composer.text.setFocus(Qt.FocusReason.ShortcutFocusReason)
        elif action == "pay_code":
            self.tabs.go("quote")
            self.quotes.pay.take_focus()
        elif action == "photo":
            self.tabs.go("photos")
            self.photos.choose()
        else:
            self.tabs.go("overview")
            self._start_on_overview(action, order)

    def _start_on_overview(self, action: str, order: Order) -> None:
        scroll = self.tabs.area("overview")
        if action == "assign":
            if self.ranked.has_focus():
                self.ranked.assign_chosen()
            else:
                scroll.ensureWidgetVisible(self.ranked)
                self.ranked.take_focus()
        elif action == "keep_promise":
            scroll.ensureWidgetVisible(self.unkept)
            self.unkept.take_focus()
        elif action == "show_ways":
            scroll.ensureWidgetVisible(self.ranked)
            self.ranked.turn_ways()
        elif action == "pool":
            self.asked.put_in_pool(order, self.say)
        elif action == "accept":
            technician = order.offer.technician if order.offer else ""
            start = self.ranked.best_start(technician) or self._next_start(order)
            submit(
                self._session,
                AcceptOrder(order=order.id, technician=technician, start=start),
                lambda said, _why: self.say(said),
            )
        elif action == "note":
            self.timeline.field.setFocus(Qt.FocusReason.ShortcutFocusReason)
            self._keep_note_in_sight()
        elif action == "reveal":
            scroll.ensureWidgetVisible(self.people.phone)
            self.people.phone.ask()

    def change_to(self, window: Window, technician: str, start: int) -> None:
        """The visit is wanted outside its promise: the appointment is to be changed to where it was moved (UTC ms)."""
        if self.order is not None:
            form = self._ask("change_appointment", self.order)
            if isinstance(form, AppointmentForm):
                form.choose_place(window, technician, start)

    def _change_to(self, window: Window) -> None:
        """The customer is called: the appointment is to be changed to this window."""
        order = self.order
        if order is None:
            return
        form = self._ask("change_appointment", order)
        if isinstance(form, AppointmentForm):
            form.choose(window)

    def _send(self, technician: str) -> None:
        self.tabs.area("overview").ensureWidgetVisible(self.ranked)
        self.ranked.assign_to(technician)

    def _keep_note_in_sight(self) -> None:
        """Also when what is found a moment later, as who could go, pushes down what stands below it."""
        field, scroll = self.timeline.field, self.tabs.area("overview")
        if field.hasFocus() and (body := scroll.widget()) is not None:
            # With the last entries below it: whoever adds a note looks at what is there.
            last = field.mapTo(body, field.rect().bottomLeft())
            scroll.ensureVisible(last.x(), last.y(), 0, theme.current().px(200))

    def say(self, refusal: str) -> None:
        """Say beside the buttons why something can't be done; empty says nothing."""
        self._refused = self.order if refusal else None
        self._refusal.setText(refusal)
        self._refusal.setVisible(bool(refusal))

    @property
    def unsaved(self) -> bool:
        """Whether something was typed or chosen here that no order has yet."""
        typed = self.timeline.unsaved or self.messages.composer.unsaved
        return typed or self._questions.unsaved

    def step_back(self) -> bool:
        """Put the open question away; False where there is none."""
        return self._questions.put_away()

    # ------------------------------------------------------------ questions
    def _ask(self, action: str, order: Order) -> Form:
        self.say("")
        form = self._questions.ask(action, order)
        self.in_hand.begin(calling=action in _CALLS)
        return form

    def _look_at_photos(self, photos: Sequence[Attachment], id: str) -> None:
        if (
            self._viewer is None
            or not isValid(self._viewer)
            or self._viewer.parentWidget() is not self.window()
        ):
            self._viewer = Viewer(self._session, self.window())  # the order may have moved to another window
            self._viewer.closed.connect(self._on_viewer_closed)
        self._viewer.open(photos, id)

    def _on_viewer_closed(self) -> None:
        (self.photos if self.photos.isVisible() else self.messages.composer.text).setFocus()

    def _next_start(self, order: Order) -> int:
        window, now = order.window, self._session.now()
        return max(window.start, now) if window else now

    # ------------------------------------------------------------ events
    def _on_changed(self, changed: Changed) -> None:
        if self.order_id and (changed.everything or not _KINDS.isdisjoint(changed.ids)):
            self._soon.start()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self._questions.put_away()
            self.stepped_back.emit()
        else:
            super().keyPressEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        if event.type() is QEvent.Type.PaletteChange:
            self._soon.start()
        super().changeEvent(event)

    def _lay_out(self) -> None:
        look = theme.current()
        pages: dict[str, tuple[QWidget, ...]] = {
            "overview": (
                *(
                    self.unkept,
                    self.grievance,
                    self.flags,
                    self.appointment,
                    self.custody,
                    self.repaid,
                    self.judged,
                    self.asked,
                    self.ranked,
                ),
                *(self.people, self.price, self.timeline),
            ),
            "quote": (self.quotes,),
            "photos": (self.photos,),
            "messages": (self.messages,),
            "checks": (self.checks,),
        }
        for code, parts in pages.items():
            self.tabs.add(code, t(TABS[code]), *parts)
        self.tabs.bar.setVisible(not name.masked(self._session))
        page = QWidget()
        whole = QVBoxLayout(page)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addWidget(self.head)
        self._refusal.setContentsMargins(look.space(3), 0, look.space(3), look.space(2))
        whole.addWidget(self._refusal)
        whole.addWidget(self.in_hand)
        whole.addWidget(self.tabs, 1)
        self._pages.addWidget(self._empty)
        self._pages.addWidget(page)
        self._pages.addWidget(self.old)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(self._pages)
        self.setAccessibleName(t("Order details"))
