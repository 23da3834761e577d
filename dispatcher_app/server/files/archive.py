"""What a node needs for files: the store, the folder for what is still coming in, the hands that look at it."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

from dispatcher_app.server.files.lab import Lab
from dispatcher_app.server.files.store import Store, open_store


@dataclass(slots=True)
class Archive:
    """`hands` bounds how many files are finished at once.

    `taking` are the requests that bring bytes, `finishing` what becomes of whole files, by upload id.
    """

    store: Store
    folder: Path
    lab: Lab = field(default_factory=Lab)
    disk: ThreadPoolExecutor = field(default_factory=lambda: ThreadPoolExecutor(4, "uploads"))
    hands: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(4))
    taking: dict[str, asyncio.Task[int]] = field(default_factory=dict)
    finishing: dict[str, asyncio.Task[None]] = field(default_factory=dict)

    def part(self, id: str) -> Path:
        """What has come in of a file."""
        return self.folder / f"{id}.part"

    def made(self, id: str, what: str) -> Path:
        """What is made of a file on its way into the store."""
        return self.folder / f"{id}.{what}"

    def sweep(self, id: str) -> None:
        """Nothing of an upload stays here."""
        for what in ("part", "view", "thumb"):
            self.made(id, what).unlink(missing_ok=True)

    async def close(self) -> None:
        """Stop; what is whole is finished at the next start."""
        tasks = [*self.taking.values(), *self.finishing.values()]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await self.lab.close()
        self.disk.shutdown(wait=False)


def open_archive(url: str | None, data: Path) -> Archive:
    """The archive of an installation; raises store.BadStore."""
    folder = data / "uploads"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    folder.chmod(0o700)
    return Archive(open_store(url, data), folder)
