"""A company's writer with an order to be paid, the job of a node, and both providers as stand-ins."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from dispatcher_app import clock, codec
from dispatcher_app.domain import command as c
from dispatcher_app.domain.money.discrepancy import Discrepancy
from dispatcher_app.domain.money.payment import Electronic, Payment
from dispatcher_app.domain.order import Order
from dispatcher_app.integrations.payments.port import Provider, key_of
from dispatcher_app.integrations.payments.setting import opened
from dispatcher_app.server.pay.collect import Watch, collect
from dispatcher_app.server.store import ledger, record
from tests.payments import alipay, wechat
from tests.server.city import Gate, actor_of, assign, book
from tests.server.onsite import DOOR

TOTAL = 14000
"""What the order of `owing` comes to: labour and the way."""


def owing(gate: Gate, order: str = "o-1") -> Order:
    """An order that is finished and confirmed, and not paid."""
    for command in (
        book(order=order), assign(order), c.Depart(order=order, technician="sh-t0"),
        c.Arrive(order=order, technician="sh-t0", point=DOOR, accuracy_m=10),
        c.MarkLine(order=order, line=0, from_state="open", state="done"),
        c.FinishOrder(order=order, technician="sh-t0"), c.ConfirmOrder(order=order, confirmation="phone"),
    ):  # fmt: skip
        gate.do(command)
    return order_of(gate, order)


def order_of(gate: Gate, id: str = "o-1") -> Order:
    """The order as it stands."""
    with gate.database.reading() as cursor:
        found = record.load(cursor, "order", id)
    assert isinstance(found, Order)
    return found


def settings(folder: Path, tenpay: str, antpay: str) -> Path:
    """The settings of a merchant of both."""
    file = folder / "payments.toml"
    file.write_text(wechat.settings(folder, tenpay) + alipay.settings(folder, antpay))
    return file


@dataclass
class Till:
    """A gate with providers; `work` is one round of the job."""

    gate: Gate
    loop: asyncio.AbstractEventLoop
    providers: Mapping[str, Provider]
    watch: Watch = field(default_factory=Watch)

    def start(self, means: Electronic = "wechat", amount: int = 0, order: str = "o-1") -> str:
        """A payment begun by the counter; gives its id."""
        id = clock.new_id()
        found = order_of(self.gate, order)
        command = c.StartPayment(payment=id, order=order, amount=amount or found.quote.total, means=means)
        self.gate.do(command, actor=actor_of("chen"))
        return id

    def work(self, rounds: int = 1) -> None:
        """What the job does when every pause is over."""
        for _ in range(rounds):
            self.watch.last.clear()
            self.loop.run_until_complete(
                collect(self.gate.database, self.gate.executor, self.providers, self.watch)
            )

    def offered(self, means: Electronic = "wechat", amount: int = 0) -> str:
        """A payment that can be paid."""
        id = self.start(means, amount)
        self.work()
        assert self.payment(id).state == "pending"
        return id

    def payment(self, id: str) -> Payment:
        """The payment as it stands."""
        with self.gate.database.reading() as cursor:
            found = record.load(cursor, "payment", id)
        assert isinstance(found, Payment)
        return found

    def balance(self, account: str) -> int:
        """What stands on an account."""
        with self.gate.database.reading() as cursor:
            return ledger.balance(cursor, "sh", account, "CNY")

    def differences(self) -> list[Discrepancy]:
        """What finance has to look into."""
        with self.gate.database.reading() as cursor:
            return [
                each for each in record.load_all(cursor, "discrepancy", "sh") if isinstance(each, Discrepancy)
            ]

    def due(self, id: str) -> None:
        """As if its time were over."""
        body = codec.encode(
            codec.decode(codec.encode(self.payment(id)), dict) | {"payable_until": clock.now_ms() - 1}
        )
        self.gate.executor.run(
            lambda cursor: cursor.run(
                "UPDATE entity SET body = ? WHERE kind = 'payment' AND id = ?", (body.decode(), id)
            )
        ).result(10)

    def restart(self) -> None:
        """Another node goes on, which knows only what is written down."""
        self.watch = Watch()


def key(id: str) -> str:
    """The provider's key of a payment."""
    return key_of(id)


def providers(folder: Path, tenpay: str, antpay: str) -> dict[str, Provider]:
    """Both, by the settings of a merchant."""
    return opened(settings(folder, tenpay, antpay), "https://repair.example.com")


def ended(loop: asyncio.AbstractEventLoop, found: Mapping[str, Any]) -> None:
    """Let go of the connections."""
    for each in found.values():
        loop.run_until_complete(each.end())
