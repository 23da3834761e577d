"""Who calls: the number as it is typed, what is known of him, and which of several he is."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QToolButton, QWidget

from dispatcher_app.domain import role
from dispatcher_app.domain.act import Rejected
from dispatcher_app.domain.customer import normal_phone
from dispatcher_app.rows import OrderRow
from dispatcher_app.text import sentence, t
from ui import format, mark, name
from ui.booking.form import Form
from ui.booking.step import Step, TextStep
from ui.controls.choices import Choices
from ui.controls.picker import Entry
from ui.controls.section import label
from ui.limit import limit
from ui.models.choice import Choice

if TYPE_CHECKING:
    from dispatcher_app.client.state import KnownCaller

_LAST: Final = 2
_COMPLAINS: Final = role.NOTES_COMPLAINTS - {"finance"}
_KEYS: Final = "123456789"


class NumberStep(Step):
    """The caller's number; whoever it belongs to appears below while it is being typed."""

    def __init__(self, form: Form) -> None:
        super().__init__(form, "phone", t("Number##booking"))
        self.entry = Entry()
        limit(self.entry, "phone")
        self.entry.setPlaceholderText(t("As the display shows it"))
        self.entry.setAccessibleName(t("Number##booking"))
        self.entry.textEdited.connect(self._on_edited)
        self._known = label("", "strong", wrap=True)
        self._story = label("", "small", wrap=True)
        self._open = label("", "", wrap=True)
        self._grievance = label("", "error", wrap=True)
        self._grievance.setObjectName("caller_complaint")
        self._complain = QToolButton()
        self._complain.setObjectName("caller_complains")
        self._complain.setText(t("He complains  Alt+C"))
        self._complain.setShortcut("Alt+C")
        self._complain.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._complain.clicked.connect(self._on_complain)
        for part in (self.entry, self._known, self._story, self._open, self._grievance):
            self.body.addWidget(part)
        self.body.addWidget(self._complain, 0, Qt.AlignmentFlag.AlignLeft)
        form.caller_changed.connect(lambda: self.refresh(frozenset()))

    def target(self) -> QWidget:
        return self.entry

    def commit(self, *, more: bool = False) -> bool:
        if self.form.draft.customer is not None:
            return True
        try:
            normal_phone(self.form.draft.phone)
        except Rejected as rejected:
            typed = self.form.draft.phone.strip()
            self.say(
                sentence(rejected.code, rejected.params) if typed else t("The caller's number is missing.")
            )
            return False
        return True

    def refresh(self, touched: frozenset[str]) -> None:
        if self.entry.text() != self.form.draft.phone and not self.entry.composing:
            self.entry.setText(self.form.draft.phone)
        self._known.setText(self._who())
        self._story.setText(self._past())
        self._open.setText(self._open_ones())
        self._grievance.setText(self._grievances())
        for part in (self._known, self._story, self._open, self._grievance):
            part.setVisible(bool(part.text()))
        may = role.holds(self.form.session.actor, _COMPLAINS)
        self._complain.setVisible(may and self.form.complained_about is not None)

    def _on_complain(self) -> None:
        if (row := self.form.complained_about) is not None:
            self.form.complaint_wanted.emit(row.id)

    def _grievances(self) -> str:
        found = [row.number for row in self.form.orders if row.complaint]
        return t("Complains about {numbers}: not settled yet", numbers=t(", ").join(found)) if found else ""

    def _on_edited(self, text: str) -> None:
        self.say(None)
        self.form.change(phone=text, customer=None, caller_settled=False, address=None)

    def _who(self) -> str:
        form = self.form
        known = form.caller
        if known is not None:
            return known.customer.name if known.sure else t("{name} (not sure)", name=known.customer.name)
        if form.looking:
            return t("Looking up…")
        found = form.candidates
        if found is None:
            return ""
        if not found:
            return t("Unknown number: new customer")
        if form.draft.caller_settled:
            return t("New customer")
        if not any(each.sure for each in found):
            return t("Offline: {count} may have this number", count=len(found))
        return t("{count} customers have this number", count=len(found))

    def _past(self) -> str:
        form = self.form
        if form.caller is None:
            return ""
        parts = []
        if homes := form.addresses:
            parts.append(t("{count} addresses", count=len(homes)))
        last = [row for row in form.orders if row.closed][:_LAST]
        parts.extend(_told(form, row) for row in last)
        return " · ".join(parts) or t("No order yet")

    def _open_ones(self) -> str:
        rows = self.form.open_orders
        if not rows or not self.form.draft.caller_settled:
            return ""  # the step below lists them
        return t(
            "Open order {number} {what} · Alt+O opens it",
            number=rows[0].number,
            what=what(self.form, rows[0]),
        )


class CallerStep(Step):
    """Which of several customers calls, and whether it is about an order that is open already."""

    order_wanted = Signal(str)

    def __init__(self, form: Form) -> None:
        super().__init__(form, "caller", t("Caller##booking"))
        self._list = Choices(t("Caller##booking"))
        self._list.chosen.connect(self._on_chosen)
        self.body.addWidget(self._list)
        form.caller_changed.connect(lambda: self.refresh(frozenset()))

    def applies(self) -> bool:
        return not self.form.draft.caller_settled and (self.ambiguous or bool(self.form.open_orders))

    @property
    def ambiguous(self) -> bool:
        """Whether somebody has to say which customer it is."""
        found = self.form.candidates
        return bool(found) and self.form.draft.customer is None and not self.form.draft.caller_settled

    def target(self) -> QWidget:
        return self._list

    def commit(self, *, more: bool = False) -> bool:
        self._list.choose(self._list.current)
        return False  # the choice itself says where to go

    def refresh(self, touched: frozenset[str]) -> None:
        if not self.applies():
            return
        if self.ambiguous:
            self._list.show_choices(self._candidates())
        else:
            self._list.show_choices(self._orders())

    def _candidates(self) -> list[Choice]:
        found = list(self.form.candidates or ())[: len(_KEYS)]
        rows = [self._candidate(key, each) for key, each in zip(_KEYS, found, strict=False)]
        return [*rows, Choice(t("Somebody else: new customer"), self._nobody, "0")]

    def _candidate(self, key: str, known: KnownCaller) -> Choice:
        customer = known.customer
        homes = [each.compound for each in known.addresses]
        return Choice(
            customer.name, lambda: self._settle(customer.id), key,
            detail=customer.phone_mask if known.sure else t("not sure"),
            note=t(", ").join(homes[:2]), hue=None if known.sure else "amber",
        )  # fmt: skip

    def _orders(self) -> list[Choice]:
        form = self.form
        rows = [
            Choice(
                f"{row.number} {what(form, row)}", self._opening(row.id), key,
                detail=name.status(row.status), hue=mark.mark("order", row.status).hue, note=_when(form, row),
            )
            for key, row in zip(_KEYS, form.open_orders, strict=False)
        ]  # fmt: skip
        customer = form.draft.customer
        return [*rows, Choice(t("About something new: book"), lambda: self._settle(customer), "0")]

    def _opening(self, order: str) -> Callable[[], None]:
        return lambda: self.order_wanted.emit(order)

    def _nobody(self) -> None:
        self._settle(None)

    def _settle(self, customer: str | None) -> None:
        self.form.settle(customer)
        self.finished.emit()

    def _on_chosen(self, act: Callable[[], None]) -> None:
        act()


class NameStep(TextStep):
    """How a new customer is called."""

    def __init__(self, form: Form) -> None:
        super().__init__(form, "name", t("Name##booking"), "name", t("How the caller is to be addressed"))
        form.caller_changed.connect(lambda: self.refresh(frozenset()))

    def applies(self) -> bool:
        draft, found = self.form.draft, self.form.candidates
        if draft.customer is not None:
            return False
        return draft.caller_settled or found == () or bool(draft.name)

    def commit(self, *, more: bool = False) -> bool:
        if self.form.draft.name.strip():
            return True
        self.say(t("How is the caller called?"))
        return False


def what(form: Form, row: OrderRow) -> str:
    """Item and fault of an order."""
    return f"{name.item(form.session, row.item)} {name.fault(form.session, row.item, row.fault)}".strip()


def _when(form: Form, row: OrderRow) -> str:
    zone, now = name.timezone(form.session), form.session.now()
    if row.window_start is None or row.window_end is None:
        return t("No window yet, booked {when}", when=format.moment(row.created_at, now, zone))
    return format.window(row.window_start, row.window_end, now, zone)


def _told(form: Form, row: OrderRow) -> str:
    day = format.day(row.created_at, form.session.now(), name.timezone(form.session))
    return f"{day} {what(form, row)}"
