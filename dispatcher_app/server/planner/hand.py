"""The process that improves plans, as the server holds it: one question at a time, replaced when it dies."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import Callable

import msgspec

from dispatcher_app.planning import wire
from dispatcher_app.planning.problem import Plan, Problem

log = logging.getLogger(__name__)

COMPILES_S = 180.0
"""The first plan on a new machine waits for the compiler this long at most, beside its own time."""
IDLE_S = 600.0
"""After so long without a question its memory is worth more than its warmth."""
END_S = 2.0


class NoPlan(Exception):
    """There is no plan: the process died, hung or found the problem to be none."""


class Hand:
    """One process for improving; called in the loop's thread. A person's question goes before a background one."""

    def __init__(self) -> None:
        self._turn = asyncio.Lock()
        self._process: Process | None = None
        self._ending: asyncio.TimerHandle | None = None

    @property
    def busy(self) -> bool:
        """Whether a question is being worked on."""
        return self._turn.locked()

    async def begin(self) -> None:
        """Start the process, so that it is warm when the first question comes."""
        async with self._turn:
            if self._process is None:
                with contextlib.suppress(OSError):
                    self._process = await begun()

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
                question = await asyncio.to_thread(
                    lambda: wire.framed(wire.improve(problem, routes, seconds, seed))
                )
                answer = await asyncio.wait_for(asked(self._process, question, told), seconds + COMPILES_S)
            except (OSError, EOFError, ValueError, msgspec.MsgspecError) as error:
                log.warning("improver lost", extra={"error": repr(error)})
                await self._end()
                raise NoPlan(repr(error)) from error
            except BaseException:
                await self._end()
                raise
            self._ending = asyncio.get_running_loop().call_later(IDLE_S, self._send_home)
        if isinstance(answer, wire.Failed):
            raise NoPlan(answer.detail)
        return wire.plan_in(answer)

    def _send_home(self) -> None:
        if self._process is not None and self._process.stdin is not None:
            self._process.stdin.close()
        self._process = None

    async def _end(self) -> None:
        process, self._process = self._process, None
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
