"""Originals under lock: encrypted piece by piece, so that no file is ever whole in memory."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

from dispatcher_app.server.files.store import CHUNK
from dispatcher_app.server.vault import SEAL_BYTES, Vault


async def sealed(vault: Vault, id: str, chunks: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    """The sealed pieces of an attachment's original; each is bound to its place, the last one to being the last."""
    number = 0
    async for piece, last in regular(chunks, CHUNK):
        yield await asyncio.to_thread(vault.seal_piece, place(id, number, last), piece)
        number += 1


async def opened(vault: Vault, id: str, chunks: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    """The original again; raises WrongKey where a piece was changed, moved, or the end is missing."""
    number = 0
    async for piece, last in regular(chunks, CHUNK + SEAL_BYTES):
        yield await asyncio.to_thread(vault.open_piece, place(id, number, last), piece)
        number += 1


def sealed_size(size: int) -> int:
    """How many bytes a sealed original has."""
    return size + max(1, -(-size // CHUNK)) * SEAL_BYTES


def place(id: str, number: int, last: bool) -> str:
    """What a piece is bound to."""
    return f"attachment:{id}:{number}:{'end' if last else 'more'}"


async def regular(chunks: AsyncIterator[bytes], size: int) -> AsyncIterator[tuple[bytes, bool]]:
    """The same bytes in pieces of one size, the last one marked; there is always a last one."""
    rest = bytearray()
    async for chunk in chunks:
        rest += chunk
        while len(rest) > size:
            yield bytes(rest[:size]), False
            del rest[:size]
    yield bytes(rest), True
