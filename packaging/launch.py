"""What each command starts once everything is in place, and the surroundings it starts in."""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from progress import Stop, say

SCREEN_SIZE = "2560x1440x24"
# Benchmarks that take files: they run where the caller is and draw nothing.
PLANNING_TOOLS = ("fieldday", "vrptw", "repair", "live", "yardstick")


@dataclass(frozen=True)
class Place:
    """Where a command runs: project folder, its Python, the caller's folder and what this computer offers."""

    root: Path
    python: Path
    caller: Path
    has_display: bool
    is_root: bool


@dataclass(frozen=True)
class Start:
    """A process to start: its words, folder and settings, and whether it needs a virtual screen."""

    command: tuple[str, ...]
    folder: Path
    settings: Mapping[str, str]
    virtual_screen: bool = False
    # Whether Ctrl+C is handed on although the terminal sends it as well: to what takes it twice without harm.
    hands_on_interrupt: bool = False


def display_present(platform: str, env: Mapping[str, str]) -> bool:
    """Windows and macOS always have one; Linux says so in its environment."""
    return not platform.startswith("linux") or bool(env.get("DISPLAY") or env.get("WAYLAND_DISPLAY"))


def desktop(place: Place, words: Sequence[str]) -> Start:
    """The desktop; without a display the same desktop plays one booking on a virtual screen."""
    python = str(place.python)
    if place.has_display:
        # -P: no file that lies in the caller's folder is taken for a module.
        return Start((python, "-P", "-m", "dispatcher_app", *words), place.caller, {})
    demo = (python, "-m", "dispatcher_app", "demo", "--out", str(place.root / "out"), *words)
    return Start(demo, place.root, _web_engine(place), virtual_screen=True)


def tests(place: Place, words: Sequence[str]) -> Start:
    """The whole suite on two workers; further words go to pytest."""
    command = (str(place.python), "-m", "pytest", "-n", "2", "--dist", "loadgroup", *words)
    return Start(command, place.root, {"QT_QPA_PLATFORM": "offscreen", **_web_engine(place)})


def benchmarks(place: Place, words: Sequence[str]) -> Start:
    """The named benchmarks, or all of them; or a planning tool with its own words."""
    if is_planning_tool(words):
        # -P as for the desktop: the caller's folder is for files, not for modules.
        tool = (str(place.python), "-P", "-m", "tests.bench", *words)
        return Start(tool, place.caller, {"PYTHONPATH": str(place.root)}, hands_on_interrupt=True)
    command = (str(place.python), "-m", "tests.bench", *_absolute_json(words, place.caller))
    return Start(command, place.root, _web_engine(place), virtual_screen=not place.has_display)


def is_planning_tool(words: Sequence[str]) -> bool:
    """Whether these words for the benchmarks name a tool that works on files."""
    return words[:1] != [] and words[0] in PLANNING_TOOLS


def go(start: Start) -> int:
    """Run it to its end; its exit code, 128 + n when signal n ended it."""
    # Whoever starts this has the last word on every setting.
    env = dict(start.settings) | dict(os.environ)
    with _runtime_folder() as runtime, _screen(start.virtual_screen) as screen:
        return _wait(start, env | runtime | screen)


def _web_engine(place: Place) -> dict[str, str]:
    # Chromium refuses to start as root with its sandbox; the desktop of a person never gets this.
    return {"QTWEBENGINE_CHROMIUM_FLAGS": "--no-sandbox"} if place.is_root else {}


def _absolute_json(words: Sequence[str], caller: Path) -> list[str]:
    """A file named after --json is meant from the caller's folder, the benchmarks run in the project's."""
    answer: list[str] = []
    for word in words:
        if answer and answer[-1] == "--json":
            answer.append(str(caller / word))
        elif word.startswith("--json="):
            answer.append(f"--json={caller / word.removeprefix('--json=')}")
        else:
            answer.append(word)
    return answer


@contextmanager
def _runtime_folder() -> Iterator[dict[str, str]]:
    """Qt warns on Linux when the session has no folder for its sockets, as in containers."""
    if not sys.platform.startswith("linux") or os.environ.get("XDG_RUNTIME_DIR"):
        yield {}
        return
    with tempfile.TemporaryDirectory(prefix="dispatcher-runtime-", ignore_cleanup_errors=True) as folder:
        yield {"XDG_RUNTIME_DIR": folder}


@contextmanager
def _screen(wanted: bool) -> Iterator[dict[str, str]]:
    """A virtual screen of our own for as long as the block lasts; it chooses a free number itself."""
    if not wanted:
        yield {}
        return
    program = shutil.which("Xvfb")
    if program is None:
        say("No display and no Xvfb: the windows are drawn in memory only.")
        yield {"QT_QPA_PLATFORM": os.environ.get("QT_QPA_PLATFORM", "offscreen")}
        return
    reading, writing = os.pipe()
    server = subprocess.Popen(
        [program, "-displayfd", str(writing), "-screen", "0", SCREEN_SIZE, "-nolisten", "tcp", "-noreset"],
        pass_fds=(writing,),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    os.close(writing)
    try:
        with os.fdopen(reading) as answer:
            number = answer.readline().strip()
        if not number:
            raise Stop("The virtual screen (Xvfb) did not start.")
        yield {"DISPLAY": f":{number}"}
    finally:
        server.terminate()
        server.wait()


def _wait(start: Start, env: Mapping[str, str]) -> int:
    try:
        process = subprocess.Popen(start.command, cwd=start.folder, env=env)
    except OSError as error:
        raise Stop(f"Cannot start {start.command[0]} ({error.strerror}).") from error
    # The terminal sends Ctrl+C to both; the child decides what it means. A polite end is handed on.
    hand_on = start.hands_on_interrupt and sys.platform != "win32"
    signal.signal(
        signal.SIGINT, (lambda number, frame: process.send_signal(number)) if hand_on else signal.SIG_IGN
    )
    signal.signal(signal.SIGTERM, lambda number, frame: process.terminate())
    code = process.wait()
    return code if code >= 0 else 128 - code
