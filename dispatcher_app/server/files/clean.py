"""Nothing is left lying about: uploads that stopped, files that never became an attachment."""

from __future__ import annotations

import logging
from collections.abc import Container
from pathlib import Path
from typing import Final

from dispatcher_app import clock
from dispatcher_app.server.files.store import PLACES, PORTRAITS, StoreAway
from dispatcher_app.server.files.take import asked, on_disk, written
from dispatcher_app.server.node import Node
from dispatcher_app.server.store import query, upload

log = logging.getLogger(__name__)

GRACE_MS: Final = 24 * 3_600_000
"""How old a file must be before nobody can be about to make an attachment of it."""
BATCH: Final = 500


async def clean(node: Node) -> int:
    """Drop what is over; returns how many files went."""
    now = clock.now_ms()
    for id in await asked(node, lambda cursor: upload.expired(cursor, now)):
        await written(node, lambda cursor, id=id: upload.drop(cursor, id))  # type: ignore[misc]
        await on_disk(node, node.archive.sweep, id)
    return await clean_folder(node, now) + await clean_store(node, now)


async def clean_folder(node: Node, now: int) -> int:
    """Parts that no upload stands for."""

    def old() -> list[Path]:
        return [
            each for each in node.archive.folder.iterdir() if each.stat().st_mtime * 1000 < now - GRACE_MS
        ]

    found = await on_disk(node, old)
    known = await asked(node, lambda cursor: upload.known_ids(cursor, [each.stem for each in found]))
    orphans = [each for each in found if each.stem not in known or each.suffix != ".part"]
    for each in orphans:
        each.unlink(missing_ok=True)
    return len(orphans)


async def clean_store(node: Node, now: int) -> int:
    """Stored files that neither an attachment nor an upload stands for, and portraits that are nobody's."""
    gone = 0
    for place in (*PLACES, PORTRAITS):
        names: list[str] = []
        try:
            async for each in node.archive.store.names(place):
                if each.at < now - GRACE_MS:
                    names.append(each.name)
                if len(names) == BATCH:
                    gone += await drop_orphans(node, place, names)
                    names = []
            gone += await drop_orphans(node, place, names)
        except StoreAway as error:
            log.warning("store not cleaned", extra={"place": place, "error": str(error)})
    return gone


async def drop_orphans(node: Node, place: str, names: list[str]) -> int:
    """Delete those of these files of a place that nothing stands for."""
    ids = [name.rpartition("/")[2] for name in names]
    known: Container[str] = (
        await asked(node, query.portraits)
        if place == PORTRAITS
        else await asked(node, lambda cursor: upload.known_ids(cursor, ids))
    )
    orphans = [name for name, id in zip(names, ids, strict=True) if id not in known]
    for name in orphans:
        await node.archive.store.delete(name)
        log.info("orphan dropped", extra={"file": name})
    return len(orphans)
