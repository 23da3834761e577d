"""Taking over many orders at once: one request, one transaction on the server, one answer for each."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import msgspec

from dispatcher_app import codec
from dispatcher_app.client.api import Api, NotLoggedIn, Offline, refusal_of
from dispatcher_app.domain.act import Rejected
from dispatcher_app.domain.command import ImportOrder, name_of

LIMIT_BYTES = 64 * 1024 * 1024
"""More than this the server does not take in one request."""
PATIENCE_S = 600.0
"""So long the server may work on one import."""
THERE = frozenset({"exists", "act_id_reused"})


class TooMany(Exception):
    """The orders are more than one request may hold."""


@dataclass(frozen=True, slots=True)
class Numbered:
    """An act's id, chosen before it is sent so that sending it again is harmless, and its command."""

    act: str
    command: ImportOrder


@dataclass(frozen=True, slots=True)
class Result:
    """The server's answer to one order: a number in the log, or a refusal."""

    seq: int | None = None
    repeated: bool = False
    rejected: str | None = None
    field: str | None = None
    params: dict[str, Any] = dataclasses.field(default_factory=dict)

    @property
    def there(self) -> bool:
        """Whether the order had been taken over before, by whomever."""
        return self.repeated or self.rejected in THERE

    @property
    def refusal(self) -> Rejected | None:
        """The rule's no, None where there was none."""
        if self.rejected is None or self.there:
            return None
        return Rejected(self.rejected, self.field, **self.params)


class Results(msgspec.Struct, frozen=True):
    """All answers, in the order of the question."""

    results: list[Result]


def packed(orders: Iterable[Numbered], region: str, at: int) -> bytes:
    """The request's body; raises TooMany. It takes a while for many orders: not in the Qt thread."""
    acts = [
        codec.Submitted(id=each.act, at=at, region=region, command=codec.Raw(codec.encode(each.command)))
        for each in orders
    ]
    body = codec.encode({"name": name_of(ImportOrder), "acts": acts})
    if len(body) > LIMIT_BYTES:
        raise TooMany(len(acts))
    return body


async def send(api: Api | None, body: bytes) -> list[Result]:
    """The answers to a packed request; raises Offline without one, Rejected where all of it is refused."""
    if api is None:
        raise Offline("not connected")
    try:
        answer = await api.ask("POST", "/commands", codec.Raw(body), timeout_s=PATIENCE_S)
    except NotLoggedIn as error:
        raise Offline("logged out") from error
    if answer.status == 200:
        return codec.decode(answer.body, Results).results
    if answer.status == 413:
        raise TooMany(len(body))
    if (refused := refusal_of(answer)) is not None:
        raise Rejected(refused.rejected, refused.field, **refused.params)
    raise Offline(f"/commands: {answer.status}")
