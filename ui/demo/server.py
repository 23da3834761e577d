"""The practice server of the desks, as somebody who pulls its plug sees it."""

from __future__ import annotations

import contextlib
import json
import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from dispatcher_app.client.profile import HERE

_KILL = getattr(signal, "SIGKILL", signal.SIGTERM)


def folder(home: Path) -> Path:
    """Where the server of the desks with this home keeps its data."""
    return home / "server" / HERE


def kill(data: Path) -> int:
    """kill -9 of the server that works in a folder; its process id."""
    pid = int(json.loads((data / "server.json").read_text(encoding="utf-8"))["pid"])
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, _KILL)
    return pid


@contextmanager
def gone(data: Path) -> Iterator[int]:
    """Kill the server and keep any other from starting in its place until the block ends; the killed process' id."""
    lock, pid = FileLock(data / "server.lock"), kill(data)
    while True:
        try:
            lock.acquire(timeout=1, poll_interval=0.01)
            break
        except Timeout:
            pid = kill(data)  # a desk was quicker than we with a new one
    try:
        yield pid
    finally:
        lock.release()
