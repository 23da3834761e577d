"""Notices as desks see them, codes that are guessed, and power cuts while something is being sent."""

import asyncio
import os
from collections.abc import Awaitable, Callable, Iterator
from typing import Any

import pytest

from dispatcher_app import clock
from dispatcher_app.domain import command as c
from dispatcher_app.domain.act import Act, Rejected
from dispatcher_app.server.notices.means import SECRET as SECRET_NAME
from dispatcher_app.server.tries import WRONG, CodeTries
from tests.server.city import Place, actor_of, assign, book, open_gate
from tests.server.desk import Desk, desk, wire
from tests.server.gateway import SECRET, Gateway, gateway
from tests.server.onsite import quoted, state
from tests.server.process import Server
from tests.server.waiting import until


@pytest.fixture
def outside(monkeypatch: pytest.MonkeyPatch) -> Iterator[Gateway]:
    """A gateway whose secret the server's environment holds."""
    monkeypatch.setitem(os.environ, SECRET_NAME, SECRET)
    with gateway() as made:
        yield made


def notices(desk: Desk, order: str) -> list[dict[str, Any]]:
    answer = desk.http.get("/notices", params={"order": order})
    assert answer.status_code == 200, answer.text
    found: list[dict[str, Any]] = answer.json()["notices"]
    return found


def all_sent(desk: Desk, order: str, count: int) -> list[dict[str, Any]]:
    """The notices of an order, once so many are sent."""

    def sent() -> list[dict[str, Any]]:
        found = notices(desk, order)
        return found if [each["state"] for each in found] == ["sent"] * count else []

    return until(sent, "the notices were not sent")


def test_a_desk_sees_what_was_told_and_has_it_sent_again(
    sqlite: Place, launch: Callable[..., Server], outside: Gateway
) -> None:
    server = launch(sqlite, "--notices", outside.url, "--public", "http://127.0.0.1:8443/repair")
    with (
        desk(server.url) as wangfang,
        desk(server.url, "wall") as wall,
        desk(server.url, "beijing") as beijing,
    ):
        wangfang.do(book(order="o-1"))
        (told,) = all_sent(wangfang, "o-1", 1)
        assert told["what"] == "booked"
        assert told["detail"].startswith("ref-")
        assert "http" not in told["text"]
        assert "http://127.0.0.1:8443/repair/t/" in outside.texts()[0]
        key = clock.new_id()
        for _ in range(2):
            again = wangfang.http.post(f"/notices/{told['id']}/again", json={"id": key})
            assert again.status_code == 200, again.text
        all_sent(wangfang, "o-1", 2)
        assert len(outside.taken) == 2
        assert wall.http.get("/notices", params={"order": "o-1"}).status_code == 403
        assert beijing.http.get("/notices", params={"order": "o-1"}).status_code == 404
        away = beijing.http.post(f"/notices/{told['id']}/again", json={"id": clock.new_id()})
        assert away.status_code == 404
        assert wangfang.http.post("/notices/nothing/again", json={"id": clock.new_id()}).status_code == 404
        wangfang.do(assign("o-1"))
        all_sent(wangfang, "o-1", 4)
        wangfang.do(c.CancelOrder(order="o-1", reason="customer_asked", side="customer"))
        until(lambda: len(notices(wangfang, "o-1")) >= 6, "the cancellation was not told")
        old = wangfang.http.post(f"/notices/{told['id']}/again", json={"id": clock.new_id()})
        assert (old.status_code, old.json()["rejected"]) == (422, "notice_outdated")


def test_a_code_reaches_the_customer_and_nobody_else(
    sqlite: Place, launch: Callable[..., Server], outside: Gateway
) -> None:
    server = launch(sqlite, "--notices", outside.url)
    with desk(server.url, "lina") as lina:
        quoted(lina)
        said = until(lambda: [each for each in outside.texts() if "确认码" in each], "no code was sent")[0]
        code = said.partition("确认码")[2][:6]
        assert code.isdecimal()
        (told,) = [each for each in notices(lina, "o-1") if each["what"] == "quote_proposed"]
        assert code not in told["text"]
        assert "****" in told["text"]
        lina.do(c.ConfirmQuote(order="o-1", number=1, confirmation="code", code=code))
        assert state(lina, "o-1")["revisions"][0]["confirmation"] == "code"
    server.stop()
    assert code not in server.stderr.read_text()


def test_a_node_that_dies_while_a_notice_is_under_way_sends_it_under_the_same_key(
    place: Place, launch: Callable[..., Server], outside: Gateway
) -> None:
    outside.faults.append("slow")
    server = launch(place, "--notices", outside.url)
    with desk(server.url) as wangfang:
        wangfang.do(book(order="o-1"))
        assert outside.came.wait(30)
        server.kill()
    outside.released.set()
    gate = open_gate(place)
    gate.executor.run(lambda cursor: cursor.run("UPDATE notice SET next_at = 0")).result(10)
    assert gate.all("SELECT state, tries FROM notice") == [("queued", 1)]
    gate.close()
    server = launch(place, "--notices", outside.url)
    with desk(server.url) as wangfang:
        all_sent(wangfang, "o-1", 1)
    assert len(outside.asked) == 2
    assert len(outside.taken) == 1


@pytest.mark.deep_on_postgres
def test_a_node_that_dies_again_and_again_tells_everything_once(
    place: Place, launch: Callable[..., Server], outside: Gateway
) -> None:
    count = 0
    for _ in range(3):
        server = launch(place, "--notices", outside.url)
        with desk(server.url) as wangfang:
            for _ in range(5):
                wangfang.do(book(count, order=f"o-{count}"))
                count += 1
            server.kill()
        gate = open_gate(place)
        gate.executor.run(lambda cursor: cursor.run("UPDATE notice SET next_at = 0")).result(10)
        gate.close()
    launch(place, "--notices", outside.url)
    until(lambda: len(outside.taken) == count, "something was told to nobody")
    assert sorted(each["to"] for each in outside.taken.values()) == [
        f"+86138{each:08d}" for each in range(count)
    ]


def test_five_wrong_codes_are_enough(sqlite: Place, launch: Callable[..., Server]) -> None:
    server = launch(sqlite)
    with desk(server.url, "lina") as lina, desk(server.url, "wangfang") as wangfang:
        quoted(lina)
        wrong = c.ConfirmQuote(order="o-1", number=1, confirmation="code", code="x")
        answers = [lina.send(wrong).json()["rejected"] for _ in range(7)]
        assert answers == ["code_wrong"] * 5 + ["code_tries"] * 2
        many = {"name": "confirm-quote", "acts": [wire(wrong), wire(wrong)]}
        results = lina.http.post("/commands", json=many).json()["results"]
        assert [each["rejected"] for each in results] == ["code_tries"] * 2
        # Without a code the customer's word still counts.
        wangfang.do(c.ConfirmQuote(order="o-1", number=1, confirmation="phone"))


def guess(order: str) -> Act:
    command = c.ConfirmQuote(order=order, number=1, confirmation="code", code="000000")
    return Act(id=clock.new_id(), actor=actor_of("lina"), at=clock.now_ms(), command=command, region="sh")


async def wrong() -> None:
    await asyncio.sleep(0)
    raise Rejected("code_wrong", "code")


def rejected(tries: CodeTries, orders: list[str], submit: Callable[[], Awaitable[None]] = wrong) -> list[str]:
    """How guesses that are sent all at once are refused."""

    async def one(order: str) -> str:
        try:
            await tries.guarded(guess(order), submit)
        except Rejected as refusal:
            return refusal.code
        return ""

    async def all_of_them() -> list[str]:
        return list(await asyncio.gather(*(one(order) for order in orders)))

    return asyncio.run(all_of_them())


def test_guesses_sent_at_once_are_no_more_than_one_by_one() -> None:
    found = rejected(CodeTries(), ["o-1"] * 20)
    assert found.count("code_wrong") == WRONG.amount
    assert found.count("code_tries") == 20 - WRONG.amount


def test_wrong_codes_of_one_order_cost_another_nothing() -> None:
    tries = CodeTries()
    rejected(tries, ["o-1"] * 9)
    assert rejected(tries, ["o-2"]) == ["code_wrong"]


def test_what_is_refused_for_another_reason_costs_no_try() -> None:
    tries = CodeTries()

    async def busy() -> None:
        raise Rejected("changed_meanwhile", None)

    for _ in range(9):
        assert rejected(tries, ["o-1"], busy) == ["changed_meanwhile"]
    assert rejected(tries, ["o-1"]) == ["code_wrong"]
