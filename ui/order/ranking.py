"""Who should go: the ranked technicians of the order in hand, and assigning one of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QEvent, QModelIndex, QObject, QPoint, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import QHBoxLayout, QListView, QPushButton, QToolButton, QWidget

from dispatcher_app.client.api import Offline
from dispatcher_app.client.state import Changed
from dispatcher_app.domain import role
from dispatcher_app.domain.act import Rejected
from dispatcher_app.domain.command import AcceptOrder, AssignTechnician
from dispatcher_app.domain.order import Order
from dispatcher_app.planning.rank import Ranking
from dispatcher_app.text import t
from ui import format, icons, name, theme
from ui.action.deck import BY_ID, Scene
from ui.controls.card import CardPopup
from ui.controls.section import Section, label
from ui.order.candidate import CANDIDATE, Candidate, CandidateModel, candidate_list, eligible, excluded
from ui.order.effect import Effect
from ui.order.override import Override
from ui.order.sure import Drive, SureDrives
from ui.order.ways import Ways
from ui.submit import submit
from ui.task import Latest

if TYPE_CHECKING:
    from dispatcher_app.client.session import Session

_SETTLE_MS: Final = 300
_FIT_ROWS: Final = 6
_OTHER_PX: Final = 260


class RankedTechnicians(Section):
    """Emits `candidate_chosen` (technician or "", start or None) when another row becomes current.

    `answered_with` carries each ranking (or None) that is shown.
    """

    candidate_chosen = Signal(str, object)
    answered_with = Signal(object)

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(t("Who goes"), parent)
        self._session = session
        self._order: Order | None = None
        self._ranking: Ranking | None = None
        self._asking = Latest(self)
        self._awaited = False
        self._fit, self._others = CandidateModel(self), CandidateModel(self)
        self.list = candidate_list(self._fit, t("Technicians who can go"), wraps=False)
        self.list.setObjectName("candidates")
        self.others = candidate_list(self._others, t("Technicians who can't go"), wraps=True)
        self.others.setObjectName("excluded")
        self._fold = QToolButton()
        self._say = label("", "small", wrap=True)
        self._effect = Effect(session, self)
        self._error = label("", "error", wrap=True)
        self._assign = QPushButton(t("Assign"))
        self.ways = Ways(session)
        self._sure = SureDrives(session, self)
        self._drives: dict[str, Drive] = {}
        self._sure.known.connect(self._on_sure)
        self.override = Override(session)
        self.card = CardPopup(session, self)
        self._lay_out()
        self._soon = QTimer(self, singleShot=True, interval=_SETTLE_MS)
        self._soon.timeout.connect(self._ask)
        stop = session.subscribe(changed=self._on_changed)
        self.destroyed.connect(lambda: stop())

    # ------------------------------------------------------------ what the inspector asks
    def show_order(self, order: Order) -> None:
        """Rank for this order; what is shown of the same order stays until the answer is there."""
        same = self._order is not None and self._order.id == order.id
        asked_again = same and self._order is not None and _asks(order) == _asks(self._order)
        self._order = order
        if not same:
            self._ranking = None
            self._effect.forget()
            self._awaited = False
            self._refuse("")
            self.override.close_quietly()
            self._fit.show_rows([])
            self._others.show_rows([])
            self._fold.setChecked(False)
            self._say.setText(t("Looking for who is free…"))
            self._fit_heights()
        self._name_step()
        if not asked_again:
            self._ask() if not same else self._soon.start()

    def take_focus(self) -> None:
        """Put the caret on the first technician, or on the one chosen before; once they are there."""
        self._awaited = not self._fit.rowCount()
        if not self.list.currentIndex().isValid():
            self.list.setCurrentIndex(self._fit.index(0))
        self.list.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def has_focus(self) -> bool:
        """Whether the caret is in one of the lists."""
        return self.list.hasFocus() or self.others.hasFocus()

    def assign_chosen(self) -> None:
        """Assign the technician on whom the caret stands."""
        view = self.others if self.others.hasFocus() else self.list
        chosen: Candidate | None = view.currentIndex().data(CANDIDATE)
        if chosen is not None:
            self._assign_candidate(chosen)

    def assign_to(self, technician: str) -> None:
        """Put the caret on a technician, whether he can go by the rules or not, and assign him."""
        for view in (self.list, self.others):
            model = view.model()
            for row in range(model.rowCount()):
                chosen: Candidate = model.index(row, 0).data(CANDIDATE)
                if chosen.technician == technician:
                    self._fold.setChecked(self._fold.isChecked() or view is self.others)
                    view.setCurrentIndex(model.index(row, 0))
                    view.setFocus(Qt.FocusReason.ShortcutFocusReason)
                    self._assign_candidate(chosen)
                    return

    def show_card(self) -> None:
        """Show the card of the technician on whom the caret stands, to the left of his row."""
        view = self.others if self.others.hasFocus() else self.list
        index = view.currentIndex()
        chosen: Candidate | None = index.data(CANDIDATE)
        if chosen is not None:
            corner = view.viewport().mapToGlobal(view.visualRect(index).topLeft())
            self.card.show_at(
                chosen.technician, corner - QPoint(self.card.width() + theme.current().space(2), 0)
            )

    @property
    def answered(self) -> bool:
        """Whether the ranking of this order is there (perhaps an empty one)."""
        return self._ranking is not None and not self._asking.busy

    @property
    def said(self) -> str:
        """The sentence above the list."""
        return self._say.text()

    def best_start(self, technician: str) -> int | None:
        """When a technician could start (UTC ms), as far as is known."""
        found = self._ranking.eligible if self._ranking else ()
        return next((each.start for each in found if each.technician == technician), None)

    # ------------------------------------------------------------ asking
    def _ask(self) -> None:
        if self._order is None or not self.isVisibleTo(self.parentWidget() or self):
            return
        order = self._order.id

        async def ask() -> Ranking | None:
            try:
                return await self._session.rank(order)
            except (Offline, Rejected):
                return None

        self._asking.ask(ask(), self._on_answer)

    def _on_answer(self, ranking: Ranking | None) -> None:
        if self._order is None or (ranking is not None and ranking.order != self._order.id):
            return
        self._ranking = ranking
        chosen: Candidate | None = self.list.currentIndex().data(CANDIDATE)
        found = ranking.eligible if ranking else ()
        others = ranking.excluded if ranking else ()
        self._drives = {}
        self._show_fit()
        self._others.show_rows([excluded(self._session, each) for each in others])
        rows = [each.technician for each in found]
        held = 1 if rows[:1] == [self._order.technician] and len(rows) > 1 else 0
        at = rows.index(chosen.technician) if chosen and chosen.technician in rows else held
        self.list.setCurrentIndex(self._fit.index(at))
        self.set_count(format.count(len(found)))
        self._fold.setText(t("{n} can't go", n=format.count(len(others))))
        self._fold.setVisible(bool(others))
        notes = t("Nobody can be ranked now.")
        if ranking is not None:
            notes = t(
                "{notes} Nine in ten within ±{n} %.",
                notes=name.sentences(self._session, ranking.notes), n=ranking.error_percent,
            )  # fmt: skip
            self._effect.take(self._order.id, self._say_effect)
            self._sure.ask(self._order, ranking)
        nobody = t("Nobody can go. {notes}", notes=notes) if found or others else self._way_on()
        self._say.setText(notes if found or not ranking else nobody)
        self._name_step()
        self._fit_heights()
        if self._awaited and found:
            self.take_focus()
        self.answered_with.emit(ranking)

    def _show_fit(self) -> None:
        found = self._ranking.eligible if self._ranking else ()
        self._fit.show_rows(
            [eligible(self._session, each, self._drives.get(each.technician)) for each in found]
        )

    def _on_sure(self, drives: dict[str, Drive]) -> None:
        self._drives = drives
        self._show_fit()

    def _say_effect(self) -> None:
        """What would come of sending the technician on whom the caret stands, and how he would get there."""
        view = self.others if self.others.hasFocus() else self.list
        chosen: Candidate | None = view.currentIndex().data(CANDIDATE)
        who = chosen.technician if chosen is not None else ""
        self._effect.say(who, chosen.start if chosen is not None and not chosen.current else None)
        found = self._ranking.eligible if self._ranking else ()
        self.ways.show_for(self._order, who, next((each for each in found if each.technician == who), None))

    def _way_on(self) -> str:
        """What to do where nobody works here yet."""
        entering = BY_ID["new_technician"]
        if entering.refused(Scene(self._session)) is None:
            keys = QKeySequence(entering.keys[0]).toString(QKeySequence.SequenceFormat.NativeText)
            return t("There are no technicians yet. Enter the first one with {keys}.", keys=keys)
        return t("There are no technicians yet. A supervisor, vetting or an administrator enters them.")

    def _on_changed(self, changed: Changed) -> None:
        if self._order is None:
            return
        # A booking of this moment can't be ranked before it is in the replica.
        arrived = self._ranking is None and self._order.id in changed.ids.get("order", ())
        if arrived or changed.everything or not {"day", "technician"}.isdisjoint(changed.ids):
            self._soon.start()

    # ------------------------------------------------------------ assigning
    def _assign_candidate(self, chosen: Candidate) -> None:
        if self._order is None:
            return
        if self._has_it(chosen):
            self._refuse(t("{name} has this order already.", name=chosen.name))
            return
        start = chosen.start or (self._ranking.earliest if self._ranking else self._session.now())
        order = self._order
        if order.status == "offered" and order.offer and order.offer.technician == chosen.technician:
            command: AcceptOrder | AssignTechnician = AcceptOrder(
                order=order.id, technician=chosen.technician, start=start
            )
        else:
            command = AssignTechnician(
                order=order.id, technician=chosen.technician, from_technician=order.technician, start=start,
                helpers=chosen.helpers,
            )  # fmt: skip
        self._refuse("")
        submit(self._session, command, lambda said, rejected: self._on_refused(said, rejected, command))

    def _on_refused(self, said: str, rejected: Rejected, command: AcceptOrder | AssignTechnician) -> None:
        self._refuse(said)
        allowed = rejected.params.get("overridable") and role.holds(self._session.actor, role.OVERRIDES)
        if allowed and isinstance(command, AssignTechnician):
            self.override.open_for(command)

    def _refuse(self, said: str) -> None:
        self._error.setText(said)
        self._error.setVisible(bool(said))

    def _on_current(self, index: QModelIndex) -> None:
        chosen: Candidate | None = index.data(CANDIDATE)
        self._refuse("")
        if chosen is None:
            self.candidate_chosen.emit("", None)
            return
        self.candidate_chosen.emit(chosen.technician, chosen.start)
        self._name_step()
        self._say_effect()

    def turn_ways(self) -> None:
        """Show the ways to the customer, or put them away."""
        self._roads.setChecked(not self._roads.isChecked())

    def _name_step(self) -> None:
        """Say on the button whom it assigns, or that there is nothing to assign."""
        view = self.others if self.others.hasFocus() else self.list
        chosen: Candidate | None = view.currentIndex().data(CANDIDATE)
        held = chosen is not None and self._has_it(chosen)
        self._assign.setEnabled(chosen is not None and not held)
        if chosen is not None:
            who = [chosen.name, *(name.technician(self._session, each) for each in chosen.helpers)]
            said = name.people(who)
            self._assign.setText(t("{name} has it" if held else "Assign {name}", name=said))

    def _has_it(self, chosen: Candidate) -> bool:
        order = self._order
        if order is None or order.technician != chosen.technician:
            return False
        # Somebody is still missing: the same technician is sent again, with whoever comes along.
        return not (chosen.helpers and order.missing)

    # ------------------------------------------------------------ construction
    def _lay_out(self) -> None:
        look = theme.current()
        self._fold.setCheckable(True)
        self._fold.setObjectName("excluded_fold")
        self._fold.hide()
        self._fold.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self._fold.toggled.connect(self._on_folded)
        self._assign.setProperty("kind", "primary")
        self._assign.setObjectName("assign_chosen")
        self._assign.clicked.connect(self.assign_chosen)
        bar = QHBoxLayout()
        bar.setSpacing(look.space(2))
        self._who = QToolButton()
        self._who.setObjectName("candidate_card")
        self._who.setIcon(icons.icon("person", "muted"))
        self._who.setToolTip(t("Technician card (Alt+Enter)"))
        self._who.setAccessibleName(t("Technician card"))
        self._who.clicked.connect(self.show_card)
        self._roads = QToolButton()
        self._roads.setObjectName("show_ways")
        self._roads.setCheckable(True)
        self._roads.setIcon(icons.icon("route", "muted"))
        self._roads.setToolTip(t("Ways to the customer (Alt+F3)"))
        self._roads.setAccessibleName(t("Ways to the customer"))
        self._roads.toggled.connect(self.ways.open)
        bar.addWidget(self._assign)
        bar.addWidget(self._who)
        bar.addWidget(self._roads)
        bar.addStretch()
        bar.addWidget(self._fold)
        for part in (self._say, self.list, self._effect.line, self.ways, self._error, self.override):
            self.body.addWidget(part)
        self.body.addLayout(bar)
        self.body.addWidget(self.others)
        self._error.setObjectName("assign_error")
        self._error.hide()
        self.others.hide()
        for view in (self.list, self.others):
            view.installEventFilter(self)
            view.doubleClicked.connect(lambda index: self._assign_candidate(index.data(CANDIDATE)))
            view.selectionModel().currentChanged.connect(lambda current, _before: self._on_current(current))
        self._on_folded(False)

    def _on_folded(self, opened: bool) -> None:
        self._fold.setIcon(icons.icon("collapse" if opened else "expand", "muted"))
        self.others.setVisible(opened)

    def _fit_heights(self) -> None:
        rows = self._fit.rowCount()
        self.list.setVisible(rows > 0)
        self._assign.setVisible(rows > 0)
        self._who.setVisible(rows > 0)
        self._roads.setVisible(rows > 0)
        self.list.setFixedHeight(min(rows, _FIT_ROWS) * theme.current().px(44) + 2)
        self.others.setFixedHeight(theme.current().px(_OTHER_PX))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QKeyEvent) and event.type() is QEvent.Type.KeyPress:
            if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                held = event.modifiers() & Qt.KeyboardModifier.AltModifier
                self.show_card() if held else self.assign_chosen()
                return True
            if event.text().isalnum():
                return True  # letters are no commands, and no blind search either
        if event.type() is QEvent.Type.FocusIn and isinstance(watched, QListView):
            self._on_current(watched.currentIndex())
        return super().eventFilter(watched, event)

    def changeEvent(self, event: QEvent) -> None:
        if event.type() is QEvent.Type.PaletteChange:
            self._on_folded(self._fold.isChecked())
            self._who.setIcon(icons.icon("person", "muted"))
            self._roads.setIcon(icons.icon("route", "muted"))
            self._fit_heights()
        super().changeEvent(event)


def _asks(order: Order) -> tuple[object, ...]:
    """What of an order decides who can go."""
    who = order.technician, order.helpers, order.crew, order.requested_technician
    return order.status, order.window, order.lines, order.point, order.after, *who
