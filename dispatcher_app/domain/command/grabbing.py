"""The grab pool (抢单): several are told, several may want it, one wins; and what is left to the desk."""

from __future__ import annotations

from dataclasses import dataclass

from dispatcher_app.domain.order import Mode, Told


@dataclass(frozen=True, slots=True, kw_only=True)
class PoolOrder:
    """An order into the grab pool; `told` are the fit ones of the first ring that has any, nearest first."""

    order: str
    told: tuple[Told, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class WidenPool:
    """The next ring is told; only the system says so."""

    order: str
    from_ring: int
    told: tuple[Told, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class GrabOrder:
    """A technician wants it, starting at `start` (UTC ms); staff may say it on his behalf.

    How far he is was found out when he was told: it decides, so it is not his to say.
    """

    order: str
    technician: str
    start: int


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


@dataclass(frozen=True, slots=True, kw_only=True)
class LeaveToDesk:
    """Nobody is found for an order that is dispatched by itself: it waits for a person; only the system says so."""

    order: str
    mode: Mode
    reason: str
