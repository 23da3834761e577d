"""What is said, shown and judged about an order: messages, photos and videos, reviews. Never part of the order itself."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Literal

from dispatcher_app.domain.entity import PLATFORM
from dispatcher_app.domain.order import Party

PARTIES: tuple[Party, ...] = ("customer", "technician", "staff")


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """What one party says to others about an order; whoever is not in `to` never sees it."""

    kind: ClassVar[str] = "message"
    id: str
    region: str
    version: int = 0
    order: str
    at: int
    author: str
    party: Party
    to: tuple[Party, ...]
    text: str
    template: str | None = None
    attachments: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Template:
    """A ready text for messages, with {placeholders}: number, window, technician, item, total."""

    kind: ClassVar[str] = "template"
    id: str
    region: str = PLATFORM
    version: int = 0
    name: str
    name_en: str = ""
    text: str
    text_en: str = ""
    to: tuple[Party, ...] = ("customer",)
    retired: bool = False


Purpose = Literal[
    "fault", "before", "during", "parts", "after", "quote", "arrival", "absent", "custody", "hand_back", "message",
    "review",
]  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Attachment:
    """A photo or video of an order. `sha256` is of what everyone may see, `original_sha256` of the sealed original.

    Position, time and device are what the original said of itself; they are kept for supervisors.
    """

    kind: ClassVar[str] = "attachment"
    id: str
    region: str
    version: int = 0
    order: str
    line: int | None = None
    purpose: Purpose
    at: int
    actor: str
    media: str
    size: int
    sha256: str
    original_sha256: str
    original_size: int
    width: int | None = None
    height: int | None = None
    taken_at: int | None = None
    has_position: bool = False
    removed: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Review:
    """A customer's judgement of an order (its id is the order's): stars 1 to 5 overall and by dimension."""

    kind: ClassVar[str] = "review"
    id: str
    region: str
    version: int = 0
    technician: str | None
    stars: int
    skill: int
    attitude: int
    efficiency: int
    solved: bool
    text: str = ""
    suggestion: str = ""
    photos: tuple[str, ...] = ()
    at: int
    edited_at: int | None = None
    reply: str = ""
    replied_by: str = ""
    replied_at: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """Sums of a technician's reviews: the stars overall and by dimension, and how many said it was solved."""

    reviews: int = 0
    stars: int = 0
    skill: int = 0
    attitude: int = 0
    efficiency: int = 0
    solved: int = 0
