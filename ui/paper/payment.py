"""The receipt of one payment: how much for which order, how it was paid, what is left."""

from __future__ import annotations

from dispatcher_app.domain.money.payment import Payment
from dispatcher_app.domain.pricing import owed
from dispatcher_app.text import t
from ui.paper.block import Block, Pair, Rule, Sign
from ui.paper.receipt import Slip, head, numbers

MEANS = {
    "cash": "Cash##means",
    "card": "Card##means",
    "transfer": "Transfer##means",
    "other": "Other##means",
    "wechat": "WeChat Pay##means",
    "alipay": "Alipay##means",
    "deposit": "Deposit##means",
}


def payment_receipt(slip: Slip, payment: Payment) -> list[Block]:
    """What a customer gets for his money."""
    left = max(0, owed(slip.order) - slip.order.paid)
    paid = payment.captured_at or payment.created_at
    blocks: list[Block] = [*head(slip, t("Receipt of payment")), *numbers(slip)]
    if payment.receipt:
        blocks.append(Pair(t("Receipt number"), payment.receipt, bold=True))
    blocks += [Pair(t("Paid on"), slip.moment(paid)), Pair(t("Customer"), slip.owner), Rule()]
    blocks += [Pair(t("Received##paper"), slip.money(payment.amount), bold=True, apart=True)]
    blocks += [Pair(t("Paid by##paper"), t(MEANS[payment.means]), apart=True)]
    blocks += [Pair(t("Still to pay"), slip.money(left), apart=True), Rule()]
    return [*blocks, Sign(t("Signature of the cashier"))]
