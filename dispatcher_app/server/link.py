"""The signed link to one order: the one sent to its customer speaks for him, the one on a paper only follows.

Nobody approves his own proposal: staff can fetch a link that shows the order, and never one that answers a quote.
"""

from __future__ import annotations

import base64
import binascii
import hmac
import struct
import uuid
from dataclasses import dataclass

from dispatcher_app.domain.calendar import DAY_MS, MINUTE_MS
from dispatcher_app.server.vault import Vault

SPEAKS, FOLLOWS = 1, 2
"""What a token is worth; it stands in its first byte."""

MAC_BYTES = 16
HEAD = struct.Struct(">BI?")
"""What it is worth, minute of its end, whether the order's id is a UUID in sixteen bytes."""

LONGEST = 600


class Forged(Exception):
    """The token is none of ours, or was changed on the way."""


class Expired(Exception):
    """The token was ours, and its time is over."""


@dataclass(frozen=True, slots=True)
class Opened:
    """What a token opens: an order, and whether its holder speaks for the customer."""

    order: str
    speaks: bool


def made(vault: Vault, order: str, now: int, days: int, *, speaks: bool = True) -> str:
    """The token of an order that ends so many days from now (UTC ms); without `speaks` it only follows."""
    body = HEAD.pack(
        SPEAKS if speaks else FOLLOWS, (now + days * DAY_MS) // MINUTE_MS, packed(order) is not None
    )
    body += packed(order) or order.encode()
    return base64.urlsafe_b64encode(body + mac(vault, body)).decode().rstrip("=")


def opened(vault: Vault, token: str, now: int) -> Opened:
    """What a token opens at `now`; raises Forged or Expired."""
    if len(token) > LONGEST or not token.isascii():
        raise Forged
    try:
        data = base64.b64decode(token + "=" * (-len(token) % 4), altchars=b"-_", validate=True)
    except binascii.Error:
        raise Forged from None
    body, given = data[:-MAC_BYTES], data[-MAC_BYTES:]
    if len(body) <= HEAD.size or not hmac.compare_digest(given, mac(vault, body)):
        raise Forged
    worth, minute, short = HEAD.unpack(body[: HEAD.size])
    if worth not in (SPEAKS, FOLLOWS):
        raise Forged
    if minute * MINUTE_MS <= now:
        raise Expired
    order = str(uuid.UUID(bytes=body[HEAD.size :])) if short else body[HEAD.size :].decode()
    return Opened(order, worth == SPEAKS)


def mac(vault: Vault, body: bytes) -> bytes:
    """What only the holder of the key can put under a token."""
    return vault.sign("link", body)[:MAC_BYTES]


def packed(order: str) -> bytes | None:
    """A UUID in sixteen bytes, None for any other id."""
    try:
        found = uuid.UUID(order)
    except ValueError:
        return None
    return found.bytes if str(found) == order else None
