"""Visits moved on the board: taken by mouse, keys or menu, asked about where a rule wants it, done in one act."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

from PySide6.QtCore import QObject, Signal

from dispatcher_app.client.state import Accepted, Outcome, Submission
from dispatcher_app.domain.act import Broken, Rejected
from dispatcher_app.domain.calendar import HOUR_MS, MINUTE_MS, local_date, midnight
from dispatcher_app.domain.command import AssignTechnician, MoveVisits, PinVisit
from dispatcher_app.domain.order import Order, Window
from dispatcher_app.domain.technician import Technician
from dispatcher_app.text import t
from ui import format, name, notify
from ui.board.ask import Ask
from ui.board.drop import swapped, taken_off
from ui.board.ghost import Ghosts
from ui.board.hand import Hand
from ui.board.keys import Keys
from ui.board.mouse import Mouse
from ui.board.several import Several
from ui.board.share import Share
from ui.board.taken import Taken, take
from ui.board.view import BoardView
from ui.deed import deed
from ui.submit import follow

Aside = frozenset({"move_skipped", "move_refused", "move_despite"})


class Moving(QObject):
    """Everything that moves visits on one board. `change_wanted` asks to change an appointment: order, window, place."""

    several_chosen = Signal(tuple)
    change_wanted = Signal(str, object, object)
    done = Signal()

    def __init__(self, view: BoardView) -> None:
        super().__init__(view)
        self._view, self._session = view, view.session
        self.hand, self.several = Hand(view.session, self), Several(view)
        self.ghosts, self.ask = Ghosts(view, self.hand), Ask(view)
        self.keys = Keys(view, self.hand, self.several)
        self.mouse = Mouse(view, self.hand, self.several, self.ghosts)
        self.keys.taken.connect(self._on_taken)
        self.keys.let_go.connect(self.drop)
        self.keys.off.connect(lambda: self.take_off(self.several.with_current()))
        self.mouse.let_go.connect(self.drop)
        self.hand.changed.connect(self._say)
        self.hand.ended.connect(self._on_ended)
        self.ask.left.connect(self._on_left)
        self.several.changed.connect(self.several_chosen)
        self.share = Share(view.session, view, self.submit)
        self.share.left.connect(view.setFocus)

    # ------------------------------------------------------------ letting go
    def drop(self) -> None:
        """Do what letting go here means; asked first where a rule or a promise wants it."""
        hand = self.hand
        command: Any = hand.command()
        if command is None:
            hand.let_go()
        elif hand.broken and not hand.off:
            self._refused(command, hand.broken, overridable=hand.overridable)
        elif outside := self._outside():
            self._ask_consent(command, outside)
        else:
            self._finish(command)

    def _outside(self) -> list[Order]:
        """The orders that would begin outside what was promised, and did not before."""
        found = []
        if not self.hand.off:
            for each in self.hand.taken:
                order, place = self._session.get(Order, each.order), self.hand.places.get(each.order)
                if order is None or place is None or not _breaks(order, place[1]):
                    continue
                if each.start is None or not _breaks(order, each.start):
                    found.append(order)
        return found

    def _ask_consent(self, command: Any, outside: list[Order]) -> None:
        session, zone = self._session, self._view.schedule.timezone
        first = outside[0]
        technician, start = self.hand.places[first.id]
        assert first.window is not None
        window = format.window(first.window.start, first.window.end, session.now(), zone)
        at, number = format.moment(start, session.now(), zone), name.short_order(session, first.id)
        said = t(
            "{number} at {start} is outside the promised {window}.", number=number, start=at, window=window
        )
        if len(outside) > 1:
            said = t("{n} of the visits are outside what was promised.", n=len(outside))
        wanted = self._window_around(start)

        def change() -> None:
            self.hand.let_go()
            self.change_wanted.emit(first.id, wanted, (technician, start))

        self.ask.for_consent(
            said, change if len(self.hand.taken) == 1 else None, lambda: self._finish(command)
        )

    def _window_around(self, start: int) -> Window:
        """The window, of those that are promised here, in which a start lies."""
        policy, zone = self._view.schedule.policy, self._view.schedule.timezone
        first = midnight(local_date(start, zone), zone) + policy.window_first_hour * HOUR_MS
        length = policy.window_minutes * MINUTE_MS
        begin = first + (start - first) // length * length
        return Window(begin, begin + length)

    def _refused(self, command: Any, broken: Iterable[Broken], *, overridable: bool) -> None:
        said = name.sentences(self._session, broken)
        if overridable:
            self.ask.for_reason(said, lambda reason: self._finish(replace(command, override_reason=reason)))
        else:
            self.hand.let_go()
            notify.warning(said)

    def _finish(self, command: Any) -> None:
        """Submit it and put the hand away; where only now a rule says no, ask or say so."""
        taken, places = self.hand.taken, dict(self.hand.places)
        try:
            made = self._session.submit(command)
        except Rejected as rejected:
            self._on_rejected(command, rejected)
            return
        rows = {each.technician for each in taken} | {technician for technician, _ in places.values()}
        self._view.schedule.look_again([each.order for each in taken], [row for row in rows if row])
        self.hand.let_go()
        self.several.clear()
        self._tell(made)

    def _on_rejected(self, command: Any, rejected: Rejected) -> None:
        overridable = rejected.params.get("overridable") is True and self.hand.may_override
        if overridable and isinstance(command, AssignTechnician | MoveVisits) and not command.override_reason:
            said = name.refusal(self._session, rejected)
            self.ask.for_reason(said, lambda reason: self._finish(replace(command, override_reason=reason)))
            return
        self.hand.let_go()
        notify.warning(f"{deed(self._session, command)}: {name.refusal(self._session, rejected)}")

    # ------------------------------------------------------------ what came of it
    def _tell(self, made: Submission) -> None:
        """Say what was done, with the way back, and of several which were not."""
        said = deed(self._session, made.command)
        undo = notify.Offer(t("Undo"), lambda: self._undo(made.act))
        if made.warnings:
            notify.warning(f"{said}: {name.sentences(self._session, made.warnings)}", undo)
        else:
            notify.success(said, undo)
        follow(self._session, made)
        if isinstance(made.command, MoveVisits):
            made.outcome.add_done_callback(lambda answer: self._on_outcome(made, answer))
        self.done.emit()

    def _on_outcome(self, made: Submission, answer: asyncio.Future[Outcome]) -> None:
        """Row by row: what the server left as it stood, although it looked possible here."""
        if answer.cancelled() or not isinstance(outcome := answer.result(), Accepted):
            return
        shown = {(each.code, each.params.get("order")) for each in made.warnings}
        rules = [Broken(each["code"], dict(each.get("params", {}))) for each in outcome.reply.warnings]
        fresh = [
            each
            for each in rules
            if each.code in Aside and (each.code, each.params.get("order")) not in shown
        ]
        if fresh:
            notify.warning(name.sentences(self._session, fresh))

    def _undo(self, act: str) -> None:
        last = self._session.undoable()
        if last is None or act not in last.acts:
            notify.info(t("Something else was done since: take that back first."))
            return
        try:
            follow(self._session, self._session.undo_last())
        except Rejected as rejected:
            notify.warning(name.refusal(self._session, rejected))
        self.done.emit()

    # ------------------------------------------------------------ without leading anything
    def nudge(self, orders: Sequence[str], minutes: int) -> None:
        """Move visits by some minutes where they stand."""
        if not orders or not self.hand.take(orders, orders[0], self._view.axis.dates, by_keys=True):
            return
        place = self.hand.place
        if place is None:
            self.hand.let_go()
            notify.warning(t("It has no place in the plan yet; take it to a technician first."))
            return
        self.hand.aim(place[0], place[1] + minutes * MINUTE_MS)
        self._on_taken()
        self.drop()

    def ask_minutes(self, orders: Sequence[str]) -> None:
        """Ask by how much visits are moved."""
        said = t("Move {n} visits by", n=len(orders))
        if len(orders) == 1:
            said = t("Move {number} by", number=name.short_order(self._session, orders[0]))
        self.ask.for_minutes(said, lambda minutes: self.nudge(orders, minutes))

    def swap(self, orders: Sequence[str]) -> None:
        """Two visits change technicians and hours."""
        found = self._taken(orders)
        command = swapped(*found) if len(found) == 2 else None
        if command is None:
            notify.warning(t("Choose two visits that have a place in the plan."))
        else:
            self._submit(command, found)

    def take_off(self, orders: Sequence[str]) -> None:
        """Nobody goes to these any more."""
        found = self._taken(orders)
        command = taken_off(found)
        if command is None:
            notify.warning(t("Nobody was sent to it"))
        else:
            self._submit(command, found)

    def pin(self, orders: Sequence[str]) -> None:
        """No plan moves these any more; if none may be moved already, one may again."""
        found = [each for each in self._taken(orders) if each.place is not None]
        pinned = not all(each.pinned for each in found)
        batch = f"pin {found[0].order} {self._session.now()}" if len(found) > 1 else None
        for each in found:
            if each.pinned != pinned:
                try:
                    follow(
                        self._session,
                        self._session.submit(PinVisit(order=each.order, pinned=pinned), batch=batch),
                    )
                except Rejected as rejected:
                    notify.warning(name.refusal(self._session, rejected))
        self.done.emit()

    def share_day(self, technician: Technician) -> None:
        """Ask to whom a technician's visits of the first date shown go."""
        date, session = self._view.axis.dates[0], self._session
        bars = [bar for bar in self._view.schedule.bars(technician.id) if bar.date == date]
        found = [take(session, bar.order) for bar in bars if bar.state not in ("held", "done", "locked")]
        taken = tuple(each for each in found if isinstance(each, Taken) and each.technician == technician.id)
        if not taken:
            notify.warning(
                t("{technician} has no visit on that day that could be moved.", technician=technician.name)
            )
            return
        rows = [
            row.technician for row in self._view.schedule.rows if row.technician not in ("", technician.id)
        ]
        people = self._view.schedule.technicians
        others = [people[row] for row in rows if not people[row].suspended]
        self.share.open_for(technician, date, taken, others)

    def assign(self, orders: Sequence[str], technician: str, start: int) -> None:
        """Give visits to a technician from outside the board, one after the other from a start."""
        if orders and self.hand.take(orders, orders[0], self._view.axis.dates, by_keys=True):
            self.hand.aim(technician, start)
            self._on_taken()
            self.drop()

    def submit(self, command: MoveVisits) -> None:
        """Do what was put together elsewhere, as a whole day moved."""
        self._submit(command, self._taken([each.order for each in command.moves]))

    def _taken(self, orders: Sequence[str]) -> list[Taken]:
        found = []
        for id in orders:
            each = take(self._session, id)
            if isinstance(each, Rejected):
                notify.warning(f"{name.short_order(self._session, id)}: {name.refusal(self._session, each)}")
            else:
                found.append(each)
        return found

    def _submit(self, command: Any, taken: Sequence[Taken]) -> None:
        try:
            made = self._session.submit(command)
        except Rejected as rejected:
            notify.warning(f"{deed(self._session, command)}: {name.refusal(self._session, rejected)}")
            return
        moves = command.moves if isinstance(command, MoveVisits) else ()
        rows = {each.technician for each in taken} | {each.technician for each in moves}
        self._view.schedule.look_again([each.order for each in taken], [row for row in rows if row])
        self.several.clear()
        self._tell(made)

    # ------------------------------------------------------------ the hand comes and goes
    def _on_taken(self) -> None:
        if self.hand.full:
            self._view.held = True
            self._view.set_ghosts(self.ghosts)

    def _say(self) -> None:
        """What keys carry is told to whoever does not see it."""
        if self.hand.by_keys and self.hand.full:
            self._view.setAccessibleDescription("\n".join(line.text for line in self.ghosts.lines()))

    def _on_ended(self) -> None:
        self._view.held = False
        self._view.set_ghosts(None)
        if self.ask.asks:
            self.ask.close_quietly()
            self._view.setFocus()

    def _on_left(self) -> None:
        self.hand.let_go()
        self._view.setFocus()


def _breaks(order: Order, start: int) -> bool:
    return order.window is not None and not order.window.start <= start <= order.window.end
