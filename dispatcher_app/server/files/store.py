"""Where files are: a folder on this computer, or any object store by URL."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

import obstore
from obstore.exceptions import BaseError
from obstore.store import LocalStore, ObjectStore, from_url

from dispatcher_app import journal

CHUNK: Final = 1 << 20
PART: Final = 5 << 20
"""What an object store takes in one piece; what is larger goes in pieces of this size, two at a time."""
PLACES: Final = ("view", "thumb", "sealed")
"""What everybody may see, the same made small, and originals under lock."""
PORTRAITS: Final = "portrait"
"""Technicians' pictures, which belong to no order."""


class StoreAway(Exception):
    """The store does not take or give anything now; `reason` is disk_full or files."""

    @property
    def reason(self) -> str:
        """Why, as far as a desk can say it."""
        words = str(self).lower()
        return "disk_full" if "no space left" in words or "storage full" in words else "files"


class NoFile(Exception):
    """The store has no file of that name."""


class BadStore(Exception):
    """The store's URL says nothing that can be used."""


@dataclass(frozen=True, slots=True)
class Stored:
    """A file in the store: its name, its bytes, when it was written (UTC ms)."""

    name: str
    size: int
    at: int


@dataclass(frozen=True, slots=True)
class Store:
    """An open store; `folder` is None where it is not on this computer."""

    place: ObjectStore
    folder: Path | None

    async def put(self, name: str, chunks: AsyncIterator[bytes], size: int) -> None:
        """Store a file whole or not at all, and on the disk when this returns; raises StoreAway."""
        with told():
            if size <= PART:
                whole = b"".join([chunk async for chunk in chunks])
                await obstore.put_async(self.place, name, whole, use_multipart=False)
            else:
                await obstore.put_async(
                    self.place, name, chunks, use_multipart=True, chunk_size=PART, max_concurrency=2
                )
        if self.folder is not None:
            await asyncio.to_thread(flush, self.folder / name)

    async def get(self, name: str, first: int = 0, end: int | None = None) -> AsyncIterator[bytes]:
        """The file's bytes from `first` up to before `end`, piece by piece; raises NoFile, StoreAway."""
        with told():
            if end is not None:
                found = await obstore.get_async(self.place, name, options={"range": (first, end)})
            elif first:
                found = await obstore.get_async(self.place, name, options={"range": {"offset": first}})
            else:
                found = await obstore.get_async(self.place, name)
        return passed_on(found.stream(min_chunk_size=CHUNK // 4))

    async def size(self, name: str) -> int | None:
        """How many bytes a file has, None where there is none."""
        try:
            with told():
                found = await obstore.head_async(self.place, name)
        except NoFile:
            return None
        return int(found["size"])

    async def delete(self, name: str) -> None:
        """The file is gone, whether or not it was there."""
        try:
            with told():
                await obstore.delete_async(self.place, name)
        except NoFile:
            return

    async def names(self, place: str) -> AsyncIterator[Stored]:
        """Every file in one of the PLACES."""
        with told():
            async for page in obstore.list(self.place, place):
                for each in page:
                    yield Stored(each["path"], int(each["size"]), moment(each["last_modified"]))


async def passed_on(stream: obstore.BytesStream) -> AsyncIterator[bytes]:
    """A stream's pieces; a store that breaks off raises StoreAway."""
    with told():
        async for chunk in stream:
            yield bytes(chunk)


def open_store(url: str | None, data: Path) -> Store:
    """The store of an installation: `url` (s3://bucket/folder …) or, without one, a folder beside the database.

    Credentials and endpoint come from the environment (AWS_ACCESS_KEY_ID, AWS_ENDPOINT_URL …); raises BadStore.
    """
    if url is None or "://" not in url:
        folder = Path(url) if url else data / "files"
        for each in (*PLACES, PORTRAITS):
            (folder / each).mkdir(mode=0o700, parents=True, exist_ok=True)
        folder.chmod(0o700)
        return Store(LocalStore(folder.absolute()), folder.absolute())
    if url.startswith("file://"):
        return open_store(url.removeprefix("file://"), data)
    plain = os.environ.get("AWS_ENDPOINT_URL", "").startswith("http://")
    try:
        place = from_url(
            url,
            client_options={"timeout": "60s", "connect_timeout": "5s", "allow_http": plain},
            retry_config={"max_retries": 4, "retry_timeout": timedelta(seconds=60)},
        )
    except (BaseError, ValueError) as error:
        raise BadStore(journal.masked(str(error).splitlines()[0])) from error
    return Store(place, None)


@contextmanager
def told() -> Iterator[None]:
    """What the library raises, in our words."""
    try:
        yield
    except FileNotFoundError as error:
        raise NoFile(str(error)) from error
    except (BaseError, OSError) as error:
        raise StoreAway(journal.masked(str(error))) from error


def flush(file: Path) -> None:
    """Have a file and its name on the disk before anybody is told that it is kept."""
    for path in (file, file.parent):
        if path.is_dir() and os.name == "nt":
            continue
        handle = os.open(path, os.O_RDONLY if os.name != "nt" else os.O_RDWR)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


async def pieces(file: Path) -> AsyncIterator[bytes]:
    """A file of this computer, piece by piece."""
    handle = await asyncio.to_thread(file.open, "rb")
    try:
        while chunk := await asyncio.to_thread(handle.read, CHUNK):
            yield chunk
    finally:
        handle.close()


async def whole(data: bytes) -> AsyncIterator[bytes]:
    """What is small enough to be one piece."""
    yield data


def moment(at: datetime) -> int:
    """UTC milliseconds."""
    return round(at.timestamp() * 1000)
