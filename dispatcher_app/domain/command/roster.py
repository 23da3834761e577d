"""Technicians: papers, status, shifts, leave, vans."""

from __future__ import annotations

from dataclasses import dataclass

from dispatcher_app.domain.technician import Shift, ShiftException, Technician, TechnicianStatus
from dispatcher_app.domain.van import Stocked


@dataclass(frozen=True, slots=True, kw_only=True)
class SaveTechnician:
    """A technician as staff enter or correct him."""

    technician: Technician
    phone: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SetPortrait:
    """A technician's picture, which the server has looked at and stored under this name."""

    technician: str
    portrait: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SetTechnicianStatus:
    """Online, busy or offline; names the status it replaces."""

    technician: str
    from_status: TechnicianStatus
    status: TechnicianStatus


@dataclass(frozen=True, slots=True, kw_only=True)
class SetShifts:
    """Another weekly pattern, on top of the version that was read."""

    technician: str
    from_version: int
    shifts: tuple[Shift, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SetShiftException:
    """Another working time on one date; `back_to_pattern` takes the exception away."""

    technician: str
    exception: ShiftException
    back_to_pattern: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class AddLeave:
    """A technician is away; the visits it hits stay and are reported."""

    technician: str
    leave: str
    start: int
    end: int
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RemoveLeave:
    """A leave that is not taken after all."""

    technician: str
    leave: str


@dataclass(frozen=True, slots=True, kw_only=True)
class IssueParts:
    """Parts from the store into a technician's van (领料)."""

    technician: str
    parts: tuple[Stocked, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReturnParts:
    """Parts from the van back into the store (退料)."""

    technician: str
    parts: tuple[Stocked, ...]
