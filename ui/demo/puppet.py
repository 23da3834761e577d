"""A real desk that plays what it is told on its standard input, and says what is on its screen.

One JSON object a line: `{"no": 1, "do": "press", "keys": ["F2"]}`; the answer carries the same `no`,
`ok`, `at` (UTC ms with fractions, when it was done or seen) and `seen`, or `problem`.
"""

from __future__ import annotations

import asyncio
import json
import sys
import threading
import time
from collections.abc import Awaitable, Callable
from typing import Any, Final

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QAbstractItemView, QTableView, QWidget

from ui.app import Desktop, run
from ui.demo import hand, screen

_LOOK_S: Final = 0.008
_TOLD: Final = 1200


class Problem(Exception):
    """What was asked for can't be done on this screen."""


class Puppet(QObject):
    """Reads requests in a thread and answers each in the windows' own."""

    def __init__(self, desktop: Desktop) -> None:
        super().__init__(desktop)
        self._desktop = desktop
        self._loop = asyncio.get_event_loop()
        self._tasks: set[asyncio.Task[None]] = set()
        self._can: dict[str, Callable[..., Awaitable[Any]]] = {
            "press": self._press,
            "write": self._write,
            "click": self._click,
            "see": self._see,
            "wait": self._wait,
            "shoot": self._shoot,
            "resize": self._resize,
            "quit": self._quit,
        }
        threading.Thread(target=self._listen, name="puppet", daemon=True).start()

    def _listen(self) -> None:
        for line in sys.stdin:
            self._loop.call_soon_threadsafe(self._take, json.loads(line))
        # Whoever played this desk is gone: nobody would ever close it.
        self._loop.call_soon_threadsafe(self._leave)

    def _take(self, request: dict[str, Any]) -> None:
        task = self._loop.create_task(self._answer(request))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _answer(self, request: dict[str, Any]) -> None:
        number, do = request.pop("no"), request.pop("do")
        answer: dict[str, Any] = {"ok": False, "problem": "an unexpected error, see the desk's own notice"}
        try:
            answer = {"ok": True, **(await self._can[do](**request))}
        except Problem as problem:
            answer = {"ok": False, "problem": str(problem)}
        finally:
            sys.stdout.write(json.dumps({"no": number, "at": _now(), **answer}, ensure_ascii=False) + "\n")
            sys.stdout.flush()

    # ------------------------------------------------------------ hands
    async def _press(self, keys: list[str]) -> dict[str, Any]:
        for each in keys:
            window = await self._front()
            at = _now()
            hand.press(window, each)
            await asyncio.sleep(0)
        return {"at": at}

    async def _write(self, text: str) -> dict[str, Any]:
        hand.write(await self._front(), text)
        return {}

    async def _click(self, on: str, words: list[str], header: str) -> dict[str, Any]:
        await self._front()
        target = _found(on)
        if header:
            done = isinstance(target, QTableView) and hand.click_header(target, header)
        elif words:
            done = isinstance(target, QAbstractItemView) and hand.click_row(target, words)
        else:
            hand.click(target)
            done = True
        if not done:
            raise Problem(f"nothing to click on in {on}")
        return {}

    async def _front(self) -> QWidget:
        window = _found("window")
        await hand.activate(window)
        return window

    # ------------------------------------------------------------ eyes
    async def _see(self, of: str) -> dict[str, Any]:
        return {"seen": screen.read(of)}

    async def _wait(self, of: str, any_of: list[list[str]], gone: bool, within_s: float) -> dict[str, Any]:
        until = time.monotonic() + within_s
        while True:
            entries = screen.read(of)
            found = [each for each in entries if any(all(word in each for word in words) for words in any_of)]
            if bool(found) is not gone:
                return {"seen": found or entries, "at": _now()}
            if time.monotonic() > until:
                wanted = " / ".join(" ".join(words) for words in any_of)
                raise Problem(
                    f"{'still' if gone else 'not'} seen in {of}: {wanted}; there is: {entries[:12]}"
                )
            await asyncio.sleep(_LOOK_S)

    async def _shoot(self, file: str) -> dict[str, Any]:
        if not _found("window").grab().save(file):
            raise Problem(f"the picture {file} can't be written")
        return {}

    async def _resize(self, width: int, height: int) -> dict[str, Any]:
        _found("window").resize(width, height)
        return {}

    async def _quit(self) -> dict[str, Any]:
        self._loop.call_soon(self._leave)
        return {}

    def _leave(self) -> None:
        shown = self._desktop.window or self._desktop.login
        if shown is not None:
            shown.close()


def _found(name: str) -> QWidget:
    found = screen.find(name)
    if found is None:
        raise Problem(f"there is no {name} on the screen")
    return found


def _now() -> float:
    return time.time_ns() / 1e6


def main() -> int:
    """Run the desk until it is told to quit or nobody plays it any more; the exit code."""
    return run(began=Puppet)
