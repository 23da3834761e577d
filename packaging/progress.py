"""Says on the terminal what is being done and how long it took."""

import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

QUIET_S = 10.0


class Stop(Exception):
    """A reason to end now, as one sentence for the person at the terminal."""


def say(text: str) -> None:
    print(text, flush=True)


@contextmanager
def step(text: str) -> Iterator[Callable[[str], None]]:
    """Announce a step and end it with its seconds; the value shows how far it has come."""
    began = time.monotonic()
    live = sys.stdout.isatty()
    shown_at = began

    def show(detail: str) -> None:
        nonlocal shown_at
        now = time.monotonic()
        if live:
            print(f"\r\033[K{text} ... {detail}"[: 4 + 100], end="", flush=True)
        elif now - shown_at >= QUIET_S:
            shown_at = now
            say(f"  {now - began:.0f} s: {detail}")

    print(f"{text} ...", end="" if live else "\n", flush=True)
    try:
        yield show
    except BaseException:
        say("\n" if live else "")
        raise
    head = f"\r\033[K{text}" if live else "  done"
    say(f"{head} ({time.monotonic() - began:.1f} s)")


def run_logged(
    command: Sequence[str],
    *,
    env: Mapping[str, str],
    log: Path,
    notice: Callable[[str], None],
) -> tuple[int, str]:
    """Run a command, keep all it says in a log file, pass each line on; its exit code and output."""
    lines: list[str] = []
    with log.open("a", encoding="utf-8", errors="replace") as kept:
        kept.write(f"$ {' '.join(command)}\n")
        with subprocess.Popen(
            list(command),
            env=dict(env),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
            errors="replace",
        ) as process:
            assert process.stdout is not None
            for line in process.stdout:
                kept.write(line)
                lines.append(line)
                notice(line.strip())
    return process.returncode, "".join(lines)
