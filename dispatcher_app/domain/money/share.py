"""What a technician earns with an order: his part of labour and surcharges, the fees he came for, his parts at cost."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from dispatcher_app.domain.book import PriceBook
from dispatcher_app.domain.money.terms import ShareRule, share_rule
from dispatcher_app.domain.order import Line, Order, PartLine
from dispatcher_app.domain.pricing import owed
from dispatcher_app.domain.region import Policy
from dispatcher_app.domain.surcharge import half_up

NOBODY: Mapping[str, str] = {}
SURCHARGES = frozenset({"urgency", "night", "holiday", "period"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """What one technician has earned with an order (minor units), by what it is for; `percent` is his part of it all."""

    technician: str
    percent: int
    labour: int = 0
    surcharges: int = 0
    fees: int = 0
    parts: int = 0

    @property
    def total(self) -> int:
        """All of it."""
        return self.labour + self.surcharges + self.fees + self.parts


def shares_of(
    order: Order,
    policy: Policy,
    book: PriceBook | None,
    before: Iterable[str] = (),
    unpaid: Iterable[str] = (),
    levels: Mapping[str, str] = NOBODY,
) -> tuple[Share, ...]:
    """What everybody who came has earned; nobody where nobody came.

    `book` is the price book of the order. `before` are those who were paid for the first repair: what the warranty
    covers they do for nothing, another one is paid as usual for it. `unpaid` have wages instead of shares, `levels` of
    credit count where the policy has rules about them.
    What the platform takes off a price never lessens a share.
    """
    parts, wages = portions(order), frozenset(unpaid)
    if wages.issuperset(parts):
        return ()
    lines = [line for line in order.lines if line.state != "excused"] if order.result == "repaired" else []
    fitted = [part for part in order.parts if order.lines[part.line].state != "excused"] if lines else []
    surcharges = [each.amount for each in order.quote.lines if each.what in SURCHARGES] if lines else []
    whole = (
        half_up(labour_of(lines), policy.share_labour_percent),
        half_up(sum(max(0, each) for each in surcharges), policy.share_surcharge_percent),
        half_up(earned_fee(order), policy.share_fee_percent),
        cost_of(fitted, book, free=False),
    )
    sums = split(whole, parts)
    if policy.share_rules:
        sums = [
            (ruled[0], ruled[1], each[2], each[3])
            for place, (id, each) in enumerate(zip(parts, sums, strict=True))
            for ruled in (split(by_rule(order, policy, lines, surcharges, levels.get(id, "")), parts)[place],)
        ]
    if order.return_of is not None:
        covered = half_up(guaranteed(lines, book), policy.share_labour_percent)
        more = split((covered, 0, 0, cost_of(fitted, book, free=True)), parts)
        again = frozenset(before)
        sums = [
            each if id in again else (each[0] + extra[0], each[1], each[2], each[3] + extra[3])
            for id, each, extra in zip(parts, sums, more, strict=True)
        ]
    return tuple([
        Share(technician=id, percent=percent, labour=each[0], surcharges=each[1], fees=each[2], parts=each[3])
        for (id, percent), each in zip(parts.items(), sums, strict=True)
        if id not in wages and any(each)
    ])  # fmt: skip


def by_rule(
    order: Order, policy: Policy, lines: Sequence[Line], surcharges: Iterable[int], level: str
) -> tuple[int, int, int, int]:
    """What somebody of a level would earn of labour and surcharges, were he alone: each line by its item's rule.

    Surcharges are the order's, not a line's: they go by the first line.
    """
    usual = ShareRule(
        since=0, labour_percent=policy.share_labour_percent, surcharge_percent=policy.share_surcharge_percent
    )
    rules = [share_rule(policy.share_rules, line.item, level, order.created_at, usual) for line in lines]
    labour = sum(
        line.labour * line.quantity * rule.labour_percent for line, rule in zip(lines, rules, strict=True)
    )
    extra = sum(max(0, each) for each in surcharges)
    percent = rules[0].surcharge_percent if rules else usual.surcharge_percent
    return (labour + 50) // 100, half_up(extra, percent), 0, 0


def portions(order: Order) -> dict[str, int]:
    """Who came to the last visit and his percent of what it brings: as stated, else equal, the odd ones to the lead."""
    if order.split:
        return dict(order.split)
    lead = order.visit.technician or order.technician
    crew = tuple(dict.fromkeys((lead, *order.along))) if lead is not None else ()
    if not crew:
        return {}
    each = 100 // len(crew)
    return {id: each + (100 - each * len(crew) if id == lead else 0) for id in crew}


Sums = tuple[int, int, int, int]


def split(whole: Sums, parts: dict[str, int]) -> list[Sums]:
    """Four sums parted by percent; what rounding leaves goes to the first."""
    if len(parts) == 1:
        return [whole]
    made = [[amount * percent // 100 for amount in whole] for percent in parts.values()]
    for at, amount in enumerate(whole):
        if made:
            made[0][at] += amount - sum(each[at] for each in made)
    return [(one, two, three, four) for one, two, three, four in made]


def labour_of(lines: Iterable[Line]) -> int:
    """What the customer was quoted for labour."""
    return sum(line.labour * line.quantity for line in lines)


def guaranteed(lines: Iterable[Line], book: PriceBook | None) -> int:
    """What the book asks for the labour of a return visit that costs the customer nothing."""
    if book is None:
        return 0
    prices = (
        (book.labour_by_fault.get((line.item, line.fault or "")), line.quantity)
        for line in lines
        if not line.labour
    )
    return sum(price.price * quantity for price, quantity in prices if price is not None)


def cost_of(parts: Iterable[PartLine], book: PriceBook | None, *, free: bool) -> int:
    """What the parts cost whoever brought them; where the book doesn't say, their price: nobody adds to it himself."""
    found = 0
    for each in parts:
        if (each.price == 0) == free:
            price = book.part_by_id.get(each.part) if book is not None else None
            cost = price.cost if price is not None else None
            found += (each.price if cost is None else cost) * each.quantity
    return found


def earned_fee(order: Order) -> int:
    """The fee for having come: for looking at it, or for a customer who was not there or called it off too late."""
    if order.cancellation is not None:
        return owed(order) if order.visit.departed_at is not None else 0
    return owed(order) if order.result in ("declined", "no_fault", "not_repairable") else 0
