"""The signed link that a customer is sent: who holds it may see one order and speak for its customer, until it ends."""

from __future__ import annotations

import base64
import binascii
import hmac
import struct
import uuid

from dispatcher_app.domain.calendar import DAY_MS, MINUTE_MS
from dispatcher_app.server.vault import Vault

VERSION = 1
MAC_BYTES = 16
HEAD = struct.Struct(">BI?")
"""Version, minute of its end, whether the order's id is a UUID in sixteen bytes."""

LONGEST = 600


class Forged(Exception):
    """The token is none of ours, or was changed on the way."""


class Expired(Exception):
    """The token was ours, and its time is over."""


def made(vault: Vault, order: str, now: int, days: int) -> str:
    """The token of an order that ends so many days from now (UTC ms)."""
    body = HEAD.pack(VERSION, (now + days * DAY_MS) // MINUTE_MS, packed(order) is not None)
    body += packed(order) or order.encode()
    return base64.urlsafe_b64encode(body + mac(vault, body)).decode().rstrip("=")


def order_of(vault: Vault, token: str, now: int) -> str:
    """The order that a token opens at `now`; raises Forged or Expired."""
    if len(token) > LONGEST or not token.isascii():
        raise Forged
    try:
        data = base64.b64decode(token + "=" * (-len(token) % 4), altchars=b"-_", validate=True)
    except binascii.Error:
        raise Forged from None
    body, given = data[:-MAC_BYTES], data[-MAC_BYTES:]
    if len(body) <= HEAD.size or not hmac.compare_digest(given, mac(vault, body)):
        raise Forged
    version, minute, short = HEAD.unpack(body[: HEAD.size])
    if version != VERSION:
        raise Forged
    if minute * MINUTE_MS <= now:
        raise Expired
    return str(uuid.UUID(bytes=body[HEAD.size :])) if short else body[HEAD.size :].decode()


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
