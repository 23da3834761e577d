"""The port to whoever issues invoices: a tax platform, an accountant's system, or only a list that finance works off."""

from __future__ import annotations

import logging
from dataclasses import dataclass, field
from typing import Literal, Protocol

log = logging.getLogger(__name__)

Standing = Literal["absent", "taken", "issued", "refused"]
"""Never heard of that key; taken over, ask again; issued; will not be issued as it was asked for."""


class Unanswered(Exception):
    """Nobody knows whether it was taken over: no answer, or none that we can trust."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """An invoice to be issued; `key` is taken only once by whoever issues it. Amounts are minor units."""

    key: str
    order: str
    amount: int
    currency: str
    buyer: str
    subject: str
    title: str = field(repr=False)
    tax_number: str = field(default="", repr=False)
    email: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Answer:
    """How an invoice stands: its number where it is issued, a code for why not where it is refused."""

    standing: Standing
    reference: str = ""
    fault: str = ""


class Invoicing(Protocol):
    """Whoever issues invoices."""

    @property
    def name(self) -> str:
        """What he is called in the log."""

    async def issue(self, asked: Asked) -> Answer:
        """Hand one over; the same key a second time is the first one. Raises Unanswered."""

    async def find(self, key: str) -> Answer:
        """How the one of that key stands. Raises Unanswered."""

    async def close(self) -> None:
        """Let go of every connection."""


class ByHand:
    """Issues nothing: the request stands in the list at the desk until finance has typed in the number."""

    name = "by_hand"

    async def issue(self, asked: Asked) -> Answer:
        """Say in the program's log that there is one more, without saying to whom."""
        log.info("invoice wanted", extra={"invoice": asked.key, "order": asked.order, "amount": asked.amount})
        return Answer("taken")

    async def find(self, key: str) -> Answer:
        """It stands in the list."""
        return Answer("taken")

    async def close(self) -> None:
        """Nothing is open."""
