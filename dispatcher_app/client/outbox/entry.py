"""An act in the outbox, and which acts must wait for which."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Literal

from dispatcher_app import codec
from dispatcher_app.codec import Refusal
from dispatcher_app.domain import command as c
from dispatcher_app.domain.act import Act, Actor, Rejected
from dispatcher_app.domain.entity import PLATFORM

EntryState = Literal["waiting", "refused", "parked"]
ONLINE = frozenset({
    c.WaiveFee, c.OpenTill, c.CloseTill, c.BankCash, c.HoldWindow, c.ReleaseHold, c.PublishPlan,
    c.StartPayment, c.ClosePayment, c.SettleDifference, c.ProposeRefund, c.ApproveRefund, c.RejectRefund,
    c.WithdrawRefund, c.ReportRefund, c.RetryRefund, c.PayRefund, c.RequestWithdrawal, c.ApproveWithdrawal,
    c.RejectWithdrawal, c.RecallWithdrawal, c.SendWithdrawals, c.ReportWithdrawal, c.SaveWay, c.Deduct,
    c.AppealDeduction, c.DecideAppeal, c.PayDeposit, c.ReturnDeposit, c.GrantBonus,
})  # fmt: skip
"""Commands that make no sense later: the caller has hung up, the plan has gone on. They never wait for a connection."""
PASSING = frozenset({c.HoldWindow, c.ReleaseHold})
"""Commands that are over with the call: nobody undoes them, and they are no part of what is undone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One act: `place` is its turn, `tries` counts answers that were the server's fault, `reason` says why it rests."""

    place: int
    act: str
    user: str
    at: int
    region: str
    name: str
    body: bytes
    undoes: str | None = None
    batch: str | None = None
    state: EntryState = "waiting"
    tries: int = 0
    reason: str = ""
    refusal: Refusal | None = None
    queued: bool = False

    def command(self) -> Any:
        """The command itself; raises Rejected or KeyError where this version does not know it."""
        return codec.command(self.name, self.body)

    @property
    def fleeting(self) -> bool:
        """Whether it is done now or not at all."""
        return c.BY_NAME.get(self.name) in ONLINE

    def as_act(self, actor: Actor) -> Act:
        """The act as rules see it."""
        return Act(
            id=self.act, actor=actor, at=self.at, command=self.command(), region=self.region,
            undoes=self.undoes, batch=self.batch,
        )  # fmt: skip

    def submitted(self) -> codec.Submitted:
        """The act as it is sent."""
        return codec.Submitted(
            id=self.act, at=self.at, region=self.region, command=codec.Raw(self.body),
            undoes=self.undoes, batch=self.batch,
        )  # fmt: skip


def log_of(command: Any, region: str) -> str:
    """The log that a command belongs to: the company's or a region's."""
    return PLATFORM if type(command) in c.PLATFORM_COMMANDS else region


def subjects(command: Any) -> frozenset[str]:
    """What a command is about: its order, all that it moves, else the one thing it names."""
    if isinstance(command, c.MoveVisits):
        return frozenset(each.order for each in command.moves)
    for name in ("order", "complaint", "customer", "technician", "compound", "category", "item", "policy", "saved",
                 "staff", "book", "standard", "part", "year", "template", "attachment", "withdrawal",
                 "deduction"):  # fmt: skip
        found = getattr(command, name, None)
        if found is not None:
            return frozenset((found if isinstance(found, str) else found.id,))
    return frozenset()


def made(command: Any) -> frozenset[str]:
    """What exists only once the command is done."""
    new = (getattr(command, "new_customer", None), getattr(command, "new_address", None))
    found = {each.id for each in new if each is not None}
    if isinstance(command, (c.BookOrder, c.ImportOrder, c.ReceiveDevice, c.ReturnVisit)):
        found.add(command.order)
    if isinstance(command, c.OpenComplaint):
        found.add(command.complaint)
    if isinstance(command, c.AddAddress):
        found.add(command.address.id)
    return frozenset(found)


def named(command: Any) -> frozenset[str]:
    """What else a command leans on."""
    names = ("order", "complaint", "customer", "address", "technician")
    return frozenset(found for name in names if isinstance(found := getattr(command, name, None), str))


def free_to_go(entries: Iterable[Entry]) -> Iterator[Entry]:
    """The waiting acts that no resting one stands before, in their order."""
    about, missing = set[str](), set[str]()
    for entry in entries:
        try:
            command = entry.command()
        except (Rejected, KeyError):
            continue
        blocked = not (about.isdisjoint(subjects(command)) and missing.isdisjoint(named(command)))
        if entry.state == "waiting" and not blocked:
            yield entry
        else:
            about |= subjects(command)
            missing |= made(command)
