"""The devices in a store's custody: how each stands, what comes first, and which shelves are free."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from dispatcher_app.client.replica.ask import OrderQuery
from dispatcher_app.domain import role
from dispatcher_app.domain.calendar import DAY_MS, local_date, midnight, next_date
from dispatcher_app.domain.order import Order
from dispatcher_app.domain.region import Policy, Staff, Store
from dispatcher_app.rows import OrderRow
from ui import format, name

if TYPE_CHECKING:
    from dispatcher_app.client.session import Session

STAGES: Final[dict[str, str]] = {
    "open": "All in the store##bench",
    "unclaimed": "Waiting long##bench",
    "late": "Promise broken##bench",
    "today": "Handed in today##bench",
    "received": "Received##order",
    "diagnosing": "Being looked at##order",
    "quoted": "Quote to confirm##order",
    "repairing": "In repair (handed in)##order",
    "ready": "Ready for pick-up##order",
    "gone": "Picked up today##bench",
}
"""What the counter looks at, in the order of its buttons."""

DAYS_AHEAD: Final = (0, 1, 2, 3, 5, 7, 14)
"""What is usually promised, in days from today."""
_RANK: Final = ("unclaimed", "late", "ready", "quoted", "received", "diagnosing", "repairing", "handed_back")
_GONE_AT_MOST: Final = 300


@dataclass(frozen=True, slots=True)
class Device:
    """A device with its order, the narrow row to search by, and what is urgent about it ("" for nothing)."""

    order: Order
    row: OrderRow
    urgent: str
    today: bool

    @property
    def shelf(self) -> str:
        """Where it stands."""
        return self.order.device.shelf if self.order.device else ""

    @property
    def rank(self) -> tuple[int, int, str]:
        """What comes first: who waits for us, then as the work goes; the longest waiting before the others."""
        at = _RANK.index(self.urgent or self.order.status)
        return at, self.order.since if at < len(_RANK) - 1 else -self.order.since, self.order.id

    def is_in(self, stage: str) -> bool:
        """Whether it belongs to a stage."""
        if stage == "gone":
            return self.order.status == "handed_back"
        if stage == "today":
            return self.today
        if self.order.status == "handed_back":
            return False
        return stage in ("open", self.urgent, self.order.status)

    def fits(self, words: str) -> bool:
        """Whether every typed word is in its number, name, phone tail, serial number or shelf."""
        device = self.order.device
        serial, shelf = (device.serial, device.shelf) if device else ("", "")
        known = f"{self.row.search} {serial} {shelf}".lower()
        tail = self.row.phone_tail
        return all(
            word in known or (bool(tail) and word.isdigit() and len(word) > 6 and word.endswith(tail))
            for word in words.lower().split()
        )


async def devices(session: Session, store: str) -> list[Device]:
    """The devices of a store that are not handed back, and those that were today, the most urgent first."""
    now, zone = session.now(), name.timezone(session)
    today = midnight(local_date(now, zone), zone)
    ids = [id for _key, id in await session.order_keys(OrderQuery(view="workshop"))]
    back = OrderQuery(statuses=frozenset({"handed_back"}), sort="created_at", descending=True)
    ids += [id for _key, id in (await session.order_keys(back))[:_GONE_AT_MOST]]
    rows = await session.order_rows(ids)
    found = []
    for id in ids:
        order, row = session.get(Order, id), rows.get(id)
        if order is None or row is None or order.device is None or order.device.store != store:
            continue
        if order.status == "handed_back" and (order.closed_at or 0) < today:
            continue
        found.append(Device(order, row, urgency(session, order), order.created_at >= today))
    return sorted(found, key=lambda each: each.rank)


def urgency(session: Session, order: Order) -> str:
    """ "unclaimed" where it has waited too long for its owner, "late" where our promise is over."""
    device, policy = order.device, session.get(Policy, "policy") or Policy()
    if device is None or order.status == "handed_back":
        return ""
    now = session.now()
    if order.status == "ready":
        waits = device.ready_at is not None and now - device.ready_at > policy.pick_up_remind_days * DAY_MS
        return "unclaimed" if waits else ""
    promised, today = device.promised_on, local_date(now, name.timezone(session))
    return "late" if promised is not None and promised < today else ""


def shelves(store: Store, taken: Iterable[str]) -> list[tuple[str, int]]:
    """The shelves of a store with how many devices stand on each, the free ones first."""
    counted = Counter(taken)
    return sorted(((each, counted[each]) for each in store.shelves), key=lambda each: each[1] > 0)


async def shelves_of(session: Session, store: Store) -> list[tuple[str, int]]:
    """The same as the desk knows it now."""
    there = await devices(session, store.id)
    return shelves(store, (each.shelf for each in there if each.order.status != "handed_back"))


def counts(found: Sequence[Device]) -> dict[str, int]:
    """How many devices each stage has."""
    return {stage: sum(each.is_in(stage) for each in found) for stage in STAGES}


def promised_days(session: Session) -> list[tuple[str, str]]:
    """The days for which a device can be promised: the date, and what it is called."""
    now, zone = session.now(), name.timezone(session)
    today = local_date(now, zone)
    dates = [next_date(today, days) if days else today for days in DAYS_AHEAD]
    return [(date, format.day(midnight(date, zone), now, zone)) for date in dates]


def own_store(session: Session) -> Store | None:
    """The store of this desk's person, else the region's first one."""
    region = name.region(session)
    if region is None or not region.stores:
        return None
    person = session.get(Staff, session.staff.id)
    own = person.store if person is not None else None
    return next((each for each in region.stores if each.id == own), region.stores[0])


def open_stores(session: Session) -> Sequence[Store]:
    """The stores whose devices this desk's person may handle, his own one first."""
    region, own = name.region(session), own_store(session)
    if region is None or own is None:
        return ()
    person = session.get(Staff, session.staff.id)
    bound = person is not None and person.store == own.id
    if bound and not role.holds(session.actor, role.DISPATCHES | {"finance"}):
        return (own,)
    return (own, *(each for each in region.stores if each.id != own.id))


def working_store(session: Session, chosen: str) -> Store | None:
    """The store chosen at this desk as long as its person may work there, else his own one."""
    stores = open_stores(session)
    return next((each for each in stores if each.id == chosen), stores[0] if stores else None)


def store_of(session: Session, id: str) -> Store | None:
    """A store of the region."""
    region = name.region(session)
    return next((each for each in region.stores if each.id == id), None) if region else None
