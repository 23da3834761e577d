"""The price book (价目表): what everything costs, in versions; money in minor units of its currency."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import ClassVar, Literal

from dispatcher_app.domain.edition import EditionState
from dispatcher_app.domain.entity import PLATFORM

DayKind = Literal["workday", "weekend", "holiday"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Competitor:
    """What somebody else asks for the same, where it was read and on which date."""

    source: str
    price: int
    seen_on: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LabourPrice:
    """Labour for one fault of an item; `cost` is what it costs us."""

    item: str
    fault: str
    price: int
    cost: int | None = None
    competitors: tuple[Competitor, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PartPrice:
    """One part, fitted; `cost` is what we pay for it."""

    part: str
    price: int
    cost: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Band:
    """The door fee up to a road distance (metres; None is endless): a sum, and so much for each kilometre begun in it."""

    up_to_m: int | None
    fee: int
    per_km: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class TimeRule:
    """A surcharge (or a reduction) by when the window starts: minutes of the local day (over midnight where
    `from_minute` > `to_minute`), kinds of days (none: all), first and last local date. Percent of labour, and a sum.
    """

    id: str
    kind: Literal["night", "holiday", "period"]
    name: str
    name_en: str = ""
    days: tuple[DayKind, ...] = ()
    from_minute: int = 0
    to_minute: int = 24 * 60
    first_date: str | None = None
    last_date: str | None = None
    percent: int = 0
    amount: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class PackageLine:
    """What a package contains."""

    item: str
    fault: str
    quantity: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Package:
    """Several repairs for one price, while it lasts."""

    id: str
    name: str
    name_en: str = ""
    lines: tuple[PackageLine, ...]
    price: int
    first_date: str | None = None
    last_date: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Coupon:
    """A reduction for whoever names its code: a sum, or percent of labour, from a minimum total on."""

    code: str
    name: str
    name_en: str = ""
    amount: int = 0
    percent: int = 0
    minimum: int = 0
    items: tuple[str, ...] = ()
    first_date: str | None = None
    last_date: str | None = None


@dataclass(frozen=True, kw_only=True)
class PriceBook:
    """One version of the prices; a draft may be edited, a published one never changes."""

    kind: ClassVar[str] = "price_book"
    id: str
    region: str = PLATFORM
    version: int = 0
    series: str = "prices"
    number: int = 1
    name: str = ""
    currency: str = "CNY"
    state: EditionState = "draft"
    starts_at: int | None = None
    published_by: str = ""
    labour: tuple[LabourPrice, ...] = ()
    parts: tuple[PartPrice, ...] = ()
    bands: tuple[Band, ...] = (
        Band(up_to_m=5_000, fee=2000),
        Band(up_to_m=15_000, fee=3000),
        Band(up_to_m=None, fee=3000, per_km=150),
    )
    same_day: int = 2000
    emergency: int = 5000
    times: tuple[TimeRule, ...] = (
        TimeRule(id="night", kind="night", name="夜间服务", name_en="Night service", from_minute=20 * 60,
                 to_minute=7 * 60, amount=3000),
    )  # fmt: skip
    packages: tuple[Package, ...] = ()
    coupons: tuple[Coupon, ...] = ()
    inspection_percent: int = 30
    inspection_max: int = 5000

    @cached_property
    def labour_by_fault(self) -> dict[tuple[str, str], LabourPrice]:
        """Labour prices by item and fault."""
        return {(each.item, each.fault): each for each in self.labour}

    @cached_property
    def part_by_id(self) -> dict[str, PartPrice]:
        """Prices of parts by id."""
        return {each.part: each for each in self.parts}
