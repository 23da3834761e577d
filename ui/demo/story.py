"""From a phone call to an assigned technician, live on two desks, and what happens when the server dies."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Coroutine, Mapping
from typing import Any, Final, TypeVar

from dispatcher_app.text import language, t
from ui.demo import server
from ui.demo.desk import Desk
from ui.demo.play import Play

CALLER: Final = "16000019999"  # of the practice city's own range, which belongs to nobody
CALLER_NAME: Final = "顾清"
PLACE: Final = "xc"  # the initials of 新村, in which many compounds end
FAULT: Final[Mapping[str, tuple[str, tuple[str, ...]]]] = {
    "zh_CN": ("kt bzl", ("空调", "不制冷")),
    "en": ("air cool", ("air conditioner", "cooling")),
}
"""By language: what is typed for a fault, and what is found by it."""
NOTE: Final[Mapping[str, str]] = {"zh_CN": "客户要求先打电话", "en": "Customer asks to be called first"}
SIZE: Final = (1680, 1000)
NEW_ABOVE, NEW_BELOW = "▲", "▼"

Answer = tuple[str, float]
"""What was seen, and after how many milliseconds."""

T = TypeVar("T")


async def tell(play: Play) -> None:
    """The whole story, step by step."""
    a, b = Desk("A", play.home), Desk("B", play.home)
    play.desks["A"] = a
    await play.step(
        "Desk A starts",
        "the log-in window, then 王芳's queue, connected",
        lambda: sit_down(a, "wangfang", "王芳"),
    )
    play.desks["B"] = b
    await play.step("Desk B joins", "李娜's queue at the same server", lambda: sit_down(b, "lina", "李娜"))
    number = await book(play, a, b)
    await assign(play, a, b, number)
    await survive(play, a, b, number)


async def sit_down(desk: Desk, user: str, name: str) -> Answer:
    """Start a desk and log in, until the queue is there; the milliseconds count from the start of the process."""
    begun = _now()
    await desk.start()
    return await log_in(desk, user, name, begun)


async def log_in(desk: Desk, user: str, name: str, begun: float | None = None) -> Answer:
    """Log in at the practice city by the keyboard, until the queue is there and the server answers."""
    begun = _now() if begun is None else begun
    await desk.wait("login_go", "", within_s=40)
    starting = (t("Starting the server of this computer…"),), (t("Looking for the server…"),)
    await desk.wait("login", any_of=starting, gone=True, within_s=40)
    await desk.click("login_user")
    await desk.write(user)
    await desk.press("Tab")
    await desk.write("practice")
    await desk.press("Return")
    await desk.wait("person", name)
    await desk.resize(*SIZE)
    await desk.wait("link_state", t("Connected"))
    seen = await desk.wait("queue_table", "|")
    return f"{(await desk.see('person'))[0]}, {(await desk.see('queue_count'))[0]}", seen.at - begun


async def book(play: Play, a: Desk, b: Desk) -> str:
    """A call is booked on desk A by keys alone, and appears on desk B; returns the order's number."""

    async def call() -> Answer:
        at = await a.press("F2")
        seen = await a.wait("focus", t("Number##booking"))
        return seen.text, seen.at - at

    async def number() -> Answer:
        await a.write(CALLER)
        at = _now()
        seen = await a.wait("booking", t("Unknown number: new customer"))
        await a.press("Return")
        await a.wait("focus", t("Name##booking"))
        await a.write(CALLER_NAME)
        await a.press("Return")
        await a.wait("focus", t("Broken##booking"))
        return seen.text, seen.at - at

    async def broken() -> Answer:
        typed, found = FAULT[language()]
        await a.write(typed)
        at = await a.press("Return")
        seen = await a.wait("focus", t("Brand##booking"))
        return (await a.wait("booking", *found)).text, seen.at - at

    async def brand() -> Answer:
        await a.write("gl")
        at = await a.press("Return")
        seen = await a.wait("focus", t("Urgency##booking"))
        chosen = await a.wait("booking", "格力")
        await a.press("Return")
        await a.wait("focus", t("Where##booking"))
        return chosen.text, seen.at - at

    async def address() -> Answer:
        await a.write(PLACE)
        proposed = await a.wait("booking", "新村")
        at = await a.press("Return")
        seen = await a.wait("focus", t("Building##booking"))
        await a.write("8号楼")
        await a.press("Return")
        await a.write("601")
        await a.press("Return", "Return")
        return proposed.text, seen.at - at

    async def window() -> Answer:
        at = _now()
        seen = await a.wait("booking", any_of=(("–", ":00", "1"), (":00–",)))
        await a.press("1")
        await a.wait("focus", t("Note##booking"))
        return seen.text, seen.at - at

    pressed: list[float] = []

    async def booked() -> Answer:
        await a.wait("booking", "¥")
        pressed.append(await a.press("Ctrl+Return"))
        said = await a.wait("booking", t("Booked##booking"))
        sentence = await a.wait("booking", CALLER_NAME, "-")
        return sentence.text, said.at - pressed[0]

    async def elsewhere() -> Answer:
        seen = await watching
        for pill in ("queue_pill_above", "queue_pill_below"):
            if seen.text in await b.see(pill):
                await b.click(pill)  # it came in out of sight, and the list does not jump by itself
        row = await b.wait("queue_table", CALLER_NAME)
        return f"{seen.text.strip()}: {row.text}", seen.at - pressed[0]

    await play.step("F2", "the booking column beside the queue, the number has the focus", call, "A")
    await play.step("Number", "the caller is unknown, so a name is asked for", number, "A")
    typed, found = FAULT[language()]
    await play.step("What is broken", f"{' '.join(found)}, found by {typed}", broken, "A")
    await play.step("Brand", "格力, found by gl", brand, "A")
    await play.step(
        "Address", "a compound found by the first letters xc, then building and flat", address, "A"
    )
    await play.step("Window", "the best windows on keys 1, 2, 3; 1 is taken", window, "A")
    watching = _begin(b.wait("queue", any_of=((CALLER_NAME,), (NEW_ABOVE,), (NEW_BELOW,))))
    await play.step("Ctrl+Enter", "number and sentence for the caller at once", booked, "A")
    await play.step(
        "Desk B sees the order", "the new order in 李娜's queue without a key pressed there", elsewhere
    )
    return await _number(a)


async def _number(desk: Desk) -> str:
    """The number of the order in the inspector."""
    return (await desk.see("order_number"))[0]


async def assign(play: Play, a: Desk, b: Desk, number: str) -> None:
    """F3 on desk A sends the best ranked technician, seen on desk B."""
    chosen: list[str] = []

    async def ranked() -> Answer:
        at = await a.press("Return")  # opens the order that was just booked
        seen = await a.wait("candidates", "")
        await a.press("F3")
        await a.wait("focus", "candidates")
        button = (await a.see("assign_chosen"))[0]
        chosen.append(button.replace(t("Assign {name}", name=""), "").strip())
        return f"{button}; {len(await a.see('candidates'))} in the list: {seen.text}", seen.at - at

    async def assigned() -> Answer:
        watching = _begin(b.wait("queue_table", number, chosen[0]))
        at = await a.press("F3")
        seen = await a.wait("fact_technician", chosen[0])
        there = await watching
        return f"{seen.text}; B after {there.at - at:.1f} ms: {there.text}", there.at - at

    async def timeline() -> Answer:
        at = await b.press("Ctrl+Shift+N")  # down to the timeline
        seen = await b.wait("inspector", *told(chosen[0]))
        await b.press("Escape")
        return seen.text, seen.at - at

    async def show_on_b() -> Answer:
        at = await look_at(b, number)
        seen = await b.wait("queue_table", number)
        return seen.text, seen.at - at

    await play.step("Ranked technicians", "who can go, the best first, with reasons", ranked, "A")
    await play.step("Desk B looks for the order", "found by its number", show_on_b, "B")
    await play.step("F3 assigns", f"the best technician on {number}, at once in 李娜's table", assigned)
    await play.step("Desk B reads the timeline", "who assigned whom, and when he arrives", timeline)


def told(technician: str) -> tuple[str, str]:
    """The words of the timeline about an assignment."""
    sentence = t("Assigned to {technician}, arriving {start}", technician=technician, start="\0")
    before, _, after = sentence.partition("\0")
    return before, after


async def look_at(desk: Desk, number: str) -> float:
    """Find an order by its number with Ctrl+F and open it; when the search was sent off."""
    await desk.press("Ctrl+F", "Ctrl+A")
    await desk.write(number)
    await desk.wait("queue_count", t("{n} orders", n=1))
    at = await desk.press("Return", "Return")
    await desk.wait("order_number", number)
    return at


async def survive(play: Play, a: Desk, b: Desk, number: str) -> None:
    """The server is killed while desk A goes on working; afterwards both desks show the same."""
    note, other = NOTE[language()], [""]

    async def plug_pulled() -> Answer:
        seen = await a.wait("link_state", _offline())
        await a.press("Ctrl+Shift+N")
        await a.wait("focus", "note_field")
        await a.write(note)
        await a.press("Return")
        await a.wait("inspector", note)
        await a.press("Escape", "Ctrl+1", "Down")
        await a.wait("order_number", number, gone=True)
        other[0] = await _number(a)
        await a.press("F7")
        waits = await a.wait("link_state", _offline(), t("{n} to sync", n=2))
        return f"server {pid} killed: {waits.text}", seen.at - killed

    async def back() -> Answer:
        seen = await a.wait("link_state", t("Connected"), within_s=30)
        await a.wait("link_state", t("{n} being saved", n=""), gone=True)
        await a.wait("link_state", t("{n} to sync", n=""), gone=True)
        await b.wait("link_state", t("Connected"), within_s=30)
        return (await a.see("link_state"))[-1], seen.at - freed

    async def agree() -> Answer:
        begun = _now()
        seen = await b.wait("inspector", note)
        rows = []
        for desk in (a, b):
            await look_at(desk, other[0])
            rows.append((await desk.wait("queue_table", other[0], t("urged ×{n}", n=1))).text)
        if len({_without_timer(row) for row in rows}) != 1:
            raise ValueError(f"A shows {rows[0]}, B shows {rows[1]}")
        return f"{seen.text}; {rows[0]}", _now() - begun

    killed = _now()
    with server.gone(server.folder(play.home)) as pid:
        await play.step("Server killed", "offline is said, two acts wait, work goes on", plug_pulled)
    freed = _now()
    await play.step("Server back", "a new server is started by itself, nothing waits any more", back)
    await play.step("Both agree", "the note and the urging on both desks, the same words", agree)


def _offline() -> str:
    return t("Offline since {time}", time="").strip()


def _now() -> float:
    return time.time_ns() / 1e6


def _begin(work: Coroutine[Any, Any, T]) -> asyncio.Task[T]:
    """Start waiting now, for what the next key will bring."""
    return asyncio.get_running_loop().create_task(work)


def _without_timer(row: str) -> tuple[str, ...]:
    """A row of the queue but for its countdown, which goes on between two looks."""
    return tuple(cell for at, cell in enumerate(row.split(" | ")) if at != 2)
