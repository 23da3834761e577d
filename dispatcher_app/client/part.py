"""What a session is made of: its two files, a thread for each, and what was in them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from dispatcher_app.client.lookup import Lookup
from dispatcher_app.client.outbox.box import Box
from dispatcher_app.client.outbox.entry import Entry
from dispatcher_app.client.replica.reader import Reader
from dispatcher_app.client.replica.writer import Writer
from dispatcher_app.client.worker import Worker


@dataclass(frozen=True, slots=True)
class Parts:
    """The open files: `worker` is the replica's thread, `saver` the outbox's."""

    folder: Path
    worker: Worker
    saver: Worker
    writer: Writer
    reader: Reader
    lookup: Lookup
    box: Box
    entries: list[Entry]
    drafts: dict[str, Any]
    counter: int


async def open_parts(folder: Path, user: str, key: bytes) -> Parts:
    """Open the replica and the outbox side by side; raises Rejected("disk_full")."""
    worker, saver = Worker("replica"), Worker("outbox")
    path = folder / "replica.db"

    def open_box() -> tuple[Box, list[Entry], dict[str, Any], int]:
        box = Box(folder / "outbox.db", key)
        return box, box.entries(), box.drafts(user), int(box.setting("counter") or 0)

    try:
        opening = saver.run(open_box)
        writer = await worker.run(Writer, path, user)
        reader = await worker.run(Reader, path)
        box, entries, drafts, counter = await opening
    except BaseException:
        worker.close()
        saver.close()
        raise
    return Parts(folder, worker, saver, writer, reader, Lookup(path), box, entries, drafts, counter)
