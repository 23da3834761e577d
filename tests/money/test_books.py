"""The ledger of a real database: once, for ever, and verified anew; the questions that finance asks."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager

import pytest

from dispatcher_app import clock
from dispatcher_app.domain import command as c
from dispatcher_app.domain.act import SYSTEM, Rejected
from dispatcher_app.domain.calendar import DAY_MS
from dispatcher_app.domain.region import Policy
from dispatcher_app.server.alarm import due_acts
from dispatcher_app.server.finding import Finding
from dispatcher_app.server.store import books, ledger, query
from dispatcher_app.server.verify import verify
from tests.money.bought import completed, finished, order_of
from tests.server.city import Gate, Place, actor_of, open_gate
from tests.server.desk import desk
from tests.server.process import Server


def findings(gate: Gate) -> list[Finding]:
    return verify(gate.database, gate.vault)


def test_a_completed_order_stands_in_the_books_and_everything_agrees(gate: Gate) -> None:
    completed(gate)
    assert findings(gate) == []
    with gate.database.reading() as cursor:
        standing = dict(ledger.standing(cursor, "o-1"))
        total = order_of(gate).quote.total
        assert standing["customer:" + order_of(gate).customer] == 0
        assert standing["platform:revenue"] == -total
        assert {each.cause for each in books.lines_of(cursor, "o-1")} == {"capture", "charge", "share"}


def test_the_database_lets_nobody_change_what_was_posted(gate: Gate) -> None:
    completed(gate)
    for statement in (
        "UPDATE ledger_posting SET cause = 'x'",
        "DELETE FROM ledger_posting",
        "UPDATE ledger_entry SET amount = amount + 1",
        "DELETE FROM ledger_entry",
    ):
        with pytest.raises(Exception, match="never changed"), gate.database.writing() as cursor:
            cursor.run(statement)
    assert findings(gate) == []


def test_what_was_posted_is_not_posted_again_and_only_its_own_act_is_refused(gate: Gate) -> None:
    """Even where the order's own state would let it pass: the posting's id makes it once."""
    total = finished(gate).quote.total
    finished(gate, "o-2", 1)
    with gate.database.writing() as cursor:
        cursor.run(
            "INSERT INTO ledger_posting (id, region, seq, at, act, cause, currency, order_id, reverses, "
            "entries) VALUES ('charge:o-1', 'sh', 1, 0, 'somebody', 'charge', 'CNY', 'o-1', NULL, '[]')"
        )
    acts = [
        gate.act(c.RecordPayment(order=order, amount=amount, means="cash"))
        for order, amount in (("o-2", 1), ("o-1", total), ("o-2", total - 1))
    ]
    first, second, third = gate.executor.submit_all(acts).result(20)
    assert isinstance(second, Rejected)
    assert second.code == "posted_already"
    assert not isinstance(first, Rejected)
    assert not isinstance(third, Rejected)
    assert (order_of(gate).paid, order_of(gate, "o-2").status) == (0, "completed")
    with pytest.raises(Rejected, match="posted_already"):
        gate.do(c.RecordPayment(order="o-1", amount=total, means="cash"))


@contextmanager
def unkept(gate: Gate, *statements: str) -> Iterator[None]:
    """What somebody with the file in his hands could do: the triggers taken away, and rows changed."""
    with gate.database.writing() as cursor:
        if cursor.postgresql:
            for table in ("ledger_posting", "ledger_entry"):
                cursor.run(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        else:
            for (name,) in cursor.all(
                "SELECT name FROM sqlite_master WHERE type = 'trigger' AND name LIKE 'ledger%'"
            ):
                cursor.run(f"DROP TRIGGER {name}")
        for statement in statements:
            cursor.run(statement)
    yield


@pytest.mark.parametrize(
    ("statement", "check"),
    [
        (
            "UPDATE ledger_entry SET amount = amount + 1 WHERE posting = 'charge:o-1' AND amount > 0",
            "entry",
        ),
        ("DELETE FROM ledger_entry WHERE posting = 'charge:o-1'", "entry"),
        ("UPDATE ledger_posting SET entries = '[]' WHERE id = 'charge:o-1'", "posting"),
        ("DELETE FROM ledger_posting WHERE id = 'share:o-1'", "entry"),
        ("UPDATE ledger_posting SET act = 'nobody' WHERE id = 'share:o-1'", "posting"),
        ("UPDATE ledger_posting SET reverses = 'charge:o-1' WHERE id = 'share:o-1'", "reversal"),
        ("UPDATE ledger_balance SET amount = amount - 5 WHERE account = 'platform:revenue'", "balance"),
        ("UPDATE ledger_posting SET cause = 'bonus' WHERE id LIKE 'capture:%'", "capture"),
        ("UPDATE ledger_posting SET cause = 'bonus' WHERE id = 'charge:o-1'", "charge"),
    ],
)
def test_verifying_names_what_somebody_has_changed(gate: Gate, statement: str, check: str) -> None:
    completed(gate)
    with unkept(gate, statement):
        assert check in {each.check for each in findings(gate)}


def test_finance_reads_accounts_entries_and_orders_page_by_page(gate: Gate) -> None:
    for number in range(3):
        completed(gate, f"o-{number}", number)
    with gate.database.reading() as cursor:
        standing = books.accounts(cursor, ["sh"], "platform:", "", 10)
        assert [each.account for each in standing] == ["platform:revenue", "platform:shares"]
        first = books.lines(cursor, "sh", "platform:revenue", (1 << 60, ""), 2)
        rest = books.lines(cursor, "sh", "platform:revenue", (first[-1].seq, first[-1].posting), 2)
        found = [each.order for each in (*first, *rest)]
        assert found == ["o-2", "o-1", "o-0"]
        assert sum(each.amount for each in (*first, *rest)) == standing[0].amount
        assert books.accounts(cursor, [], "", "", 10) == []
        assert books.accounts(cursor, ["bj"], "", "", 10) == []


def test_what_the_acts_before_in_the_batch_have_posted_counts(gate: Gate) -> None:
    """A batch that pays, pays again and completes sees its own postings."""
    total = finished(gate).quote.total
    acts = [
        gate.act(c.RecordPayment(order="o-1", amount=total - 1, means="cash")),
        gate.act(c.RecordPayment(order="o-1", amount=2, means="cash")),
        gate.act(c.RecordPayment(order="o-1", amount=1, means="cash")),
    ]
    first, second, third = gate.executor.submit_all(acts).result(20)
    assert isinstance(second, Rejected)
    assert not isinstance(first, Rejected)
    assert not isinstance(third, Rejected)
    assert order_of(gate).status == "completed"
    assert findings(gate) == []


def test_the_same_act_again_posts_nothing_more(gate: Gate) -> None:
    total = finished(gate).quote.total
    act = gate.act(c.RecordPayment(order="o-1", amount=total, means="cash"))
    first, again = gate.executor.submit(act).result(20), gate.executor.submit(act).result(20)
    assert (first.repeated, again.repeated) == (False, True)
    assert findings(gate) == []


def test_a_release_is_dated_and_given_by_the_system_alone(gate: Gate) -> None:
    completed(gate)
    with pytest.raises(Rejected, match="share_not_due"):
        gate.do(c.ReleaseShare(order="o-1"), actor=SYSTEM, at=clock.now_ms() + 10**9)
    with pytest.raises(Rejected, match="not_allowed"):
        gate.do(c.ReleaseShare(order="o-1"), actor=actor_of("zhao"))


def test_the_alarm_releases_shares_once_their_time_is_over(gate: Gate) -> None:
    order = completed(gate, at=clock.now_ms() - 3 * DAY_MS)
    with gate.database.reading() as cursor:
        (due,) = [each for each in query.alarmed(cursor, clock.now_ms()) if each.id == order.id]
        acts = list(due_acts(due, Policy(), clock.now_ms(), lambda _order: ()))
    (act,) = acts
    assert act.command == c.ReleaseShare(order="o-1")
    first, again = (gate.executor.submit(act).result(20) for _ in range(2))
    assert (first.repeated, again.repeated) == (False, True)
    assert order_of(gate).share == "available"
    ((available,),) = gate.all(
        "SELECT amount FROM ledger_balance WHERE account = 'technician:available:sh-t0'"
    )
    assert available < 0
    assert findings(gate) == []
    with gate.database.reading() as cursor:
        assert not [each for each in query.alarmed(cursor, clock.now_ms()) if each.id == order.id]


def test_finance_and_supervisors_alone_read_the_books(place: Place, launch: Callable[..., Server]) -> None:
    with closing(open_gate(place)) as gate:
        total = completed(gate).quote.total
    server = launch(place)
    with desk(server.url, "zhao") as finance:
        accounts = finance.http.get("/ledger/accounts", params={"region": "sh", "begins": "platform:"}).json()
        assert [each["account"] for each in accounts["accounts"]] == ["platform:revenue", "platform:shares"]
        asked = {"region": "sh", "account": "platform:revenue"}
        (line,) = finance.http.get("/ledger/entries", params=asked).json()["entries"]
        assert (line["order"], line["amount"], line["cause"]) == ("o-1", -total, "charge")
        told = finance.http.get("/ledger/orders/o-1").json()["entries"]
        assert {each["cause"] for each in told} == {"capture", "charge", "share"}
        for path in ("/ledger/accounts?region=bj", "/ledger/entries?region=bj&account=x", "/ledger/orders/x"):
            assert finance.http.get(path).status_code in (403, 404, 422), path
    with desk(server.url, "wangfang") as dispatcher:
        assert dispatcher.http.get("/ledger/accounts").json()["rejected"] == "not_allowed"
        carried = dispatcher.http.get("/ledger/cash", params={"technician": "sh-t0"}).json()
        assert (carried["amount"], carried["limit"]) == (total, 200_000)
    with desk(server.url, "wall") as wall:
        assert (
            wall.http.get("/ledger/cash", params={"technician": "sh-t0"}).json()["rejected"] == "not_allowed"
        )
        assert not [kind for kind, _ in wall.state() if kind in ("payment", "till")]
