"""What those who settle ask the server: accounts, previews, statements with their lines, batches for the bank."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import msgspec

from dispatcher_app.client import question
from dispatcher_app.client.api import Api
from dispatcher_app.codec import Reply
from dispatcher_app.domain.money.account import Account, Balances, Total
from dispatcher_app.domain.money.deduction import Deduction
from dispatcher_app.domain.money.ledger import Bucket
from dispatcher_app.domain.money.period import Cadence
from dispatcher_app.domain.money.statement import Statement
from dispatcher_app.domain.money.withdrawal import Withdrawal
from dispatcher_app.payout.batch import Payee

LONG_S = 120.0
"""A preview of ten thousand technicians takes its time."""


class AccountRow(msgspec.Struct, frozen=True, kw_only=True):
    """A technician with what stands in his buckets, from his side."""

    technician: str
    name: str
    employment: str
    account: Account | None = None
    standing: dict[Bucket, int] = {}


class AccountRows(msgspec.Struct, frozen=True):
    """All of a region."""

    currency: str
    accounts: list[AccountRow]


class Line(msgspec.Struct, frozen=True, kw_only=True):
    """An entry of the ledger on one of his accounts, from his side, with the order that it is about."""

    posting: str
    bucket: Bucket
    amount: int
    seq: int
    at: int
    cause: str
    order: str | None = None
    number: str | None = None
    reverses: str | None = None


class Told(msgspec.Struct, frozen=True, kw_only=True):
    """All about one technician: `lines` are those since his last statement."""

    account: Account
    standing: dict[Bucket, int]
    statements: list[Statement]
    withdrawals: list[Withdrawal]
    deductions: list[Deduction]
    lines: list[Line]


class Lined(msgspec.Struct, frozen=True):
    """A statement with its lines."""

    statement: Statement
    lines: list[Line]


class Foreseen(msgspec.Struct, frozen=True, kw_only=True):
    """What one technician's statement would say."""

    technician: str
    employment: str
    opening: Balances
    totals: tuple[Total, ...]
    income: int
    tax: int
    netted: int
    closing: Balances
    payable: int


class Preview(msgspec.Struct, frozen=True, kw_only=True):
    """What settling a period would come to."""

    currency: str
    period: str
    upto: int
    technicians: int
    rows: list[Foreseen]


class Payees(msgspec.Struct, frozen=True):
    """What a bank needs of a batch."""

    rows: list[Payee]


class PayoutMeans(msgspec.Struct, frozen=True):
    """Whether the server has somebody who pays withdrawals out by himself."""

    gateway: bool


class Payroll:
    """The questions; each raises Offline where the server can't be asked, Rejected where it says no."""

    def __init__(self, api: Callable[[], Api | None]) -> None:
        self._api = api

    async def accounts(self, region: str) -> AccountRows:
        """Every technician who has shares."""
        found: AccountRows = await self._ask("GET", "/payroll/accounts", AccountRows, region=region)
        return found

    async def account(self, technician: str) -> Told:
        """All about one of them."""
        found: Told = await self._ask("GET", f"/payroll/accounts/{technician}", Told)
        return found

    async def statement(self, id: str) -> Lined:
        """A statement with the lines that it is made of."""
        found: Lined = await self._ask("GET", f"/statements/{id}", Lined)
        return found

    async def preview(self, region: str, cadence: Cadence, first: str) -> Preview:
        """What settling a period would come to."""
        asked = {"region": region, "cadence": cadence, "first": first}
        found: Preview = await self._ask("POST", "/settlements/preview", Preview, asked)
        return found

    async def settle(self, region: str, cadence: Cadence, first: str) -> Reply:
        """Begin to settle a period."""
        asked = {"region": region, "cadence": cadence, "first": first}
        found: Reply = await self._ask("POST", "/settlements", Reply, asked)
        return found

    async def gateway(self, region: str) -> bool:
        """Whether withdrawals can be given to somebody who pays them out by himself."""
        found: PayoutMeans = await self._ask("GET", "/withdrawals/means", PayoutMeans, region=region)
        return found.gateway

    async def batch(self, region: str, batch: str) -> list[Payee]:
        """Whom the bank pays of a batch; that the numbers were looked at is recorded."""
        found: Payees = await self._ask("GET", f"/withdrawals/batch/{batch}", Payees, region=region)
        return found.rows

    async def _ask(self, method: str, path: str, type_: Any, body: Any = None, **params: Any) -> Any:
        return await question.asked(self._api(), method, path, type_, body, LONG_S, **params)
