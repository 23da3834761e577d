"""The process that improves plans, as the server holds it: one question at a time, replaced when it dies."""

from __future__ import annotations

import asyncio
import logging
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import Callable

import msgspec
import numpy as np

from dispatcher_app.planning import wire
from dispatcher_app.planning.problem import Plan, Problem, problem_of

log = logging.getLogger(__name__)

COMPILES_S = 180.0
"""The first plan on a new machine waits for the compiler this long at most, beside its own time."""
GRACE_S = 60.0
"""One that has answered before is taken for dead when it says nothing for so long after its own time."""
IDLE_S = 600.0
"""After so long without a question its memory is worth more than its warmth."""
END_S = 2.0


class NoPlan(Exception):
    """There is no plan: the process died, hung or found the problem to be none."""


class Hand:
    """One process for improving; called in the loop's thread."""

    def __init__(self) -> None:
        self.warm = False
        self._turn = asyncio.Lock()
        self._process: Process | None = None
        self._ending: asyncio.TimerHandle | None = None

    async def begin(self) -> None:
        """Have the process ready, compiled and warm, before the first question comes; raises NoPlan."""
        await self.improve(smallest(), None, 0.0)

    async def improve(
        self,
        problem: Problem,
        routes: list[list[int]] | None,
        seconds: float,
        seed: int = 0,
        told: Callable[[wire.Told], bool] = lambda _: True,
    ) -> Plan:
        """The best plan found in that time; `told` hears of progress and ends it with False. Raises NoPlan."""
        if problem.visits == 0 or problem.technicians == 0:
            return nothing(problem)
        async with self._turn:
            if self._ending is not None:
                self._ending.cancel()
                self._ending = None
            try:
                if self._process is None or self._process.returncode is not None:
                    self._process = await begun()
                longest = seconds + (GRACE_S if self.warm else COMPILES_S)
                question = await asyncio.to_thread(
                    lambda: wire.framed(wire.improve(problem, routes, seconds, seed))
                )
                answer = await asyncio.wait_for(asked(self._process, question, told), longest)
            except (OSError, EOFError, ValueError, msgspec.MsgspecError) as error:
                log.warning("improver lost", extra={"error": repr(error)})
                await self._end()
                raise NoPlan(repr(error)) from error
            except BaseException:
                await self._end()
                raise
            self.warm = True
            self._ending = asyncio.get_running_loop().call_later(IDLE_S, self._send_home)
        if isinstance(answer, wire.Failed):
            raise NoPlan(answer.detail)
        return wire.plan_in(answer)

    def _send_home(self) -> None:
        if self._process is not None and self._process.stdin is not None:
            self._process.stdin.close()
        self._process, self.warm = None, False

    async def _end(self) -> None:
        process, self._process, self.warm = self._process, None, False
        if process is not None:
            if process.returncode is None:
                process.kill()
            await process.wait()

    async def close(self) -> None:
        """End it."""
        if self._ending is not None:
            self._ending.cancel()
        await self._end()


def nothing(problem: Problem) -> Plan:
    """The plan of a problem without visits or without anybody at work."""
    return Plan(
        routes=((),) * problem.technicians,
        starts=problem.service * 0 - 1,
        breaks=problem.shift_start * 0 - 1,
        ends=problem.shift_start * 0 - 1,
        unserved=tuple(range(problem.visits)),
    )


def smallest() -> Problem:
    """One technician, one visit: a problem just large enough to be asked about."""
    return problem_of(
        travel=np.zeros((3, 3), dtype=np.int64), service=[60], earliest=[0], latest=[3600], penalty=[3600],
        allowed=np.ones((1, 1), dtype=bool), start_place=[1], end_place=[2], shift_start=[0], shift_end=[3600],
    )  # fmt: skip


async def begun() -> Process:
    """A new process, ready for its first question; it ends when this one does."""
    frozen = getattr(sys, "frozen", False)
    program = [sys.executable] if frozen else [sys.executable, "-m", "dispatcher_app"]
    return await asyncio.create_subprocess_exec(
        *program, "improve", stdin=PIPE, stdout=PIPE, stderr=DEVNULL, limit=1 << 24
    )


async def asked(
    process: Process, question: bytes, told: Callable[[wire.Told], bool]
) -> wire.Made | wire.Failed:
    """The process's answer; raises EOFError where it has died."""
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.write(question)
    await process.stdin.drain()
    stopped = False
    while True:
        try:
            head = await process.stdout.readexactly(wire.HEAD)
            body = await process.stdout.readexactly(wire.length_of(head))
        except asyncio.IncompleteReadError as error:
            raise EOFError("it died") from error
        answer = wire.answered(body)
        if not isinstance(answer, wire.Told):
            return answer
        if not told(answer) and not stopped:
            stopped = True
            process.stdin.write(wire.framed(wire.Stop()))
            await process.stdin.drain()
