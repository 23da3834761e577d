"""What we hold of somebody's: which device, with what, how it looked, where it stands, and the code it goes for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from dispatcher_app.domain import role
from dispatcher_app.domain.calendar import midnight
from dispatcher_app.domain.order import Order
from dispatcher_app.text import t
from ui import custody, format, name
from ui.controls.facts import Facts
from ui.controls.section import Section
from ui.models.bench import store_of
from ui.order.secret import Secret

if TYPE_CHECKING:
    from dispatcher_app.client.session import Session


class Custody(Section):
    """Stands where other orders have their appointment."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(t("Device in custody"), parent)
        self._session = session
        self._facts = Facts()
        for code, word in (
            ("shelf", t("Shelf")), ("promised_on", t("Promised for")), ("ready_at", t("Ready since")),
            ("reminded", t("Reminded")), ("serial", t("Serial number")), ("accessories", t("Came with it")),
            ("condition", t("Condition")), ("consent", t("Data##device")), ("bench", t("On the bench of")),
        ):  # fmt: skip
            self._facts.add(code, word)
        self.code = Secret(session, t("Pick-up code"))
        self._facts.add_widget(t("Pick-up code"), self.code)
        self.body.addWidget(self._facts)

    def show_order(self, order: Order) -> None:
        """Show the device of an order."""
        device = order.device
        if device is None:
            return
        session, now, zone = self._session, self._session.now(), name.timezone(self._session)
        store = store_of(session, device.store)
        self._facts.say(
            "shelf", " · ".join(filter(None, (device.shelf, name.store(store) if store else ""))), "strong"
        )
        promised = format.day(midnight(device.promised_on, zone), now, zone) if device.promised_on else ""
        self._facts.say("promised_on", promised)
        self._facts.say(
            "ready_at", format.moment_with_age(device.ready_at, now, zone) if device.ready_at else ""
        )
        last = format.moment(device.reminded_at, now, zone) if device.reminded_at else ""
        self._facts.say("reminded", t("{n}×, last {when}", n=device.reminded, when=last) if last else "")
        self._facts.say("serial", device.serial)
        self._facts.say(
            "accessories", t(", ").join(map(custody.accessory, device.accessories)) or t("nothing")
        )
        self._facts.say(
            "condition", t(", ").join(map(custody.condition, device.condition)) or t("nothing noted")
        )
        self._facts.say("consent", custody.consent(device.data_consent))
        self._facts.say("bench", name.technician(session, order.technician))
        here = order.status != "handed_back" and role.holds(session.actor, role.BOOKS)
        self.code.show_mask("order", order.id, "pickup_code", "••••••" if here else "")
        self._facts.show_widget(self.code, here)
