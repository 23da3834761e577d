"""The facts that rules see inside the writer's transaction."""

from __future__ import annotations

from collections.abc import Mapping
from typing import cast

from dispatcher_app import rows
from dispatcher_app.domain.customer import Address, Customer
from dispatcher_app.domain.entity import PLATFORM, E, Entity
from dispatcher_app.domain.money.ledger import Posting, sums
from dispatcher_app.domain.order import CLOSED, Order
from dispatcher_app.domain.region import Policy, Region
from dispatcher_app.server.recent import Recent
from dispatcher_app.server.store import ledger, query, record
from dispatcher_app.server.store.database import Cursor
from dispatcher_app.server.vault import Vault

PLATFORM_KINDS = frozenset({
    "region", "staff", "policy", "category", "item", "part", "price_book", "series", "holiday_year", "standard",
    "template",
})  # fmt: skip


class Transaction:
    """A world that remembers what the acts before in the same batch have changed."""

    def __init__(
        self,
        cursor: Cursor,
        platform: dict[tuple[str, str], Entity | None],
        heads: dict[str, int],
        vault: Vault,
        *,
        asks_ledger: bool = False,
        recent: Recent | None = None,
    ) -> None:
        self.cursor = cursor
        self.vault = vault
        self.heads = heads
        self.writes = record.Writes()
        self.asks_ledger = asks_ledger
        self._platform = platform
        self._recent = recent or Recent()
        self._seen: dict[tuple[str, str], Entity | None] = {}
        self._numbers: dict[tuple[str, str], int] = {}

    def get(self, type_: type[E], id: str) -> E | None:
        """The entity as it stands after the acts before."""
        key = (type_.kind, id)
        if key in self._seen:
            return cast("E | None", self._seen[key])
        if type_.kind in PLATFORM_KINDS and PLATFORM not in self.heads:
            if key not in self._platform:
                self._platform[key] = record.load(self.cursor, type_.kind, id)
            return cast("E | None", self._platform[key])
        found = self._recent.get(key, self.heads) or record.load(self.cursor, type_.kind, id)
        self._seen[key] = found
        return cast("E | None", found)

    @property
    def seen(self) -> Mapping[tuple[str, str], Entity | None]:
        """Everything that was read or written, as it stands now."""
        return self._seen

    def all(self, type_: type[E]) -> list[E]:
        """Every entity of a kind that belongs to the whole company, as the acts before have left them."""
        found = {each.id: each for each in record.load_all(self.cursor, type_.kind, PLATFORM)}
        found.update(
            {id: each for (kind, id), each in self._seen.items() if kind == type_.kind and each is not None}
        )
        return [cast(E, found[id]) for id in sorted(found)]

    def orders_of(self, customer: str) -> list[str]:
        """The customer's open orders, as the acts before have left them."""
        found = dict.fromkeys(query.open_orders_of(self.cursor, customer))
        seen = (each for each in self._seen.values() if isinstance(each, Order) and each.customer == customer)
        for order in seen:
            if order.status in CLOSED:
                found.pop(order.id, None)
            else:
                found[order.id] = None
        return list(found)

    def code(self, kind: str, id: str, field: str) -> str | None:
        """The code that the customer was sent, those of the acts before in the batch included."""
        for written in reversed(self.writes.secrets):
            if written[:3] == (kind, id, field):
                return self.vault.open(kind, id, field, cast(bytes, written[4]))
        found = query.secret(self.cursor, kind, id, field)
        return self.vault.open(kind, id, field, found[1]) if found else None

    def balance(self, region: str, account: str, currency: str) -> int | None:
        """What stands on an account, with what the acts before in the batch have posted."""
        key = (region, account, currency)
        return ledger.balance(self.cursor, *key) + self.writes.ledger.balances.get(key, 0)

    def standing(self, order: str) -> Mapping[str, int]:
        """What the postings about an order have left on each account, those of the acts before included."""
        found = ledger.standing(self.cursor, order)
        fresh = (each for each in self.writes.ledger.postings.values() if each.order == order)
        for account, amount in sums(fresh).items():
            found[account] = found.get(account, 0) + amount
        return found

    def posted(self, id: str) -> Posting | None:
        """The posting of that id, those of the acts before in the batch included."""
        return self.writes.ledger.postings.get(id) or ledger.posted(self.cursor, id)

    def has_posted(self, id: str) -> bool:
        """Whether the batch has that posting; the database itself is asked only where it has refused one."""
        return id in self.writes.ledger.postings or (
            self.asks_ledger and ledger.posted(self.cursor, id) is not None
        )

    def number(self, region: str, date: str, temporary: str | None) -> str:
        """The next number of the day: 261122-0031, of which 31 is what people say."""
        key = (region, date)
        if key not in self.writes.serials:
            row = self.cursor.one("SELECT last FROM serial WHERE log = ? AND date = ?", key)
            self.writes.serials[key] = int(row[0]) if row else 0
        self._numbers[key] = self._numbers.get(key, self.writes.serials[key]) + 1
        return f"{date[2:4]}{date[5:7]}{date[8:10]}-{self._numbers[key]:04d}"

    def forget(self) -> None:
        """An act was refused: the numbers it took are free again."""
        self._numbers.clear()

    def keep(self, made: Entity) -> None:
        """The entity after an accepted act."""
        self._seen[made.kind, made.id] = made

    def advance(self, log: str, seq: int) -> None:
        """An act was accepted as number `seq` of its log."""
        self.heads[log] = self.writes.heads[log] = seq
        self.writes.serials.update(self._numbers)
        self._numbers.clear()

    def show(self, order_id: str) -> None:
        """Make the order's narrow row anew."""
        order = self.get(Order, order_id)
        region = self.get(Region, order.region) if order else None
        if order is None or region is None:
            return
        policy = self.get(Policy, "policy") or Policy()
        customer, address = self.get(Customer, order.customer), self.get(Address, order.address)
        self.writes.rows[order.id] = rows.order_row(order, customer, address, policy, region.timezone)
