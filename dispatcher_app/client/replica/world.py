"""The facts that rules look at on a desk: its replica, which knows what it does not know."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, cast

from dispatcher_app.domain.act import Missing
from dispatcher_app.domain.command import (
    BookOrder,
    HoldWindow,
    ImportOrder,
    OpenComplaint,
    ReceiveDevice,
    ReturnVisit,
    StartPayment,
)
from dispatcher_app.domain.entity import E, Entity
from dispatcher_app.domain.money.complaint import Complaint
from dispatcher_app.domain.money.credit import Credit
from dispatcher_app.domain.money.discrepancy import Discrepancy
from dispatcher_app.domain.money.invoice import Invoice
from dispatcher_app.domain.money.ledger import Posting
from dispatcher_app.domain.money.payment import Payment
from dispatcher_app.domain.order import Order

MAKES_ORDER = (BookOrder, ImportOrder, ReceiveDevice, ReturnVisit, HoldWindow)
"""What names an order that there may not be yet; an hour is held for one that is still being taken down."""

MAY_BE_OLD = frozenset({Order.kind, Complaint.kind, Credit.kind, Invoice.kind, Payment.kind, Discrepancy.kind})
"""Kinds of which a desk holds the recent ones only, or by its roles none."""

Fetch = Callable[[str, str], Entity | None]


def made_by(command: Any) -> frozenset[str]:
    """The ids of what there may be only after a command."""
    if isinstance(command, StartPayment):
        return frozenset({command.payment})
    if isinstance(command, OpenComplaint):
        return frozenset({command.complaint})
    return frozenset({command.order}) if isinstance(command, MAKES_ORDER) else frozenset()


class ReplicaWorld:
    """Reads through `fetch` and remembers what was read; `complete` says whether the replica has been filled once."""

    def __init__(self, fetch: Fetch, command: Any, complete: bool) -> None:
        self._fetch = fetch
        self._made = made_by(command)
        self._complete = complete
        self.read: set[tuple[str, str]] = set()

    def get(self, type_: type[E], id: str) -> E | None:
        """The entity; raises Missing for what may be older than what a desk holds."""
        self.read.add((type_.kind, id))
        found = self._fetch(type_.kind, id)
        if found is None and (not self._complete or (type_.kind in MAY_BE_OLD and id not in self._made)):
            raise Missing(type_.kind, id)
        return cast("E | None", found)

    def all(self, type_: type[E]) -> list[E]:
        """Only the server knows that nothing is missing."""
        raise Missing(type_.kind, "*")

    def orders_of(self, customer: str) -> list[str]:
        """Only the server knows all of them."""
        raise Missing(Order.kind, "*")

    def code(self, kind: str, id: str, field: str) -> str | None:
        """Only the server knows what a customer was sent."""
        raise Missing(kind, id)

    def balance(self, region: str, account: str, currency: str) -> int | None:
        """A desk doesn't know."""
        return None

    def standing(self, order: str) -> Mapping[str, int]:
        """Only the server keeps a ledger."""
        raise Missing("posting", order)

    def posted(self, id: str) -> Posting | None:
        """Only the server keeps a ledger."""
        raise Missing("posting", id)

    def number(self, region: str, date: str, temporary: str | None) -> str:
        """The temporary number; the server gives the lasting one."""
        return temporary or ""
