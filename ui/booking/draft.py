"""What has been typed for one booking so far: kept on every change, so that nothing typed is ever lost."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any, Literal

import msgspec

from dispatcher_app.clock import new_id
from dispatcher_app.domain.customer import Entry
from dispatcher_app.domain.order import Service, Urgency


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftLine:
    """One broken thing: the caller's words, and what has been made of them."""

    said: str = ""
    item: str | None = None
    fault: str | None = None
    brand: str = ""
    model: str = ""
    quantity: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A booking being typed; the ids are given from the start, so that booking it twice books it once.

    The last line is the one in the fields, the ones before are listed above them. `held` is the id of the `Day` in
    which an hour was kept for the caller, whether it still is, only the `Day` says. `after` is the id of the order
    that has to be over before this one's visit, and `pause` how many minutes. `date` is the local date that was asked
    for, where one was. From `serial` on it is about a device that is handed in (`service` workshop).
    """

    id: str = field(default_factory=new_id)
    order: str = field(default_factory=new_id)
    new_customer: str = field(default_factory=new_id)
    new_address: str = field(default_factory=new_id)
    step: str = "phone"
    phone: str = ""
    customer: str | None = None
    caller_settled: bool = False
    name: str = ""
    lines: tuple[DraftLine, ...] = (DraftLine(),)
    safety_read: str = ""
    urgency: Urgency = "normal"
    urgency_chosen: bool = False
    address: str | None = None
    place: str = ""
    compound: str = ""
    district: str = ""
    lon: float | None = None
    lat: float | None = None
    approximate: bool = False
    building: str = ""
    unit: str = ""
    entry: Entry = "unknown"
    door_code: str = ""
    date: str = ""
    window_start: int | None = None
    window_end: int | None = None
    call_back: bool = False
    provisional: bool = False
    held: str = ""
    after: str = ""
    pause: int = 0
    coupon: str = ""
    package: str | None = None
    note: str = ""
    service: Service = "home"
    source: Literal["phone", "counter"] = "phone"
    serial: str = ""
    accessories: tuple[str, ...] = ()
    accessories_said: str = ""
    condition: tuple[str, ...] = ()
    condition_said: str = ""
    data_consent: Literal["", "keep", "may_erase", "owner_erased"] = ""
    shelf: str = ""
    promised_on: str = ""
    photos: tuple[str, ...] = ()

    @property
    def line(self) -> DraftLine:
        """The line in the fields."""
        return self.lines[-1]

    @property
    def taken(self) -> tuple[DraftLine, ...]:
        """The lines whose item is known."""
        return tuple(line for line in self.lines if line.item is not None)

    @property
    def empty(self) -> bool:
        """Whether nothing worth keeping has been typed."""
        return not (
            self.phone.strip() or self.name.strip() or self.note.strip() or self.place.strip()
            or self.serial.strip() or self.photos or self.after
            or any(line.said.strip() or line.item for line in self.lines)
        )  # fmt: skip

    def with_line(self, line: DraftLine) -> Draft:
        """The draft with another line in the fields."""
        return replace(self, lines=(*self.lines[:-1], line))


def to_data(draft: Draft) -> dict[str, Any]:
    """The draft as plain data that can be kept."""
    data: dict[str, Any] = msgspec.to_builtins(draft)
    return data


def from_data(data: Any) -> Draft | None:
    """A kept draft, None where another version of the program wrote what this one cannot read."""
    try:
        return msgspec.convert(data, Draft)
    except msgspec.ValidationError:
        return None
