"""Refunds and compensation in words: why, by which rule, how it is paid, and what has to be done next."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any, Final

from dispatcher_app.domain.money.refund import Refund
from dispatcher_app.domain.region import Policy
from dispatcher_app.text import t
from ui import format, name

if TYPE_CHECKING:
    from dispatcher_app.client.session import Session

REASONS: Final[dict[str, str]] = {
    "cancelled": "Order cancelled##refund",
    "overpaid": "Paid too much##refund",
    "not_done": "Work not done##refund",
    "no_show": "Technician did not come##refund",
    "dropped": "Technician gave it back##refund",
    "late": "Came late##refund",
    "quality": "Badly repaired##refund",
    "price_error": "Wrong price##refund",
    "duplicate": "Paid twice##refund",
    "damage": "Something was damaged##refund",
    "injury": "Somebody was hurt##refund",
    "goodwill": "For the customer's trouble##refund",
}
"""Why money goes to a customer, by code, in the order in which they are offered."""

_STATES: Final = {
    "proposed": "Waits for approval##refund",
    "approved": "Approved##refund",
    "sending": "On its way##refund",
    "done": "Paid##refund",
    "failed": "Failed##refund",
    "attention": "Nobody knows##refund",
    "rejected": "Turned down##refund",
    "withdrawn": "Taken back##refund",
}
_WAYS: Final = {
    "original": "The way it was paid##refund",
    "cash": "Cash at the counter##refund",
    "transfer": "Transfer##refund",
}
_CARRIERS: Final = {
    "wechat": "WeChat Pay##carrier",
    "alipay": "Alipay##carrier",
    "card": "Card terminal##carrier",
    "till": "Till##carrier",
    "bank": "Bank##carrier",
}
_NEXT: Final = {
    "fill_account": "Put money into the merchant's account, then try again.",
    "other_way": "Pay it in cash or by transfer instead.",
    "again_or_other_way": "Try again, or pay it in cash or by transfer.",
    "look_up": "Look it up at the provider's, then write down what came of it, or try again.",
    "set_up": "Set up this way of payment, or pay it in cash or by transfer.",
}
_FAULTS: Final = {
    "funds_short": "The merchant's account holds too little",
    "too_old": "Too old to be given back that way",
    "payer_gone": "The customer's account is gone or blocked",
    "amount_refused": "The provider refuses the amount",
    "refused": "The provider refuses it",
    "refund_closed": "The provider has ended it",
    "refund_abnormal": "The money could not be handed to the customer",
    "not_set_up": "This way of payment is not set up here",
    "unanswered": "No answer from the provider",
    "amount_differs": "The provider gave back another amount",
}
REFUSALS: Final[dict[str, str]] = {
    "no_ground": "No ground for it",
    "wrong_amount": "Wrong amount",
    "wrong_payee": "Not the one who paid",
    "given_already": "Given back already",
    "to_complaint": "To be settled by a complaint",
}
"""Why a second person says no."""
_RULES: Final = {
    "no_show": "The technician did not come: all that was paid goes back.",
    "no_show_paid": "The technician did not come: {amount} for the customer.",
    "dropped": "A technician gave it back after accepting: {amount} for the customer each time, {times} in all.",
    "cancelled_by_us": "Cancelled from our side: all that was paid goes back.",
    "cancel_free": "Cancelled in time: no fee, all that was paid goes back.",
    "cancel_fee": "Cancelled late: the fee of {fee} is kept, the rest goes back.",
    "customer_absent": "Nobody was at home: the door fee of {fee} is kept, the rest goes back.",
    "declined": "Customer declined the repair: the higher of door and inspection fee, {owed}, is kept.",
    "no_fault": "No fault found, or beyond repair: the door fee of {owed} is kept.",
    "not_done": "Lines {lines} were left out: what they cost goes back.",
    "warranty": "Repaired under warranty: it costs nothing.",
    "overpaid": "{owed} is owed: what was paid besides goes back.",
    "lines": "Lines {lines} were not done: labour and parts of them go back.",
    "": "A person's own word, by no rule.",
}


def reason(code: str) -> str:
    """Why."""
    return t(REASONS[code]) if code in REASONS else code


def state(code: str) -> str:
    """Where it stands."""
    return t(_STATES[code]) if code in _STATES else code


def way(code: str) -> str:
    """How it is paid."""
    return t(_WAYS[code]) if code in _WAYS else code


def carrier(code: str) -> str:
    """Who hands it over."""
    return t(_CARRIERS[code]) if code in _CARRIERS else code


def goes(means: str | None, code: str) -> str:
    """Where an amount goes: back to a telephone or a card, or another way."""
    return t("back to {carrier}", carrier=carrier(means)) if code == "original" and means else way(code)


def fault(code: str) -> str:
    """Why it did not go through, "" where nothing is wrong."""
    return t(_FAULTS[code]) if code in _FAULTS else code


def refusal(code: str) -> str:
    """Why a second person said no."""
    return t(REFUSALS[code]) if code in REFUSALS else code


def what(code: str) -> str:
    """Money that was paid, or money besides."""
    return t("Compensation##refund") if code == "compensation" else t("Refund##refund")


def next_step(refund: Refund) -> str:
    """What has to be done now, "" where nothing has: whoever reads it need not know the states."""
    match refund.state:
        case "proposed" if refund.limited:
            return t("Finance has to agree.")
        case "proposed":
            return t("A second person has to agree.")
        case "approved" if refund.carrier == "till":
            return t("Pay it out at the counter.")
        case "approved" if refund.carrier == "card":
            return t("Put it back on the card at the terminal.")
        case "approved" if refund.carrier == "bank":
            return t("Finance transfers it.")
        case "approved":
            return t("It is sent in a moment.")
        case "sending":
            return t("Wait for the provider; it is asked again by itself.")
    return t(_NEXT[refund.step]) if refund.step in _NEXT else ""


def rule(code: str, params: Mapping[str, Any], currency: str) -> str:
    """The rule of the trade that a proposal stands on, with its figures."""
    if code not in _RULES:
        return code
    said = dict(params)
    for key in ("amount", "fee", "owed"):
        if isinstance(said.get(key), int):
            said[key] = format.money(said[key], currency)
    said["lines"] = t(", ").join(str(each) for each in params.get("lines", ()))
    said.setdefault("times", 1)
    return t(_RULES[code], **{key: value for key, value in said.items() if isinstance(value, str | int)})


def limits(session: Session, codes: Iterable[str]) -> str:
    """The limits that are passed, with their figures."""
    policy = session.get(Policy, "policy") or Policy()
    figures = {"limit_order": policy.refund_limit_order, "limit_day": policy.refund_limit_day}
    words = {
        "limit_order": t("{amount} an order##limit"),
        "limit_day": t("{amount} a day##limit"),
    }
    return t(", ").join(
        words[code].format(amount=format.money(figures[code])) for code in codes if code in words
    )


def story(session: Session, refund: Refund) -> str:
    """Who proposed and who decided it, and when."""
    now, zone = session.now(), name.timezone(session)
    parts = [
        t("{who}, {when}", who=name.actor(session, refund.proposed_by),
          when=format.moment(refund.proposed_at, now, zone))
    ]  # fmt: skip
    if refund.alone:
        parts.append(t("decided alone, within his limit"))
    elif refund.decided_by is not None and refund.decided_at is not None:
        who, when = name.actor(session, refund.decided_by), format.moment(refund.decided_at, now, zone)
        said = (
            t("turned down by {who}, {when}") if refund.state == "rejected" else t("agreed by {who}, {when}")
        )
        parts.append(said.format(who=who, when=when))
    return t("; ").join(parts)
