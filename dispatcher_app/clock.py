"""The only source of the time and of new identifiers."""

from __future__ import annotations

import os
import time
import uuid


def now_ms() -> int:
    """The present moment, UTC milliseconds."""
    return time.time_ns() // 1_000_000


def new_id() -> str:
    """A fresh UUIDv7 (RFC 9562): sorts by the time it was made."""
    random = int.from_bytes(os.urandom(10), "big")
    value = (
        (now_ms() & (1 << 48) - 1) << 80
        | 0x7 << 76
        | (random >> 68) << 64
        | 0b10 << 62
        | random & (1 << 62) - 1
    )
    return str(uuid.UUID(int=value))


def derived_id(*parts: str) -> str:
    """The same identifier for the same parts, for timers, imports and whatever is told twice."""
    return str(uuid.uuid5(uuid.NAMESPACE_URL, "\x1f".join(parts)))


def ticks_ms() -> int:
    """Milliseconds that only ever grow, a suspended computer included where the system counts them."""
    return time.clock_gettime_ns(_TICKS) // 1_000_000 if _TICKS is not None else time.monotonic_ns() // 1_000_000


_TICKS: int | None = getattr(time, "CLOCK_BOOTTIME", None)
