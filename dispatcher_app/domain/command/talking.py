"""What is said and shown about an order."""

from __future__ import annotations

from dataclasses import dataclass

from dispatcher_app.domain.order import Party
from dispatcher_app.domain.talk import Purpose


@dataclass(frozen=True, slots=True, kw_only=True)
class AddNote:
    """Something worth knowing about an order."""

    order: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SendMessage:
    """A message about an order to other parties; attachments are of the same order."""

    order: str
    to: tuple[Party, ...]
    text: str
    template: str | None = None
    attachments: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class MarkRead:
    """A party has read all messages of an order up to one of them; staff say which party they read for."""

    order: str
    party: Party
    upto: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AddAttachment:
    """A photo or video that the server has taken in; only the server says so, in the name of who uploaded it."""

    order: str
    attachment: str
    line: int | None = None
    purpose: Purpose
    media: str
    size: int
    sha256: str
    original_sha256: str
    original_size: int
    width: int | None = None
    height: int | None = None
    taken_at: int | None = None
    has_position: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class RemoveAttachment:
    """A photo or video that nobody shall see any more; its seal and its hash stay."""

    attachment: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewOrder:
    """The customer's judgement, stars 1 to 5; once more within the time for it replaces the first."""

    order: str
    stars: int
    skill: int
    attitude: int
    efficiency: int
    solved: bool
    text: str = ""
    suggestion: str = ""
    photos: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplyToReview:
    """What we answer to a review."""

    order: str
    text: str
