"""A version of the prices beside the one in force: what it is called, what is other in it, where its flaws stand."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

from dispatcher_app.domain.act import Broken
from dispatcher_app.domain.book import PriceBook
from dispatcher_app.domain.catalogue import Item
from dispatcher_app.domain.difference import Changed, difference
from dispatcher_app.domain.edition import Series
from dispatcher_app.domain.flaw import Flaw
from dispatcher_app.text import t
from ui import format, name
from ui.admin import ask, tariff
from ui.admin.compare import Difference, whole
from ui.admin.draft import Asked
from ui.controls.sheet import Sheet
from ui.models.sheet import Column, SheetModel

if TYPE_CHECKING:
    from dispatcher_app.client.session import Session


def title_of(session: Session, book: PriceBook) -> str:
    """What a version is called, and since when it holds."""
    called = book.name or t("without a name")
    if book.state == "draft" or book.starts_at is None:
        return t("Draft: {name}", name=called)
    if book.starts_at <= 0:
        return t("Version {number}: {name}, from the beginning", number=book.number, name=called)
    since = format.moment(book.starts_at, session.now(), name.timezone(session))
    return t("Version {number}: {name}, from {since}", number=book.number, name=called, since=since)


def sheet_titles() -> dict[str, str]:
    """What the tables of a price book are called."""
    return {
        "labour": t("Labour"), "parts": t("Parts"), "bands": t("Door fee"), "times": t("Time rules"),
        "packages": t("Packages##admin"), "coupons": t("Coupons"), "fees": t("Fees##admin"),
    }  # fmt: skip


def book_sheets(session: Session, currency: str) -> dict[str, Sheet]:
    """The tables of a price book, empty."""
    columns: dict[str, Sequence[Column]] = {
        "labour": tariff.labour_columns(session, currency),
        "parts": tariff.part_columns(session, currency),
        "bands": tariff.band_columns(currency),
        "times": tariff.time_columns(currency),
        "packages": tariff.package_columns(session, currency),
        "coupons": tariff.coupon_columns(session, currency),
    }
    made = {}
    for code, each in columns.items():
        model, few = SheetModel(each, tariff.BLANKS.get(code)), code == "bands"
        made[code] = Sheet(model, sheet_titles()[code], ordered=few, rows=6 if few else 0)
        made[code].setObjectName(f"book_{code}")
    return made


def tables(session: Session, sheets: Mapping[str, Sheet], looking: Callable[[], bool]) -> tuple[Asked, ...]:
    """What is asked in the tables; while somebody is only `looking`, costs without a price are left out."""
    titles, labour, parts, bands = sheet_titles(), sheets["labour"], sheets["parts"], sheets["bands"]
    return (
        Asked(
            code="labour", word=titles["labour"], widget=labour, alike=frozenset,
            read=lambda: tariff.labour_of(labour.read(), whole=not looking()),
            write=lambda rows: labour.write(tariff.labour_rows(session, rows)),
        ),
        Asked(
            code="parts", word=titles["parts"], widget=parts, alike=frozenset,
            read=lambda: tariff.parts_of(parts.read()),
            write=lambda rows: parts.write(tariff.part_rows(session, rows)),
        ),
        Asked(code="bands", word=titles["bands"], widget=bands, read=bands.read, write=bands.write),
        ask.table("times", titles["times"], sheets["times"]),
        ask.table("packages", titles["packages"], sheets["packages"]),
        ask.table("coupons", titles["coupons"], sheets["coupons"], "code"),
    )  # fmt: skip


def in_force(session: Session, series: str) -> PriceBook | None:
    """The version that holds now for those whom a series is for."""
    now = session.now()
    for id in (series, "prices"):
        found = session.get(Series, id)
        edition = found.at(now) if found is not None else None
        if edition is not None:
            return session.get(PriceBook, edition)
    return None


def altered(
    session: Session, sheets: Mapping[str, Sheet], fees: Sequence[Asked], typed: PriceBook
) -> list[Difference]:
    """What is other than in the version in force; nothing for that version itself."""
    old = in_force(session, typed.series)
    if old is None or old.id == typed.id:
        return []
    titles: dict[str, str] = sheet_titles()
    found: list[Difference] = []
    for each in difference(old, typed):
        if each.sheet == "fees":
            continue
        columns = [column for column in sheets[each.sheet].model.columns if column.write is not None]
        what = row_name(session, each)
        if each.before is None or each.after is None:
            said = ["" if row is None else whole(columns, row) for row in (each.before, each.after)]
            found.append(Difference(titles[each.sheet], what, *said))
        else:
            for column in columns:
                if column.code in each.fields:
                    told = [column.show(row) or "–" for row in (each.before, each.after)]
                    found.append(Difference(titles[each.sheet], f"{what} · {column.title}", *told))
    for fee in fees:
        was, now = getattr(old, fee.code), getattr(typed, fee.code)
        if was != now and fee.code not in ("name", "series"):
            money = fee.code != "inspection_percent"
            told = [format.money(value, typed.currency) if money else f"{value} %" for value in (was, now)]
            found.append(Difference(titles["fees"], fee.word, *told))
    return found


def row_name(session: Session, changed: Changed) -> str:
    """What a changed row is about."""
    row = changed.after if changed.after is not None else changed.before
    match changed.sheet:
        case "labour":
            return f"{name.item(session, row.item)} {name.fault(session, row.item, row.fault)}"
        case "parts":
            return name.part(session, row.part)
        case "bands":
            return t("Row {row}", row=changed.key[0])
        case "coupons":
            return str(row.code)
    return ask.spoken(row.name, row.name_en)


def place(session: Session, sheets: Mapping[str, Sheet], typed: PriceBook, flaw: Flaw) -> int | None:
    """The row of its table (from 0) that a flaw is about, None where it is about none of them."""
    if flaw.sheet not in sheets:
        return None
    rows = sheets[flaw.sheet].model.rows
    if flaw.sheet == "labour" and not flaw.row:
        item = session.get(Item, str(flaw.rule.params.get("item", "")))
        faults = item.faults if item else ()
        missing = {
            (item.id, fault.id) for fault in faults if item and fault.name == flaw.rule.params.get("fault")
        }
        return next((at for at, row in enumerate(rows) if (row.item, row.fault) in missing), None)
    if not flaw.row:
        return None
    one = getattr(typed, flaw.sheet)[flaw.row - 1]
    if flaw.sheet == "labour":
        return next(at for at, row in enumerate(rows) if (row.item, row.fault) == (one.item, one.fault))
    if flaw.sheet == "parts":
        return next(at for at, row in enumerate(rows) if row.item == one.part)
    return next((at for at, row in enumerate(rows) if row is one), flaw.row - 1)


def shown(rule: Broken, at: int | None) -> Broken:
    """The same flaw with the row as it is numbered on the screen."""
    if at is None or "row" not in rule.params:
        return rule
    return Broken(rule.code, {**rule.params, "row": at + 1})
