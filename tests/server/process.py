"""A real server in a process of its own."""

import io
import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Sequence
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from dispatcher_app.server import admin
from tests.server.city import Place

ROOT = Path(__file__).parents[2]


@dataclass
class Server:
    """A running server: where it answers, and its process."""

    url: str
    process: subprocess.Popen[str]
    stderr: Path
    local_token: str | None = None

    def kill(self) -> None:
        """As a power cut would."""
        self.process.send_signal(signal.SIGKILL)
        self.finished()

    def stop(self) -> int:
        """As an administrator would; returns the exit code."""
        if self.process.poll() is None:
            self.process.terminate()
        return self.finished()

    def finished(self) -> int:
        """The exit code, once it has ended."""
        try:
            return self.process.wait(30)
        except subprocess.TimeoutExpired:
            self.process.kill()
            raise
        finally:
            for pipe in (self.process.stdin, self.process.stdout):
                if pipe is not None:
                    pipe.close()


def environment() -> dict[str, str]:
    """What a program of ours is started with."""
    return {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONWARNINGS": "default"}


def spawn(
    place: Place, *words: str, local_token: str | None = None, before: Sequence[str] = ()
) -> tuple[subprocess.Popen[str], dict[str, Any], Path]:
    """A process of the server, the line it said first, and the file with its standard error."""
    place.data.mkdir(exist_ok=True)
    stderr = place.data / f"stderr-{len(list(place.data.glob('stderr-*')))}"
    program = [
        *before,
        sys.executable,
        "-m",
        "dispatcher_app",
        "server",
        "--data",
        str(place.data),
        "--db",
        place.url,
    ]
    with stderr.open("wb") as errors:
        process = subprocess.Popen(
            [*program, *words, *(["--embedded"] if local_token is not None else [])], cwd=ROOT, text=True,
            env=environment(), stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=errors,
        )  # fmt: skip
    assert process.stdin is not None
    assert process.stdout is not None
    if local_token is not None:
        process.stdin.write(local_token + "\n")
        process.stdin.flush()
    alarm = threading.Timer(40, process.kill)
    alarm.start()
    try:
        line = process.stdout.readline()
    finally:
        alarm.cancel()
        alarm.join()
    if not line:
        process.wait(20)
        process.stdin.close()
        process.stdout.close()
        raise AssertionError(f"the server said nothing:\n{stderr.read_text()[-4000:]}")
    said: dict[str, Any] = json.loads(line)
    return process, said, stderr


def start(place: Place, *words: str, local_token: str | None = None, before: Sequence[str] = ()) -> Server:
    """A server that answers; it must be stopped."""
    process, said, stderr = spawn(place, *words, local_token=local_token, before=before)
    made = Server(said.get("url", ""), process, stderr, local_token)
    if not made.url:
        made.stop()
        raise AssertionError(said)
    return made


def administer_here(
    place: Place, tool: str, *words: str, given: str = ""
) -> subprocess.CompletedProcess[str]:
    """The same within this process: quicker where it is said often."""
    out, err, stdin = io.StringIO(), io.StringIO(), sys.stdin
    sys.stdin = io.StringIO(given)
    try:
        with redirect_stdout(out), redirect_stderr(err):
            code = admin.main([tool, "--data", str(place.data), "--db", place.url, *words])
    finally:
        sys.stdin = stdin
    return subprocess.CompletedProcess([tool, *words], code, out.getvalue(), err.getvalue())


def administer(place: Place, tool: str, *words: str, given: str = "") -> subprocess.CompletedProcess[str]:
    """The keeper's program with this tool on the place."""
    program = [
        sys.executable,
        "-m",
        "dispatcher_app",
        "admin",
        tool,
        "--data",
        str(place.data),
        "--db",
        place.url,
    ]
    return subprocess.run(
        [*program, *words], cwd=ROOT, env=environment(), input=given, capture_output=True, text=True, check=False,
        timeout=60,
    )  # fmt: skip
