"""A real desk on the wire: its session, its folder, and what it was told became of its acts."""

from __future__ import annotations

import asyncio
import shutil
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from dispatcher_app.client.api import Offline
from dispatcher_app.client.api import Place as Address
from dispatcher_app.client.outbox.seal import new_key
from dispatcher_app.client.session import (
    Accepted,
    Changed,
    Outcome,
    ParkedAct,
    Refused,
    Session,
    Submission,
    open_session,
)
from dispatcher_app.domain.region import Staff
from tests.machine.backend import Backend
from tests.machine.compare import half_acts
from tests.machine.wire import Line


@dataclass(eq=False)
class Seat:
    """One person's desk."""

    staff: Staff
    folder: Path
    backend: Backend
    token: str
    name: str
    key: bytes = field(default_factory=new_key)
    line: Line = field(default_factory=Line)
    lives: int = 0
    made: int = 0
    held: Session | None = None
    given: dict[str, Submission] = field(default_factory=dict)
    accepted: set[str] = field(default_factory=set)
    refused: dict[str, str] = field(default_factory=dict)
    kept: set[str] = field(default_factory=set)
    dropped: set[str] = field(default_factory=set)
    halves: list[str] = field(default_factory=list)

    @property
    def session(self) -> Session:
        """The open session."""
        assert self.held is not None
        return self.held

    @property
    def files(self) -> Path:
        """Where this life of the desk keeps its files."""
        return self.folder / str(self.lives)

    async def open(self) -> None:
        """Sit down."""
        self.backend.wire.lines[self.token] = self.line
        self.files.mkdir(parents=True, exist_ok=True)
        self.held = await open_session(
            self.files, self.staff, self.key, self._locate, self.token, seat=self.name
        )
        self.held.subscribe(changed=self._on_changed)

    async def _locate(self) -> Address:
        if not (self.line.up and self.backend.url):
            raise Offline("nobody there")
        return Address(self.backend.url)

    def _on_changed(self, changed: Changed) -> None:
        self.halves += half_acts(self.files)

    def count(self) -> int:
        """One more every time: what is made here gets ids that are the same in every replay."""
        self.made += 1
        return self.made

    def did(self, submission: Submission) -> None:
        """Remember what was done here."""
        self.given[submission.act] = submission

    def learn(self) -> None:
        """Take in what this desk has been told, and what it has safely kept."""
        for act, each in list(self.given.items()):
            if each.saved.done() and each.saved.exception() is None:
                self.kept.add(act)
            if each.outcome.done():
                self._told(act, each.outcome.result())
                del self.given[act]
        for resting in self.session.parked:
            assert resting.reason, f"{self.name}: {resting.name} rests without a reason"

    def _told(self, act: str, outcome: Outcome) -> None:
        match outcome:
            case Accepted():
                self.accepted.add(act)
            case Refused(refusal):
                self.refused[act] = refusal.rejected

    def give_up(self) -> None:
        """Discard whatever rests, as its reader would."""
        for resting in self.session.parked:
            self.gave_up(resting)

    def gave_up(self, resting: ParkedAct) -> None:
        """Discard an act that rests."""
        self.session.discard(resting.act)
        self.dropped.add(resting.act)
        if resting.state == "refused":
            self.refused[resting.act] = resting.reason

    def retry(self, resting: ParkedAct) -> None:
        """Have an act that rests sent once more."""
        self.session.retry(resting.act)
        self.refused.pop(resting.act, None)

    def take_over(self, resting: ParkedAct) -> None:
        """Do it again on top of how things stand; raises Rejected."""
        self.did(self.session.take_over(resting.act))
        self.dropped.add(resting.act)
        if resting.state == "refused":
            self.refused[resting.act] = resting.reason

    async def log_in(self) -> None:
        """Log in again as the same person."""
        self.token = await self.backend.log_in(self.staff.id)
        self.backend.wire.lines[self.token] = self.line
        self.session.renew(self.token)

    async def restart(self) -> None:
        """Close the program and start it again."""
        self.learn()
        self.staff = self.session.staff
        await self.session.close()
        self.learn_last()
        await self.open()

    def learn_last(self) -> None:
        """What a closed session was told to its very end."""
        for act, each in self.given.items():
            if each.outcome.done():
                self._told(act, each.outcome.result())
        self.given.clear()

    async def crash(self) -> None:
        """The power goes: what is on the disk at this moment is all that there is afterwards."""
        up, session = self.line.up, self.session
        self.line.change(up=False)
        self.learn()
        after = self.folder / str(self.lives + 1)
        after.mkdir()
        # In the files' own threads, so that no half-made transaction is copied.
        await session._worker.run(copy_files, self.files, after, "replica.db")
        await session._parts.saver.run(copy_files, self.files, after, "outbox.db")
        self.staff = session.staff
        await session.close()
        self.learn_last()
        self.lives += 1
        self.line.change(up=up)
        await self.open()


def copy_files(source: Path, target: Path, name: str) -> None:
    """A database with its write-ahead log."""
    for each in (name, f"{name}-wal"):
        if (source / each).exists():
            shutil.copyfile(source / each, target / each)


async def until_still(seats: list[Seat], seconds: float) -> None:
    """Let the desks work until nothing waits on those that are online, at most so long."""
    loop = asyncio.get_running_loop()
    end = loop.time() + seconds

    def busy(seat: Seat) -> Any:
        link = seat.session.link
        return link.state == "connecting" or (link.state == "online" and link.waiting)

    while loop.time() < end and any(busy(seat) for seat in seats):
        await asyncio.sleep(0.005)
