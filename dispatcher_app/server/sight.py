"""Which kinds of records leave the server for whom: asked of every page, message and reply that goes to a desk."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache, lru_cache
from typing import Final

import msgspec

from dispatcher_app import codec
from dispatcher_app.domain import role
from dispatcher_app.domain.act import Actor

SEEN_BY: Final[Mapping[str, frozenset[str]]] = {
    **dict.fromkeys(codec.PERSONAL, role.SEES_PEOPLE),
    "complaint": role.SEES_COMPLAINTS,
    "complaint_note": role.SEES_COMPLAINTS,
    "payment": role.SEES_PEOPLE,
    "discrepancy": role.RECONCILES,
    "bill": role.RECONCILES,
    "refund": role.SEES_REFUNDS,
    "allowance": role.SEES_REFUNDS,
    "account": role.SEES_ACCOUNTS,
    "settlement": role.SEES_ACCOUNTS,
    "statement": role.SEES_ACCOUNTS,
    "withdrawal": role.SEES_ACCOUNTS,
    "deduction": role.SEES_ACCOUNTS | role.DEDUCTS,
    **dict.fromkeys(("payment", "till", "till_count"), role.SEES_PEOPLE),
    "credit": role.SEES_CREDIT,
    "invoice": role.ASKS_INVOICE,
}
"""The roles that are sent a kind; a kind that is not named here goes to everybody."""


@lru_cache(maxsize=1024)
def hidden_from(actor: Actor) -> frozenset[str]:
    """The kinds that a person is not told of."""
    return frozenset(kind for kind, roles in SEEN_BY.items() if not role.holds(actor, roles))


def without(data: bytes, hidden: frozenset[str]) -> bytes:
    """A message as JSON without the changes of these kinds; it keeps its number, so that nobody misses one."""
    if not hidden or mark(hidden).search(data) is None:
        return data
    return codec.encode(message_without(codec.decode(data, codec.Message), hidden))


def message_without(message: codec.Message, hidden: frozenset[str]) -> codec.Message:
    """A message without the changes of these kinds."""
    kept = [change for change in message.changes if change.kind not in hidden]
    return message if len(kept) == len(message.changes) else msgspec.structs.replace(message, changes=kept)


def reply_without(reply: codec.Reply, hidden: frozenset[str]) -> codec.Reply:
    """The answer to a command without the changes of these kinds."""
    message = message_without(reply.message, hidden)
    return reply if message is reply.message else msgspec.structs.replace(reply, message=message)


@cache
def mark(hidden: frozenset[str]) -> re.Pattern[bytes]:
    """How a change of one of these kinds begins on the wire; a body may say the same, which only costs a look."""
    return re.compile(b'"kind":"(?:' + "|".join(sorted(hidden)).encode() + b')"')
