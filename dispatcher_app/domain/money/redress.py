"""What the rules of the trade give back for an order: worked out from its story, decided by a person."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, get_args

from dispatcher_app.domain.act import Rejected
from dispatcher_app.domain.money.payment import Payment
from dispatcher_app.domain.money.refund import CLAIMS, Refund, RefundReason, Way, What
from dispatcher_app.domain.order import Order, Side
from dispatcher_app.domain.pricing import owed
from dispatcher_app.domain.region import Policy

RuleCode = Literal[
    "no_show", "no_show_paid", "dropped", "cancelled_by_us", "cancel_free", "cancel_fee", "customer_absent",
    "declined", "no_fault", "not_done", "warranty", "overpaid", "lines",
]  # fmt: skip
RULES: tuple[RuleCode, ...] = get_args(RuleCode)
"""Stood up: all of it back, and something for it; given back after accepting; how it was cancelled; what came of it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """What a rule gives (minor units), to whose account it goes, and what the rule's sentence needs.

    `whole` says that a part of it will not do.
    """

    rule: RuleCode
    what: What
    amount: int
    reason: RefundReason
    side: Side
    params: dict[str, Any] = field(default_factory=dict)
    whole: bool = False


def redress(order: Order, given: Iterable[Refund], policy: Policy) -> tuple[Due, ...]:
    """What the rules give for an order besides what is already given or on its way."""
    counted = [each for each in given if each.counts]
    found: list[Due] = []
    back = order.paid - order.refunded
    if stood_up(order):
        window = order.window
        params = {"from": window.start, "to": window.end} if window else {}
        if back > 0:
            found.append(
                Due(rule="no_show", what="refund", amount=back, reason="no_show", side="technician", params=params,
                    whole=True)
            )  # fmt: skip
        if not any(each.rule == "no_show_paid" for each in counted):
            found.append(
                Due(rule="no_show_paid", what="compensation", amount=policy.no_show_compensation, reason="no_show",
                    side="technician", params={**params, "amount": policy.no_show_compensation})
            )  # fmt: skip
    elif (over := back - owed(order)) > 0:
        found.append(unowed(order, over))
    paid_for = sum(int(each.params.get("times", 1)) for each in counted if each.rule == "dropped")
    if (times := drops(order) - paid_for) > 0:
        found.append(
            Due(rule="dropped", what="compensation", amount=times * policy.drop_compensation, reason="dropped",
                side="technician", params={"times": times, "amount": policy.drop_compensation})
        )  # fmt: skip
    return tuple(each for each in found if each.amount > 0)


def stood_up(order: Order) -> bool:
    """Whether somebody had accepted, nobody came, and the promised time was over: by the story, or as staff said."""
    ended = order.cancellation
    if ended is None or order.visit.arrival is not None:
        return False
    if ended.reason == "technician_absent":
        return True
    waited = order.window is not None and order.closed_at is not None and order.closed_at > order.window.end
    return waited and ended.from_status in ("accepted", "en_route") and ended.reason != "customer_absent"


def drops(order: Order) -> int:
    """How often a technician gave the order back after accepting it; one that was taken back at once does not count."""
    count = 0
    for step, then in zip(order.steps, (*order.steps[1:], None), strict=True):
        if step.action != "drop":
            continue
        same = then is not None and then.params.get("technician") == step.params.get("technician")
        count += not (then is not None and then.action == "assign" and same)
    return count


def unowed(order: Order, over: int) -> Due:
    """What was paid and is not owed, by how the order ended."""
    ended = order.cancellation
    if ended is not None:
        params: dict[str, Any] = {"fee": ended.fee, "departed": ended.from_status == "en_route"}
        rule: RuleCode = "cancel_fee" if ended.fee else "cancel_free"
        if ended.side != "customer":
            rule = "cancelled_by_us"
        elif ended.reason == "customer_absent":
            rule = "customer_absent"
        return Due(rule=rule, what="refund", amount=over, reason="cancelled", side=ended.side, params=params)
    left_out = [index + 1 for index, line in enumerate(order.lines) if line.state == "excused"]
    params = {"owed": owed(order)}
    if order.return_of is not None and owed(order) == 0:
        return Due(
            rule="warranty", what="refund", amount=over, reason="overpaid", side="platform", params=params
        )
    if order.result == "declined":
        return Due(
            rule="declined", what="refund", amount=over, reason="not_done", side="customer", params=params
        )
    if order.result in ("no_fault", "not_repairable"):
        return Due(
            rule="no_fault", what="refund", amount=over, reason="not_done", side="customer", params=params
        )
    if left_out:
        params["lines"] = left_out
        return Due(
            rule="not_done", what="refund", amount=over, reason="not_done", side="technician", params=params
        )
    return Due(rule="overpaid", what="refund", amount=over, reason="overpaid", side="platform", params=params)


def of_lines(order: Order, lines: Sequence[int], given: Iterable[Refund]) -> Due:
    """What some lines that turned out not to be done were paid with: their labour and parts, by their index.

    Raises Rejected for a line that there is not, that was never charged, or that is given back already.
    """
    before = {line for each in given if each.counts for line in each.lines}
    for index in lines:
        if not 0 <= index < len(order.lines):
            raise Rejected("not_found", "lines", kind="line", id=str(index))
        if index in before or order.lines[index].state == "excused":
            raise Rejected("line_refunded", "lines", line=index + 1)
    amount = sum(charged(order, index) for index in set(lines))
    amount = min(amount, order.paid - order.refunded)
    params = {"lines": [index + 1 for index in sorted(set(lines))]}
    return Due(
        rule="lines", what="refund", amount=amount, reason="not_done", side="technician", params=params
    )


def charged(order: Order, index: int) -> int:
    """What the labour and the parts of a line came to (minor units)."""
    line = order.lines[index]
    parts = sum(each.price * each.quantity for each in order.parts if each.line == index)
    return line.labour * line.quantity + parts


def checked(
    order: Order, what: What, amount: int, reason: RefundReason, due: Due | None, policy: Policy
) -> None:
    """Raises Rejected for an amount that may not be given: too much, too little left, or a part where all is due."""
    if amount <= 0:
        raise Rejected("refund_amount", "amount")
    if what == "compensation":
        if reason in CLAIMS:
            most = policy.claim_most
        elif due is not None:
            most = due.amount
        else:
            most = max(order.paid, order.quote.total) - order.compensated
        if amount > most:
            raise Rejected("compensation_too_much", "amount", amount=max(most, 0))
        return
    back = order.paid - order.refunded
    if amount > back:
        raise Rejected("refund_too_much", "amount", amount=max(back, 0))
    if amount < back and stood_up(order):
        raise Rejected("refund_whole", "amount", amount=back)
    exact = due is not None and amount == due.amount
    if not exact and 0 < back - amount < policy.refund_remainder:
        raise Rejected("refund_remainder", "amount", amount=policy.refund_remainder, whole=back)


def beyond(order: Order, amount: int, used: int, policy: Policy) -> tuple[str, ...]:
    """The limits of one person that an amount passes, with what the order and he have given already."""
    found = []
    if order.refunded + order.compensated + amount > policy.refund_limit_order:
        found.append("limit_order")
    if used + amount > policy.refund_limit_day:
        found.append("limit_day")
    return tuple(found)


@dataclass(frozen=True, slots=True)
class Portion:
    """A part of an amount (minor units): the payment that it goes back to, None where nobody knows one, and how."""

    payment: str | None
    amount: int
    way: Way


BACK: Mapping[str, Way] = {"wechat": "original", "alipay": "original", "card": "original", "cash": "cash"}
"""How a payment goes back the way it came, by its means; whatever else was paid is transferred."""


def portions(amount: int, payments: Iterable[Payment], way: Way = "original") -> tuple[Portion, ...]:
    """An amount laid on captured payments, the newest first, each back the way it came unless another way is wanted.

    What no payment holds was received before payments were kept: it goes back in cash where no other way is wanted.
    """
    made: list[Portion] = []
    newest = sorted(payments, key=lambda each: (each.captured_at or 0, each.id), reverse=True)
    for each in newest:
        part = min(amount, each.amount - each.refunded)
        if each.state == "captured" and part > 0:
            made.append(
                Portion(each.id, part, BACK.get(each.means, "transfer") if way == "original" else way)
            )
            amount -= part
    if amount > 0:
        made.append(Portion(None, amount, "cash" if way == "original" else way))
    return tuple(made)
