"""The lines of the desks: bounded, ended with all that was promised, and never left behind."""

import asyncio
import json

from dispatcher_app.server.hub import LINE, Hub


def numbered(first: int, count: int) -> list[tuple[str, int, bytes]]:
    return [("sh", seq, json.dumps({"seq": seq}).encode()) for seq in range(first, first + count)]


def test_a_desk_that_falls_behind_is_cut_off_and_the_others_are_not() -> None:
    async def run() -> None:
        hub = Hub("id", {"sh": 0})
        slow, quick = hub.stream(["sh"], "a"), hub.stream(["sh"], "b")
        await anext(slow)
        await anext(quick)
        got = 0
        for number in range(LINE + 1):
            hub.publish(numbered(number + 1, 1))
            got += (await anext(quick)).count(b"event: message")
        assert got == LINE + 1
        assert [each async for each in slow] == [], "it gets nothing with a gap in it"
        assert len(hub.desks) == 1
        await quick.aclose()
        assert hub.desks == set()

    asyncio.run(run())


def test_a_logout_is_said_even_if_the_desk_was_busy_reading() -> None:
    async def run() -> None:
        hub = Hub("id", {"sh": 0})
        opened = hub.stream(["sh"], "a")
        await anext(opened)
        hub.publish(numbered(1, 1))
        hub.log_out("a")
        assert [each async for each in opened] == [
            b'event: message\ndata: {"seq": 1}\n\nevent: logout\ndata: {}\n\n'
        ]

    asyncio.run(run())


def test_heads_are_never_ahead_of_what_was_sent_before_them() -> None:
    async def run() -> None:
        hub = Hub("id", {"sh": 0})
        opened = hub.stream(["sh"], "a")
        assert b'"sh":0' in await anext(opened)
        hub.publish(numbered(1, 3))
        assert (await anext(opened)).count(b"event: message") == 3
        assert hub.heads == {"sh": 3}
        await opened.aclose()

    asyncio.run(run())
