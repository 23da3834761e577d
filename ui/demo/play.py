"""Plays the story on two desks, one process each, and keeps what was seen: pictures and report.json."""

from __future__ import annotations

import asyncio
import json
import platform
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from dataclasses import asdict, dataclass, field
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final

import dispatcher_app
from dispatcher_app import clock, text
from ui.demo.desk import Desk, Unseen

ENDS_AFTER_S: Final = 100
STEP_S: Final = 40
_PACKAGES: Final = ("PySide6", "qasync", "folium", "starlette", "SQLAlchemy", "httpx", "msgspec")


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that was expected on a screen, what was read there, and after how many milliseconds."""

    name: str
    expected: str
    ok: bool
    ms: float
    seen: str
    pictures: tuple[str, ...] = ()


@dataclass
class Play:
    """A story being played: its desks by name, its steps so far, the folder for what is left of it."""

    out: Path
    home: Path
    steps: list[Step] = field(default_factory=list)
    desks: dict[str, Desk] = field(default_factory=dict)

    async def step(
        self, name: str, expected: str, act: Callable[[], Awaitable[tuple[str, float]]], show: str = "AB"
    ) -> None:
        """Do one step: `act` answers what was seen and the milliseconds until then; raises Unseen."""
        begun = time.perf_counter()
        try:
            async with asyncio.timeout(STEP_S):
                seen, ms = await act()
        except (Unseen, TimeoutError, OSError, ValueError) as error:
            ms = (time.perf_counter() - begun) * 1000
            said = str(error) or type(error).__name__
            await self._keep(Step(name, expected, False, round(ms, 1), said), show)
            raise Unseen(f"{name}: {said}") from error
        await self._keep(Step(name, expected, True, round(ms, 1), seen), show)

    async def _keep(self, step: Step, show: str) -> None:
        pictures = []
        slug = "-".join(step.name.lower().split())
        for name, desk in self.desks.items():
            file = self.out / f"{len(self.steps) + 1:02}-{slug}-{name}.png"
            if name in show and desk.running:
                try:
                    await desk.shoot(file)
                    pictures.append(file.name)
                except Unseen as error:
                    say(f"   no picture of desk {name}: {error}")
        self.steps.append(Step(step.name, step.expected, step.ok, step.ms, step.seen, tuple(pictures)))
        mark = "ok  " if step.ok else "FAIL"
        say(f"{mark} {len(self.steps):2}  {step.ms:8.1f} ms  {step.name}: {step.seen[:110]}")

    def report(self, ok: bool, reason: str = "") -> dict[str, Any]:
        """Everything as report.json holds it."""
        return {
            "ok": ok,
            "reason": reason,
            "steps": [asdict(step) for step in self.steps],
            "language": text.language(),
            "at_ms": clock.now_ms(),
            "versions": versions(),
        }


def say(line: str) -> None:
    """Tell whoever waits at the terminal."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def versions() -> dict[str, str]:
    """What this was played with."""
    return {
        "dispatcher": dispatcher_app.__version__,
        "python": platform.python_version(),
        "system": platform.platform(),
        **{name: version(name) for name in _PACKAGES},
    }


def main(out: Path, language: str = text.DEFAULT) -> int:
    """Play the whole story in a language; 0 only if every step of it was seen on the screen."""
    from ui.demo.story import tell

    out.mkdir(parents=True, exist_ok=True)
    for old in (*out.glob("[0-9][0-9]-*.png"), *out.glob("desk-*.log"), *out.glob("report.json")):
        old.unlink()
    text.use(language)
    with tempfile.TemporaryDirectory(prefix="dispatcher-demo-", ignore_cleanup_errors=True) as folder:
        return asyncio.run(perform(Play(out, Path(folder)), tell))


async def perform(play: Play, tell: Callable[[Play], Awaitable[None]]) -> int:
    """Play a story to its end or its first failure, end its desks, and write the report."""
    reason = ""
    async with AsyncExitStack() as stack:
        stack.push_async_callback(leave, play)
        try:
            async with asyncio.timeout(ENDS_AFTER_S):
                await tell(play)
        except Unseen as unseen:
            reason = str(unseen)
        except TimeoutError:
            reason = f"it took longer than {ENDS_AFTER_S} s"
    report = json.dumps(play.report(not reason, reason), ensure_ascii=False, indent=1)
    (play.out / "report.json").write_text(report, encoding="utf-8")
    say(f"{'Every step was seen.' if not reason else f'FAILED: {reason}'} See {play.out}")
    if reason:
        for name, desk in play.desks.items():
            if desk.errors.exists():
                (play.out / f"desk-{name}.log").write_bytes(desk.errors.read_bytes())
    return 1 if reason else 0


async def leave(play: Play) -> None:
    """End all desks, the one that keeps the server last."""
    for desk in reversed(play.desks.values()):
        try:
            await desk.end()
        except Unseen as error:
            say(str(error))
