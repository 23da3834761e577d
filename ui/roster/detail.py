"""One technician: status, today's visits, the weekly pattern, exceptions and leave."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, Qt, QTimer, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QListWidget,
    QListWidgetItem,
    QScrollArea,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from dispatcher_app.client.state import Changed
from dispatcher_app.domain import role
from dispatcher_app.domain.day import Stop
from dispatcher_app.domain.matching import live_stops
from dispatcher_app.domain.technician import Technician
from dispatcher_app.text import t
from ui import format, merit, name, theme
from ui.action.deck import Deck
from ui.controls.card import Card
from ui.controls.chip import Chip
from ui.controls.empty import EmptyState
from ui.controls.facts import Facts
from ui.controls.section import Section, label
from ui.mark import mark
from ui.models.roster import ID, today_of, works_today
from ui.order_title import order_title
from ui.roster.leave import LeaveSection
from ui.roster.shift import ExceptionSection, PatternSection
from ui.roster.van import VanSection

if TYPE_CHECKING:
    from dispatcher_app.client.session import Session


class TechnicianDetail(QWidget):
    """Emits `order_wanted` when one of the visits is chosen."""

    order_wanted = Signal(str)

    def __init__(self, session: Session, deck: Deck, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._id: str | None = None
        self.setObjectName("technician_detail")
        self._name: QLabel = label("", "title")
        self._chip = Chip(mark("technician", "offline"))
        self._facts = Facts()
        self._facts.add("works", t("Works today"))
        self._facts.add("team", t("Team"))
        self._facts.add("position", t("Position"))
        self._facts.add("phone", t("Phone"))
        self._facts.add("districts", t("Districts"))
        steps = _button(deck["technician_credit"])
        steps.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextOnly)
        self._facts.add("credit", t("Credit##part"), steps)
        self.card = Card(session, named=False)
        self._visits = QListWidget()
        self._visits.setAccessibleName(t("Visits today"))
        self._visits.itemActivated.connect(lambda item: self.order_wanted.emit(item.data(ID)))
        self._none = label(t("No visits today."), "muted")
        self.pattern = PatternSection(session)
        self.exception = ExceptionSection(session)
        self.leave = LeaveSection(session)
        self.van = VanSection(session)
        self._empty = EmptyState(t("No technician chosen"), t("Choose one in the list."), "technician")
        self._lay_out(deck)
        self._soon = QTimer(self, singleShot=True, interval=0)
        self._soon.timeout.connect(self.refresh)
        stop = session.subscribe(changed=self._on_changed)
        self.destroyed.connect(lambda: stop())
        self.refresh()

    def show_technician(self, id: str | None) -> None:
        """Show another technician."""
        self._id = id
        self.refresh()

    def refresh(self) -> None:
        """Show him as he stands now."""
        technician = self._session.get(Technician, self._id) if self._id else None
        self._empty.setVisible(technician is None)
        self._scroll.setVisible(technician is not None)
        if technician is None:
            return
        session = self._session
        self._name.setText(technician.name)
        self._chip.show_mark(mark("technician", technician.status))
        self._facts.say("works", works_today(session, technician))
        self._facts.say("team", technician.team)
        position = session.positions.get(technician.id)
        now, timezone = session.now(), name.timezone(session)
        self._facts.say(
            "position",
            format.moment_with_age(position.at, now, timezone) if position else t("unknown##position"),
        )
        self._facts.say("phone", "" if name.masked(session) else technician.phone_mask)
        self.card.show_technician(technician)
        districts = t(", ").join(name.district(session, each) for each in technician.districts)
        own = t("an area of his own, on the map") if technician.area else ""
        self._facts.say("districts", own or districts or t("all districts"))
        stands = merit.LEVELS[merit.level_of(session, technician)].label()
        self._facts.say("credit", t("{score} · {level}", score=technician.credit, level=stands))
        self._show_visits(technician)
        keeps = role.holds(session.actor, role.KEEPS_TECHNICIANS)
        self.pattern.set_open(keeps)
        self.exception.setVisible(keeps)
        self.leave.setVisible(keeps)
        for part in (self.pattern, self.exception, self.leave, self.van):
            part.show_technician(technician)

    def _show_visits(self, technician: Technician) -> None:
        day, timezone = today_of(self._session, technician.id), name.timezone(self._session)
        self._visits.clear()
        for stop in live_stops(day, self._session.now()) if day else ():
            times = f"{format.clock(stop.start, timezone)}–{format.clock(stop.end, timezone)}"
            item = QListWidgetItem(f"{times}   {self._visit(stop)}")
            item.setData(ID, stop.order)
            self._visits.addItem(item)
        rows = self._visits.count()
        self._visits.setVisible(rows > 0)
        self._none.setVisible(rows == 0)
        self._visits.setFixedHeight(min(rows, 8) * theme.current().px(31) + 2)

    def _visit(self, stop: Stop) -> str:
        """What a stop of his day is for, and whether he knows of it."""
        if stop.state == "held":
            return t("held for a caller##stop")
        title = order_title(self._session, stop.order)
        return t("{title} (not dispatched yet)", title=title) if stop.state == "tentative" else title

    def _on_changed(self, changed: Changed) -> None:
        if self._id and (
            changed.everything or not {"technician", "day", "order", "van", "part"}.isdisjoint(changed.ids)
        ):
            self._soon.start()

    def changeEvent(self, event: QEvent) -> None:
        if event.type() is QEvent.Type.PaletteChange:
            self._soon.start()
        super().changeEvent(event)

    def _lay_out(self, deck: Deck) -> None:
        look = theme.current()
        head = QHBoxLayout()
        head.setSpacing(look.space(2))
        head.addWidget(self._name)
        head.addWidget(self._chip)
        head.addStretch()
        head.addWidget(_button(deck["edit_technician"]))
        states = QHBoxLayout()
        states.setSpacing(look.space(1))
        for id in ("technician_online", "technician_busy", "technician_offline"):
            button = _button(deck[id])
            button.setProperty("kind", "plain")
            states.addWidget(button)
        states.addStretch()
        today = Section(t("Today##section"))
        today.body.addWidget(self._none)
        today.body.addWidget(self._visits)
        self.leave.add_tool(_button(deck["replan_absence"]))
        body = QFrame()
        column = QVBoxLayout(body)
        column.setContentsMargins(*(look.space(3),) * 4)
        column.setSpacing(look.space(3))
        column.addLayout(head)
        column.addLayout(states)
        for part in (self.card, self._facts, today, self.pattern, self.exception, self.leave, self.van):
            column.addWidget(part)
        column.addStretch(1)
        self._scroll = QScrollArea()
        self._scroll.setWidget(body)
        self._scroll.setWidgetResizable(True)
        self._scroll.setFrameShape(QFrame.Shape.NoFrame)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(self._empty)
        whole.addWidget(self._scroll)


def _button(action: QAction) -> QToolButton:
    button = QToolButton()
    button.setDefaultAction(action)
    button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
    if not action.isVisible():  # shown before it stands anywhere it would be a window
        button.hide()
    return button
