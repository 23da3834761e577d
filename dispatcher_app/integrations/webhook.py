"""Notices handed over HTTP to a gateway of the company's: signed JSON, each id taken once.

The gateway gets `{"id", "to", "text", "what", "language"}` with `Idempotency-Key: <id>` and
`X-Dispatcher-Signature: t=<UTC ms>,v1=<hex>`, HMAC-SHA256 of `<t>.<body>` under the shared secret. It answers
`{"id": <the same>, "state": "accepted" | "refused", "reference": …}`.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from urllib.parse import urlsplit

from dispatcher_app import clock
from dispatcher_app.integrations.notice import Delivery, Notice
from dispatcher_app.integrations.transport import Answered, Transport, Unreachable

TIMEOUT_S = 10.0
LATER = frozenset({408, 423, 425, 429})
LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})
SECRET_LENGTH = 16


class BadAddress(ValueError):
    """Notices can't go there: the address is not encrypted, or there is no secret to sign with."""


def signature(secret: str, at: int, body: bytes) -> str:
    """What proves to the gateway that the body is ours and new."""
    made = hmac.new(secret.encode(), f"{at}.".encode() + body, hashlib.sha256).hexdigest()
    return f"t={at},v1={made}"


def checked(url: str, secret: str) -> None:
    """Raises BadAddress for an address that would show telephone numbers to others, or a secret easily guessed."""
    parts = urlsplit(url)
    if not parts.hostname or (parts.scheme != "https" and parts.hostname not in LOOPBACK):
        raise BadAddress("notices go to https:// addresses only")
    if len(secret) < SECRET_LENGTH:
        raise BadAddress(f"a secret of at least {SECRET_LENGTH} characters is needed to sign notices")


class Webhook:
    """A gateway behind an address."""

    name = "http"

    def __init__(self, url: str, secret: str, timeout_s: float = TIMEOUT_S) -> None:
        checked(url, secret)
        self._secret = secret
        self._transport = Transport(url, timeout_s)

    async def send(self, notice: Notice) -> Delivery:
        """Hand a notice over; the same id a second time is taken for the first."""
        body = json.dumps(
            {"id": notice.id, "to": notice.to, "text": notice.text, "what": notice.what,
             "language": notice.language},
            ensure_ascii=False,
        ).encode()  # fmt: skip
        headers = {
            "idempotency-key": notice.id,
            "x-dispatcher-signature": signature(self._secret, clock.now_ms(), body),
        }
        try:
            return outcome(notice.id, await self._transport.post(body, headers))
        except Unreachable as error:
            return Delivery("again", str(error))

    async def close(self) -> None:
        """Let go of the connections."""
        await self._transport.close()


def outcome(id: str, answered: Answered) -> Delivery:
    """What an answer means; one that we do not understand counts as none."""
    body = answered.body or {}
    if answered.status >= 500 or answered.status in LATER:
        return Delivery("again", f"status_{answered.status}")
    if answered.status == 409:
        # The gateway has it already.
        return Delivery("sent", "duplicate")
    if answered.status >= 400:
        return Delivery("refused", f"status_{answered.status}")
    if answered.status >= 300 or body.get("id") != id:
        return Delivery("again", "answer_unfit")
    if body.get("state") == "refused":
        return Delivery("refused", "provider_refused")
    if body.get("state") != "accepted":
        return Delivery("again", "answer_unfit")
    return Delivery("sent", str(body.get("reference", ""))[:100])
