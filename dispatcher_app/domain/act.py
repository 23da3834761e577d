"""A person's act, what it changes, and how it can fail."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol

from dispatcher_app.domain.entity import E, Entity
from dispatcher_app.domain.money.ledger import Posting

ActorKind = Literal["staff", "technician", "customer", "link", "provider", "system"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """Who acts, with the roles and regions that the server vouches for."""

    kind: ActorKind
    id: str
    roles: frozenset[str] = frozenset()
    regions: frozenset[str] = frozenset()

    @property
    def name(self) -> str:
        """How the log names the actor: `staff:wangfang`."""
        return f"{self.kind}:{self.id}"


SYSTEM = Actor(kind="system", id="dispatcher")


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """One command by one actor; `at` is when the person acted (UTC ms), `id` makes repeating it harmless."""

    id: str
    actor: Actor
    at: int
    command: Any
    region: str
    undoes: str | None = None
    batch: str | None = None


@dataclass(frozen=True, slots=True)
class Broken:
    """A rule that is not kept: its code and what the sentence about it needs."""

    code: str
    params: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """The entities after an act, the command that would undo it, what must be said about it and what is posted."""

    after: tuple[Entity, ...]
    undo: Any | None = None
    warnings: tuple[Broken, ...] = ()
    secrets: tuple[Secret, ...] = ()
    codes: tuple[FreshCode, ...] = ()
    postings: tuple[Posting, ...] = ()


@dataclass(frozen=True, slots=True)
class Secret:
    """A value that never enters an entity or the log; it is kept encrypted beside them."""

    kind: str
    id: str
    field: str
    value: str = dataclasses.field(repr=False)


@dataclass(frozen=True, slots=True)
class FreshCode:
    """A secret of digits that the server draws by lot: nobody who acts here knows it, the customer is sent it."""

    kind: str
    id: str
    field: str
    digits: int = 6


class Rejected(Exception):
    """A rule said no: a code, the field it is about, and what the sentence needs."""

    def __init__(self, code: str, field: str | None = None, **params: Any) -> None:
        super().__init__(code)
        self.code = code
        self.field = field
        self.params = params

    def __repr__(self) -> str:
        return f"Rejected({self.code!r}, {self.field!r}, {self.params!r})"


class Missing(Exception):
    """The world at hand does not hold a fact that the rule needs; only a desk's replica raises it."""

    def __init__(self, kind: str, id: str) -> None:
        super().__init__(f"{kind} {id}")
        self.kind = kind
        self.id = id


class Facts(Protocol):
    """Where entities can be looked up: a rule's world, and a desk's session."""

    def get(self, type_: type[E], id: str) -> E | None:
        """The entity, None where it does not exist; raises Missing where that is not known."""


class World(Facts, Protocol):
    """The facts that a rule may look at."""

    def all(self, type_: type[E]) -> list[E]:
        """Every entity of a kind that belongs to the whole company, as the catalogue; raises Missing on a desk."""

    def orders_of(self, customer: str) -> list[str]:
        """The ids of a customer's orders that are still open; raises Missing on a desk, which holds not all of them."""

    def code(self, kind: str, id: str, field: str) -> str | None:
        """A code that the customer was sent, None where there is none; raises Missing on a desk, which never knows it."""

    def balance(self, region: str, account: str, currency: str) -> int | None:
        """What stands on an account of the ledger (minor units); None on a desk, which doesn't know it."""

    def standing(self, order: str) -> Mapping[str, int]:
        """What the postings about an order have left on each account; raises Missing on a desk."""

    def posted(self, id: str) -> Posting | None:
        """The posting of that id, None where there is none; raises Missing on a desk, which holds no ledger."""

    def number(self, region: str, date: str, temporary: str | None) -> str:
        """The next order number of that day; a desk answers with its temporary one."""


def need(facts: Facts, type_: type[E], id: str, field: str) -> E:
    """The entity that a command names; raises Rejected naming the field where there is none."""
    found = facts.get(type_, id)
    if found is None:
        raise Rejected("not_found", field, kind=type_.kind, id=id)
    return found
