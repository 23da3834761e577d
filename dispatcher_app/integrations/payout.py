"""Whoever pays technicians out: the port, and a signed gateway of the company's; without one a file goes to the bank.

The gateway gets `{"id", "do": "ask"}`, or `{"id", "do": "send", "name", "number", "bank", "way", "amount", "currency"}`
with amounts in minor units, signed as notices are. It answers `{"id": <the same>, "state": …, "reference", "reason"}`:
`absent` (it has never heard of it), `sent` (it has it; ask again), `paid`, or `failed`. An id is paid once, however
often it is sent.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol

from dispatcher_app import clock
from dispatcher_app.domain.money.account import Way
from dispatcher_app.integrations.transport import Answered, Transport, Unreachable
from dispatcher_app.integrations.webhook import LATER, checked, signature

PayoutState = Literal["absent", "sent", "paid", "failed"]
TIMEOUT_S = 20.0
REFERENCE_LONGEST = 64
REASONS = frozenset({"name_differs", "account_closed", "account_wrong", "limit_exceeded"})


class Unanswered(Exception):
    """Nobody knows whether it was done: it is asked about before it is ever sent again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Payout:
    """Money (minor units) for a technician's card or wallet; `id` is the withdrawal's, and the provider's key of it."""

    id: str
    name: str
    number: str = field(repr=False)
    bank: str
    way: Way
    amount: int
    currency: str


@dataclass(frozen=True, slots=True)
class PayoutTold:
    """What a provider knows of one."""

    state: PayoutState
    reference: str = ""
    reason: str = ""


class Payouts(Protocol):
    """A provider of payouts; every question raises Unanswered where the answer is not known."""

    async def ask(self, id: str) -> PayoutTold:
        """What has become of one."""

    async def send(self, payout: Payout) -> PayoutTold:
        """Pay it; the same one a second time is taken for the first."""

    async def close(self) -> None:
        """Let go of the connections."""


class PayoutGateway:
    """A gateway behind an address."""

    def __init__(self, url: str, secret: str, timeout_s: float = TIMEOUT_S) -> None:
        checked(url, secret)
        self._secret = secret
        self._transport = Transport(url, timeout_s)

    async def ask(self, id: str) -> PayoutTold:
        """What has become of one."""
        return await self._told(id, {"id": id, "do": "ask"})

    async def send(self, payout: Payout) -> PayoutTold:
        """Pay it."""
        body = {
            "id": payout.id, "do": "send", "name": payout.name, "number": payout.number, "bank": payout.bank,
            "way": payout.way, "amount": payout.amount, "currency": payout.currency,
        }  # fmt: skip
        return await self._told(payout.id, body)

    async def close(self) -> None:
        """Let go of the connections."""
        await self._transport.close()

    async def _told(self, id: str, said: dict[str, Any]) -> PayoutTold:
        body = json.dumps(said, ensure_ascii=False).encode()
        headers = {
            "idempotency-key": id, "x-dispatcher-signature": signature(self._secret, clock.now_ms(), body),
        }  # fmt: skip
        try:
            return told(id, await self._transport.post(body, headers))
        except Unreachable as error:
            raise Unanswered(str(error)) from error


def told(id: str, answered: Answered) -> PayoutTold:
    """What an answer means; one that we don't understand says nothing about whether it was paid."""
    body = answered.body or {}
    state = body.get("state")
    if answered.status >= 300 or answered.status in LATER or body.get("id") != id:
        raise Unanswered(f"status_{answered.status}")
    if state not in ("absent", "sent", "paid", "failed"):
        raise Unanswered("answer_unfit")
    reason = str(body.get("reason", ""))
    made: PayoutState = state
    return PayoutTold(
        made, str(body.get("reference", ""))[:REFERENCE_LONGEST], reason if reason in REASONS else "other"
    )
