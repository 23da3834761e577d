"""The one writer: batches, repeats, refusals, numbers, and what is kept of an act."""

import json
import threading
from collections import Counter
from concurrent.futures import wait
from dataclasses import replace

import pytest

from dispatcher_app import clock, codec
from dispatcher_app.domain import command as c
from dispatcher_app.domain.act import Rejected
from dispatcher_app.domain.book import LabourPrice, PriceBook
from dispatcher_app.domain.customer import Compound
from dispatcher_app.domain.place import Point
from dispatcher_app.domain.region import Region
from dispatcher_app.server.executor import fingerprint
from dispatcher_app.server.store.database import Cursor, Unavailable
from dispatcher_app.server.verify import verify
from tests.server.city import Gate, actor_of, assign, book


def held(gate: Gate) -> threading.Event:
    """Make the writer wait, so that what is submitted meanwhile becomes one batch; returns what lets it go."""
    go, waits = threading.Event(), threading.Event()

    def stay(cursor: Cursor) -> None:
        waits.set()
        assert go.wait(30)

    gate.executor.run(stay)
    assert waits.wait(30)
    return go


def head(gate: Gate, log: str = "sh") -> int:
    return int(gate.all("SELECT seq FROM log_head WHERE log = ?", (log,))[0][0])


def clean(gate: Gate) -> None:
    assert verify(gate.database, gate.vault) == []


def test_acts_that_wait_together_are_committed_together_in_order(gate: Gate) -> None:
    before = head(gate)
    go = held(gate)
    futures = [gate.submit(book(number)) for number in range(100)]
    go.set()
    wait(futures, 60)
    assert [each.result().message.seq for each in futures] == list(range(before + 1, before + 101))
    assert [seq for log, seq, _ in gate.told if log == "sh"] == list(range(before + 1, before + 101))
    clean(gate)


def test_what_is_told_is_what_was_answered(gate: Gate) -> None:
    reply = gate.do(book())
    assert codec.decode(gate.told[-1][2], codec.Message) == reply.message


def test_an_act_sent_again_gives_its_changes_as_they_stand_now(gate: Gate) -> None:
    booking = gate.act(book(order="o-again"))
    first = gate.executor.submit(booking).result(20)
    gate.do(c.AddNote(order="o-again", text="在楼下等"))
    told = len(gate.told)
    again = gate.executor.submit(booking).result(20)
    assert again.repeated
    assert not first.repeated
    assert again.message.seq == first.message.seq
    order = next(each for each in again.message.changes if each.kind == "order")
    assert json.loads(bytes(order.body))["notes"] == 1
    assert again.undo == first.undo
    assert len(gate.told) == told, "a repeated act is told to nobody"
    clean(gate)


def test_nobody_finds_the_number_of_a_card_by_trying_what_is_kept_of_its_act(gate: Gate) -> None:
    card = gate.act(
        c.SaveWay(technician="sh-t1", way="bank", number="6222020200112233446", bank="工商银行"),
        actor=actor_of("zhao"),
    )
    gate.executor.submit(card).result(20)
    kept = gate.all("SELECT fingerprint FROM act WHERE id = ?", (card.id,))
    assert kept != [(fingerprint(card),)]
    # One of a former version, which was kept without the key.
    gate.executor.run(
        lambda cursor: cursor.run("UPDATE act SET fingerprint = ? WHERE id = ?", (fingerprint(card), card.id))
    ).result(20)
    assert gate.executor.submit(card).result(20).repeated


def test_an_act_sent_twice_within_one_batch_happens_once(gate: Gate) -> None:
    go = held(gate)
    booking = gate.act(book())
    first, again = gate.executor.submit(booking), gate.executor.submit(booking)
    go.set()
    assert (first.result(20).repeated, again.result(20).repeated) == (False, True)
    assert first.result().message == again.result().message
    clean(gate)


@pytest.mark.parametrize("other", ["body", "actor", "command", "region"])
def test_a_known_id_with_something_else_is_refused(gate: Gate, other: str) -> None:
    booking = gate.act(book(order="o-reused"))
    gate.executor.submit(booking).result(20)
    before = head(gate)
    differing = {
        "body": replace(booking, command=book(order="o-other")),
        "actor": replace(booking, actor=actor_of("wangfang")),
        "command": replace(booking, command=c.UrgeOrder(order="o-reused")),
        "region": replace(booking, region="bj"),
    }
    with pytest.raises(Rejected) as refusal:
        gate.executor.submit(differing[other]).result(20)
    assert refusal.value.code == "act_id_reused"
    assert head(gate) == before
    clean(gate)


def test_an_act_is_known_again_however_its_default_fields_are_written(gate: Gate) -> None:
    booking = gate.act(book())
    gate.executor.submit(booking).result(20)
    body = json.loads(codec.encode(booking.command))
    short = {name: value for name, value in body.items() if value not in (None, "", False)}
    again = replace(booking, command=codec.command("book-order", json.dumps(short)))
    assert gate.executor.submit(again).result(20).repeated


def test_a_refused_act_leaves_no_gap_and_fails_alone(gate: Gate) -> None:
    before = head(gate)
    go = held(gate)
    good = [gate.submit(book(number)) for number in range(3)]
    bad = [gate.submit(c.UrgeOrder(order="no-such-order")) for _ in range(3)]
    better = [gate.submit(book(number)) for number in range(3, 6)]
    go.set()
    for each in bad:
        with pytest.raises(Rejected):
            each.result(20)
    assert [each.result(20).message.seq for each in (*good, *better)] == list(range(before + 1, before + 7))
    clean(gate)


def test_a_refused_booking_gives_its_order_number_back(gate: Gate) -> None:
    go = held(gate)
    first, refused, second = (
        gate.submit(book(1)), gate.submit(book(2, note="\x07")), gate.submit(book(3)),
    )  # fmt: skip
    go.set()
    with pytest.raises(Rejected):
        refused.result(20)
    numbers = []
    for each in (first, second):
        order = next(made for made in each.result(20).message.changes if made.kind == "order")
        numbers.append(int(json.loads(bytes(order.body))["number"].split("-")[1]))
    assert numbers[1] == numbers[0] + 1


def test_a_fault_of_one_act_is_paid_for_by_that_act_only(gate: Gate) -> None:
    def poisoned(cursor: Cursor) -> None:
        cursor.run("INSERT INTO meta (key, value) VALUES ('log_id', 'twice')")

    go = held(gate)
    before = [gate.submit(book(number)) for number in range(3)]
    bad = gate.executor.run(poisoned)
    after = [gate.submit(book(number)) for number in range(3, 6)]
    go.set()
    assert bad.exception(20) is not None
    assert all(each.result(20).message.seq for each in (*before, *after))
    clean(gate)


def test_whoever_stops_waiting_does_not_stop_the_writer(gate: Gate) -> None:
    go = held(gate)
    given_up = gate.submit(book(order="o-given-up"))
    assert given_up.cancel()
    go.set()
    gate.do(book())
    assert gate.all("SELECT id FROM entity WHERE kind = 'order' AND id = 'o-given-up'") == []


def test_a_closed_writer_tells_to_come_again(gate: Gate) -> None:
    gate.executor.close()
    with pytest.raises(Unavailable):
        gate.do(book())


def fail_at_commit(cursor: Cursor) -> None:
    """From now on a commit that holds an act fails as on a full disk."""
    if cursor.postgresql:
        cursor.run(
            "CREATE FUNCTION full_disk() RETURNS trigger LANGUAGE plpgsql AS "
            "$$ BEGIN RAISE EXCEPTION 'no space left' USING ERRCODE = '53100'; END $$"
        )
        cursor.run(
            "CREATE CONSTRAINT TRIGGER full_disk AFTER INSERT ON act DEFERRABLE INITIALLY DEFERRED "
            "FOR EACH ROW EXECUTE FUNCTION full_disk()"
        )


def full(gate: Gate) -> None:
    if gate.place.postgresql:
        gate.executor.run(fail_at_commit).result(20)
        return
    with gate.database.lent(gate.database.writes) as connection:
        connection.execute("PRAGMA max_page_count = 1")


def roomy(gate: Gate) -> None:
    if gate.place.postgresql:
        gate.executor.run(lambda cursor: cursor.run("DROP FUNCTION full_disk CASCADE")).result(20)
        return
    with gate.database.lent(gate.database.writes) as connection:
        connection.execute("PRAGMA max_page_count = 1073741823")


def test_a_commit_that_fails_is_told_to_all_and_sending_again_is_safe(gate: Gate) -> None:
    before = head(gate)
    acts = [gate.act(book(number)) for number in range(60)]
    full(gate)
    go = held(gate)
    futures = [gate.executor.submit(each) for each in acts]
    go.set()
    wait(futures, 60)
    outcomes = Counter(type(each.exception()).__name__ for each in futures)
    assert outcomes["Unavailable"], outcomes
    assert set(outcomes) <= {"Unavailable", "NoneType"}
    saved = outcomes["NoneType"]
    assert head(gate) == before + saved
    roomy(gate)
    again = [gate.executor.submit(each).result(20) for each in acts]
    assert sum(each.repeated for each in again) == saved
    assert head(gate) == before + 60
    clean(gate)


def row(gate: Gate, order: str, column: str) -> object:
    return gate.all(f"SELECT {column} FROM order_row WHERE id = ?", (order,))[0][0]


def test_the_narrow_row_follows_the_customers_name_and_number(gate: Gate) -> None:
    gate.do(book(order="o-row"))
    gate.do(c.ChangeCustomer(customer="c-o-row", from_version=1, name="欧阳", phone="13912345678"))
    assert row(gate, "o-row", "name") == "欧阳"
    assert row(gate, "o-row", "phone_tail") == "5678"
    assert "oy" in str(row(gate, "o-row", "search"))
    clean(gate)


def test_the_narrow_row_follows_a_name_changed_in_the_batch_of_the_booking(gate: Gate) -> None:
    go = held(gate)
    booking = gate.submit(book(order="o-same"))
    renaming = gate.submit(c.ChangeCustomer(customer="c-o-same", from_version=1, name="司马"))
    go.set()
    booking.result(20)
    renaming.result(20)
    assert row(gate, "o-same", "name") == "司马"
    clean(gate)


def test_personal_kinds_are_logged_without_a_body_and_others_with_one(gate: Gate) -> None:
    seq = gate.do(book(note="门铃坏了")).message.seq
    logged = dict(gate.all("SELECT kind, body FROM change WHERE log = 'sh' AND seq = ?", (seq,)))
    assert {kind for kind, body in logged.items() if body is None} == {"customer", "address", "note"}
    assert logged["order"] is not None


def test_no_table_but_the_sealed_one_holds_a_phone_a_unit_or_a_door_code(gate: Gate) -> None:
    gate.do(book(phone="13877776666"))
    for table in ("entity", "act", "change", "order_row", "meta"):
        for found in gate.all(f"SELECT * FROM {table}"):
            text = " ".join(str(value) for value in found)
            assert not any(secret in text for secret in ("13877776666", "4711#", "1802室")), (table, text)
    sealed = gate.all("SELECT kind, id, field, sealed FROM secret WHERE kind IN ('customer', 'address')")
    values = {field: gate.vault.open(kind, id, field, bytes(value)) for kind, id, field, value in sealed}
    assert values == {"phone": "+8613877776666", "unit": "1802室", "door_code": "4711#"}


def test_the_command_that_undoes_is_stored_and_undoes(gate: Gate) -> None:
    gate.do(book(order="o-undo"))
    assigned = gate.do(assign("o-undo"))
    assert assigned.undo is not None
    name, body = gate.all("SELECT undo_name, undo_body FROM act WHERE id = ?", (assigned.message.act,))[0]
    assert codec.Named(name, codec.Raw(body.encode())) == assigned.undo
    with pytest.raises(Rejected, match="no_undo"):
        gate.do(c.AddNote(order="o-undo", text="好"), undoes=assigned.message.act)
    undone = gate.do(codec.command(name, body), undoes=assigned.message.act)
    assert undone.message.undoes == assigned.message.act
    assert row(gate, "o-undo", "technician") is None
    clean(gate)


def test_when_an_act_happened_is_bounded_by_the_servers_clock(gate: Gate) -> None:
    now = clock.now_ms()
    ahead = gate.do(book(), at=now + 10**12).message.at
    behind = gate.do(book(), at=-(10**15)).message.at
    assert now <= ahead <= clock.now_ms()
    assert now - 31 * 86_400_000 < behind < now
    clean(gate)


def test_the_price_book_as_it_is_now_prices_the_next_booking_and_no_former_one(gate: Gate) -> None:
    former = gate.do(book())
    dearer = PriceBook(id="prices-2", labour=(LabourPrice(item="ac", fault="cool", price=99900),))
    gate.do(c.SavePriceBook(book=dearer), actor=actor_of("guanli"))
    publish = c.PublishPriceBook(book="prices-2", from_version=1, starts_at=clock.now_ms() - 1000)
    gate.do(publish, actor=actor_of("guanli"))
    assert total(gate.do(book(order="o-dear"))) == 99900
    assert total(former) == 12000


def total(reply: codec.Reply) -> int:
    """What the order in a reply costs."""
    order = next(each for each in reply.message.changes if each.kind == "order")
    found: int = json.loads(bytes(order.body))["quote"]["total"]
    return found


def test_a_new_region_has_a_log_of_its_own_at_once(gate: Gate) -> None:
    region = Region(id="gz", name="广州", centre=Point(113.2, 23.1))
    gate.do(c.SaveRegion(saved=region), actor=actor_of("guanli"))
    compound = Compound(id="gz:1", region="gz", name="天河", district="", point=region.centre)
    there = replace(actor_of("lina"), regions=frozenset({"gz"}))
    made = gate.do(c.SaveCompound(compound=compound), region="gz", actor=there)
    assert (made.message.log, made.message.seq) == ("gz", 1)


def test_an_act_of_a_region_that_does_not_exist_is_refused(gate: Gate) -> None:
    with pytest.raises(Rejected) as refusal:
        gate.do(book(), region="nowhere")
    assert refusal.value.code == "not_found"


@pytest.mark.parametrize("id", ["", "x\n", "y" * 500])
def test_an_entity_is_not_made_under_an_id_that_cannot_be_one(gate: Gate, id: str) -> None:
    before = head(gate)
    with pytest.raises(Rejected):
        gate.do(book(order=id))
    assert head(gate) == before


def test_acts_of_an_import_are_saved_together_each_with_its_own_answer(gate: Gate) -> None:
    before = head(gate)
    acts = [gate.act(book(1)), gate.act(c.UrgeOrder(order="none")), gate.act(book(2))]
    results = gate.executor.submit_all(acts).result(20)
    assert [isinstance(each, Rejected) for each in results] == [False, True, False]
    assert head(gate) == before + 2
    clean(gate)
