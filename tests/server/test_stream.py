"""The stream: every act once and in order, proof of life, and how streams end."""

import asyncio
import json
import socket
import time
from collections.abc import Callable
from contextlib import ExitStack
from typing import Any

import httpx

from dispatcher_app.domain import command as c
from dispatcher_app.domain.customer import Compound
from dispatcher_app.domain.place import Point
from tests.server.city import STAFF, Place, book
from tests.server.desk import desk, log_in, stream, wire
from tests.server.process import Server, administer
from tests.server.waiting import until


def settled(message: dict[str, Any]) -> dict[str, Any]:
    """The message with its changes in one order: which of two threads tells of it decides theirs."""
    return {**message, "changes": sorted(message["changes"], key=lambda each: (each["kind"], each["id"]))}


def compound(region: str, number: int = 0) -> c.SaveCompound:
    """A command of hardly any consequence."""
    made = Compound(
        id=f"{region}:{number}", region=region, name="国贸", district="", point=Point(121.4, 31.2)
    )
    return c.SaveCompound(compound=made)


def test_every_act_comes_once_in_order_and_is_what_the_page_says(server: Server) -> None:
    with desk(server.url) as one, desk(server.url, "lina") as other, stream(other) as watched:
        head = watched.named("hello")[0]["heads"]["sh"]
        answers = [one.do(book(number)) for number in range(20)]
        watched.seq(head + 20)
        assert [each["seq"] for each in watched.messages()] == list(range(head + 1, head + 21))
        assert [settled(each) for each in watched.messages()] == [
            settled(each["message"]) for each in answers
        ]
        state = other.state()
        for message in watched.messages():
            for change in message["changes"]:
                assert state[change["kind"], change["id"]] == (change["version"], change["body"])


def test_hello_names_heads_log_time_and_protocol(server: Server) -> None:
    with desk(server.url) as one, stream(one, "platform", "sh") as opened:
        hello, me = opened.named("hello")[0], one.http.get("/me").json()
        assert set(hello["heads"]) == {"platform", "sh"}
        assert (hello["log_id"], hello["protocol"]) == (me["log_id"], me["protocol"])
        assert me["logs"] == ["platform", "sh"]


def test_only_the_logs_that_were_asked_for_come(server: Server) -> None:
    with desk(server.url, "beijing") as other, desk(server.url) as one, stream(other, "bj") as opened:
        one.do(book())
        head = opened.named("hello")[0]["heads"]["bj"]
        other.do(compound("bj"), region="bj")
        opened.seq(head + 1, "bj")
        assert {each["log"] for each in opened.named("message")} == {"bj"}


def test_a_heartbeat_with_the_heads_comes_on_a_busy_stream_too(
    sqlite: Place, launch: Callable[..., Server]
) -> None:
    server = launch(sqlite)
    with desk(server.url) as one, stream(one) as opened:

        def busy() -> bool:
            one.do(compound("sh", time.monotonic_ns()))
            return bool(opened.named("heartbeat"))

        until(busy, "no heartbeat while messages came")
        beat = opened.named("heartbeat")[0]
        assert beat["heads"]["sh"] <= len(opened.messages()) + opened.named("hello")[0]["heads"]["sh"] + 1


def test_nobody_follows_a_log_of_another_region(sqlite: Place, launch: Callable[..., Server]) -> None:
    with desk(launch(sqlite).url) as one:
        for log in ("bj", "nowhere", ""):
            assert one.http.get("/changes", params={"log": log}).status_code == 403
        for logs in ("bj", "sh,bj", "nowhere"):
            assert one.http.get("/stream", params={"logs": logs}).status_code == 403


def test_logging_out_ends_ones_own_stream_and_nobody_elses(server: Server) -> None:
    with (
        desk(server.url) as one,
        desk(server.url) as same_person,
        stream(one) as mine,
        stream(same_person) as theirs,
    ):
        assert one.http.post("/logout").status_code == 204
        mine.wait(lambda found: found.named("logout"), "the stream was not told")
        assert mine.ended.wait(10)
        same_person.do(book())
        theirs.wait(lambda found: found.messages(), "the other device was cut off")
        assert one.http.get("/me").status_code == 401


def test_somebody_who_is_deactivated_is_cut_off_and_refused(server: Server) -> None:
    with desk(server.url, "guanli") as keeper, desk(server.url) as one, stream(one) as mine:
        staff = next(each for each in STAFF if each.id == "wangfang")
        gone = json.loads(json.dumps(wire(c.SaveStaff(staff=staff))))
        gone["command"]["staff"] |= {"version": 1, "active": False}
        assert keeper.http.post("/commands/save-staff", json=gone).status_code == 200
        mine.wait(lambda found: found.named("logout"), "the stream goes on")
        until(lambda: one.http.get("/me").status_code == 401, "the token still counts")
        assert log_in(server.url, "wangfang").status_code == 401


def test_somebody_who_loses_a_region_loses_its_stream(sqlite: Place, launch: Callable[..., Server]) -> None:
    server = launch(sqlite)
    with desk(server.url, "guanli") as keeper, desk(server.url) as one, stream(one) as mine:
        moved = wire(c.SaveStaff(staff=next(each for each in STAFF if each.id == "wangfang")))
        moved["command"]["staff"] |= {"version": 1, "regions": ["bj"]}
        assert keeper.http.post("/commands/save-staff", json=moved).status_code == 200
        assert mine.ended.wait(15)
        assert mine.named("logout") == []
        refused = lambda: one.http.get("/changes", params={"log": "sh"}).status_code == 403  # noqa: E731
        until(refused, "the old region is still told")
        assert one.http.get("/changes", params={"log": "bj"}).status_code == 200


def test_a_new_password_ends_what_was_open_with_the_old_one(
    sqlite: Place, launch: Callable[..., Server]
) -> None:
    server = launch(sqlite)
    with desk(server.url) as one, stream(one) as mine:
        done = administer(sqlite, "create-user", "wangfang", "--password-stdin", given="another-passphrase\n")
        assert done.returncode == 0, done.stderr
        mine.wait(lambda found: found.named("logout"), "the stream goes on")
        assert log_in(server.url, "wangfang").status_code == 401
        assert log_in(server.url, "wangfang", "another-passphrase").status_code == 200


def test_an_act_of_another_process_reaches_the_desks(place: Place, launch: Callable[..., Server]) -> None:
    server = launch(place)
    with desk(server.url) as one, stream(one, "platform") as opened:
        done = administer(place, "create-region", "gz", "广州", "--centre", "113.2,23.1")
        assert done.returncode == 0, done.stderr
        opened.wait(lambda found: found.messages("platform"), "the act of the keeper never came")
        message = opened.messages("platform")[0]
        assert (message["command"], message["actor"]) == ("save-region", "system:dispatcher")


def test_a_server_stops_in_time_with_streams_open(server: Server) -> None:
    with ExitStack() as stack:
        opened = []
        for _ in range(5):
            one = stack.enter_context(desk(server.url, "lina"))
            opened.append(stack.enter_context(stream(one)))
        server.process.terminate()
        server.process.wait(5)
        assert all(each.ended.wait(5) for each in opened)


async def read_stream(url: str, token: str, wanted: int, ready: asyncio.Queue[int]) -> list[int]:
    """The numbers of the messages of a stream until `wanted` of them are here."""
    host, port = url.removeprefix("http://").split(":")
    reader, writer = await asyncio.open_connection(host, int(port), limit=1 << 24)
    writer.write(f"GET /stream?logs=sh HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {token}\r\n\r\n".encode())
    numbers: list[int] = []
    event = b""
    while len(numbers) < wanted:
        line = await reader.readline()
        if line.startswith(b"event: "):
            event = line[7:].strip()
            if event == b"hello":
                await ready.put(1)
        elif line.startswith(b"data: ") and event == b"message":
            numbers.append(json.loads(line[6:])["seq"])
    writer.close()
    return numbers


def test_two_hundred_desks_all_get_everything_and_a_slow_one_holds_up_nobody(
    sqlite: Place, launch: Callable[..., Server]
) -> None:
    server = launch(sqlite)
    desks, acts = 200, 50
    token = log_in(server.url, "wangfang").json()["token"]
    slow = sleeping_desk(server.url, token)

    async def run() -> list[list[int]]:
        ready: asyncio.Queue[int] = asyncio.Queue()
        readers = [asyncio.create_task(read_stream(server.url, token, acts, ready)) for _ in range(desks)]
        for _ in range(desks):
            await ready.get()
        headers = {"authorization": f"Bearer {token}"}
        async with httpx.AsyncClient(base_url=server.url, headers=headers, timeout=60) as http:
            for number in range(acts):
                answer = await http.post("/commands/book-order", json=wire(book(number)))
                assert answer.status_code == 200, answer.text
        return await asyncio.wait_for(asyncio.gather(*readers), 60)

    try:
        received = asyncio.run(run())
    finally:
        slow.close()
    assert all(each == received[0] for each in received)
    assert received[0] == list(range(received[0][0], received[0][0] + acts))


def sleeping_desk(url: str, token: str) -> socket.socket:
    """A desk that opens the stream and never reads."""
    host, port = url.removeprefix("http://").split(":")
    made = socket.socket()
    made.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    made.connect((host, int(port)))
    made.sendall(f"GET /stream?logs=sh HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {token}\r\n\r\n".encode())
    return made
