"""A world in memory in which commands are decided before they are given to a real one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from dispatcher_app import clock
from dispatcher_app.domain.act import Act, Actor, Change, Rejected, Secret
from dispatcher_app.domain.command import PLATFORM_COMMANDS
from dispatcher_app.domain.decide import decide
from dispatcher_app.domain.entity import PLATFORM, E, Entity
from dispatcher_app.domain.money.ledger import Posting, sums
from dispatcher_app.domain.order import CLOSED, Order


def act_id(number: int) -> str:
    """The id of an act by how many were done before it: what is rehearsed can name it, and is done under the same."""
    return clock.derived_id("rehearsal", str(number))


@dataclass
class Rehearsal:
    """The entities so far, by kind and id, secrets and postings beside them; `acts` counts what has been done."""

    region: str
    entities: dict[tuple[str, str], Entity] = field(default_factory=dict)
    secrets: list[Secret] = field(default_factory=list)
    numbers: dict[str, int] = field(default_factory=dict)
    acts: int = 0
    postings: dict[str, Posting] = field(default_factory=dict)

    def get(self, type_: type[E], id: str) -> E | None:
        """The entity, None where there is none."""
        found = self.entities.get((type_.kind, id))
        return found if isinstance(found, type_) else None

    def all(self, type_: type[E]) -> list[E]:
        """Every entity of a kind, in the order they were made."""
        return [each for each in self.entities.values() if isinstance(each, type_)]

    def orders_of(self, customer: str) -> list[str]:
        """The customer's open orders, in the order they were made."""
        return [
            each.id for each in self.all(Order) if each.customer == customer and each.status not in CLOSED
        ]

    def code(self, kind: str, id: str, field: str) -> str | None:
        """The code that the customer was sent, the last one."""
        key = (kind, id, field)
        return next(
            (each.value for each in reversed(self.secrets) if (each.kind, each.id, each.field) == key), None
        )

    def balance(self, region: str, account: str, currency: str) -> int | None:
        """What stands on an account."""
        return sum(
            entry.amount
            for posting in self.postings.values()
            for entry in posting.entries
            if entry.account == account and posting.currency == currency
        )

    def standing(self, order: str) -> Mapping[str, int]:
        """What stands on each account about an order."""
        return sums(posting for posting in self.postings.values() if posting.order == order)

    def posted(self, id: str) -> Posting | None:
        """The posting of that id."""
        return self.postings.get(id)

    def number(self, region: str, date: str, temporary: str | None) -> str:
        """The next order number of a date."""
        self.numbers[date] = self.numbers.get(date, 0) + 1
        return f"{date[5:7]}{date[8:]}-{self.numbers[date]:04}"

    def do(
        self, actor: Actor, command: Any, at: int, now: int | None = None, undoes: str | None = None
    ) -> Change:
        """Decide a command and keep what it changes; raises Rejected where a rule says no, and keeps nothing then."""
        region = PLATFORM if type(command) in PLATFORM_COMMANDS else self.region
        act = Act(id=act_id(self.acts), actor=actor, at=at, command=command, region=region, undoes=undoes)
        change = decide(self, act, at if now is None else now)
        if any(each.id in self.postings for each in change.postings):
            raise Rejected("posted_already")
        self.postings |= {each.id: each for each in change.postings}
        self.acts += 1
        for entity in change.after:
            made = replace(entity, version=entity.version + 1)  # type: ignore[type-var]
            self.entities[entity.kind, entity.id] = made
        self.secrets += change.secrets
        # No lot is drawn here, so that the same steps give the same codes.
        for code in change.codes:
            value = str(self.acts % 10**code.digits).zfill(code.digits)
            self.secrets.append(Secret(code.kind, code.id, code.field, value))
        return change
