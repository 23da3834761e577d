"""The grab pool (抢单): several are told, several may want it, one wins."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class PoolOrder:
    """An order into the grab pool; `told` are those of the first ring who are fit, nearest first."""

    order: str
    told: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class WidenPool:
    """The next ring is told; only the system says so."""

    order: str
    from_ring: int
    told: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class GrabOrder:
    """A technician wants it, starting at `start` (UTC ms); staff may say it on his behalf."""

    order: str
    technician: str
    start: int
    distance_m: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class AwardGrab:
    """The collection time is over: the best of those who want it wins; only the system says so."""

    order: str
    decides_at: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ClosePool:
    """Nobody has wanted it (system), or the desk takes it back."""

    order: str
    since: int
