"""Packages, coupons and discounts: what they take off, and why one is not good for an order."""

from __future__ import annotations

from dispatcher_app.domain.act import Rejected
from dispatcher_app.domain.book import Coupon, Package, PriceBook
from dispatcher_app.domain.order import Line, QuoteLine
from dispatcher_app.domain.surcharge import half_up, in_dates

CODES = frozenset({
    "coupon_unknown", "coupon_over", "coupon_minimum", "coupon_items", "package_unknown", "package_over",
    "package_incomplete",
})  # fmt: skip
"""Why a coupon or a package does not count: the codes of the refusals of `reductions`."""


def reductions(
    book: PriceBook,
    lines: tuple[Line, ...],
    date: str,
    total: int,
    *,
    package: str | None,
    coupon: str | None,
    discount: int,
) -> list[QuoteLine]:
    """Package, coupon and discount as amounts below zero; together they never take more than the total.

    `date` is the local date of the booking. Raises Rejected for what is not good for these lines on that date.
    """
    made: list[QuoteLine] = []
    if package is not None:
        pack = package_of(book, package)
        if (no := package_hinders(pack, lines, date)) is not None:
            raise no
        amount = max(-total, min(0, pack.price - covered(pack, lines)))
        params = {"package": pack.id, "name": pack.name, "name_en": pack.name_en}
        made.append(QuoteLine(what="package", amount=amount, reason="package", params=params))
        total += amount
    if coupon is not None:
        found = coupon_of(book, coupon)
        if (no := coupon_hinders(found, lines, date, total)) is not None:
            raise no
        # What the package has taken off the labour is not taken off again by percent.
        base = min(labour_of(lines, found.items), labour_of(lines) + sum(line.amount for line in made))
        most = min(total, base) if found.items else total
        amount = -max(0, min(half_up(base, found.percent) + found.amount, most))
        params = {"coupon": found.code, "name": found.name, "name_en": found.name_en}
        made.append(QuoteLine(what="coupon", amount=amount, reason="coupon", params=params))
        total += amount
    if discount > 0:
        made.append(QuoteLine(what="discount", amount=-min(discount, total), reason="discount"))
    return made


def package_of(book: PriceBook, id: str) -> Package:
    """The package of that id; raises Rejected where the book has none."""
    found = next((each for each in book.packages if each.id == id), None)
    if found is None:
        raise Rejected("package_unknown", "package", package=id)
    return found


def coupon_of(book: PriceBook, code: str) -> Coupon:
    """The coupon of that code, however it was typed; raises Rejected where the book has none."""
    typed = code.strip().casefold()
    found = next((each for each in book.coupons if each.code.casefold() == typed), None)
    if found is None:
        raise Rejected("coupon_unknown", "coupon", coupon=code)
    return found


def package_hinders(pack: Package, lines: tuple[Line, ...], date: str) -> Rejected | None:
    """Why a package is not good for these lines on that date, None where it is."""
    if not in_dates(date, pack.first_date, pack.last_date):
        return Rejected("package_over", "package", package=pack.name)
    for wanted in pack.lines:
        there = sum(line.quantity for line in lines if (line.item, line.fault) == (wanted.item, wanted.fault))
        if there < pieces(pack, wanted.item, wanted.fault):
            return Rejected("package_incomplete", "package", package=pack.name, item=wanted.item)
    return None


def coupon_hinders(coupon: Coupon, lines: tuple[Line, ...], date: str, total: int) -> Rejected | None:
    """Why a coupon is not good for these lines and that total, None where it is."""
    if not in_dates(date, coupon.first_date, coupon.last_date):
        return Rejected("coupon_over", "coupon", coupon=coupon.name)
    if coupon.items and not any(line.item in coupon.items for line in lines):
        return Rejected("coupon_items", "coupon", coupon=coupon.name)
    if total < coupon.minimum:
        return Rejected("coupon_minimum", "coupon", coupon=coupon.name, minimum=f"{coupon.minimum / 100:g}")
    return None


def covered(pack: Package, lines: tuple[Line, ...]) -> int:
    """The labour (minor units) of what a package contains, as the lines have it."""
    left = {(each.item, each.fault): pieces(pack, each.item, each.fault) for each in pack.lines}
    found = 0
    for line in lines:
        key = (line.item, line.fault or "")
        taken = min(left.get(key, 0), line.quantity)
        left[key] = left.get(key, 0) - taken
        found += taken * line.labour
    return found


def pieces(pack: Package, item: str, fault: str) -> int:
    """How many repairs of a kind a package contains."""
    return sum(each.quantity for each in pack.lines if (each.item, each.fault) == (item, fault))


def labour_of(lines: tuple[Line, ...], items: tuple[str, ...] = ()) -> int:
    """The labour (minor units) of these lines, or of those for certain items."""
    return sum(line.labour * line.quantity for line in lines if not items or line.item in items)
