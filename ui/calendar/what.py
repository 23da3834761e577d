"""What is in a cell: the hours, the visits, the free time; and what can be begun from there."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import (
    QFrame,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from dispatcher_app.client.state import Changed
from dispatcher_app.domain.calendar import MINUTE_MS
from dispatcher_app.domain.day import Day, Stop, day_id
from dispatcher_app.domain.matching import live_stops
from dispatcher_app.domain.order import Order
from dispatcher_app.domain.technician import Technician
from dispatcher_app.planning.capacity import Slot, gaps_in
from dispatcher_app.text import t
from ui import format, name, theme
from ui.calendar.chosen import Chosen
from ui.calendar.day import day_word, pattern_words
from ui.calendar.face import minutes
from ui.calendar.figures import Figures
from ui.calendar.give import Give
from ui.calendar.model import column_title, load_words
from ui.controls.section import Section, label
from ui.models.roster import ID
from ui.order_title import order_title

if TYPE_CHECKING:
    from dispatcher_app.client.session import Session

_ROW_PX: Final = 31
_MOST: Final = 10
_LEAST_GAP: Final = 15 * MINUTE_MS
GAP: Final = Qt.ItemDataRole.UserRole + 1


class WhatPage(QWidget):
    """Emits `order_opened`, `technician_chosen` to be looked at, and `book_wanted` with a local date."""

    order_opened = Signal(str)
    technician_wanted = Signal(str)
    book_wanted = Signal(str)

    def __init__(self, session: Session, figures: Figures, *, read_only: bool = False) -> None:
        super().__init__()
        self._session, self._figures = session, figures
        self._chosen = Chosen()
        self._order: str | None = None
        self.title = label("", "title", wrap=True)
        self.words = label("", "", wrap=True)
        self.words.setObjectName("calendar_words")
        self.visits, self.gaps, self.people = QListWidget(), QListWidget(), QListWidget()
        for each, code, word in (
            (self.visits, "calendar_visits", t("Visits##calendar")), (self.gaps, "calendar_gaps", t("Free time")),
            (self.people, "calendar_people", t("Who has room")),
        ):  # fmt: skip
            each.setObjectName(code)
            each.setAccessibleName(word)
        self._parts = {
            code: Section(word)
            for code, word in (
                ("visits", t("Visits##calendar")), ("gaps", t("Free time")), ("people", t("Who has room")),
            )
        }  # fmt: skip
        self.give = Give(session)
        self.book = QPushButton(t("New booking for this day"))
        self.book.setObjectName("calendar_book")
        self._read_only = read_only
        self._soon = QTimer(self, singleShot=True, interval=0)
        self._soon.timeout.connect(self.refresh)
        self._lay_out()
        self._connect()
        self.refresh()

    def show_chosen(self, chosen: Chosen) -> None:
        """Tell about another cell."""
        self._chosen = chosen
        self._soon.start()

    def show_order(self, id: str | None) -> None:
        """The order in hand: it can be given to whoever has room."""
        self._order = id
        self._soon.start()

    def refresh(self) -> None:
        """Tell about the cell as it stands now."""
        self._soon.stop()
        chosen, slot = self._chosen, self._chosen.slot
        one = self._one()
        self.title.setText(self._title())
        for part in self._parts.values():
            part.hide()
        self.give.hide()
        self.book.setEnabled(slot is not None and slot.end > self._session.now())
        if slot is None:
            self.words.setText(t("Choose a cell: here stands what is in it."))
        elif chosen.skill:
            self._tell_skill(chosen, slot)
        elif one is not None:
            self._tell_one(one, slot)
        else:
            self._tell_several(chosen, slot)

    def first(self) -> QWidget:
        """Where the keys go: into the first list that has something."""
        self.refresh()
        shown = ((self.visits, "visits"), (self.gaps, "gaps"), (self.people, "people"))
        found = (each for each, code in shown if not self._parts[code].isHidden())
        return next(found, self.book)

    # ------------------------------------------------------------ one technician
    def _one(self) -> Technician | None:
        row = self._chosen.row
        id = row.technician if row is not None else None
        return self._session.get(Technician, id) if id else None

    def _tell_one(self, technician: Technician, slot: Slot) -> None:
        session, zone = self._session, name.timezone(self._session)
        word = day_word(session, technician, slot)
        lines = [t("Works {hours}", hours=word.hours) if word.hours else t("Does not work that day")]
        if word.other:
            lines.append(t("Other hours than every week ({pattern})", pattern=pattern_words(technician)))
        lines += [
            t(
                "Away {span}: {reason}",
                span=format.window(each.start, each.end, session.now(), zone),
                reason=each.reason,
            )
            for each in technician.leaves
            if each.start < slot.end and slot.start < each.end
        ]
        load = self._figures.load(slot, (technician.id,))
        lines += load_words(load, several=False) if load is not None else []
        self.words.setText("\n".join(lines))
        day = session.get(Day, day_id(technician.id, slot.date)) or Day(
            id=day_id(technician.id, slot.date), region=technician.region, technician=technician.id, date=slot.date
        )  # fmt: skip
        stops = [
            each for each in live_stops(day, session.now()) if each.start < slot.end and slot.start < each.end
        ]
        self._fill_visits([(technician.id, each) for each in stops], several=False)
        gaps = [
            (max(start, slot.start), min(end, slot.end))
            for start, end in gaps_in(technician, day, zone, session.now())
            if start < slot.end and slot.start < end
        ]
        self._fill_gaps([each for each in gaps if each[1] - each[0] >= _LEAST_GAP])
        self._offer(technician.id, gaps)

    def _fill_visits(self, stops: list[tuple[str, Stop]], *, several: bool) -> None:
        self.visits.clear()
        zone = name.timezone(self._session)
        for who, stop in sorted(stops, key=lambda each: each[1].start):
            times = f"{format.clock(stop.start, zone)}–{format.clock(stop.end, zone)}"
            whose = f"{name.technician(self._session, who)} · " if several else ""
            item = QListWidgetItem(f"{times}   {whose}{self._visit(stop)}")
            item.setData(ID, "" if stop.state == "held" else stop.order)
            item.setToolTip(item.text())
            self.visits.addItem(item)
        self._show("visits", self.visits, f"{len(stops)}")

    def _visit(self, stop: Stop) -> str:
        if stop.state == "held":
            return t("held for a caller##stop")
        title = order_title(self._session, stop.order)
        return t("{title} (not dispatched yet)", title=title) if stop.state == "tentative" else title

    def _fill_gaps(self, gaps: list[tuple[int, int]]) -> None:
        self.gaps.clear()
        zone = name.timezone(self._session)
        for start, end in gaps:
            span = f"{format.clock(start, zone)}–{format.clock(end, zone)}".replace("–00:00", "–24:00")
            item = QListWidgetItem(f"{span}   {format.duration((end - start) // 1000)}")
            item.setData(GAP, (start, end))
            self.gaps.addItem(item)
        self._show("gaps", self.gaps, "")

    # ------------------------------------------------------------ several, and skills
    def _tell_several(self, chosen: Chosen, slot: Slot) -> None:
        row = chosen.row
        people = row.people if row is not None else chosen.technicians
        load = self._figures.load(slot, people)
        self.words.setText("\n".join(load_words(load, several=True)) if load is not None else t("Counting…"))
        room = []
        for id in people:
            one = self._figures.load(slot, (id,))
            if one is not None and one.work > 0:
                room.append((one.work - one.load, id, one))
        self.people.clear()
        for left, id, one in sorted(
            room, key=lambda each: (-each[0], name.technician(self._session, each[1]))
        ):
            said = t("{left} free of {work}", left=minutes(max(0, left)), work=minutes(one.work))
            self._add_person(id, said)
        self._show("people", self.people, f"{len(room)}")

    def _tell_skill(self, chosen: Chosen, slot: Slot) -> None:
        usual = self._figures.minutes.get(chosen.skill, 0)
        found = []
        for id in chosen.technicians:
            left = self._figures.free(slot, (id,), chosen.skill)
            if left:
                found.append((left, id))
        lines = [t("A visit is taken to last {n} min, with the usual drives around it.", n=usual)]
        if waiting := self._figures.waiting(slot, chosen.skill):
            lines.append(t("{n} promised ones have no place yet##calendar", n=waiting))
        self.words.setText("\n".join(lines))
        self.people.clear()
        for left, id in sorted(found, key=lambda each: (-each[0], name.technician(self._session, each[1]))):
            self._add_person(id, t("could begin then") if slot.part else t("{n} more", n=left))
        self._show("people", self.people, f"{len(found)}")

    def _add_person(self, id: str, said: str) -> None:
        item = QListWidgetItem(f"{name.technician(self._session, id)}   {said}")
        item.setData(ID, id)
        self.people.addItem(item)

    # ------------------------------------------------------------ what can be begun
    def _offer(self, technician: str, gaps: list[tuple[int, int]]) -> None:
        order = self._session.get(Order, self._order) if self._order else None
        waits = order is not None and order.status in ("pending", "accepted") and order.service == "home"
        if order is None or not waits or not gaps or self._read_only:
            return
        gap = self.gaps.currentItem().data(GAP) if self.gaps.currentItem() is not None else None
        self.give.offer(order, technician, [tuple(gap)] if gap else gaps)
        self.give.show()

    def _on_gap(self) -> None:
        technician = self._one()
        if technician is not None and self.gaps.currentItem() is not None:
            self._offer(technician.id, [tuple(self.gaps.currentItem().data(GAP))])

    # ------------------------------------------------------------ inside
    def _title(self) -> str:
        chosen = self._chosen
        if chosen.slot is None:
            return t("Nothing chosen")
        when = column_title(chosen.slot, name.timezone(self._session))
        if chosen.slot.part:
            when = f"{chosen.slot.date[5:]} {when}"
        if chosen.skill:
            return f"{name.capital(name.skill(chosen.skill))} · {when}"
        return f"{chosen.row.title} · {when}" if chosen.row is not None else when

    def _show(self, code: str, shown: QListWidget, count: str) -> None:
        rows = shown.count()
        self._parts[code].setVisible(rows > 0)
        self._parts[code].set_count(count)
        shown.setFixedHeight(min(rows, _MOST) * theme.current().px(_ROW_PX) + 6)

    def _on_changed(self, changed: Changed) -> None:
        kinds = {"technician", "day", "order", "shift_requests"}
        if changed.everything or not kinds.isdisjoint(changed.ids):
            self._soon.start()

    def _connect(self) -> None:
        self.visits.itemActivated.connect(self._on_visit)
        self.people.itemActivated.connect(lambda item: self.technician_wanted.emit(item.data(ID)))
        self.gaps.itemSelectionChanged.connect(self._on_gap)
        self.gaps.itemActivated.connect(lambda _item: self.give.try_now())
        self.book.clicked.connect(self._on_book)
        self._figures.came.connect(self._soon.start)
        stop = self._session.subscribe(changed=self._on_changed)
        self.destroyed.connect(lambda: stop())

    def _on_visit(self, item: QListWidgetItem) -> None:
        if order := item.data(ID):
            self.order_opened.emit(order)

    def _on_book(self) -> None:
        if self._chosen.slot is not None:
            self.book_wanted.emit(self._chosen.slot.date)

    def _lay_out(self) -> None:
        look = theme.current()
        body = QFrame()
        column = QVBoxLayout(body)
        column.setContentsMargins(*(look.space(3),) * 4)
        column.setSpacing(look.space(2))
        self._parts["visits"].body.addWidget(self.visits)
        self._parts["gaps"].body.addWidget(self.gaps)
        self._parts["gaps"].body.addWidget(self.give)
        self._parts["people"].body.addWidget(self.people)
        for part in (self.title, self.words, *self._parts.values()):
            column.addWidget(part)
        column.addWidget(self.book, 0, Qt.AlignmentFlag.AlignLeft)
        self.book.setVisible(not self._read_only)
        column.addStretch(1)
        scroll = QScrollArea()
        scroll.setWidget(body)
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(scroll)
        self.setFocusProxy(self.visits)
