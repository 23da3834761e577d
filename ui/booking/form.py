"""The booking in hand: its draft, what is known of the caller, and the windows that can be offered."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import QObject, QTimer, Signal

from dispatcher_app.domain.act import Rejected
from dispatcher_app.domain.catalogue import Item
from dispatcher_app.domain.customer import Address, Customer, normal_phone
from dispatcher_app.domain.order import Line, Quote, Service
from dispatcher_app.domain.place import Point
from dispatcher_app.domain.pricing import Tariff, Wanted, priced_line, quote
from dispatcher_app.domain.region import Region, Store
from dispatcher_app.domain.rule.facts import tariff
from dispatcher_app.planning.windows import Offered
from dispatcher_app.rows import OrderRow
from ui import name
from ui.booking import order
from ui.booking.draft import Draft, DraftLine, from_data, to_data
from ui.booking.promise import Promise
from ui.models.bench import own_store, store_of
from ui.task import Errands, Latest

if TYPE_CHECKING:
    from dispatcher_app.client.session import Session
    from dispatcher_app.client.state import KnownCaller, Link

SAVE_AFTER_MS: Final = 250
EVERYTHING: Final = frozenset(field.name for field in dataclasses.fields(Draft))


class Form(QObject):
    """Holds one draft at a time; every change is told and kept, every question is asked in the background.

    `complaint_wanted` carries the caller's order that he complains about.
    """

    changed = Signal(object)
    complaint_wanted = Signal(str)
    caller_changed = Signal()
    offered_changed = Signal()

    def __init__(self, session: Session, parent: QObject | None = None, service: Service = "home") -> None:
        super().__init__(parent)
        self.session, self.service = session, service
        self.draft = Draft(service=service)
        self.candidates: Sequence[KnownCaller] | None = None
        self.looking = False
        self.no_reduction: Rejected | None = None
        self.at_store = ""
        self._asked_phone = ""
        self._booked = False
        self._lookup = Latest(self)
        self.errands = Errands(self)
        self._save = QTimer(self, singleShot=True, interval=SAVE_AFTER_MS)
        self._save.timeout.connect(self.flush)
        self._state = session.link.state
        self.promise = Promise(self)
        stop = session.subscribe(link=self._on_link, changed=self.promise.on_news)
        self.destroyed.connect(lambda: stop())

    # ------------------------------------------------------------------ what is at hand

    @property
    def region(self) -> Region | None:
        """The region this desk books for."""
        return name.region(self.session)

    @property
    def store(self) -> Store | None:
        """Where devices are taken in: the store chosen at this desk, else its person's own."""
        return (self.at_store and store_of(self.session, self.at_store)) or own_store(self.session)

    @property
    def prices(self) -> Tariff | None:
        """What prices are worked out from, None while region or price book are not here."""
        try:
            return tariff(
                self.session, self.session.region_id, self.session.now(), order.window_of(self.draft)
            )
        except Rejected:
            return None

    @property
    def items(self) -> list[Item]:
        """The catalogue."""
        return self.session.all(Item)

    @property
    def offline(self) -> bool:
        """Whether a booking now has to wait for its confirmation."""
        return self.session.link.state != "online"

    @property
    def customer(self) -> Customer | None:
        """The caller, where he is known."""
        known = self.caller
        return known.customer if known else None

    @property
    def caller(self) -> KnownCaller | None:
        """The caller among the candidates."""
        found = self.candidates or ()
        return next((each for each in found if each.customer.id == self.draft.customer), None)

    @property
    def orders(self) -> Sequence[OrderRow]:
        """The caller's orders, newest first."""
        return sorted(self.caller.orders, key=lambda row: -row.created_at) if self.caller else ()

    @property
    def open_orders(self) -> list[OrderRow]:
        """The caller's orders that are not closed: those of this service, then the newest, first."""
        found = [row for row in self.orders if not row.closed]
        return sorted(found, key=lambda row: row.service != self.service)

    @property
    def complained_about(self) -> OrderRow | None:
        """What the caller would complain about: what he complains about already, else an open order, else his last."""
        found = [row for row in self.orders if row.complaint] or self.open_orders or list(self.orders)
        return found[0] if found else None

    @property
    def addresses(self) -> list[Address]:
        """The caller's homes."""
        return list(self.caller.addresses) if self.caller else []

    @property
    def item(self) -> Item | None:
        """What the line in the fields is about."""
        line = self.draft.line
        return self.session.get(Item, line.item) if line.item else None

    @property
    def address(self) -> Address | None:
        """The known home that was chosen."""
        if self.draft.address is None:
            return None
        # A customer of long ago is known to the server only, and so are his homes.
        known = next((each for each in self.addresses if each.id == self.draft.address), None)
        return known or self.session.get(Address, self.draft.address)

    @property
    def place(self) -> tuple[str, Point] | None:
        """District and point of where to come to, None while that is open."""
        known, draft = self.address, self.draft
        if known is not None:
            return known.district, known.point
        if draft.lon is None or draft.lat is None:
            return None
        return draft.district, Point(draft.lon, draft.lat)

    @property
    def offered(self) -> Offered | None:
        """The windows that can be promised, None while they are not known."""
        return self.promise.offered

    @property
    def booked(self) -> bool:
        """Whether the draft has been booked: nothing of it changes any more."""
        return self._booked

    def quote(self) -> Quote | None:
        """The price as it stands: by the place, else from the service point; None while nothing is chosen.

        A coupon or package that is not good for it counts for nothing; `no_reduction` then says why.
        """
        self.no_reduction = None
        prices = self.prices
        if prices is None or not (lines := self.lines(prices)):
            return None
        region = prices.region
        point = self.place[1] if self.place else (region.service_points or (region.centre,))[0]
        if self.service == "workshop" and (store := self.store) is not None:
            point = store.point
        wanted = Wanted(
            lines=lines,
            point=point,
            urgency=self.draft.urgency,
            window=order.window_of(self.draft),
            at=self.session.now(),
            service=self.service,
            coupon=self.draft.coupon.strip() or None,
            package=self.draft.package,
        )
        try:
            return quote(wanted, prices)
        except Rejected as rejected:
            self.no_reduction = rejected
            return quote(replace(wanted, coupon=None, package=None), prices)

    def lines(self, prices: Tariff) -> tuple[Line, ...]:
        """The lines with the minutes of the catalogue and the labour of the price book."""
        known = [(line, self.session.get(Item, line.item)) for line in self.draft.taken if line.item]
        return tuple(
            priced_line(item, line.fault, line.brand, line.model, line.quantity, prices.book)
            for line, item in known
            if item is not None
        )

    # ------------------------------------------------------------------ changes

    def change(self, **fields: Any) -> None:
        """Change fields of the draft; what depends on them is asked anew."""
        if self._booked:
            return
        new = replace(self.draft, **fields)
        touched = frozenset(each for each in fields if getattr(new, each) != getattr(self.draft, each))
        if not touched:
            return
        self.draft = new
        self._save.start()
        self.changed.emit(touched)
        if "phone" in touched:
            self._look_up()
        if touched & {"lines", "urgency", "address", "lon", "lat", "district"}:
            self.promise.ask()

    def change_line(self, **fields: Any) -> None:
        """Change the line in the fields."""
        self.change(lines=(*self.draft.lines[:-1], replace(self.draft.line, **fields)))

    def add_line(self) -> bool:
        """Begin another line; False while the one in the fields names nothing."""
        if self.draft.line.item is None:
            return False
        self.change(lines=(*self.draft.lines, DraftLine()))
        return True

    def drop_line(self) -> bool:
        """Give up the empty line in the fields and take the one before into them; False without one before."""
        if len(self.draft.lines) < 2:
            return False
        self.change(lines=self.draft.lines[:-1])
        return True

    def take(self, draft: Draft) -> None:
        """Put another draft into the column, the present one being kept."""
        if not self._booked:
            self.flush()
        self.draft, self._booked = draft, False
        self.candidates, self._asked_phone, self.looking = None, "", False
        self._lookup.forget()
        self.promise.begin()
        self.changed.emit(EVERYTHING)
        self.caller_changed.emit()
        self.offered_changed.emit()
        self._look_up()
        self.promise.ask()

    def flush(self) -> None:
        """Keep the draft now; one that is empty or booked is not kept."""
        self._save.stop()
        if self._booked or self.draft.empty:
            self.session.drop_draft(self.draft.id)
        else:
            self.session.put_draft(self.draft.id, to_data(self.draft))

    def forget(self) -> None:
        """Keep the draft no longer: it has been booked, and its hour with it."""
        self._booked = True
        self.promise.end()
        self.flush()

    def discard(self) -> None:
        """Keep the draft no longer, nor an hour for it: there is nothing in it worth keeping."""
        self.promise.holding.release()
        self.forget()

    def parked(self) -> list[Draft]:
        """All drafts of this service that are kept, oldest first."""
        found = (from_data(each) for each in self.session.drafts().values())
        own = (each for each in found if each is not None and each.service == self.service)
        return sorted(own, key=lambda each: each.id)

    # ------------------------------------------------------------------ the caller

    def settle(self, customer: str | None) -> None:
        """The caller is this customer, or nobody known."""
        address = self.draft.address if customer == self.draft.customer else None
        self.change(customer=customer, caller_settled=True, address=address)
        self.caller_changed.emit()

    def _look_up(self) -> None:
        try:
            phone = normal_phone(self.draft.phone)
        except Rejected:
            phone = ""
        if phone == self._asked_phone:
            return
        self._asked_phone = phone
        self._lookup.forget()
        self.candidates = None
        self.looking = bool(phone)
        if phone:
            self._lookup.ask(self.session.customers_by_phone(phone), self._on_known)
        self.caller_changed.emit()

    def _on_known(self, found: Sequence[KnownCaller]) -> None:
        self.looking, self.candidates = False, tuple(found)
        ids = {each.customer.id for each in found}
        if self.draft.customer is not None and self.draft.customer not in ids:
            # Another number was typed over the one that the customer was found by.
            self.change(customer=None, caller_settled=False, address=None)
        if not self.draft.caller_settled and len(found) == 1 and found[0].sure:
            self.change(customer=found[0].customer.id)
        self.caller_changed.emit()
        self.promise.ask()

    def _on_link(self, link: Link) -> None:
        if link.state == self._state:
            return
        self._state = link.state
        if self._state == "online":
            self.promise.look_again()
        if self._state == "online" and any(not each.sure for each in self.candidates or ()):
            self._asked_phone = ""
            self._look_up()
        self.offered_changed.emit()
