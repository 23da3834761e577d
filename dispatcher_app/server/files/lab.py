"""The processes that look at files: a few at a time, ended when nothing comes, replaced when one dies."""

from __future__ import annotations

import asyncio
import logging
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process

import msgspec

from dispatcher_app.domain.act import Rejected
from dispatcher_app.server.files.look import Job, Told
from dispatcher_app.server.files.media import Looked

log = logging.getLogger(__name__)

HANDS = 2
"""Files looked at side by side."""
TIME_S = 120.0
"""How long one file may take."""
IDLE_S = 60.0
LINE = 1 << 16


class Lab:
    """Hands out files to look at; called in the loop's thread."""

    def __init__(self) -> None:
        self._hands = asyncio.Semaphore(HANDS)
        self._idle: list[Process] = []
        self._ending: asyncio.TimerHandle | None = None

    async def look(self, job: Job) -> Looked:
        """What is in a file; raises Rejected, also for one that a process died of, OSError where none can be started."""
        async with self._hands:
            if self._ending is not None:
                self._ending.cancel()
                self._ending = None
            process = self._idle.pop() if self._idle else await begun()
            try:
                told = await asyncio.wait_for(asked(process, job), TIME_S)
            except (
                TimeoutError,
                OSError,
                EOFError,
                asyncio.IncompleteReadError,
                msgspec.DecodeError,
            ) as error:
                log.warning("file could not be looked at", extra={"media": job.media, "error": repr(error)})
                await ended(process)
                raise Rejected(
                    "picture_unreadable" if job.media.startswith("image/") else "video_unreadable"
                ) from None
            except BaseException:
                await ended(process)
                raise
            self._idle.append(process)
            self._ending = asyncio.get_running_loop().call_later(IDLE_S, self._send_home)
        if told.looked is None:
            raise Rejected(told.code, None, **told.params)
        return told.looked

    def _send_home(self) -> None:
        """Nothing has come for a while: their memory is worth more than their warmth."""
        for process in self._idle:
            assert process.stdin is not None
            process.stdin.close()
        self._idle.clear()

    async def close(self) -> None:
        """End them all."""
        if self._ending is not None:
            self._ending.cancel()
        for process in self._idle:
            await ended(process)
        self._idle.clear()


async def begun() -> Process:
    """A new process, ready for its first file; it ends when this one does."""
    frozen = getattr(sys, "frozen", False)
    program = [sys.executable] if frozen else [sys.executable, "-m", "dispatcher_app"]
    return await asyncio.create_subprocess_exec(
        *program, "look", stdin=PIPE, stdout=PIPE, stderr=DEVNULL, limit=LINE
    )


async def asked(process: Process, job: Job) -> Told:
    """The process's answer; raises EOFError where it has died."""
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.write(msgspec.json.encode(job) + b"\n")
    await process.stdin.drain()
    line = await process.stdout.readline()
    if not line.endswith(b"\n"):
        raise EOFError("it died")
    return msgspec.json.decode(line, type=Told)


async def ended(process: Process) -> None:
    """The process is gone."""
    if process.returncode is None:
        process.kill()
    await process.wait()
