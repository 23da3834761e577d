"""What a caller asks for, and which items of the catalogue answer it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from dispatcher_app.domain.act import Rejected
from dispatcher_app.domain.book import PriceBook
from dispatcher_app.domain.catalogue import Item
from dispatcher_app.domain.matching import Need
from dispatcher_app.domain.place import Point
from dispatcher_app.domain.pricing import minutes_of
from dispatcher_app.domain.region import Policy
from dispatcher_app.domain.rule.facts import price_book
from dispatcher_app.domain.technician import Technician
from dispatcher_app.planning.near import Near, near
from ui.models.fault import propose
from ui.models.place import Place

if TYPE_CHECKING:
    from dispatcher_app.client.session import Session


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What is asked for; empty fields ask for nothing. Prices in minor units, `within_m` by road."""

    said: str = ""
    category: str | None = None
    brand: str = ""
    least: int | None = None
    most: int | None = None
    stars: float | None = None
    within_m: int | None = None
    place: Place | None = None


@dataclass(frozen=True, slots=True)
class Offer:
    """An item that answers a wish: its labour prices from and to (None: no price yet), and the fault that was named."""

    item: Item
    prices: tuple[int, int] | None
    fault: str | None


def book_of(session: Session) -> PriceBook | None:
    """The prices in force here, None where there are none."""
    try:
        return price_book(session, session.region_id, session.now())
    except Rejected:
        return None


def offers(session: Session, wish: Wish) -> list[Offer]:
    """What answers the wish: as the words fit, else as the catalogue is ordered."""
    items = [each for each in session.all(Item) if not each.retired]
    items.sort(key=lambda each: (each.category, each.name))
    named: dict[str, str | None] = {}
    if wish.said.strip():
        for found in propose(wish.said, items, limit=40):
            named.setdefault(found.item.id, found.fault.id if found.fault else None)
        by_id = {each.id: each for each in items}
        items = [by_id[id] for id in named]
    book = book_of(session)
    made = []
    for item in items:
        if wish.category is not None and item.category != wish.category:
            continue
        if wish.brand and item.brands and wish.brand not in item.brands:
            continue
        prices = span(item, book)
        if not _affordable(prices, wish):
            continue
        if (wish.stars or wish.place) and not people(session, wish, item, None):
            continue
        made.append(Offer(item, prices, named.get(item.id)))
    return made


def span(item: Item, book: PriceBook | None) -> tuple[int, int] | None:
    """The lowest and the highest labour price of an item's faults."""
    known = book.labour_by_fault if book else {}
    found = [known[item.id, each.id].price for each in item.faults if (item.id, each.id) in known]
    return (min(found), max(found)) if found else None


def people(session: Session, wish: Wish, item: Item, fault: str | None) -> list[Near]:
    """The technicians who could come for it."""
    place = wish.place
    need = Need(
        order="", skills=frozenset({item.skill}), certificates=frozenset(item.certificates),
        brands=frozenset({wish.brand} if wish.brand else ()), district=place.district if place else "",
        point=place.point if place else Point(0.0, 0.0), minutes=minutes_of(item, fault),
    )  # fmt: skip
    policy = session.get(Policy, "policy") or Policy()
    known: Sequence[Technician] = [
        each for each in session.all(Technician) if each.region == session.region_id
    ]
    return near(
        known, need, session.now(), detour=policy.detour, place=place.point if place else None,
        within_m=wish.within_m, stars=wish.stars,
    )  # fmt: skip


def brands(session: Session, category: str | None = None) -> list[str]:
    """The brands of the catalogue, or of one category of it."""
    items = (each for each in session.all(Item) if not each.retired)
    return sorted({brand for item in items if category in (None, item.category) for brand in item.brands})


def _affordable(prices: tuple[int, int] | None, wish: Wish) -> bool:
    """Whether some fault of it costs what is asked for."""
    if wish.least is None and wish.most is None:
        return True
    if prices is None:
        return False
    return (wish.most is None or prices[0] <= wish.most) and (wish.least is None or prices[1] >= wish.least)
