"""One desk from outside: a process of its own that is told what to press and asked what it shows."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from PySide6.QtCore import QSettings

from dispatcher_app import text

PATIENCE_S: Final = 20.0
"""How long anything may take to appear on a screen before it counts as not seen."""
_GRACE_S: Final = 10.0
_LINE_BYTES: Final = 1 << 22


class Unseen(Exception):
    """What was expected did not appear on a screen."""


@dataclass(frozen=True, slots=True)
class Seen:
    """What was read on a screen, and when (UTC ms with fractions)."""

    text: str
    at: float


class Desk:
    """A running desk; every question that is not answered in time raises Unseen."""

    def __init__(self, name: str, home: Path, settings: Mapping[str, str] | None = None) -> None:
        self.name, self.home = name, home
        self._settings = settings or {}
        self._process: asyncio.subprocess.Process | None = None
        self._waiting: dict[int, asyncio.Future[dict[str, Any]]] = {}
        self._number = 0
        self._reader: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Start the desk; its first window comes by itself."""
        self.home.mkdir(parents=True, exist_ok=True)
        self._speak()
        # A demo leaves nothing in the keyring of whoever looks at it.
        env = os.environ | {
            "DISPATCHER_HOME": str(self.home),
            "PYTHON_KEYRING_BACKEND": "keyring.backends.null.Keyring",
        }
        command = [sys.executable, "-m", "dispatcher_app", "demo-desk"]
        if getattr(sys, "frozen", False):
            command[1:3] = []
        with self.errors.open("ab") as errors:
            self._process = await asyncio.create_subprocess_exec(
                *command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=errors,
                env={**env, **self._settings}, limit=_LINE_BYTES,
            )  # fmt: skip
        self._reader = asyncio.create_task(self._read(self._process))

    def _speak(self) -> None:
        """Let the windows speak the language of whoever plays, from the first one on."""
        windows = QSettings(str(self.home / "windows.ini"), QSettings.Format.IniFormat)
        windows.setValue("language", text.language())
        windows.sync()

    @property
    def errors(self) -> Path:
        """What the desk said on its way that was no answer."""
        return self.home / f"{self.name}.err"

    async def press(self, *keys: str) -> float:
        """Keys one after the other, such as "F2", "Ctrl+Return"; when the last one went down."""
        return float((await self._ask("press", keys=keys))["at"])

    async def write(self, typed: str) -> None:
        """Type a text."""
        await self._ask("write", text=typed)

    async def click(self, on: str, words: Sequence[str] = (), header: str = "") -> None:
        """The mouse on a widget, on the row of a list that shows these words, or on a column's header."""
        await self._ask("click", on=on, words=list(words), header=header)

    async def see(self, of: str = "window") -> list[str]:
        """What is to be read in a part of the window."""
        seen: list[str] = (await self._ask("see", of=of))["seen"]
        return seen

    async def wait(
        self, of: str, *words: str, any_of: Sequence[Sequence[str]] = (), gone: bool = False,
        within_s: float = PATIENCE_S,
    ) -> Seen:  # fmt: skip
        """Until one entry there shows all of these words (or all of one of several lists), or none does any more."""
        wanted = [list(each) for each in any_of] or [list(words)]
        found = await self._ask("wait", of=of, any_of=wanted, gone=gone, within_s=within_s)
        return Seen(found["seen"][0] if found["seen"] else "", float(found["at"]))

    async def shoot(self, file: Path) -> None:
        """A picture of the window."""
        await self._ask("shoot", file=str(file))

    async def resize(self, width: int, height: int) -> None:
        """The window at this size."""
        await self._ask("resize", width=width, height=height)

    async def quit(self) -> int:
        """Close the window as a person does; the exit code of the process."""
        await self._ask("quit")
        return await self._ended()

    async def kill(self) -> None:
        """kill -9: it gets no chance to save anything."""
        if self._process is not None and self._process.returncode is None:
            self._process.kill()
        await self._ended()

    @property
    def running(self) -> bool:
        """Whether the process lives."""
        return self._process is not None and self._process.returncode is None

    async def end(self) -> None:
        """End it whatever state it is in."""
        if not self.running:
            return
        assert self._process is not None
        assert self._process.stdin is not None
        self._process.stdin.close()
        try:
            await asyncio.wait_for(self._process.wait(), _GRACE_S)
        except TimeoutError:
            self._process.kill()
        await self._ended()

    async def _ended(self) -> int:
        assert self._process is not None
        try:
            code = await asyncio.wait_for(self._process.wait(), _GRACE_S)
        except TimeoutError as error:
            raise Unseen(f"{self.name} did not end") from error
        if self._reader is not None:
            await self._reader
        return code

    async def _ask(self, do: str, **details: Any) -> dict[str, Any]:
        process = self._process
        if process is None or process.returncode is not None or process.stdin is None:
            raise Unseen(f"{self.name} is not running")
        self._number += 1
        answered: asyncio.Future[dict[str, Any]] = asyncio.get_running_loop().create_future()
        self._waiting[self._number] = answered
        request = {"no": self._number, "do": do, **details}
        with contextlib.suppress(ConnectionError):
            process.stdin.write(f"{json.dumps(request)}\n".encode())
            await process.stdin.drain()
        patience = float(details.get("within_s", PATIENCE_S)) + PATIENCE_S
        try:
            answer = await asyncio.wait_for(answered, patience)
        except TimeoutError as error:
            raise Unseen(f"{self.name} does not answer to {do}") from error
        if not answer["ok"]:
            raise Unseen(f"{self.name}: {answer['problem']}")
        return answer

    async def _read(self, process: asyncio.subprocess.Process) -> None:
        assert process.stdout is not None
        while line := await process.stdout.readline():
            answer = json.loads(line)
            waiting = self._waiting.pop(answer["no"], None)
            if waiting is not None and not waiting.done():
                waiting.set_result(answer)
        for waiting in self._waiting.values():
            if not waiting.done():
                waiting.set_result({"ok": False, "problem": "it has ended"})
        self._waiting.clear()
