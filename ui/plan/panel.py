"""The screen of plans: asked for, searched with its progress, compared, published, and its calls worked off."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Literal, Protocol

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QTabWidget, QVBoxLayout, QWidget

from dispatcher_app.client.search import Sought
from dispatcher_app.client.state import Link
from dispatcher_app.domain.command import PublishPlan
from dispatcher_app.planning.proposal import PlanRun, Proposal
from dispatcher_app.text import t
from ui import format, icons, notify, theme
from ui.controls.banner import Banner
from ui.controls.section import label
from ui.notify import Kind
from ui.plan import word
from ui.plan.call import CallList, Due, kept, taken_up
from ui.plan.compare import Comparison
from ui.plan.left import LeftTable, left_of
from ui.plan.move import MoveTable
from ui.plan.publish import Published, publish
from ui.plan.running import Running
from ui.plan.search import Search
from ui.task import Errands

if TYPE_CHECKING:
    from dispatcher_app.client.session import Session

Stage = Literal["asking", "searching", "found", "publishing", "published"]
_ENTERS = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


class Form(Protocol):
    """What a search is asked with."""

    title: str

    def sought(self) -> Sought | str:
        """What to search, or why nothing can be."""


class PlanPanel(QFrame):
    """`form` is a widget that says what to search; calls that are not made yet are kept under `code`.

    `order_chosen` (the caret), `order_wanted` (Enter) and `change_wanted` carry an order; `closed` steps out,
    `wanted` in again.
    """

    order_chosen = Signal(str)
    order_wanted = Signal(str)
    change_wanted = Signal(str)
    closed = Signal()
    wanted = Signal()

    def __init__(self, session: Session, form: QWidget, code: str, reason: str) -> None:
        super().__init__()
        self.setObjectName(code)
        self._session, self.form, self._code, self._reason = session, form, code, reason
        self.stage: Stage = "asking"
        self.run: PlanRun | None = None
        self._search, self._errands = Search(session, self), Errands(self)
        self._title = label(self._form.title, "title")
        self._sum = label("", "muted", wrap=True)
        self._sum.setObjectName("plan_said")
        self.banner = Banner(dismissible=False)
        self.start, self.again, self.take = QPushButton(), QPushButton(), QPushButton()
        self.running, self.compared = Running(), Comparison()
        self.calls, self.moves, self.left = CallList(session), MoveTable(session), LeftTable(session)
        self.tabs = QTabWidget()
        self._lay_out()
        self._connect()
        self._take_up()

    @property
    def _form(self) -> Form:
        return self.form  # type: ignore[return-value]

    @property
    def busy(self) -> bool:
        """Whether a search or its publishing is on its way."""
        return self.stage in ("searching", "publishing")

    @property
    def chosen(self) -> Proposal | None:
        """The plan that is looked at."""
        proposals = self.run.proposals if self.run is not None else ()
        return proposals[min(self.compared.current, len(proposals) - 1)] if proposals else None

    # ------------------------------------------------------------ searching
    def begin(self) -> None:
        """Search what the form says; what is wrong with it is said in plain words."""
        if self.busy:
            return
        sought = self._form.sought()
        if isinstance(sought, str):
            self.banner.say("warning", sought)
            return
        self.banner.hide()
        self._go("searching")
        self.running.begin(PlanRun(
            id="", region=sought.region, kind="day" if sought.absence is None else "absence", by="",
            begun_at=self._session.now(), dates=(), seconds=sought.seconds,
        ))  # fmt: skip
        self.running.stop.setFocus()
        self._search.begin(sought)

    def _on_got_on(self, run: PlanRun) -> None:
        self.run = run
        self.running.show_run(run)

    def _say_cut_off(self, cut_off: bool) -> None:
        if cut_off:
            self.banner.say(
                "warning",
                t("The server can't be reached; the search is asked about again as soon as it can."),
            )
        elif self.banner.isVisibleTo(self):
            self.banner.hide()

    def stop_search(self) -> None:
        """The best plan so far will do."""
        if self.stage == "searching":
            self._search.stop()

    def on_ended(self, ended: PlanRun | str) -> None:
        """The search has come to something, or to nothing for a reason that is said."""
        if isinstance(ended, str):
            self._fail("warning", ended)
        elif ended.state == "lost":
            self._fail(
                "error",
                t(
                    "The search was lost with the server that made it. The plan in force stays as it is; search again."
                ),
            )
        elif ended.state == "failed":
            self._fail("error", word.failure(self._session, ended))
        else:
            self._show_found(ended)
        if not self.isVisible():
            notify.info(
                t("The search for a plan has ended."), notify.Offer(t("Show##plan"), self.wanted.emit)
            )

    def _fail(self, kind: Kind, said: str) -> None:
        self.run = None
        self._go("asking")
        self.banner.say(kind, said)
        self.start.setFocus()

    def _show_found(self, run: PlanRun) -> None:
        self.run = run
        self.compared.show_proposals(run.proposals)
        self._go("found")
        self._show_chosen()
        if self.isVisible():
            go_on = self.take if self.take.isEnabled() else self.again
            (self.compared if len(run.proposals) > 1 else go_on).setFocus()

    def _show_chosen(self) -> None:
        found = self.chosen
        if found is None:
            return
        self.moves.show_moves(found.moves)
        self.calls.show_calls([Due(each) for each in found.calls], working=False)
        self._name_tabs(len(found.calls), len(found.moves), None)
        self.tabs.setCurrentWidget(self.calls if found.calls else self.moves)
        self.take.setEnabled(bool(found.moves) or (self.run is not None and self.run.absence is not None))
        if self.run is not None:
            self._sum.setText(word.summary(self._session, self.run, found))

    # ------------------------------------------------------------ publishing
    def publish(self) -> None:
        """Make the chosen plan the one in force; nothing is said to be done before the server has done it."""
        run, chosen = self.run, self.chosen
        if self.stage != "found" or run is None or chosen is None or not self.take.isEnabled():
            return
        self.banner.hide()
        self._go("publishing")
        self._errands.run(publish(self._session, run, chosen, self._reason), self._on_published)

    def _on_published(self, answer: Published | str) -> None:
        if isinstance(answer, str):
            self._go("found")
            self.banner.say("error", t("Not published: {why}", why=answer))
            return
        left = left_of(answer.warnings)
        self.left.model.show_rows(left)
        chosen = self.chosen
        new = [Due(each) for each in chosen.calls] if chosen is not None else []
        named = {each.call.order for each in new}
        before = [each for each in self._due() if not each.made and each.call.order not in named]
        due = [*new, *before]
        self.calls.show_calls(due, working=True)
        self._keep()
        self._go("published")
        self._name_tabs(len(due), answer.moves, len(left))
        self.banner.say("warning" if left else "success", word.published(self._session, answer, left))
        self.tabs.setCurrentWidget(self.calls if due else self.left if left else self.moves)
        (self.calls if due else self.again).setFocus()

    def taken_back(self, command: PublishPlan) -> None:
        """The plan published here is no longer in force, and nobody has to be called for it."""
        run, chosen = self.run, self.chosen
        if self.stage != "published" or run is None or chosen is None:
            return
        given, gone = run.absence, command.absence
        own = {move.order for move in chosen.moves}
        if (given is not None and gone is not None and given.leave == gone.leave) or (
            given is gone is None and any(move.order in own for move in command.moves)
        ):
            self.run = None
            left = [each for each in self.calls.due if each.call not in chosen.calls]
            self.calls.show_calls(left, working=True)
            self._keep()
            self._go("asking")
            self.banner.say("info", t("The plan was taken back: everything stands as before."))

    # ------------------------------------------------------------ calls to make
    def _keep(self) -> None:
        """Write down who has to be called still; a list that is done is forgotten."""
        if self.calls.left:
            self._session.put_draft(self._code, kept(self.calls.due))
        else:
            self._session.drop_draft(self._code)
        self._name_tabs(self.calls.left, None, None)

    def _due(self) -> tuple[Due, ...]:
        """The calls of plans published before, as they are written down."""
        data = self._session.drafts().get(self._code)
        return taken_up(data) if data is not None else ()

    def _take_up(self) -> None:
        """The calls of a published plan that were not made when the desk was closed."""
        if due := self._due():
            self.show_due(due)

    def show_due(self, due: Sequence[Due]) -> None:
        """Calls of a plan that is in force already."""
        self.calls.show_calls(due, working=True)
        self._go("published")
        self._name_tabs(self.calls.left, None, None)
        self.banner.say("info", t("Calls of the plan published before are still to be made."))

    # ------------------------------------------------------------ what is shown
    def restart(self) -> None:
        """Ask anew; calls that are not made yet stay in their list."""
        if not self.busy:
            self._go("asking")
            self.form.setFocus()

    def _go(self, stage: Stage) -> None:
        self.stage = stage
        if stage == "asking":  # what was only looked at is not to be called
            self.calls.show_calls(self._due(), working=True)
            self._name_tabs(self.calls.left, None, None)
        found = stage in ("found", "publishing")
        self.form.setVisible(stage == "asking")
        self.start.setVisible(stage == "asking")
        self.running.setVisible(stage == "searching")
        self.compared.setVisible(found)
        self.take.setVisible(found)
        self.take.setText(
            t("Being published…") if stage == "publishing" else t("Publish this plan  Ctrl+Enter")
        )
        self.take.setEnabled(stage == "found")
        self.again.setVisible(stage in ("found", "published"))
        self.tabs.setVisible(found or stage == "published" or bool(self.calls.left and stage == "asking"))
        self.tabs.setTabVisible(
            self.tabs.indexOf(self.left), stage == "published" and self.left.model.rowCount() > 0
        )
        self.tabs.setTabVisible(
            self.tabs.indexOf(self.moves), found or (stage == "published" and self.run is not None)
        )
        self._sum.setVisible(found)
        self._result.setVisible(not self.tabs.isHidden())
        self._spare.setVisible(self.tabs.isHidden())

    def _name_tabs(self, calls: int, moves: int | None, left: int | None) -> None:
        for part, title, count in (
            (self.calls, t("Customers to call"), calls), (self.moves, t("Moves##plan"), moves),
            (self.left, t("Not moved##plan"), left),
        ):  # fmt: skip
            if count is not None:
                self.tabs.setTabText(self.tabs.indexOf(part), f"{title} {format.count(count)}")

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.closed.emit()
        elif event.key() in _ENTERS and self.stage == "asking":
            self.begin()
        else:
            super().keyPressEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        if event.type() is QEvent.Type.PaletteChange:
            self._close.setIcon(icons.icon("close", "muted"))
        super().changeEvent(event)

    # ------------------------------------------------------------ construction
    def _connect(self) -> None:
        self.start.clicked.connect(self.begin)
        self.again.clicked.connect(self.restart)
        self.take.clicked.connect(self.publish)
        self.running.enough.connect(self.stop_search)
        self._search.got_on.connect(self._on_got_on)
        self._search.cut_off.connect(self._say_cut_off)
        self._search.ended.connect(self.on_ended)
        self._search.unstopped.connect(lambda: self.running.stop.setEnabled(True))
        self.compared.chosen.connect(lambda _at: self._show_chosen())
        self.compared.taken.connect(self.publish)
        self.calls.ticked.connect(self._keep)
        self.calls.change_wanted.connect(self.change_wanted)
        for told in (self.calls.order_chosen, self.moves.order_chosen):
            told.connect(self.order_chosen)
        for opened in (self.calls.order_wanted, self.moves.order_wanted, self.left.order_wanted):
            opened.connect(self.order_wanted)
        self._close.clicked.connect(self.closed)
        go_on = QShortcut(QKeySequence("Ctrl+Return"), self)
        go_on.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        go_on.activated.connect(lambda: self.begin() if self.stage == "asking" else self.publish())
        for at in range(3):
            key = QShortcut(QKeySequence(str(at + 1)), self._result)
            key.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            key.activated.connect(lambda at=at: self.compared.choose(at))
        stop = self._session.subscribe(link=self._on_link)
        self.destroyed.connect(lambda: stop())

    def _on_link(self, link: Link) -> None:
        if self.stage == "found":
            self.take.setToolTip("" if link.state == "online" else t("Publishing needs the server."))

    def _lay_out(self) -> None:
        look = theme.current()
        self.setProperty("panel", "canvas")
        self._close = QPushButton()
        self._close.setIcon(icons.icon("close", "muted"))
        self._close.setProperty("kind", "quiet")
        self._close.setAccessibleName(t("Close##panel"))
        self._close.setToolTip(t("Close##panel"))
        self._close.setFixedWidth(look.px(30))
        self.start.setText(t("Search a plan  Ctrl+Enter"))
        self.again.setText(t("New search…"))
        for button, code, kind in (
            (self.start, "plan_start", "primary"), (self.take, "plan_publish", "primary"), (self.again, "plan_again", ""),
        ):  # fmt: skip
            button.setObjectName(code)
            button.setProperty("kind", kind)
        head = QHBoxLayout()
        head.addWidget(self._title, 1)
        head.addWidget(self._close)
        for part, title in (
            (self.calls, t("Customers to call")),
            (self.moves, t("Moves##plan")),
            (self.left, t("Not moved##plan")),
        ):
            self.tabs.addTab(part, title)
        self.tabs.setDocumentMode(True)
        self._result = QWidget()
        result = QVBoxLayout(self._result)
        result.setContentsMargins(0, 0, 0, 0)
        result.setSpacing(look.space(2))
        result.addWidget(self.compared)
        result.addWidget(self.tabs, 1)
        self._spare = QWidget()
        foot = QHBoxLayout()
        foot.setSpacing(look.space(2))
        for button in (self.start, self.take, self.again):
            foot.addWidget(button)
        foot.addStretch()
        whole = QVBoxLayout(self)
        whole.setContentsMargins(*(look.space(3),) * 4)
        whole.setSpacing(look.space(2))
        whole.addLayout(head)
        for row in (self.banner, self._sum, self.form, self.running):
            whole.addWidget(row)
        whole.addWidget(self._result, 1)
        whole.addLayout(foot)
        whole.addWidget(self._spare, 1)
        self.setFocusProxy(self.form)
        self._go("asking")
