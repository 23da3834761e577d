"""What tests of settling need: money earned without the orders that brought it, and periods made of the ledger."""

from __future__ import annotations

from dispatcher_app.domain.act import SYSTEM, Change
from dispatcher_app.domain.calendar import DAY_MS
from dispatcher_app.domain.command import (
    ApproveWithdrawal,
    FinishSettlement,
    RequestWithdrawal,
    SaveWay,
    SettleTechnician,
    StartSettlement,
)  # fmt: skip
from dispatcher_app.domain.money import ledger
from dispatcher_app.domain.money.account import Account, Total
from dispatcher_app.domain.money.ledger import Entry, Posting
from dispatcher_app.domain.money.period import last_over
from dispatcher_app.domain.money.statement import (
    SETTLE,
    Statement,
    accounts_of,
    settlement_id,
    statement_id,
    theirs,
)
from dispatcher_app.domain.technician import Technician
from dispatcher_app.simulator.rehearsal import Rehearsal
from tests.domain import trade
from tests.domain.trade import NOW, staff

FINANCE, OTHER = staff("finance", id="zhao"), staff("finance", id="qian")
SUPERVISOR = staff("supervisor", id="lina")
CARD = "6222020200112233446"
WEEK = 7 * DAY_MS


def company(*technicians: Technician) -> Rehearsal:
    return trade.company(*(technicians or (trade.technician("li"),)))


def post(world: Rehearsal, id: str, *entries: tuple[str, int]) -> None:
    """Something that happened to money."""
    made = tuple(Entry(account, amount) for account, amount in entries)
    assert sum(each.amount for each in made) == 0
    world.postings[id] = Posting(id=id, cause=id.partition(":")[0], currency="CNY", entries=made, order="o1")


def earn(
    world: Rehearsal, number: int, amount: int, technician: str = "li", *, released: bool = True
) -> None:
    """A share, released or still frozen."""
    frozen = ledger.technician(technician, "frozen")
    post(world, f"share:{technician}-{number}", (ledger.platform("shares"), amount), (frozen, -amount))
    if released:
        release(world, number, technician)


def release(world: Rehearsal, number: int, technician: str = "li") -> None:
    frozen = ledger.technician(technician, "frozen")
    share = world.postings[f"share:{technician}-{number}"]
    amount = -next(each.amount for each in share.entries if each.account == frozen)
    available = ledger.technician(technician, "available")
    post(world, f"release:{technician}-{number}", (frozen, amount), (available, -amount))


def collect(world: Rehearsal, number: int, amount: int, technician: str = "li") -> None:
    """A customer's cash in his pocket."""
    pocket = ledger.technician(technician, "cash")
    post(world, f"capture:{technician}-{number}", (pocket, amount), (ledger.customer("c"), -amount))


def has(world: Rehearsal, bucket: ledger.Bucket, technician: str = "li") -> int:
    """What stands in a bucket, from his side."""
    found = world.balance("sh", ledger.technician(technician, bucket), "CNY")
    assert found is not None
    return theirs(bucket, found)


def account(world: Rehearsal, technician: str = "li") -> Account:
    found = world.get(Account, technician)
    assert found is not None
    return found


def totals(world: Rehearsal, technician: str, after: int, upto: int) -> tuple[Total, ...]:
    """What the ledger says of somebody between two numbers; here a posting's number is its place."""
    sums: dict[tuple[str, ledger.Bucket], tuple[int, int]] = {}
    accounts = accounts_of(technician)
    for posting in list(world.postings.values())[after:upto]:
        what = posting.id.partition(":")[0]
        for entry in posting.entries:
            if (bucket := accounts.get(entry.account)) is not None and what != SETTLE:
                amount, count = sums.get((what, bucket), (0, 0))
                sums[what, bucket] = (amount + theirs(bucket, entry.amount), count + 1)
    return tuple(Total(what, bucket, *both) for (what, bucket), both in sorted(sums.items()))


def begin(world: Rehearsal, now: int, upto: int | None = None) -> str:
    """A run over the week that is just over; gives its id."""
    period = last_over(now, "weekly", trade.TIMEZONE)
    upto = len(world.postings) if upto is None else upto
    world.do(FINANCE, StartSettlement(cadence="weekly", first=period.first, upto=upto), now)
    return settlement_id("sh", period)


def settle_one(world: Rehearsal, run: str, upto: int, now: int, technician: str = "li") -> Change:
    known = world.get(Account, technician)
    after = known.upto if known is not None else 0
    command = SettleTechnician(
        settlement=run, technician=technician, after=after, totals=totals(world, technician, after, upto)
    )
    return world.do(SYSTEM, command, now)


def settle(world: Rehearsal, now: int = NOW, technician: str = "li") -> Statement:
    """A whole run for one technician."""
    upto = len(world.postings)
    run = begin(world, now)
    settle_one(world, run, upto, now, technician)
    figures = FinishSettlement(
        settlement=run, technicians=1, done=1, earned=0, tax=0, netted=0, payable=0, over=True
    )
    world.do(SYSTEM, figures, now)
    found = world.get(Statement, statement_id(run, technician))
    assert found is not None
    return found


def card(world: Rehearsal, technician: str = "li") -> None:
    world.do(FINANCE, SaveWay(technician=technician, way="bank", number=CARD, bank="招商银行"), NOW)


def ask(world: Rehearsal, amount: int, id: str = "w1", now: int = NOW) -> Change:
    return world.do(
        FINANCE, RequestWithdrawal(withdrawal=id, technician="li", amount=amount, way="bank"), now
    )


def approve(world: Rehearsal, id: str = "w1", now: int = NOW) -> Change:
    return world.do(SUPERVISOR, ApproveWithdrawal(withdrawal=id), now)
