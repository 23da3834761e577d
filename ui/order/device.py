"""A device in custody: to another shelf, ready for its owner, and back to whoever names the code."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QCheckBox, QComboBox

from dispatcher_app.domain import role
from dispatcher_app.domain.command import CancelOrder, FinishDevice, HandBack, MarkLine, MoveDevice
from dispatcher_app.domain.order import Order, Side
from dispatcher_app.domain.pricing import owed
from dispatcher_app.text import t
from ui import format
from ui.controls.field import Field
from ui.controls.section import label
from ui.limit import limit
from ui.models.bench import shelves_of, store_of
from ui.order.finish import lacking
from ui.order.form import Form, row_of
from ui.order.reason import CANCEL
from ui.submit import submit
from ui.task import Latest

if TYPE_CHECKING:
    from dispatcher_app.client.session import Session


class ShelfBox(QComboBox):
    """The shelves of a device's store, those with room first; any label where the store lists none."""

    def __init__(self, session: Session, order: Order, keeps: str = "") -> None:
        super().__init__()
        self._session, self._order = session, order
        self.setObjectName("shelf_box")
        self.setAccessibleName(t("Shelf"))
        device = order.device
        store = store_of(session, device.store) if device else None
        # A shelf that was left with the device is as good as any other.
        self._here = device.shelf if device and order.status != "handed_back" else ""
        self._keeps = keeps
        self.setEditable(store is None or not store.shelves)
        if keeps:
            self.addItem(keeps, "")
        self._asking = Latest(self)
        if store is not None and store.shelves:
            self._asking.ask(shelves_of(session, store), self._offer)

    @property
    def shelf(self) -> str:
        """The shelf chosen or typed, "" for none."""
        if not self.isEditable():
            return str(self.currentData() or "")
        typed = self.currentText().strip()
        return "" if typed == self._keeps else typed

    def _offer(self, found: list[tuple[str, int]]) -> None:
        for shelf, count in found:
            if shelf != self._here:
                said = (
                    t("{shelf} · {n} there", shelf=shelf, n=count)
                    if count
                    else t("{shelf} · free", shelf=shelf)
                )
                self.addItem(said, shelf)


class ShelfForm(Form):
    """It stands somewhere else."""

    def __init__(self, session: Session, order: Order) -> None:
        here = order.device.shelf if order.device else ""
        title = t("Move {number} from shelf {shelf}", number=order.number, shelf=here or "–")
        super().__init__(session, order, title, t("Move##go"))
        self.shelf = ShelfBox(session, order)
        self.body.addLayout(row_of(t("Shelf"), self.shelf))
        self.ask = self._command
        self.setFocusProxy(self.shelf)

    def _command(self) -> MoveDevice | None:
        if not self.shelf.shelf:
            self.refuse(t("Choose a shelf."))
            return None
        device = self.order.device
        return MoveDevice(
            order=self.order.id, from_shelf=device.shelf if device else "", shelf=self.shelf.shelf
        )


class ReadyForm(Form):
    """The work is done: what is still open is said here, and the lines can be closed with it."""

    def __init__(self, session: Session, order: Order) -> None:
        super().__init__(session, order, t("{number} is ready", number=order.number), t("Ready##go"))
        self._missing = label("", "error", wrap=True)
        self._missing.setObjectName("ready_missing")
        self.all_done = QCheckBox(t("Everything on the order is repaired"))
        self.all_done.setObjectName("ready_all")
        self.all_done.setChecked(True)
        self.shelf = ShelfBox(session, order, keeps=t("stays on its shelf"))
        for part in (self.all_done, self._missing):
            self.body.addWidget(part)
        self.body.addLayout(row_of(t("Shelf"), self.shelf))
        self.ask = self._command
        self.setFocusProxy(self.go)
        self.show_order(order)

    def show_order(self, order: Order) -> None:
        super().show_order(order)
        self.all_done.setVisible(any(line.state == "open" for line in order.lines))
        lines = sum(line.state == "open" for line in order.lines)
        missing = lacking(self.session, order)[0][lines:]
        said = "\n".join([t("Still to do, under Checks:"), *(f"· {each}" for each in missing)])
        self._missing.setText(said if missing else "")
        self._missing.setVisible(bool(missing))

    def _command(self) -> FinishDevice | None:
        if self.all_done.isChecked():
            for at, line in enumerate(self.order.lines):
                if line.state == "open":
                    done = MarkLine(order=self.order.id, line=at, from_state="open", state="done")
                    if submit(self.session, done, lambda said, _why: self.refuse(said)) is None:
                        return None
        return FinishDevice(order=self.order.id, shelf=self.shelf.shelf)


class HandBackForm(Form):
    """To whoever names the code; a supervisor may do without it, with a reason."""

    def __init__(self, session: Session, order: Order) -> None:
        super().__init__(session, order, t("Hand {number} back", number=order.number), t("Hand back##go"))
        self._owed = label("", "strong", wrap=True)
        self._owed.setObjectName("hand_back_owed")
        self.code = Field()
        self.code.setObjectName("hand_back_code")
        self.code.setMaxLength(8)
        self.code.setAccessibleName(t("Pick-up code"))
        self.code.setPlaceholderText(t("Pick-up code: 6 digits, on the receipt and in the message"))
        self.fields["code"] = self.code
        self.without = QCheckBox(t("Without the code (supervisor)"))
        self.without.setObjectName("hand_back_without")
        self.without.setVisible(role.holds(session.actor, role.OVERRIDES))
        self.without.toggled.connect(self._on_without)
        self.reason = Field()
        self.reason.setObjectName("hand_back_reason")
        limit(self.reason, "override_reason")
        self.reason.setAccessibleName(t("Reason"))
        self.reason.setPlaceholderText(t("Why, and how it was checked whose it is"))
        self.reason.hide()
        for part in (self._owed, self.code, self.without, self.reason):
            self.body.addWidget(part)
        self.fields["reason"] = self.reason
        self.ask = self._command
        self.setFocusProxy(self.code)
        self.show_order(order)

    def show_order(self, order: Order) -> None:
        super().show_order(order)
        left, device = owed(order) - order.paid, order.device
        shelf = t("Stands on shelf {shelf}. ", shelf=device.shelf) if device and device.shelf else ""
        if left > 0:
            due = format.money(left, order.quote.currency)
            self._owed.setText(shelf + t("{left} is still to be paid: Ctrl+Shift+M first.", left=due))
        else:
            self._owed.setText(shelf + t("All is paid."))

    def _on_without(self, without: bool) -> None:
        self.reason.setVisible(without)
        self.code.setEnabled(not without)
        (self.reason if without else self.code).setFocus()

    def _command(self) -> HandBack | None:
        if owed(self.order) > self.order.paid:  # the server knows the code, and would say so only afterwards
            self.refuse(t("It has to be paid first."))
            return None
        without = self.without.isChecked()
        code, reason = self.code.text().strip(), self.reason.text().strip()
        if without and not reason:
            self.refuse(t("Write the reason first."), "reason")
            return None
        if not without and not code:
            self.refuse(t("Type the code first."), "code")
            return None
        return HandBack(order=self.order.id, code="" if without else code, reason=reason if without else "")


class CallOffForm(Form):
    """No repair: the device waits to be fetched as it came, at the fee that was told."""

    def __init__(self, session: Session, order: Order) -> None:
        title = t("Call the repair of {number} off", number=order.number)
        super().__init__(session, order, title, t("Call off##go"), "danger")
        self.reason = QComboBox()
        self.reason.setObjectName("call_off_reason")
        self.reason.setAccessibleName(t("Reason"))
        for code, (word, _side) in CANCEL.items():
            self.reason.addItem(t(word), code)
        self._fee = label("", "strong", wrap=True)
        self.body.addLayout(row_of(t("Reason"), self.reason))
        self.body.addWidget(self._fee)
        self.reason.currentIndexChanged.connect(lambda _at: self._say())
        self.ask = self._command
        self.setFocusProxy(self.reason)
        self._say()

    def show_order(self, order: Order) -> None:
        super().show_order(order)
        self._say()

    def _say(self) -> None:
        order, side = self.order, CANCEL[self.reason.currentData()][1]
        fee = order.quote.if_declined if order.status != "received" and side == "customer" else 0
        due = format.money(fee, order.quote.currency)
        self._fee.setText(
            t("Costs the customer {fee}. Say so now.", fee=due) if fee else t("Free of charge.")
        )

    def _command(self) -> CancelOrder:
        reason = self.reason.currentData()
        side: Side = CANCEL[reason][1]
        return CancelOrder(order=self.order.id, reason=reason, side=side)
