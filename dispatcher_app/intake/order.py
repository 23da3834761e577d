"""Foreign rows as commands that take their orders over, decided beforehand so that every refusal is known."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final, cast

from dispatcher_app import clock
from dispatcher_app.domain.act import Act, Actor, Rejected
from dispatcher_app.domain.book import PriceBook
from dispatcher_app.domain.calendar import MINUTE_MS
from dispatcher_app.domain.catalogue import Item
from dispatcher_app.domain.command import BookedLine, ImportOrder, NewAddress, NewCustomer
from dispatcher_app.domain.decide import decide
from dispatcher_app.domain.edition import Series
from dispatcher_app.domain.entity import E, Entity
from dispatcher_app.domain.holiday import HolidayYear
from dispatcher_app.domain.money.ledger import Posting
from dispatcher_app.domain.order import Urgency, Window
from dispatcher_app.domain.region import District, Policy, Region
from dispatcher_app.intake.home import Districts, districts, is_far, parts_of, point_of
from dispatcher_app.intake.item import Recogniser
from dispatcher_app.intake.normal import BadRow, FilteredRow, ImportRow, Reason, normalise
from dispatcher_app.intake.profile import Profile
from dispatcher_app.intake.row import Row
from dispatcher_app.text import t

PROGRESS_EVERY: Final = 500
"""So many rows between two words about how far it is."""

_NAME_CUT: Final = 80
_NOTE_CUT: Final = 2000
_CLOSED: Final = frozenset({"completed", "finished"})
_CHANNELS: Final[Mapping[str, str]] = {
    "app": "App##channel",
    "email": "E-mail##channel",
    "mobile": "App##channel",
    "online": "Online##channel",
    "phone": "Phone##channel",
    "walk-in": "Counter##channel",
    "web": "Online##channel",
    "wechat": "WeChat##channel",
}

Progress = Callable[[int], object]
"""Told how many rows are done; whatever it raises ends the work."""


@dataclass(frozen=True, slots=True)
class Setting:
    """Into what the orders are taken over, by whom, and when (UTC ms); `prices` are books, series and holidays."""

    region: Region
    items: tuple[Item, ...]
    policy: Policy
    actor: Actor
    now: int
    prices: Mapping[tuple[str, str], Entity]


@dataclass(frozen=True, slots=True)
class Readings:
    """A whole table read: good rows, wrong ones, and how many there were in all."""

    read: int
    rows: tuple[ImportRow, ...]
    refused: tuple[BadRow, ...]
    filtered: int


@dataclass(frozen=True, slots=True)
class Planned:
    """An order to take over: the line it stands in, the act's id, the command."""

    line: int
    act: str
    command: ImportOrder


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What an import will do; `there` are lines whose orders are here already, `far` counts places elsewhere."""

    read: int
    orders: tuple[Planned, ...]
    there: tuple[int, ...]
    filtered: int
    refused: tuple[BadRow, ...]
    districts: tuple[District, ...]
    unrecognised: int
    approximate: int
    far: int


def read_rows(rows: Iterable[Row], profile: Profile, progress: Progress | None = None) -> Readings:
    """Read all rows with a fitted profile; an order that stands twice in a file is refused the second time."""
    good: dict[str, ImportRow] = {}
    refused: list[BadRow] = []
    read = filtered = 0
    for row in rows:
        read += 1
        if progress is not None and read % PROGRESS_EVERY == 0:
            progress(read)
        match normalise(row, profile):
            case FilteredRow():
                filtered += 1
            case BadRow() as bad:
                refused.append(bad)
            case ImportRow(status="cancelled", line=line):
                refused.append(BadRow(line, (Reason("status", "cancelled_there", ""),)))
            case ImportRow() as made if made.key in good:
                refused.append(BadRow(made.line, (Reason("external_id", "twice", str(good[made.key].line)),)))
            case ImportRow() as made:
                good[made.key] = made
    return Readings(read, tuple(good.values()), tuple(refused), filtered)


def order_id(region: str, key: str) -> str:
    """The id of the order with this key at its source: the same in every file and at every desk."""
    return clock.derived_id("import order", region, key)


def plan(
    readings: Readings,
    setting: Setting,
    profile: Profile,
    there: Collection[str],
    progress: Progress | None = None,
) -> Plan:
    """Make the commands; `there` are the ids of orders that need not be taken over again."""
    region = setting.region.id
    fresh = [row for row in readings.rows if order_id(region, row.key) not in there]
    making = _Making(setting, profile, districts(setting.region, fresh), Recogniser(setting.items))
    orders: list[Planned] = []
    refused = list(readings.refused)
    for done, row in enumerate(fresh, start=1):
        if progress is not None and done % PROGRESS_EVERY == 0:
            progress(done)
        made = making.planned(row)
        if isinstance(made, Planned):
            orders.append(made)
        else:
            refused.append(made)
    wanted = {each.command.new_address.district for each in orders}
    kept = {row.key for row in fresh}
    return Plan(
        read=readings.read,
        orders=tuple(orders),
        there=tuple(row.line for row in readings.rows if row.key not in kept),
        filtered=readings.filtered,
        refused=tuple(sorted(refused, key=lambda each: each.line)),
        districts=tuple(each for each in making.districts.new if each.id in wanted),
        unrecognised=sum(each.command.line.item == "other" for each in orders),
        approximate=sum(each.command.new_address.approximate for each in orders),
        far=sum(is_far(each.command.new_address.point, setting.region) for each in orders),
    )


@dataclass(slots=True)
class _Making:
    """What rows are made into commands with."""

    setting: Setting
    profile: Profile
    districts: Districts
    recogniser: Recogniser
    callers: dict[str, tuple[str, str]] = field(default_factory=dict)

    def planned(self, row: ImportRow) -> Planned | BadRow:
        """The row's command if the rules accept it, else why not."""
        found = self.recogniser.find(row)
        if found is None:
            return BadRow(row.line, (Reason("item", "unknown_item", " · ".join(row.said)[:40]),))
        region = self.setting.region.id
        act_id = clock.derived_id("import act", region, row.key)
        command = self._command(row, *found)
        act = Act(id=act_id, actor=self.setting.actor, at=self.setting.now, command=command, region=region)
        try:
            decide(_Rehearsal(self.setting), act, self.setting.now)
        except Rejected as rejected:
            return BadRow(row.line, (refusal(rejected),))
        return Planned(row.line, act_id, command)

    def _command(self, row: ImportRow, item: str, fault: str | None) -> ImportOrder:
        region = self.setting.region.id
        point, parts = point_of(row), parts_of(row)
        district, centre = self.districts.of(row, point)
        created, closed = self._times(row)
        customer, other_name = self._customer(row)
        return ImportOrder(
            order=order_id(region, row.key),
            external_id=row.external_id or row.key.rpartition("#")[2],
            source=self.profile.name,
            new_customer=customer,
            new_address=NewAddress(
                id=clock.derived_id("import address", region, row.key),
                district=district,
                compound=parts.compound,
                building=parts.building,
                unit=parts.unit.replace("*", ""),
                point=point or centre,
                approximate=point is None,
            ),
            line=BookedLine(item=item, fault=fault),
            note=_note(row, parts.rest, other_name),
            created_at=created,
            closed_at=closed,
            window=self._window(row) if closed is None else None,
            urgency=cast(Urgency, row.urgency or "normal"),
        )

    def _times(self, row: ImportRow) -> tuple[int, int | None]:
        """Created and closed; the source's word for the state counts more than a date of closing."""
        closed = row.closed_at
        if row.status in _CLOSED and closed is None:
            closed = row.created_at or self.setting.now
        elif row.status is not None and row.status not in _CLOSED:
            closed = None
        return row.created_at or closed or self.setting.now, closed

    def _window(self, row: ImportRow) -> Window | None:
        if row.window_start is None:
            return None
        end = row.window_end
        if end is None or end <= row.window_start:
            end = row.window_start + self.setting.policy.window_minutes * MINUTE_MS
        return Window(row.window_start, end)

    def _customer(self, row: ImportRow) -> tuple[NewCustomer, str]:
        """One customer for one number in a file, and the name in this row where it is another.

        The id is made of the order's key, not of the number: a number could be guessed from it.
        """
        id = clock.derived_id("import customer", self.setting.region.id, row.key)
        name = (row.customer_name or self._neutral(row))[:_NAME_CUT]
        if row.phone is None:
            return NewCustomer(id=id, name=name, phone=""), ""
        first, called = self.callers.setdefault(row.phone, (id, name))
        other = row.customer_name if row.customer_name and row.customer_name != called else ""
        return NewCustomer(id=first, name=called, phone=row.phone), other or ""

    def _neutral(self, row: ImportRow) -> str:
        """What a customer without a name is called: who took the call, and how."""
        channel = row.channel or ""
        word = _CHANNELS.get(channel.casefold())
        parts = [row.agency or "", t(word) if word else channel]
        return " / ".join(filter(None, parts)) or t("Unnamed customer")


def _note(row: ImportRow, rest: str, other_name: str) -> str:
    """What the source said, and what has no field of its own."""
    lines = [" · ".join(row.said)]
    lines += [rest] if rest else []
    lines += [t("Contact: {name}", name=other_name)] if other_name else []
    lines += [t("Former technician: {name}", name=row.technician)] if row.technician else []
    note = "\n".join(filter(None, lines))
    return note if len(note) <= _NOTE_CUT else note[: _NOTE_CUT - 1] + "…"


def refusal(rejected: Rejected) -> Reason:
    """A rule's no as the reason of a row."""
    return Reason(rejected.field or "", rejected.code, "", rejected.params)


@dataclass(frozen=True, slots=True)
class _Rehearsal:
    """A world with nothing but the company's catalogue and region: what an import meets besides itself."""

    setting: Setting

    def get(self, type_: type[E], id: str) -> E | None:
        """The catalogue's and the region's facts; everything else is new."""
        found: Entity | None = None
        if type_ is Region and id == self.setting.region.id:
            found = self.setting.region
        elif type_ is Policy:
            found = self.setting.policy
        elif type_ is Item:
            found = next((item for item in self.setting.items if item.id == id), None)
        elif type_ in (PriceBook, Series, HolidayYear):
            found = self.setting.prices.get((type_.kind, id))
        return cast("E | None", found)

    def all(self, type_: type[E]) -> list[E]:
        """Nothing that an import asks."""
        return []

    def orders_of(self, customer: str) -> list[str]:
        """Nothing that an import asks."""
        return []

    def code(self, kind: str, id: str, field: str) -> str | None:
        """Nobody was sent anything."""
        return None

    def balance(self, region: str, account: str, currency: str) -> int | None:
        """Nothing that an import asks."""
        return None

    def standing(self, order: str) -> Mapping[str, int]:
        """Nothing that an import asks."""
        return {}

    def posted(self, id: str) -> Posting | None:
        """Nothing that an import asks."""
        return None

    def number(self, region: str, date: str, temporary: str | None) -> str:
        """No number is used up."""
        return ""
