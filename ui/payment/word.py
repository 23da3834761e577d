"""Payments in words: by which means, how they stand, and why one did not work."""

from __future__ import annotations

from typing import Final

from dispatcher_app.domain.money.payment import Payment
from dispatcher_app.text import t

MEANS: Final[dict[str, str]] = {
    "cash": "Cash##means",
    "card": "Card##means",
    "transfer": "Transfer##means",
    "other": "Other##means",
    "deposit": "Deposit##means",
    "wechat": "WeChat Pay##means",
    "alipay": "Alipay##means",
}
_PROBLEMS: Final[dict[str, str]] = {
    "no_provider": "This server has no account there: the administrator sets it up.",
    "refused": "The provider refused it ({said}). Try again, or the other one.",
    "settled_otherwise": "Finance has settled it.",
    "amount_differs": "Another amount was paid. Finance looks into it; ask for nothing more meanwhile.",
    "currency_differs": "It was paid in another currency. Finance looks into it; ask for nothing more meanwhile.",
}


def means(code: str) -> str:
    """What a means of payment is called."""
    return t(MEANS.get(code, code))


def problem(payment: Payment) -> str:
    """Why it did not work, and what to do; "" where nothing is wrong."""
    if not payment.problem:
        return ""
    return t(_PROBLEMS.get(payment.problem, payment.problem), said=payment.said or "-")


def scan(payment: Payment) -> str:
    """What the customer is asked to do."""
    if payment.means == "alipay":
        return t("Scan with Alipay")
    return t("Scan with WeChat")
