"""What is said, shown and judged about an order: messages, photos and videos, reviews. Never part of the order itself."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Literal

from dispatcher_app.domain.entity import PLATFORM
from dispatcher_app.domain.order import Party

PARTIES: tuple[Party, ...] = ("customer", "technician", "staff")
PLACEHOLDERS = ("number", "window", "technician", "item", "total")
"""What a desk fills in a template before it sends it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """What one party says to others about an order; whoever is not in `to` never sees it.

    `number` counts the messages of the order from 1, so that reading up to one of them leaves the later ones unread.
    """

    kind: ClassVar[str] = "message"
    id: str
    region: str
    version: int = 0
    order: str
    number: int = 0
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
    "review", "complaint",
]  # fmt: skip
TAKEN_BY: dict[Party, frozenset[Purpose]] = {
    "customer": frozenset({"fault", "message", "review", "complaint"}),
    "technician": frozenset(
        {
            "fault",
            "before",
            "during",
            "parts",
            "after",
            "quote",
            "arrival",
            "absent",
            "custody",
            "hand_back",
            "message",
        }
    ),
    "staff": frozenset(
        {
            "fault",
            "before",
            "during",
            "parts",
            "after",
            "quote",
            "arrival",
            "absent",
            "custody",
            "hand_back",
            "message",
            "complaint",
        }
    ),
}
"""What photos and videos each party may add."""
SHOWN_TO: dict[Party, frozenset[Purpose]] = {
    "customer": frozenset({"quote", "parts", "after", "custody", "hand_back"}),
    "technician": TAKEN_BY["technician"] - {"message", "complaint"},
    "staff": TAKEN_BY["staff"] | {"review"},
}
"""What of others each party is shown; photos in messages are for those who see the message, and for staff, who
answer for what is kept.
"""
REMOVALS = ("wrong_order", "private", "unlawful", "customer_wish")
"""Why a photo is taken away."""


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


def party_of(actor: str) -> Party:
    """For which party somebody speaks, by the name in the log: `link:o-1` is the customer's page."""
    kind = actor.partition(":")[0]
    return "technician" if kind == "technician" else "customer" if kind in ("customer", "link") else "staff"


def seen_by(message: Message, party: Party) -> bool:
    """Whether a party may see a message: its own, and what was said to it."""
    return party == message.party or party in message.to


def shown_to(attachment: Attachment, party: Party) -> bool:
    """Whether a party may see a photo or video outside of messages; what was removed nobody sees."""
    own = party_of(attachment.actor) == party
    return attachment.removed is None and (own or attachment.purpose in SHOWN_TO[party])
