"""Why a price is what it is: every amount with its reason, and every rule of the book that was left out with its own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from dispatcher_app.domain.act import Rejected
from dispatcher_app.domain.calendar import local_date
from dispatcher_app.domain.order import Quote
from dispatcher_app.domain.pricing import Tariff, Wanted, inspection_fee, quote
from dispatcher_app.domain.reduction import coupon_hinders, labour_of, package_hinders
from dispatcher_app.domain.surcharge import hinders, moment_of


@dataclass(frozen=True, slots=True, kw_only=True)
class NotApplied:
    """A rule of the price book that adds nothing to this price, and why: a code and what its sentence needs.

    Codes: only_when_declined, other_urgency, no_window, other_date, other_day, other_hour, not_asked, and those of
    `reduction.CODES`.
    """

    what: Literal["inspection_fee", "urgency", "night", "holiday", "period", "package", "coupon"]
    id: str
    name: str = ""
    name_en: str = ""
    reason: str
    params: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Explained:
    """A quote, and every rule of the book that did not come into it."""

    quote: Quote
    not_applied: tuple[NotApplied, ...]


def explain(wanted: Wanted, tariff: Tariff) -> Explained:
    """The quote with what was left out of it; raises Rejected as `quote` does."""
    made, book = quote(wanted, tariff), tariff.book
    fee = inspection_fee(book, labour_of(wanted.lines))
    figures = {"fee": fee, "percent": book.inspection_percent, "due": made.if_declined}
    found = [
        NotApplied(what="inspection_fee", id="inspection_fee", reason="only_when_declined", params=figures)
    ]
    found += [
        NotApplied(what="urgency", id=urgency, reason="other_urgency", params={"amount": amount})
        for urgency, amount in (("same_day", book.same_day), ("emergency", book.emergency))
        if wanted.urgency != urgency
    ]
    moment = moment_of(wanted.window, book, tariff.region.timezone, tariff.years)
    for rule in book.times:
        why = ("no_window", {}) if moment is None else hinders(rule, moment)
        if why is not None:
            found.append(
                NotApplied(
                    what=rule.kind,
                    id=rule.id,
                    name=rule.name,
                    name_en=rule.name_en,
                    reason=why[0],
                    params=why[1],
                )
            )
    return Explained(quote=made, not_applied=(*found, *_reductions(wanted, tariff, made)))


def _reductions(wanted: Wanted, tariff: Tariff, made: Quote) -> list[NotApplied]:
    """Packages and coupons that nobody asked for, or that would not be good for this order."""
    date = local_date(wanted.at, tariff.region.timezone)
    total = sum(line.amount for line in made.lines if line.what not in ("package", "coupon", "discount"))
    found = []
    for pack in tariff.book.packages:
        if pack.id != made.package:
            reason, params = _why(package_hinders(pack, wanted.lines, date))
            found.append(
                NotApplied(
                    what="package", id=pack.id, name=pack.name, name_en=pack.name_en, reason=reason, params=params
                )
            )  # fmt: skip
    for coupon in tariff.book.coupons:
        if coupon.code != made.coupon:
            reason, params = _why(coupon_hinders(coupon, wanted.lines, date, total))
            found.append(
                NotApplied(
                    what="coupon", id=coupon.code, name=coupon.name, name_en=coupon.name_en, reason=reason,
                    params=params,
                )
            )  # fmt: skip
    return found


def _why(no: Rejected | None) -> tuple[str, Mapping[str, Any]]:
    """Why it would not be good for the order; where it would be, nobody has asked for it."""
    return ("not_asked", {}) if no is None else (no.code, no.params)
