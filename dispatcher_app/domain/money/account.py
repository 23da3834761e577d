"""A technician's account: what of his money is settled, and where it is paid to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Literal

from dispatcher_app.domain.money.ledger import Bucket

Way = Literal["bank", "wechat"]
WAYS: tuple[Way, ...] = ("bank", "wechat")


@dataclass(frozen=True, slots=True, kw_only=True)
class Balances:
    """What stands in a technician's buckets (minor units): what he has; `cash` is what he owes of it."""

    frozen: int = 0
    available: int = 0
    withdrawing: int = 0
    deposit: int = 0
    cash: int = 0

    @property
    def empty(self) -> bool:
        """Whether nothing stands anywhere."""
        return not (self.frozen or self.available or self.withdrawing or self.deposit or self.cash)


@dataclass(frozen=True, slots=True)
class Total:
    """What all postings of a kind came to in one of his buckets, from his side: what he got is above zero."""

    what: str
    bucket: Bucket
    amount: int
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """A technician's account; its id is his.

    Statements reach up to the log's number `upto`, the newest is `statement`, after which `closing` stood; `turnover` is
    what every kind of posting has come to in all of them. `settled` is
    what of his available money is settled and not yet asked for. `income` and `withheld` add up over `month` (`2026-11`).
    The number of his card and the name of his wallet are secrets; here are only masks. `way_by` is who entered them last,
    `withdrawal` the one that is under way.
    """

    kind: ClassVar[str] = "account"
    id: str
    region: str
    version: int = 0
    statement: str = ""
    upto: int = 0
    closing: Balances = Balances()
    turnover: tuple[Total, ...] = ()
    settled: int = 0
    month: str = ""
    income: int = 0
    withheld: int = 0
    bank: str = ""
    bank_mask: str = ""
    wallet_mask: str = ""
    way_by: str = ""
    way_at: int = 0
    withdrawal: str | None = None

    def mask(self, way: Way) -> str:
        """What everybody may see of where money goes, "" where it can't go."""
        return self.bank_mask if way == "bank" else self.wallet_mask


def card_mask(number: str) -> str:
    """What everybody may see of a card's number."""
    return f"****{number[-4:]}"


def wallet_mask(wallet: str) -> str:
    """What everybody may see of the name of a wallet."""
    return f"{wallet[:2]}****{wallet[-2:]}"


def card_fits(number: str) -> bool:
    """Whether it can be the number of a bank card: 12 to 19 digits, the last of which is right (Luhn)."""
    if not (number.isascii() and number.isdigit() and 12 <= len(number) <= 19):
        return False
    digits = [int(each) for each in reversed(number)]
    doubled = (sum(divmod(2 * each, 10)) for each in digits[1::2])
    return (sum(digits[::2]) + sum(doubled)) % 10 == 0
