"""Why money went back: refunds and compensation that were paid, counted and added up by month, reason, item and side."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from dispatcher_app.domain.calendar import local_date
from dispatcher_app.domain.money.refund import Refund, RefundReason, What
from dispatcher_app.domain.order import Order, Side


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """So many, and so much (minor units), of one kind; `technician` is who had come or was to come, "" for nobody."""

    month: str
    what: What
    reason: RefundReason
    side: Side
    item: str
    technician: str = ""
    currency: str = "CNY"
    count: int = 0
    amount: int = 0


def given(refunds: Iterable[Refund], orders: Mapping[str, Order], zones: Mapping[str, str]) -> list[Given]:
    """What was paid of these, by month of its payment in its region's time, the largest sums first."""
    sums: dict[Given, tuple[int, int]] = {}
    for each in refunds:
        order = orders.get(each.order)
        if each.state != "done" or each.closed_at is None:
            continue
        key = Given(
            month=local_date(each.closed_at, zones.get(each.region, "Asia/Shanghai"))[:7], what=each.what,
            reason=each.reason, side=each.side, item=order.lines[0].item if order else "",
            technician=(order.visit.technician or order.technician or "") if order else "", currency=each.currency,
        )  # fmt: skip
        count, amount = sums.get(key, (0, 0))
        sums[key] = count + 1, amount + each.amount
    made = [counted(key, *found) for key, found in sums.items()]
    return sorted(made, key=lambda each: (-each.amount, each.month, each.reason, each.item, each.technician))


def counted(key: Given, count: int, amount: int) -> Given:
    """A kind with its figures."""
    return Given(
        month=key.month, what=key.what, reason=key.reason, side=key.side, item=key.item, technician=key.technician,
        currency=key.currency, count=count, amount=amount,
    )  # fmt: skip


def summed(found: Iterable[Given], by: str) -> list[tuple[str, int, int]]:
    """(value, count, sum) by one of the fields, the largest sums first; months in their order."""
    sums: dict[str, tuple[int, int]] = {}
    for each in found:
        value = str(getattr(each, by))
        count, amount = sums.get(value, (0, 0))
        sums[value] = count + each.count, amount + each.amount
    rows = [(value, *figures) for value, figures in sums.items()]
    return sorted(rows) if by == "month" else sorted(rows, key=lambda row: (-row[2], row[0]))
