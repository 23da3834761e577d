"""The dispatcher's main window: queue at the left, the middle in tabs, the order at the right.

Stable object names, for tests and for whoever drives the window from outside:
`main_window`; `topbar` with `region`, `command_bar`, `search`, `attention_button`, `link_state`, `windows`, `person`;
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
with `conflict_card`, `conflict_keep_theirs|take_over|discard|retry`; `done_panel`
with `done_mine|all|order`, `done_list|why|go`; `footbar` with `undo`, `redo`; `palette`; `layouts_panel` with
`layouts_list|name|use|over|delete|save|rename|wrong`. What is torn off stands in `shell_<panel>` with
`shell_link|undo|redo|back`.
Every action of `ui.action.deck` is a QAction of the window, by its id.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QSettings, Qt, Signal
from PySide6.QtGui import QCloseEvent, QGuiApplication, QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QMainWindow, QVBoxLayout, QWidget

from dispatcher_app.client.replica.ask import OrderQuery
from dispatcher_app.client.state import Changed, Link
from dispatcher_app.domain.order import Order
from dispatcher_app.domain.technician import Technician
from dispatcher_app.rows import OrderRow
from dispatcher_app.text import t
from ui import notify
from ui.action.deck import Deck
from ui.booking.panel import BookingPanel
from ui.catalogue.panel import CataloguePanel
from ui.conflict.attention import AttentionPanel
from ui.layout.panels import bring_forward, take_keys
from ui.layout.screen import Screen, present
from ui.models.counts import Counts
from ui.order.inspector import ANSWERED, Inspector
from ui.queue.panel import QueuePanel
from ui.roster.panel import RosterPanel
from ui.sound.player import Player
from ui.sound.speaker import Silence
from ui.strip import ExceptionStrip
from ui.submit import submit
from ui.window.administration import ANYWHERE, Administration
from ui.window.appearance import Appearance
from ui.window.arrangement import Arrangement
from ui.window.availability import Availability
from ui.window.bookings import Bookings
from ui.window.complaints import Complaints
from ui.window.crediting import Crediting
from ui.window.exception import Exceptions
from ui.window.footbar import FootBar
from ui.window.hearing import Hearing
from ui.window.layouts import Layouts
from ui.window.mapping import Mapping
from ui.window.middle import Middle
from ui.window.moves import Moves
from ui.window.panorama import Panorama
from ui.window.payroll import Payrolls
from ui.window.pick import Pick
from ui.window.planning import Planning
from ui.window.reception import LEAVES, Reception
from ui.window.reconciling import Reconciling
from ui.window.refunds import Refunds
from ui.window.replaying import Replaying
from ui.window.schedule import Scheduling
from ui.window.search import Search
from ui.window.tills import Tills
from ui.window.topbar import TopBar
from ui.window.undo import Undo

if TYPE_CHECKING:
    from dispatcher_app.client.session import Session


class MainWindow(QMainWindow):
    """Emits `anew` when it has to be made again (language, size of type), `left` to log out, `log_in_wanted`."""

    anew = Signal()
    left = Signal()
    log_in_wanted = Signal()
    closed = Signal()

    def __init__(
        self, session: Session, settings: QSettings, player: Player | None = None,
        screens: Callable[[], Sequence[Screen]] = present,
    ) -> None:  # fmt: skip
        super().__init__()
        self.session, self._settings = session, settings
        self.setObjectName("main_window")
        self.setWindowTitle(t("Dispatcher##app"))
        self.deck = Deck(self, session)
        self.counts = Counts(session, self)
        self.topbar = TopBar(session, self.deck)
        self.strip = ExceptionStrip()
        self.queue = QueuePanel(session, self.counts, lambda parent: self.deck.menu(parent, "order"))
        self.booking = BookingPanel(session)
        self.inspector = Inspector(session, self.deck)
        self._arranged = Arrangement(self, self.queue, self.booking, self.inspector, screens)
        self.tabs, self.split = self._arranged.tabs, self._arranged.split
        self.middle = Middle(session, self._arranged, self.deck, self.booking)
        self.map = self.middle.map
        self.reception = Reception(session, self._arranged, settings)
        self.bookings = Bookings(self.booking, self._arranged, self.deck, self.reception)
        self.mapping = Mapping(session, self._arranged, self.deck, self.map)
        self._pick = Pick(self._arranged, self.middle, self.booking, self.inspector)
        self.planning = Planning(
            session, self._arranged, self.deck, lambda id: self.look_at(id, open_drawer=False), self.look_at
        )
        self.scheduling = Scheduling(session, self._arranged)
        self.moves = Moves(
            self.scheduling.board, self._arranged, self.deck, self.inspector, self.look_at,
            lambda several: self._follow_scene(several=several),
        )  # fmt: skip
        self.availability = Availability(session, self._arranged, self.middle.roster_tab)
        self.crediting = Crediting(session, self._arranged, self.deck, self.reception.paper)
        self.complaints = Complaints(session, self._arranged, self.deck)
        self.refunds = Refunds(session, self._arranged, self.deck)
        self.tills = Tills(session, self._arranged, self.deck, self.reception.paper)
        self.reconciling = Reconciling(session, self._arranged)
        self.payrolls = Payrolls(session, self._arranged)
        self.replaying = Replaying(session, self.deck, self)
        self.panorama = Panorama(session, settings, self)
        self._began = False
        self._lay_out()
        self.exceptions = Exceptions(session, self.strip, self.queue, self.attention)
        self._undo = Undo(session, self.deck, self.footbar, self._arranged)
        self._search = Search(self.topbar, self.queue)
        self._appearance = Appearance(settings, self._unsaved, self)
        self.hearing = Hearing(
            session, self._arranged, settings, self._appearance,
            player or Player(settings, Silence(), session.now, self), self.counts,
        )  # fmt: skip
        self.layouts = Layouts(session, settings, self._arranged, self.deck, self.topbar.layouts, self)
        self.layouts.stepped_back.connect(self._step_back)
        self.palette_ = self.layouts.palette
        self._handlers = self._make_handlers()
        self._connect()
        self.layouts.restore()
        self._arranged.restore(settings)
        self.scheduling.restore(settings)
        self.availability.restore(settings)
        self.complaints.restore(settings)
        self._follow_scene()
        self.queue.table.setFocus()
        if self.reception.first:
            self.reception.open()

    @property
    def roster(self) -> RosterPanel:
        """The technicians; made when they are first wanted."""
        return self.middle.roster

    @property
    def catalogue(self) -> CataloguePanel:
        """The catalogue, likewise."""
        return self.middle.catalogue

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
        self.scheduling.show_order(id)
        self._undo.panel.show_order(id)
        self.availability.show_order(id)
        self.complaints.show_order(id)
        self.refunds.show_order(id)
        self.payrolls.show_order(id)

    def _follow_scene(self, **changes: Any) -> None:
        scene = replace(self.deck.scene, session=self.session, **changes)
        self.deck.show_scene(scene)
        self._undo.say()

    def _on_changed(self, _changed: Changed) -> None:
        self.deck.refresh()
        self._undo.say()

    # ------------------------------------------------------------ doing something
    def _on_submitted(self, action: str, command: Any) -> None:
        self.inspector.say("")
        made = submit(self.session, command, lambda said, _why: self._refuse(action, said))
        if made is not None:
            self._on_done()

    def _on_done(self) -> None:
        self._undo.say()
        self.deck.refresh()

    def _refuse(self, action: str, said: str) -> None:
        if action.startswith("technician_") or not self.inspector.isVisible():
            notify.warning(said)
        else:
            self.inspector.say(said)

    def _on_chosen(self, action: str) -> None:
        if action not in ANYWHERE:
            self.administration.leave()
        if action in LEAVES:
            self.reception.leave()
        if action in ANSWERED:
            self.show_drawer(True)
            bring_forward(self.inspector)
            self.inspector.start(action)
        else:
            self._handlers[action]()

    def answers(self) -> set[str]:
        """The actions that the window or its inspector answers."""
        return {*ANSWERED, *self._handlers}

    def _make_handlers(self) -> dict[str, Callable[[], object]]:
        return {
            **self.bookings.handlers(),
            "copy_number": self._copy_number,
            "search": self._go_search,
            "next_exception": lambda: self.exceptions.step(1, self.inspector.order_id),
            "previous_exception": lambda: self.exceptions.step(-1, self.inspector.order_id),
            "queue": self._go_queue,
            "inspector": lambda: self.show_drawer(not self.inspector.isVisible()),
            "attention": lambda: self.attention.open(),
            "log_in_again": self.log_in_wanted.emit,
            "log_out": self._log_out,
            "quit": self.close,
            **self._undo.handlers(),
            **self.middle.handlers(),
            **self.mapping.handlers(),
            **self.reception.handlers(lambda: self.inspector.order_id),
            **self.administration.handlers(),
            **self.planning.handlers(),
            **self.moves.handlers(),
            **self.scheduling.handlers(),
            **self.availability.handlers(),
            **self.complaints.handlers(),
            **self.refunds.handlers(),
            **self.tills.handlers(),
            **self.reconciling.handlers(),
            **self.payrolls.handlers(),
            **self.crediting.handlers(),
            **self.replaying.handlers(),
            **self.panorama.handlers(),
            **self._appearance.handlers(),
            **self.hearing.handlers(),
            **self.layouts.handlers(),
        }

    def _copy_number(self) -> None:
        if self.deck.scene.order is not None:
            QGuiApplication.clipboard().setText(self.deck.scene.order.number)

    def _go_queue(self) -> None:
        self._arranged.leave_wide()
        take_keys(self.queue.table)

    def _go_search(self) -> None:
        if not self.reception.search():
            self._search.begin()

    def _unsaved(self) -> bool:
        parts = (self.inspector, self.administration.panel, self.complaints, self.crediting, self.reconciling)
        return any(part.unsaved for part in parts)

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
        self.attention = AttentionPanel(self.session, middle, self.split, self.inspector)

    def _connect(self) -> None:
        self.deck.chosen.connect(self._on_chosen)
        self.deck.submitted.connect(self._on_submitted)
        self.counts.counted.connect(self.strip.say)
        self.strip.kind_chosen.connect(lambda _kind: self.reception.leave())
        self.strip.kind_chosen.connect(lambda _kind: self._arranged.leave_wide())
        self.topbar.region_chosen.connect(self.queue.show_region)
        self.queue.order_chosen.connect(self._show_order)
        self.reception.order_chosen.connect(self._show_order)
        self.reception.order_opened.connect(self._on_opened)
        self.queue.order_opened.connect(self._on_opened)
        self.queue.found_opened.connect(self._on_found)
        self.queue.shown.connect(self._on_shown)
        self.inspector.candidate_chosen.connect(self._on_candidate)
        self.inspector.closed.connect(lambda: self.show_drawer(False))
        self.inspector.stepped_back.connect(self._step_back)
        self.inspector.taken_in.connect(self._on_taken_in)
        self.exceptions.reached.connect(self.look_at)
        self.hearing.kind_wanted.connect(self.strip.kind_chosen)
        self.attention.counted.connect(self.hearing.alarm.count_conflicts)
        self.attention.order_wanted.connect(self.look_at)
        self.administration.left.connect(self.queue.table.setFocus)
        self.administration.panel.order_wanted.connect(self.look_at)
        self.administration.panel.technician_wanted.connect(self._mend_technician)
        self.exceptions.health_wanted.connect(self._show_health)
        self.topbar.searched.connect(self._on_searched)
        self.middle.order_chosen.connect(lambda id: self.look_at(id, open_drawer=False))
        self.middle.order_opened.connect(self.look_at)
        self.middle.technician_chosen.connect(self._on_technician)
        self.middle.book_wanted.connect(self.bookings.book_item)
        self.booking.booked.connect(self.look_at)
        self.booking.open_order.connect(self.look_at)
        self._appearance.anew.connect(self.anew)
        self.scheduling.order_chosen.connect(lambda id: self.look_at(id, open_drawer=False))
        self.scheduling.order_opened.connect(self._on_opened)
        self.scheduling.technician_chosen.connect(self.middle.choose_technician)
        self.scheduling.technician_opened.connect(self.middle.open_technician)
        self.topbar.region_chosen.connect(self.map.show_region)
        self.topbar.region_chosen.connect(self.scheduling.show_region)
        self.availability.order_opened.connect(self._on_opened)
        self.availability.technician_chosen.connect(self.middle.choose_technician)
        self.availability.book_wanted.connect(lambda date: self.bookings.book(date=date))
        self.availability.absence_wanted.connect(self.planning.open_absence_of)
        self.availability.years_wanted.connect(lambda: self.administration.open("holidays"))
        self.crediting.order_chosen.connect(lambda id: self.look_at(id, open_drawer=False))
        self.crediting.order_opened.connect(self._on_opened)
        self.crediting.technician_chosen.connect(self._on_technician)
        self.payrolls.order_chosen.connect(lambda id: self.look_at(id, open_drawer=False))
        self.payrolls.order_opened.connect(self._on_opened)
        self.payrolls.technician_chosen.connect(self._on_technician)
        self.complaints.order_chosen.connect(lambda id: self.look_at(id, open_drawer=False))
        self.complaints.order_opened.connect(self._on_opened)
        self.refunds.order_chosen.connect(lambda id: self.look_at(id, open_drawer=False))
        self.refunds.order_opened.connect(self._on_opened)
        self.tills.order_chosen.connect(lambda id: self.look_at(id, open_drawer=False))
        self.tills.order_opened.connect(self._on_opened)
        self.reconciling.order_chosen.connect(lambda id: self.look_at(id, open_drawer=False))
        self.reconciling.order_opened.connect(self._on_opened)
        self.complaints.listen(self.booking.form, self.reception)
        self.complaints.complaint_chosen.connect(lambda id: self._follow_scene(complaint=id))
        self._undo.taking_back.connect(self.planning.follow)
        self._undo.turned.connect(self._on_done)
        self._undo.order_chosen.connect(lambda id: self.look_at(id, open_drawer=False))
        self._undo.order_opened.connect(self._on_opened)
        self.inspector.timeline.undo_wanted.connect(self._undo.open)
        self.attention.refresh()
        stop = self.session.subscribe(changed=self._on_changed, link=self._on_link)
        self.destroyed.connect(lambda: stop())

    def _on_searched(self, text: str) -> None:
        if text:
            self.administration.leave()
            self.reception.leave()
            self._arranged.leave_wide()

    def _mend_technician(self, id: str) -> None:
        self.administration.leave()
        self.middle.enter(id)

    def _show_health(self) -> None:
        if self.administration.sees:
            self.administration.open("health")
        else:
            self.middle.go_roster()

    def _on_technician(self, id: str) -> None:
        self._follow_scene(technician=self.session.get(Technician, id))
        self.scheduling.show_technician(id)
        self.availability.show_technician(id)

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
        take_keys(self.inspector)

    def _on_found(self, row: OrderRow) -> None:
        self._on_opened(row.id)
        self.inspector.show_found(row)

    def _on_shown(self, _query: OrderQuery) -> None:
        """The first orders have come: begin with one, or the column beside it would be empty."""
        if not self._began:
            self._began = True
            if not self.drawer and self.inspector.order_id is None:
                self._search.enter_queue()

    def _step_back(self) -> None:
        if self.drawer:
            self.show_drawer(False)
        take_keys(self.reception.home(self._arranged.home))

    def _on_link(self, _link: Link) -> None:
        self.deck.refresh()
        self._undo.say()

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
        self.layouts.keep()
        self._arranged.keep(self._settings)
        self.scheduling.keep(self._settings)
        self.availability.keep(self._settings)
        self.complaints.keep(self._settings)

    def _log_out(self) -> None:
        if not self.administration.keeps(self.left.emit):
            self.left.emit()

    def closeEvent(self, event: QCloseEvent) -> None:
        if self.administration.keeps(self.close):
            event.ignore()
            return
        self.keep()
        self.booking.park()
        self.reception.park()
        self.panorama.close()
        super().closeEvent(event)
        self.closed.emit()


def build_window(
    session: Session, settings: QSettings, player: Player | None = None,
    screens: Callable[[], Sequence[Screen]] = present,
) -> MainWindow:  # fmt: skip
    """The main window on a session; not shown yet, and silent without a player."""
    return MainWindow(session, settings, player, screens)
