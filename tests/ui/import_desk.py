"""A company with a real server process, and desks of its people, for the import screen."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from dispatcher_app.client.api import Api, Place
from dispatcher_app.client.outbox.seal import new_key
from dispatcher_app.client.session import Session, open_session

ROOT = Path(__file__).resolve().parents[2]
REAL = Path(os.environ.get("DISPATCHER_DATA", ROOT.parent / "shared" / "data")) / "requests"
PASSWORD = "correct horse battery"


def admin(data: Path, *words: str, given: str = "") -> subprocess.CompletedProcess[str]:
    """The keeper's program on a data folder."""
    program = [sys.executable, "-m", "dispatcher_app", "admin", *words, "--data", str(data)]
    return subprocess.run(
        program,
        cwd=ROOT,
        input=given,
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
        timeout=90,
    )


def found(data: Path) -> None:
    """A company in New York with a catalogue, a supervisor, an administrator and a dispatcher."""
    place = ("--timezone", "America/New_York", "--currency", "USD", "--centre=-73.95,40.72")
    done = [admin(data, "create-region", "nyc", "纽约", *place), admin(data, "load-catalogue")]
    for user, role in (("sun", "supervisor"), ("ann", "administrator"), ("dan", "dispatcher")):
        words = ("create-user", user, "--roles", role, "--regions", "nyc", "--password-stdin")
        done.append(admin(data, *words, given=PASSWORD + "\n"))
    assert [each.stderr for each in done if each.returncode] == []


@contextmanager
def serving(data: Path) -> Iterator[str]:
    """A server process on the folder, for as long as it is wanted; gives its address."""
    program = [sys.executable, "-m", "dispatcher_app", "server", "--data", str(data)]
    with (data / "server.err").open("wb") as errors:
        process = subprocess.Popen(program, cwd=ROOT, text=True, stdout=subprocess.PIPE, stderr=errors)
    assert process.stdout is not None
    try:
        said = process.stdout.readline()
        assert said, (data / "server.err").read_text()
        yield str(json.loads(said)["url"])
    finally:
        process.terminate()
        process.wait(20)
        process.stdout.close()


@dataclass(frozen=True)
class Desks:
    """The desks that may be opened: one folder each."""

    folder: Path
    url: str

    async def enter(self, user: str) -> Session:
        """Somebody at a desk, not yet connected."""
        place = Place(self.url)

        async def there() -> Place:
            return place

        api = Api(place, None)
        come_in = await api.log_in(user, PASSWORD, "test")
        await api.close()
        home = self.folder / user
        home.mkdir(parents=True, exist_ok=True)
        return await open_session(home, come_in.staff, new_key(), there, come_in.token)
