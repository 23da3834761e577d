"""The tables of a price book as they are typed: what a row is called, which cells it has."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

from dispatcher_app.clock import new_id
from dispatcher_app.domain.book import (
    Band,
    Competitor,
    Coupon,
    LabourPrice,
    Package,
    PackageLine,
    PartPrice,
    TimeRule,
)
from dispatcher_app.domain.catalogue import Item, Part
from dispatcher_app.text import t
from ui import name
from ui.admin import ask, cell
from ui.models.sheet import Column, NotThat

if TYPE_CHECKING:
    from dispatcher_app.client.session import Session

_TIMES: Final = re.compile(r"(.+?)\s*[x×*]\s*(\d{1,3})")
_OFFER: Final = re.compile(r"(.+?)\s+[¥￥]?([\d.,]+)\s+(\S+)")
_ROWS: Final = re.compile(r"[;；\n]+")


@dataclass(frozen=True, slots=True)
class Priced:
    """A fault of the catalogue (or a part) with its price, None while it has none."""

    item: str
    fault: str
    price: int | None = None
    cost: int | None = None
    competitors: tuple[Competitor, ...] = ()


def labour_rows(session: Session, labour: Sequence[LabourPrice]) -> list[Priced]:
    """Every fault of the items in use, and whatever else the book has a price for."""
    prices = {(each.item, each.fault): each for each in labour}
    items = sorted(session.all(Item), key=lambda each: (each.category, each.name))
    keys = [(item.id, fault.id) for item in items if not item.retired for fault in item.faults]
    keys += [key for key in prices if key not in set(keys)]
    return [
        Priced(*key, each.price, each.cost, each.competitors) if (each := prices.get(key)) else Priced(*key)
        for key in keys
    ]


def labour_of(rows: Sequence[Priced], *, whole: bool = True) -> tuple[LabourPrice, ...]:
    """The rows that have a price, as the book keeps them; where it shall be the `whole`, raises NotThat for a cost
    without a price, which would be lost.
    """
    for at, row in enumerate(rows if whole else (), start=1):
        if row.price is None and (row.cost is not None or row.competitors):
            raise NotThat(t("Labour, row {row}: a price is missing.", row=at))
    return tuple(
        LabourPrice(
            item=row.item, fault=row.fault, price=row.price, cost=row.cost, competitors=row.competitors
        )
        for row in rows
        if row.price is not None
    )


def part_rows(session: Session, parts: Sequence[PartPrice]) -> list[Priced]:
    """Every part in use, and whatever else the book has a price for."""
    prices = {each.part: each for each in parts}
    known = sorted(session.all(Part), key=lambda each: each.name)
    keys = [part.id for part in known if not part.retired]
    keys += [key for key in prices if key not in set(keys)]
    return [
        Priced(key, "", each.price, each.cost) if (each := prices.get(key)) else Priced(key, "")
        for key in keys
    ]


def parts_of(rows: Sequence[Priced]) -> tuple[PartPrice, ...]:
    """The rows that have a price, as the book keeps them."""
    return tuple(
        PartPrice(part=row.item, price=row.price, cost=row.cost) for row in rows if row.price is not None
    )


def labour_columns(session: Session, currency: str) -> tuple[Column, ...]:
    """Item, fault, price, cost, margin, what others ask."""
    return (
        Column(code="item", title=t("Item"), show=lambda row: name.item(session, row.item), width=205),
        Column(code="fault", title=t("Fault"), show=lambda row: name.fault(session, row.item, row.fault), width=170),
        cell.money_column("price", t("Price"), currency, needed=False),
        cell.money_column("cost", t("Cost"), currency, needed=False),
        Column(code="margin", title=t("Margin %"), show=margin, right=True, width=80),
        Column(
            code="competitors", title=t("What others ask"), width=160, tip=t("Source, price, date; the next one …"),
            show=lambda row: offers_text(row.competitors, currency),
            write=lambda row, text: replace(row, competitors=offers(text, currency)),
        ),
    )  # fmt: skip


def part_columns(session: Session, currency: str) -> tuple[Column, ...]:
    """Part, price, cost, margin."""
    return (
        Column(code="item", title=t("Part"), show=lambda row: name.part(session, row.item), width=260),
        cell.money_column("price", t("Price"), currency, needed=False),
        cell.money_column("cost", t("Cost"), currency, needed=False),
        Column(code="margin", title=t("Margin %"), show=margin, right=True, width=80),
    )


def margin(row: Priced) -> str:
    """What is left of a price after its cost, in percent."""
    if not row.price or row.cost is None:
        return ""
    return f"{(row.price - row.cost) * 100 / row.price:.0f}"


def offers_text(competitors: Sequence[Competitor], currency: str) -> str:
    """What others ask, in one cell."""
    return t("; ").join(
        f"{each.source} {cell.signed(each.price, currency)} {each.seen_on}" for each in competitors
    )


def offers(text: str, currency: str) -> tuple[Competitor, ...]:
    """What others ask: source, price and date, one after the other."""
    made = []
    for part in _ROWS.split(text):
        if part.strip():
            found = _OFFER.fullmatch(part.strip())
            if found is None:
                raise NotThat(t("Source, price and date are wanted, such as “58到家 118 2026-11-01”."))
            made.append(
                Competitor(source=found[1], price=cell.money(found[2], currency), seen_on=cell.date(found[3]))
            )
    return tuple(made)


def band_columns(currency: str) -> tuple[Column, ...]:
    """Up to which distance, what is asked."""
    return (
        cell.read_column(
            "up_to_m", t("Up to km"), lambda metres: "" if metres is None else f"{metres / 1000:g}", cell.kilometres,
            right=True, width=110, tip=t("Road distance; the last row is empty and has no end"),
        ),
        cell.money_column("fee", t("Door fee"), currency),
        cell.money_column("per_km", t("And per km"), currency),
    )  # fmt: skip


def time_columns(currency: str) -> tuple[Column, ...]:
    """When something is added to the labour or taken off it."""
    kinds = {"night": t("night##rule"), "holiday": t("holiday##rule"), "period": t("period##rule")}
    days = {"workday": t("workday##day"), "weekend": t("weekend##day"), "holiday": t("holiday##day")}
    return (
        cell.choice_column("kind", t("Kind"), kinds, 76),
        cell.text_column("name", t("Name (Chinese)"), 112),
        cell.text_column("name_en", t("Name (English)"), 104),
        cell.read_column(
            "days", t("Days (empty: all)"), lambda codes: cell.listed(tuple(days[code] for code in codes)),
            lambda text: cell.choices(text, days), choices=lambda: list(days.values()), width=124,
        ),
        cell.read_column("from_minute", t("From##hour"), cell.clock_text, cell.clock, right=True, width=60),
        cell.read_column("to_minute", t("To##hour"), cell.clock_text, cell.clock, right=True, width=60),
        cell.read_column("first_date", t("First day"), lambda date: date or "", cell.date_or_none, width=94),
        cell.read_column("last_date", t("Last day"), lambda date: date or "", cell.date_or_none, width=94),
        _percent(),
        cell.money_column("amount", t("Amount"), currency, width=80),
    )  # fmt: skip


def package_columns(session: Session, currency: str) -> tuple[Column, ...]:
    """Several repairs for one price."""
    known = _repairs(session)

    def show(lines: Sequence[PackageLine]) -> str:
        told = {key: said for said, key in known.items()}
        said = (
            (told.get((line.item, line.fault), f"{line.item}/{line.fault}"), line.quantity) for line in lines
        )
        return t("; ").join(words if quantity == 1 else f"{words} ×{quantity}" for words, quantity in said)

    def read(text: str) -> tuple[PackageLine, ...]:
        made = []
        for part in _ROWS.split(text):
            if not part.strip():
                continue
            counted = _TIMES.fullmatch(part.strip())
            words, quantity = (counted[1], int(counted[2])) if counted else (part.strip(), 1)
            key = known.get(words) or next(
                (key for said, key in known.items() if said.casefold() == words.casefold()), None
            )
            if key is None:
                raise NotThat(t("“{what}” is not in the catalogue; item/fault ×2 is wanted.", what=words))
            made.append(PackageLine(item=key[0], fault=key[1], quantity=quantity))
        return tuple(made)

    return (
        cell.text_column("name", t("Name (Chinese)"), 150),
        cell.text_column("name_en", t("Name (English)"), 140),
        cell.read_column("lines", t("Contains"), show, read, width=320, choices=lambda: list(known)),
        cell.money_column("price", t("Price"), currency),
        cell.read_column("first_date", t("First day"), lambda date: date or "", cell.date_or_none, width=100),
        cell.read_column("last_date", t("Last day"), lambda date: date or "", cell.date_or_none, width=100),
    )


def coupon_columns(session: Session, currency: str) -> tuple[Column, ...]:
    """Reductions for a code."""
    items = {each.id: ask.spoken(each.name, each.name_en) for each in session.all(Item) if not each.retired}
    return (
        cell.text_column("code", t("Code##coupon"), 100),
        cell.text_column("name", t("Name (Chinese)"), 130),
        cell.text_column("name_en", t("Name (English)"), 130),
        cell.money_column("amount", t("Amount"), currency),
        _percent(),
        cell.money_column("minimum", t("From a total of"), currency, width=110),
        cell.read_column(
            "items", t("Items (empty: all)"), lambda ids: cell.listed(tuple(items.get(id, id) for id in ids)),
            lambda text: cell.choices(text, items), choices=lambda: list(items.values()), width=180,
        ),
        cell.read_column("first_date", t("First day"), lambda date: date or "", cell.date_or_none, width=100),
        cell.read_column("last_date", t("Last day"), lambda date: date or "", cell.date_or_none, width=100),
    )  # fmt: skip


def _percent() -> Column:
    def read(text: str) -> int:
        return cell.whole(text or "0", -1000, 1000)

    return cell.read_column("percent", t("Percent"), str, read, right=True, width=66)


BLANKS: Final[dict[str, Any]] = {
    "bands": lambda: Band(up_to_m=None, fee=0),
    "times": lambda: TimeRule(id=new_id(), kind="period", name=""),
    "packages": lambda: Package(id=new_id(), name="", lines=(), price=0),
    "coupons": lambda: Coupon(code="", name=""),
}
"""What a new row begins with."""


def _repairs(session: Session) -> dict[str, tuple[str, str]]:
    return {
        f"{ask.spoken(item.name, item.name_en)}/{ask.spoken(fault.name, fault.name_en)}": (item.id, fault.id)
        for item in session.all(Item)
        if not item.retired
        for fault in item.faults
    }
