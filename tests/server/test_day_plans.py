"""A node's plans as arrays: told what changed by each question, they answer as plans read anew would."""

import random
from dataclasses import replace

import pytest

from dispatcher_app import clock
from dispatcher_app.domain import command as c
from dispatcher_app.domain.act import Rejected
from dispatcher_app.domain.calendar import HOUR_MS, local_date, next_date
from dispatcher_app.domain.order import Window
from dispatcher_app.planning.rank import Ranking
from dispatcher_app.planning.windows import Offered
from dispatcher_app.server import ask
from dispatcher_app.server.plans import DATES, Plans
from dispatcher_app.server.store.record import load
from tests.server.city import ZONE, Gate, book, technician, tomorrow

WANTED = ask.WindowsAsked(
    region="sh", lines=[c.BookedLine(item="ac", fault="cool")], district="xh", point=technician("sh", 0).home
)


def answers(gate: Gate, order: str, plans: Plans | None) -> tuple[Ranking, Offered]:
    """What the server says of an order, and to a caller."""
    with gate.database.reading() as cursor:
        ranking = ask.ranking(cursor, order, ["sh"], plans=plans)
        return ranking, ask.offered(cursor, WANTED, ["sh"], plans=plans)


@pytest.fixture
def still(monkeypatch: pytest.MonkeyPatch) -> None:
    """A clock that stands still: two answers may only differ by what they were told."""
    now = clock.now_ms()
    monkeypatch.setattr(clock, "now_ms", lambda: now)


@pytest.mark.usefixtures("still")
def test_plans_told_what_changed_answer_as_those_read_anew(gate: Gate) -> None:
    plans, dice = Plans(), random.Random(3)
    for number in range(12):
        order = f"order-{number}"
        gate.do(book(order=order, window=Window(tomorrow(9), tomorrow(11))))
        ranking = answers(gate, order, plans)[0]
        assert ranking.eligible
        assert answers(gate, order, plans) == answers(gate, order, None)
        chosen = dice.choice(ranking.eligible)
        gate.do(c.AssignTechnician(order=order, technician=chosen.technician, start=chosen.start))
        assert answers(gate, order, plans) == answers(gate, order, None)
    first = answers(gate, "order-0", plans)[0].eligible[0].technician
    gate.do(
        c.AddLeave(
            technician=first, leave="l", start=tomorrow(0), end=tomorrow(0) + 48 * HOUR_MS, reason="sick"
        )
    )
    found = answers(gate, "order-0", plans)
    assert found == answers(gate, "order-0", None)
    assert first in {each.technician for each in found[0].excluded}


def test_new_technician_is_ranked_at_once(gate: Gate) -> None:
    plans = Plans()
    gate.do(book(order="order-1", window=Window(tomorrow(9), tomorrow(11))))
    before = answers(gate, "order-1", plans)[0]
    made = replace(technician("sh", 1), id="sh-new", name="新师傅")
    gate.do(c.SaveTechnician(technician=made, phone="13700009999"))
    after = answers(gate, "order-1", plans)[0]
    assert {each.technician for each in after.eligible} - {each.technician for each in before.eligible} == {
        "sh-new"
    }


def test_date_can_be_asked_for_and_a_senseless_one_is_refused(gate: Gate) -> None:
    plans = Plans()
    gate.do(book(order="order-1", window=None))
    today = local_date(clock.now_ms(), ZONE)
    with gate.database.reading() as cursor:
        for ahead in range(5, 5 + 2 * DATES, 7):
            date = next_date(today, ahead)
            found = ask.ranking(cursor, "order-1", ["sh"], date, plans=plans)
            assert {each.date for each in found.eligible} == {date}
        for wrong in ("2026-13-01", "tomorrow", next_date(today, 4_000)):
            with pytest.raises(Rejected, match="date_invalid"):
                ask.ranking(cursor, "order-1", ["sh"], wrong, plans=plans)


def test_question_that_fails_leaves_no_half_told_plan(gate: Gate) -> None:
    plans = Plans()
    gate.do(book(order="order-1", window=Window(tomorrow(9), tomorrow(11))))
    answers(gate, "order-1", plans)
    with gate.database.reading() as cursor:
        region = load(cursor, "region", "sh")
        with pytest.raises(ValueError, match="no date"), plans.reading(cursor, region, ["no date"], 0):  # type: ignore[arg-type]
            pass
    assert answers(gate, "order-1", plans)[0].eligible
