"""Photos and videos that have been looked at: kept in the desk's folder up to a limit, gone with the log-out."""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import os
import shutil
from pathlib import Path
from typing import BinaryIO, Final, Literal

from dispatcher_app.client.api import Api, NotLoggedIn, Offline
from dispatcher_app.client.shelf import private
from dispatcher_app.domain.act import Rejected
from dispatcher_app.domain.talk import Attachment

What = Literal["thumb", "view", "original"]

LIMIT_BYTES: Final = 400 << 20
SIDE_BY_SIDE: Final = 4
GRACE_S: Final = 2.0
ENDINGS: Final = {"image/jpeg": ".jpg", "video/mp4": ".mp4", "video/webm": ".webm"}


class Album:
    """One person's pictures. Called in the loop's thread; the folder belongs to nobody else."""

    def __init__(self, folder: Path, limit: int = LIMIT_BYTES) -> None:
        self._folder, self._limit = folder, limit
        self._fetching: dict[str, asyncio.Task[Path]] = {}
        self._turns = asyncio.Semaphore(SIDE_BY_SIDE)
        self._closed = False

    async def picture(self, api: Api | None, found: Attachment, what: What, reason: str = "") -> Path:
        """The file on this computer; asked for twice at once it is fetched once.

        Raises Offline where it is not here and there is no server, Rejected where a rule says no.
        """
        if found.removed is not None:
            await asyncio.to_thread(self._drop, found.id)
        name = f"{found.id}-{what}{'.jpg' if what == 'thumb' else ending(found, what)}"
        if what != "original" and await asyncio.to_thread(touched, self._folder / name):
            return self._folder / name
        task = self._fetching.get(name)
        if task is None:
            task = self._fetching[name] = asyncio.create_task(self._fetch(api, found, what, name, reason))
            task.add_done_callback(lambda done: self._on_done(name, done))
        return await asyncio.shield(task)

    def _on_done(self, name: str, done: asyncio.Task[Path]) -> None:
        self._fetching.pop(name, None)
        if not done.cancelled():
            done.exception()  # whoever still waits has heard it

    async def portrait(self, api: Api | None, technician: str, portrait: str) -> Path:
        """A technician's picture as a file on this computer; raises Offline, Rejected."""
        name = f"{portrait}-portrait.jpg"
        if await asyncio.to_thread(touched, self._folder / name):
            return self._folder / name
        task = self._fetching.get(name)
        if task is None:
            fetching = self._fetched(api, f"/portraits/{technician}", {}, None, name)
            task = self._fetching[name] = asyncio.create_task(fetching)
            task.add_done_callback(lambda done: self._on_done(name, done))
        return await asyncio.shield(task)

    async def _fetch(self, api: Api | None, found: Attachment, what: What, name: str, reason: str) -> Path:
        path = f"/attachments/{found.id}" + ("" if what == "view" else f"/{what}")
        params = {"reason": reason} if what == "original" else {}
        wanted = {"view": found.sha256, "original": found.original_sha256}.get(what)
        return await self._fetched(api, path, params, wanted, name)

    async def _fetched(
        self, api: Api | None, path: str, params: dict[str, str], wanted: str | None, name: str
    ) -> Path:
        """A file of the server under a name of this folder, if it is what it should be (`wanted`, SHA-256)."""
        async with self._turns:
            if api is None or self._closed:
                raise Offline("not connected")
            # Not in another thread: whoever stops fetching then would leave the file open.
            file, opened = self._opened(name)
            digest = hashlib.sha256()

            def keep(chunk: bytes) -> None:
                digest.update(chunk)
                opened.write(chunk)

            try:
                await api.fetch(path, params, keep)
            except NotLoggedIn as error:
                raise Offline("logged out") from error
            except OSError as error:
                raise Rejected("disk_full", None) from error
            finally:
                opened.close()
                if wanted is not None and digest.hexdigest() != wanted:
                    await asyncio.to_thread(file.unlink, missing_ok=True)
            if not await asyncio.to_thread(file.exists):
                raise Offline(f"{path}: not what it was")
            return await asyncio.to_thread(self._kept, file, self._folder / name)

    def _opened(self, name: str) -> tuple[Path, BinaryIO]:
        try:
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            file = self._folder / f"{name}.part"
            return file, os.fdopen(private(file), "wb")
        except OSError as error:
            raise Rejected("disk_full", None) from error

    def _kept(self, file: Path, name: Path) -> Path:
        """Keep it, and let the longest unseen go where all are too many."""
        file.replace(name)
        there = []
        for each in self._folder.iterdir():
            with contextlib.suppress(OSError):
                stat = each.stat()
                there.append((stat.st_mtime_ns, stat.st_size, each))
        total = sum(size for _, size, _ in there)
        for _, size, each in sorted(there):
            if total <= self._limit:
                break
            if each != name and each.suffix != ".part":
                with contextlib.suppress(OSError):
                    each.unlink()
                    total -= size
        return name

    def _drop(self, id: str) -> None:
        if self._folder.is_dir():
            for each in self._folder.glob(f"{id}-*"):
                with contextlib.suppress(OSError):
                    each.unlink()

    async def close(self, *, wipe: bool = False) -> None:
        """Stop fetching; originals never stay, with `wipe` nothing does."""
        self._closed = True
        tasks = list(self._fetching.values())
        if tasks:
            # One that is cut off while it connects leaves its connection open: small ones may come to their end.
            await asyncio.wait(tasks, timeout=GRACE_S)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await asyncio.to_thread(self.wipe if wipe else self._drop_originals)

    def wipe(self) -> None:
        """Nothing stays."""
        shutil.rmtree(self._folder, ignore_errors=True)

    def _drop_originals(self) -> None:
        if self._folder.is_dir():
            for each in [*self._folder.glob("*-original*"), *self._folder.glob("*.part")]:
                with contextlib.suppress(OSError):
                    each.unlink()


def ending(found: Attachment, what: What) -> str:
    """The ending by which other programs know a file; an original may be of any sort."""
    return ENDINGS.get(found.media, "") if what == "view" or found.media != "image/jpeg" else ""


def touched(file: Path) -> bool:
    """Whether a file is here; it counts as just seen."""
    try:
        os.utime(file)
    except OSError:
        return False
    return True
