"""The checks tab: each line done or excused, the standard's checks by stage, and what to take along."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtWidgets import QVBoxLayout, QWidget

from dispatcher_app.domain import life
from dispatcher_app.domain.act import Missing, Rejected
from dispatcher_app.domain.command import MarkCheck, MarkLine
from dispatcher_app.domain.order import Checked, Order
from dispatcher_app.domain.packing import packing_list
from dispatcher_app.domain.rule.standard import Unchecked, asked
from dispatcher_app.domain.standard import Stage
from dispatcher_app.text import t
from ui import format, name, theme
from ui.controls.section import Section, label
from ui.order.reason import EXCUSED, WAIVED, reason_word
from ui.order.tick import Tick
from ui.submit import submit

if TYPE_CHECKING:
    from dispatcher_app.client.session import Session

_STAGES: Final[tuple[Stage, ...]] = ("before", "during", "parts", "after")


class CheckPage(QWidget):
    """Ticking is an act of its own; a refusal is said at the tick it belongs to."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._shown: object = None
        self._ticks: dict[tuple[str, ...], Tick] = {}
        self._packed: tuple[str, str] | None = None
        self._order: Order | None = None
        look = theme.current()
        self.lines = Section(t("Lines##section"))
        self.standard = Section(t("Checks##section"))
        self.packing = Section(t("To take along"))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(look.space(3))
        for part in (self.lines, self.standard, self.packing):
            column.addWidget(part)

    def show_order(self, order: Order) -> None:
        """Show what is done and what is not; the rows stay as long as they ask the same."""
        self._order = order
        wanted = asked_of(self._session, order)
        shown = (order.id, [(each.item, each.fault) for each in order.lines], wanted)
        if shown != self._shown:
            self._shown = shown
            self._build(order, wanted)
        may = life.refusal(order.status, "progress", self._session.actor, order.region) is None
        for at, line in enumerate(order.lines):
            state = {"done": "done", "excused": "waived"}.get(line.state, "open")
            self._ticks["line", str(at)].show_state(
                state, reason_word(line.excuse) if line.excuse else "", may
            )
        known = {(each.standard, each.line, each.check): each for each in order.checks}
        for each in wanted:
            found = known.get((each.standard, each.line, each.check.id))
            tick = self._ticks["check", each.standard, str(each.line), each.check.id]
            tick.show_state(found.state if found else "open", self._told(found), may)
        done = sum(1 for each in wanted if (each.standard, each.line, each.check.id) in known)
        self.standard.set_count(f"{done}/{len(wanted)}" if wanted else "")
        self._show_packing(order)

    def _told(self, found: Checked | None) -> str:
        if found is None:
            return ""
        now, timezone = self._session.now(), name.timezone(self._session)
        why = reason_word(found.reason) if found.reason else ""
        when = format.moment(found.at, now, timezone)
        return " · ".join(filter(None, (why, name.actor(self._session, found.actor), when)))

    # ------------------------------------------------------------ rows
    def _build(self, order: Order, wanted: tuple[Unchecked, ...]) -> None:
        self._ticks.clear()
        for section in (self.lines, self.standard):
            _empty(section)
        for at in range(len(order.lines)):
            self._add(self.lines, ("line", str(at)), line_words(self._session, order, at), order, EXCUSED)
        if not wanted:
            begun = order.visit.arrival is not None or order.service == "workshop"
            words = (
                t("No standard holds for this repair.")
                if begun
                else t("What the standard asks is shown here once he has arrived.")
            )
            self.standard.body.addWidget(label(words, "muted", wrap=True))
        for stage in _STAGES:
            rows = [each for each in wanted if each.check.stage == stage]
            if rows:
                self.standard.body.addWidget(label(name.capital(t(f"{stage}##stage")), "small"))
            for each in rows:
                words = name.check(each.check)
                if len(order.lines) > 1:
                    words = t("{n}. {check}", n=each.line + 1, check=words)
                tick = self._add(
                    self.standard, ("check", each.standard, str(each.line), each.check.id), words, order,
                    {} if each.check.safety else WAIVED,
                )  # fmt: skip
                tick.ask_photo(each.check.photo, each.line, stage)
                tick.mark_safety(each.check.safety)

    def _add(
        self, section: Section, key: tuple[str, ...], words: str, order: Order, reasons: dict[str, str]
    ) -> Tick:
        tick = Tick(self._session, order.id, words, reasons)
        tick.setObjectName("tick_" + "_".join(key))
        tick.wanted.connect(lambda state, photo, reason: self._mark(key, state, photo, reason))
        section.body.addWidget(tick)
        self._ticks[key] = tick
        return tick

    def _mark(self, key: tuple[str, ...], state: str, photo: object, reason: str) -> None:
        order = self._order
        if order is None:
            return
        tick = self._ticks[key]
        command: MarkLine | MarkCheck
        if key[0] == "line":
            at = int(key[1])
            line_state = {"done": "done", "waived": "excused"}.get(state, "open")
            command = MarkLine(
                order=order.id, line=at, from_state=order.lines[at].state,
                state=line_state,  # type: ignore[arg-type]  # one of the three
                reason=reason,
            )  # fmt: skip
        else:
            command = MarkCheck(
                order=order.id, line=int(key[2]), check=key[3],
                state=state,  # type: ignore[arg-type]  # done, waived or open
                photo=photo if isinstance(photo, str) else None, reason=reason,
            )  # fmt: skip
        if submit(self._session, command, lambda said, _why: tick.refuse(said)):
            tick.answered()

    def _show_packing(self, order: Order) -> None:
        packed = packing_list(self._session, order)
        self.packing.setVisible(bool(packed.tools or packed.parts))
        rows = [t("Tools: {tools}", tools=t(", ").join(packed.tools))] if packed.tools else []
        lacking = []
        for each in packed.parts:
            said = t("{part} ×{n}", part=name.part(self._session, each.part), n=each.quantity)
            rows.append(said if each.quoted else t("{part}, likely", part=said))
            if each.lacking:
                lacking.append(t("{part} ×{n}", part=name.part(self._session, each.part), n=each.lacking))
        words = "\n".join(rows)
        short = (
            t("The van lacks: {parts}", parts=t(", ").join(lacking)) if lacking and order.technician else ""
        )
        if (words, short) == self._packed:
            return
        self._packed = words, short
        _empty(self.packing)
        self.packing.body.addWidget(label(words, wrap=True))
        if short:
            lack = label(short, "error", wrap=True)
            lack.setObjectName("packing_lacks")
            self.packing.body.addWidget(lack)


def line_words(session: Session, order: Order, at: int) -> str:
    """A line as it is ticked."""
    line = order.lines[at]
    what = " ".join(filter(None, (line.brand, name.item(session, line.item))))
    times = f" ×{line.quantity}" if line.quantity > 1 else ""
    return " · ".join(filter(None, (what + times, name.fault(session, line.item, line.fault))))


def asked_of(session: Session, order: Order) -> tuple[Unchecked, ...]:
    """The checks of an order's standards, none where a standard is not on this computer."""
    try:
        return tuple(asked(session, order))
    except (Missing, Rejected):
        return ()


def progress(session: Session, order: Order) -> str:
    """How many checks are done, as the tab says it."""
    wanted = asked_of(session, order)
    if not wanted:
        return ""
    known = {(each.standard, each.line, each.check) for each in order.checks}
    done = sum(1 for each in wanted if (each.standard, each.line, each.check.id) in known)
    return f"{done}/{len(wanted)}"


def _empty(section: Section) -> None:
    while (item := section.body.takeAt(0)) is not None:
        if widget := item.widget():
            widget.hide()
            widget.deleteLater()
