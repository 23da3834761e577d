"""Any history of three desks and one server that loses, cuts, restarts and forgets: at the end all hold the same."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import shutil
import tempfile
import time
from collections.abc import Coroutine
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, rule, run_state_machine_as_test

from dispatcher_app import clock
from dispatcher_app.domain import command as c
from dispatcher_app.domain.act import Rejected
from dispatcher_app.domain.region import Staff
from tests.machine.conftest import Template
from tests.machine.doing import ACTS, command
from tests.machine.seat import Seat, until_still
from tests.machine.town import begin

DEEP_S = 20 * 60
ROLES = ("dispatcher", "supervisor", "counter")
HOMES = (("sh",), ("sh", "bj"), ("bj",))

seats = st.integers(0, 2)
work = st.lists(st.tuples(seats, st.sampled_from(ACTS), st.integers(0, 5), st.integers(0, 3)), max_size=4)
"""What people do right after something has happened: where, what, about which order, and a figure it may need."""
waits = st.sampled_from((0.0, 0.02, 0.5))
"""How long the desks may work before the next thing happens; they stop earlier where nothing waits."""


Work = list[tuple[int, str, int, int]]


class DesksAndFaults(RuleBasedStateMachine):
    """Each rule is something that a person, a network or a power supply does."""

    def __init__(self, template: Template) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp())
        self.runner = asyncio.Runner()
        self.sound = True
        self.town = self.runner.run(begin(template, self.folder))

    def go(self, happens: Coroutine[Any, Any, None], then: Work, wait: float) -> None:
        """Let it happen, and people and desks work for a while."""

        async def step() -> None:
            await happens
            for at, what, number, figure in then:
                await acts(self.town.seats[at], what, number, figure)
            if wait:
                await until_still(self.town.seats, wait)
            for seat in self.town.seats:
                seat.learn()

        self.sound = False
        self.runner.run(step())
        self.sound = True

    # what people do

    @rule(then=work, wait=waits)
    def act(self, then: Work, wait: float) -> None:
        self.go(nothing(), then, wait)

    @rule(then=work, wait=waits)
    def act_on(self, then: Work, wait: float) -> None:
        self.go(nothing(), then, wait)

    @rule(at=seats, how=st.sampled_from(("retry", "discard", "take_over")), then=work, wait=waits)
    def decide(self, at: int, how: str, then: Work, wait: float) -> None:
        self.go(decides(self.town.seats[at], how), then, wait)

    @rule(at=seats, how=st.sampled_from(("restart", "crash")), then=work, wait=waits)
    def begin_again(self, at: int, how: str, then: Work, wait: float) -> None:
        seat = self.town.seats[at]
        self.go(seat.restart() if how == "restart" else seat.crash(), then, wait)

    @rule(at=seats, then=work, wait=waits)
    def log_in(self, at: int, then: Work, wait: float) -> None:
        self.go(self.town.seats[at].log_in(), then, wait)

    # what the network does

    @rule(at=seats, count=st.integers(1, 2), kind=st.sampled_from(("lose", "swallow")), then=work, wait=waits)
    def lose(self, at: int, count: int, kind: str, then: Work, wait: float) -> None:
        self.go(changes(self.town.seats[at], **{kind: count}), then, wait)

    @rule(at=seats, kind=st.sampled_from(("hold", "hush")), on=st.booleans(), then=work, wait=waits)
    def delay(self, at: int, kind: str, on: bool, then: Work, wait: float) -> None:
        self.go(changes(self.town.seats[at], **{kind: on}), then, wait)

    @rule(at=seats, up=st.booleans(), then=work, wait=waits)
    def connect(self, at: int, up: bool, then: Work, wait: float) -> None:
        self.go(connects(self.town.seats[at], up), then, wait)

    @rule(at=seats, torn=st.booleans(), then=work, wait=waits)
    def cut(self, at: int, torn: bool, then: Work, wait: float) -> None:
        self.go(cuts(self.town.seats[at], torn), then, wait)

    @rule(at=seats, size=st.sampled_from((0, 1, 7)), broken=st.integers(0, 4), then=work, wait=waits)
    def break_pages(self, at: int, size: int, broken: int, then: Work, wait: float) -> None:
        self.go(changes(self.town.seats[at], page_size=size, break_page=broken), then, wait)

    @rule(
        at=seats,
        statuses=st.lists(st.sampled_from((500, 503, 429)), min_size=1, max_size=2),
        then=work,
        wait=waits,
    )
    def fail(self, at: int, statuses: list[int], then: Work, wait: float) -> None:
        self.go(changes(self.town.seats[at], statuses=tuple(statuses)), then, wait)

    @rule(at=seats, then=work, wait=waits)
    def poison(self, at: int, then: Work, wait: float) -> None:
        self.go(changes(self.town.seats[at], poison_next=True), then, wait)

    # what happens to the server

    @rule(then=work, wait=waits)
    def kill(self, then: Work, wait: float) -> None:
        self.go(self.town.backend.kill(), then, wait)

    @rule(then=work, wait=waits)
    def start(self, then: Work, wait: float) -> None:
        self.go(self.town.backend.start(), then, wait)

    @rule(then=work, wait=waits)
    def back_up(self, then: Work, wait: float) -> None:
        self.go(self.town.backend.back_up(), then, wait)

    @rule(which=st.integers(0, 3), then=work, wait=waits)
    def restore(self, which: int, then: Work, wait: float) -> None:
        self.go(self.town.backend.restore(which), then, wait)

    @rule(
        at=seats,
        roles=st.sets(st.sampled_from(ROLES), min_size=1),
        home=st.sampled_from(HOMES),
        then=work,
        wait=waits,
    )
    def move(self, at: int, roles: set[str], home: tuple[str, ...], then: Work, wait: float) -> None:
        seat = self.town.seats[at]
        self.go(moves(seat, tuple(sorted(roles)), home), then, wait)

    @rule(at=seats, then=work, wait=waits)
    def revoke(self, at: int, then: Work, wait: float) -> None:
        seat = self.town.seats[at]
        self.go(self.town.backend.revoke(seat.token), then, wait)

    def teardown(self) -> None:
        try:
            if self.sound:
                self.runner.run(self.town.check())
        finally:
            self.runner.run(self.town.close())
            self.runner.close()
            shutil.rmtree(self.folder)
            gc.collect()


async def nothing() -> None:
    """Only people act."""


async def acts(seat: Seat, what: str, number: int, figure: int) -> None:
    session = seat.session
    with contextlib.suppress(Rejected):
        if what == "undo":
            seat.did(session.undo_last())
        elif what == "bulk":
            batch = clock.new_id()
            for each in (number, number + 1):
                seat.did(session.submit(command(session, "assign", each, figure), batch=batch))
        else:
            seat.did(
                session.submit(command(session, what, number, figure, fresh=f"{seat.name}-{seat.count()}"))
            )


async def decides(seat: Seat, how: str) -> None:
    for resting in seat.session.parked[:1]:
        if how == "take_over":
            with contextlib.suppress(Rejected):
                seat.take_over(resting)
        elif how == "retry":
            seat.retry(resting)
        else:
            seat.gave_up(resting)


async def changes(seat: Seat, **now: Any) -> None:
    seat.line.change(**now)


async def connects(seat: Seat, up: bool) -> None:
    seat.line.change(up=up)
    seat.line.cut()


async def cuts(seat: Seat, torn: bool) -> None:
    if torn:
        seat.line.change(tear=True)
    else:
        seat.line.cut()


async def moves(seat: Seat, roles: tuple[str, ...], regions: tuple[str, ...]) -> None:
    await seat.backend.start()
    node = seat.backend.node
    assert node is not None
    standing = seat.backend.rows(
        f"SELECT version FROM entity WHERE kind = 'staff' AND id = '{seat.staff.id}'"
    )
    made: Staff = replace(seat.staff, version=standing[0][0], roles=roles, regions=regions)
    await seat.backend.do(c.SaveStaff(staff=made))


def profile(examples: int, steps: int) -> settings:
    return settings(
        max_examples=examples, stateful_step_count=steps, deadline=None, print_blob=True, database=None,
        suppress_health_check=list(HealthCheck), phases=(Phase.explicit, Phase.generate, Phase.shrink),
    )  # fmt: skip


# A connection that is called off in the moment it stands is left to the collector by the HTTP library.
@pytest.mark.filterwarnings("ignore:unclosed:ResourceWarning")
@pytest.mark.timeout(2400)
def test_whatever_happens_every_desk_ends_equal_to_the_server(template: Template, deep: bool) -> None:
    class Here(DesksAndFaults):
        def __init__(self) -> None:
            super().__init__(template)

    end = time.monotonic() + (DEEP_S if deep else 0)
    run_state_machine_as_test(Here, settings=profile(12, 15))
    while time.monotonic() < end:
        run_state_machine_as_test(Here, settings=profile(20, 40))
