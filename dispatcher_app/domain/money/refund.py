"""Money that goes back to a customer, or that he is given for what went wrong: proposed, decided, sent, and told of."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, ClassVar, Literal, get_args

from dispatcher_app.domain.order import Side

What = Literal["refund", "compensation"]
Way = Literal["original", "cash", "transfer"]
Carrier = Literal["wechat", "alipay", "card", "bank", "till"]
"""Back to where the money came from, in cash at a counter, or to an account that the customer names."""
RefundState = Literal[
    "proposed", "approved", "sending", "done", "failed", "attention", "rejected", "withdrawn"
]
RefundReason = Literal[
    "cancelled", "overpaid", "not_done", "no_show", "dropped", "late", "quality", "price_error", "duplicate",
    "damage", "injury", "goodwill",
]  # fmt: skip

STATES: tuple[RefundState, ...] = get_args(RefundState)
WAYS: tuple[Way, ...] = get_args(Way)
REASONS: tuple[RefundReason, ...] = get_args(RefundReason)
CLAIMS = frozenset({"damage", "injury"})
"""Damage and injury are claims: never decided by one person, and not bound by what was paid."""
GIVEN_UP = frozenset({"rejected", "withdrawn"})
"""Nothing was paid and nothing will be: the amount is free again."""
OVER = GIVEN_UP | {"done"}
DRAFT = frozenset({"proposed", "approved", "failed"})
"""Nobody has been asked to pay it, or whoever was has said no: it can still be taken back."""
UNDER_WAY: tuple[RefundState, ...] = ("attention", "failed", "proposed", "sending", "approved")
"""What somebody or something has still to do, the worst first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Refund:
    """An amount (minor units) that one order gives back, by one way.

    `payment` is the payment that is given back; None for what was received before there were payments, and for
    compensation. `rule` is the rule of the trade that proposes it, with what its sentence needs in `params` and what
    it came to in `due`; "" where a person alone says so. `borne` is what of a refund the customer had owed, so that we
    bear it. `carrier` hands the money over. `alone` says that whoever proposed it decided it within his own limit, on
    his account of the date `counted_on`. `limited` are the codes of the limits that are passed, so that finance
    decides. `tries` counts how often it was asked for, `attempt` how often it was begun anew after the provider had
    ended it: each has a key of its own; `turned_by` has it go another way than was decided. `step` is a code of
    what has to be done next, where something has.
    """

    kind: ClassVar[str] = "refund"
    id: str
    region: str
    version: int = 0
    order: str
    what: What = "refund"
    payment: str | None = None
    amount: int
    borne: int = 0
    currency: str
    reason: RefundReason
    side: Side
    lines: tuple[int, ...] = ()
    rule: str = ""
    params: dict[str, Any] = field(default_factory=dict)
    due: int = 0
    way: Way = "original"
    carrier: Carrier = "till"
    claim: str = ""
    complaint: str | None = None
    state: RefundState = "proposed"
    proposed_by: str
    proposed_at: int
    limited: tuple[str, ...] = ()
    decided_by: str | None = None
    decided_at: int | None = None
    alone: bool = False
    counted_on: str | None = None
    refused_for: str = ""
    tries: int = 0
    attempt: int = 0
    turned_by: str = ""
    sent_at: int | None = None
    provider_ref: str = ""
    fault: str = ""
    step: str = ""
    store: str | None = None
    receipt: str = ""
    closed_at: int | None = None

    @property
    def counts(self) -> bool:
        """Whether its amount is paid back or is still to be."""
        return self.state not in GIVEN_UP


@dataclass(frozen=True, slots=True, kw_only=True)
class Allowance:
    """What a person has decided alone on a local date (minor units): refunds and compensation of one region."""

    kind: ClassVar[str] = "allowance"
    id: str
    region: str
    version: int = 0
    person: str
    date: str
    used: int = 0
    closed_at: int | None = None


def allowance_id(person: str, region: str, date: str) -> str:
    """The one account of a person and a date in a region."""
    return f"{person}:{region}:{date}"
