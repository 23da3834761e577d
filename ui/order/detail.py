"""The facts of an order: when and who, for whom and where, what and for how much."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QLabel, QWidget

from dispatcher_app.domain.customer import Address, Customer
from dispatcher_app.domain.day import Day, Stop
from dispatcher_app.domain.order import CLOSED, WORKSHOP, Order, QuoteLine
from dispatcher_app.domain.technician import Technician
from dispatcher_app.text import t
from ui import format, icons, name, theme
from ui.controls.facts import Facts
from ui.controls.section import Section, label
from ui.models.planned import planned, tentative
from ui.order.countdown import Countdown
from ui.order.reason import reason_word
from ui.order.secret import Secret
from ui.order.who import CardButton

if TYPE_CHECKING:
    from dispatcher_app.client.session import Session


class Appointment(Section):
    """What is promised and what is planned, as two fields; who goes; the offer that runs."""

    def __init__(
        self, session: Session, as_planned: QWidget | None = None, parent: QWidget | None = None
    ) -> None:
        super().__init__(t("Appointment"), parent)
        self._as_planned = as_planned
        if as_planned is not None:
            self.add_tool(as_planned)
        self._session = session
        self._facts = Facts()
        self._facts.add("promised", t("Promised"))
        self._pinned = QLabel()
        self._pinned.setObjectName("visit_pinned")
        self._facts.add("planned", t("Planned"), self._pinned)
        self.who = CardButton(session)
        self._facts.add("technician", t("Technician"), self.who)
        self._facts.add("crew", t("Takes##crew"))
        self._facts.add("after", t("Comes after"))
        self._facts.add("then", t("Comes before"))
        self._facts.add("wished", t("Wished for"))
        self._facts.add("passed", t("Passed on by"))
        self._facts.add("urged", t("Urged"))
        self._facts.add("rebooked", t("Moved"))
        self._facts.add("cancelled", t("Cancelled"))
        self._offer = Countdown(session)
        self.body.addWidget(self._offer)
        self.body.addWidget(self._facts)

    def show_order(self, order: Order) -> None:
        """Show an order's times and people."""
        session, now, timezone = self._session, self._session.now(), name.timezone(self._session)
        window = order.window
        promised = format.window(window.start, window.end, now, timezone) if window else t("no window yet")
        if order.provisional:
            promised = t("{window} (to confirm)", window=promised)
        self._facts.say("promised", promised, "" if window else "error")
        found = planned(session, order)
        self._facts.say("planned", self._planned(order, found, now, timezone))
        if self._as_planned is not None:
            self._as_planned.setVisible(tentative(session, order) is not None)
        self._show_pin(found is not None and found[1].pinned)
        self._facts.say("technician", self._technician(order), "strong")
        self.who.show_technician(order.technician)
        self._show_ties(order)
        self._facts.say("wished", name.technician(session, order.requested_technician))
        declined = order.offer.declined if order.offer else ()
        self._facts.say("passed", t(", ").join(name.technician(session, each) for each in declined))
        urged = format.moment_with_age(order.urged_at, now, timezone) if order.urged_at else ""
        self._facts.say(
            "urged", t("{n}×, last {when}", n=order.urged, when=urged) if order.urged else "", "error"
        )
        self._facts.say("rebooked", t("{n}×", n=order.rebooked) if order.rebooked else "")
        self._facts.say("cancelled", self._cancelled(order))
        running = order.offer if order.status == "offered" and order.pool is None else None
        self._offer.show_until(
            t("Offered to {name}", name=name.technician(session, running.technician)) if running else "",
            running.expires_at if running else None,
        )

    def _show_ties(self, order: Order) -> None:
        """How many come, and which orders come before and after."""
        missing = order.missing if order.technician is not None else 0
        crew = t("{n} technicians##crew", n=order.crew) if order.crew > 1 else ""
        said = t("{crew}, {n} more needed", crew=crew, n=missing) if missing else crew
        self._facts.say("crew", said, "error" if missing else "")
        first = order.after
        before = name.short_order(self._session, first.order) if first is not None else ""
        if first is not None and first.pause:
            before = t("{order}, {n} min after it", order=before, n=first.pause)
        self._facts.say("after", before)
        self._facts.say("then", t(", ").join(name.short_order(self._session, each) for each in order.then))

    def _show_pin(self, pinned: bool) -> None:
        edge = theme.current().px(16)
        if pinned:
            self._pinned.setPixmap(icons.pixmap("lock", "accent", edge))
        self._pinned.setToolTip(t("Pinned: no plan moves it"))
        self._pinned.setAccessibleName(t("Pinned: no plan moves it"))
        self._pinned.setVisible(pinned)

    def offer_words(self) -> str:
        """What is said of a running offer, "" where none runs."""
        return self._offer.accessibleName() if self._offer.isVisible() else ""

    def _planned(self, order: Order, found: tuple[Day, Stop] | None, now: int, timezone: str) -> str:
        if found is None:
            over = order.status in (*CLOSED, *WORKSHOP, "finished")
            return "" if over and order.technician is None else t("not planned")
        day, stop = found
        if stop.state == "tentative":
            who = name.people(
                name.technician(self._session, each) for each in stop.together or (day.technician,)
            )
            return t("{who} {time} (not dispatched)", who=who, time=format.moment(stop.start, now, timezone))
        drive = t("{n} min drive", n=round(stop.travel_s / 60))
        return f"{format.window(stop.start, stop.end, now, timezone)} · {drive}"

    def _technician(self, order: Order) -> str:
        if order.technician is None:
            return ""
        known = self._session.get(Technician, order.technician)
        said = known.name if known is not None else order.technician
        if known is not None and not name.masked(self._session):
            said = f"{known.name}  {known.phone_mask}"
        helpers = name.people(name.technician(self._session, each) for each in order.along)
        return t("{who}, with {helpers}", who=said, helpers=helpers) if helpers else said

    def _cancelled(self, order: Order) -> str:
        gone = order.cancellation
        if gone is None:
            return ""
        fee = format.money(gone.fee, order.quote.currency)
        return t(
            "{reason}, {side}, fee {fee}", reason=reason_word(gone.reason), side=name.side(gone.side), fee=fee
        )


class People(Section):
    """The customer and the door: secrets are masked until somebody says why he needs them."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(t("Customer and address"), parent)
        self._session = session
        self._facts = Facts()
        self.phone = Secret(session, t("Phone"))
        self.phone.setObjectName("secret_phone")
        self._unit = Secret(session, t("Unit"))
        self._code = Secret(session, t("Door code"))
        self._facts.add("name", t("Customer"))
        self._facts.add_widget(t("Phone"), self.phone)
        self._facts.add("address", t("Address"))
        self._facts.add("place", t("Place"))
        self._facts.add_widget(t("Unit"), self._unit)
        self._facts.add("entry", t("Entry"))
        self._facts.add_widget(t("Door code"), self._code)
        self._facts.add("homes", t("Other addresses"))
        self.body.addWidget(self._facts)

    def show_order(self, order: Order) -> None:
        """Show for whom and where."""
        customer = self._session.get(Customer, order.customer)
        address = self._session.get(Address, order.address)
        self._facts.say("name", customer.name if customer else t("erased"), "strong")
        self.phone.show_mask("customer", order.customer, "phone", customer.phone_mask if customer else "")
        district = name.district(self._session, order.district)
        parts = (district, address.compound, address.building) if address else (district,)
        self._facts.say("address", " ".join(filter(None, parts)))
        approximate = t("≈ approximate, only the district is sure") if order.approximate else ""
        self._facts.say("place", approximate, "error")
        self._unit.show_mask("address", order.address, "unit", address.unit_mask if address else "")
        self._facts.say("entry", name.entry(address.entry) if address else "")
        self._code.show_mask(
            "address", order.address, "door_code", "••••" if address and address.has_door_code else ""
        )
        others = [each for each in self._session.addresses_of(order.customer) if each.id != order.address]
        self._facts.say("homes", "\n".join(filter(None, map(self._home, others))))
        for secret, shown in (
            (self._unit, address and address.unit_mask),
            (self._code, address and address.has_door_code),
        ):
            self._facts.show_widget(secret, bool(shown))

    def _home(self, address: Address) -> str:
        district = name.district(self._session, address.district)
        return " ".join(filter(None, (district, address.compound, address.building)))


class Price(Section):
    """Lines, faults and brands, and the price item by item."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(t("Repair and price"), parent)
        self._session = session
        self._shown: tuple[object, ...] = ()
        self._grid = QGridLayout()
        self._grid.setHorizontalSpacing(theme.current().space(3))
        self._grid.setVerticalSpacing(theme.current().space(1))
        self._grid.setColumnStretch(0, 1)
        self.body.addLayout(self._grid)

    def show_order(self, order: Order) -> None:
        """Show what is repaired and what it costs."""
        shown = (order.id, order.lines, order.quote)
        if shown == self._shown:
            return
        self._shown = shown
        while (item := self._grid.takeAt(0)) is not None:
            if widget := item.widget():
                widget.hide()
                widget.deleteLater()
        currency = order.quote.currency
        for line in order.lines:
            what = " ".join(filter(None, (line.brand, name.item(self._session, line.item), line.model)))
            fault = name.fault(self._session, line.item, line.fault)
            times = f" ×{line.quantity}" if line.quantity > 1 else ""
            said = " · ".join(filter(None, (what + times, fault)))
            self._row(said, t("{n} min", n=line.minutes * line.quantity), "strong")
        for amount in order.quote.lines:
            self._row(self._reason(amount, currency), format.money(amount.amount, currency))
        self._row(t("Total"), format.money(order.quote.total, currency), "strong")
        if order.quote.if_declined:
            declined = format.money(order.quote.if_declined, currency)
            bench = order.service == "workshop"
            said = t("If the owner declines the quote") if bench else t("If the customer declines on site")
            self._row(said, declined, "small")

    def _reason(self, amount: QuoteLine, currency: str) -> str:
        what = name.quote_line(amount.what)
        if amount.what == "labour":
            return " ".join((what, name.item(self._session, str(amount.params.get("item", "")))))
        if amount.reason == "door_fee_waived":
            fee = format.money(int(amount.params.get("fee", 0)), currency)
            distance = format.distance(float(amount.params.get("distance_m", 0)))
            return t("{what} {fee} ({distance}), waived when repaired", what=what, fee=fee, distance=distance)
        return what

    def _row(self, said: str, amount: str, role: str = "") -> None:
        row = self._grid.rowCount()
        self._grid.addWidget(label(said, role, wrap=True), row, 0)
        self._grid.addWidget(label(amount, role), row, 1, Qt.AlignmentFlag.AlignRight)
