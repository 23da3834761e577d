"""How entities, commands and messages look on the wire and in the database: JSON by msgspec."""

from __future__ import annotations

import threading
from functools import lru_cache
from typing import Any, TypeVar, cast

import msgspec

from dispatcher_app.domain.act import Rejected
from dispatcher_app.domain.book import PriceBook
from dispatcher_app.domain.catalogue import Category, Item, Part
from dispatcher_app.domain.command import BY_NAME, name_of
from dispatcher_app.domain.customer import Address, Compound, Customer, Note
from dispatcher_app.domain.day import Day
from dispatcher_app.domain.edition import Series
from dispatcher_app.domain.entity import Entity
from dispatcher_app.domain.holiday import HolidayYear
from dispatcher_app.domain.money.account import Account
from dispatcher_app.domain.money.complaint import Complaint, ComplaintNote
from dispatcher_app.domain.money.credit import Credit
from dispatcher_app.domain.money.deduction import Deduction
from dispatcher_app.domain.money.discrepancy import Bill, Discrepancy
from dispatcher_app.domain.money.invoice import Invoice
from dispatcher_app.domain.money.payment import Payment
from dispatcher_app.domain.money.refund import Allowance, Refund
from dispatcher_app.domain.money.statement import Settlement, Statement
from dispatcher_app.domain.money.till import Till, TillCount
from dispatcher_app.domain.money.withdrawal import Withdrawal
from dispatcher_app.domain.order import Order
from dispatcher_app.domain.rating import from_stars
from dispatcher_app.domain.region import Policy, Region, Staff
from dispatcher_app.domain.request import ShiftRequests
from dispatcher_app.domain.standard import Standard
from dispatcher_app.domain.talk import Attachment, Review, Template
from dispatcher_app.domain.talk import Message as ChatMessage
from dispatcher_app.domain.technician import Technician
from dispatcher_app.domain.traffic import Traffic
from dispatcher_app.domain.van import Van

T = TypeVar("T")
Raw = msgspec.Raw

PROTOCOL = 2
"""Raised when a message changes so that an older desk or node would misread it."""

KINDS: dict[str, type] = {
    each.kind: each
    for each in (
        Region,
        Staff,
        Policy,
        Category,
        Item,
        Compound,
        Customer,
        Address,
        Technician,
        Day,
        Order,
        Note,
        PriceBook,
        Series,
        HolidayYear,
        Part,
        Standard,
        Template,
        Van,
        ChatMessage,
        Attachment,
        Review,
        Traffic,
        ShiftRequests,
        Account,
        Settlement,
        Statement,
        Withdrawal,
        Deduction,
        Payment,
        Discrepancy,
        Bill,
        Till,
        TillCount,
        Refund,
        Allowance,
        Complaint,
        ComplaintNote,
        Credit,
        Invoice,
    )
}
PERSONAL = frozenset({
    "customer", "address", "note", "message", "review", "deduction", "complaint_note", "credit", "invoice",
})  # fmt: skip
"""Kinds that are logged without a body, so that erasing a person leaves nothing behind."""

SCHEMAS: dict[str, int] = dict.fromkeys(KINDS, 1) | {"technician": 2}
"""The schema number of each kind's body; `upcast` brings older bodies up to it."""


class ChangeMessage(msgspec.Struct, frozen=True, omit_defaults=True):
    """One changed entity: its body is JSON as it is stored."""

    kind: str
    id: str
    version: int
    body: msgspec.Raw


class Message(msgspec.Struct, frozen=True, omit_defaults=True):
    """All that one act changed, with its place in the log; the same bytes go to every desk."""

    log: str
    seq: int
    at: int
    actor: str
    act: str
    command: str
    changes: list[ChangeMessage]
    undoes: str | None = None


class Named(msgspec.Struct, frozen=True):
    """A command with its name."""

    name: str
    body: msgspec.Raw


class Reply(msgspec.Struct, frozen=True, omit_defaults=True):
    """The answer to an accepted command."""

    message: Message
    undo: Named | None = None
    warnings: list[dict[str, Any]] = []
    repeated: bool = False


class Refusal(msgspec.Struct, frozen=True, omit_defaults=True):
    """The answer to a refused command: a code, the field, what the sentence needs, and the sentence."""

    rejected: str
    field: str | None = None
    params: dict[str, Any] = {}
    sentence: str = ""


class Submitted(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """An act as a desk sends it; the actor is whoever the token belongs to."""

    id: str
    at: int
    region: str
    command: msgspec.Raw
    undoes: str | None = None
    batch: str | None = None


_encoder = msgspec.json.Encoder()


_one_at_a_time = threading.Lock()


@lru_cache(maxsize=256)
def _decoder(type_: Any) -> msgspec.json.Decoder[Any]:
    # WORKAROUND: msgspec puts what it learns of a dataclass on the class before it has learnt all of it; a second thread
    # that meets the class then crashes the process: https://github.com/msgspec/msgspec
    with _one_at_a_time:
        return msgspec.json.Decoder(type_)


for _each in (*KINDS.values(), *BY_NAME.values()):
    _decoder(_each)  # also whoever converts without asking here finds them complete


def encode(value: Any) -> bytes:
    """The value as JSON."""
    return _encoder.encode(value)


def decode(data: bytes | str | msgspec.Raw, type_: type[T]) -> T:
    """The value of that type; raises msgspec.ValidationError naming the path where it does not fit."""
    try:
        return cast(T, _decoder(cast(Any, type_)).decode(data))
    except (UnicodeDecodeError, RecursionError) as error:
        raise msgspec.DecodeError(type(error).__name__) from None


def entity(kind: str, body: bytes | str | msgspec.Raw, schema: int | None = None) -> Entity:
    """The entity of a stored body, brought up to the present schema."""
    if schema is not None and schema < SCHEMAS[kind]:
        return cast(Entity, msgspec.convert(upcast(kind, schema, msgspec.json.decode(body)), KINDS[kind]))
    return cast(Entity, _decoder(KINDS[kind]).decode(body))


def upcast(kind: str, schema: int, body: dict[str, Any]) -> dict[str, Any]:
    """An older body in the present shape, one schema number at a time."""
    for number in range(schema, SCHEMAS[kind]):
        body = UPCASTS[kind, number](body)
    return body


def present(kind: str, body: str, schema: int) -> bytes:
    """A stored body as a desk is told it: in the present shape, whenever it was written."""
    return body.encode() if schema == SCHEMAS[kind] else encode(entity(kind, body, schema))


def _counted(technician: dict[str, Any]) -> dict[str, Any]:
    """A technician's stars were a number; now they are sums of reviews. The number of nobody's opinion was 5."""
    stars = technician.pop("rating", 5.0)
    if stars < 5 and not technician.get("figures", {}).get("reviews"):
        technician["figures"] = msgspec.to_builtins(from_stars(stars))
    return technician


UPCASTS: dict[tuple[str, int], Any] = {("technician", 1): _counted}
"""For (kind, schema): the function that makes the next schema's body."""


def command(name: str, body: bytes | str | msgspec.Raw) -> Any:
    """The command of that name; raises Rejected naming the field that does not fit, KeyError if there is none."""
    try:
        return decode(body, BY_NAME[name])
    except msgspec.DecodeError as error:
        raise unfit(error) from None


def unfit(error: Exception) -> Rejected:
    """The refusal of a body that does not fit its type, naming the field."""
    if not isinstance(error, msgspec.ValidationError):
        return Rejected("invalid", None, detail="JSON")
    words, _, path = str(error).partition(" - at `$")
    path = path.rstrip("`").lstrip(".")
    if "missing required field" in words:
        path = ".".join(filter(None, (path, words.split("`")[1])))
    return Rejected("invalid", path or None, detail=words)


def named(made: Any) -> Named:
    """A command with its name, ready to be sent or stored."""
    return Named(name_of(made), msgspec.Raw(encode(made)))
