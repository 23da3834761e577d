"""Who goes."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class AssignTechnician:
    """A technician for an order, starting at `start` (UTC ms); names the technician that he replaces.

    Whoever saw the visit at an hour names that too (`from_start`), so that nobody's move of it is overwritten unseen.
    A `pinned` visit is moved by no planner. `why` are codes of what spoke for him where the system has chosen.
    `helpers` come along with him, at the same start.
    """

    order: str
    technician: str
    from_technician: str | None = None
    from_start: int | None = None
    start: int
    override_reason: str | None = None
    pinned: bool = False
    why: tuple[str, ...] = ()
    helpers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class UnassignTechnician:
    """Nobody any more; names the technician who is taken off."""

    order: str
    from_technician: str
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferOrder:
    """One technician is asked whether he takes it, with a countdown; `why` as in `AssignTechnician`."""

    order: str
    technician: str
    why: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class AcceptOrder:
    """The technician takes the offered order, starting at `start`; staff may say it on his behalf."""

    order: str
    technician: str
    start: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DeclineOrder:
    """The technician passes the offered order on."""

    order: str
    technician: str
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class WithdrawOffer:
    """The desk takes an offer back."""

    order: str
    from_technician: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ExpireOffer:
    """The countdown of an offer has run out; only the system says so."""

    order: str
    technician: str
    expires_at: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DropOrder:
    """The technician gives an accepted order back before he has departed."""

    order: str
    technician: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AskTransfer:
    """The technician asks another to take his order (转单)."""

    order: str
    from_technician: str
    to: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerTransfer:
    """The other agrees (starting at `start`, UTC ms) or does not; staff may say it on his behalf."""

    order: str
    to: str
    agreed: bool
    start: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ForceTransfer:
    """A supervisor gives the order to another without his word, with a reason."""

    order: str
    from_technician: str
    to: str
    start: int
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ExpireTransfer:
    """Nobody has answered a transfer request in time; only the system says so."""

    order: str
    to: str
    expires_at: int
