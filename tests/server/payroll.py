"""Last week's money of the small company, for tests of settling: earned without the orders that brought it."""

from contextlib import closing
from typing import Any

from dispatcher_app import clock
from dispatcher_app.domain.calendar import DAY_MS
from dispatcher_app.domain.money import ledger
from dispatcher_app.domain.money.ledger import Posting, posting
from dispatcher_app.domain.money.period import Period, last_over
from dispatcher_app.server.store.database import Cursor
from dispatcher_app.server.store.ledger import LedgerWrites
from tests.server.city import TECHNICIANS, ZONE, Gate, Place, open_gate

CARD = "6222020200112233446"
EARNED = 60_000


def earned(number: int, id: str = "a", amount: int = EARNED) -> list[Posting]:
    """A share of one technician, earned and released."""
    technician = f"sh-t{number}"
    frozen, available = ledger.technician(technician, "frozen"), ledger.technician(technician, "available")
    return [
        posting("share", f"share:{id}-{number}", "CNY", ((ledger.platform("shares"), amount), (frozen, -amount))),
        posting("release", f"release:{id}-{number}", "CNY", ((frozen, amount), (available, -amount))),
    ]  # fmt: skip


def carried(number: int, amount: int) -> Posting:
    """A customer's cash in his pocket."""
    pocket = ledger.technician(f"sh-t{number}", "cash")
    return posting(
        "capture", f"capture:p-{number}", "CNY", ((pocket, amount), (ledger.customer("c"), -amount))
    )


def post(gate: Gate, *made: Posting) -> None:
    """Put postings into the ledger as if the newest act of the region had made them."""

    def write(cursor: Cursor) -> None:
        row = cursor.one("SELECT seq, id FROM act WHERE log = 'sh' ORDER BY seq DESC LIMIT 1")
        assert row is not None
        writes = LedgerWrites()
        for each in made:
            writes.post(each, "sh", row[0], clock.now_ms(), row[1])
        writes.flush(cursor)

    gate.executor.run(write).result(20)


def last_week(place: Place) -> Period:
    """Everybody earned last week, one has cash in his pocket; all that was done so far was done then."""
    with closing(open_gate(place)) as gate:
        made = [each for number in range(TECHNICIANS) for each in earned(number)]
        post(gate, *made, carried(0, 15_000))

        def age(cursor: Cursor) -> None:
            cursor.run("UPDATE act SET decided_at = decided_at - ?", (7 * DAY_MS,))

        gate.executor.run(age).result(20)
    return last_over(clock.now_ms(), "weekly", ZONE)


def asked(period: Period) -> dict[str, Any]:
    """Which period is meant, as a desk says it."""
    return {"region": "sh", "cadence": "weekly", "first": period.first}
