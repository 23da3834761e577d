"""Complaints: opened, answered, judged, resolved, called back about, opened again."""

from __future__ import annotations

from dataclasses import dataclass

from dispatcher_app.domain.money.complaint import Awaited, CallBack, Category, Responsible, Severity, Source


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenComplaint:
    """Somebody is not content with an order; `technicians` are those it is about, None for those who came or come.

    The id is chosen by whoever opens it; `attachments` are photos of the same order.
    """

    complaint: str
    order: str
    source: Source = "phone"
    categories: tuple[Category, ...]
    severity: Severity = "normal"
    text: str
    technicians: tuple[str, ...] | None = None
    attachments: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class TakeComplaint:
    """Whose it is from now on (None: nobody's); `from_owner` is whose it was when that was decided."""

    complaint: str
    owner: str | None
    from_owner: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerComplaint:
    """The customer was answered; the first answer stops its timer."""

    complaint: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitComplaint:
    """It waits for somebody until we ask again at `contact_at` (UTC ms); None for both: it goes on."""

    complaint: str
    waiting_for: Awaited | None = None
    contact_at: int | None = None
    text: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class JudgeComplaint:
    """Who was at fault, what he is to be compensated with and what the technician is to be fined (minor units).

    `severity` changes how grave it is; `from_responsibility` is what had been judged before.
    """

    complaint: str
    responsibility: Responsible
    from_responsibility: Responsible | None = None
    compensation: int = 0
    penalty: int = 0
    severity: Severity | None = None
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ResolveComplaint:
    """It was settled with the customer: how, in words."""

    complaint: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CloseComplaint:
    """The customer was called back about what was settled."""

    complaint: str
    call_back: CallBack
    text: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReopenComplaint:
    """It was not settled after all; everything about it is timed and judged anew."""

    complaint: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AddComplaintNote:
    """Something worth knowing about a complaint; `attachments` are photos of its order."""

    complaint: str
    text: str = ""
    attachments: tuple[str, ...] = ()
