"""The port to whoever takes payments: what is asked of him, and what his answers mean.

Amounts are minor units. `key` is ours: the provider takes each one only once, so whoever does not know what became of
a request asks about its key before he sends it again.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, Protocol

Standing = Literal["absent", "waiting", "captured", "closed", "failed"]
"""The provider has never heard of it; the customer may still pay; paid; can't be paid any more; the try went wrong."""
RefundStanding = Literal["absent", "sent", "done", "failed"]
"""Never heard of; taken over, ask again; the customer has it; it will not be done."""


class Unanswered(Exception):
    """Nobody knows whether it was done: no answer, none in time, or none that we can trust."""


class Refused(Exception):
    """The provider says no: his code, and his words about it without anything personal."""

    def __init__(self, code: str, detail: str = "") -> None:
        super().__init__(code)
        self.code = code
        self.detail = detail


class NoBill(Exception):
    """The provider has no bill of that day: nothing happened, or it is not made yet."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A payment to be taken: what the customer reads on his telephone, and until when he may pay (UTC ms)."""

    key: str
    amount: int
    currency: str
    subject: str
    expires_at: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """How a payment stands at the provider's; amount and currency where it is paid, `at` when (UTC ms)."""

    key: str
    standing: Standing
    amount: int = 0
    currency: str = ""
    reference: str = ""
    at: int | None = None
    detail: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Paid:
    """A payment that was captured, as its provider knows it."""

    key: str
    reference: str
    amount: int
    currency: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Refunded:
    """How a refund stands at the provider's."""

    key: str
    state: RefundStanding
    amount: int = 0
    reference: str = ""
    detail: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """A notification whose signature, merchant and app are right; only a hint, the provider is asked before we book.

    `kind` says what it is about; `refund` is our key of the refund where it is about one.
    """

    id: str
    kind: Literal["payment", "refund", "other"]
    key: str = ""
    refund: str = ""
    standing: Standing = "waiting"
    amount: int = 0
    currency: str = ""
    reference: str = ""
    content: str = field(default="", repr=False)


class Distrusted(Exception):
    """A notification that is not believed, and why; `genuine` where at least its signature is right."""

    def __init__(self, reason: str, *, genuine: bool = False) -> None:
        super().__init__(reason)
        self.reason = reason
        self.genuine = genuine


class Provider(Protocol):
    """Whoever takes payments; every call raises Unanswered or Refused."""

    @property
    def name(self) -> str:
        """The means that it stands for in a payment."""

    @property
    def account(self) -> str:
        """Our number at the provider's, as his bills name it; "" where it is not set."""

    async def offer(self, asked: Asked) -> str:
        """The text of the code that the customer scans; the same key again gives a code for the same payment."""

    async def query(self, key: str) -> Found:
        """How a payment stands."""

    async def close(self, key: str) -> Found:
        """End a payment that nobody has paid; what was paid meanwhile is said instead."""

    async def refund(self, key: str, paid: Paid, amount: int, reason: str = "") -> Refunded:
        """Give back a part of a payment, or all of it; the same key again is the same refund."""

    async def query_refund(self, key: str, paid: Paid) -> Refunded:
        """How a refund stands."""

    async def bill(self, date: str) -> bytes:
        """The provider's own list of a local date, as he publishes it; raises NoBill."""

    def told(self, headers: Mapping[str, str], body: bytes, now: int) -> Told:
        """What a notification says; raises Distrusted. Header names in small letters."""

    async def end(self) -> None:
        """Let go of every connection."""


def key_of(id: str) -> str:
    """The key under which a provider knows an entity of ours: letters and digits, 32 of them at most."""
    return "".join(each for each in id if each.isascii() and each.isalnum())[:32]
