"""The dispatcher's main window: queue at the left, the middle in tabs, the order at the right.

Stable object names, for tests and for whoever drives the window from outside:
`main_window`; `topbar` with `region`, `command_bar`, `search`, `attention_button`, `link_state`, `person`;
`strip` with `exception_overdue|urged|callback|approximate|attention`; `queue` with `view_<code>`,
`filter_district|technician|item|status`, `queue_table`, `queue_count`, `search_server`,
`queue_pill_above|below`; `tabs` with `map_panel`, `help_panel` (`help_topics`, `help_page`), `roster`
(`roster_table`, `technician_detail`, `shift_0…6`, `save_shifts`, `add_leave`, `leave_reason`,
`leave_hits`, `technician_entry` with `entry_name|phone|limit|home|save|lacks|error`, `entry_shift_0…6`,
`wrong_<field>`), `intake`, `catalogue` (`catalogue_search|items|faults|people|book|place`);
`booking`; `counter_panel` with `drop_off_form` (`step-<name>`, `receive`, `received_number|print`) and `devices`
(`device_search`, `device_list`, `stage_<code>`, `paper_settings`);
`plan_day_panel` and `absence_panel` (`plan_date|seconds|resend`, `absence_span|start|end|reason|hit`, `plan_start`,
`plan_progress|found|stop`, `plan_choice_1…3`, `plan_<figure>_<at>`, `plan_calls|moves|left`, `plan_open|change|called`,
`plan_publish|again`, `plan_said`, `banner`); `inspector` with `order_number`, `order_timer`,
`do_<action>`,
`order_error`, `order_tabs`, `form_<action>`, `form_go`, `form_error`, `candidates`, `excluded`, `excluded_fold`,
`assign_chosen`, `assign_error`, `override_reason`, `note_field`, `fact_<code>`, `secret_phone`,
`unkept_ways`, `visit_pinned`, `consequence`, `hour_kept`; `attention`
with `conflict_card`, `conflict_keep_theirs|take_over|discard|retry`; `footbar` with `undo`; `palette`.
Every action of `ui.actions` is a QAction of the window, by its id.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QSettings, Qt, Signal
from PySide6.QtGui import QCloseEvent, QGuiApplication, QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QApplication, QMainWindow, QVBoxLayout, QWidget

from dispatcher_app.client.replica.ask import OrderQuery
from dispatcher_app.client.state import Changed, Link
from dispatcher_app.domain.act import Rejected
from dispatcher_app.domain.order import Order
from dispatcher_app.domain.technician import Technician
from dispatcher_app.rows import OrderRow
from dispatcher_app.text import t
from ui import name, notify
from ui.actions import DRAFTS, Deck
from ui.administration import ANYWHERE, Administration
from ui.arrangement import Arrangement
from ui.booking.panel import BookingPanel
from ui.catalogue.panel import CataloguePanel
from ui.conflict.attention import AttentionPanel
from ui.deed import deed
from ui.desk_map.panel import MapPanel
from ui.exception import Exceptions
from ui.footbar import FootBar
from ui.help.panel import HelpPanel
from ui.intake.panel import ImportPanel
from ui.models.counts import Counts
from ui.order.inspector import ANSWERED, Inspector
from ui.palette import CommandPalette
from ui.pick import Pick
from ui.planning import Planning
from ui.queue.panel import QueuePanel
from ui.reception import LEAVES, Reception
from ui.roster.panel import RosterPanel
from ui.settings import choice
from ui.strip import ExceptionStrip
from ui.submit import follow, submit
from ui.toast import Toasts
from ui.topbar import TopBar

if TYPE_CHECKING:
    from dispatcher_app.client.session import Session


class MainWindow(QMainWindow):
    """Emits `anew` when it has to be made again (language, size of type), `left` to log out, `log_in_wanted`."""

    anew = Signal()
    left = Signal()
    log_in_wanted = Signal()
    closed = Signal()

    def __init__(self, session: Session, settings: QSettings) -> None:
        super().__init__()
        self.session, self._settings = session, settings
        self.setObjectName("main_window")
        self.setWindowTitle(t("Dispatcher##app"))
        self.deck = Deck(self, session)
        self.counts = Counts(session, self)
        self.topbar = TopBar(session, self.deck)
        self.strip = ExceptionStrip()
        self.queue = QueuePanel(session, self.counts, lambda parent: self.deck.menu(parent, "order"))
        self.roster = RosterPanel(session, self.deck, lambda parent: self.deck.menu(parent, "technician"))
        self.map = MapPanel(session)
        self.intake = ImportPanel(session)
        self.catalogue = CataloguePanel(session)
        self.booking = BookingPanel(session)
        self.inspector = Inspector(session, self.deck)
        self._arranged = Arrangement(self, self.queue, self.booking, self.inspector)
        self.tabs, self.split = self._arranged.tabs, self._arranged.split
        self.reception = Reception(session, self._arranged, settings)
        self._pick = Pick(self._arranged, self.map, self.booking, self.roster, self.inspector)
        self.planning = Planning(
            session, self._arranged, self.deck, lambda id: self.look_at(id, open_drawer=False), self.look_at
        )
        self.help = HelpPanel()
        self._entering = self._began = False
        self._lay_out()
        self.exceptions = Exceptions(session, self.strip, self.queue, self.attention)
        self._handlers = self._make_handlers()
        self._connect()
        self.palette_ = CommandPalette(self, self.deck.all)
        self._toasts = Toasts(self, notify.notifier())
        self._arranged.restore(settings)
        self._follow_scene()
        self.queue.table.setFocus()
        if self.reception.first:
            self.reception.open()

    # ------------------------------------------------------------ looking at something
    def look_at(self, id: str, *, open_drawer: bool = True) -> None:
        """Show an order everywhere: caret in the queue if it is listed, inspector, map."""
        self.administration.leave()
        self.queue.choose(id)
        if self.inspector.order_id != id:  # else the queue has told already
            self._show_order(id)
        if open_drawer and self.drawer:
            self.show_drawer(True)

    def show_drawer(self, shown: bool) -> None:
        """Open or put away the inspector where it is a drawer."""
        self._arranged.show_drawer(shown)
        self.attention.raise_()

    @property
    def drawer(self) -> bool:
        """Whether the inspector is a drawer at this width."""
        return self._arranged.drawer

    def _show_order(self, id: str | None) -> None:
        order = self.session.get(Order, id) if id else None
        self._follow_scene(order=order, candidate=None, start=None)
        self.inspector.show_order(id)
        self.map.show_order(id)

    def _follow_scene(self, **changes: Any) -> None:
        scene = replace(self.deck.scene, session=self.session, **changes)
        self.deck.show_scene(scene)
        self._say_undo()

    def _on_changed(self, _changed: Changed) -> None:
        self.deck.refresh()
        self._say_undo()

    def _say_undo(self) -> None:
        undoable = self.session.undoable()
        words = self._deeds(undoable.commands) if undoable else ""
        if undoable and undoable.staying:  # or it would seem to take back what was done last
            words = t("{words} (keeps {what})", words=words, what=self._deeds(undoable.staying[::-1], 1))
        self.deck["undo"].setText(t("Undo: {what}", what=words) if words else t("Undo last"))
        self.footbar.show_undo(t("Undo: {what}   Ctrl+Alt+Z", what=words) if words else "")

    def _deeds(self, commands: Sequence[Any], named: int = 2) -> str:
        """The first of some commands in words, and how many more there are."""
        words = t(", ").join(deed(self.session, command) for command in commands[:named])
        more = len(commands) - named
        return t("{words} and {n} more", words=words, n=more) if more > 0 else words

    # ------------------------------------------------------------ doing something
    def _on_submitted(self, action: str, command: Any) -> None:
        self.inspector.say("")
        made = submit(self.session, command, lambda said, _why: self._refuse(action, said))
        if made is not None:
            self._on_done()

    def _on_done(self) -> None:
        self._say_undo()
        self.deck.refresh()

    def _refuse(self, action: str, said: str) -> None:
        if action.startswith("technician_") or not self.inspector.isVisible():
            notify.warning(said)
        else:
            self.inspector.say(said)

    def _undo(self) -> None:
        try:
            undoing = self.session.undo_last()
            follow(self.session, undoing)
            self.planning.follow(undoing)
        except Rejected as rejected:
            notify.warning(name.refusal(self.session, rejected))
        self._on_done()

    def _on_chosen(self, action: str) -> None:
        if action not in ANYWHERE:
            self.administration.leave()
        if action in LEAVES:
            self.reception.leave()
        if action in ANSWERED:
            self.show_drawer(True)
            self.inspector.start(action)
        else:
            self._handlers[action]()

    def answers(self) -> set[str]:
        """The actions that the window or its inspector answers."""
        return {*ANSWERED, *self._handlers}

    def _make_handlers(self) -> dict[str, Callable[[], object]]:
        return {
            "book": self.book,
            "undo": self._undo,
            "copy_number": self._copy_number,
            "palette": lambda: self.palette_.open(),
            "search": self._go_search,
            "next_exception": lambda: self.exceptions.step(1, self.inspector.order_id),
            "previous_exception": lambda: self.exceptions.step(-1, self.inspector.order_id),
            "counter": self.reception.open,
            "drop_off": self.reception.take_in,
            "print": lambda: self.reception.print(self.inspector.order_id),
            "print_label": lambda: self.reception.label(self.inspector.order_id),
            "queue": self._go_queue,
            "map": lambda: self._arranged.go(self.map),
            "roster": lambda: self._arranged.go(self.roster),
            "inspector": lambda: self.show_drawer(not self.inspector.isVisible()),
            "attention": lambda: self.attention.open(),
            "catalogue": self._open_catalogue,
            "import": lambda: self._arranged.go_to_guest(self.intake, t("Import##tab")),
            "admin": lambda: self.administration.open(),
            "data_health": lambda: self.administration.open("health"),
            "plan_day": self.planning.open_day,
            "replan_absence": self.planning.open_absence,
            "help": lambda: self._arranged.go_to_guest(self.help, t("Help##tab")),
            "shifts": lambda: self._go_roster(self.roster.detail.pattern.fields[0]),
            "leave": lambda: self._go_roster(self.roster.detail.leave.reason),
            "new_technician": lambda: self._enter(None),
            "edit_technician": lambda: self._enter(self.deck.scene.technician),
            "theme": self._toggle_theme,
            "language": self._toggle_language,
            "larger": lambda: self._resize_type(1),
            "smaller": lambda: self._resize_type(-1),
            "log_in_again": self.log_in_wanted.emit,
            "log_out": self._log_out,
            "quit": self.close,
            **{id: partial(self._take_up, at) for at, id in enumerate(DRAFTS)},
        }

    def book(self, phone: str = "") -> None:
        """Begin a new booking beside the queue."""
        self.booking.start(phone, "counter" if self.reception.opened else "phone")
        self._show_booking()

    def _open_catalogue(self) -> None:
        """The catalogue, with distances from where the caller in hand lives."""
        self.catalogue.stand_at(self.booking.place if self.booking.isVisible() else None)
        self._arranged.go_to_guest(self.catalogue, t("Catalogue##tab"))

    def _book_item(self, item: str, fault: str | None, brand: str) -> None:
        self.booking.start_with(item, fault, brand)
        self._show_booking()

    def _take_up(self, at: int) -> None:
        self.booking.switch(at)
        if self.booking.isVisible():
            self._show_booking()
        else:
            notify.info(t("No booking is parked at {n}.", n=at + 1))

    def _show_booking(self) -> None:
        if self.drawer:
            self.show_drawer(False)  # or it would lie over the booking
        self._arranged.make_room()

    def _copy_number(self) -> None:
        if self.deck.scene.order is not None:
            QGuiApplication.clipboard().setText(self.deck.scene.order.number)

    def _go_queue(self) -> None:
        self._arranged.leave_wide()
        self.queue.table.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def _go_search(self) -> None:
        if self.reception.search():
            return
        self.topbar.search.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.topbar.search.selectAll()

    def _go_roster(self, field: QWidget) -> None:
        self._arranged.go(self.roster)
        field.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def _toggle_theme(self) -> None:
        app = QApplication.instance()
        assert isinstance(app, QApplication)
        choice.toggle_mode(app, self._settings)

    def _toggle_language(self) -> None:
        self._ask_before(self._switch_language)

    def _switch_language(self) -> None:
        choice.toggle_language(self._settings)
        self.anew.emit()

    def _resize_type(self, step: int) -> None:
        self._ask_before(partial(self._switch_size, step))

    def _switch_size(self, step: int) -> None:
        app = QApplication.instance()
        assert isinstance(app, QApplication)
        if choice.step_scale(app, self._settings, step):
            self.anew.emit()

    def _ask_before(self, switch: Callable[[], None]) -> None:
        """Switch what takes a new window; an unsaved form would not come along, so that is asked first."""
        if self.inspector.unsaved or self.administration.panel.unsaved:
            said = t("What was typed is not saved yet and would be lost.")
            notify.warning(said, notify.Offer(t("Switch and lose it"), switch))
        else:
            switch()

    # ------------------------------------------------------------ construction
    def _lay_out(self) -> None:
        self.setCentralWidget(middle := QWidget())
        column = QVBoxLayout(middle)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.topbar)
        column.addWidget(self.strip)
        column.addWidget(self.split, 1)
        self.administration = Administration(self.session, self.split, column)
        self.strip.kind_chosen.connect(lambda _kind: self.administration.leave())
        self.footbar = FootBar(self.deck)
        self.setStatusBar(self.footbar)
        self.map.setObjectName("map_panel")
        self.intake.setObjectName("intake")
        self.tabs.addTab(self.map, t("Map##tab"))
        self.tabs.addTab(self.roster, t("Technicians##tab"))
        self.attention = AttentionPanel(self.session, middle, self.split, self.inspector)

    def _connect(self) -> None:
        self.deck.chosen.connect(self._on_chosen)
        self.deck.submitted.connect(self._on_submitted)
        self.counts.counted.connect(self.strip.say)
        self.strip.kind_chosen.connect(lambda _kind: self.reception.leave())
        self.strip.kind_chosen.connect(lambda _kind: self._arranged.leave_wide())
        self.topbar.searched.connect(self.queue.search)
        self.topbar.left_search.connect(self._leave_search)
        self.topbar.region_chosen.connect(self.queue.show_region)
        self.queue.order_chosen.connect(self._show_order)
        self.reception.panel.order_chosen.connect(self._show_order)
        self.reception.panel.order_opened.connect(self._on_opened)
        self.queue.order_opened.connect(self._on_opened)
        self.queue.found_opened.connect(self._on_found)
        self.queue.shown.connect(self._on_shown)
        self.inspector.candidate_chosen.connect(self._on_candidate)
        self.inspector.closed.connect(lambda: self.show_drawer(False))
        self.inspector.stepped_back.connect(self._step_back)
        self.inspector.taken_in.connect(self._on_taken_in)
        self.exceptions.reached.connect(self.look_at)
        self.attention.order_wanted.connect(self.look_at)
        self.administration.left.connect(self.queue.table.setFocus)
        self.administration.panel.order_wanted.connect(self.look_at)
        self.administration.panel.technician_wanted.connect(self._mend_technician)
        self.exceptions.health_wanted.connect(self._show_health)
        self.topbar.searched.connect(self._on_searched)
        self.roster.technician_chosen.connect(self._on_technician)
        self.roster.order_wanted.connect(self.look_at)
        self.booking.booked.connect(self.look_at)
        self.booking.open_order.connect(self.look_at)
        self.booking.closed.connect(self._on_booking_closed)
        self.map.order_chosen.connect(lambda id: self.look_at(id, open_drawer=False))
        self.map.order_opened.connect(self.look_at)
        self.map.technician_chosen.connect(self._on_map_technician)
        self.map.technician_opened.connect(self._open_technician)
        self.catalogue.book_wanted.connect(self._book_item)
        self.catalogue.technician_wanted.connect(self._open_technician)
        self.catalogue.closed.connect(partial(self._arranged.dismiss, self.catalogue))
        self.intake.closed.connect(partial(self._arranged.dismiss, self.intake))
        self.help.closed.connect(partial(self._arranged.dismiss, self.help))
        self.topbar.region_chosen.connect(self.map.show_region)
        self.attention.refresh()
        stop = self.session.subscribe(changed=self._on_changed, link=self._on_link)
        self.destroyed.connect(lambda: stop())

    def _on_searched(self, text: str) -> None:
        if text:
            self.administration.leave()
            self.reception.leave()
            self._arranged.leave_wide()

    def _on_booking_closed(self) -> None:
        self._arranged.make_room()
        self.reception.home(self._arranged.home).setFocus()

    def _enter(self, technician: Technician | None) -> None:
        self._arranged.go(self.roster)
        self.roster.enter(technician.id if technician else None)

    def _mend_technician(self, id: str) -> None:
        self.administration.leave()
        self._enter(self.session.get(Technician, id))

    def _show_health(self) -> None:
        if self.administration.sees:
            self.administration.open("health")
        else:
            self._arranged.go(self.roster)

    def _open_technician(self, id: str) -> None:
        self._arranged.go(self.roster)
        self.roster.choose(id)

    def _on_map_technician(self, id: str) -> None:
        self.roster.choose(id)
        self._follow_scene(technician=self.session.get(Technician, id))

    def _on_technician(self, id: str) -> None:
        self._follow_scene(technician=self.session.get(Technician, id))
        self.map.show_technician(id)

    def _on_taken_in(self, id: str) -> None:
        papers = notify.Offer(t("Print receipt and label"), partial(self.reception.print, id))
        notify.success(t("The device is taken in again, under a number of its own."), papers)

    def _on_candidate(self, technician: str, start: object) -> None:
        self._follow_scene(
            candidate=technician or None, start=start if isinstance(start, int) else None,
            technician=self.session.get(Technician, technician) if technician else self.deck.scene.technician,
        )  # fmt: skip

    def _on_opened(self, id: str) -> None:
        self._show_order(id)
        self.show_drawer(True)
        self.inspector.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def _on_found(self, row: OrderRow) -> None:
        self._on_opened(row.id)
        self.inspector.show_found(row)

    def _leave_search(self) -> None:
        """Enter in the search: to the first order found, also where the answer is still on its way."""
        self.queue.search(self.topbar.search.text())
        self.queue.table.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self._entering = self.queue.model.query != self.queue.query
        if not self._entering:
            self._enter_queue()

    def _enter_queue(self) -> None:
        table = self.queue.table
        if not table.currentIndex().isValid() and self.queue.model.rowCount():
            table.setCurrentIndex(self.queue.model.index(0, 0))

    def _on_shown(self, query: OrderQuery) -> None:
        if self._entering and query == self.queue.query:
            self._entering = False
            self._enter_queue()
        elif not self._began:
            self._began = True
            if not self.drawer and self.inspector.order_id is None:
                self._enter_queue()  # or the column beside it would begin empty

    def _step_back(self) -> None:
        if self.drawer:
            self.show_drawer(False)
        self.reception.home(self._arranged.home).setFocus(Qt.FocusReason.ShortcutFocusReason)

    def _on_link(self, _link: Link) -> None:
        self.deck.refresh()
        self._say_undo()

    # ------------------------------------------------------------ drawer and geometry
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arranged.fit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self._step_back()
        else:
            super().keyPressEvent(event)

    def keep(self) -> None:
        """Write down what comes back tomorrow."""
        self._arranged.keep(self._settings)

    def _log_out(self) -> None:
        if not self.administration.keeps(self.left.emit):
            self.left.emit()

    def closeEvent(self, event: QCloseEvent) -> None:
        if self.administration.keeps(self.close):
            event.ignore()
            return
        self.keep()
        self.booking.park()
        self.reception.panel.park()
        super().closeEvent(event)
        self.closed.emit()


def build_window(session: Session, settings: QSettings) -> MainWindow:
    """The main window on a session; not shown yet."""
    return MainWindow(session, settings)
