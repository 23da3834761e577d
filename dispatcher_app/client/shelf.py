"""Files that wait to be sent, kept in the desk's folder with what is known of them; only their owner may read them."""

from __future__ import annotations

import asyncio
import contextlib
import errno
import hashlib
import os
import shutil
from collections.abc import AsyncGenerator, Callable
from dataclasses import replace
from pathlib import Path

import msgspec

from dispatcher_app.client.state import Upload
from dispatcher_app.domain.act import Rejected
from dispatcher_app.domain.media import HEAD, check_size, signed

COPY = 1 << 20
PIECE = 1 << 18
ROOM_BYTES = 256 << 20
"""Room that the disk keeps for everything else."""


def looked_at(path: Path) -> tuple[str, int]:
    """The sort and the size of a file that somebody wants to send; raises Rejected where it can't be."""
    try:
        with path.open("rb") as opened:
            head, size = opened.read(HEAD), os.fstat(opened.fileno()).st_size
    except OSError as error:
        raise Rejected("file_unreadable", None) from error
    if not size:
        raise Rejected("upload_empty", None)
    if not (media := signed(head)):
        raise Rejected("upload_type", None, type=path.suffix.lower() or "?")
    check_size(media, size)
    return media, size


class Shelf:
    """The folder; its methods block, so they are called in threads."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def file(self, id: str) -> Path:
        """The copy of what is sent."""
        return self._folder / f"{id}.bin"

    def _note(self, id: str) -> Path:
        return self._folder / f"{id}.json"

    def load(self) -> list[Upload]:
        """What waited when the desk was closed, the oldest first; what is not whole is dropped."""
        found: list[Upload] = []
        if not self._folder.is_dir():
            return found
        for note in sorted(self._folder.glob("*.json")):
            with contextlib.suppress(OSError, msgspec.DecodeError):
                upload = msgspec.json.decode(note.read_bytes(), type=Upload)
                if self.file(upload.id).stat().st_size == upload.size and note.stem == upload.id:
                    state = upload.state if upload.state == "failed" else "waiting"
                    found.append(replace(upload, state=state))
        known = {upload.id for upload in found}
        for each in self._folder.iterdir():
            if each.name.split(".")[0] not in known:
                each.unlink(missing_ok=True)
        return sorted(found, key=lambda upload: (upload.at, upload.id))

    def copy(self, upload: Upload, path: Path, go_on: Callable[[], bool]) -> Upload:
        """Take a copy, so that the original may be moved or changed; raises Rejected where there is no room."""
        made, digest = self.file(upload.id), hashlib.sha256()
        try:
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            if shutil.disk_usage(self._folder).free < upload.size + ROOM_BYTES:
                raise Rejected("disk_full", None)
            with path.open("rb") as source, os.fdopen(private(made), "wb") as copy:
                while go_on() and (chunk := source.read(COPY)):
                    digest.update(chunk)
                    copy.write(chunk)
                copy.flush()
                os.fsync(copy.fileno())
            if made.stat().st_size != upload.size:
                raise Rejected("file_unreadable", None)
            kept = replace(upload, sha256=digest.hexdigest(), state="waiting")
            self.keep(kept)
        except BaseException as error:
            self.drop(upload.id)
            if isinstance(error, OSError):
                full = error.errno in (errno.ENOSPC, errno.EDQUOT)
                raise Rejected("disk_full" if full else "file_unreadable", None) from error
            raise
        return kept

    def keep(self, upload: Upload) -> None:
        """Note how it stands, whole or not at all."""
        unfinished = self._note(upload.id).with_suffix(".part")
        unfinished.unlink(missing_ok=True)
        with os.fdopen(private(unfinished), "wb") as made:
            made.write(msgspec.json.encode(upload))
            made.flush()
            os.fsync(made.fileno())
        unfinished.replace(self._note(upload.id))

    def drop(self, id: str) -> None:
        """Nothing of it stays."""
        for each in (self._note(id), self._note(id).with_suffix(".part"), self.file(id)):
            with contextlib.suppress(OSError):
                each.unlink(missing_ok=True)


def private(path: Path) -> int:
    """A new file that only its owner may read."""
    return os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)


async def pieces(path: Path, offset: int, told: Callable[[int], None]) -> AsyncGenerator[bytes, None]:
    """The rest of a file; `told` hears how far it has been given away."""
    opened = await asyncio.to_thread(path.open, "rb")
    try:
        opened.seek(offset)
        while chunk := await asyncio.to_thread(opened.read, PIECE):
            yield chunk
            offset += len(chunk)
            told(offset)
    finally:
        opened.close()
