"""A deduction: money taken off a technician, with evidence, against which he may appeal."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Literal

DeductionState = Literal["made", "appealed", "upheld", "reversed"]
Source = Literal["available", "deposit"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Deduction:
    """One deduction (minor units) from what is available to a technician, or from his deposit (质保金).

    `reason` is a code, `text` says what happened, `complaint` and `attachments` (of the order) prove it. He may appeal
    until `appeal_until` (UTC ms); whoever decides then is not who deducted.
    """

    kind: ClassVar[str] = "deduction"
    id: str
    region: str
    version: int = 0
    technician: str
    amount: int
    currency: str
    source: Source
    reason: str
    text: str
    order: str | None = None
    complaint: str | None = None
    attachments: tuple[str, ...] = ()
    state: DeductionState = "made"
    at: int
    by: str
    appeal_until: int
    appeal: str = ""
    appealed_at: int | None = None
    appealed_by: str = ""
    decision: str = ""
    decided_at: int | None = None
    decided_by: str = ""

    @property
    def closed_at(self) -> int | None:
        """From when (UTC ms) nothing more is expected."""
        return self.appeal_until if self.state == "made" else self.decided_at
