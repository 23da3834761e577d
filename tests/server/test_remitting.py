"""Withdrawals that a provider pays: once each, through lost answers and a killed server, and back where he refuses."""

from collections.abc import Callable
from contextlib import closing

import pytest

from dispatcher_app.domain import command as c
from dispatcher_app.domain.act import SYSTEM
from dispatcher_app.domain.money import ledger
from dispatcher_app.integrations.payout import PayoutTold, Unanswered, told
from dispatcher_app.integrations.transport import Answered
from dispatcher_app.server import settling
from dispatcher_app.server.store import payroll as store
from tests.server.city import Place, actor_of, open_gate
from tests.server.desk import Desk, desk
from tests.server.gateway import SECRET
from tests.server.payer import payer
from tests.server.payroll import CARD, last_week
from tests.server.process import Server, administer
from tests.server.waiting import until


def sent(place: Place, count: int) -> None:
    """Last week is settled, and so many withdrawals are in the provider's hands; no server runs yet."""
    period = last_week(place)
    with closing(open_gate(place)) as gate:
        with gate.database.reading() as cursor:
            people = store.people(cursor, "sh")
        upto = gate.all("SELECT seq FROM log_head WHERE log = 'sh'")[0][0]
        gate.do(c.StartSettlement(cadence="weekly", first=period.first, upto=upto), actor=actor_of("zhao"))
        with gate.database.reading() as cursor:
            (run,) = store.running(cursor)
            due = settling.left(cursor, run, people)
        for each in due:
            gate.executor.submit(settling.act_of(run, each)).result(20)
        for number in range(1, count + 1):
            who, id = f"sh-t{number}", f"withdrawal-{number}"
            way = c.SaveWay(technician=who, way="bank", number=CARD, bank="招商银行")
            gate.do(way, actor=actor_of("zhao"))
            ask = c.RequestWithdrawal(withdrawal=id, technician=who, amount=20_000, way="bank")
            gate.do(ask, actor=actor_of("zhao"))
            gate.do(c.ApproveWithdrawal(withdrawal=id), actor=SYSTEM)
        ids = tuple(f"withdrawal-{number}" for number in range(1, count + 1))
        go = c.SendWithdrawals(batch="batch-1", withdrawals=ids, channel="provider")
        gate.do(go, actor=actor_of("zhao"))


def states(finance: Desk) -> list[str]:
    """How the withdrawals stand, in order."""
    found = {
        id: body.get("state", "asked")
        for (kind, id), (_, body) in finance.state().items()
        if kind == "withdrawal"
    }
    return [found[id] for id in sorted(found)]


@pytest.mark.deep_on_postgres
def test_each_is_paid_once_through_lost_answers_and_a_killed_server(
    place: Place, launch: Callable[..., Server], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DISPATCHER_PAYOUTS_SECRET", SECRET)
    sent(place, 4)
    with payer() as provider:
        provider.faults = {
            "withdrawal-1": "lost", "withdrawal-2": "refused", "withdrawal-3": "down", "withdrawal-4": "held",
        }  # fmt: skip
        server = launch(place, "--payouts", provider.url)
        until(provider.holding.is_set, "the last one was never sent")
        server.kill()
        provider.released.set()
        server = launch(place, "--payouts", provider.url)
        with desk(server.url, "zhao") as finance:
            wanted = ["paid", "failed", "paid", "paid"]
            until(lambda: states(finance) == wanted, "not all of them came to an end", 60)
            account = finance.http.get("/payroll/accounts/sh-t2").json()
            assert (account["account"]["settled"], account["standing"]["available"]) == (60_000, 60_000)
            assert finance.http.get("/withdrawals/batch/batch-1?region=sh").json() == {"rows": []}
        server.stop()
        assert sorted(provider.paid) == ["withdrawal-1", "withdrawal-3", "withdrawal-4"]
        assert provider.paid["withdrawal-1"]["number"] == CARD
        # Sent again is only what he said that he had never heard of.
        assert sorted(provider.sent) == [f"withdrawal-{each}" for each in (1, 2, 3, 3, 4)]
        assert provider.forged == 0
    assert administer(place, "verify").returncode == 0
    with closing(open_gate(place)) as gate:
        for number, paid in ((1, -20_000), (2, 0), (3, -20_000), (4, -20_000)):
            found = gate.all(
                "SELECT SUM(amount) FROM ledger_balance WHERE account = ?",
                (ledger.technician(f"sh-t{number}", "paid"),),
            )
            assert (found[0][0] or 0) == paid


@pytest.mark.parametrize(
    "answered",
    [
        Answered(200, {"id": "other", "state": "paid"}), Answered(200, {"id": "w", "state": "done"}), Answered(200, None),
        Answered(500, {"id": "w", "state": "paid"}), Answered(429, {"id": "w", "state": "failed"}),
    ],
)  # fmt: skip
def test_an_answer_that_is_not_understood_says_nothing_about_the_money(answered: Answered) -> None:
    with pytest.raises(Unanswered):
        told("w", answered)


def test_an_answer_that_is_understood() -> None:
    answered = Answered(200, {"id": "w", "state": "failed", "reason": "name_differs", "reference": "r" * 99})
    assert told("w", answered) == PayoutTold("failed", "r" * 64, "name_differs")
