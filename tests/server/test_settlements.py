"""Settling on both databases: as the preview said, once for everybody, resumed after a crash, seen by few."""

import json
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from typing import Any

import pytest

from dispatcher_app.domain import command as c
from dispatcher_app.domain.act import Rejected
from dispatcher_app.domain.money.account import Account, Balances
from dispatcher_app.domain.money.statement import moved
from dispatcher_app.server import settling
from dispatcher_app.server.store import payroll as store
from dispatcher_app.server.store.database import Cursor
from tests.server import payroll
from tests.server.city import TECHNICIANS, Place, actor_of, open_gate
from tests.server.desk import Desk, desk, stream
from tests.server.payroll import CARD, EARNED, asked, last_week
from tests.server.process import Server, administer
from tests.server.waiting import until


def ended(finance: Desk) -> dict[str, Any]:
    """The run, once it is over."""

    def over() -> dict[str, Any] | None:
        found = [body for (kind, _), (_, body) in finance.state().items() if kind == "settlement"]
        return next((each for each in found if each.get("state") == "done"), None)

    found = until(over, "the run never ended")
    assert found is not None
    return found


def test_a_run_makes_what_the_preview_says_and_each_line_is_in_the_ledger(
    place: Place, launch: Callable[..., Server]
) -> None:
    period = last_week(place)
    server = launch(place)
    with desk(server.url, "zhao") as finance:
        foreseen = finance.http.post("/settlements/preview", json=asked(period)).json()
        assert [each["income"] for each in foreseen["rows"]] == [EARNED] * TECHNICIANS
        assert finance.http.post("/settlements", json=asked(period)).status_code == 200
        run = ended(finance)
        assert (run["done"], run["earned"], run["netted"]) == (TECHNICIANS, TECHNICIANS * EARNED, 15_000)
        assert run["payable"] == sum(each["payable"] for each in foreseen["rows"])
        for row in foreseen["rows"]:
            told = finance.http.get(f"/statements/{run['id']}:{row['technician']}").json()
            made = told["statement"]
            assert (made["closing"], made["tax"]) == (row["closing"], row["tax"])
            by_bucket = {each["bucket"]: 0 for each in told["lines"]}
            for line in told["lines"]:
                by_bucket[line["bucket"]] += line["amount"]
            assert by_bucket["available"] == made["closing"]["available"] - made["opening"]["available"]
        again = finance.http.post("/settlements", json=asked(period))
        assert again.json()["rejected"] == "settled_already"
        # Only the server knows what the ledger says: nobody settles by hand.
        for command in (
            c.StartSettlement(cadence="weekly", first="2026-01-05", upto=1 << 40),
            c.SettleTechnician(settlement=run["id"], technician="sh-t1", after=0, totals=()),
        ):
            assert finance.send(command).status_code == 403
    server.stop()
    assert administer(place, "verify").returncode == 0
    with closing(open_gate(place)) as gate:

        def forge(cursor: Cursor) -> None:
            cursor.run(
                "UPDATE entity SET body = replace(body, '60000', '60001') WHERE kind = 'statement' AND id LIKE '%sh-t3'"
            )

        gate.executor.run(forge).result(20)
    assert "statement: sh:" in administer(place, "verify").stdout


def test_a_killed_run_is_resumed_where_it_was_left_off(place: Place, launch: Callable[..., Server]) -> None:
    period = last_week(place)
    with closing(open_gate(place)) as gate:
        with gate.database.reading() as cursor:
            people, upto = (
                store.people(cursor, "sh"),
                gate.all("SELECT seq FROM log_head WHERE log = 'sh'")[0][0],
            )
        command = c.StartSettlement(cadence="weekly", first=period.first, upto=upto)
        gate.do(command, actor=actor_of("zhao"))
        # A node that dies in the middle has made three of them.
        with gate.database.reading() as cursor:
            (run,) = store.running(cursor)
            due = settling.left(cursor, run, people)
        for each in due[:3]:
            gate.executor.submit(settling.act_of(run, each)).result(20)
        # Told twice, as by a node that thinks it still has the lease: nothing happens twice.
        assert gate.executor.submit(settling.act_of(run, due[0])).result(20).repeated
    server = launch(place)
    with desk(server.url, "zhao") as finance:
        assert ended(finance)["done"] == TECHNICIANS
    server.kill()
    with closing(open_gate(place)) as gate:
        posted = gate.all("SELECT id FROM ledger_posting WHERE cause = 'settle'")
        assert len(posted) == len(set(posted)) == 1, "only one of them had cash or tax"
        counted = gate.all("SELECT COUNT(*) FROM entity WHERE kind = 'statement'")
        assert counted == [(TECHNICIANS,)]
    assert administer(place, "verify").returncode == 0


@pytest.mark.parametrize("place", ["sqlite"], indirect=True)
def test_a_server_killed_right_after_the_start_of_a_run_ends_it_when_it_is_back(
    place: Place, launch: Callable[..., Server]
) -> None:
    period = last_week(place)
    server = launch(place)
    with desk(server.url, "zhao") as finance:
        assert finance.http.post("/settlements", json=asked(period)).status_code == 200
        server.kill()
    server = launch(place)
    with desk(server.url, "zhao") as finance:
        assert ended(finance)["done"] == TECHNICIANS


@pytest.mark.parametrize("place", ["sqlite"], indirect=True)
def test_dispatchers_are_told_nothing_of_it_by_page_stream_reply_or_question(
    place: Place, launch: Callable[..., Server]
) -> None:
    period = last_week(place)
    server = launch(place)
    hidden = {"account", "settlement", "statement", "withdrawal"}
    with desk(server.url, "zhao") as finance, desk(server.url) as dispatcher, stream(dispatcher) as watched:
        finance.http.post("/settlements", json=asked(period))
        run = ended(finance)
        head = finance.http.get("/changes", params={"log": "sh"}).json()["head"]
        watched.seq(head)
        seen = {each["kind"] for message in watched.messages() for each in message.get("changes", ())}
        assert not hidden & seen
        assert not hidden & {kind for kind, _ in dispatcher.state()}
        assert hidden - {"withdrawal"} <= {kind for kind, _ in finance.state()}
        statement = f"{run['id']}:sh-t1"
        assert dispatcher.http.get(f"/history/statement/{statement}").status_code == 404
        for path in (
            f"/statements/{statement}", "/payroll/accounts?region=sh", "/payroll/accounts/sh-t1",
            "/withdrawals/batch/b-1?region=sh",
        ):  # fmt: skip
            assert dispatcher.http.get(path).status_code == 403, path
        for path in ("/settlements", "/settlements/preview"):
            assert dispatcher.http.post(path, json=asked(period)).status_code == 403


@pytest.mark.parametrize("place", ["sqlite"], indirect=True)
def test_a_batch_holds_the_cards_of_what_is_not_reported_yet_and_looking_is_recorded(
    place: Place, launch: Callable[..., Server]
) -> None:
    period = last_week(place)
    server = launch(place)
    with desk(server.url, "zhao") as finance, desk(server.url, "lina") as supervisor:
        finance.http.post("/settlements", json=asked(period))
        ended(finance)
        for number in (1, 2):
            who = f"sh-t{number}"
            finance.do(c.SaveWay(technician=who, way="bank", number=CARD, bank="招商银行"))
            ask = c.RequestWithdrawal(
                withdrawal=f"withdrawal-{number}", technician=who, amount=20_000, way="bank"
            )
            finance.do(ask)
            supervisor.do(c.ApproveWithdrawal(withdrawal=f"withdrawal-{number}"))
        both = ("withdrawal-1", "withdrawal-2")
        finance.do(c.SendWithdrawals(batch="batch-1", withdrawals=both))
        page = "/withdrawals/batch/batch-1?region=sh"
        rows = finance.http.get(page).json()["rows"]
        assert [(row["withdrawal"], row["number"], row["amount"]) for row in rows] == [
            (each, CARD, 20_000) for each in both
        ]
        assert supervisor.http.get(page).status_code == 403
        finance.do(c.ReportWithdrawal(withdrawal="withdrawal-1", outcome="paid"))
        left = finance.http.get(page).json()["rows"]
        assert [row["withdrawal"] for row in left] == ["withdrawal-2"], "a second file pays nobody twice"
        told = finance.http.get("/payroll/accounts/sh-t1").json()
        assert [each["state"] for each in told["withdrawals"]] == ["paid"]
        asked_for = {"kind": "account", "id": "sh-t2", "field": "bank", "reason": "call back"}
        assert supervisor.http.post("/reveal", json=asked_for).status_code == 403
        assert finance.http.post("/reveal", json=asked_for).json() == {"value": CARD}
        assert CARD not in json.dumps(finance.state()[("account", "sh-t2")])
    server.stop()
    with closing(open_gate(place)) as gate:
        seen = gate.all("SELECT actor, entity FROM access WHERE kind = 'account' ORDER BY id")
        assert seen.count(("staff:zhao", "sh-t2")) == 3
        bodies = gate.all("SELECT body FROM change WHERE body IS NOT NULL")
        assert not any(CARD in body for (body,) in bodies)


def test_statements_are_sums_of_the_ledger_on_either_database(place: Place) -> None:
    last_week(place)
    with closing(open_gate(place)) as gate:
        upto = gate.all("SELECT seq FROM log_head WHERE log = 'sh'")[0][0]
        payroll.post(gate, *payroll.earned(1, "later", 5_000))
        with gate.database.reading() as cursor:
            found = store.totals(cursor, "sh", ["sh-t0", "sh-t1", "nobody"], 0, upto, "CNY")
            none = store.totals(cursor, "sh", ["sh-t1"], upto, upto + 1, "CNY")
        assert moved(Balances(), found["sh-t0"]).cash == 15_000
        assert [(each.what, each.bucket, each.amount, each.count) for each in found["sh-t1"]] == [
            ("release", "available", EARNED + 5_000, 2),
            ("release", "frozen", -EARNED - 5_000, 2),
            ("share", "frozen", EARNED + 5_000, 2),
        ]
        assert (found["nobody"], none["sh-t1"]) == ((), ())
        # What the balances say of it, less what came later, is the same as the entries one by one.
        with gate.database.reading() as cursor:
            known = [Account(id=f"sh-t{number}", region="sh") for number in range(TECHNICIANS)]
            for number in (upto, upto - 1):
                by_entry = store.totals(cursor, "sh", [each.id for each in known], 0, number, "CNY")
                assert store.since(cursor, "sh", known, number, "CNY") == by_entry
            again = [replace(known[1], upto=upto, turnover=found["sh-t1"])]
            assert store.since(cursor, "sh", again, upto, "CNY") == {"sh-t1": ()}
        with pytest.raises(Rejected):
            gate.do(c.StartSettlement(cadence="weekly", first="2026-01-06", upto=1), actor=actor_of("zhao"))
