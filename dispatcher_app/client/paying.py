"""What those who take money ask the server: by which telephones one can pay, what is to be scanned, bills."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlencode

import msgspec

from dispatcher_app.client import question
from dispatcher_app.client.api import Api, Offline, refusal_of
from dispatcher_app.domain.act import Rejected
from dispatcher_app.domain.money.payment import Electronic, Payment


class MeansThere(msgspec.Struct, frozen=True):
    """The providers that the server has accounts with."""

    means: list[Electronic]


class CodeThere(msgspec.Struct, frozen=True):
    """The text of the code that the customer scans."""

    code: str


class BillRead(msgspec.Struct, frozen=True, kw_only=True):
    """What a bill came to (minor units), and in how many places it differs from our books."""

    provider: Electronic
    date: str
    payments: int
    paid: int
    refunds: int
    refunded: int
    differences: int


class HeardNotice(msgspec.Struct, frozen=True, kw_only=True):
    """What a provider told us, or somebody in his name: what became of it, why, how often, last when (UTC ms)."""

    id: str
    at: int
    provider: str
    outcome: str
    reason: str
    payment: str = ""
    digest: str = ""
    count: int = 1


class HeardNotices(msgspec.Struct, frozen=True):
    """All that was asked for, newest first."""

    notices: list[HeardNotice]


class StuckThere(msgspec.Struct, frozen=True):
    """Payments about which nobody answers."""

    payments: list[Payment]


class Carried(msgspec.Struct, frozen=True):
    """Customers' cash that a technician carries, and how much he may (minor units)."""

    technician: str
    amount: int
    limit: int
    currency: str


class Paying:
    """Every question raises Offline without a server, and Rejected."""

    def __init__(self, api: Callable[[], Api | None]) -> None:
        self._api = api

    async def means(self) -> tuple[Electronic, ...]:
        """By which telephones customers can pay here."""
        found: MeansThere = await question.asked(self._api(), "GET", "/payments/means", MeansThere)
        return tuple(found.means)

    async def code(self, payment: str) -> str:
        """The text of a payment's code."""
        found: CodeThere = await question.asked(self._api(), "GET", f"/payments/{payment}/code", CodeThere)
        return found.code

    async def carried(self, technician: str) -> Carried:
        """How much of the customers' cash he has in his pocket."""
        found: Carried = await question.asked(
            self._api(), "GET", "/ledger/cash", Carried, technician=technician
        )
        return found

    async def notices(self) -> list[HeardNotice]:
        """What providers have told us, newest first."""
        found: HeardNotices = await question.asked(self._api(), "GET", "/payments/notices", HeardNotices)
        return found.notices

    async def stuck(self) -> list[Payment]:
        """Payments whose time is long over and about which the provider says nothing."""
        found: StuckThere = await question.asked(self._api(), "GET", "/payments/stuck", StuckThere)
        return found.payments

    async def bill(self, file: Path, region: str, date: str = "") -> BillRead:
        """Have a provider's bill read and compared; raises OSError for a file that can't be read."""
        if (api := self._api()) is None:
            raise Offline("not connected")
        query = urlencode({"region": region, **({"date": date} if date else {})})
        answer = await api.send_file(f"/bills?{query}", file)
        if (refusal := refusal_of(answer)) is not None:
            raise Rejected(refusal.rejected, refusal.field, **refusal.params)
        if answer.status != 200:
            raise Offline(f"/bills: {answer.status}")
        return msgspec.json.decode(answer.body, type=BillRead)
