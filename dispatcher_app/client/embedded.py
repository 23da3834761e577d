"""This computer's own server: a child process that one desk starts and others join."""

from __future__ import annotations

import asyncio
import contextlib
import json
import secrets
import subprocess
import sys
import threading
from collections import deque
from pathlib import Path

from filelock import FileLock, Timeout

from dispatcher_app.client.api import Offline, Place
from dispatcher_app.clock import ticks_ms

QUICK_MS = 30_000
DEATHS = 3
GRACE_S = 8.0


class Broken(Offline):
    """The server has died so often that starting it again would not help; `reason` is a code."""

    def __init__(self, reason: str = "server_keeps_dying", detail: str = "") -> None:
        super().__init__(reason)
        self.reason, self.detail = reason, detail


class Embedded:
    """The child process, or another desk's."""

    def __init__(self, data: Path, *, practice: bool = False) -> None:
        self.data, self._practice = data, practice
        self._child: subprocess.Popen[str] | None = None
        self._place: Place | None = None
        self._deaths: deque[int] = deque(maxlen=DEATHS)
        self._broken: Broken | None = None
        self._closed = False
        self._handing_over = threading.Lock()

    async def locate(self) -> Place:
        """Where the server is: ours, one that we join, or one that is started now; raises Offline, Broken."""
        if self._broken is not None:
            raise self._broken
        if self._child is not None and self._child.poll() is None and self._place is not None:
            return self._place
        if self._child is not None:
            self._bury(self._child)
        self._closed = False
        return await asyncio.to_thread(self._find)

    def again(self) -> None:
        """Somebody has mended something: start once more."""
        self._broken = None
        self._deaths.clear()

    def _bury(self, child: subprocess.Popen[str]) -> None:
        """Our child has died; three quick deaths are enough."""
        end(child)
        self._child, self._place = None, None
        self._deaths.append(ticks_ms())
        if len(self._deaths) == DEATHS and self._deaths[-1] - self._deaths[0] < QUICK_MS:
            self._broken = Broken()
            raise self._broken

    def _find(self) -> Place:
        """Start a child; where another desk has one, join that."""
        self.data.mkdir(parents=True, exist_ok=True)
        if taken(self.data):
            return joined(self.data)
        token = secrets.token_urlsafe(32)
        command = [sys.executable, "-m", "dispatcher_app", "server", "--embedded", "--data", str(self.data)]
        if getattr(sys, "frozen", False):
            command[1:3] = []
        if self._practice:
            command.append("--practice")
        with (self.data / "server.err").open("w", encoding="utf-8") as errors:
            child = subprocess.Popen(
                command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=errors, text=True,
                creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
            )  # fmt: skip
        assert child.stdin is not None
        assert child.stdout is not None
        try:
            child.stdin.write(f"{token}\n")
            child.stdin.flush()
            said = json.loads(child.stdout.readline())
        except (OSError, ValueError):
            said = {}
        if "url" in said:
            with self._handing_over:
                if not self._closed:
                    self._child, self._place = child, Place(said["url"], token)
                    return self._place
            # The desk was closed while its server was starting: nobody else would end it.
            end(child)
            raise Offline("the desk is closed")
        end(child)
        if said.get("running"):
            return joined(self.data)
        self._deaths.append(ticks_ms())
        if said.get("error") or len(self._deaths) == DEATHS:
            self._broken = Broken(said.get("error", "server_keeps_dying"), str(said.get("detail", "")))
            raise self._broken
        raise Offline("the server did not start")

    async def close(self) -> None:
        """End our child, if we have one; other desks start their own."""
        with self._handing_over:
            self._closed = True
            child, self._child, self._place = self._child, None, None
        if child is not None:
            await asyncio.to_thread(end, child)


def taken(data: Path) -> bool:
    """Whether a server holds that folder: then none is started only to learn so."""
    try:
        with FileLock(data / "server.lock").acquire(timeout=0):
            return False
    except Timeout:
        return True


def joined(data: Path) -> Place:
    """The server that another desk has started; raises Offline while it is not ready."""
    try:
        found = json.loads((data / "server.json").read_text(encoding="utf-8"))
        return Place(found["url"], found["local_token"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise Offline("the other desk's server is not ready") from error


def end(child: subprocess.Popen[str]) -> None:
    """The end of input asks a server to stop; one that does not is ended."""
    for pipe in (child.stdin, child.stdout):
        if pipe is not None:
            with contextlib.suppress(OSError):
                pipe.close()
    try:
        child.wait(GRACE_S)
    except subprocess.TimeoutExpired:
        child.kill()
        child.wait()
