"""Providers of the practice city: nobody is asked and nothing is paid; the customer pays a few seconds after the code."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from dispatcher_app import clock
from dispatcher_app.domain.money.payment import Electronic
from dispatcher_app.integrations.payments.port import (
    Asked,
    Distrusted,
    Found,
    NoBill,
    Paid,
    Refunded,
    Refused,
    Told,
)

PAYS_AFTER_MS = 8_000
"""So long a customer of the practice city looks for his telephone."""


@dataclass(slots=True)
class Trade:
    """A payment that was asked for: when, and whether it was closed."""

    asked: Asked
    at: int
    closed: bool = False

    def found(self) -> Found:
        """How it stands now."""
        if self.closed:
            return Found(key=self.asked.key, standing="closed")
        if clock.now_ms() - self.at < PAYS_AFTER_MS:
            return Found(key=self.asked.key, standing="waiting")
        return Found(
            key=self.asked.key, standing="captured", amount=self.asked.amount, currency=self.asked.currency,
            reference=f"practice-{self.asked.key[:12]}", at=self.at + PAYS_AFTER_MS,
        )  # fmt: skip


class Practice:
    """What it was asked it forgets with the node."""

    account = ""

    def __init__(self, name: Electronic) -> None:
        self._name = name
        self._trades: dict[str, Trade] = {}
        self._refunds: dict[str, Refunded] = {}

    @property
    def name(self) -> str:
        """The means that it plays."""
        return self._name

    async def offer(self, asked: Asked) -> str:
        """A code that no telephone can pay by."""
        self._trades.setdefault(asked.key, Trade(asked, clock.now_ms()))
        return f"practice:{asked.key} (nothing is paid)"

    async def query(self, key: str) -> Found:
        """How a payment stands."""
        trade = self._trades.get(key)
        return trade.found() if trade is not None else Found(key=key, standing="absent")

    async def close(self, key: str) -> Found:
        """Nobody pays it any more, unless somebody has."""
        found = await self.query(key)
        if found.standing == "waiting":
            self._trades[key].closed = True
            return await self.query(key)
        return found

    async def refund(self, key: str, paid: Paid, amount: int, reason: str = "") -> Refunded:
        """Given back at once."""
        if not 0 < amount <= paid.amount:
            raise Refused("INVALID_REQUEST")
        made = Refunded(key=key, state="done", amount=amount, reference=f"practice-{key[:12]}")
        return self._refunds.setdefault(key, made)

    async def query_refund(self, key: str, paid: Paid) -> Refunded:
        """How a refund stands."""
        return self._refunds.get(key) or Refunded(key=key, state="absent")

    async def bill(self, date: str) -> bytes:
        """It keeps no books."""
        raise NoBill("practice")

    def told(self, headers: Mapping[str, str], body: bytes, now: int) -> Told:
        """Nobody tells of it."""
        raise Distrusted("practice")

    async def end(self) -> None:
        """Nothing is open."""
