"""What administrators keep: catalogue, prices, standards, policy, regions, people."""

from __future__ import annotations

from dataclasses import dataclass

from dispatcher_app.domain.book import PriceBook
from dispatcher_app.domain.catalogue import Category, Item, Part
from dispatcher_app.domain.customer import Compound
from dispatcher_app.domain.holiday import HolidayYear
from dispatcher_app.domain.region import District, Policy, Region, Staff
from dispatcher_app.domain.standard import Standard
from dispatcher_app.domain.talk import Template


@dataclass(frozen=True, slots=True, kw_only=True)
class SaveCompound:
    """A compound that address search shall know."""

    compound: Compound


@dataclass(frozen=True, slots=True, kw_only=True)
class SaveCategory:
    """A category as administrators edit it."""

    category: Category


@dataclass(frozen=True, slots=True, kw_only=True)
class SaveItem:
    """An item with its faults and prices as administrators edit it."""

    item: Item


@dataclass(frozen=True, slots=True, kw_only=True)
class SavePolicy:
    """The figures of the trade as administrators edit them."""

    policy: Policy


@dataclass(frozen=True, slots=True, kw_only=True)
class SaveRegion:
    """A region as administrators edit it."""

    saved: Region


@dataclass(frozen=True, slots=True, kw_only=True)
class SaveDistrict:
    """A district of a region as it was drawn or named; names what it replaces, None for a new one."""

    region: str
    district: District
    former: District | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SaveStaff:
    """A person at a desk and the roles held."""

    staff: Staff


@dataclass(frozen=True, slots=True, kw_only=True)
class SavePart:
    """A spare part as administrators edit it."""

    part: Part


@dataclass(frozen=True, slots=True, kw_only=True)
class SavePriceBook:
    """A draft of a price book; a published one is refused."""

    book: PriceBook


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishPriceBook:
    """From `starts_at` (UTC ms) on these prices hold; names the version of the draft that was read."""

    book: str
    from_version: int
    starts_at: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DiscardPriceBook:
    """A draft that nobody needs any more; names the version of it that was read."""

    book: str
    from_version: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SaveStandard:
    """A draft of a standard; a published one is refused."""

    standard: Standard


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishStandard:
    """From `starts_at` (UTC ms) on work is held to this standard; names the version of the draft that was read."""

    standard: str
    from_version: int
    starts_at: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DiscardStandard:
    """A draft that nobody needs any more; names the version of it that was read."""

    standard: str
    from_version: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SaveHolidayYear:
    """The special days of a year."""

    year: HolidayYear


@dataclass(frozen=True, slots=True, kw_only=True)
class SaveTemplate:
    """A ready text for messages."""

    template: Template
