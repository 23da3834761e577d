"""Single faults, each found by the machine or feared by its author, on a real server and real desks."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from dispatcher_app.client.session import Accepted, Parked
from dispatcher_app.domain import command as c
from dispatcher_app.domain.day import Day, day_id
from dispatcher_app.domain.order import Order
from dispatcher_app.domain.region import Staff
from tests.machine.compare import half_acts, held
from tests.machine.conftest import Template
from tests.machine.seat import Seat
from tests.machine.town import Town, begin
from tests.server.city import assign, book

Story = Callable[[Town], Coroutine[Any, Any, None]]
Play = Callable[[Story], None]
PATIENCE_S = 40


@pytest.fixture
def play(template: Template, tmp_path: Path) -> Play:
    """Plays a story in a town of its own and checks what must hold at the end of any."""

    async def whole(story: Story) -> None:
        town = await begin(template, tmp_path)
        try:
            for seat in town.seats:
                await until(seat, online(seat))
            await story(town)
            await town.check()
        finally:
            await town.close()

    return lambda story: asyncio.run(asyncio.wait_for(whole(story), PATIENCE_S))


async def until(seat: Seat, holds: Callable[[], Any]) -> None:
    """Wait for what a desk shows; looked at whenever it says that something changed."""
    woken = asyncio.Event()
    stop = seat.session.subscribe(changed=lambda _: woken.set(), link=lambda _: woken.set())
    try:
        while not holds():
            woken.clear()
            await woken.wait()
    finally:
        stop()


def online(seat: Seat) -> Callable[[], bool]:
    return lambda: seat.session.link.state == "online"


def without(seat: Seat, order: str) -> Callable[[], bool]:
    return lambda: seat.session.get(Order, order) is None


async def do(seat: Seat, command: Any) -> Any:
    """What became of an act."""
    submission = seat.session.submit(command)
    seat.did(submission)
    return await submission.outcome


async def move(seat: Seat, **other: Any) -> None:
    """Other roles or regions for a person, as an administrator gives them."""
    stands: Staff | None = seat.session.get(Staff, seat.staff.id)
    assert stands is not None
    await seat.backend.do(c.SaveStaff(staff=replace(stands, **other)))


def test_another_role_counts_at_once_although_the_server_remembers_who_asks(play: Play) -> None:
    async def story(town: Town) -> None:
        one = town.seats[0]
        await move(one, roles=("dispatcher", "supervisor"))
        await until(one, lambda: one.session.staff.roles == ("dispatcher", "supervisor"))

    play(story)


def test_a_desk_that_moved_to_another_region_books_there(play: Play) -> None:
    async def story(town: Town) -> None:
        one = town.seats[0]
        await move(one, regions=("bj",))
        await until(one, lambda: one.session.staff.regions == ("bj",) and one.session.link.state == "online")
        booked = await do(one, book(11, order="n1", window=None))
        assert isinstance(booked, Accepted)
        assert booked.reply.message.log == "bj"

    play(story)


def test_closing_right_after_an_act_keeps_replica_and_act(play: Play) -> None:
    async def story(town: Town) -> None:
        one = town.seats[0]
        assert isinstance(await do(one, book(11, order="n1")), Accepted)
        await town.backend.kill()
        await until(one, lambda: one.session.link.state == "offline")
        one.did(one.session.submit(c.UrgeOrder(order="n1")))
        await one.restart()
        order = one.session.get(Order, "n1")
        assert order is not None
        assert order.urged == 1
        assert one.session.is_pending("order", "n1")
        assert ("technician", "sh-t4") in held(one.files).entities

    play(story)


def test_a_screen_that_still_asks_a_closed_desk_does_not_cost_it_its_replica(play: Play) -> None:
    async def story(town: Town) -> None:
        one = town.seats[0]
        former = one.session
        await former.close()
        assert former.get(Order, "n1") is None
        await one.open()
        assert one.session.link.reason != "replica_new"

    play(story)


def test_a_reply_that_overtakes_the_acts_of_others_shows_no_half_act(play: Play) -> None:
    async def story(town: Town) -> None:
        one, other, _ = town.seats
        await do(one, book(11, order="n1"))
        await do(one, assign("n1", 4, 9))
        booked = await do(one, book(12, order="n2"))
        assert isinstance(booked, Accepted)
        await until(other, lambda: other.session.get(Order, "n2"))
        other.line.change(hush=True)
        await do(one, assign("n1", 5, 9, from_technician="sh-t4"))
        assert isinstance(await do(other, assign("n2", 4, 12)), Accepted)
        assert half_acts(other.files) == []
        other.line.change(hush=False)
        await until(other, lambda: (found := other.session.get(Order, "n1")) and found.technician == "sh-t5")

    play(story)


def test_the_answer_to_a_repeated_act_shows_no_half_act(play: Play) -> None:
    async def story(town: Town) -> None:
        one, other, _ = town.seats
        await do(one, book(11, order="n1"))
        await until(other, lambda: other.session.get(Order, "n1"))
        other.line.change(hush=True, swallow=1)
        sent = other.session.submit(assign("n1", 4, 9))
        other.did(sent)
        await until(one, lambda: (found := one.session.get(Order, "n1")) and found.technician == "sh-t4")
        await do(one, assign("n1", 5, 9, from_technician="sh-t4"))
        assert isinstance(await sent.outcome, Accepted)
        assert half_acts(other.files) == []
        other.line.change(hush=False)
        await until(other, lambda: (found := other.session.get(Order, "n1")) and found.technician == "sh-t5")

    play(story)


@pytest.mark.parametrize("fault", ["lose", "swallow"])
def test_a_lost_request_or_reply_is_made_good_and_done_once(play: Play, fault: str) -> None:
    async def story(town: Town) -> None:
        one = town.seats[0]
        await do(one, book(11, order="n1"))
        one.line.change(**{fault: 2})
        assert isinstance(await do(one, c.UrgeOrder(order="n1")), Accepted)

    play(story)


@pytest.mark.parametrize("status", [500, 503, 429])
def test_a_server_that_stumbles_once_is_asked_again(play: Play, status: int) -> None:
    async def story(town: Town) -> None:
        one = town.seats[0]
        one.line.change(statuses=(status,))
        assert isinstance(await do(one, book(11, order="n1")), Accepted)

    play(story)


def test_a_poisoned_act_rests_and_others_go_on(play: Play) -> None:
    async def story(town: Town) -> None:
        one = town.seats[0]
        one.line.change(poison_next=True)
        poisoned = one.session.submit(book(11, order="n1"))
        one.did(poisoned)
        assert isinstance(await do(one, book(12, order="n2")), Accepted)
        assert isinstance(await poisoned.outcome, Parked)

    play(story)


def test_a_cut_between_two_pages_shows_no_half_of_them(play: Play) -> None:
    async def story(town: Town) -> None:
        one, other, _ = town.seats
        other.line.change(up=False)
        other.line.cut()
        await until(other, lambda: other.session.link.state == "offline")
        for number in range(4):
            await do(one, book(10 + number, order=f"n{number}"))
            await do(one, assign(f"n{number}", 4 + number))
        other.line.change(up=True, page_size=1, break_page=4)
        await until(other, lambda: other.session.get(Order, "n3"))

    play(story)


def test_a_message_torn_in_the_middle_is_read_again(play: Play) -> None:
    async def story(town: Town) -> None:
        one, other, _ = town.seats
        other.line.change(tear=True)
        await do(one, book(11, order="n1"))
        await until(other, lambda: other.session.get(Order, "n1"))

    play(story)


@pytest.mark.parametrize("first", ["hold", "hush"])
def test_reply_and_message_may_come_in_either_order(play: Play, first: str) -> None:
    async def story(town: Town) -> None:
        one, other, _ = town.seats
        await do(one, book(11, order="n1"))
        one.line.change(**{first: True})
        sent = one.session.submit(assign("n1", 4))
        one.did(sent)
        await until(other, lambda: other.session.get(Day, day_id("sh-t4", planned(other, "n1"))))
        one.line.change(**{first: False})
        assert isinstance(await sent.outcome, Accepted)

    play(story)


def planned(seat: Seat, order: str) -> str:
    found = seat.session.get(Order, order)
    return (found.planned_on or "") if found else ""


def test_a_restored_server_forgets_and_the_desks_with_it_but_not_what_waits(play: Play) -> None:
    async def story(town: Town) -> None:
        one, other, _ = town.seats
        await do(one, book(11, order="n1"))
        await town.backend.back_up()
        await do(one, book(12, order="n2"))
        await until(other, lambda: other.session.get(Order, "n2"))
        other.line.change(up=False)
        other.line.cut()
        await until(other, lambda: other.session.link.state == "offline")
        waiting = other.session.submit(c.UrgeOrder(order="n1"))
        other.did(waiting)
        await town.backend.restore(0)
        other.line.change(up=True)
        assert isinstance(await waiting.outcome, Accepted)
        for seat in (one, other):
            await until(seat, without(seat, "n2"))

    play(story)


def test_a_power_cut_at_the_desk_loses_nothing_that_was_saved(play: Play) -> None:
    async def story(town: Town) -> None:
        one = town.seats[0]
        one.line.change(hold=True)
        for number in range(3):
            sent = one.session.submit(book(10 + number, order=f"n{number}"))
            one.did(sent)
            await sent.saved
        await one.crash()
        one.line.change(hold=False)
        await until(one, lambda: not one.session.link.waiting and one.session.link.state == "online")

    play(story)


def test_a_revoked_token_asks_to_log_in_and_what_waits_goes_on_then(play: Play) -> None:
    async def story(town: Town) -> None:
        one = town.seats[0]
        await town.backend.revoke(one.token)
        await until(one, lambda: one.session.link.state == "logged_out")
        sent = one.session.submit(book(11, order="n1"))
        one.did(sent)
        await one.log_in()
        assert isinstance(await sent.outcome, Accepted)

    play(story)


def test_an_act_done_before_its_region_was_lost_is_not_called_refused(play: Play) -> None:
    async def story(town: Town) -> None:
        one = town.seats[0]
        await do(one, book(11, order="n1"))
        one.line.change(hold=True)
        sent = one.session.submit(c.UrgeOrder(order="n1"))
        one.did(sent)
        await until(town.seats[1], lambda: (o := town.seats[1].session.get(Order, "n1")) and o.urged == 1)
        one.line.change(up=False)
        one.line.cut()
        await move(one, regions=("bj",))
        one.line.change(up=True, hold=False)
        assert isinstance(await sent.outcome, Accepted)

    play(story)
