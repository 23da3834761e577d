"""What the session tells the screens: how the connection stands, what changed, what became of an act."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

from dispatcher_app.codec import Named, Refusal, Reply
from dispatcher_app.domain.act import Broken, Rejected
from dispatcher_app.domain.customer import Address, Customer
from dispatcher_app.domain.money.complaint import Record
from dispatcher_app.domain.money.reasons import Given
from dispatcher_app.domain.talk import Purpose
from dispatcher_app.rows import OrderRow

LinkState = Literal["connecting", "online", "offline", "logged_out", "outdated"]


@dataclass(frozen=True, slots=True)
class Link:
    """The connection, for the status bar: since when (UTC ms) it is so, how many acts wait or want a decision.

    `saving` of those that wait are not on this computer's disk yet: a power cut would lose them.
    """

    state: LinkState
    since: int
    waiting: int = 0
    attention: int = 0
    reason: str = ""
    others_waiting: int = 0
    saving: int = 0


@dataclass(frozen=True, slots=True)
class Changed:
    """What the replica changed, by kind; `everything` means: read again."""

    ids: Mapping[str, frozenset[str]]
    everything: bool = False


@dataclass(frozen=True, slots=True)
class Accepted:
    """The server did it."""

    reply: Reply


@dataclass(frozen=True, slots=True)
class Refused:
    """A rule said no, for good."""

    refusal: Refusal


@dataclass(frozen=True, slots=True)
class Parked:
    """The server can't deal with the act; it rests until somebody decides."""

    reason: str


Outcome: TypeAlias = Accepted | Refused | Parked


@dataclass(slots=True)
class Submission:
    """An act on its way. `saved` is done once it survives a cut of the power, and raises Rejected("disk_full")."""

    act: str
    command: Any
    undo: Any | None
    warnings: tuple[Broken, ...]
    previewed: bool
    outcome: asyncio.Future[Outcome]
    saved: asyncio.Future[None]


@dataclass(frozen=True, slots=True)
class Conflict:
    """An act that the server refused because of what somebody did meanwhile; `who` and `when` where it says."""

    act: str
    command: Any
    rejected: Refusal
    who: str | None
    when: int | None
    at: int
    queued: bool


@dataclass(frozen=True, slots=True)
class ParkedAct:
    """An act that rests: refused by a rule or more than the server can bear; `command` is None where unreadable."""

    act: str
    command: Any | None
    name: str
    at: int
    state: Literal["refused", "parked"]
    reason: str
    refusal: Refusal | None = None


@dataclass(frozen=True, slots=True)
class Undoable:
    """The last thing done here that can be undone: the commands of it (several where it was a bulk action).

    `staying` are the commands done after it that nothing undoes.
    """

    acts: tuple[str, ...]
    commands: tuple[Any, ...]
    at: int
    staying: tuple[Any, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class DoneAct:
    """What somebody did, and what became of it: `last` is what was said of it last, by whom and when (UTC ms).

    `orders` are the first of `several` that it changed, `names` the command that undid it first and so tells what
    it was about. `undone` says whether it is taken back now; then `undo` does it again. `refusal` is why `undo`
    can't be done now. `chain` are the act, what took it back, what did it again, and so on.
    """

    act: str
    region: str
    at: int
    actor: str
    command: str
    batch: str | None
    orders: tuple[str, ...]
    several: int
    names: Named | None
    last: str
    chain: tuple[str, ...]
    undone: bool
    last_by: str | None
    last_at: int | None
    undo: Named | None
    refusal: Refusal | None

    @property
    def able(self) -> bool:
        """Whether it can be taken back, or done again, as things stand."""
        return self.undo is not None and self.refusal is None


@dataclass(frozen=True, slots=True)
class Reversed:
    """One act of several that are taken back or done again: on its way, or refused at once."""

    command: Any
    submission: Submission | None
    refused: Rejected | None = None


UploadState = Literal["copying", "waiting", "sending", "checking", "done", "failed"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Upload:
    """A photo or video on its way to the server, which makes an attachment of the same id of it.

    `sent` of `size` bytes are there. It is copied, waits its turn or for the connection, is sent, then looked at by
    the server; `reason` is why it waits or has failed, `refusal` the server's no.
    """

    id: str
    user: str
    order: str
    purpose: Purpose
    line: int | None
    name: str
    media: str
    size: int
    at: int
    sha256: str = ""
    state: UploadState = "copying"
    sent: int = 0
    reason: str = ""
    refusal: Refusal | None = None


@dataclass(frozen=True, slots=True)
class Position:
    """Where a technician was seen, and when (UTC ms)."""

    lon: float
    lat: float
    accuracy_m: float
    at: int


@dataclass(frozen=True, slots=True)
class KnownCaller:
    """A customer who may be calling; not `sure` where only the visible digits of the number agree."""

    customer: Customer
    addresses: tuple[Address, ...]
    orders: tuple[OrderRow, ...]
    sure: bool


@dataclass(frozen=True, slots=True)
class HistoryEntry:
    """One change of an entity in the log."""

    seq: int
    at: int
    actor: str
    command: str
    act: str
    version: int
    undoes: str | None = None


@dataclass(frozen=True, slots=True)
class Taken:
    """What the original of a photo says of itself: where (degrees), when (UTC ms) and with what it was taken."""

    lon: float | None
    lat: float | None
    taken_at: int | None
    device: str | None
    name: str
    original_media: str
    original_size: int
    original_sha256: str


NoticeState = Literal["queued", "sent", "failed", "undelivered"]
"""Waiting or under way; taken over by the provider; refused, or overtaken before it went; given up after many tries."""


@dataclass(frozen=True, slots=True)
class ToldNotice:
    """A notice about an order: to whom (by id), what it said without its codes, and what became of it.

    `corrects` names what an earlier notice had said wrongly; `detail` is a code or the provider's own reference.
    """

    id: str
    at: int
    party: str
    recipient: str
    what: str
    state: NoticeState
    text: str = ""
    corrects: str | None = None
    tries: int = 0
    next_at: int | None = None
    sent_at: int | None = None
    provider: str = ""
    detail: str = ""


@dataclass(frozen=True, slots=True)
class ItemEffect:
    """The orders of an item (of their first line), and what they come to before and after (minor units)."""

    item: str
    orders: int
    before: int
    after: int


@dataclass(frozen=True, slots=True)
class Effect:
    """What a price book would do to recent orders: how many, how many come to another sum, and both sums.

    `skipped` are those that a book has no price for; `by_item` are the items whose sums move most. Minor units.
    """

    orders: int
    changed: int
    skipped: int
    before: int
    after: int
    currency: str
    by_item: tuple[ItemEffect, ...]


class Unsent(Exception):
    """Logging out would lose acts that the server has not got: `count` of them."""

    def __init__(self, count: int) -> None:
        super().__init__(f"{count} acts are not sent")
        self.count = count


@dataclass(frozen=True, slots=True)
class ComplaintRecord:
    """How often somebody was complained about of late; about the customer None where that is not for this person."""

    technicians: list[Record]
    customer: Record | None = None


@dataclass(frozen=True, slots=True)
class Reasons:
    """Why money went back, in figures."""

    given: list[Given]


@dataclass(frozen=True, slots=True)
class Seen:
    """Where a technician was at a moment (UTC ms)."""

    technician: str
    at: int
    lon: float
    lat: float
    accuracy_m: float
