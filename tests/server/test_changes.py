"""What a desk reads to catch up: pages that are whole, and that agree with the messages."""

import json
import random
from itertools import pairwise
from typing import Any

import pytest

from dispatcher_app import clock, codec
from dispatcher_app.domain import command as c
from dispatcher_app.domain.act import Rejected
from dispatcher_app.domain.calendar import DAY_MS
from dispatcher_app.server.store import query
from tests.server.city import Gate, assign, book

State = dict[tuple[str, str], tuple[int, Any]]


def pages(gate: Gate, after: int = 0, limit: int = 2000, oldest: int | None = None) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    more = True
    while more:
        with gate.database.reading() as cursor:
            page = query.changes(cursor, "sh", after, limit, oldest)
        found.append(page)
        after, more = page["upto"], page["more"]
    return found


def applied(state: State, found: list[dict[str, Any]]) -> State:
    for page in found:
        for each in page["changes"]:
            state[each["kind"], each["id"]] = (each["version"], json.loads(bytes(each["body"])))
    return state


def told_after(gate: Gate, state: State, seq: int) -> State:
    for log, number, data in gate.told:
        if log == "sh" and number > seq:
            for each in codec.decode(data, codec.Message).changes:
                state[each.kind, each.id] = (each.version, json.loads(bytes(each.body)))
    return state


def something(chance: random.Random, order: str, number: int) -> Any:
    """Whatever people do, sensible or not."""
    technician = f"sh-t{chance.randrange(8)}"
    return chance.choice([
        book(number, order=f"o-{number}", note=chance.choice(["", "快点"])),
        assign(order, chance.randrange(8), 8 + chance.random() * 8),
        c.UnassignTechnician(order=order, from_technician=technician),
        c.CancelOrder(order=order, reason="not_needed", side="customer"),
        c.ReopenOrder(order=order),
        c.UrgeOrder(order=order),
        c.AddNote(order=order, text="有狗"),
        c.ChangeCustomer(customer="c-" + order, from_version=chance.randint(1, 2), name="新名字"),
        c.OfferOrder(order=order, technician=technician),
    ])  # fmt: skip


def random_history(gate: Gate, chance: random.Random, acts: int) -> None:
    """So many acts; refusals are part of it."""
    orders: list[str] = []
    for number in range(acts):
        command = something(chance, chance.choice(orders) if orders else "", len(gate.told) * 1000 + number)
        if isinstance(command, c.BookOrder):
            orders.append(command.order)
        try:
            gate.do(command)
        except Rejected:
            continue


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_what_is_read_at_any_moment_and_the_messages_since_make_what_is_read_later(
    gate: Gate, seed: int
) -> None:
    chance = random.Random(seed)
    random_history(gate, chance, 60)
    early = pages(gate, limit=chance.randint(2, 40))
    random_history(gate, chance, 60)
    fresh = applied({}, pages(gate))
    upto = early[-1]["upto"]
    assert told_after(gate, applied({}, early), upto) == fresh
    assert applied(applied({}, early), pages(gate, after=upto, limit=chance.randint(2, 40))) == fresh
    assert fresh[next(iter(key for key in fresh if key[0] == "order"))][0] >= 1


@pytest.mark.parametrize("limit", [1, 2, 3, 5, 7, 1000])
def test_no_page_splits_an_act_and_every_entity_comes_once(gate: Gate, limit: int) -> None:
    random_history(gate, random.Random(4), 40)
    found = pages(gate, limit=limit)
    numbers = [sorted({each["seq"] for each in page["changes"]}) for page in found]
    for one, other in pairwise(numbers):
        assert not other or one[-1] < other[0]
    keys = [(each["kind"], each["id"]) for page in found for each in page["changes"]]
    assert len(keys) == len(set(keys)) == gate.all("SELECT COUNT(*) FROM entity WHERE region = 'sh'")[0][0]
    assert found[-1]["upto"] == found[-1]["head"]
    assert [page["more"] for page in found] == [True] * (len(found) - 1) + [False]


def test_a_first_start_leaves_out_on_every_page_what_is_long_over(gate: Gate) -> None:
    now = clock.now_ms()
    for number in range(12):
        old = number % 2 == 0
        gate.do(imported(number, closed_at=now - (60 if old else 5) * DAY_MS))
    oldest = now - 30 * DAY_MS
    first = applied({}, pages(gate, limit=3, oldest=oldest))
    assert sorted(id for kind, id in first if kind == "order") == sorted(
        f"old-{number}" for number in range(1, 12, 2)
    )
    later = applied({}, pages(gate, after=1))
    assert sum(kind == "order" for kind, _ in later) == 12, (
        "a desk that was away hears of what was closed meanwhile"
    )


def imported(number: int, closed_at: int | None) -> c.ImportOrder:
    booking = book(number, order=f"old-{number}")
    assert booking.new_customer is not None
    assert booking.new_address is not None
    return c.ImportOrder(
        order=booking.order, external_id=str(number), source="table", new_customer=booking.new_customer,
        new_address=booking.new_address, line=booking.lines[0], created_at=clock.now_ms() - 70 * DAY_MS,
        closed_at=closed_at,
    )  # fmt: skip
