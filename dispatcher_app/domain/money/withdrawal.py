"""A withdrawal: settled money on its way to a technician's bank card or wallet."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Literal

from dispatcher_app.domain.calendar import DAY_MS, HOUR_MS
from dispatcher_app.domain.money.account import Way

WithdrawalState = Literal[
    "asked", "approved", "sending", "paid", "failed", "returned", "rejected", "recalled"
]
OPEN: frozenset[WithdrawalState] = frozenset({"asked", "approved", "sending"})
"""What is on its way; a technician has one at a time."""
Channel = Literal["file", "provider"]
"""A batch file that a person takes to the bank, or a provider that is asked by the server."""

SENT_MS = DAY_MS
"""So long a provider is sent what he has never heard of; then it is too old, and a person sees to it."""
ALONE_MS = SENT_MS + HOUR_MS
"""So long he alone says what became of it: a person who calls it failed meanwhile would have it paid twice."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Withdrawal:
    """One withdrawal (minor units); its id is the provider's key, `mask` where it goes as it was when he asked.

    `batch` names the file it is in, or the go in which it was given to a provider; `reason` is why it came to nothing.
    """

    kind: ClassVar[str] = "withdrawal"
    id: str
    region: str
    version: int = 0
    technician: str
    amount: int
    currency: str
    way: Way
    mask: str
    state: WithdrawalState = "asked"
    asked_at: int
    asked_by: str
    decided_at: int | None = None
    decided_by: str = ""
    batch: str = ""
    channel: Channel = "file"
    sent_at: int | None = None
    sent_by: str = ""
    ended_at: int | None = None
    reference: str = ""
    reason: str = ""

    @property
    def closed_at(self) -> int | None:
        """When it came to its end (UTC ms)."""
        return None if self.state in OPEN else self.ended_at

    def sent_within(self, span: int, now: int) -> bool:
        """Whether it has been in a provider's hands for less than that (ms)."""
        return self.state == "sending" and self.channel == "provider" and now - (self.sent_at or now) < span
