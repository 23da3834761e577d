"""What is broken: words or letters find item and fault; danger in the words brings the safety script first."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from dispatcher_app.domain.catalogue import Item
from dispatcher_app.domain.pricing import book_labour
from dispatcher_app.rows import OrderRow
from dispatcher_app.text import t
from ui import format, name
from ui.booking import safety
from ui.booking.draft import DraftLine
from ui.booking.form import Form
from ui.booking.step import Step
from ui.controls.picker import Picker
from ui.controls.section import label
from ui.models import fault
from ui.models.choice import Choice
from ui.models.fault import Proposal


class WhatStep(Step):
    """One field for item and fault; Shift+Enter takes it and begins another line."""

    def __init__(self, form: Form) -> None:
        super().__init__(form, "what", t("Broken##booking"))
        self._before = label("", "strong", wrap=True)
        self._picker = Picker(
            t("Broken##booking"), t("Words or first letters, such as: fridge not cool"), rows=6
        )
        self._picker.typed.connect(self._on_typed)
        self._picker.chosen.connect(self._on_chosen)
        self._picker.field.emptied.connect(self._on_emptied)
        self._duplicate = label("", "error", wrap=True)
        self._ties = label("", "small", wrap=True)
        self._ties.setObjectName("booking_ties")
        for part in (self._before, self._picker, self._duplicate, self._ties):
            self.body.addWidget(part)
        form.caller_changed.connect(lambda: self.refresh(frozenset()))

    def target(self) -> QWidget:
        return self._picker.field

    def commit(self, *, more: bool = False) -> bool:
        if not self.settle():
            return False
        line = self.form.draft.line
        if line.item is None and not self.form.draft.taken:
            self.say(t("What is broken? Type a few words or letters and press Enter."))
            return False
        if more:
            self.form.add_line()
            return False
        if line.item is None:
            self.form.drop_line()
        return True

    def settle(self) -> bool:
        line = self.form.draft.line
        if line.item is not None:
            return True
        if not line.said.strip():
            # Nothing typed: an item is taken only where somebody has walked the list to it.
            return self._picker.list.current is None or self._picker.list.choose(self._picker.list.current)
        if self._picker.list.choose(self._picker.list.current):
            return True
        self.say(t("Nothing in the catalogue fits these words. Name the appliance."))
        return False

    def back(self) -> bool:
        return not self.form.draft.line.said and self.form.drop_line()

    def set_active(self, active: bool) -> None:
        self._picker.set_active(active and self.form.draft.line.item is None)
        super().set_active(active)

    def refresh(self, touched: frozenset[str]) -> None:
        form, line = self.form, self.form.draft.line
        before = [spoken(form, each) for each in form.draft.lines[:-1]]
        self._before.setText("\n".join(before))
        self._before.setVisible(bool(before))
        self._picker.write(line.said if line.item is None else spoken(form, line))
        self._picker.set_active(self.active and line.item is None)
        if line.item is None and self.active:
            self._propose()
        twin = duplicate(form)
        self._duplicate.setText(
            t("{number} for the same is open already · Alt+O opens it", number=twin.number) if twin else ""
        )
        self._duplicate.setVisible(twin is not None)
        self._ties.setText(ties(form))
        self._ties.setVisible(bool(self._ties.text()))

    @property
    def warning(self) -> str:
        """The open order that this booking would double, in words."""
        return self._duplicate.text()

    def _propose(self) -> None:
        said = self.form.draft.line.said
        found = fault.propose(said, self.form.items)
        self._picker.propose([self._choice(each) for each in found], 0 if said.strip() else None)

    def _choice(self, proposal: Proposal) -> Choice:
        session, item, broken = self.form.session, proposal.item, proposal.fault
        said = name.item(session, item.id)
        if broken is None:
            return Choice(said, proposal, detail=t("to be found on site"))
        prices = self.form.prices
        price = book_labour(item, broken.id, prices.book) if prices else None
        # The price alone: in a narrow column the words need the room.
        detail = format.money(price, prices.book.currency) if prices and price is not None else ""
        return Choice(f"{said} · {name.fault(session, item.id, broken.id)}", proposal, detail=detail)

    def _on_typed(self, text: str) -> None:
        self.say(None)
        line = self.form.draft.line
        kept = line if line.item is None else DraftLine()
        self.form.change(lines=(*self.form.draft.lines[:-1], DraftLine(said=text, quantity=kept.quantity)))
        kind = safety.danger(text)
        if kind is not None and not self.form.draft.urgency_chosen:
            self.form.change(urgency="emergency")

    def _on_chosen(self, proposal: Proposal) -> None:
        form, said = self.form, self.form.draft.line.said.strip()
        form.change_line(
            item=proposal.item.id,
            fault=proposal.fault.id if proposal.fault else None,
            quantity=fault.quantity(said),
        )
        if fault.narrated(said) and said not in form.draft.note:
            form.change(note=f"{form.draft.note} {said}".strip())
        self._picker.set_active(False)

    def _on_emptied(self) -> None:
        self.form.drop_line()


def spoken(form: Form, line: DraftLine) -> str:
    """A line as people say it: 空调 不制冷 ×2, the brand first."""
    if line.item is None:
        return line.said
    parts = [
        line.brand,
        line.model,
        name.item(form.session, line.item),
        name.fault(form.session, line.item, line.fault),
    ]
    said = " ".join(part for part in parts if part)
    return said if line.quantity == 1 else f"{said} ×{line.quantity}"


def ties(form: Form) -> str:
    """How many come for it, and which order comes first, "" where one comes and nothing does."""
    draft, session = form.draft, form.session
    items = (session.get(Item, line.item) for line in draft.taken if line.item)
    crew = max((item.crew for item in items if item is not None), default=1)
    said = [t("{n} technicians come for this.", n=crew)] if crew > 1 else []
    if draft.after:
        said.append(t("Comes after order {number}.", number=name.order(session, draft.after)))
    return " ".join(said)


def duplicate(form: Form) -> OrderRow | None:
    """The caller's open order for the item in hand."""
    items = {line.item for line in form.draft.taken}
    return next((row for row in form.open_orders if row.item in items), None)
