"""A provider of payments that answers late, twice, wrongly or not at all, and remembers what it was asked."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from dispatcher_app.integrations.payments.port import Asked, Found, Paid, Refunded, Refused, Told, Unanswered


@dataclass
class Bank:
    """`moods` says how the next questions go: `lost` (done, but no answer comes), `dead` (nothing is done), `slow` (taken
    over, done at the next question), `short` (refused), `closed` (ended), `odd` (another amount); then all goes well.
    """

    moods: list[str] = field(default_factory=list)
    refunds: dict[str, Refunded] = field(default_factory=dict)
    asked: Counter[str] = field(default_factory=Counter)
    given: Counter[str] = field(default_factory=Counter)
    silent: bool = False
    name: str = "wechat"
    account: str = ""

    def mind(self, *moods: str) -> None:
        """How it goes from now on."""
        self.moods = list(moods)

    @property
    def money(self) -> int:
        """What it has given back in all."""
        return sum(each.amount for each in self.refunds.values() if each.state == "done")

    async def refund(self, key: str, paid: Paid, amount: int, reason: str = "") -> Refunded:
        """A key is given back once, however often it is asked for."""
        self.asked[key] += 1
        if self.silent:
            raise Unanswered("timeout")
        if key in self.refunds and self.refunds[key].state != "failed":
            return self.refunds[key]
        mood = self.moods.pop(0) if self.moods else ""
        if mood == "dead":
            raise Unanswered("timeout")
        if mood == "short":
            raise Refused("NOT_ENOUGH", "balance")
        state = {"slow": "sent", "closed": "failed", "abnormal": "failed"}.get(mood, "done")
        made = Refunded(
            key=key, state=state, amount=amount + (mood == "odd"), reference=f"ref{len(self.refunds)}",  # type: ignore[arg-type]
            detail="ABNORMAL" if mood == "abnormal" else "",
        )  # fmt: skip
        self.refunds[key] = made
        self.given[key] += made.state == "done"
        if mood == "lost":
            raise Unanswered("timeout")
        return made

    async def query_refund(self, key: str, paid: Paid) -> Refunded:
        """What became of a key; what was taken over is done by now."""
        if self.silent:
            raise Unanswered("timeout")
        found = self.refunds.get(key)
        if found is None:
            return Refunded(key=key, state="absent")
        if found.state == "sent":
            found = self.refunds[key] = Refunded(
                key=key, state="done", amount=found.amount, reference=found.reference
            )
            self.given[key] += 1
        return found

    async def offer(self, asked: Asked) -> str:
        """Nobody pays here."""
        raise Refused("NOT_HERE")

    async def query(self, key: str) -> Found:
        """Nobody pays here."""
        raise Refused("NOT_HERE")

    async def close(self, key: str) -> Found:
        """Nobody pays here."""
        raise Refused("NOT_HERE")

    async def bill(self, date: str) -> bytes:
        """Nobody pays here."""
        raise Refused("NOT_HERE")

    def told(self, headers: object, body: bytes, now: int) -> Told:
        """It tells nothing by itself."""
        raise Refused("NOT_HERE")

    async def end(self) -> None:
        """There is nothing to let go of."""


def once_each(bank: Bank, keys: Iterable[str]) -> bool:
    """Whether the customer has every one of these exactly once."""
    return all(bank.given[key] == 1 for key in keys)
