"""Who is told what, once, without anybody else's data; what is undone is corrected."""

import asyncio
import io
import json
import logging
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from dispatcher_app import clock, codec, journal
from dispatcher_app.domain import command as c
from dispatcher_app.domain.act import SYSTEM
from dispatcher_app.domain.order import Window
from dispatcher_app.integrations.notice import Journal, Provider
from dispatcher_app.integrations.webhook import BadAddress, Webhook
from dispatcher_app.server.notices.follow import follow
from dispatcher_app.server.notices.means import public_address
from dispatcher_app.server.notices.send import LAST, send
from dispatcher_app.server.notices.word import Writer
from dispatcher_app.server.store import notice as store
from dispatcher_app.server.store.notice import Kept
from dispatcher_app.text import Language
from tests.server.city import Gate, assign, book, open_gate, tomorrow
from tests.server.gateway import SECRET, Gateway, gateway

CUSTOMER, TECHNICIAN = "+8613800000000", "+8613700000000"
SECRETS = ("周先生", "138", "13800000000", "枫林苑", "1802", "4711", "李0工")


@dataclass
class Teller:
    """The job of a node, one round at a time."""

    gate: Gate
    gateway: Gateway
    provider: Provider
    loop: asyncio.AbstractEventLoop
    public: str = ""
    language: Language = "zh_CN"

    def read(self) -> int:
        """Make notices of what is new."""
        return self.loop.run_until_complete(
            follow(self.gate.database, self.gate.executor, public=bool(self.public))
        )

    def send(self) -> int:
        """Try what is due once."""
        writer = Writer(vault=self.gate.vault, public=self.public, language=self.language)
        return self.loop.run_until_complete(
            send(self.gate.database, self.gate.executor, self.provider, writer)
        )

    def tell(self) -> None:
        """Make and send until nothing is left."""
        self.read()
        while self.send():
            pass

    def pause_over(self) -> None:
        """As if the time until the next try had passed."""
        self.gate.executor.run(lambda cursor: cursor.run("UPDATE notice SET next_at = 0")).result(10)

    def kept(self, order: str) -> list[Kept]:
        """The notices of an order."""
        with self.gate.database.reading() as cursor:
            return store.of_order(cursor, order)

    def states(self, order: str) -> dict[str, str]:
        """What was told by what became of it."""
        return {f"{each.party}.{each.what}": each.state for each in self.kept(order)}


@pytest.fixture
def loop() -> Iterator[asyncio.AbstractEventLoop]:
    made = asyncio.new_event_loop()
    yield made
    made.close()


@pytest.fixture
def outside() -> Iterator[Gateway]:
    with gateway() as made:
        yield made


@pytest.fixture
def teller(gate: Gate, outside: Gateway, loop: asyncio.AbstractEventLoop) -> Iterator[Teller]:
    provider = Webhook(outside.url, SECRET, timeout_s=5)
    gate.executor.run(lambda cursor: store.begin(cursor, clock.now_ms())).result(10)
    yield Teller(gate, outside, provider, loop)
    loop.run_until_complete(provider.close())


def test_a_booking_is_told_to_the_customer_on_his_number(teller: Teller) -> None:
    teller.gate.do(book(order="o-1"))
    teller.tell()
    (said,) = teller.gateway.texts(CUSTOMER)
    assert said.startswith("您预约的空调维修已登记，单号")
    assert "9:00–11:00" in said
    assert "http" not in said
    assert teller.states("o-1") == {"customer.booked": "sent"}
    assert teller.gateway.forged == 0


def test_a_technician_and_a_customer_are_told_of_each_other_without_each_others_data(teller: Teller) -> None:
    teller.gate.do(book(order="o-1"))
    teller.gate.do(assign("o-1"))
    teller.tell()
    (accepted,) = [each for each in teller.gateway.texts(CUSTOMER) if "接单" in each]
    assert "李师傅将于" in accepted
    (assigned,) = teller.gateway.texts(TECHNICIAN)
    assert "空调，徐汇，上门时间" in assigned
    for text in teller.gateway.texts():
        assert not [each for each in SECRETS if each in text], text


def test_nothing_personal_is_kept_of_a_notice(teller: Teller) -> None:
    teller.gate.do(book(order="o-1"))
    teller.gate.do(assign("o-1"))
    teller.tell()
    kept = json.dumps(teller.gate.all("SELECT * FROM notice"), ensure_ascii=False)
    assert not [each for each in SECRETS if each in kept and each != "138"]


def test_another_technician_is_told_to_all_three(teller: Teller) -> None:
    teller.gate.do(book(order="o-1"))
    teller.gate.do(assign("o-1"))
    teller.tell()
    before = len(teller.gateway.taken)
    teller.gate.do(assign("o-1", 1, from_technician="sh-t0"))
    teller.tell()
    assert sorted(teller.gateway.whats()[before:]) == [
        "customer.technician_changed",
        "technician.assigned",
        "technician.taken_off",
    ]


def test_what_was_told_is_corrected_when_it_is_undone(teller: Teller) -> None:
    teller.gate.do(book(order="o-1"))
    done = teller.gate.do(assign("o-1"))
    teller.tell()
    undo(teller, done)
    teller.tell()
    customer, technician = teller.gateway.texts(CUSTOMER)[-1], teller.gateway.texts(TECHNICIAN)[-1]
    assert customer.startswith("更正：上一条通知有误，请以本条为准。")
    assert customer.endswith("当前状态：已预约待接单。")
    assert technician.startswith("更正：")
    assert technician.endswith("不再由您上门。")


def test_what_is_done_again_is_told_again_to_all_who_heard_that_it_was_taken_back(teller: Teller) -> None:
    teller.gate.do(book(order="o-1"))
    done = teller.gate.do(assign("o-1"))
    teller.tell()
    back = undo(teller, done)
    teller.tell()
    before = len(teller.gateway.taken)
    assert back.undo is not None
    again = codec.command(back.undo.name, back.undo.body)
    teller.gate.do(again, undoes=back.message.act)
    teller.tell()
    assert len(teller.gateway.taken) == before + 2
    assert "李师傅将于" in teller.gateway.texts(CUSTOMER)[-1]
    assert "空调，徐汇，上门时间" in teller.gateway.texts(TECHNICIAN)[-1]


def test_what_nobody_has_heard_is_taken_back_in_silence(teller: Teller) -> None:
    teller.gate.do(book(order="o-1"))
    teller.tell()
    done = teller.gate.do(assign("o-1"))
    teller.read()
    undo(teller, done)
    teller.tell()
    assert teller.gateway.whats() == ["customer.booked"]
    assert {each.detail for each in teller.kept("o-1") if each.state == "failed"} == {"withdrawn"}


def undo(teller: Teller, done: Any) -> codec.Reply:
    """The act's own undoing, as a desk sends it."""
    command = c.UnassignTechnician(order="o-1", from_technician="sh-t0", reason="undo")
    return teller.gate.do(command, undoes=done.message.act)


def test_a_moved_appointment_and_a_cancellation_reach_both(teller: Teller) -> None:
    teller.gate.do(book(order="o-1"))
    teller.gate.do(assign("o-1"))
    teller.tell()
    window = Window(tomorrow(13), tomorrow(15))
    teller.gate.do(
        c.ChangeAppointment(
            order="o-1", from_window=Window(tomorrow(9), tomorrow(11)), window=window, side="customer",
            reason="customer_asked", consent=True, technician="sh-t0", start=tomorrow(13),
        )
    )  # fmt: skip
    teller.tell()
    assert {"customer.appointment_changed", "technician.appointment_changed"} <= set(teller.gateway.whats())
    assert "13:00–15:00" in teller.gateway.texts(TECHNICIAN)[-1]
    teller.gate.do(c.CancelOrder(order="o-1", reason="customer_asked", side="customer"))
    teller.tell()
    assert teller.gateway.texts(CUSTOMER)[-1].endswith("已取消，无需付费。")
    assert teller.gateway.texts(TECHNICIAN)[-1].endswith("已取消，不用上门。")


def test_what_happened_before_the_first_start_is_nobodys_news(
    gate: Gate, outside: Gateway, loop: asyncio.AbstractEventLoop
) -> None:
    gate.do(book(order="o-before"))
    for _ in range(2):
        gate.executor.run(lambda cursor: store.begin(cursor, clock.now_ms())).result(10)
    gate.do(book(1, order="o-after"))
    teller = Teller(gate, outside, Journal(), loop)
    teller.tell()
    assert (teller.kept("o-before"), len(teller.kept("o-after"))) == ([], 1)


def test_records_taken_over_from_elsewhere_are_told_to_nobody(teller: Teller) -> None:
    window = Window(tomorrow(9), tomorrow(11))
    for order, closed_at, promised in (("i-closed", clock.now_ms(), window), ("i-open", None, window)):
        home = c.NewAddress(id=f"a-{order}", district="xh", compound="枫林苑", point=book().new_address.point)  # type: ignore[union-attr]
        teller.gate.do(
            c.ImportOrder(
                order=order, external_id=order, source="excel", window=promised, closed_at=closed_at,
                new_customer=c.NewCustomer(id=f"c-{order}", name="吴女士", phone="13800000077"), new_address=home,
                line=c.BookedLine(item="ac", fault="cool"), created_at=clock.now_ms() - 86_400_000,
            ),
            actor=SYSTEM,
        )  # fmt: skip
    teller.tell()
    assert teller.kept("i-closed") == []
    assert teller.states("i-open") == {"customer.booked": "sent"}


@pytest.mark.parametrize("fault", ["down", "other_answer", "no_json"])
def test_a_gateway_that_fails_gets_the_same_notice_again_after_a_pause(teller: Teller, fault: str) -> None:
    teller.gateway.faults.append(fault)
    teller.gate.do(book(order="o-1"))
    teller.tell()
    (waiting,) = teller.kept("o-1")
    assert (waiting.state, waiting.tries) == ("queued", 1)
    assert waiting.next_at > clock.now_ms()
    teller.pause_over()
    teller.tell()
    assert len({each["id"] for each in teller.gateway.asked}) == 1
    assert teller.states("o-1") == {"customer.booked": "sent"}


def test_an_answer_that_comes_too_late_costs_no_second_message(
    gate: Gate, outside: Gateway, loop: asyncio.AbstractEventLoop
) -> None:
    gate.executor.run(lambda cursor: store.begin(cursor, clock.now_ms())).result(10)
    provider = Webhook(outside.url, SECRET, timeout_s=0.2)
    teller = Teller(gate, outside, provider, loop)
    outside.faults.append("slow")
    gate.do(book(order="o-1"))
    teller.tell()
    assert teller.states("o-1") == {"customer.booked": "queued"}
    outside.released.set()
    teller.pause_over()
    teller.tell()
    assert (len(outside.asked), len(outside.taken)) == (2, 1)
    assert teller.states("o-1") == {"customer.booked": "sent"}
    loop.run_until_complete(provider.close())


@pytest.mark.parametrize(
    ("fault", "state"), [("duplicate", "sent"), ("bad_number", "failed"), ("refused", "failed")]
)
def test_an_answer_for_good_is_not_asked_for_again(teller: Teller, fault: str, state: str) -> None:
    teller.gateway.faults.append(fault)
    teller.gate.do(book(order="o-1"))
    teller.tell()
    teller.pause_over()
    teller.tell()
    assert teller.states("o-1") == {"customer.booked": state}
    assert len(teller.gateway.asked) == 1


def test_after_the_last_try_a_notice_counts_as_undelivered_and_the_next_one_goes_out(teller: Teller) -> None:
    teller.gateway.faults += ["down"] * LAST
    teller.gate.do(book(order="o-1"))
    teller.gate.do(assign("o-1"))
    teller.read()
    teller.gate.executor.run(
        lambda cursor: cursor.run("DELETE FROM notice WHERE party = 'technician'")
    ).result(10)
    for _ in range(LAST):
        assert teller.send() == 1
        teller.pause_over()
    assert teller.states("o-1")["customer.booked"] == "undelivered"
    teller.tell()
    assert teller.states("o-1")["customer.accepted"] == "sent"


def test_news_that_is_overtaken_while_the_gateway_is_away_is_not_sent_any_more(teller: Teller) -> None:
    teller.gateway.faults.append("down")
    teller.gate.do(book(order="o-1"))
    teller.tell()
    window = Window(tomorrow(13), tomorrow(15))
    teller.gate.do(
        c.ChangeAppointment(
            order="o-1", from_window=Window(tomorrow(9), tomorrow(11)), window=window, side="customer",
            reason="customer_asked", consent=True,
        )
    )  # fmt: skip
    teller.pause_over()
    teller.tell()
    assert teller.states("o-1") == {"customer.booked": "failed", "customer.appointment_changed": "sent"}
    assert teller.gateway.whats() == ["customer.appointment_changed"]


def test_two_nodes_make_and_send_each_notice_once(teller: Teller) -> None:
    gates = [teller.gate, open_gate(teller.gate.place)] if teller.gate.place.postgresql else [teller.gate] * 2
    for number in range(12):
        gates[number % 2].do(book(number, order=f"o-{number}"))
    tellers = [Teller(each, teller.gateway, teller.provider, teller.loop) for each in gates]

    async def both() -> None:
        for _ in range(4):
            await asyncio.gather(*(round_of(each) for each in tellers))

    async def round_of(each: Teller) -> None:
        await follow(each.gate.database, each.gate.executor, public=False)
        await send(each.gate.database, each.gate.executor, each.provider, Writer(vault=each.gate.vault))

    teller.loop.run_until_complete(both())
    assert len(teller.gateway.asked) == len(teller.gateway.taken) == 12
    if gates[0] is not gates[1]:
        gates[1].close()


def test_a_customer_without_a_number_is_told_nothing_and_the_list_says_so(teller: Teller) -> None:
    teller.gate.do(book(order="o-1"))
    teller.gate.executor.run(lambda cursor: cursor.run("DELETE FROM secret WHERE kind = 'customer'")).result(
        10
    )
    teller.tell()
    assert [(each.state, each.detail) for each in teller.kept("o-1")] == [("failed", "no_number")]


def test_the_link_goes_out_but_into_no_log(teller: Teller, loop: asyncio.AbstractEventLoop) -> None:
    journaled = Teller(teller.gate, teller.gateway, Journal(), loop, public="https://repair.example.com")
    root = logging.getLogger()
    handlers, level, stream = root.handlers[:], root.level, io.StringIO()
    try:
        journal.set_up(stream)
        teller.gate.do(book(order="o-1"))
        journaled.tell()
        written = stream.getvalue()
    finally:
        root.handlers[:] = handlers
        root.setLevel(level)
    (line,) = [json.loads(each) for each in written.splitlines() if '"notice"' in each]
    assert line["text"].endswith("查看详情：****")
    assert line["to"] == "****0000"
    assert "repair.example.com" not in written
    assert "3800000000" not in written


def test_english_can_be_spoken_to_all(teller: Teller) -> None:
    teller.language = "en"
    teller.gate.do(book(order="o-1"))
    teller.gate.do(assign("o-1"))
    teller.tell()
    assert any("Your technician Li has accepted order" in each for each in teller.gateway.texts(CUSTOMER))


@pytest.mark.parametrize("url", ["http://sms.example.com/send", "ftp://x", "nonsense"])
def test_numbers_go_to_no_address_that_others_can_listen_to(url: str) -> None:
    with pytest.raises(BadAddress):
        Webhook(url, SECRET)
    with pytest.raises(BadAddress):
        public_address(url)


def test_a_gateway_without_a_secret_is_refused() -> None:
    with pytest.raises(BadAddress):
        Webhook("https://sms.example.com/send", "short")
