"""Differences in words: what they are, what settling them does, why, and what was told and not believed."""

from __future__ import annotations

from typing import Final

from dispatcher_app.client.paying import HeardNotice
from dispatcher_app.domain.money.discrepancy import Discrepancy
from dispatcher_app.text import t
from ui import format
from ui.payment import word

WHAT: Final[dict[tuple[str, str], str]] = {
    ("payment", "theirs_only"): "Paid there, not booked here",
    ("payment", "ours_only"): "Booked here, not in the bill",
    ("payment", "amount_differs"): "Another amount was paid",
    ("payment", "currency_differs"): "Paid in another currency",
    ("refund", "theirs_only"): "Given back there, not booked here",
    ("refund", "ours_only"): "Given back here, not in the bill",
    ("refund", "amount_differs"): "Another amount was given back",
    ("refund", "currency_differs"): "Given back in another currency",
}
HOWS: Final[dict[str, str]] = {
    "order": "Take it for the order it was meant for",
    "difference": "Post it as a difference",
    "none": "Nothing is to be posted",
}
REASONS: Final[dict[str, str]] = {
    "looked_up": "Looked up with the provider##difference",
    "other_system": "Belongs to another system of ours##difference",
    "late_bill": "Stands in the bill of another day##difference",
    "provider_error": "The provider's mistake##difference",
    "our_error": "Our mistake##difference",
    "paid_twice": "Paid twice##difference",
    "customer_underpaid": "The customer paid another amount##difference",
    "other": "Something else##difference",
}
_HEARD: Final[dict[str, str]] = {
    "captured": "Confirmed and booked##notice",
    "replayed": "The same once more, nothing was done##notice",
    "booked_already": "Booked already##notice",
    "refund": "About a refund##notice",
    "waiting": "Not paid yet##notice",
    "closed": "Closed##notice",
    "failed": "Did not work##notice",
    "not_about_money": "About something else##notice",
    "provider_unanswered": "The provider did not confirm in time; we ask again##notice",
    "not_paid_says_provider": "The provider himself says it is not paid##notice",
    "amount_differs": "Another amount than was asked for##notice",
    "currency_differs": "Another currency than was asked for##notice",
    "other_reference": "Booked under another number already##notice",
    "payment_unknown": "No payment of ours##notice",
    "other_merchant": "For another merchant##notice",
    "other_app": "For another app##notice",
    "signature_wrong": "The signature is wrong##notice",
    "signature_probe": "The provider's own test with a wrong signature##notice",
    "serial_unknown": "Signed with a key that we don't know##notice",
    "header_missing": "Not signed at all##notice",
    "timestamp_off": "More than five minutes old or early##notice",
    "timestamp_invalid": "Without a readable time##notice",
    "not_to_be_opened": "Sealed with another key##notice",
    "algorithm_unknown": "Sealed in an unknown way##notice",
    "not_json": "No notification, something else##notice",
    "not_a_form": "No notification, something else##notice",
    "not_a_notification": "A notification that can't be read##notice",
    "too_large": "Far too large##notice",
}
_OUTCOMES: Final[dict[str, str]] = {
    "done": "Followed##notice",
    "known": "Known already##notice",
    "later": "Asked to come again##notice",
    "refused": "Refused##notice",
}


def what(found: Discrepancy) -> str:
    """What kind of difference it is."""
    return t(WHAT.get((found.moved, found.what), found.what))


def amount(minor: int, found: Discrepancy) -> str:
    """An amount of it, "–" where there is none."""
    return format.money(minor, found.currency) if minor else "–"


def state(found: Discrepancy) -> str:
    """Whether it waits for somebody."""
    return t("To settle##difference") if found.state == "open" else t("Settled##difference")


def heard(notice: HeardNotice) -> str:
    """What became of a notification, and why."""
    outcome = t(_OUTCOMES.get(notice.outcome, notice.outcome))
    return t("{outcome}: {why}", outcome=outcome, why=t(_HEARD.get(notice.reason, notice.reason)))


def provider(code: str) -> str:
    """What a provider is called."""
    return word.means(code)
